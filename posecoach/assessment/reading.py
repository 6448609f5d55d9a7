"""The value of one motion in time: what a frame reads, how fast it changes, and how it reads at rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from posecoach.assessment.exercise import Exercise, Motion
from posecoach.kinematics.baseline import Baseline
from posecoach.kinematics.measures import Measures

_REGULAR = 10.0  # degrees of deviation of a limb that is seen, from the side: 5 to 8
_NEW_REST_S = 3.0  # stillness after which a changed rest is believed
_DRIFT = 0.2  # share of an attempt's rise within which that stillness stays
_SETTLED = 6.0  # degrees a second below which a move has settled
_SPEED_S = 0.3  # time over which speed is smoothed


@dataclass(frozen=True)
class Criteria:
    """One motion of an exercise with the limits in force."""

    motion: Motion
    exercise: Exercise
    limits: Mapping[str, float]

    @cached_property
    def enter(self) -> float:
        """The value at which the position begins, degrees."""
        return self.limit(self.motion.enter)

    @cached_property
    def leave(self) -> float:
        """The value below which a position that has begun ends, degrees."""
        return self.enter - self.exercise.back

    @cached_property
    def shown_rise(self) -> float:
        """How far what shows an attempt rises above rest before the move is one."""
        return self.motion.shown_rise if self.motion.attempt_by else self.exercise.attempt

    def limit(self, name: str) -> float:
        """A limit of the motion's value, as the value reads."""
        return self.limits[name] - self.motion.reads_low


class Evidence(NamedTuple):
    """What a judge believes of one frame: all of its motions and rules are followed by it.

    measures    None where unseen;  deviations  those of the measures
    baseline    None until the body was seen
    still       nothing of the body has moved in the picture
    resting     and no motion of the exercise is under way
    """

    t_s: float
    measures: Measures
    deviations: Mapping[str, float]
    baseline: Baseline | None
    still: bool
    resting: bool


@dataclass(slots=True)
class Reading:
    """One frame of a motion in which its value was seen.

    value    how far the move has gone, degrees
    shows    what shows an attempt (the value itself, unless the motion says otherwise); None where unseen
    foot     lift of the foot that an attempt takes off the bed, torso lengths; None where none has to
    pace     what haste and bouncing are judged by, degrees; None where nothing is sure enough
    met      whether the position's conditions are met; None where unseen
    sure     the camera sees the body from the side
    blocked  another motion is in position, or on its way with its conditions met
    contested  another motion may be in position, for all that is seen of it
    height_noise  expected error of a height in this view, torso lengths
    deviation  the value's standard deviation, degrees; 0 where none is known
    """

    t_s: float
    value: float
    shows: float | None
    foot: float | None
    pace: float | None
    met: bool | None
    sure: bool
    blocked: bool
    contested: bool
    height_noise: float
    deviation: float = 0.0

    @property
    def regular(self) -> bool:
        """Whether the value is off by no more than usual: errors are less regular at an angle, and where a
        limb hides, lies under a blanket or is taken for somebody else's.
        """
        return self.sure and self.deviation <= _REGULAR

    @property
    def at_most(self) -> float:
        """What the value may be, for all that can be told."""
        return self.value + (1 if self.regular else 2) * self.deviation


@dataclass(slots=True)
class Signal:
    """The motion's value, degrees (None where unseen), its speed, and how long it has hardly moved.

    short  it was seen out of position since it was last lost for longer than a way into position takes
    """

    value: float | None = None
    frame_s: float = 0.0  # of the latest frame
    seen_s: float | None = None  # of the latest frame with a value
    settled_s: float = 0.0
    short: bool = False
    _speed: float = 0.0
    _moving_s: float | None = None  # when it last moved, or began to be followed

    def take(self, value: float, before: float | None, t_s: float) -> None:
        """Take the next value; `before` is that of the frame before."""
        if before is not None and self.seen_s is not None:
            elapsed = t_s - self.seen_s
            self._speed += min(1.0, elapsed / _SPEED_S) * ((value - before) / elapsed - self._speed)
        if self._moving_s is None or abs(self._speed) > _SETTLED:
            self._moving_s = t_s
        self.settled_s, self.seen_s = t_s - self._moving_s, t_s

    def halt(self) -> None:
        """What comes next does not follow from what came before."""
        self._speed = 0.0


@dataclass(slots=True)
class Rest:
    """How the motion's value, and what shows an attempt, read at rest; None until they were seen."""

    value: float | None = None
    shows: float | None = None
    _since_s: float | None = None
    _anchor: float = 0.0

    def update(self, reading: Reading, resting: bool, criteria: Criteria) -> None:
        """Take one frame; `resting`: the body is still and no motion is under way."""
        if self.value is None:
            self._take(reading, criteria)
            return
        if not resting or reading.shows is None:
            self._since_s = None
            return
        if self._since_s is None or abs(reading.shows - self._anchor) > _DRIFT * criteria.shown_rise:
            self._since_s, self._anchor = reading.t_s, reading.shows
        # A slow start of the move must not pass for a new rest: it has to stay where it is for long.
        if self.shows is None or reading.t_s - self._since_s >= _NEW_REST_S:
            self._take(reading, criteria)

    def _take(self, reading: Reading, criteria: Criteria) -> None:
        # A span may begin in position: then what is seen is no rest.
        self.value = min(reading.value, criteria.enter - criteria.exercise.attempt)
        self.shows = reading.shows

    def risen(self, reading: Reading) -> float:
        """How far what shows an attempt is above rest; 0 where unknown."""
        return 0.0 if reading.shows is None or self.shows is None else reading.shows - self.shows
