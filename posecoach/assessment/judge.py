"""The judge of one exercise: measurements in, positions, repetitions and faults out.

It keeps time by the frames' own stamps and knows no routine: the coach decides when a judge begins and ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from math import inf
from typing import Literal, NamedTuple

from posecoach.assessment.exercise import Exercise, Rule
from posecoach.assessment.frame_recognition import lies_no_more
from posecoach.assessment.motion import MotionTracker, motion_trackers
from posecoach.assessment.reading import Evidence
from posecoach.assessment.results import Fault, Result
from posecoach.assessment.rules import rule_trackers
from posecoach.assessment.thresholds import FAULT_S, OFF_BED, SETTLE_S
from posecoach.assessment.verdict import Frames, Performance, conclude, enough_s
from posecoach.core.types import Side
from posecoach.kinematics.baseline import FACING, SIDE_ON, Baseline
from posecoach.kinematics.body import HIP_UNKNOWN, Measurements
from posecoach.kinematics.measures import DIRECTED, Measures
from posecoach.kinematics.resting import STILL
from posecoach.kinematics.spatial import SIDES

ALWAYS_SHOWN = tuple(f"{joint}_flexion_{side}" for joint in ("hip", "knee") for side in SIDES)
_MOVING = 0.15  # torso lengths in half a second above which someone moves in or out of a final shape
_HOLE_S = 1.0  # without a frame: nothing was filmed then, or it shows another exercise
_TOGETHER = 0.35  # torso lengths: one leg drawn in and the other one down are 0.5 apart at the least
_HIPS = tuple(f"hip_flexion_{side}" for side in SIDES)
_NONE_SEEN: Measures = {}
_NONE_KNOWN: Mapping[str, float] = {}
_TEMPO_SHOWN_S = 2.0  # how long a rushed or bouncing move stays on the screen


class Sight(NamedTuple):
    """What one frame tells every judge of an exercise, by whatever each of them sees its measures moved.

    measures    those that are believed: none where nobody was found, or sits, or lies otherwise than measured
    deviations  of the measures
    baseline    None where nobody was found, or not yet at rest
    moved       torso lengths in the last half second; infinite where unknown
    suits       nothing is known against the posture
    wrong       the body lies on its front where the exercise is done on the back, or the other way round
    elsewhere   it surely lies in another posture than the exercise's
    """

    t_s: float
    measures: Measures = _NONE_SEEN
    deviations: Mapping[str, float] = _NONE_KNOWN
    baseline: Baseline | None = None
    moved: float = inf
    suits: bool = True
    wrong: bool = False
    elsewhere: bool = False


@dataclass(frozen=True)
class Judgement:
    """What the judge holds at one frame.

    faults  those that are going on now, the one that matters most first
    hold_s  seconds of the hold that goes on
    """

    phase: Literal["rest", "moving", "hold"]
    side: Side | None
    hold_s: float
    reps: int
    faults: tuple[Fault, ...]
    seen: bool


def _believed(found: Measurements) -> Measures:
    """The values of a frame without the hips that may be anything, though their legs are seen: as of a leg
    that the network has put on the one in front of it.
    """
    unsure = [name for name in _HIPS if found.deviations.get(name, 0.0) > HIP_UNKNOWN]
    return {**found.values, **dict.fromkeys(unsure)} if unsure else found.values


@dataclass
class Judge:
    """Judges one exercise over a span of frames.

    hold_s  the dose, seconds; 0 when no hold was asked for
    limits  overrides of the exercise's limits by name
    rested  the first baseline is of a body at rest, though a position may be under way when the judge begins
    """

    exercise: Exercise
    hold_s: float = 0.0
    limits: Mapping[str, float] = field(default_factory=dict)
    rested: bool = False

    def __post_init__(self) -> None:
        self._limits = self.exercise.limits_with(self.limits)
        self._motions = motion_trackers(self.exercise, self._limits)
        self._each = [(one, [other for other in self._motions if other is not one]) for one in self._motions]
        self._values = tuple(dict.fromkeys(motion.value for motion in self.exercise.motions))
        self._rules = rule_trackers(self.exercise.rules, self._limits)
        self._shown = tuple(dict.fromkeys((*ALWAYS_SHOWN, *self.exercise.measures)))
        self._peaks: dict[str, float] = {}
        self._turns: dict[Side, dict[str, float]] = {"left": {}, "right": {}}
        falling = (motion.value.names for motion in self.exercise.motions if motion.value.falls)
        self._falling = {name for names in falling for name in names} - set(DIRECTED)
        self._frames = Frames()
        self._first_s: float | None = None
        self._last_s = 0.0
        self._active: MotionTracker | None = None  # and whether anything of the exercise was seen then
        self._sees = False
        self._baseline: Baseline | None = None
        # What is no lift above a baseline that was taken in position may be one all the same.
        self._rest_seen = self.rested

    def begun(self, found: Measurements) -> bool:
        """True when a motion is half way or further: no starting position to begin from.

        What lacks something that the position needs is no position, however deep: a bent leg with its foot
        down is not a raised one.
        """
        return self._is_begun(found.values, found.baseline)

    def _is_begun(self, measures: Measures, baseline: Baseline | None) -> bool:
        return any(motion.begun(measures, baseline) for motion in self._motions)

    def ready(self, found: Measurements) -> bool:
        """True where the body is in what makes the starting position besides posture and rest."""
        conditions = self.exercise.ready
        met = [c.met(found.values, found.baseline, self._limits[c.limit], held=False) for c in conditions]
        return all(met)

    def reps_on(self, side: Side) -> int:
        """Repetitions so far on one side; on any when `side` is both."""
        return sum(motion.reps for motion in self._motions if side in ("both", motion.motion.side))

    def has_lost(self, side: Side) -> bool:
        """True where the latest position on one side, on any when `side` is both, was lost from sight and may
        not be done: it is unseen whether it is still held, or was too short with all that was unseen of it.
        """
        own = [one for motion in self._motions if side in ("both", motion.motion.side) for one in motion.held]
        own.sort(key=lambda one: one.position.end_s)
        if not own or own[-1].lost:
            return bool(own)
        parts = [own.pop()]
        while own and own[-1].lost and not parts[-1].way_in:
            parts.append(own.pop())
        begun_s, ended_s = parts[-1].position.start_s, parts[0].position.end_s
        return len(parts) > 1 and ended_s - begun_s < enough_s(self.hold_s)

    @property
    def from_start(self) -> bool:
        """True while a position goes on that was under way at first: it will be no repetition."""
        return any(motion.from_start for motion in self._motions)

    @property
    def untouched(self) -> bool:
        """True as long as no move has begun."""
        return not self._under_way and not any(motion.held or motion.reps for motion in self._motions)

    @property
    def _under_way(self) -> bool:
        return True in [motion.under_way for motion in self._motions]

    def lies_wrong(self, found: Measurements) -> bool:
        """True for a body on its front where the exercise is done on the back, or the other way round."""
        baseline = None if found.shoulders_hidden else found.baseline
        posture = baseline.posture if baseline is not None else None
        wrong = posture in FACING and posture not in self.exercise.postures
        return wrong and any(own in FACING for own in self.exercise.postures)

    def _has_rolled(self, found: Measurements) -> bool:
        """True for a body on a side, though it lay on its back, where only the legs should have moved."""
        on_back = found.baseline is not None and found.baseline.posture == "supine"
        return on_back and not self.exercise.turns and bool(found.values.get("rolled"))

    def legs_are_alike(self, measures: Measures) -> bool:
        """True where both legs seem to do what one of them should: they do, or the network has put both on
        the one that it sees, as beside a blanket. No telling then which of them it is.
        """
        apart = measures.get("legs_apart") if self.exercise.one_leg else None
        if apart is None:
            return False
        if apart >= _TOGETHER:
            # Both raised, one after the other or one above the other, is another move.
            return all(motion.reached(measures, self._baseline) for motion in self._motions)
        feet = [motion.motion.off_bed for motion in self._motions]
        lifts = [foot(measures) for foot in feet if foot is not None]
        lifted = all(lift is not None and lift >= OFF_BED for lift in lifts)
        return lifted or self._is_begun(measures, self._baseline)

    def sight(self, found: Measurements | None, t_s: float) -> Sight:
        """What a frame says; `found` is None when nobody was found."""
        if found is None:
            return Sight(t_s)
        baseline, wrong = found.baseline, self.lies_wrong(found)
        gone = wrong or lies_no_more(found) or self._has_rolled(found)
        return Sight(
            t_s,
            _NONE_SEEN if gone else _believed(found),
            found.deviations,
            baseline,
            found.moved,
            baseline is None or baseline.posture in self.exercise.postures,
            wrong,
            self.lies_elsewhere(found),
        )

    def update(self, found: Measurements | None, t_s: float) -> Judgement:
        """Take one frame's measurements; None when nobody was found. `t_s` rises strictly."""
        self.take(found, t_s)
        return self.judgement

    def take(self, found: Measurements | None, t_s: float) -> bool:
        """The same for somebody who hardly asks for the judgement: whether a motion goes on."""
        sight = self.sight(found, t_s)
        self._note_peaks(self.follow(sight, sight.measures))
        return self._active is not None

    def follow(self, sight: Sight, measures: Measures) -> Measures:
        """The same for somebody who only asks for the verdict: the measures that are believed. `measures`
        stand for those of `sight`.
        """
        if self._first_s is None:
            self._first_s = sight.t_s
        elif sight.t_s - self._last_s > _HOLE_S:
            self._frames.missing_s += sight.t_s - self._last_s
        self._last_s = sight.t_s
        if self.legs_are_alike(measures) and self._is_begun(measures, self._baseline):
            measures = {}
        before = self._baseline
        if sight.baseline is not None:
            self._baseline = sight.baseline
        baseline = self._baseline
        still = sight.moved < STILL
        resting = still and not self._under_way
        now = Evidence(sight.t_s, measures, sight.deviations, baseline, still, resting)
        asked = self.exercise.unmet is not None  # which alone wants to know what is contested
        for motion, others in self._each:
            blocked = contested = False
            for other in others:
                blocked = blocked or other.keeps_out(motion)
                contested = contested or (asked and other.possible(measures, baseline))
            motion.update(now, blocked, contested)
        values = [value(measures) for value in self._values]
        self._sees = values.count(None) < len(values)
        self._count(sight)
        active = self._active = self._furthest()
        if baseline is not before:
            self._rest_seen = not self._under_way or (before is None and self.rested)
        for rule in self._rules:
            rule.update(now, self._due(rule.rule, active, sight), rested=self._rest_seen)
        return measures

    def interrupt(self, since_s: float = inf) -> None:
        """The session was paused: what was under way is cut by that, whatever the length of the pause.

        A hold that goes on afterwards goes on; it is never too short. What was taken for seen after `since_s`
        was not: a hold or a fault that was under way ended then.
        """
        for motion in self._motions:
            motion.interrupt(since_s)
        for rule in self._rules:
            rule.close(since_s)

    def result(self, step: int | None = None, side: Side = "both") -> Result:
        """What comes of the span so far, were it over now; updates may go on afterwards.

        `side` is the side that was asked for, reported when none was worked, or both were.
        """
        performance = Performance(
            exercise=self.exercise,
            hold_s=self.hold_s,
            first_s=self._first_s or 0.0,
            last_s=self._last_s,
            frames=replace(self._frames),
            side_on=self._side_on,
            motions=tuple(motion.record(self._last_s) for motion in self._motions),
            rules=tuple(rule.record() for rule in self._rules),
            peaks=dict(self._peaks),
            turns={to: dict(turns) for to, turns in self._turns.items()},
        )
        return conclude(performance, step, side)

    @property
    def _side_on(self) -> bool:
        """True where the camera sees the body from the side.

        One that seems to lie on a side may be one on its back that is seen from above.
        """
        lies = self._baseline
        sure = lies is not None and lies.posture in (*FACING, *self.exercise.postures)
        return lies is not None and lies.side_on and sure

    def _count(self, sight: Sight) -> None:
        frames, baseline = self._frames, sight.baseline
        frames.total += 1
        frames.seen += self._sees
        frames.wrong_posture += sight.wrong
        frames.upright += baseline is not None and baseline.posture == "upright"
        frames.elsewhere += sight.elsewhere

    def lies_elsewhere(self, found: Measurements) -> bool:
        """True for a body in another posture than the exercise's; one on its front that is seen at an angle
        seems to lie on a side.
        """
        baseline = found.baseline
        if baseline is None:
            return False
        across = baseline.azimuth < SIDE_ON and not baseline.from_above
        sure = across or "prone" not in self.exercise.postures
        return sure and baseline.posture not in self.exercise.postures

    def _note_peaks(self, measures: Measures) -> None:
        for name in self._shown:
            value = measures.get(name)
            if value is None:
                continue
            known = self._peaks.get(name)
            if known is None or self._further(name, value, known):
                self._peaks[name] = value
            if name in DIRECTED and value:
                turns = self._turns["left" if value > 0 else "right"]
                turns[name] = max(value, turns.get(name, value), key=abs)

    def _further(self, name: str, value: float, known: float) -> bool:
        if name in DIRECTED:
            return abs(value) > abs(known)
        return value < known if name in self._falling else value > known

    def _furthest(self) -> MotionTracker | None:
        """The motion in position, or else the one furthest on its way."""
        for motion in self._motions:
            if motion.entered_s is not None:
                return motion
        under_way = [motion for motion in self._motions if motion.under_way]
        return max(under_way, key=lambda motion: motion.depth) if under_way else None

    def _due(self, rule: Rule, active: MotionTracker | None, sight: Sight) -> bool:
        """Whether a rule applies: with a body in position, and where it has settled in its final shape."""
        if not sight.suits:
            return False  # what lies otherwise, or seems to, is not measured as the rule means it
        if rule.always:
            return True
        if active is None or active.entered_s is None:
            return False
        if not rule.final_shape:
            return True
        if sight.moved > _MOVING:
            return False
        return active.settled_s >= FAULT_S or sight.t_s - active.entered_s >= SETTLE_S

    @property
    def judgement(self) -> Judgement:
        """What it holds at the latest frame."""
        active, t_s = self._active, self._last_s
        phase: Literal["rest", "moving", "hold"] = "rest"
        hold_s = 0.0
        if active is not None and active.entered_s is not None:
            phase, hold_s = "hold", t_s - active.entered_s
        elif active is not None:
            phase = "moving"
        return Judgement(
            phase=phase,
            side=active.motion.side if active is not None else None,
            hold_s=hold_s,
            reps=self.reps_on("both"),
            faults=self._going_on(t_s),
            seen=self._sees,
        )

    def _going_on(self, t_s: float) -> tuple[Fault, ...]:
        """The faults that are there now, the one that matters most first."""
        going_on = [fault for rule in self._rules for fault in rule.going_on(t_s)]
        for motion in self._motions:
            current = motion.current_fault
            if current is not None:
                going_on.insert(0, current)
            going_on += [f for f in motion.tempo_faults if t_s - f.end_s < _TEMPO_SHOWN_S]
        if self._under_way or any(motion.held for motion in self._motions):
            return tuple(going_on)
        idle = [fault for motion in self._motions if (fault := motion.idle_fault) is not None]
        return (*going_on, *idle[:1])
