"""A session that looks for how far a person comfortably goes: each exercise and side, a time or two.

It judges nothing and knows no target, so that nobody reaches for one: a depth counts once it has been kept
for a breath. Like the coach, it takes poses and gives views and events, and knows no camera, no screen and no
clock.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf
from statistics import median

from posecoach.assessment.exercise import Exercise, Motion
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Result
from posecoach.assessment.thresholds import OFF_BED
from posecoach.coaching import phrases
from posecoach.coaching.announcer import Announcer
from posecoach.coaching.clock import SessionClock
from posecoach.coaching.plan import Routine
from posecoach.coaching.stages import Waiting
from posecoach.coaching.start_position import what_is_missing
from posecoach.coaching.targets import Range
from posecoach.coaching.view import Phase, Subject, View, build, limb
from posecoach.core.observation import NO_PICTURE, PictureState
from posecoach.core.pose import Pose
from posecoach.core.translation import marked, tr
from posecoach.core.types import Posture, Side
from posecoach.kinematics.baseline import Baseline
from posecoach.kinematics.body import Body, Measurements

STAY = marked("Stay there for a breath, where it is comfortable")
THANKS = marked("Thank you. And slowly back")
AGAIN = marked("Once more, only as far as is comfortable")
DONE = marked("That was all. Thank you, and rest a moment")

_PATIENCE_S = 60.0  # for something to happen, before moving on
_REMIND_S = 12.0
_REPS = 2
_KEPT_S = 1.5  # a depth counts once it has been kept this long
_STEADY = 8.0  # degrees within which it is kept: the tremble of a held limb, and of the measurement


@dataclass(frozen=True)
class Trial:
    """One exercise to be measured, on the side that a step of a routine works."""

    exercise: Exercise
    side: Side

    @property
    def motions(self) -> tuple[Motion, ...]:
        """The motions to be measured: both of an exercise that alternates."""
        return self.exercise.motions_on(self.side)

    @property
    def postures(self) -> tuple[Posture, ...]:
        """How the body may lie."""
        return self.exercise.lying(self.side)


def trials(routine: Routine) -> list[Trial]:
    """Each exercise and side of a routine once, but for what the camera cannot judge."""
    wanted: dict[tuple[str, Side], Trial] = {}
    for step in routine.steps:
        exercise = CATALOGUE.get(step.exercise)
        if exercise is not None and not exercise.timed_only:
            wanted[step.exercise, step.worked_side] = Trial(exercise, step.worked_side)
    return list(wanted.values())


@dataclass(frozen=True)
class Reached:
    """A motion's value (larger is deeper) at rest, and at its deepest that was kept for a breath."""

    rest: float
    peak: float


@dataclass
class _Reach:
    """One motion on its way from rest and back."""

    exercise: Exercise
    motion: Motion
    rest: float
    value: float
    peak: float | None = None
    reps: int = 0
    deepest: float | None = None  # kept, on the way under way
    _recent: deque[tuple[float, float]] = field(default_factory=deque)

    @property
    def under_way(self) -> bool:
        """True while the value is well above rest."""
        return self.value - self.rest >= 2 * self.exercise.back

    def update(self, found: Measurements, t_s: float) -> None:
        """Take one frame."""
        value = self.motion.value(found.values)
        if value is None:
            self._recent.clear()
            return
        self.value = value
        if self.deepest is not None and value < (self.rest + self.deepest) / 2:
            self.reps, self.deepest = self.reps + 1, None
        if not self.under_way or not self._counts(found.values, found.baseline):
            self._recent.clear()
            return
        self._recent.append((t_s, value))
        while self._recent[0][0] < t_s - _KEPT_S:
            self._recent.popleft()
        kept = [value for _, value in self._recent]
        if t_s - self._recent[0][0] >= 0.9 * _KEPT_S and max(kept) - min(kept) <= _STEADY:
            depth = median(kept)
            self.deepest = depth if self.deepest is None else max(depth, self.deepest)
            self.peak = depth if self.peak is None else max(depth, self.peak)

    def _counts(self, measures: Mapping[str, float | None], baseline: Baseline | None) -> bool:
        """Whether this is the exercise's move, as far as can be seen: its conditions met, the foot lifted."""
        conditions = self.motion.also
        limits = self.exercise.limits
        met = [c.met(measures, baseline, limits[c.limit].default, held=False) for c in conditions]
        foot = self.motion.off_bed(measures) if self.motion.off_bed is not None else None
        return False not in met and (foot is None or foot >= OFF_BED)


