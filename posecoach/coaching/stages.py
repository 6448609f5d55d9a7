"""The stages of a step: its starting position is awaited, then its judge leads, or the clock where the judge
cannot see."""

from dataclasses import dataclass, replace

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.judge import Judge, Judgement
from posecoach.coaching import phrases
from posecoach.coaching.announcer import Announcer
from posecoach.coaching.cues import Cue, CueMemory
from posecoach.coaching.pacing import COUNTED_S, LONG_S, Pace, opening
from posecoach.coaching.pictures import Pictures
from posecoach.coaching.plan import Step
from posecoach.coaching.timer import Metronome
from posecoach.coaching.verbosity import Verbosity
from posecoach.coaching.view import Subject
from posecoach.core.translation import tr
from posecoach.core.types import Side
from posecoach.kinematics.body import Body, Measurements

_WAIT_S = 45.0  # for the starting position, before moving on
_REMIND_S = 12.0  # between reminders of it; half as often of the next repetition
_HELD_S = 1.0  # in position, from which it is held: a limb on its way elsewhere passes through it
_MOVING = 0.15  # torso lengths in half a second, below which no limb is on its way
_MOVE_S = 90.0  # for the next repetition to begin, before moving on
_SENTENCE_S = 7.0  # for a long one
_RETURN_S = 12.0  # after a complete hold, before a kind reminder


@dataclass(frozen=True)
class Task:
    """What one step with an exercise asks for: `number` of the `count` steps of its routine.

    known  the step before was the same exercise
    more   the same on the other side follows
    whole  False where this is a second side whose first one was not done
    """

    step: Step
    number: int
    count: int
    known: bool = False
    more: bool = False
    whole: bool = True

    @property
    def exercise(self) -> Exercise:
        """The exercise of the step."""
        return CATALOGUE[self.step.exercise]

    @property
    def side(self) -> Side:
        """The side that is worked."""
        return self.step.worked_side

    def subject(self, side: Side, limb: tuple[int, ...]) -> Subject:
        """What a view of it is about, with the side that is worked now and the limb that matters."""
        return Subject(
            step=self.number,
            steps=self.count,
            title=tr(self.exercise.title),
            side=side,
            hold_target_s=self.step.hold_s,
            reps_target=self.step.reps,
            limb=limb,
            exercise=self.exercise.id,
        )


@dataclass(frozen=True)
class Shared:
    """What the steps of one session share."""

    body: Body
    memory: CueMemory
    announcer: Announcer
    verbosity: Verbosity
    pictures: Pictures


@dataclass(frozen=True)
class Lead:
    """What a stage makes of one frame: what is judged or timed, what to do, and how full the lungs are."""

    judged: Judgement
    instruction: str
    breath: float | None = None


@dataclass
class _Hold:
    """A hold under way since `begun_s`; the judge counts none whose way in was not seen: `uncounted`."""

    begun_s: float
    pace: Pace
    uncounted: bool = False


class Waiting:
    """The starting position is awaited from `begun_s` on, for a limited time.

    held_s  how long the exercise's own position has been held meanwhile
    """

    def __init__(self, begun_s: float, told_s: float) -> None:
        """What is missing is said at `told_s` first, and then now and then."""
        self._begun_s, self._due_s = begun_s, told_s
        self.held_s = 0.0

    def begun(self, found: Measurements | None) -> bool:
        """True once the position is held, rather than passed through."""
        return self.held_s >= _HELD_S and found is not None and found.moved < _MOVING

    def over(self, t_s: float) -> bool:
        """True once it has been waited for long enough."""
        return t_s - self._begun_s > _WAIT_S

    def remind(self, t_s: float) -> bool:
        """Whether it is time to say what is missing; noted as said."""
        due = t_s > self._due_s
        if due:
            self._due_s = t_s + _REMIND_S
        return due


