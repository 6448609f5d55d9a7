"""A session of a routine: poses in, views and events out. Knows no camera, no screen and no clock.

The steps come one after the other; a pause, a gesture or a key may come between. All times are those of the
frames.
"""

from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Literal, Protocol

from posecoach.assessment.results import Note, Result
from posecoach.assessment.verdict import without
from posecoach.coaching import phrases, tally
from posecoach.coaching.announcer import Announcer
from posecoach.coaching.clock import Clock, SessionClock
from posecoach.coaching.cues import CueMemory
from posecoach.coaching.gestures import Gestures, OnTheFront
from posecoach.coaching.pause_run import PauseRun
from posecoach.coaching.pictures import Pictures
from posecoach.coaching.plan import Routine, exercises_in, is_first_side
from posecoach.coaching.stages import Shared, Task
from posecoach.coaching.step_result import StepDone
from posecoach.coaching.step_run import StepRun
from posecoach.coaching.utterances import RATE
from posecoach.coaching.verbosity import VERBOSITY
from posecoach.coaching.view import Phase, Subject, View, build
from posecoach.coaching.visibility import Presence
from posecoach.core.choices import WordsChoice
from posecoach.core.observation import PictureState
from posecoach.core.pose import Pose
from posecoach.core.translation import tr
from posecoach.kinematics.body import Body, Measurements

_LOST_S = 15.0  # without a picture, until it is said again; twice as long each time
_REST_S = 8.0  # flat on the front, where no arm can be raised: a pause


class Coaches(Protocol):
    """What leads a session: a coach, or what goes before one."""

    @property
    def finished(self) -> bool: ...
    def update(self, pose: Pose | None, t_s: float) -> View: ...
    @property
    def paused(self) -> bool: ...
    def toggle_pause(self) -> None: ...
    def next_step(self) -> None: ...
    def picture(self, state: PictureState, frozen_since_s: float = inf) -> None: ...
    def finish(self) -> list[Result]: ...


