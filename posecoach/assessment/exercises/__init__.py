"""The catalogue: every module of this folder that defines `EXERCISE` is an exercise."""

import importlib
import pkgutil
from collections.abc import Mapping

from posecoach.assessment.exercise import Exercise

_FOUND = (
    importlib.import_module(f"{__name__}.{module.name}").EXERCISE
    for module in pkgutil.iter_modules(__path__)
    if not module.name.startswith("_")
)

#: All exercises by identifier.
CATALOGUE: Mapping[str, Exercise] = {exercise.id: exercise for exercise in _FOUND}
