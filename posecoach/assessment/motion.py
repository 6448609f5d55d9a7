"""One motion followed in time, and the positions that it is held in.

Entry lies above exit and every change has to last, so nothing flickers.
"""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from math import inf

from posecoach.assessment.attempts import Attempts, UnmetTracker
from posecoach.assessment.deviation import at_an_angle, from_the_side
from posecoach.assessment.exercise import Exercise
from posecoach.assessment.hold import Held, Hold
from posecoach.assessment.motion_record import MotionRecord
from posecoach.assessment.reading import Criteria, Evidence, Reading, Rest, Signal
from posecoach.assessment.results import Fault, Position
from posecoach.assessment.tempo import Tempo
from posecoach.assessment.thresholds import ENTER_S, GAP_S, SEEN_SHARE, SPARSE_S
from posecoach.kinematics.baseline import Baseline
from posecoach.kinematics.measures import Measures

_HALF_WAY_IN = 0.6  # share of an attempt's rise by which a starting position stays below entry
# Degrees that no limb is let down by between two frames that are so near: one that is dropped takes 0.3 s for
# all of its way, and moves at 400 degrees a second in the middle of it.
_LEAP, _LEAP_S = 45.0, 0.12
# Degrees by which a value may be low that is not `regular`: twice the mean error of a limb at an angle, and
# no more than so many standard deviations of what is known by itself.
_DOUBT, _MOST_OFF = 15.0, 2
_ALONG = 0.5  # share of another motion's rise below which one comes along with it
# Seconds that a limb takes for its way into a position: who was seen out of it no longer ago went in.
_WAY_S = 2.0