@dataclass
class _TrialRun:
    """A trial under way; `reaches` once the starting position is taken."""

    trial: Trial
    subject: Subject
    waiting: Waiting
    moved_s: float  # when something last happened
    reminded_s: float
    reaches: tuple[_Reach, ...] = ()
    phase: Phase = "rest"

    @property
    def reps(self) -> int:
        return sum(reach.reps for reach in self.reaches)

    @property
    def kept(self) -> bool:
        """True from the moment a depth was kept to the way back."""
        return any(reach.deepest is not None for reach in self.reaches)


class Calibration:
    """Leads through trials and keeps what was reached."""

    def __init__(self, trials: Sequence[Trial], controls: phrases.Controls = phrases.BY_KEYS) -> None:
        self._controls = controls
        self.reached: dict[tuple[str, Side], Reached] = {}
        self._trials = tuple(trials)
        self._body = Body()
        self._announcer, self._clock = Announcer(), SessionClock()
        self._run: _TrialRun | None = None
        self._next = 0
        self._paused = self._skip = self._finished = False
        self._picture: PictureState = "there"
        self._lost_or_found = False
        self._turned = False  # paused or resumed since the frame before

    def ranges(self, day: date) -> dict[tuple[str, Side], Range]:
        """What was reached, by exercise and side, as it is kept: on this day, to a tenth of a degree."""
        return {key: Range(day, round(one.rest, 1), round(one.peak, 1)) for key, one in self.reached.items()}

    @property
    def missed(self) -> list[tuple[Exercise, Side]]:
        """The exercises and sides of which nothing is known now."""
        wanted = ((trial.exercise, motion.side) for trial in self._trials for motion in trial.motions)
        return [(exercise, side) for exercise, side in wanted if (exercise.id, side) not in self.reached]

    @property
    def finished(self) -> bool:
        """True once the last trial is over."""
        return self._finished

    @property
    def paused(self) -> bool:
        """True while the session is paused."""
        return self._paused

    def toggle_pause(self) -> None:
        """Pause, or go on."""
        self._paused = not self._paused
        self._turned = True

    def picture(self, state: PictureState, frozen_since_s: float = inf) -> None:
        """How the pictures are from the next frame on; it says when they are lost, and when there again."""
        self._lost_or_found |= (state in NO_PICTURE) != (self._picture in NO_PICTURE) and not self._finished
        self._picture = state

    def next_step(self) -> None:
        """Leave the trial under way at the next frame."""
        self._skip = True

    def finish(self) -> list[Result]:
        """End the session. There is nothing to judge, hence no result."""
        self._leave()
        self._finished = True
        return []

    def update(self, pose: Pose | None, t_s: float) -> View:
        """Take the next frame; `t_s` rises strictly; `pose` is None when nobody was found."""
        self._announcer.begin(t_s)
        now = self._clock.tick(t_s, self._paused)
        if self._lost_or_found:
            self._lost_or_found = False
            paused = tr(self._controls.paused_by_hand) if self._paused else ""
            held = self._run.trial.exercise if self._run is not None and self._run.phase != "rest" else None
            self._announcer.tell(*phrases.of_the_picture(self._picture, paused, held))
        if self._turned:
            self._turned = False
            if self._paused:
                self._announcer.tell("paused", tr(self._controls.paused_by_hand))
            else:
                self._announcer.tell("resumed", tr(phrases.RESUMED))
        if self._paused and not self._skip:
            return self._view(None, "paused", tr(self._controls.paused_by_hand))
        found = self._body.measure(replace(pose, t_s=now.session_s)) if pose is not None else None
        if self._finished:
            return self._view(found, "done", tr(DONE))
        if self._run is None or self._skip:
            self._skip = self._paused = False
            return self._advance(found, now.session_s)
        if not self._run.reaches:
            return self._wait(self._run, found, now.session_s)
        return self._follow(self._run, found, now.session_s)

    # -- trials ----------------------------------------------------------------------------------------

    def _advance(self, found: Measurements | None, t_s: float) -> View:
        """Leave the trial under way and begin the next."""
        self._leave()
        if self._next == len(self._trials):
            self._finished = True
            self._announcer.tell("done", tr(DONE))
            return self._view(found, "done", tr(DONE))
        if self._next == 0:
            self._announcer.tell("announce", tr(self._controls.opening))
        trial = self._trials[self._next]
        self._next += 1
        exercise, side = trial.exercise, trial.side
        subject = Subject(
            step=self._next,
            steps=len(self._trials),
            title=tr(exercise.title),
            side=side,
            reps_target=_REPS,
            limb=limb(exercise, side),
            exercise=exercise.id,
        )
        self._run = run = _TrialRun(trial, subject, Waiting(t_s, t_s + _REMIND_S), t_s, t_s)
        self._body.begin()
        start = phrases.start(exercise, side)
        self._announcer.tell("announce", f"{phrases.sided(subject.title, side)}. {start}")
        return self._view(found, "waiting", start, run)

    def _leave(self) -> None:
        run, self._run = self._run, None
        for reach in run.reaches if run is not None else ():
            if reach.peak is not None:
                known = (reach.exercise.id, reach.motion.side)
                self.reached[known] = Reached(reach.rest, reach.peak)

    def _give_up(self, run: _TrialRun, found: Measurements | None, t_s: float) -> View:
        self._announcer.tell("moving_on", phrases.moving_on(run.trial.exercise))
        return self._advance(found, t_s)

    def _wait(self, run: _TrialRun, found: Measurements | None, t_s: float) -> View:
        """The starting position is awaited."""
        exercise, side = run.trial.exercise, run.trial.side
        hint = what_is_missing(exercise, side, found)
        self._body.may_rest(found, "setting_up")
        if found is not None and hint is None:
            values = [(motion, motion.value(found.values)) for motion in run.trial.motions]
            run.reaches = tuple(
                _Reach(exercise, motion, value, value) for motion, value in values if value is not None
            )
            run.moved_s = run.reminded_s = t_s
            move = phrases.move(exercise, side)
            self._announcer.tell("ready", f"{move}. {tr(STAY)}")
            return self._view(found, "rest", move, run)
        if run.waiting.over(t_s):
            return self._give_up(run, found, t_s)
        if run.waiting.remind(t_s):
            self._announcer.tell("waiting" if found is not None else "unseen", str(hint))
        return self._view(found, "waiting", str(hint), run)

    def _follow(self, run: _TrialRun, found: Measurements | None, t_s: float) -> View:
        """The trial is under way."""
        reps, kept = run.reps, run.kept
        for reach in run.reaches if found is not None and self._picture in ("there", "dim") else ():
            assert found is not None
            reach.update(found, t_s)
        moving = any(reach.under_way for reach in run.reaches)
        phase: Phase = "hold" if run.kept else "moving" if moving else "rest"
        if phase != run.phase:
            run.phase, run.moved_s = phase, t_s
        if run.kept and not kept:
            self._announcer.tell("hold_done", tr(THANKS))
        if run.reps > reps:
            run.moved_s = t_s
            if run.reps >= _REPS and all(reach.reps for reach in run.reaches):
                more = any(later.exercise is run.trial.exercise for later in self._trials[self._next :])
                told = tr(phrases.OTHER_SIDE) if more else phrases.step_done(run.trial.exercise)
                self._announcer.tell("step_done", told)
                return self._advance(found, t_s)
            self._announcer.tell("rep", tr(AGAIN))
        if found is not None and found.still and phase == "rest":
            for reach in run.reaches:
                reach.rest = min(reach.rest, reach.value)  # it began half way: this is the rest
        if t_s - run.moved_s > _PATIENCE_S:
            return self._give_up(run, found, t_s)
        if phase == "rest" and t_s - max(run.moved_s, run.reminded_s) > 2 * _REMIND_S:
            run.reminded_s = t_s
            self._announcer.tell(
                "waiting", f"{tr(phrases.REMINDER)}. {phrases.move(run.trial.exercise, run.trial.side)}"
            )
        instruction = {"hold": THANKS, "moving": STAY}.get(phase, run.trial.exercise.move)
        return self._view(found, phase, tr(instruction, run.trial.side), run)

    # -- what is shown ---------------------------------------------------------------------------------

    def _view(
        self, found: Measurements | None, phase: Phase, instruction: str, run: _TrialRun | None = None
    ) -> View:
        return build(
            run.subject if run is not None else Subject(),
            self._clock.now,
            self._announcer.events,
            phase,
            instruction,
            found.values if found is not None else None,
            reps=min(run.reps, _REPS) if run is not None else 0,
            not_seen=str(phrases.nobody()) if run is not None and found is None else None,
        )
