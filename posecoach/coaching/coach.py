"""The session as a state machine: poses in, views and events out. Knows no camera, no screen and no clock.

A step is announced; its starting position is awaited, for a limited time; then its judge times holds and
counts repetitions until the dose is done. All times are those of the frames.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.judge import Judge, Judgement
from posecoach.assessment.results import Note, Result
from posecoach.coaching import phrases
from posecoach.coaching.gestures import Gestures, OnTheFront
from posecoach.coaching.pacing import COUNTED_S, Pace, opening
from posecoach.coaching.phrases import Unseen
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.timer import Pause, Timed
from posecoach.coaching.utterances import spoken_s
from posecoach.coaching.view import Event, Kind, Phase, View
from posecoach.coaching.visibility import BACK_S, GONE_S, NEVER_S, VisibilityTimer
from posecoach.core.pose import INDEX, Pose
from posecoach.core.translation import tr
from posecoach.core.types import Side
from posecoach.kinematics.body import Body, Measurements

_WAIT_S = 45.0  # for the starting position, before moving on
_REMIND_S = 12.0  # between reminders while waiting
_MOVE_S = 90.0  # for the next repetition to begin, before moving on
_PATIENCE_S = 120.0  # and three times what a step usually takes, before moving on whatever happens
_RETURN_S = 12.0  # after a complete hold, before a kind reminder
_REPEAT_S = 10.0  # the same cue is not repeated earlier
_BETWEEN_S = 3.0  # no two cues come closer
_REST_S = 8.0  # flat on the front, where no arm can be raised: a pause
_LOST_S = 1.0  # unseen this long is said
_TELL_AGAIN_S = 180.0  # that only time is kept is said once; after this long it may have been forgotten
_PRAISE_STEPS = 2  # praise wears out: not for each of two clean steps in a row


@dataclass
class _Run:
    """One step under way."""

    step: Step
    exercise: Exercise
    judge: Judge
    number: int
    side: Side
    begun_s: float
    ready_s: float | None = None
    moved_s: float = 0.0  # when something last happened
    reminded_s: float = 0.0
    heard_s: float = 0.0  # when what was said of the step so far is over
    pace: Pace | None = None  # of the hold that goes on
    timed: Timed | None = None  # where the clock leads
    sight: VisibilityTimer = field(default_factory=VisibilityTimer)
    blind: str = ""  # what cannot be seen, while the clock leads for it
    in_s: float = 0.0  # when the hold that goes on began
    later: tuple[str, str] | None = None  # a cue, by its key, for after a hold too short for words
    by_clock: int = 0  # repetitions that the judge did not see
    cut: bool = False  # a hold was under way when it was lost
    dose_done: bool = False
    was_in: bool = False
    reps: int = 0
    frames: int = 0
    seen: int = 0


@dataclass
class _Cues:
    """Which cues were spoken in a step, when and how often: each time it takes twice as long to the next."""

    said: dict[str, tuple[float, int]] = field(default_factory=dict)
    last_s: float = float("-inf")

    def may(self, key: str, t_s: float) -> bool:
        """True, and noted, when this cue is due."""
        said_s, times = self.said.get(key, (float("-inf"), 0))
        if t_s - self.last_s < _BETWEEN_S or t_s - said_s < _REPEAT_S * 2 ** max(0, times - 1):
            return False
        self.said[key], self.last_s = (t_s, times + 1), t_s
        return True


class Coach:
    """Runs a routine, or watches one exercise for as long as a clip lasts."""

    def __init__(self, routine: Routine) -> None:
        """A session that announces, waits, times and counts the steps of `routine`, one side at a time."""
        self._steps = routine.steps
        self._waits = True
        self._begin()

    @classmethod
    def watching(
        cls,
        exercise: str,
        side: Literal["left", "right"] | None = None,
        hold_s: float = 0.0,
        limits: Mapping[str, float] | None = None,
    ) -> "Coach":
        """A session of one exercise that starts at once and lasts until `finish` (check and score).

        `side` is what the person was asked to work; which side was worked is found by the judge. Without
        `hold_s` no hold is too short.
        """
        coach = cls.__new__(cls)
        coach._steps = (
            Step(exercise=exercise, side=side or "both", hold_s=hold_s, limits=dict(limits or {})),
        )
        coach._waits = False
        coach._begin()
        return coach

    def _begin(self) -> None:
        self._body = Body()
        self._run: _Run | None = None
        self._pause: Pause | None = None
        self._t_s = 0.0  # of the frame
        self._paused_s = 0.0  # spent in pauses: the session's own time stands still meanwhile
        self._next = 0
        self._results: list[Result] = []
        self._paused = False
        self._turned = False  # paused or resumed since the frame before
        self._gestures, self._front = Gestures(), OnTheFront()
        self._asked = False  # the pause came from lying flat on the front
        self._heard_s = 0.0  # when all that was said is over
        self._farewell = tr(phrases.DONE)
        self._praised = -_PRAISE_STEPS  # the step that was praised last
        self._finished = False
        self._skip = False
        self._cues = _Cues()
        self._lost_since: float | None = None
        self._told_blind_s = float("-inf")
        self._events: list[Event] = []

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
        self._turned, self._asked = True, False

    def next_step(self) -> None:
        """Leave the step under way at the next frame."""
        self._skip = not self._finished

    def finish(self) -> list[Result]:
        """End the session; one result for each step begun (exactly one when watching)."""
        if self._run is None and not self._waits and not self._results:
            self._start_step(0.0)
        if self._run is not None:
            self._end_step()
        self._finished = True
        return list(self._results)

    def update(self, pose: Pose | None, t_s: float) -> View:
        """Take the next frame; `t_s` rises strictly; `pose` is None when nobody was found."""
        self._events = []
        if self._paused:
            self._paused_s += t_s - self._t_s
        self._t_s = t_s
        t_s -= self._paused_s
        if self._run is None and self._pause is None and not self._finished:
            self._start_step(t_s)
        found = self._body.measure(replace(pose, t_s=self._t_s)) if pose is not None else None
        if self._waits and not self._finished:
            self._obey(found)
        if self._turned:
            self._turn()
        if self._paused and not self._skip:
            return self._view(
                self._run, None, "paused", tr(phrases.SHALL_WE if self._asked else phrases.PAUSED)
            )
        if self._skip:
            self._skip = self._paused = self._asked = False
            self._end_step()
            return self._advance(found, t_s)
        if self._pause is not None:
            return self._rest(self._pause, found, t_s)
        if self._run is None:
            return self._view(None, found, "done", self._farewell)
        self._run.frames += 1
        self._run.seen += found is not None
        if self._waits and self._run.ready_s is None:
            return self._wait(self._run, found, t_s)
        return self._work(self._run, found, t_s)

    # -- hands-free -------------------------------------------------------------------------------------

    def _obey(self, found: Measurements | None) -> None:
        """Do what a raised arm, both arms, or resting and stirring on the front ask for."""
        gesture = self._gestures.update(found, self._t_s)
        rested_s, stirs = self._front.update(found, self._t_s)
        if gesture == "arms":
            self._end_step()
            self._finished, self._paused, self._farewell = True, False, tr(phrases.STOPPED)
            self._skip = self._turned = False
            self._tell("done", tr(phrases.STOPPED))
        elif gesture == "arm" or (self._asked and stirs):
            self.toggle_pause()
        elif not self._paused and self._idles() and min(rested_s, self._t_s - self._heard_s) >= _REST_S:
            self.toggle_pause()
            self._asked = True

    def _idles(self) -> bool:
        """True while an exercise done on the front waits for its next move."""
        run = self._run
        return (
            run is not None
            and run.ready_s is not None
            and run.timed is None
            and not run.was_in
            and "prone" in run.exercise.lying(run.side)
        )

    def _turn(self) -> None:
        """Say that the session is paused, and tell the judge; or say that it goes on."""
        self._turned = False
        if not self._paused:
            self._tell("resumed", tr(phrases.RESUMED))
            return
        self._tell("paused", tr(phrases.SHALL_WE if self._asked else phrases.PAUSED))
        if self._run is not None:
            self._run.judge.interrupt()

    # -- steps -----------------------------------------------------------------------------------------

    def _start_step(self, t_s: float) -> None:
        step = self._steps[self._next]
        if not step.exercise:
            self._next += 1
            self._pause = Pause(step, self._next, t_s)
            self._tell("announce", step.say)
            return
        exercise = CATALOGUE[step.exercise]
        judge = Judge(exercise, step.hold_s, step.limits)
        side = step.worked_side
        self._run = _Run(step, exercise, judge, self._next + 1, side, t_s, moved_s=t_s, reminded_s=t_s)
        self._next += 1
        self._cues.said.clear()
        if self._waits:
            self._body.begin()
            text = phrases.announce(exercise, side, self._run.number, len(self._steps), step.say)
            self._tell("announce", text)
            self._run.heard_s = t_s + spoken_s(text)

    def _end_step(self) -> Result | None:
        run, self._pause = self._run, None
        if run is None:
            return None
        if self._waits:
            result = run.judge.result(run.number, run.side) if run.ready_s is not None else _never_ready(run)
        else:
            result = run.judge.result()
        if run.by_clock or run.blind:
            result = _only_timed(result, run)
        if self._waits and result.verdict == "good" and run.reps < run.step.reps:
            result = replace(result, notes=(*result.notes, Note("dose_not_done")))
        self._results.append(result)
        self._run = None
        return result

    def _complete(self, run: _Run) -> None:
        """End a step whose dose is done; praised where it was clean, and seldom, and not called complete
        where a hold was let go early."""
        result = self._end_step()
        early = next((f for f in result.faults if f.name == "short_hold"), None) if result else None
        if early is not None:
            self._tell("step_done", phrases.cue(run.exercise, early.name, early.side))
            return
        held = run.dose_done or not run.step.hold_s  # not known of a hold that was lost and found again
        clean = held and result is not None and result.verdict == "good"
        praise = clean and run.number - self._praised >= _PRAISE_STEPS
        if praise:
            self._praised = run.number
        self._tell("step_done", phrases.step_done(run.exercise, praise))

    def _advance(self, found: Measurements | None, t_s: float) -> View:
        if self._next >= len(self._steps):
            self._finished = True
            self._tell("done", tr(phrases.DONE))
            return self._view(None, found, "done", tr(phrases.DONE))
        self._start_step(t_s)
        if self._pause is not None:
            return self._rest(self._pause, found, t_s)
        assert self._run is not None
        return self._view(self._run, found, "waiting", phrases.start(self._run.exercise, self._run.side))

    def _rest(self, pause: Pause, found: Measurements | None, t_s: float) -> View:
        """A step without an exercise is under way: only its time is kept."""
        if pause.over(t_s):
            self._end_step()
            return self._advance(found, t_s)
        view = self._view(None, found, "rest", pause.step.say)
        return replace(view, step=pause.number, hold_s=t_s - pause.begun_s, hold_target_s=pause.step.pause_s)

    def _wait(self, run: _Run, found: Measurements | None, t_s: float) -> View:
        """The starting position is awaited."""
        hint = self._what_is_missing(run, found)
        # What was still first, on the way here, need not be how the starting position is.
        self._body.may_rest(found, "setting_up")
        if hint is None:
            run.ready_s = run.moved_s = t_s
            text = f"{phrases.move(run.exercise, run.side)}. {tr(phrases.ON_AN_EXHALE)}"
            if run.exercise.timed_only:
                text = f"{text}. {tr(phrases.TIMED_ONLY)}"
                run.timed = Timed(run.step, max(t_s, run.heard_s) + spoken_s(text))
            self._tell("ready", text)
            return self._view(run, found, "rest", text)
        missing = hint if isinstance(hint, Unseen) else None
        run.sight.update(missing is None, t_s)
        if missing is not None and run.sight.lost_for(t_s) > NEVER_S:
            run.ready_s = t_s
            self._lose_sight(run, missing, t_s)
            return self._work(run, found, t_s)
        if t_s - run.begun_s > _WAIT_S:
            self._tell("moving_on", phrases.moving_on(run.exercise))
            self._end_step()
            return self._advance(found, t_s)
        if missing is None and t_s - run.reminded_s > _REMIND_S:
            run.reminded_s = t_s
            self._tell("waiting", str(hint))
        seen = None if missing is None else str(missing)
        return self._view(run, found, "waiting", str(hint), not_seen=seen)

    def _what_is_missing(self, run: _Run, found: Measurements | None) -> str | Unseen | None:
        """What keeps the step from starting; None when the starting position is taken."""
        start, postures = phrases.start(run.exercise, run.side), run.exercise.lying(run.side)
        if found is None:
            return phrases.nobody()
        if found.baseline is None:
            return start
        if found.baseline.posture not in postures:
            return tr(phrases.LIE[postures[0]])
        if run.exercise.timed_only:
            return None if found.still else tr(phrases.STILL)
        values = [motion.value(found.values) for motion in run.exercise.motions]
        if any(value is None for value in values):
            return _unseen_limb(run, found) or start
        if run.judge.begun(found):
            return start  # still in a position
        if not run.judge.ready(found):
            return start
        return None if found.still else tr(phrases.STILL)

    def _work(self, run: _Run, found: Measurements | None, t_s: float) -> View:
        """The exercise is under way."""
        judged = run.judge.update(found, t_s)
        if judged.phase == "rest":
            self._body.may_rest(found, "between_moves")
        elif judged.phase == "moving" and t_s < run.heard_s:
            # While the step is being explained nobody moves yet: they make themselves comfortable.
            self._body.may_rest(found, "setting_up")
        if not self._waits:
            return self._judged_view(run, found, judged, t_s, tr(run.exercise.title))
        self._watch(run, found, t_s)
        if run.timed is not None:
            judged, instruction = self._keep_time(run, run.timed, judged, t_s)
        else:
            instruction = self._lead(run, judged, t_s)
        view = self._judged_view(run, found, judged, t_s, instruction)
        done = run.reps >= run.step.reps
        if done and judged.phase != "hold":
            self._complete(run)
            return self._advance(found, t_s)
        assert run.ready_s is not None
        endless = t_s - run.ready_s > 3 * run.step.estimated_s + _PATIENCE_S
        if endless or (judged.phase == "rest" and t_s - run.moved_s > _MOVE_S):
            self._tell("moving_on", phrases.moving_on(run.exercise))
            self._end_step()
            return self._advance(found, t_s)
        return view

    def _keep_time(self, run: _Run, timed: Timed, judged: Judgement, t_s: float) -> tuple[Judgement, str]:
        """Lead an exercise whose position the camera cannot judge by the clock alone."""
        for kind, text in timed.update(t_s):
            self._tell(kind, text)
        run.reps, run.pace, run.moved_s = timed.reps, timed.pace, t_s
        if timed.held_s is None:
            return replace(judged, phase="rest"), phrases.move(run.exercise, run.side)
        return replace(judged, phase="hold", hold_s=timed.held_s), tr(phrases.HOLD)

    def _watch(self, run: _Run, found: Measurements | None, t_s: float) -> None:
        """Let the clock lead while too little is seen, and the judge again once it is."""
        motions = [m for m in run.exercise.motions if run.side in ("both", m.side)]
        values = [motion.value(found.values) for motion in motions] if found is not None else [None]
        seen = found is not None and (bool(run.exercise.timed_only) or None not in values)
        run.sight.update(seen, t_s)
        if run.timed is None and run.sight.lost_for(t_s) > GONE_S:
            what = _unseen(run, found)
            self._lose_sight(run, what, t_s)
        elif run.blind and run.timed is not None and run.sight.seen_for(t_s) > BACK_S:
            counted = run.reps - run.judge.reps_on(run.side)
            # The judge may yet count the repetition in whose middle it lost the body.
            run.by_clock = max(0, counted - (run.cut and counted > 0))
            run.blind, run.timed, run.was_in, run.moved_s = "", None, False, t_s

    def _lose_sight(self, run: _Run, what: Unseen, t_s: float) -> None:
        """Keep time from now on; said once, with what would help."""
        text = f"{what}. {tr(phrases.KEEP_TIME)}"
        begins_s = t_s
        if t_s - self._told_blind_s > _TELL_AGAIN_S:
            self._told_blind_s = t_s
            self._tell("unseen", text)
            begins_s += spoken_s(text)
        held = (t_s - run.in_s, run.pace) if run.was_in and run.pace is not None else None
        run.cut = held is not None
        run.timed = Timed.taking_over(run.step, run.reps, t_s if held else begins_s, held)
        run.blind = phrases.keeping_time(what)

    def _lead(self, run: _Run, judged: Judgement, t_s: float) -> str:
        """Tell the milestones of holds and repetitions; returns what is to be done now."""
        target = run.step.hold_s
        in_position = judged.phase == "hold"
        asked = run.side == "both" or judged.side == run.side
        if in_position and asked and not run.was_in:
            run.dose_done, run.pace, run.in_s, run.later = False, Pace(target), t_s, None
            # Whoever has come back twice knows how: the tone is enough.
            self._tell("in_position", opening(target) if target or run.reps < 2 else "")
        if in_position and asked and run.pace is not None:
            for kind, text in run.pace.due(judged.hold_s):
                run.dose_done |= kind == "hold_done"
                self._tell(kind, text)
        if in_position and target and judged.hold_s > target + _RETURN_S and self._cues.may("return", t_s):
            self._tell("cue", tr(phrases.RETURN))
        reps = run.judge.reps_on(run.side) + run.by_clock
        if reps > run.reps:
            run.reps = reps
            cue = self._kept_cue(run, t_s)
            if cue is not None and reps == run.step.reps == 1:
                self._tell("cue", cue, urgent=True)
                cue = None
            self._tell("rep", phrases.rep(reps, run.step.reps, held=target > 0, cue=cue))
        if judged.phase != "rest":
            run.moved_s = t_s
        elif t_s - max(run.moved_s, run.reminded_s) > _REMIND_S * 2:
            run.reminded_s = t_s
            self._tell("waiting", f"{tr(phrases.REMINDER)}. {phrases.move(run.exercise, run.side)}")
        if not run.sight.lost_for(t_s):  # a hold that is out of sight may go on
            run.was_in = in_position and asked
        if in_position and target:
            return tr(phrases.HOLD_DONE if run.dose_done else phrases.IN_POSITION)
        return tr(phrases.IN_POSITION_REP) if in_position else phrases.move(run.exercise, run.side)

    def _kept_cue(self, run: _Run, t_s: float) -> str | None:
        """The cue that was kept until the release, where it is due; at the end only what is new."""
        later, run.later = run.later, None
        if later is None or (run.reps == run.step.reps and later[0] in self._cues.said):
            return None
        key, cue = later
        return cue if self._cues.may(key, t_s) else None

    # -- what is shown and said ------------------------------------------------------------------------

    def _judged_view(
        self, run: _Run, found: Measurements | None, judged: Judgement, t_s: float, instruction: str
    ) -> View:
        cue, key = None, ""
        limb: tuple[str, ...] = ()
        if judged.faults and not run.blind:  # what cannot be seen well enough is not corrected
            fault = judged.faults[0]
            cue = phrases.cue(run.exercise, fault.name, fault.side)
            limb = tuple(joint.format(side=fault.side) for joint in run.exercise.limb_of(fault.name))
            key = f"{fault.name}-{fault.side}"
        elif run.side != "both" and run.timed is None and judged.phase == "hold" and judged.side != run.side:
            cue = key = phrases.other_side(run.side)
        brief = run.timed is None and judged.phase == "hold" and 0 < run.step.hold_s < COUNTED_S
        if cue is not None and self._waits and brief and run.was_in:
            run.later = key, cue  # said now, it would be in the way of the release
        elif cue is not None and self._cues.may(key, t_s):
            self._tell("cue", cue, urgent=True)
        view = self._view(
            run,
            found,
            judged.phase,
            instruction,
            judged=judged,
            cue=cue,
            not_seen=run.blind or self._lost(run, found, judged, t_s),
        )
        if run.pace is not None and judged.phase == "hold":
            view = replace(view, breath=run.pace.breath(judged.hold_s))
        return replace(view, highlight=tuple(INDEX[joint] for joint in limb)) if limb else view

    def _lost(self, run: _Run, found: Measurements | None, judged: Judgement, t_s: float) -> str | None:
        if judged.seen:
            self._lost_since = None
            return None
        if self._lost_since is None:
            self._lost_since = t_s
        if t_s - self._lost_since < _LOST_S:
            return None
        if found is not None and run.judge.lies_wrong(found):
            text = tr(phrases.LIE[run.exercise.postures[0]])
        else:
            text = str(_unseen(run, found))
        lies_wrong = found is not None and run.judge.lies_wrong(found)
        if (lies_wrong or not self._waits) and self._cues.may("unseen", t_s):
            self._tell("unseen", text)
        return text

    def _tell(self, kind: Kind, text: str, urgent: bool = False) -> None:
        self._events.append(Event(self._t_s, kind, text, urgent))
        self._heard_s = max(self._heard_s, self._t_s) + spoken_s(text)

    def _view(
        self,
        run: _Run | None,
        found: Measurements | None,
        phase: Phase,
        instruction: str,
        judged: Judgement | None = None,
        cue: str | None = None,
        not_seen: str | None = None,
    ) -> View:
        measures = found.values if found is not None else {}
        events, session_s = tuple(self._events), self._t_s - self._paused_s
        if run is None:
            return View(
                self._t_s,
                len(self._steps),
                len(self._steps),
                "",
                "both",
                phase,
                instruction,
                measures=measures,
                events=events,
                session_s=session_s,
            )
        side: Side = run.side
        if side == "both" and judged is not None and judged.side is not None:
            side = judged.side
        return View(
            t_s=self._t_s,
            step=run.number,
            steps=len(self._steps),
            title=tr(run.exercise.title),
            side=side,
            phase=phase,
            instruction=instruction,
            hold_s=judged.hold_s if judged is not None else 0.0,
            hold_target_s=run.step.hold_s,
            reps=run.reps if self._waits else (judged.reps if judged is not None else 0),
            reps_target=run.step.reps if self._waits else 0,
            cue=cue,
            not_seen=not_seen,
            highlight=_limb(run.exercise, side),
            highlight_ok=cue is None,
            measures=measures,
            events=events,
            session_s=session_s,
        )


def _limb(exercise: Exercise, side: Side) -> tuple[int, ...]:
    """Landmark indexes of the limb that matters."""
    joints = {joint for motion in exercise.motions if side in ("both", motion.side) for joint in motion.limb}
    return tuple(sorted(INDEX[joint] for joint in joints))


def _unseen(run: _Run, found: Measurements | None) -> Unseen:
    """What of a body cannot be seen: all of it where no limb of it is known to be hidden."""
    return (_unseen_limb(run, found) if found is not None else None) or phrases.nobody()


def _unseen_limb(run: _Run, found: Measurements) -> Unseen | None:
    """Which of the joints that this step needs cannot be seen."""
    side = run.side
    needed = [j for motion in run.exercise.motions if side in ("both", motion.side) for j in motion.limb]
    hidden = [joint for joint in dict.fromkeys(needed) if joint in found.hidden]
    return phrases.cannot_see(hidden) if hidden else None


def _only_timed(result: Result, run: _Run) -> Result:
    """The result of a step that was led by the clock in part: what was not seen is not judged."""
    judged = run.judge.reps_on(run.side)
    notes = (*result.notes, Note("partly_timed"))
    if result.verdict == "fault" or judged > run.reps - judged:
        return replace(result, notes=notes)
    return replace(result, verdict="unseen", faults=(), score=0, notes=notes)


def _never_ready(run: _Run) -> Result:
    """The result of a step whose starting position was never found."""
    seen = run.seen / run.frames if run.frames else 0.0
    return Result(
        exercise=run.exercise.id,
        side=run.side,
        duration_s=0.0,
        frames=run.frames,
        seen=seen,
        verdict="not_performed" if seen >= 0.5 else "unseen",
        notes=(Note("start_not_found"),),
        step=run.number,
    )
