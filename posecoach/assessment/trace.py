"""The trace of a step: its motion over time and the target, with few enough points to store."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from statistics import median

from posecoach.assessment.exercise import Exercise, Motion
from posecoach.core.types import Side
from posecoach.kinematics.measures import Measures

STEP_S = 0.2  # between two points: a plot of a slow move shows no more


@dataclass(frozen=True)
class Trace:
    """One motion of a step in time.

    side    the side that is worked
    enter   the value from which on it is the position; `back`: how far it may fall back before it ends
    above   the value beyond which it is too far; None where nothing is
    t_s     the session's own seconds, as results have them
    value   degrees, larger is deeper; None where it was not seen
    """

    side: Side
    enter: float
    back: float
    above: float | None
    t_s: tuple[float, ...]
    value: tuple[float | None, ...]

    @property
    def peak(self) -> float | None:
        """The deepest value."""
        return max((value for value in self.value if value is not None), default=None)


class Tracing:
    """Collects the traces of one step, frame by frame."""

    def __init__(self, exercise: Exercise, side: Side, limits: Mapping[str, float]) -> None:
        """`side` is the one that is asked for; `limits` override the exercise's."""
        in_force = exercise.limits_with(limits)
        self._motions = () if exercise.timed_only else exercise.motions_on(side)
        self._empty = tuple(
            Trace(
                side=motion.side,
                enter=in_force[motion.enter],
                back=exercise.back,
                above=_too_far(exercise, motion, in_force),
                t_s=(),
                value=(),
            )
            for motion in self._motions
        )
        self._t_s: list[float] = []
        self._values: list[list[float | None]] = [[] for _ in self._motions]
        self._bin: list[Measures] = []
        self._bin_s = 0.0

    def add(self, t_s: float, measures: Measures) -> None:
        """Take one frame; `t_s` rises."""
        if self._bin and t_s - self._bin_s >= STEP_S:
            self._close()
        if not self._bin:
            self._bin_s = t_s
        self._bin.append(measures)

    def traces(self) -> tuple[Trace, ...]:
        """What was collected; nothing for an exercise that is only timed."""
        if self._bin:
            self._close()
        return tuple(
            replace(empty, t_s=tuple(self._t_s), value=tuple(values))
            for empty, values in zip(self._empty, self._values, strict=True)
        )

    def _close(self) -> None:
        """Add a point: the median of its frames, so that a single outlier does not show."""
        self._t_s.append(round(self._bin_s, 2))
        for motion, values in zip(self._motions, self._values, strict=True):
            found = [value for one in self._bin if (value := motion.value(one)) is not None]
            # Limits refer to the joints' centres, so the trace does, too.
            values.append(round(median(found) + motion.reads_low, 1) if found else None)
        self._bin = []


def _too_far(exercise: Exercise, motion: Motion, limits: Mapping[str, float]) -> float | None:
    """The limit above which the motion's own value is a fault; None where there is none."""
    rules = [
        rule for rule in exercise.rules if rule.beyond == "above" and motion.value in rule.values.values()
    ]
    return limits[rules[0].limit] if rules else None