class Working:
    """The judge leads.

    reps       repetitions so far, of which `by_clock` were not seen
    dose_done  the last hold was as long as was asked for
    is_cut     one was cut by a pause or a lost picture, and it has not been made up for
    """

    def __init__(self, task: Task, judge: Judge, shared: Shared, t_s: float) -> None:
        self._task, self._judge, self._shared = task, judge, shared
        self.reps = self.by_clock = 0
        self.dose_done = self.is_cut = False
        self._hold: _Hold | None = None
        self._done: _Hold | None = None  # the last one, done and let go, but not yet at rest
        self._uncounted = 0  # repetitions held as long as was asked for, which the judge does not count
        self._seen = judge.reps_on(task.side)  # repetitions that the judge counts
        self._too_short = 0  # and how many of these were cut
        self._later: Cue | None = None  # for after a hold too short for words
        self._moved_s = self._reminded_s = t_s  # when something last happened, and was last asked for

    @property
    def holding(self) -> bool:
        """True while a hold that is asked for goes on, as far as is known."""
        return self._hold is not None

    def gives_up(self, t_s: float) -> bool:
        """True when nothing has happened for so long that nothing is to be expected."""
        return t_s - self._moved_s > _MOVE_S

    def nearly_over(self, t_s: float) -> bool:
        """True in the session's last hold, where a sentence about what comes would be heard after its end."""
        task, hold = self._task, self._hold
        last = task.number == task.count and self.reps + 1 >= task.step.reps
        return last and hold is not None and task.step.hold_s - (t_s - hold.begun_s) < _SENTENCE_S

    def let_go(self) -> None:
        """The hold under way is over: the next one begins anew."""
        self.cut()
        self._hold = None

    def cut(self) -> None:
        """Nobody is asked to hold on: a hold that is let go now was too short, and is no fault either."""
        self.is_cut |= self._hold is not None and self._task.step.hold_s > 0 and not self.dose_done

    def postpone(self, cue: Cue) -> None:
        """Keep a cue until the release."""
        self._later = cue

    def handed_over(self, t_s: float, begins_s: float) -> Metronome:
        """The clock takes over: at once in the middle of a hold, else at `begins_s`."""
        if self._hold is None:
            return Metronome.taking_over(self._task.step, self._shared.verbosity, self.reps, begins_s, None)
        held = t_s - self._hold.begun_s, self._hold.pace
        return Metronome.taking_over(self._task.step, self._shared.verbosity, self.reps, t_s, held)

    def resume(self, reps: int, in_mid_hold: bool, t_s: float) -> None:
        """Lead again after the clock, which has gone on to `reps` repetitions. The judge may yet count the
        one in whose middle it lost the body."""
        self._note_seen()
        by_clock = reps - self._counted
        self.by_clock += max(0, by_clock - (in_mid_hold and by_clock > 0))
        self.reps, self._hold, self._done, self.dose_done = reps, None, None, False
        self._moved_s = self._reminded_s = t_s

    def lead(self, judged: Judgement, lost: bool, t_s: float) -> Lead:
        """Tell the milestones of holds and repetitions; a hold that is `lost` from sight may go on."""
        step, tell = self._task.step, self._shared.announcer.tell
        in_position = judged.phase == "hold"
        asked = in_position and self._task.side in ("both", judged.side)
        if asked and (self._hold is not None or not lost):
            self._follow_hold(judged, t_s)
        late = in_position and 0 < step.hold_s < judged.hold_s - _RETURN_S
        if late and self._shared.memory.due("return", t_s):
            tell("cue", tr(phrases.RETURN))
        breath = self._hold.pace.breath(judged.hold_s) if asked and self._hold is not None else None
        if not asked and not lost and self._hold is not None:
            self._leave(self._hold)
        self._count(t_s)
        if judged.phase != "rest":
            self._moved_s = t_s
        else:
            self._done = None
            self._remind(t_s)
        return Lead(judged, self._instruction(in_position), breath)

    def _remind(self, t_s: float) -> None:
        """Ask for the next move again when nothing has happened for long, and then half as often."""
        first = self._reminded_s <= self._moved_s
        if t_s - max(self._moved_s, self._reminded_s) <= (_REMIND_S if first else 2 * _REMIND_S):
            return
        self._reminded_s = t_s
        move = phrases.move(self._task.exercise, self._task.side)
        self._shared.announcer.tell("waiting", f"{tr(phrases.REMINDER)}. {move}")

    def _leave(self, hold: _Hold) -> None:
        """The position is let go, or seems so for a moment."""
        self._uncounted += hold.uncounted and self.dose_done
        last = self.dose_done and self.reps + 1 >= self._task.step.reps
        self._hold, self._done = None, hold if last else None

    def _follow_hold(self, judged: Judgement, t_s: float) -> None:
        target_s, shared = self._task.step.hold_s, self._shared
        tell = shared.announcer.tell
        if self._hold is None and self._done is not None:
            self._hold, self._done = self._done, None  # nobody is asked to hold on any more
        if self._hold is None:
            self.dose_done, self._later = False, None
            pace = Pace(target_s, shared.verbosity, self.reps + self._task.known)
            self._hold = _Hold(t_s, pace, self._judge.from_start)
            text = opening(target_s, shared.verbosity, self.reps + self._task.known)
            tell("in_position", text, urgent=target_s >= COUNTED_S)
        if shared.pictures.state == "still":
            return  # what goes on in it may have ended before: nothing is told of it until that is known
        for kind, text in self._hold.pace.due(judged.hold_s):
            self.dose_done |= kind == "hold_done"
            self.is_cut &= not self.dose_done
            tell(kind, text)

    def _note_seen(self) -> None:
        seen = self._judge.reps_on(self._task.side)
        if seen > self._seen:
            unknown = (
                self._task.step.hold_s > 0 and not self.dose_done and self._judge.has_lost(self._task.side)
            )
            self._too_short += self.is_cut or unknown
            self._seen, self.is_cut = seen, False

    @property
    def _counted(self) -> int:
        return self._seen + self.by_clock + self._uncounted - self._too_short

    def _count(self, t_s: float) -> None:
        self._note_seen()
        reps, asked = self._counted, self._task.step.reps
        if reps <= self.reps:
            return
        self.reps = reps
        cue = self._kept_cue(t_s) or self._other_side_cue(t_s)
        if cue is not None and reps == asked == 1:
            self._shared.announcer.tell("cue", cue, urgent=True)
            cue = None
        again = self._task.step.hold_s > 0 and (reps == 1 or self._shared.verbosity.again)
        last = reps == asked and self._task.step.hold_s >= LONG_S and self.dose_done  # the release was said
        text = "" if last and cue is None else phrases.rep(reps, asked, again, cue)
        self._shared.announcer.tell("rep", text)

    def _other_side_cue(self, t_s: float) -> str | None:
        """What to say where both sides are to be worked in turn, and one was twice before the other; who
        goes on with one side has heard it."""
        left, right = self._judge.reps_on("left"), self._judge.reps_on("right")
        more = self._task.exercise.alternating and self.reps < self._task.step.reps
        lopsided = more and abs(left - right) > 1
        return tr(phrases.OTHER_SIDE) if lopsided and self._shared.memory.due("other_side", t_s) else None

    def _kept_cue(self, t_s: float) -> str | None:
        """The cue that was kept until the release, where it is due; at the end only what is new."""
        later, self._later = self._later, None
        memory = self._shared.memory
        if later is None or (self.reps == self._task.step.reps and memory.said(later.key)):
            return None
        return later.text if memory.due(later.key, t_s) else None

    def _instruction(self, in_position: bool) -> str:
        if not in_position:
            return phrases.move(self._task.exercise, self._task.side)
        if self._task.step.hold_s:
            return tr(phrases.HOLD_DONE if self.dose_done else phrases.IN_POSITION)
        return tr(phrases.IN_POSITION_REP)


