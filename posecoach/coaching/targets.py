"""A person's own limits: how far they comfortably go, kept by date, and the targets that follow from it.

The order of limits, each overriding the one before: the exercise's default, the person's own, the routine
file's, the command line's.
"""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, RootModel

from posecoach.assessment.exercise import Exercise, Motion
from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching.plan import Routine
from posecoach.core import files, paths
from posecoach.core.errors import InputError
from posecoach.core.types import Side

_HEADER = """\
# How far you comfortably go, as 'posecoach calibrate' saw it, in degrees of what each exercise is judged by.
# The last entry of an exercise and side counts; the earlier ones show change.
"""


_Degrees = Annotated[float, Field(ge=-360, le=360)]


class Range(BaseModel):
    """What was comfortable on one day: the motion's value (larger is deeper) at rest, and at its deepest."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    date: date
    rest: _Degrees
    peak: _Degrees


#: By exercise and side, the oldest first.
Ranges = Mapping[str, Mapping[Side, tuple[Range, ...]]]
#: Limits by exercise and name.
Limits = Mapping[str, Mapping[str, float]]


class _File(RootModel[dict[str, dict[Side, Annotated[tuple[Range, ...], Field(min_length=1)]]]]):
    pass


# -- targets -------------------------------------------------------------------------------------------


def limits(exercise: Exercise, side: Side, ranges: Ranges) -> dict[str, float]:
    """The limits of an exercise that a person's own range lowers, when `side` is worked.

    Only two are personal: what begins the position, and what an attempt falls short of, which moves by as
    much. What is a fault (a head that lifts, a shin that leans) is one for everybody.

    The entry becomes a little less than the last comfortable peak: by half of what a position may fall back
    before it ends, as a hold wavers by about that. It never rises above the default, so that nobody is
    urged further than everybody; and it stays clear of rest, so that lying still never counts. Where the
    comfortable peak is too near to rest for that, the default holds. With both sides worked, or a side
    not known yet, the less deep of the two counts.
    """
    if exercise.timed_only:
        return {}
    found: dict[str, float] = {}
    for motion in exercise.motions:
        known = ranges.get(exercise.id, {}).get(motion.side)
        if known and side in ("both", motion.side):
            entry = _entry(exercise, motion, known[-1])
            found[motion.enter] = min(entry, found.get(motion.enter, entry))
    found = {name: entry for name, entry in found.items() if entry < exercise.limits[name].default}
    short = exercise.falls_short
    if found and short is not None:
        less = max(exercise.limits[name].default - entry for name, entry in found.items())
        limit = exercise.limits[short.limit]
        found[short.limit] = max(limit.between[0], limit.default - less)
    return found


def told_from_rest(exercise: Exercise, motion: Motion, rest: float) -> float:
    """The least entry that lying still, with the motion's value at `rest`, does not come near.

    An attempt's rise above rest, where the attempt shows in the value itself; and in any case twice what a
    position may fall back before it ends, or nobody could leave it.
    """
    rise = 2 * exercise.back if motion.attempt_by else max(exercise.attempt, 2 * exercise.back)
    return max(exercise.limits[motion.enter].between[0], rest + rise)


def _entry(exercise: Exercise, motion: Motion, comfortable: Range) -> float:
    least = told_from_rest(exercise, motion, comfortable.rest)
    default = exercise.limits[motion.enter].default
    if comfortable.peak < least:
        return default
    return min(default, max(least, comfortable.peak - exercise.back / 2))


def in_force(
    exercise: Exercise, side: Side, ranges: Ranges, *overriding: Mapping[str, float]
) -> dict[str, float]:
    """What overrides an exercise's defaults: a person's own limits, then the others in their order.

    Somebody else's entry takes the place of both personal limits, which only make sense together.
    """
    others = {name: value for one in overriding for name, value in one.items()}
    own = limits(exercise, side, ranges)
    if any(motion.enter in others for motion in exercise.motions):
        own = {}
    return own | others


def applied(chosen: Routine, ranges: Ranges, given: Limits) -> Routine:
    """The routine with the limits of each step in force: a person's own, its own, then those `given`.

    Raises InputError when limits are given for an exercise that the routine does not have.
    """
    for exercise in given:
        if all(step.exercise != exercise for step in chosen.steps):
            raise InputError(f"--limit: the routine '{chosen.name}' has no {exercise}.")
    steps = []
    for step in chosen.steps:
        if step.exercise:
            side: Side = "both" if step.side == "each" else step.side
            merged = in_force(
                CATALOGUE[step.exercise], side, ranges, step.limits, given.get(step.exercise, {})
            )
            step = step.model_copy(update={"limits": merged})
        steps.append(step)
    return chosen.model_copy(update={"steps": tuple(steps)})


# -- the file ------------------------------------------------------------------------------------------


def path() -> Path:
    """Where a person's ranges are kept."""
    return paths.config_dir() / "ranges.toml"


def load() -> Ranges:
    """The ranges that were recorded; none without a file. Raises InputError when it cannot be understood."""
    try:
        return _File.model_validate(files.toml(path())).root
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:  # pydantic's errors are of the latter
        raise InputError(
            f"Your own limits in {path()} cannot be understood: mend the file, or forget them with "
            "'posecoach calibrate --forget'."
        ) from error


def record(found: Mapping[tuple[str, Side], Range]) -> None:
    """Add ranges by exercise and side to those on file, in one step; raises OutputError."""
    known = {exercise: dict(sides) for exercise, sides in load().items()}
    for (exercise, side), comfortable in found.items():
        sides = known.setdefault(exercise, {})
        sides[side] = (*sides.get(side, ()), comfortable)
    files.ready_folder(path().parent)
    files.write(path(), _HEADER + "".join(_tables(known)))


def forget() -> bool:
    """Remove the file; False when there is none."""
    try:
        path().unlink()
    except FileNotFoundError:
        return False
    return True


def _tables(known: Ranges) -> Iterable[str]:
    for exercise, sides in known.items():
        for side, entries in sides.items():
            for entry in entries:
                values = "".join(f"{key} = {_toml(value)}\n" for key, value in entry)
                yield f"\n[[{_key(exercise)}.{side}]]\n{values}"


def _toml(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else f"{value:.1f}"


def _key(name: str) -> str:
    """A name as a TOML key; JSON quotes it where it has to be quoted."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else json.dumps(name)