class Coach:
    """Leads through a routine: announces, waits, times and counts its steps, one side at a time."""

    def __init__(
        self,
        routine: Routine,
        on_step: Callable[[StepDone], None] = lambda _: None,
        words: WordsChoice = "normal",
        teach: bool = False,
        controls: phrases.Controls = phrases.BY_KEYS,
        rate: int = RATE,
    ) -> None:
        """`on_step` hears of each step with an exercise the moment it is over; `words` is how much is said,
        at `rate` words a minute, and with `teach` it is said at the beginning how to pause and to stop.
        """
        self._steps = routine.steps
        self._on_step = on_step
        self._shared = Shared(Body(), CueMemory(), Announcer(rate), VERBOSITY[words], Pictures())
        self._teach = teach or words == "many"
        self._controls = controls
        self._clock = SessionClock()
        self._gestures, self._front = Gestures(), OnTheFront()
        self._run: StepRun | PauseRun | None = None
        self._next = 0
        self._results: list[Result] = []
        self._paused = self._skip = self._finished = False
        self._turned = False  # paused or resumed since the frame before
        self._lost_or_found = False  # the picture, since the frame before
        # A pause that nobody has asked for.
        self._waits_for: Literal["word", "person", "picture"] | None = None
        self._by_clock = False  # a picture that stands still is not waited for
        self._anew = False  # who has left and is back begins their step again
        self._presence = Presence()
        self._farewell = ""
        self._frozen_since_s = inf  # see `picture`
        self._remind_s, self._again_s = 0.0, _LOST_S  # of a lost picture: when, and how much later again

    @property
    def finished(self) -> bool:
        """True once the last step is over."""
        return self._finished

    @property
    def paused(self) -> bool:
        """True while the session is paused."""
        return self._paused

    @property
    def results(self) -> tuple[Result, ...]:
        """The results of the steps that are over, as they come."""
        return tuple(self._results)

    def toggle_pause(self) -> None:
        """Pause, or go on; at the end there is nothing to pause."""
        if self._finished:
            return
        self._paused = not self._paused
        self._by_clock |= not self._paused and self._shared.pictures.state == "frozen"
        self._anew = self._waits_for == "person"
        self._turned, self._waits_for = True, None

    def next_step(self) -> None:
        """Leave the step under way at the next frame."""
        self._skip = not self._finished

    def mistrust_times(self) -> None:
        """The times of the frames are not those of what is done: how fast or for how long is not judged."""
        self._shared.pictures.timed = False

    def picture(self, state: PictureState, frozen_since_s: float = inf) -> None:
        """How the pictures are from the next frame on; it says when they are lost, and when there again.
        While they are lost, frames come without a pose: the session keeps time, and goes on with the same
        step and count. Where the picture stood still since `frozen_since_s`, on the source's clock, nothing
        counts from then on, and it is waited for, unless it has stood still since before the first step."""
        if self._finished:
            return
        pictures, was_there = self._shared.pictures, self._shared.pictures.there
        pictures.state = state
        self._by_clock = not pictures.there and (self._by_clock or self._run is None)
        if pictures.there != was_there and (pictures.there or self._run is not None):
            self._lost_or_found, self._frozen_since_s = True, frozen_since_s

    def finish(self) -> list[Result]:
        """End the session; one result for each step with an exercise that was begun."""
        self._end_step(cut=True)
        self._finished = True
        return list(self._results)

    def update(self, pose: Pose | None, t_s: float) -> View:
        """Take the next frame; `t_s` rises strictly; `pose` is None when nobody was found."""
        self._shared.announcer.begin(t_s)
        clock = self._clock.tick(t_s, self._paused)
        if self._run is None and not self._finished:
            if self._teach:
                self._shared.announcer.tell("safety", tr(phrases.HOW_TO_STOP))
                self._teach = False
            self._start_step(clock)
        found = self._shared.body.measure(replace(pose, t_s=t_s)) if pose is not None else None
        if not self._finished:
            self._obey(found, t_s)
        if self._lost_or_found:
            self._tell_of_the_picture(found, clock)
        if not self._shared.pictures.there:
            self._remind_of_the_picture(t_s)
        self._shared.pictures.update(t_s)
        if not self._shared.announcer.left_s and (text := self._shared.pictures.to_be_told()):
            self._shared.announcer.tell("hint", tr(text))
        if self._turned:
            self._turn(found)
        if self._paused and not self._skip:
            return self._paused_view(clock)
        if self._skip:
            self._skip = self._paused = False
            self._waits_for = None
            self._end_step()
            return self._advance(found, clock)
        if isinstance(self._run, StepRun):
            return self._follow(self._run, found, clock)
        if self._run is not None:
            return self._rest(self._run, found, clock)
        return self._view(found, clock, "done", self._farewell)

    # -- hands-free -------------------------------------------------------------------------------------

    def _obey(self, found: Measurements | None, t_s: float) -> None:
        """Do what a raised arm, both arms, or resting and stirring on the front ask for."""
        gesture = self._gestures.update(found, t_s)
        rested_s, stirs = self._front.update(found, t_s)
        clear = self._shared.pictures.state == "there" and not self._paused
        if self._waits_for == "person":
            self._shared.body.may_rest(found, "setting_up")
        self._presence.update(found, clear, t_s)
        if gesture == "arms":
            self._end_step(cut=True)
            self._finished, self._paused, self._farewell = True, False, tr(phrases.STOPPED)
            self._skip = self._turned = False
            self._shared.announcer.tell("stopped", tr(phrases.STOPPED))
        elif self._waits_for == "picture" and self._shared.pictures.state != "frozen":
            self._paused, self._waits_for = False, None
        elif gesture == "arm" or self._is_answered(stirs, t_s):
            self.toggle_pause()
        elif not self._paused and self._presence.gone(t_s):
            self._presence.forget()
            self._shared.body.begin()  # they may come back to lie otherwise
            self._wait_for("person")
        elif not self._paused and self._idles_prone():
            quiet_s = t_s - self._shared.announcer.heard_s
            if min(rested_s, quiet_s) >= _REST_S:
                self._wait_for("word")

    def _wait_for(self, awaited: Literal["word", "person"]) -> None:
        self.toggle_pause()
        self._waits_for = awaited

    def _is_answered(self, stirs: bool, t_s: float) -> bool:
        """True once what a pause waits for is there."""
        if self._waits_for == "person":
            return self._presence.back(t_s)
        return self._waits_for == "word" and stirs

    def _idles_prone(self) -> bool:
        """True while an exercise done on the front waits for its next move."""
        run = self._run
        if not isinstance(run, StepRun) or not run.idle:
            return False
        return "prone" in run.task.exercise.lying(run.task.side)

    def _turn(self, found: Measurements | None) -> None:
        """Say that the session is paused, and let go; or say that it goes on, and with what."""
        self._turned = False
        run = self._run if isinstance(self._run, StepRun) else None
        if not self._paused and self._anew and run is not None:
            self._shared.announcer.tell("resumed", tr(phrases.RESUMED))
            self._next -= 1
            self._start_step(self._clock.now, anew=True)
        elif not self._paused:
            asked = run.asked_again(found) if run is not None else ""
            self._shared.announcer.tell("resumed", ". ".join(filter(None, (tr(phrases.RESUMED), asked))))
        else:
            self._shared.announcer.tell("paused", self._paused_text())
            if run is not None:
                run.pause()

    def _tell_of_the_picture(self, found: Measurements | None, clock: Clock) -> None:
        """Say that the picture is lost, and let a hold go; or say that it is there again, and what to do."""
        self._lost_or_found, there = False, self._shared.pictures.there
        run = self._run if isinstance(self._run, StepRun) else None
        if run is not None:
            run.picture(there, clock.session_s - clock.frame_s + self._frozen_since_s)
        paused = self._paused_text() if self._paused else ""
        held = run.held if run is not None and not self._paused else None
        self._shared.announcer.tell(*phrases.of_the_picture(self._shared.pictures.state, paused, held))
        waits = self._paused or self._waits_for_picture(run)
        explained = self._run is None or waits or self._run.explain_again(clock.session_s)
        asked = run.asked_again(found) if run is not None and there and not explained else ""
        if asked:  # by itself: who has begun before it is heard need not be asked
            self._shared.announcer.tell("ready", asked)
        self._again_s = _LOST_S
        self._remind_s = clock.frame_s + self._again_s

    def _waits_for_picture(self, run: StepRun | None) -> bool:
        """True where a picture that stands still keeps the step from going on."""
        frozen = self._shared.pictures.state == "frozen" and not self._by_clock
        return frozen and run is not None and run.needs_picture

    def _remind_of_the_picture(self, t_s: float) -> None:
        """Say, ever more seldom, that it is still lost, and how to end without a gesture."""
        waits = self._waits_for == "picture"
        unasked = self._finished or (self._paused and not waits)
        unasked |= isinstance(self._run, StepRun) and not self._run.quiet
        if t_s < self._remind_s or unasked or self._shared.announcer.left_s:
            return
        self._again_s *= 2
        self._remind_s = t_s + self._again_s
        told = self._paused_text() if waits else tr(self._controls.still_no_picture)
        self._shared.announcer.tell("still_lost", told)

    def _paused_text(self) -> str:
        if self._waits_for in ("person", "picture"):
            why = phrases.NOBODY_LEFT if self._waits_for == "person" else phrases.UNTIL_IT_MOVES
            return f"{tr(why)}. {tr(self._controls.paused_by_hand)}"
        return tr(phrases.SHALL_WE if self._waits_for else self._controls.paused)

    # -- steps -----------------------------------------------------------------------------------------

    def _start_step(self, clock: Clock, anew: bool = False) -> None:
        step, number = self._steps[self._next], self._next + 1
        self._next = number
        self._shared.pictures.dim = False
        if number == 1:
            self._remind_s = clock.frame_s + self._again_s
        if step.exercise:
            known = not anew and number > 1 and self._steps[number - 2].exercise == step.exercise
            left = is_first_side(self._steps, number - 2) and not tally.done(self._results[-1])
            more = is_first_side(self._steps, number - 1)
            task = Task(step, number, len(self._steps), known, more, whole=not left)
            self._run = StepRun(task, self._shared, clock.session_s)
        else:
            self._run = PauseRun(step, number, self._shared, clock.session_s)

    def _end_step(self, cut: bool = False) -> Result | None:
        """End the step under way, where there is one; its result, where it has an exercise. What is `cut` by
        the session's end was not left out, unless another was done in its place."""
        run, self._run = self._run, None
        if not isinstance(run, StepRun):
            return None
        done = run.finish(self._clock.now.session_s)
        if cut and done.result.verdict == "not_performed" and done.result.seems is None:
            notes = (*done.result.notes, Note("dose_not_done"))
            done = replace(done, result=replace(done.result, notes=notes))
        if self._shared.pictures.dim or not self._shared.pictures.timed:
            done = replace(done, result=without(done.result, self._shared.pictures.unjudged))
        self._results.append(done.result)
        self._on_step(done)
        return done.result

    def _follow(self, run: StepRun, found: Measurements | None, clock: Clock) -> View:
        """A step with an exercise is under way."""
        if self._waits_for_picture(run):
            # From the next frame on: that this one stands still is still noted of the step.
            self._paused, self._waits_for = True, "picture"
            run.picture(there=False, frozen_since_s=inf)
            self._shared.announcer.tell("paused", self._paused_text())
        view = run.update(found, clock)
        if run.ended is None:
            return view
        result = self._end_step()
        if run.ended == "done" and result is not None:
            self._shared.announcer.tell("step_done", run.last_words(result))
        return self._advance(found, clock)

    def _rest(self, pause: PauseRun, found: Measurements | None, clock: Clock) -> View:
        """A step without an exercise is under way."""
        pause.update(clock.session_s)
        if not pause.over(clock.session_s):
            return self._pause_view(pause, found, clock)
        self._end_step()
        return self._advance(found, clock)

    def _advance(self, found: Measurements | None, clock: Clock) -> View:
        """Begin the next step, or end."""
        if self._next >= len(self._steps):
            self._finished = True
            self._farewell = self._summary()
            self._shared.announcer.tell("done", self._farewell)
            return self._view(found, clock, "done", self._farewell)
        self._start_step(clock)
        if isinstance(self._run, StepRun):
            return self._run.view(found, clock, "waiting", self._run.start)
        assert self._run is not None
        return self._pause_view(self._run, found, clock)

    def _summary(self) -> str:
        """The last words: how much was done, and one thing for next time."""
        return tally.last_words(self._results, exercises_in(self._steps))

    # -- what is shown ---------------------------------------------------------------------------------

    def _paused_view(self, clock: Clock) -> View:
        if isinstance(self._run, StepRun):
            return self._run.view(None, clock, "paused", self._paused_text())
        return self._view(None, clock, "paused", self._paused_text())

    def _pause_view(self, pause: PauseRun, found: Measurements | None, clock: Clock) -> View:
        subject = Subject(pause.number, len(self._steps), hold_target_s=pause.step.pause_s)
        return self._view(
            found,
            clock,
            "rest",
            tr(pause.step.say),
            subject,
            hold_s=pause.lasts_s(clock.session_s),
            breath=pause.breath(clock.session_s),
        )

    def _view(
        self,
        found: Measurements | None,
        clock: Clock,
        phase: Phase,
        instruction: str,
        subject: Subject | None = None,
        hold_s: float = 0.0,
        breath: float | None = None,
    ) -> View:
        count = len(self._steps)
        return build(
            subject or Subject(count, count),
            clock,
            self._shared.announcer.events,
            phase,
            instruction,
            found.values if found is not None else None,
            hold_s=hold_s,
            breath=breath,
        )
