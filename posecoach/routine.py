"""Routines: TOML files, read and validated. A step is one exercise with its dose, or a pause with a word;
sides are unfolded here."""

import difflib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from posecoach import files, resources
from posecoach.checks import Exercise
from posecoach.errors import InputError
from posecoach.exercises import CATALOGUE
from posecoach.trouble import cut, quoted

#: The longest dose of one hold, in seconds.
LONGEST_HOLD_S = 300

# What a step takes besides its holds: hearing what comes next and lying down for it, and one move in and out.
_SETTLE_S = 10.0
_MOVE_S = 4.0


class Step(BaseModel):
    """One exercise with its dose, as a routine file writes it; or, without an exercise, a pause with a word.

    `pause_s` is how long a step without an exercise lasts: breathing, rolling over. `hold_s` is 0 where only
    repetitions count. `limits` overrides limits of the exercise by name, in the units the exercise documents.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    exercise: str = ""
    pause_s: float = Field(default=0, ge=0, le=600, strict=True)
    side: Literal["left", "right", "both", "each"] = "both"
    hold_s: float = Field(default=0, ge=0, le=LONGEST_HOLD_S, strict=True)
    reps: int = Field(default=1, ge=1, le=50, strict=True)
    limits: dict[str, Annotated[FiniteFloat, Field(strict=True)]] = {}
    say: str = ""

    @property
    def estimated_s(self) -> float:
        """About how long the step takes, in seconds, the way into the starting position included."""
        if not self.exercise:
            return self.pause_s
        return _SETTLE_S + self.reps * (self.hold_s + _MOVE_S)


class Routine(BaseModel):
    """A routine: an ordered list of steps, with a title and the source of its doses."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = ""
    title: str
    source: str = ""
    steps: tuple[Step, ...] = Field(min_length=1)

    @property
    def estimated_s(self) -> float:
        """About how long the whole routine takes, in seconds."""
        return sum(step.estimated_s for step in self.steps)


def available() -> list[str]:
    """The names of the routines that ship with this installation."""
    return sorted(path.stem for path in resources.shipped("routines").glob("*.toml"))


def file_of(name: str) -> Path | None:
    """The TOML file that `name` is a path of; None for the name of a routine that ships."""
    path = Path(name)
    return path if path.suffix == ".toml" or len(path.parts) != 1 else None


def load(name: str) -> Routine:
    """The routine called `name`, or the one in the TOML file that `name` is a path of.

    Steps with `side = "each"` come back as two, left then right, and what a step leaves out is filled in
    from its exercise. Raises InputError naming the file, the key, what was expected and what came.
    """
    path = file_of(name)
    if path is None:
        if name not in available():
            raise InputError(
                f"There is no routine {quoted(name)}{_nearest(name, available())}; "
                "'posecoach routines' lists them, and a path to a TOML file works too."
            )
        path = resources.shipped("routines") / f"{name}.toml"
    try:
        data = files.toml(path)
    except FileNotFoundError:
        raise InputError(f"There is no routine file {path}: check the path.") from None
    except OSError as error:
        raise InputError(f"The routine file {path} cannot be read ({error.strerror}).") from error
    except UnicodeDecodeError as error:
        raise InputError(f"The routine file {path} is not text in UTF-8.") from error
    except ValueError as error:
        raise InputError(f"The routine file {path} is not valid TOML: {error}.") from error
    try:
        routine = Routine.model_validate(data)
    except ValidationError as error:
        raise InputError(f"{path}: {_first(error)}.") from error
    steps = (step for index, step in enumerate(routine.steps) for step in _unfold(step, index, path))
    return routine.model_copy(update={"name": routine.name or path.stem, "steps": tuple(steps)})


def _first(error: ValidationError) -> str:
    """The first thing that is wrong, by key, with what was expected and what came."""
    details = error.errors(include_url=False)
    first = details[0]
    key, kind, got = _key(first["loc"]), first["type"], first["input"]
    if kind == "extra_forbidden":
        model = Step if len(first["loc"]) > 1 else Routine
        return f"{key} is not a known key{_nearest(str(first['loc'][-1]), model.model_fields)}"
    if kind == "missing":
        return f"{key} is missing"
    if kind == "too_short":
        return f"{key} must list at least one step"
    message = first["msg"].removeprefix("Input ").replace("tuple", "list")  # as TOML calls it
    return f"{key} {message}, but got {quoted(got)}"


def _key(location: Iterable[int | str]) -> str:
    """A key the way it is found in the file: `steps[2].hold_s`, counted from 0 as in TOML tools."""
    key = ""
    for part in location:
        key += f"[{part}]" if isinstance(part, int) else f".{cut(part)}" if key else cut(part)
    return key


def _unfold(step: Step, index: int, path: Path) -> list[Step]:
    """The step as one or two with a side each; raises InputError when its exercise does not allow it."""
    where = f"{path}: steps[{index}]"
    if not step.exercise:
        if not step.pause_s or not step.say or step.model_fields_set - {"pause_s", "say"}:
            raise InputError(f"{where} must have an 'exercise', or else just 'pause_s' and 'say'.")
        return [step]
    if step.pause_s:
        raise InputError(f"{where}.pause_s is for steps without an exercise: leave one of the two out.")
    exercise = CATALOGUE.get(step.exercise)
    if exercise is None:
        raise InputError(
            f"{where}.exercise must be one of the exercises that 'posecoach exercises' lists, but got "
            f"{quoted(step.exercise)}{_nearest(step.exercise, CATALOGUE)}."
        )
    for name, value in step.limits.items():
        check_limit(exercise, name, value, f"{where}.limits")
    if "hold_s" not in step.model_fields_set:
        step = step.model_copy(update={"hold_s": exercise.hold_s})
    side = step.side if "side" in step.model_fields_set else "each" if exercise.sided else "both"
    if exercise.sided == (side == "both"):
        expected = "'left', 'right' or 'each'" if exercise.sided else "'both', or left out"
        raise InputError(f"{where}.side must be {expected} for {step.exercise}, but got '{side}'.")
    sides = ("left", "right") if side == "each" else (side,)
    return [step.model_copy(update={"side": one}) for one in sides]


def check_limit(exercise: Exercise, name: str, value: float, where: str) -> None:
    """Raises InputError, naming `where`, when there is no such limit or it cannot be set to `value`."""
    limit = exercise.limits.get(name)
    if limit is None:
        raise InputError(
            f"{where} must name limits of {exercise.id} ({', '.join(exercise.limits)}), but got "
            f"{quoted(name)}{_nearest(name, exercise.limits)}."
        )
    low, high = limit.between
    if not low <= value <= high:
        raise InputError(
            f"{where}.{name} of {exercise.id} must be between {low:g} and {high:g} ({limit.help}), but got "
            f"{value:g}."
        )


def _nearest(name: str, known: Iterable[str] | Mapping[str, Any]) -> str:
    """A half-sentence that offers the known name nearest to `name`, or nothing."""
    matches = difflib.get_close_matches(name, list(known), n=1)
    return f" (did you mean '{matches[0]}'?)" if matches else ""
