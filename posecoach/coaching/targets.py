"""The targets of a person: the limits that are in force for each step.

The order of limits, each overriding the one before: the exercise's default, the person's own, the routine
file's, the command line's.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from posecoach.assessment.exercise import Exercise, Motion
from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching.plan import Routine
from posecoach.core.errors import InputError
from posecoach.core.messages import did_you_mean, quoted
from posecoach.core.translation import tr
from posecoach.core.types import Side


@dataclass(frozen=True)
class Range:
    """What was comfortable on one day: the motion's value (larger is deeper) at rest, and at its deepest."""

    date: date
    rest: float
    peak: float


#: By exercise and side, the oldest first.
Ranges = Mapping[str, Mapping[Side, tuple[Range, ...]]]
#: Limits by exercise and name.
Limits = Mapping[str, Mapping[str, float]]


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


def entries(exercise: Exercise, side: Side, ranges: Ranges) -> tuple[float, float]:
    """The usual entry of an exercise, and the person's own when `side` is worked, degrees."""
    name = exercise.motions[0].enter
    usual = exercise.limits[name].default
    return usual, limits(exercise, side, ranges).get(name, usual)


def told_from_rest(exercise: Exercise, motion: Motion, rest: float) -> float:
    """The least entry that lying still, with the motion's value at `rest`, does not come near.

    An attempt's rise above rest, and in any case twice what a position may fall back before it ends, or
    nobody could leave it.
    """
    rise = max(exercise.attempt, 2 * exercise.back)
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
    return raised(exercise, own | others)


def raised(exercise: Exercise, overriding: Mapping[str, float]) -> dict[str, float]:
    """What overrides an exercise's defaults: where its entry is raised, what an attempt falls short of rises
    by as much unless it is set as well. Whoever came between the two would be neither right nor wrong. And
    it is never beyond the entry, as in `capped`."""
    short, entries = exercise.falls_short, {motion.enter for motion in exercise.motions}
    more = max(
        (overriding[name] - exercise.limits[name].default for name in entries & {*overriding}), default=0.0
    )
    if short is None or short.limit in overriding or more <= 0:
        return capped(exercise, overriding)
    limit = exercise.limits[short.limit]
    return capped(exercise, {**overriding, short.limit: min(limit.between[1], limit.default + more)})


def capped(exercise: Exercise, overriding: Mapping[str, float]) -> dict[str, float]:
    """What overrides an exercise's defaults, where what an attempt falls short of comes down to an entry that
    was lowered below it: whoever reaches that has not fallen short."""
    short, entry = exercise.falls_short, exercise.motions[0].enter
    if short is None or entry not in overriding:
        return dict(overriding)
    target = overriding[entry]
    beyond = overriding.get(short.limit, exercise.limits[short.limit].default) > target
    return {**overriding, **({short.limit: target} if beyond else {})}


def applied(chosen: Routine, ranges: Ranges, given: Limits) -> Routine:
    """The routine with the limits of each step in force: a person's own, its own, then those `given`.

    Raises InputError when limits are given for an exercise that the routine does not have, or lie beyond the
    target of a step.
    """
    for exercise in given:
        if all(step.exercise != exercise for step in chosen.steps):
            raise InputError(
                tr("--limit: the routine '{name}' has no {exercise}.", name=chosen.name, exercise=exercise)
            )
    steps = []
    for step in chosen.steps:
        if step.exercise:
            known, own = CATALOGUE[step.exercise], given.get(step.exercise, {})
            merged = in_force(known, step.worked_side, ranges, step.limits, own)
            check_target(known, own, merged)
            step = replace(step, limits=merged)
        steps.append(step)
    return replace(chosen, steps=tuple(steps))


def check_limit(exercise: Exercise, name: str, value: float) -> None:
    """Raises InputError, naming `--limit`, when there is no such limit or it cannot be set to `value`."""
    wrong = wrong_limit(exercise, name, value, "--limit", " ")
    if wrong is not None:
        raise InputError(f"{wrong}.")


def check_target(exercise: Exercise, given: Mapping[str, float], merged: Mapping[str, float]) -> None:
    """Raises InputError, naming `--limit`, when a limit that is `given` lies beyond the target; `merged` are
    all that override the exercise's defaults."""
    short = exercise.falls_short
    merged = {**merged, **given}  # as they were given, not as `capped`
    wrong = _beyond_target(exercise, merged, "--limit", " ") if short and short.limit in given else None
    if wrong is not None:
        raise InputError(f"{wrong}.")


def wrong_limits(exercise: Exercise, values: Mapping[str, float], where: str) -> list[str]:
    """Why an exercise's limits cannot be set to these values together, as `wrong_limit` tells it of one."""
    found = [wrong for name, value in values.items() if (wrong := wrong_limit(exercise, name, value, where))]
    beyond = _beyond_target(exercise, values, where) if not found else None
    return [*found, beyond] if beyond is not None else found


def _beyond_target(
    exercise: Exercise, values: Mapping[str, float], where: str, then: str = "."
) -> str | None:
    """Why what an attempt falls short of cannot be set so: beyond the target there is nothing to fall short
    of, and whoever set it would believe in a limit that does nothing."""
    short, entry = exercise.falls_short, exercise.motions[0].enter
    target = values.get(entry, exercise.limits[entry].default)
    if short is None or values.get(short.limit, target) <= target:
        return None
    return tr(
        "{limit} of {exercise} is {got}, beyond the target {entry}, which is {target}: lower {name}, or "
        "raise {entry}",
        limit=f"{where}{then}{short.limit}",
        exercise=exercise.id,
        got=f"{values[short.limit]:g}",
        entry=entry,
        target=f"{target:g}",
        name=short.limit,
    )


def wrong_limit(exercise: Exercise, name: str, value: float, where: str, then: str = ".") -> str | None:
    """Why limit `name` cannot be set to `value`, without a full stop; None where it can.

    `then` is what stands between `where` limits are named and a limit's name.
    """
    limit = exercise.limits.get(name)
    if limit is None:
        return tr(
            "{where} must name limits of {exercise} ({known}), but got {name}{hint}",
            where=where,
            exercise=exercise.id,
            known=", ".join(exercise.limits),
            name=quoted(name),
            hint=did_you_mean(name, exercise.limits, translated=True),
        )
    low, high = limit.between
    if low <= value <= high:
        return None
    return tr(
        "{limit} of {exercise} must be between {low} and {high} ({what}), but got {got}",
        limit=f"{where}{then}{name}",
        exercise=exercise.id,
        low=f"{low:g}",
        high=f"{high:g}",
        what=tr(limit.help),
        got=f"{value:g}",
    )
