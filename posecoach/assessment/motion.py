"""One motion followed in time: rest, attempts, positions and repetitions.

Entry lies above exit and every change has to last, so nothing flickers and nothing counts while someone is
getting into position.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from posecoach.assessment.exercise import FAULT_S, Exercise, Motion
from posecoach.assessment.results import Fault, Position
from posecoach.assessment.tempo import Tempo
from posecoach.kinematics.baseline import Baseline
from posecoach.kinematics.measures import Measures

ENTER_S = 0.25  # a position has begun, or ended, once that has lasted this long
GAP_S = 0.6  # unseen for longer ends what was going on
PLATEAU_S = 2.0  # an attempt that has not gone deeper for this long is as deep as it gets
_PLATEAU = 4.0  # degrees it may still deepen meanwhile
_OFF_BED = 0.12  # torso lengths a heel rises before the foot counts as off the bed
_LIFTED = 0.25  # torso lengths from which a lifted foot is an attempt by itself: bent legs rise little more
_NEW_REST_S = 3.0  # stillness after which a changed rest is believed
_DRIFT = 0.2  # share of an attempt's rise within which that stillness stays
_SETTLED = 6.0  # degrees a second below which a move has settled
_SPEED_S = 0.3  # time over which speed is smoothed
_BACK = 0.6  # share of an attempt's rise below which it is over
_HALF_WAY_IN = 0.6  # share of an attempt's rise by which a starting position stays below entry
_HALF_WAY = 0.4  # share of the way from entry to rest that completes a repetition
_BEFORE_S = 1.0  # of a position whose conditions could not be seen at first
_DOUBT = 15.0  # degrees by which a value may be low in a view that is not from the side: twice its mean error


@dataclass
class Attempt:
    """One way in and back."""

    start_s: float
    deepest: float
    deepest_s: float
    positions: int = 0
    from_start: bool = False  # it was under way when the judge began
    short: Fault | None = None
    broken: bool = False  # part of its time in position was not seen, or a pause came in between


@dataclass
class MotionTracker:
    """Follows one motion of an exercise; `limits` are those in force.

    settled_s  how long the value has hardly moved
    met        whether the position's conditions are met; None where unseen
    positions  with a flag: cut off by the start or end of the span, or by being unseen
    rise       the largest rise above rest of any attempt
    unsure_s   time in position in which it, or one of its conditions, could not be seen
    maybe      spans (start and end, seconds) that may have been the position, for all that a view at an angle
               tells
    """

    motion: Motion
    exercise: Exercise
    limits: Mapping[str, float]
    value: float | None = None
    speed: float = 0.0
    settled_s: float = 0.0
    met: bool | None = None
    entered_s: float | None = None
    reps: int = 0
    rise: float = 0.0
    unsure_s: float = 0.0
    positions: list[tuple[Position, bool]] = field(default_factory=list)
    maybe: list[tuple[float, float]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    tempo: Tempo = field(default_factory=Tempo)
    _excursion: Attempt | None = None
    _returning: bool = False  # a repetition is complete, but the way back is not
    _rest: float | None = None
    _rest_attempt: float | None = None
    _first_s: float | None = None
    _last_s: float | None = None
    _candidate_s: float | None = None  # a change that has not yet lasted long enough
    _perhaps_s: float | None = None  # deep enough since, with conditions that are met or unseen
    _unmet_s: float | None = None  # deep enough since, but a condition is not met
    _unmet: Fault | None = None
    _idle_s: float | None = None
    _resting_s: float | None = None
    _anchor: float = 0.0
    _moving_s: float = 0.0
    _move_pending: bool = False
    _unsure_s: float = 0.0
    _blind_s: float = 0.0  # time in position without a value, too short each to end it
    _frame_s: float = 0.0

    @property
    def named(self) -> Literal["left", "right"] | None:
        """The side as faults name it."""
        return None if self.motion.side == "both" else self.motion.side

    @property
    def enter(self) -> float:
        """The value at which the position begins."""
        return self.limits[self.motion.enter] - self.motion.reads_low

    def _limit(self, name: str) -> float:
        """A limit of the value, as it reads."""
        return self.limits[name] - self.motion.reads_low

    @property
    def under_way(self) -> bool:
        """True from the start of an attempt to the end of its way back."""
        return self._excursion is not None or self.entered_s is not None

    @property
    def depth(self) -> float:
        """How far above rest the value is; 0 where unknown."""
        return 0.0 if self.value is None or self._rest is None else self.value - self._rest

    @property
    def current_fault(self) -> Fault | None:
        """A fault of the attempt under way, while it goes on."""
        if self._unmet is not None and self._unmet_s is not None:
            return self._unmet
        return self._excursion.short if self._excursion is not None else None

    def begun(self, measures: Measures, baseline: Baseline | None) -> bool:
        """True for a body on its way to the position or in it, before it is followed."""
        value = self.motion.value(measures)
        deep = value is not None and value > self.enter - _HALF_WAY_IN * self.exercise.attempt
        return deep and self._met(measures, baseline) is not False

    def update(
        self,
        measures: Measures,
        baseline: Baseline | None,
        resting: bool,
        blocked: bool,
        t_s: float,
    ) -> Position | None:
        """Take one frame; returns a position that ended.

        resting  the body is still and no motion of the exercise is under way
        blocked  another motion is in position, or on its way with its conditions met
        """
        if self._first_s is None:
            self._first_s = t_s
        posture = baseline.posture if baseline is not None else None
        sure = baseline is not None and baseline.side_on
        wrong = self.motion.posture is not None and posture != self.motion.posture
        value = None if wrong else self.motion.value(measures)
        before, self.value = self.value, value
        frame_s, self._frame_s = self._frame_s, t_s
        if value is None:
            self._blind_s += t_s - frame_s if self.entered_s is not None else 0.0
            return self._lose(t_s)
        stalled = self._lose(t_s)  # frames that never came are no time in position
        if stalled is not None:
            return stalled
        if before is not None and self._last_s is not None:
            elapsed = t_s - self._last_s
            self.speed += min(1.0, elapsed / _SPEED_S) * ((value - before) / elapsed - self.speed)
        if abs(self.speed) > _SETTLED:
            self._moving_s = t_s
        self.settled_s = t_s - self._moving_s
        if self._move_pending and self.settled_s >= ENTER_S:
            self.tempo.judge_move()
            self._move_pending = False
        before_s, self._last_s = self._last_s or t_s, t_s
        self.met = met = self._met(measures, baseline)
        attempt = self.motion.attempt_by(measures) if self.motion.attempt_by else value
        self._note_rest(value, attempt, resting, t_s)
        if self.entered_s is not None and met is None:
            self._unsure_s += t_s - before_s
        if not sure and met is not False and value >= self.enter - _DOUBT:
            self._note_maybe(t_s)
        ended = self._position(value, met, blocked, t_s)
        pace = self.motion.pace(measures) if self.motion.pace is not None else None
        if pace is not None:
            self.tempo.add(t_s, pace, None if self.entered_s is None else t_s - self.entered_s)
        self._judge_unmet(value, met, blocked or not sure, t_s)
        self._judge_idle(value, t_s)
        self._excurse(value, attempt, blocked, self._foot(measures), sure, t_s)
        return ended

    def interrupt(self) -> None:
        """Time stood still, and whatever was done meanwhile is unknown: what is under way is cut by it."""
        if self._excursion is not None:
            self._excursion.broken = True
        self._candidate_s = self._perhaps_s = self.value = self.met = None
        self.speed = 0.0
        self.tempo.reset()

    def close(self, t_s: float) -> None:
        """The span is over: end what is under way."""
        if self._move_pending:
            self.tempo.judge_move()
        if self.entered_s is not None:
            self._end_position(t_s, cut=True)
        excursion = self._excursion
        if excursion is not None:
            if not excursion.positions and t_s - excursion.start_s >= PLATEAU_S:
                self._fall_short(excursion, t_s)
            self._end_excursion()
        if self._unmet is not None:
            self.faults.append(self._unmet)

    # -- rest and conditions ---------------------------------------------------------------------------

    def _note_rest(self, value: float, attempt: float | None, resting: bool, t_s: float) -> None:
        highest = self.enter - self.exercise.attempt
        if self._rest is None:
            # A span may begin in position: then what is seen is no rest.
            self._rest, self._rest_attempt = min(value, highest), attempt
            if value >= self.enter and self.met is not False:
                self._excursion = Attempt(t_s, value, t_s, from_start=True)
            return
        if not resting or self.under_way or attempt is None:
            self._resting_s = None
            return
        if self._resting_s is None or abs(attempt - self._anchor) > _DRIFT * self.exercise.attempt:
            self._resting_s, self._anchor = t_s, attempt
        # A slow start of the move must not pass for a new rest: it has to stay where it is for long.
        if self._rest_attempt is None or t_s - self._resting_s >= _NEW_REST_S:
            self._rest, self._rest_attempt = min(value, highest), attempt

    def _judge_move(self) -> None:
        """Have the move in or out judged once it has settled, or at the latest when the next one ends."""
        if self._move_pending:
            self.tempo.judge_move()
        self._move_pending = True

    def _met(self, measures: Measures, baseline: Baseline | None) -> bool | None:
        held = self.entered_s is not None
        answers = [c.met(measures, baseline, self.limits[c.limit], held) for c in self.motion.also]
        if False in answers:
            return False
        return None if None in answers else True

    def _foot(self, measures: Measures) -> float | None:
        """The lift of the foot that an attempt takes off the bed, torso lengths; None where none has to."""
        return self.motion.off_bed(measures) if self.motion.off_bed else None

    def _lose(self, t_s: float) -> Position | None:
        if self._last_s is None or t_s - self._last_s <= GAP_S:
            return None
        ended = self._end_position(self._last_s, cut=True) if self.entered_s is not None else None
        # What was met a while ago must not keep another motion out of its position.
        self._candidate_s = self._perhaps_s = self.met = None
        self.speed = 0.0
        self.tempo.reset()
        return ended

    # -- positions -------------------------------------------------------------------------------------

    def _position(self, value: float, met: bool | None, blocked: bool, t_s: float) -> Position | None:
        if self.entered_s is None:
            if value < self.enter or met is False or blocked:
                self._candidate_s = self._perhaps_s = None
            elif self._perhaps_s is None:
                self._perhaps_s = t_s
            if not met:
                self._candidate_s = None
            elif self._candidate_s is None:
                self._candidate_s = t_s
            if self._candidate_s is not None and t_s - self._candidate_s >= ENTER_S:
                # What is met when it is seen was so the moment before.
                start_s = max(self._perhaps_s or 0.0, self._candidate_s - _BEFORE_S)
                self._blind_s = self._candidate_s - start_s
                self.entered_s, self._candidate_s, self._perhaps_s = self._resumed(start_s), None, None
                self._judge_move()
            return None
        if value >= self.enter - self.exercise.back and met is not False:
            self._candidate_s = None
            return None
        if self._candidate_s is None:
            self._candidate_s = t_s
        fell = value < self.enter - self.exercise.back
        if t_s - self._candidate_s < (ENTER_S if fell else FAULT_S):
            return None
        return self._end_position(self._candidate_s, cut=False)

    def _note_maybe(self, t_s: float) -> None:
        before = self.maybe.pop() if self.maybe and t_s - self.maybe[-1][1] <= GAP_S else (t_s, t_s)
        self.maybe.append((before[0], t_s))

    def held_at_most_s(self, position: Position) -> float:
        """Seconds for which a position may have been held, for all that can be told from this view."""
        spans = [
            end_s - start_s for start_s, end_s in self.maybe if start_s <= position.end_s <= end_s + GAP_S
        ]
        return max([position.end_s - position.start_s, *spans])

    def _resumed(self, start_s: float) -> float:
        """When the position that begins at `start_s` really began: one that was left for a moment goes on."""
        excursion = self._excursion
        if excursion is None or not excursion.positions or not self.positions:
            return start_s
        last, cut = self.positions[-1]
        if cut or start_s - last.end_s > GAP_S:
            return start_s
        self.positions.pop()
        excursion.positions -= 1
        return last.start_s

    def _end_position(self, end_s: float, cut: bool) -> Position:
        assert self.entered_s is not None
        assert self._first_s is not None
        start_s, self.entered_s, self._candidate_s = self.entered_s, None, None
        position = Position(self.motion.side, start_s, end_s)
        unsure_s, self._unsure_s = self._unsure_s, 0.0
        self.unsure_s += unsure_s + self._blind_s
        self._blind_s = 0.0
        excursion = self._excursion
        # What follows an unseen part of the same attempt is a rest of a hold, not a short one.
        cut = cut or unsure_s > GAP_S or (excursion is not None and excursion.broken)
        from_start = start_s - self._first_s < ENTER_S
        self.positions.append((position, cut or from_start))
        if excursion is not None:
            excursion.positions += 1
            excursion.from_start |= from_start
            excursion.broken |= cut
        return position

    # -- attempts --------------------------------------------------------------------------------------

    def _excurse(
        self, value: float, attempt: float | None, blocked: bool, foot: float | None, sure: bool, t_s: float
    ) -> None:
        assert self._rest is not None
        excursion = self._excursion
        rise = attempt - self._rest_attempt if attempt is not None and self._rest_attempt is not None else 0.0
        full = self.exercise.attempt
        begun = (
            rise >= full if foot is None else (sure and foot > _LIFTED) or (rise >= full and foot > _OFF_BED)
        )
        over = rise < _BACK * full and (foot is None or foot < _OFF_BED)
        if excursion is None:
            self._returning = self._returning and not over
            if (begun and not blocked and not self._returning) or self.entered_s is not None:
                self._excursion = Attempt(t_s, value, t_s)
            return
        if value > excursion.deepest + _PLATEAU:
            excursion.deepest_s = t_s
        excursion.deepest = max(excursion.deepest, value)
        if self.entered_s is not None:
            excursion.positions = max(excursion.positions, 1)
            return
        if excursion.positions:
            # Half way back is back: nobody has to straighten the leg between repetitions.
            way = max(_HALF_WAY * (self.enter - self._rest), 1.5 * self.exercise.back)
            down = self.met is False and foot is not None and foot < _OFF_BED
            if value < self.enter - way or down:
                self._judge_move()
                self.reps += not excursion.from_start
                self._end_excursion()
                self._returning = True
        elif blocked:
            self._excursion = None  # this limb only comes along with the one that is in position
        elif over:
            self._fall_short(excursion, t_s)
            self._end_excursion()
        elif t_s - excursion.deepest_s >= PLATEAU_S:
            self._fall_short(excursion, t_s)

    def _end_excursion(self) -> None:
        excursion, self._excursion = self._excursion, None
        assert excursion is not None
        assert self._rest is not None
        self.rise = max(self.rise, excursion.deepest - self._rest)
        if excursion.short is not None and not excursion.positions:
            self.faults.append(excursion.short)

    def _fall_short(self, excursion: Attempt, t_s: float) -> None:
        rule = self.exercise.falls_short
        brief = t_s - excursion.start_s < FAULT_S
        excused = excursion.from_start or excursion.broken
        if rule is None or brief or excused or excursion.deepest >= self._limit(rule.limit):
            excursion.short = None
        elif self._unmet is None or self._unmet.start_s < excursion.start_s:
            excursion.short = Fault(rule.name, self.named, excursion.start_s, t_s)

    def _judge_unmet(self, value: float, met: bool | None, blocked: bool, t_s: float) -> None:
        rule = self.exercise.unmet
        if rule is None:
            return
        deep = value >= self.enter - (self.exercise.back if self._unmet_s is not None else 0.0)
        if not deep or met is not False or blocked or self.entered_s is not None:
            if met or not deep or blocked or self.entered_s is not None:
                self._unmet_s = None
            return
        if self._unmet_s is None:
            self._unmet_s = t_s
        if t_s - self._unmet_s >= rule.after_s:
            if self._unmet is not None and self._unmet.start_s != self._unmet_s:
                self.faults.append(self._unmet)
            self._unmet = Fault(rule.name, self.named, self._unmet_s, t_s)

    def _judge_idle(self, value: float, t_s: float) -> None:
        """Lying there for long with nothing drawn in, where the exercise says that this is its fault."""
        rule = self.exercise.falls_short
        if rule is None or not rule.idle_s:
            return
        if value >= self._limit(rule.limit) or self.under_way:
            self._idle_s = None
            return
        if self._idle_s is None:
            self._idle_s = t_s

    def idle_fault(self) -> Fault | None:
        """The fault of never having begun, once it has lasted long enough and nothing else was done."""
        rule = self.exercise.falls_short
        if rule is None or self._idle_s is None or self._last_s is None or self.positions or self.faults:
            return None
        if self._last_s - self._idle_s < rule.idle_s:
            return None
        return Fault(rule.name, self.named, self._idle_s, self._last_s)
