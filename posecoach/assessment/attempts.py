"""Attempts at a position: each way in and back, the repetition or the fault that it ends as.

An attempt begins well above rest and ends near it, so that nothing counts while someone gets into position.
"""

from copy import copy
from dataclasses import dataclass, field, replace

from posecoach.assessment.reading import Criteria, Reading
from posecoach.assessment.results import Fault, Measured
from posecoach.assessment.thresholds import FAULT_S, OFF_BED, PLATEAU_S

_DEEPER = 4.0  # degrees by which an attempt has to deepen within `PLATEAU_S`, or it has reached its plateau
_LIFTED = 0.25  # torso lengths from which a lifted foot is an attempt by itself: bent legs rise little more
_OVER_NOISE = 4.0  # times the expected error of a height from which a foot has been lifted for certain
_BACK = 0.6  # share of an attempt's rise below which it is over
_MOSTLY = 0.5  # share of an attempt's frames
_STAYS_S = 10.0  # out of position, however near to it: long enough for a cue to be heard and followed
_HALF_WAY = 0.4  # share of the way from entry to rest that completes a repetition


@dataclass
class Attempt:
    """One way in and back.

    reach       how deep it may have been, for all that can be told
    from_start  it was under way when the judge began
    short       the fault of not getting deep enough, as far as it has come
    broken      part of it was not seen, or a pause came in between
    left_s      when its latest position was left; None in one, or before the first
    met         the conditions of the position were met at some time
    lifted      the foot was seen off the bed at some time
    frames, contested  how many there were, and in how many another motion may have been in position
    """

    start_s: float
    deepest: float
    deepest_s: float
    reach: float
    positions: int = 0
    left_s: float | None = None
    from_start: bool = False
    short: Fault | None = None
    broken: bool = False
    met: bool = False
    lifted: bool = False
    frames: int = 0
    contested: int = 0


@dataclass
class UnmetTracker:
    """Follows a value that is deep enough while a condition of the position is not met."""

    criteria: Criteria
    faults: list[Fault] = field(default_factory=list)
    _since_s: float | None = None
    _latest: Fault | None = None

    @property
    def going_on(self) -> Fault | None:
        """The fault that is there now."""
        return self._latest if self._since_s is not None else None

    def after(self, start_s: float) -> bool:
        """True where such a fault has begun since `start_s`."""
        return self._latest is not None and self._latest.start_s >= start_s

    def apart(self) -> "UnmetTracker":
        """A copy that may be closed."""
        return replace(self, faults=[*self.faults])

    def update(self, reading: Reading, held: bool) -> None:
        """Take one frame; `held`: the position has begun."""
        rule, t_s = self.criteria.exercise.unmet, reading.t_s
        if rule is None:
            return
        deep = reading.value >= (self.criteria.leave if self._since_s is not None else self.criteria.enter)
        on_bed = reading.foot is not None and reading.foot < OFF_BED
        elsewhere = held or reading.blocked or reading.contested
        out_of_question = not deep or on_bed or elsewhere
        if out_of_question or reading.met is not False:
            if out_of_question or reading.met:
                self._since_s = None
            return
        if self._since_s is None:
            self._since_s = t_s
        if t_s - self._since_s >= rule.after_s:
            if self._latest is not None and self._latest.start_s != self._since_s:
                self.faults.append(self._latest)
            self._latest = Fault(rule.name, self.criteria.motion.fault_side, self._since_s, t_s)

    def cut(self) -> None:
        """What comes next does not follow from what came before."""
        self._since_s = None

    def close(self) -> None:
        """The span is over."""
        if self._latest is not None:
            self.faults.append(self._latest)


