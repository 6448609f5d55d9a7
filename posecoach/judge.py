"""The judge of one exercise: measurements in, positions, repetitions and faults out.

It keeps time by the frames' own stamps and knows no routine: the coach decides when a judge begins and
ends. Entry lies above exit and every change has to last, so nothing flickers and nothing counts while
someone is getting into position.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from posecoach.body import Baseline, Measurements, Measures
from posecoach.checks import FAULT_S, SETTLE_S, Exercise, Motion, Rule
from posecoach.events import Side
from posecoach.results import Fault, Position, Result, Verdict

_ENTER_S = 0.25  # a position has begun, or ended, once it lasted this long
_GAP_S = 0.6  # unseen for longer ends what was going on
_OFF_BED = 0.12  # torso lengths a heel rises before the foot counts as off the bed
_PLATEAU_S = 2.0  # an attempt that has stopped rising for this long is as deep as it gets
_PLATEAU = 4.0  # degrees it may still rise meanwhile
_SETTLED = 6.0  # degrees a second below which the move in has settled
_MOVING = 20.0  # degrees a second above which the move out has begun
_HELD = 0.9  # share of the dose below which a released hold was short
_HOLD_NOISE_S = 0.3  # expected error of a measured hold
_SEEN = 0.5  # share of frames in which the defining measure has to be seen


@dataclass
class _Excursion:
    """One way in and back of one motion."""

    start_s: float
    deepest: float
    deepest_s: float
    positions: int = 0
    from_start: bool = False  # it was under way when the judge began
    fell_short: bool = False


@dataclass
class _MotionState:
    """Where one motion stands."""

    motion: Motion
    rest: float | None = None
    excursion: _Excursion | None = None
    returning: bool = False  # a repetition is complete, but the way back is not
    entered_s: float | None = None  # in position since
    candidate_s: float | None = None  # a change that has not yet lasted long enough
    value: float | None = None
    speed: float = 0.0  # degrees a second, smoothed
    last_s: float | None = None
    last_in_s: float = 0.0


@dataclass
class _RuleState:
    """Where one rule stands on one side."""

    since_s: float | None = None
    last_s: float = 0.0
    confirmed: bool = False
    unseen_s: float = 0.0
    judged_s: float = 0.0


@dataclass(frozen=True)
class Judgement:
    """What the judge holds at one frame.

    faults  those that are going on now, the one that matters most first
    hold_s  seconds of the hold that goes on, or of the last one
    ended   hold that ended at this frame, or None
    """

    phase: Literal["rest", "moving", "hold"]
    side: Side | None
    hold_s: float
    reps: int
    faults: tuple[Fault, ...]
    value: float | None
    seen: bool
    ended: Position | None = None


@dataclass
class Judge:
    """Judges one exercise over a span of frames.

    hold_s  the dose, seconds; 0 when no hold was asked for
    limits  overrides of the exercise's limits by name
    """

    exercise: Exercise
    hold_s: float = 0.0
    limits: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._limit = {name: limit.default for name, limit in self.exercise.limits.items()} | dict(self.limits)
        self._motions = [_MotionState(motion) for motion in self.exercise.motions]
        self._rules = {(rule.name, side): _RuleState() for rule in self.exercise.rules for side in rule.values}
        self._faults: list[Fault] = []
        self._positions: list[tuple[Position, bool]] = []  # with: open at the start or end of the span
        self._reps: dict[Side, int] = {}
        self._peaks: dict[str, float] = {}
        self._attempts: dict[Side, float] = {}  # largest rise above rest by side
        self._frames = self._seen = self._lying = 0
        self._first_s: float | None = None
        self._last_s = 0.0
        self._baseline: Baseline | None = None
        self._wrong_posture = 0

    def update(self, found: Measurements | None, t_s: float) -> Judgement:
        """Take one frame's measurements; None when nobody was found."""
        if self._first_s is None:
            self._first_s = t_s
        self._frames += 1
        self._last_s = t_s
        measures: Measures = found.values if found is not None else {}
        if found is not None and found.baseline is not None:
            self._baseline = found.baseline
            self._wrong_posture += found.baseline.posture not in self.exercise.postures
        ended: Position | None = None
        for state in self._motions:
            ended = self._follow(state, measures, found is not None and found.still, t_s) or ended
        self._seen += any(state.value is not None for state in self._motions)
        self._note_peaks(measures)
        active = self._active()
        in_position = active is not None and active.entered_s is not None
        self._apply_rules(active if in_position else None, measures, t_s)
        return self._judgement(active, t_s, ended)

    @property
    def start_below(self) -> float:
        """The value of every motion below which someone is in the starting position, not half way."""
        lowest = min(self._limit[motion.enter] for motion in self.exercise.motions)
        return lowest - 0.6 * self.exercise.attempt

    def reps_on(self, side: Side) -> int:
        """Repetitions so far on one side; on any when `side` is both."""
        return sum(self._reps.values()) if side == "both" else self._reps.get(side, 0)

    # -- motions ---------------------------------------------------------------------------------------

    def _follow(self, state: _MotionState, measures: Measures, still: bool, t_s: float) -> Position | None:
        value = state.motion.value(measures)
        previous, state.value = state.value, value
        if value is None:
            return self._lost(state, t_s)
        if previous is not None and state.last_s is not None:
            elapsed = t_s - state.last_s
            share = min(1.0, elapsed / 0.3)
            state.speed += share * ((value - previous) / elapsed - state.speed)
        state.last_s = t_s
        enter = self._limit[state.motion.enter]
        off_bed = self._off_bed(state.motion, measures)
        if state.rest is None:
            # A span may begin in position: then what is seen is no rest.
            state.rest = min(value, enter - self.exercise.attempt)
            if value >= enter:
                state.excursion = _Excursion(t_s, value, t_s, from_start=True)
        elif still and state.excursion is None:
            state.rest = min(value, enter - self.exercise.attempt)
        ended = self._position(state, value, enter, t_s)
        self._excurse(state, value, off_bed, t_s)
        return ended

    def _off_bed(self, motion: Motion, measures: Measures) -> bool:
        if motion.off_bed is None:
            return True
        lift = measures.get(motion.off_bed)
        return lift is None or lift > _OFF_BED

    def _lost(self, state: _MotionState, t_s: float) -> Position | None:
        if state.last_s is not None and t_s - state.last_s > _GAP_S:
            ended = self._end_position(state, state.last_in_s, cut=True) if state.entered_s is not None else None
            state.candidate_s, state.speed = None, 0.0
            return ended
        return None

    def _position(self, state: _MotionState, value: float, enter: float, t_s: float) -> Position | None:
        if state.entered_s is None:
            blocked = any(other.entered_s is not None for other in self._motions if other is not state)
            if value < enter or blocked:
                state.candidate_s = None
            elif state.candidate_s is None:
                state.candidate_s = t_s
            if state.candidate_s is not None and t_s - state.candidate_s >= _ENTER_S:
                state.entered_s, state.candidate_s = state.candidate_s, None
                state.last_in_s = t_s
            return None
        if value >= enter - self.exercise.back:
            state.candidate_s, state.last_in_s = None, t_s
            return None
        if state.candidate_s is None:
            state.candidate_s = t_s
        if t_s - state.candidate_s < _ENTER_S:
            return None
        return self._end_position(state, state.candidate_s, cut=False)

    def _end_position(self, state: _MotionState, end_s: float, cut: bool) -> Position:
        assert state.entered_s is not None
        start_s = state.entered_s
        state.entered_s = state.candidate_s = None
        position = Position(state.motion.side, start_s, end_s)
        from_start = start_s - (self._first_s or 0.0) < _ENTER_S
        self._positions.append((position, cut or from_start))
        if state.excursion is not None:
            state.excursion.positions += 1
            state.excursion.from_start |= from_start
        short = _HELD * self.hold_s - _HOLD_NOISE_S
        if self.exercise.hold_s and self.hold_s and not cut and not from_start and end_s - start_s < short:
            side = state.motion.side
            self._faults.append(Fault("short_hold", None if side == "both" else side, end_s, end_s))
        return position

    def _excurse(self, state: _MotionState, value: float, off_bed: bool, t_s: float) -> None:
        assert state.rest is not None
        out, back = state.rest + self.exercise.attempt, state.rest + 0.6 * self.exercise.attempt
        enter = self._limit[state.motion.enter]
        excursion = state.excursion
        if excursion is None:
            state.returning = state.returning and value >= back
            if (value >= out and off_bed and not state.returning) or state.entered_s is not None:
                state.excursion = _Excursion(t_s, value, t_s)
            return
        if value > excursion.deepest + _PLATEAU:
            excursion.deepest_s = t_s
        excursion.deepest = max(excursion.deepest, value)
        side = state.motion.side
        if state.entered_s is not None or excursion.positions:
            # Half way back is back: nobody has to straighten the leg between repetitions.
            if state.entered_s is None and value < max(back, enter - max(0.4 * (enter - state.rest), 1.5 * self.exercise.back)):
                if not excursion.from_start:
                    self._reps[side] = self._reps.get(side, 0) + 1
                self._end_excursion(state)
                state.returning = True
            return
        if self._rivalled(state):
            state.excursion = None
            return
        if value < back:
            self._end_excursion(state)
            self._fall_short(state, excursion, t_s)
        elif t_s - excursion.deepest_s >= _PLATEAU_S:
            self._fall_short(state, excursion, t_s)

    def _rivalled(self, state: _MotionState) -> bool:
        """True while another motion is in position: this limb only comes along."""
        return any(other.entered_s is not None for other in self._motions if other is not state)

    def _end_excursion(self, state: _MotionState) -> None:
        excursion = state.excursion
        if excursion is None or state.rest is None:
            return
        rise = excursion.deepest - state.rest
        self._attempts[state.motion.side] = max(self._attempts.get(state.motion.side, 0.0), rise)
        state.excursion = None

    def _fall_short(self, state: _MotionState, excursion: _Excursion, t_s: float) -> None:
        rule = self.exercise.falls_short
        if rule is None or excursion.from_start or excursion.deepest >= self._limit[rule.limit]:
            return
        side = state.motion.side
        named: Literal["left", "right"] | None = None if side == "both" else side
        fault = Fault(rule.name, named, excursion.start_s, t_s)
        if excursion.fell_short:
            earlier = next(i for i, f in enumerate(self._faults) if f.name == rule.name and f.start_s == fault.start_s)
            self._faults[earlier] = fault
        else:
            excursion.fell_short = True
            self._faults.append(fault)

    # -- rules -----------------------------------------------------------------------------------------

    def _apply_rules(self, active: _MotionState | None, measures: Measures, t_s: float) -> None:
        for rule in self.exercise.rules:
            limit = self._limit[rule.limit]
            able = rule.judgeable(self._baseline, limit)
            for side, value_of in rule.values.items():
                state = self._rules[rule.name, side]
                if active is None or (rule.final_shape and not self._settled(active, t_s)):
                    self._close(rule, side, state)
                    continue
                value = value_of(measures) if able else None
                if value is None:
                    state.unseen_s = t_s
                    if state.since_s is not None and t_s - state.last_s > _GAP_S:
                        self._close(rule, side, state)
                    continue
                state.judged_s += 1
                beyond = value - limit if rule.beyond == "above" else limit - value
                if beyond > rule.noise:
                    state.since_s = t_s if state.since_s is None else state.since_s
                    state.last_s = t_s
                    state.confirmed |= t_s - state.since_s >= FAULT_S
                elif state.since_s is not None and (not state.confirmed or t_s - state.last_s > _GAP_S):
                    self._close(rule, side, state)

    def _settled(self, active: _MotionState, t_s: float) -> bool:
        assert active.entered_s is not None
        held = t_s - active.entered_s
        return held >= 0.5 and abs(active.speed) < (_SETTLED if held < SETTLE_S else _MOVING)

    def _close(self, rule: Rule, side: Literal["left", "right"] | None, state: _RuleState) -> None:
        if state.confirmed and state.since_s is not None:
            self._faults.append(Fault(rule.name, side, state.since_s, state.last_s))
        state.since_s, state.confirmed = None, False

    # -- what came of it -------------------------------------------------------------------------------

    def _active(self) -> _MotionState | None:
        """The motion in position, or else the one furthest on its way."""
        for state in self._motions:
            if state.entered_s is not None:
                return state
        under_way = [state for state in self._motions if state.excursion is not None and state.value is not None]
        return max(under_way, key=lambda s: (s.value or 0) - (s.rest or 0), default=None)

    def _note_peaks(self, measures: Measures) -> None:
        for name, value in measures.items():
            if value is not None and value > self._peaks.get(name, float("-inf")):
                self._peaks[name] = value

    def _judgement(self, active: _MotionState | None, t_s: float, ended: Position | None) -> Judgement:
        going_on = [
            Fault(name, side, state.since_s, t_s)
            for (name, side), state in self._rules.items()
            if state.confirmed and state.since_s is not None
        ]
        phase: Literal["rest", "moving", "hold"] = "rest"
        hold_s = 0.0
        if active is not None and active.entered_s is not None:
            phase, hold_s = "hold", t_s - active.entered_s
        elif active is not None:
            phase = "moving"
            falls_short = self.exercise.falls_short
            if active.excursion is not None and active.excursion.fell_short and falls_short is not None:
                side = active.motion.side
                going_on.append(
                    Fault(falls_short.name, None if side == "both" else side, active.excursion.start_s, t_s)
                )
        return Judgement(
            phase=phase,
            side=active.motion.side if active is not None else None,
            hold_s=hold_s,
            reps=sum(self._reps.values()),
            faults=tuple(going_on),
            value=active.value if active is not None else None,
            seen=any(state.value is not None for state in self._motions),
            ended=ended,
        )

    def result(self, step: int | None = None, side: Side | None = None) -> Result:
        """What was found in the whole span; the judge is not to be updated afterwards.

        `side` is the side that was asked for, reported when none was worked.
        """
        for state in self._motions:
            if state.entered_s is not None:
                self._end_position(state, self._last_s, cut=True)
            if state.excursion is not None and not state.excursion.positions:
                if self._last_s - state.excursion.start_s >= _PLATEAU_S:
                    self._fall_short(state, state.excursion, self._last_s)
            self._end_excursion(state)
        for rule in self.exercise.rules:
            for side in rule.values:
                self._close(rule, side, self._rules[rule.name, side])
        reached = {position.side: 0.0 for position, _ in self._positions}
        for position, _ in self._positions:
            reached[position.side] += position.end_s - position.start_s
        faults = self._final_faults()
        verdict, notes = self._verdict(faults)
        return Result(
            exercise=self.exercise.id,
            side=self._side(reached, side or "both"),
            duration_s=self._last_s - (self._first_s or 0.0),
            frames=self._frames,
            seen=self._seen / self._frames if self._frames else 0.0,
            verdict=verdict,
            faults=faults,
            positions=tuple(sorted((p for p, _ in self._positions), key=lambda p: p.start_s)),
            reps=sum(self._reps.values()),
            peaks=self._peaks,
            score=score(verdict, faults, reached=bool(self._positions)),
            notes=notes,
            step=step,
        )

    def _final_faults(self) -> tuple[Fault, ...]:
        """An attempt that came up short while another one of the same move reached the position is still named."""
        return tuple(sorted(self._faults, key=lambda fault: (fault.start_s, fault.name)))

    def _verdict(self, faults: tuple[Fault, ...]) -> tuple[Verdict, tuple[str, ...]]:
        notes = list(self._unjudged())
        if self._frames == 0 or self._seen < _SEEN * self._frames and not self._positions:
            return "unseen", ("The body could not be seen well enough to judge", *notes)
        if faults:
            return "fault", tuple(notes)
        if self._positions:
            return "good", tuple(notes)
        if self._attempts:
            return "unseen", ("The move came close to the position, too close to tell", *notes)
        return "not_performed", ()

    def _unjudged(self) -> list[str]:
        if not self._positions:
            return []
        notes = []
        for rule in self.exercise.rules:
            if all(not self._rules[rule.name, side].judged_s for side in rule.values):
                notes.append(f"{rule.name} could not be judged from this view")
        return notes

    def _side(self, reached: Mapping[Side, float], asked: Side) -> Side:
        if not self.exercise.sided:
            return "both"
        worked: Mapping[Side, float] = reached or self._attempts
        if not worked:
            return asked
        if reached and len(reached) > 1 and all(self._reps.get(side, 0) for side in reached):
            return "both"
        return max(worked, key=lambda side: worked[side])


def score(verdict: Verdict, faults: tuple[Fault, ...], reached: bool) -> int:
    """0..100: 100 for a performance without fault, less 30 for the first kind of fault and 15 for each
    further kind; at most 40 when the position was never reached; 0 when nothing could be judged."""
    if verdict in ("unseen", "not_performed"):
        return 0
    kinds = len({fault.name for fault in faults})
    points = 100 - (30 + 15 * (kinds - 1) if kinds else 0)
    return max(0, points if reached else min(points, 40))
