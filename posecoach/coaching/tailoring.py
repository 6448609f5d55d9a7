"""A routine as it is wanted today: only some of its exercises, without others, or gentler."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching.phrases import GENTLE
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.targets import Limits, capped
from posecoach.core.errors import InputError
from posecoach.core.translation import tr
from posecoach.core.types import Posture

_GENTLE_HOLD = 0.5  # share of the dose
_LEAST_HOLD_S = 5.0  # a hold is never cut below this; what is shorter stays as it is


def selected(chosen: Routine, only: Collection[str], skipped: Collection[str]) -> Routine:
    """The routine with `only` these exercises (all of them where it is empty), without those `skipped`.

    A pause between two exercises leads to the second and goes with it; what is said before the first
    exercise and after the last stays. Whoever wants `only` some gets of the pauses just those in which they
    turn over for one of these. Raises InputError for an exercise that the routine does not have, and
    when none is left.
    """
    if not only and not skipped:
        return chosen
    there = dict.fromkeys(step.exercise for step in chosen.steps if step.exercise)
    for option, names in (("--only", only), ("--skip", skipped)):
        for name in names:
            if name not in there:
                raise InputError(
                    tr(
                        "{option}: the routine '{routine}' has no {name}, only {exercises}.",
                        option=option,
                        routine=chosen.name,
                        name=name,
                        exercises=", ".join(there),
                    )
                )
    wanted = {name for name in there if (not only or name in only) and name not in skipped}
    if not wanted:
        raise InputError(
            tr(
                "--only and --skip leave nothing of the routine '{routine}': leave one out.",
                routine=chosen.name,
            )
        )
    steps: list[Step] = []
    pauses: list[Step] = []
    before: Step | None = None
    for step in chosen.steps:
        if not step.exercise:
            pauses.append(step)
            continue
        if only and (before is None or _lying(before) == _lying(step)):
            pauses = []
        if step.exercise in wanted:
            steps += [*pauses, step]
        elif before is None:
            steps += pauses
        pauses, before = [], step
    return replace(chosen, steps=(*steps, *(() if only else pauses)))


def _lying(step: Step) -> Posture:
    """How the body lies in a step with an exercise."""
    return CATALOGUE[step.exercise].lying(step.worked_side)[0]


def gentler(chosen: Routine, given: Limits) -> Routine:
    """The routine with smaller targets and shorter holds, its limits in force already.

    Only how far to go becomes less, half way to the least that may be asked for: what keeps a move safe (a
    shoulder that stays down, a head that rests) is the same on every day. A hold is half as long. What
    `given` sets on the command line stays.
    """
    steps = tuple(_gentler(step, given.get(step.exercise, {})) for step in chosen.steps)
    return replace(chosen, title=GENTLE.format(title=chosen.title), steps=steps)


def _gentler(step: Step, given: Mapping[str, float]) -> Step:
    if not step.exercise:
        return step
    exercise = CATALOGUE[step.exercise]
    limits = capped(exercise, {**step.limits, **less_deep(exercise, step.limits, given)})
    hold_s = max(_GENTLE_HOLD * step.hold_s, min(step.hold_s, _LEAST_HOLD_S))
    return replace(step, hold_s=hold_s, limits=limits)


def less_deep(
    exercise: Exercise, limits: Mapping[str, float], given: Mapping[str, float]
) -> dict[str, float]:
    """The limits that become less than those in force, `limits` by name and else the default; those `given`
    stay. What an attempt falls short of moves along with what begins the position."""
    entries = {motion.enter for motion in exercise.motions} - {*given}
    if exercise.timed_only or not entries:
        return {}
    found: dict[str, float] = {}
    for name in entries:
        limit = exercise.limits[name]
        now = limits.get(name, limit.default)
        found[name] = now - max(0.0, now - limit.between[0]) / 2
    short = exercise.falls_short
    if short is not None and short.limit not in given:
        limit = exercise.limits[short.limit]
        by = max(limits.get(name, exercise.limits[name].default) - entry for name, entry in found.items())
        found[short.limit] = max(limit.between[0], limits.get(short.limit, limit.default) - by)
    return found