@dataclass
class Attempts:
    """Follows the attempts of one motion.

    current    the attempt under way
    reps       complete repetitions
    rise       the largest rise above rest of any attempt that is over, degrees
    returning  a repetition is complete, but the way back is not
    faults     attempts that fell short
    """

    criteria: Criteria
    current: Attempt | None = None
    reps: int = 0
    rise: float = 0.0
    returning: bool = False
    faults: list[Fault] = field(default_factory=list)

    def apart(self) -> "Attempts":
        """A copy that may be closed."""
        return replace(self, current=copy(self.current), faults=[*self.faults])

    def begin_in_position(self, value: float, t_s: float) -> None:
        """The span begins with the body in position already."""
        self.current = Attempt(t_s, value, t_s, value, from_start=True)

    def update(self, reading: Reading, rest: float, risen: float, held: bool, unmet: UnmetTracker) -> bool:
        """Take one frame; returns True where a repetition has just been completed.

        rest   the motion's value at rest, degrees
        risen  how far what shows an attempt is above its rest
        held   the position has begun
        unmet  whose fault, where it came in this attempt, stands for that of falling short
        """
        attempt, t_s, foot = self.current, reading.t_s, reading.foot
        back = risen < _BACK * self.criteria.shown_rise
        # A leg that lay straight and is bent, or is put down bent, has risen, and its foot is on the bed.
        over = back if foot is None else foot < OFF_BED
        if attempt is None:
            # What was up while the other one was in position comes down after it; that is no attempt.
            self.returning = (self.returning or reading.blocked) and not over
            if held or (self._begins(reading, risen) and not reading.blocked and not self.returning):
                self.current = Attempt(t_s, reading.value, t_s, reading.at_most)
            return False
        if reading.value > attempt.deepest + _DEEPER:
            attempt.deepest_s = t_s
        attempt.met |= bool(reading.met)
        attempt.lifted |= foot is not None and foot >= OFF_BED
        attempt.frames += 1
        attempt.contested += reading.contested
        attempt.deepest = max(attempt.deepest, reading.value)
        attempt.reach = max(attempt.reach, reading.at_most)
        if held:
            attempt.positions, attempt.left_s = max(attempt.positions, 1), None
        elif attempt.positions:
            return self._complete(attempt, reading, rest)
        elif reading.blocked or (over and not back and not attempt.lifted):
            self.current = None  # it comes along with the one in position, or its foot lay there all along
        elif over or t_s - attempt.deepest_s >= PLATEAU_S:
            self._fall_short(attempt, unmet, t_s)
            if over:
                self._end(attempt, rest)
        return False

    def close(self, rest: float | None, unmet: UnmetTracker, t_s: float) -> None:
        """The span is over: end the attempt under way."""
        attempt = self.current
        if attempt is None or rest is None:
            return
        if not attempt.positions and t_s - attempt.start_s >= PLATEAU_S:
            self._fall_short(attempt, unmet, t_s)
        self._end(attempt, rest)

    def _begins(self, reading: Reading, risen: float) -> bool:
        full, foot = self.criteria.shown_rise, reading.foot
        if foot is None:
            return risen >= full
        lifted = foot > max(_LIFTED, _OVER_NOISE * reading.height_noise)
        # At an angle a heel may read high by itself; a leg that is raised bends at the hip, too.
        lifted &= reading.sure or risen > _DEEPER
        return lifted or (risen >= full and foot > OFF_BED)

    def _complete(self, attempt: Attempt, reading: Reading, rest: float) -> bool:
        """End an attempt that has been in position, once it is back; returns True then."""
        # Half way back is back: nobody has to straighten the leg between repetitions.
        way = max(_HALF_WAY * (self.criteria.enter - rest), 1.5 * self.criteria.exercise.back)
        # Nor has a leg that is put down bent to come so far.
        put_down = reading.met is False or (attempt.lifted and reading.sure)
        down = put_down and reading.foot is not None and reading.foot < OFF_BED
        attempt.left_s = reading.t_s if attempt.left_s is None else attempt.left_s
        stays_s = reading.t_s - attempt.left_s
        if reading.value >= self.criteria.enter - way and not down and stays_s < _STAYS_S:
            return False
        self.reps += not attempt.from_start
        self._end(attempt, rest)
        self.returning = True
        return True

    def _end(self, attempt: Attempt, rest: float) -> None:
        self.current = None
        self.rise = max(self.rise, attempt.deepest - rest)
        if attempt.short is not None and not attempt.positions:
            self.faults.append(attempt.short)

    def _fall_short(self, attempt: Attempt, unmet: UnmetTracker, t_s: float) -> None:
        rule = self.criteria.exercise.falls_short
        excused = t_s - attempt.start_s < FAULT_S or attempt.from_start or attempt.broken
        # It may be the limb that stays behind, while nobody sees the other one in position.
        excused |= attempt.contested > _MOSTLY * attempt.frames
        # Without what makes it this exercise, who knows what was attempted?
        excused |= self.criteria.exercise.unmet is not None and not attempt.met
        if rule is None or excused or attempt.reach >= self.criteria.limit(rule.limit):
            attempt.short = None
        elif not unmet.after(attempt.start_s):
            motion, allowed = self.criteria.motion, self.criteria.limits[rule.limit]
            measured = Measured(rule.limit, allowed, attempt.deepest + motion.reads_low)
            attempt.short = Fault(rule.name, motion.fault_side, attempt.start_s, t_s, measured)