@dataclass
class MotionTracker:
    """Follows one motion of an exercise: `motion`."""

    criteria: Criteria
    met: bool | None = None  # whether the position's conditions are met; None where unseen
    unsure_s: float = 0.0  # see `MotionRecord`, as are the two lists
    held: list[Held] = field(default_factory=list)
    maybe: list[tuple[float, float]] = field(default_factory=list)
    tempo: Tempo = field(init=False)
    _signal: Signal = field(default_factory=Signal)
    _rest: Rest = field(default_factory=Rest)
    _hold: Hold = field(default_factory=Hold)
    _first_s: float | None = None
    _told_s: float | None = None  # of the latest frame that told something: a value, or a wrong posture
    _unseen_s: float = 0.0
    _idle_s: float | None = None
    _held_frames: int = 0
    _paced_frames: int = 0  # of these, how many showed what haste and bouncing are judged by
    _partly_s: float = float("-inf")  # when a position last went on with a part of it unseen

    def __post_init__(self) -> None:
        self.motion = self.criteria.motion
        self._attempts, self._unmet = Attempts(self.criteria), UnmetTracker(self.criteria)
        pace = self.motion.pace
        self.tempo = Tempo(pace.seems if pace else 1.0)
        self._trembles = pace is not None and pace.trembles
        short = self.criteria.exercise.falls_short
        self._may_idle = short is not None and short.idle_s > 0
        followed = (*pace.value.names, *self.motion.value.names) if pace else ()
        self._uncorrected = max(map(at_an_angle, followed), default=0.0)
        self._at_least_off = max(map(from_the_side, followed), default=0.0)
        known = max(map(at_an_angle, self.motion.value.names))
        self._doubt = min(_DOUBT, _MOST_OFF * known) if known else _DOUBT

    @property
    def entered_s(self) -> float | None:
        """When the position under way began; None out of position."""
        return self._hold.entered_s

    @property
    def reps(self) -> int:
        """Complete repetitions so far."""
        return self._attempts.reps

    @property
    def settled_s(self) -> float:
        """How long the value has hardly moved, seconds."""
        return self._signal.settled_s

    @property
    def under_way(self) -> bool:
        """True from the start of an attempt to the end of its way back."""
        return self._attempts.current is not None or self._hold.entered_s is not None

    @property
    def from_start(self) -> bool:
        """True while a position goes on that was under way when the motion was first seen."""
        entered_s, attempt = self._hold.entered_s, self._attempts.current
        if entered_s is None or self._first_s is None:
            return False
        return entered_s - self._first_s < ENTER_S or (attempt is not None and attempt.from_start)

    def keeps_out(self, other: "MotionTracker") -> bool:
        """True where this motion, rather than the `other`, is what the person does."""
        if self._hold.entered_s is not None:
            return True
        # What has risen far less only seems to rise along with it, as at an angle a leg that stays behind.
        along = self.depth < _ALONG * other.depth
        return bool(self.motion.also) and bool(self.met) and self.under_way and not along

    @property
    def depth(self) -> float:
        """How far above rest the value is, degrees; 0 where unknown."""
        value, rest = self._signal.value, self._rest.value
        return 0.0 if value is None or rest is None else value - rest

    @property
    def current_fault(self) -> Fault | None:
        """A fault of the attempt under way, while it goes on."""
        attempt = self._attempts.current
        return self._unmet.going_on or (attempt.short if attempt is not None else None)

    @property
    def tempo_faults(self) -> tuple[Fault, ...]:
        """Rushed moves and bouncing so far."""
        side = self.motion.fault_side
        rushed = [Fault("rushed", side, start_s, end_s) for start_s, end_s in self.tempo.rushed]
        bouncing = [Fault("bouncing", side, start_s, end_s) for start_s, end_s in self.tempo.bouncing]
        return (*rushed, *bouncing)

    @property
    def idle_fault(self) -> Fault | None:
        """The fault of never having begun, once it has lasted long enough and nothing else was done."""
        rule, last_s = self.criteria.exercise.falls_short, self._signal.seen_s
        if rule is None or self._idle_s is None or last_s is None or self.held or self._faults():
            return None
        if last_s - self._idle_s < rule.idle_s:
            return None
        return Fault(rule.name, self.motion.fault_side, self._idle_s, last_s)

    def begun(self, measures: Measures, baseline: Baseline | None) -> bool:
        """True for a body on its way to the position or in it, before it is followed."""
        value, criteria = self.motion.value(measures), self.criteria
        deep = value is not None and value > criteria.enter - _HALF_WAY_IN * criteria.exercise.attempt
        return deep and self._meets(measures, baseline) is not False

    def reached(self, measures: Measures, baseline: Baseline | None) -> bool:
        """True for a body that is seen in the position."""
        value = self.motion.value(measures)
        return value is not None and value >= self.criteria.enter and self._meets(measures, baseline) is True

    def possible(self, measures: Measures, baseline: Baseline | None) -> bool:
        """True where all that is seen of the position agrees with it."""
        most = self.motion.value.at_most(measures)
        deep = most is None or most >= self.criteria.enter
        return deep and self._meets(measures, baseline) is not False

    def update(self, now: Evidence, blocked: bool, contested: bool) -> None:
        """Take one frame; `blocked` and `contested` as in its `Reading`."""
        t_s, measures = now.t_s, now.measures
        if self._first_s is None:
            self._first_s = self._told_s = t_s
        motion, signal, hold = self.motion, self._signal, self._hold
        wrong = motion.posture is not None and (
            now.baseline is None or now.baseline.posture != motion.posture
        )
        value = None if wrong else motion.value(measures)
        before, signal.value = signal.value, value
        frame_s, signal.frame_s = signal.frame_s, t_s
        if hold.entered_s is not None and (value is None or t_s - frame_s > SPARSE_S):
            hold.blind_s += t_s - frame_s
        if value is None and not wrong and self._may_go_on(measures):
            self._partly_s = t_s
        # Frames that never came are no time in position.
        if value is None:
            self.tempo.miss(t_s)
        if value is not None or wrong:
            self._unseen_s, self._told_s = self._longest_unseen_s(t_s), t_s
        seen_s = signal.seen_s
        lost = seen_s is not None and t_s - seen_s > GAP_S and self._lose(t_s, seen_s)
        if lost or value is None:
            return
        before_s = seen_s or t_s
        if before is not None and abs(value - before) > _LEAP and t_s - frame_s <= _LEAP_S:
            hold.leap(up=value > before)
        signal.take(value, before, t_s)
        if signal.settled_s >= ENTER_S:
            self.tempo.settle()
        self.met = self._meets(measures, now.baseline)
        self._follow(self._read(now, value, blocked, contested), now, t_s - before_s)

    def interrupt(self, since_s: float = inf) -> None:
        """Time stood still, and whatever was done meanwhile is unknown: what is under way is cut by it, and
        was not seen after `since_s`.
        """
        entered_s, seen_s = self._hold.entered_s, self._signal.seen_s
        if entered_s is not None and seen_s is not None and since_s < inf:
            self._end(entered_s, max(entered_s, min(seen_s, since_s)), cut=True, lost=True)
        self._signal.value = None
        self._cut()
        self._signal.short = False

    def record(self, t_s: float) -> MotionRecord:
        """What comes of the span, were it over at `t_s`; what is under way goes on undisturbed."""
        return self._apart()._close(t_s)

    def _apart(self) -> "MotionTracker":
        """A copy that may be ended, which changes it and what it is made of."""
        other = copy(self)
        other.held, other._hold, other.tempo = [*self.held], copy(self._hold), self.tempo.apart()
        other._attempts, other._unmet = self._attempts.apart(), self._unmet.apart()
        return other

    def _close(self, t_s: float) -> MotionRecord:
        self.tempo.settle()
        if self.entered_s is not None:
            self._end(self.entered_s, t_s, cut=True)
        self._attempts.close(self._rest.value, self._unmet, t_s)
        self._unmet.close()
        return MotionRecord(
            motion=self.motion,
            held=tuple(self.held),
            maybe=tuple(self.maybe),
            reps=self.reps,
            rise=self._attempts.rise,
            unsure_s=self.unsure_s,
            unseen_s=self._longest_unseen_s(t_s),
            faults=self._faults(),
            tempo=self.tempo_faults,
            paced=self._paced_frames > SEEN_SHARE * self._held_frames,
            maybe_rushed=self.tempo.maybe_rushed or self.tempo.missed >= max(1, self.tempo.seen),
            maybe_bouncing=self.tempo.maybe_bouncing,
            idle=self.idle_fault,
            seen=self._rest.value is not None,
        )

    def _faults(self) -> tuple[Fault, ...]:
        return (*self._attempts.faults, *self._unmet.faults)

    # -- one frame -------------------------------------------------------------------------------------

    def _meets(self, measures: Measures, baseline: Baseline | None) -> bool | None:
        held, limits = self._hold.entered_s is not None, self.criteria.limits
        met: bool | None = True
        for condition in self.motion.also:
            answer = condition.met(measures, baseline, limits[condition.limit], held)
            if answer is False:
                return False
            met = met and answer
        return met

    def _read(self, now: Evidence, value: float, blocked: bool, contested: bool) -> Reading:
        motion, measures, baseline = self.motion, now.measures, now.baseline
        return Reading(
            t_s=now.t_s,
            value=value,
            shows=motion.attempt_by(measures) if motion.attempt_by else value,
            foot=motion.off_bed(measures) if motion.off_bed else None,
            pace=motion.pace(measures, baseline) if motion.pace else None,
            met=self.met,
            sure=baseline is not None and baseline.side_on,
            blocked=blocked,
            contested=contested,
            height_noise=baseline.height_noise if baseline is not None else 0.0,
            deviation=motion.value.deviation(now.deviations),
        )

    def _longest_unseen_s(self, t_s: float) -> float:
        return self._unseen_s if self._told_s is None else max(self._unseen_s, t_s - self._told_s)

    def _may_go_on(self, measures: Measures) -> bool:
        """True where a part of what makes the position is unseen, and all that is seen is still in it."""
        most = self.motion.value.at_most(measures)
        return self.entered_s is not None and most is not None and most >= self.criteria.leave

    def _lose(self, t_s: float, last_s: float) -> bool:
        """Drop what was going on, as the value was unseen for too long, since `last_s`, but for a position
        that goes on as far as it is seen; True where that ended one.
        """
        entered_s = self._hold.entered_s
        if t_s - self._partly_s <= GAP_S:
            return False
        if entered_s is not None:
            self._end(entered_s, last_s, cut=True, lost=True)
        self._cut()
        self._signal.short &= t_s - last_s <= _WAY_S
        return entered_s is not None

    def _cut(self) -> None:
        """What was done meanwhile is unknown."""
        if self._attempts.current is not None:
            self._attempts.current.broken = True
        self._unmet.cut()
        self._hold.forget()
        # What was met a while ago must not keep another motion out of its position.
        self.met = None
        self._signal.halt()
        self.tempo.reset()

    def _follow(self, reading: Reading, now: Evidence, elapsed_s: float) -> None:
        enter, t_s, rest = self.criteria.enter, reading.t_s, self._rest
        unmet, unknown = reading.met is False, rest.value is None
        self._signal.short |= unmet or reading.value < enter
        rest.update(reading, now.resting and not self.under_way, self.criteria)
        if unknown and reading.value >= enter and not unmet:
            self._attempts.begin_in_position(reading.value, t_s)
        if reading.met is None and self._hold.entered_s is not None:
            self._hold.unsure_s += elapsed_s
        if not unmet and self._may_be_in_position(reading, now.baseline):
            self._note_maybe(t_s)
        self._position(reading)
        entered_s = self._hold.entered_s
        held = entered_s is not None
        self._held_frames += held
        if reading.pace is not None:
            self._paced_frames += held
            off = self._at_least_off if reading.regular else max(reading.deviation, self._uncorrected)
            steady = reading.value if self._trembles and not reading.sure else None
            held_s = None if entered_s is None else t_s - entered_s
            self.tempo.add(t_s, reading.pace, held_s, off, now.still, steady)
            if reading.sure:
                self.tempo.miss(t_s, reading.deviation)
        if self.criteria.exercise.unmet is not None:
            self._unmet.update(reading, held)
        if self._may_idle:
            self._note_idle(reading)
        assert rest.value is not None
        if self._attempts.update(reading, rest.value, rest.risen(reading), held, self._unmet):
            self.tempo.expect_end()

    def _may_be_in_position(self, reading: Reading, baseline: Baseline | None) -> bool:
        """True where the value is off by so much as it may be, or less."""
        exercise, enter = self.criteria.exercise, self.criteria.enter
        if exercise.timed_only:  # so small a move is never regular
            return reading.value + reading.deviation >= enter
        # Of a body that seems to lie otherwise, little is known.
        lies = baseline is not None and baseline.posture in exercise.postures
        return not reading.regular and reading.value >= enter - (self._doubt if lies else _DOUBT)

    def _note_maybe(self, t_s: float) -> None:
        before = self.maybe.pop() if self.maybe and t_s - self.maybe[-1][1] <= GAP_S else (t_s, t_s)
        self.maybe.append((before[0], t_s))

    def _note_idle(self, reading: Reading) -> None:
        """Notice a body that draws nothing in for long, where the exercise says that this is its fault."""
        rule = self.criteria.exercise.falls_short
        assert rule is not None
        if reading.value >= self.criteria.limit(rule.limit) or self.under_way:
            self._idle_s = None
        elif self._idle_s is None:
            self._idle_s = reading.t_s

    # -- positions -------------------------------------------------------------------------------------

    def _position(self, reading: Reading) -> None:
        hold = self._hold
        if hold.entered_s is not None:
            end_s = hold.ends(reading, self.criteria.leave)
            if end_s is not None:
                self._end(hold.entered_s, end_s, cut=False, lost=hold.leapt)
            return
        start_s = hold.begins(reading, self.criteria.enter)
        if start_s is not None:
            hold.entered_s = self._resumed(start_s)
            hold.way_in |= self._signal.short
            self.tempo.expect_end()

    def _resumed(self, start_s: float) -> float:
        """When the position that begins at `start_s` really began: one that was left for a moment goes on."""
        attempt = self._attempts.current
        if attempt is None or not attempt.positions or not self.held:
            return start_s
        last = self.held[-1]
        if last.cut or start_s - last.position.end_s > GAP_S:
            return start_s
        self._hold.way_in = self.held.pop().way_in
        attempt.positions -= 1
        return last.position.start_s

    def _end(self, start_s: float, end_s: float, cut: bool, lost: bool = False) -> None:
        """End the position under way."""
        assert self._first_s is not None
        hold, self._hold = self._hold, Hold()
        self.unsure_s += hold.unsure_s + hold.blind_s
        attempt = self._attempts.current
        # What follows an unseen part of the same attempt is a rest of a hold, not a short one.
        lost = lost or hold.unsure_s > GAP_S
        cut = cut or lost or (attempt is not None and attempt.broken)
        from_start = start_s - self._first_s < ENTER_S
        position = Position(self.motion.side, start_s, end_s)
        self.held.append(Held(position, cut or from_start, from_start, hold.way_in, lost))
        if attempt is not None:
            attempt.positions += 1
            attempt.from_start |= from_start
            attempt.broken |= cut


def motion_trackers(exercise: Exercise, limits: Mapping[str, float]) -> list[MotionTracker]:
    """One tracker for each motion of an exercise, with the limits in force."""
    return [MotionTracker(Criteria(motion, exercise, limits)) for motion in exercise.motions]
