"""The judge of one exercise: measurements in, positions, repetitions and faults out.

It keeps time by the frames' own stamps and knows no routine: the coach decides when a judge begins and ends.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from posecoach.assessment.exercise import FAULT_S, SETTLE_S, Exercise, Rule
from posecoach.assessment.motion import MotionTracker
from posecoach.assessment.results import Fault, Position, Result, Verdict
from posecoach.assessment.rules import trackers
from posecoach.core.translation import humanise, marked, tr
from posecoach.core.types import Posture, Side
from posecoach.kinematics.baseline import Baseline
from posecoach.kinematics.body import Measurements
from posecoach.kinematics.measures import SIDES, Measures

ALWAYS_SHOWN = tuple(f"{joint}_flexion_{side}" for joint in ("hip", "knee") for side in SIDES)
_OTHERWISE: Mapping[Posture, str] = {
    "supine": marked("This exercise is done lying on the back, and the body lay otherwise"),
    "prone": marked("This exercise is done lying on the front, and the body lay otherwise"),
    "left_side": marked("This exercise is done lying on one side, and the body lay otherwise"),
    "right_side": marked("This exercise is done lying on one side, and the body lay otherwise"),
}
_FACING = ("supine", "prone")  # postures that are never mistaken for one another
_MOVING = 0.15  # torso lengths in half a second above which someone moves in or out of a final shape
_HELD = 0.9  # share of the dose below which a released hold was short
_HOLD_NOISE_S = 0.3  # expected error of a measured hold
_TOGETHER = 0.35  # torso lengths: one leg drawn in and the other one down are 0.5 apart at the least
_TAKEN_FOR_THE_OTHER_S = 3.0  # a limb is at the longest; a longer one is a move of its own
_SIDES_CHANGE_S = 1.0  # less than it takes to put one limb down and to bring the other into position
_SEEN = 0.5  # share of frames in which the defining measure has to be seen
_TEMPO_SHOWN_S = 2.0  # how long a rushed or bouncing move stays on the screen


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
        defaults = {name: limit.default for name, limit in self.exercise.limits.items()}
        self._limits = in_force = defaults | dict(self.limits)
        self._motions = [MotionTracker(motion, self.exercise, in_force) for motion in self.exercise.motions]
        self._rules = trackers(self.exercise.rules, in_force)
        self._peaks: dict[str, float] = {}
        self._shown = tuple(dict.fromkeys((*ALWAYS_SHOWN, *self.exercise.measures)))
        self._frames = self._seen = self._wrong_posture = self._upright = 0
        self._first_s: float | None = None
        self._last_s = 0.0
        self._baseline: Baseline | None = None

    def begun(self, found: Measurements) -> bool:
        """True when a motion is half way or further: no starting position to begin from.

        What lacks something that the position needs is no position, however deep: a bent leg with its foot
        down is not a raised one.
        """
        return any(motion.begun(found.values, found.baseline) for motion in self._motions)

    def ready(self, found: Measurements) -> bool:
        """True where the body is in what makes the starting position besides posture and rest."""
        conditions = self.exercise.ready
        met = [c.met(found.values, found.baseline, self._limits[c.limit], held=False) for c in conditions]
        return all(met)

    def reps_on(self, side: Side) -> int:
        """Repetitions so far on one side; on any when `side` is both."""
        return sum(motion.reps for motion in self._motions if side in ("both", motion.motion.side))

    def update(self, found: Measurements | None, t_s: float) -> Judgement:
        """Take one frame's measurements; None when nobody was found."""
        if self._first_s is None:
            self._first_s = t_s
        self._frames += 1
        self._last_s = t_s
        measures: Measures = found.values if found is not None and not self._note_posture(found) else {}
        if self._one_for_both(measures):
            measures = {}
        resting = found is not None and found.still and not any(motion.under_way for motion in self._motions)
        if found is not None and found.baseline is not None:
            self._baseline = found.baseline
        for motion in () if self.exercise.timed_only else self._motions:
            rivals = [other for other in self._motions if other is not motion]
            blocked = any(_takes_part(other) for other in rivals)
            motion.update(measures, self._baseline, resting, blocked, t_s)
        seen = any(motion.motion.value(measures) is not None for motion in self._motions)
        self._seen += seen
        for name in self._shown:
            value = measures.get(name)
            if value is not None and value > self._peaks.get(name, float("-inf")):
                self._peaks[name] = value
        active = self._active()
        for rule in self._rules:
            due = self._due(rule.rule, active, found, t_s)
            rule.update(measures, self._baseline, due, t_s)
        return self._judgement(active, seen, t_s)

    def interrupt(self) -> None:
        """The session was paused: what was under way is cut by that, whatever the length of the pause.

        A hold that goes on afterwards goes on; it is never too short.
        """
        for motion in self._motions:
            motion.interrupt()
        for rule in self._rules:
            rule.close()

    def _one_for_both(self, measures: Measures) -> bool:
        """True where the network has put both legs on the one that it sees, as beside a blanket: no telling
        which of them it is.
        """
        apart = measures.get("legs_apart")
        together = self.exercise.one_leg and apart is not None and apart < _TOGETHER
        return together and any(motion.begun(measures, self._baseline) for motion in self._motions)

    def lies_wrong(self, found: Measurements) -> bool:
        """True for a body on its front where the exercise is done on the back, or the other way round."""
        posture = found.baseline.posture if found.baseline is not None else None
        wrong = posture in _FACING and posture not in self.exercise.postures
        return wrong and any(own in _FACING for own in self.exercise.postures)

    def _note_posture(self, found: Measurements) -> bool:
        self._upright += found.baseline is not None and found.baseline.posture == "upright"
        wrong = self.lies_wrong(found)
        self._wrong_posture += wrong
        return wrong

    def _active(self) -> MotionTracker | None:
        """The motion in position, or else the one furthest on its way."""
        for motion in self._motions:
            if motion.entered_s is not None:
                return motion
        under_way = [motion for motion in self._motions if motion.under_way]
        return max(under_way, key=lambda motion: motion.depth, default=None)

    def _due(self, rule: Rule, active: MotionTracker | None, found: Measurements | None, t_s: float) -> bool:
        if rule.always:
            return True
        if active is None or active.entered_s is None:
            return False
        if not rule.final_shape:
            return True
        if found is None or found.moved > _MOVING:
            return False
        return active.settled_s >= FAULT_S or t_s - active.entered_s >= SETTLE_S

    def _judgement(self, active: MotionTracker | None, seen: bool, t_s: float) -> Judgement:
        going_on = [fault for rule in self._rules for fault in rule.going_on(t_s)]
        for motion in self._motions:
            if motion.current_fault is not None:
                going_on.insert(0, motion.current_fault)
            going_on += [f for f in self._tempo_faults(motion) if t_s - f.end_s < _TEMPO_SHOWN_S]
        idle = self._idle()
        if idle is not None:
            going_on.append(idle)
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
            faults=tuple(going_on),
            seen=seen,
        )

    def _positions(self, motion: MotionTracker) -> list[tuple[Position, bool]]:
        """The motion's positions, without those of a limb that was taken for the other one for a moment."""
        return [
            one for one in motion.positions if not self._was_the_other(motion, one[0].start_s, one[0].end_s)
        ]

    def _mistaken(self) -> int:
        """How many positions were none."""
        return sum(len(motion.positions) - len(self._positions(motion)) for motion in self._motions)

    def _was_the_other(self, motion: MotionTracker, start_s: float, end_s: float) -> bool:
        """True for a moment that meets a longer position of another motion: nobody changes sides so fast."""
        lasts_s = end_s - start_s
        if self.exercise.alternating or lasts_s > _TAKEN_FOR_THE_OTHER_S:
            return False
        return any(
            position.end_s - position.start_s > 2 * lasts_s
            and position.start_s < end_s + _SIDES_CHANGE_S
            and start_s - _SIDES_CHANGE_S < position.end_s
            for other in self._motions
            if other is not motion
            for position, _ in other.positions
        )

    def _short_holds(self, motion: MotionTracker) -> list[Fault]:
        enough_s = _HELD * self.hold_s - _HOLD_NOISE_S
        if not self.exercise.hold_s or not self.hold_s:
            return []
        # Seen at an angle, a value may leap into position for a moment.
        least_s = 0.0 if self._baseline is not None and self._baseline.side_on else FAULT_S
        return [
            Fault("short_hold", motion.named, position.end_s, position.end_s)
            for position, cut in self._positions(motion)
            if not cut
            and least_s <= position.end_s - position.start_s
            and motion.held_at_most_s(position) < enough_s
        ]

    def _tempo_faults(self, motion: MotionTracker) -> list[Fault]:
        if self._baseline is None or not self._baseline.side_on:
            return []  # seen at an angle, a value flickers by more than a bounce
        rushed = [Fault("rushed", motion.named, start, end) for start, end in motion.tempo.rushed]
        return rushed + [Fault("bouncing", motion.named, start, end) for start, end in motion.tempo.bouncing]

    def _idle(self) -> Fault | None:
        if any(motion.positions or motion.entered_s is not None for motion in self._motions):
            return None
        return next((fault for motion in self._motions if (fault := motion.idle_fault())), None)

    # -- what came of it -------------------------------------------------------------------------------

    def result(self, step: int | None = None, side: Side = "both") -> Result:
        """What was found in the whole span; the judge is not to be updated afterwards.

        `side` is the side that was asked for, reported when none was worked.
        """
        for motion in self._motions:
            motion.close(self._last_s)
        for rule in self._rules:
            rule.close()
        positions = [position for motion in self._motions for position, _ in self._positions(motion)]
        faults = self._all_faults()
        verdict, notes = self._verdict(bool(positions), faults)
        return Result(
            exercise=self.exercise.id,
            side=self._side(side),
            duration_s=self._last_s - (self._first_s or 0.0),
            frames=self._frames,
            seen=self._seen / self._frames if self._frames else 0.0,
            verdict=verdict,
            faults=faults if verdict == "fault" else (),
            positions=tuple(sorted(positions, key=lambda position: position.start_s)),
            reps=max(0, self.reps_on("both") - self._mistaken()),
            peaks=self._peaks,
            score=score(verdict, faults, bool(positions)),
            notes=notes,
            step=step,
        )

    def _all_faults(self) -> tuple[Fault, ...]:
        faults: list[Fault] = []
        for motion in self._motions:
            own = [one for one in motion.faults if not self._was_the_other(motion, one.start_s, one.end_s)]
            faults += [*self._short_holds(motion), *own, *self._tempo_faults(motion)]
        for rule in self._rules:
            faults += rule.faults
        idle = self._idle()
        if idle is not None:
            faults.append(idle)
        return tuple(sorted(faults, key=lambda fault: (fault.start_s, fault.name)))

    def _verdict(self, reached: bool, faults: tuple[Fault, ...]) -> tuple[Verdict, tuple[str, ...]]:
        notes = tuple(
            tr("{fault} could not be judged from this view", fault=humanise(r.rule.name))
            for r in self._rules
            if reached and r.unjudged
        )
        if self._wrong_posture > _SEEN * self._frames:
            return "not_performed", (tr(_OTHERWISE[self.exercise.postures[0]]),)
        if self._upright > _SEEN * self._frames:
            note = tr("The body does not lie in this picture: was the camera turned? See --rotate")
            return "unseen", (note,)
        if not self._frames or (self._seen < _SEEN * self._frames and not reached):
            return "unseen", (tr("The body could not be seen well enough to judge"),)
        held_s = sum(p.end_s - p.start_s for motion in self._motions for p, _ in motion.positions)
        if held_s and sum(motion.unsure_s for motion in self._motions) > (1 - _SEEN) * held_s:
            return "unseen", (tr("The position could not be seen well enough to judge"), *notes)
        if faults:
            return "fault", notes
        if self.exercise.timed_only:
            return "unseen", (tr(self.exercise.timed_only),)
        if reached:
            return "good", notes
        if any(motion.rise for motion in self._motions):
            return "unseen", (tr("The move came near the position, too near to tell"), *notes)
        return "not_performed", ()

    def _side(self, asked: Side) -> Side:
        if not self.exercise.sided:
            return "both"
        reached: dict[Side, float] = {}
        for motion in self._motions:
            held = sum(position.end_s - position.start_s for position, _ in self._positions(motion))
            reached |= {motion.motion.side: held} if held else {}
        if len(reached) > 1 and all(motion.reps for motion in self._motions):
            return "both"
        tried: dict[Side, float] = {m.motion.side: m.rise for m in self._motions if m.rise or m.faults}
        worked = reached or tried
        idle = self._idle()
        if not worked and idle is not None and idle.side is not None:
            return idle.side
        return max(worked, key=lambda side: worked[side]) if worked else asked


def _takes_part(motion: MotionTracker) -> bool:
    """True where this motion, rather than another one, is what the person does."""
    return motion.entered_s is not None or (
        bool(motion.motion.also) and bool(motion.met) and motion.under_way
    )


def score(verdict: Verdict, faults: tuple[Fault, ...], reached: bool) -> int:
    """0..100: 100 for a performance without fault, less 30 for the first kind of fault and 15 for each
    further kind; at most 40 when the position was never reached; 0 when nothing could be judged."""
    if verdict in ("unseen", "not_performed"):
        return 0
    kinds = len({fault.name for fault in faults})
    points = 100 - (30 + 15 * (kinds - 1) if kinds else 0)
    return max(0, points if reached else min(points, 40))