class Timed:
    """The clock leads: always in an exercise that the camera cannot judge, else until it sees again.

    unseen  what cannot be seen, in words; "" where nothing is missing
    """

    def __init__(
        self,
        task: Task,
        shared: Shared,
        metronome: Metronome,
        unseen: str = "",
        before: Working | None = None,
    ) -> None:
        """`before` is the stage in which the judge led, and leads again once it can see."""
        self._task, self._shared, self._metronome = task, shared, metronome
        self.unseen, self._before = unseen, before
        self._in_mid_hold = metronome.held_s is not None  # one was under way when it was lost

    @property
    def reps(self) -> int:
        """Repetitions so far."""
        return self._metronome.reps

    @property
    def quiet(self) -> bool:
        """True unless a hold is over so soon that a sentence would be in the way of its release."""
        held_s = self._metronome.held_s
        return held_s is None or self._task.step.hold_s - held_s > _SENTENCE_S

    def begin_at(self, t_s: float) -> None:
        """Let the first repetition begin only then."""
        self._metronome.begins_s = max(self._metronome.begins_s, t_s)

    def over(self, t_s: float) -> Working | None:
        """The stage in which the judge leads again; None where it never does."""
        if self._before is not None:
            self._before.resume(self.reps, self._in_mid_hold, t_s)
        return self._before

    def lead(self, judged: Judgement, t_s: float) -> Lead:
        """Tell the milestones by the clock alone."""
        metronome = self._metronome
        for kind, text in metronome.update(t_s):
            lasts = kind == "in_position" and self._task.step.hold_s >= COUNTED_S
            self._shared.announcer.tell(kind, text, urgent=lasts)
        if metronome.held_s is None:
            move = phrases.move(self._task.exercise, self._task.side)
            return Lead(replace(judged, phase="rest"), move)
        held = replace(judged, phase="hold", hold_s=metronome.held_s)
        return Lead(held, tr(phrases.HOLD), metronome.pace.breath(metronome.held_s))
