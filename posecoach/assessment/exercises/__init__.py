"""The catalogue: every module of this folder that defines `EXERCISE` is an exercise."""

import importlib
import pkgutil
from collections.abc import Mapping

from posecoach.assessment.exercise import Exercise
from posecoach.core.errors import InputError


def exercise_in(module: str) -> Exercise:
    """The exercise that a module defines; raises InputError for one that cannot be loaded."""
    try:
        exercise = importlib.import_module(module).EXERCISE
        if not isinstance(exercise, Exercise):
            raise TypeError("EXERCISE is none")
    except Exception as error:
        why = f"{type(error).__name__}: {error}"
        raise InputError(
            f"The exercise in {module.rpartition('.')[2]}.py cannot be loaded ({why}): "
            "docs/adding-an-exercise.md shows a whole file."
        ) from error
    return exercise


_FOUND = (
    exercise_in(f"{__name__}.{module.name}")
    for module in pkgutil.iter_modules(__path__)
    if not module.name.startswith("_")
)

#: All exercises by identifier.
CATALOGUE: Mapping[str, Exercise] = {exercise.id: exercise for exercise in _FOUND}
