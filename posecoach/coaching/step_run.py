"""One step of a routine under way, from its announcement to its result.

    Waiting -> Working <-> Timed

The start, or a hold without one, is awaited; then the judge leads, or the clock while too little is seen.
"""

from dataclasses import replace
from typing import Literal

from posecoach.assessment.confidence import SureJudge
from posecoach.assessment.exercise import Exercise
from posecoach.assessment.frame_recognition import leans, shows_effort
from posecoach.assessment.judge import Judgement
from posecoach.assessment.recognition import Recogniser
from posecoach.assessment.results import Result
from posecoach.assessment.trace import Tracing
from posecoach.coaching import cues, explaining, phrases
from posecoach.coaching.clock import Clock
from posecoach.coaching.cues import Cue
from posecoach.coaching.explaining import Explanation
from posecoach.coaching.pacing import COUNTED_S
from posecoach.coaching.phrases import Unseen
from posecoach.coaching.stages import Lead, Shared, Task, Timed, Waiting, Working
from posecoach.coaching.start_position import lies_otherwise, needs_rest, what_is_missing
from posecoach.coaching.step_result import StepDone, complete, last_words, left_out, never_ready, of_step
from posecoach.coaching.timer import Metronome
from posecoach.coaching.view import Phase, View, build, limb
from posecoach.coaching.visibility import BACK_S, GONE_S, NEVER_S, VisibilityTimer
from posecoach.core.translation import tr
from posecoach.core.types import Side
from posecoach.kinematics.body import Measurements

_LIE_DOWN_S = 1.0  # after the title: whoever lies there already need not hear how to lie
_BEGIN_S = 6.0  # after the move was asked for, until an exercise misses it
_PATIENCE_S = 120.0  # and three times what a step usually takes, before moving on whatever happens


class StepRun:
    """A step with an exercise under way.

    ended  "done" when the dose is done, "left" when it was waited for in vain; None while it goes on
    """

    def __init__(self, task: Task, shared: Shared, t_s: float) -> None:
        """Begin the step at `t_s`, on the session's clock."""
        self.task = task
        self.ended: Literal["done", "left"] | None = None
        self._shared = shared
        self._sight = VisibilityTimer()  # of what the stage needs
        self._judged = VisibilityTimer()  # of what the judge needs
        self._tracing = Tracing(task.exercise, task.side, task.step.limits)
        self._frames = self._seen = self._otherwise = 0
        self._ready_s = t_s
        self._back = False  # the picture, and nobody is seen in it yet
        shared.memory.begin_step()
        lies, again = shared.body.baseline, task.known and not task.exercise.rises
        # Whoever changes sides without a rest still lies as at the last one.
        self._rested = again and lies is not None and lies.posture in task.exercise.lying(task.side)
        if not self._rested:
            shared.body.begin()
        self._judge_anew()
        self._may_be_held = self._rested or not needs_rest(task.exercise)
        title = explaining.title(task, shared)
        self._explanation = Explanation(shared.announcer)
        self._explanation.tell("announce", title)
        self._asked_s = t_s + shared.announcer.left_s  # from when on the person knows what to do
        self._stage: Waiting | Working | Timed = Waiting(t_s, self._asked_s + _LIE_DOWN_S)

    @property
    def idle(self) -> bool:
        """True while the next move is waited for."""
        return isinstance(self._stage, Working) and not self._stage.holding

    @property
    def held(self) -> Exercise | None:
        """The exercise, while a position of it is seen to be held, or to be reached."""
        timed = isinstance(self._stage, Timed)
        return self.task.exercise if not timed and self.judge.judgement.phase != "rest" else None

    @property
    def needs_picture(self) -> bool:
        """False where the clock leads whatever is seen."""
        return not self.task.exercise.timed_only and not isinstance(self._stage, Timed)

    @property
    def quiet(self) -> bool:
        """True while there is time for a sentence that has nothing to do with the step."""
        return not isinstance(self._stage, Timed) or self._stage.quiet

    @property
    def start(self) -> str:
        """How to lie for the step."""
        return phrases.start(self.task.exercise, self.task.side)

    def pause(self) -> None:
        """The session is paused: what was held until then may be let go."""
        self.judge.interrupt()
        if isinstance(self._stage, Working):
            self._stage.cut()

    def asked_again(self, found: Measurements | None) -> str:
        """What to do when a pause is over: "" for whoever does it already."""
        if isinstance(self._stage, Waiting):
            return self.start
        timed = bool(self.task.exercise.timed_only)
        held = timed or (found is not None and self.judge.begun(found))
        return "" if held else phrases.move(self.task.exercise, self.task.side)

    @property
    def _reps(self) -> int:
        return 0 if isinstance(self._stage, Waiting) else self._stage.reps

    def picture(self, there: bool, frozen_since_s: float) -> None:
        """The picture is lost, or stood still since `frozen_since_s` on the session's clock: what was held is
        let go. Or it is `there` again: the judge leads at once.
        """
        self._back = there
        if not there:
            self._explanation.cut()
            self.judge.interrupt(frozen_since_s)
            if isinstance(self._stage, Working):
                self._stage.let_go()

    def explain_again(self, t_s: float) -> bool:
        """What was said of the step was cut: say it again unless it was heard; True if it is said."""
        again = self._explanation.again()
        if again:
            self._asked_s = t_s + self._shared.announcer.left_s
            if isinstance(self._stage, Timed):
                self._stage.begin_at(self._asked_s)
        return again

    def _judge_anew(self) -> None:
        task = self.task
        self.judge = SureJudge(task.exercise, task.step.hold_s, task.step.limits, self._rested)
        self._recogniser = Recogniser()

    # -- frames ----------------------------------------------------------------------------------------

    def update(self, found: Measurements | None, clock: Clock) -> View:
        """Take the next frame."""
        self._frames += 1
        self._seen += found is not None
        self._otherwise += lies_otherwise(self.task.exercise, self.task.side, found)
        if isinstance(self._stage, Waiting) and (view := self._wait(self._stage, found, clock)) is not None:
            return view
        return self._work(found, clock)

    def _wait(self, waiting: Waiting, found: Measurements | None, clock: Clock) -> View | None:
        """The start is awaited; None where the exercise goes on without it, being held or quite unseen."""
        t_s, task, tell = clock.session_s, self.task, self._shared.announcer.tell
        blind = cues.blind(task.exercise, self._shared.pictures)
        if blind is None and waiting.begun(found):
            self._ready_s = self._asked_s = t_s
            self._stage = Working(task, self.judge, self._shared, t_s)
            return None
        hint = blind or what_is_missing(task.exercise, task.side, found, self.judge)
        waiting.held_s = self._held_s(found, t_s)
        if not waiting.held_s:
            # What was still first, on the way here, need not be how the starting position is.
            self._shared.body.may_rest(found, "setting_up")
        if hint is None:
            return self._begin(found, clock)
        missing = hint if isinstance(hint, Unseen) else None
        self._sight.update(missing is None, t_s)
        # Where nothing can be judged there is nothing to wait for but to have heard what comes.
        patience_s = NEVER_S if blind is None else _LIE_DOWN_S
        if missing is not None and self._sight.lost_for(t_s) > patience_s and t_s > self._asked_s:
            self._ready_s = t_s
            self._begin_unseen(missing, t_s)
            return None
        if waiting.over(t_s):
            tell("moving_on", phrases.moving_on(task.exercise))
            self.ended = "left"
        elif self._sight.seen_for(t_s) >= cues.LOST_S and not waiting.held_s and waiting.remind(t_s):
            tell("waiting", str(hint))
        seen = None if missing is None else str(missing)
        return self.view(found, clock, "waiting", str(hint), not_seen=seen)

    def _held_s(self, found: Measurements | None, t_s: float) -> float:
        """How long the position that is asked for has been held, before its start was seen; 0: it is not."""
        if not self._may_be_held:
            return 0.0
        judged = self._judged_at(found, t_s)
        asked = self.task.side in ("both", judged.side)
        if judged.phase == "hold" and not asked:
            self._judge_anew()  # what the other side still does belongs to the step before
        return judged.hold_s if asked else 0.0

    def _judged_at(self, found: Measurements | None, t_s: float) -> Judgement:
        if found is not None:
            self._recogniser.update(replace(found, t_s=t_s))
        return self.judge.update(found, t_s)

    def _begin(self, found: Measurements | None, clock: Clock) -> View:
        """The starting position is taken: ask for the move."""
        self._judge_anew()
        task, t_s = self.task, clock.session_s
        self._ready_s = t_s
        announcer, move = self._shared.announcer, phrases.move(task.exercise, task.side)
        self._explanation.tell("ready", move)
        self._asked_s = t_s + announcer.left_s
        self._tell_hints()
        told_s = t_s + announcer.left_s
        if task.exercise.timed_only:
            metronome = Metronome(task.step, self._shared.verbosity, told_s)
            self._stage = Timed(task, self._shared, metronome)
        else:
            self._stage = Working(task, self.judge, self._shared, told_s)
        return self._traced(self.view(found, clock, "rest", move))

    def _begin_unseen(self, missing: Unseen, t_s: float) -> None:
        """The clock leads from the beginning: say how to lie and what to do, as nobody sees it done."""
        self._judge_anew()
        task = self.task
        self._lose_sight(Working(task, self.judge, self._shared, t_s), missing, t_s)
        self._explanation.tell("ready", self.start)  # no announcement, which would end the title
        self._explanation.tell("ready", phrases.move(task.exercise, task.side))
        self._tell_hints()
        if isinstance(self._stage, Timed):
            self._stage.begin_at(t_s + self._shared.announcer.left_s)

    def _tell_hints(self) -> None:
        for hint in explaining.hints(self.task, self._shared):
            self._explanation.tell("hint", hint)

    def _work(self, found: Measurements | None, clock: Clock) -> View:
        """The exercise is under way."""
        t_s = clock.session_s
        judged = self._judged_at(found, t_s)
        self._renew_baseline(found, judged, t_s)
        self._watch(found, t_s)
        if isinstance(self._stage, Timed):
            lead = self._stage.lead(judged, t_s)
        else:
            assert isinstance(self._stage, Working)
            lost = not self._shared.pictures.there or self._sight.lost_for(t_s) > 0
            lead = self._stage.lead(judged, lost, t_s)
        view = self._lead_view(lead, found, clock)
        resting, stage = lead.judged.phase == "rest", self._stage
        if stage.reps >= self.task.step.reps and lead.judged.phase != "hold":
            self.ended = "done"
        elif t_s - self._ready_s > 3 * self.task.step.estimated_s + _PATIENCE_S or (
            resting and isinstance(stage, Working) and stage.gives_up(t_s)
        ):
            self.ended = "done" if complete(self.task, stage) else "left"
            if self.ended == "left":
                self._shared.announcer.tell("moving_on", phrases.moving_on(self.task.exercise))
        return self._traced(view)

    def _renew_baseline(self, found: Measurements | None, judged: Judgement, t_s: float) -> None:
        # While the step is being explained nobody moves yet: they make themselves comfortable.
        early = judged.phase == "moving" and t_s < self._asked_s
        if judged.phase != "rest" and not early:
            return
        effort = shows_effort(found)
        # A low bridge is no rest, and somebody may know what comes; but knees may lean for as long as that.
        if not effort or leans(found):
            self._shared.body.may_rest(found, "setting_up" if early and not effort else "between_moves")

    def _watch(self, found: Measurements | None, t_s: float) -> None:
        """Let the clock lead while too little is seen, and the judge again once it is."""
        exercise, side, stage = self.task.exercise, self.task.side, self._stage
        motions = exercise.motions_on(side)
        values = [motion.value(found.values) for motion in motions] if found is not None else [None]
        blind = cues.blind(exercise, self._shared.pictures)
        seen = found is not None and (bool(exercise.timed_only) or None not in values)
        self._sight.update(seen and blind is None, t_s)
        too_few = blind is not None and self._shared.pictures.there  # at once, or it would be praised
        if isinstance(stage, Working) and (too_few or self._sight.lost_for(t_s) > GONE_S):
            self._lose_sight(stage, self._what_is_unseen(found), t_s)
        elif (
            isinstance(stage, Timed)
            and stage.unseen
            and self._sight.seen_for(t_s) > (0.0 if self._back else BACK_S)
        ):
            self._back = False
            stage.unseen = ""
            # Where there is nothing to judge the clock leads on.
            self._stage = stage if exercise.timed_only else stage.over(t_s) or stage

    def _what_is_unseen(self, found: Measurements | None) -> Unseen:
        exercise, pictures = self.task.exercise, self._shared.pictures
        return cues.blind(exercise, pictures) or cues.what_is_unseen(exercise, self.task.side, found)

    def _lose_sight(self, working: Working, what: Unseen, t_s: float) -> None:
        """Keep time from now on; said once, with what would help."""
        announcer = self._shared.announcer
        if not working.nearly_over(t_s) and self._shared.memory.keeping_time_due(t_s):
            announcer.tell("keeping_time", f"{what}. {tr(phrases.KEEP_TIME)}")
        if working.is_cut:  # whoever was asked to let go is not asked to hold on before they have begun anew
            announcer.tell("hint", phrases.move(self.task.exercise, self.task.side))
        metronome = working.handed_over(t_s, t_s + announcer.left_s)
        unseen = phrases.keeping_time(what)
        self._stage = Timed(self.task, self._shared, metronome, unseen, working)

    # -- what came of it -------------------------------------------------------------------------------

    def finish(self, ended_s: float) -> StepDone:
        """End the step, as far as it went, at a time on the session's clock."""
        stage = self._stage
        if isinstance(stage, Waiting):
            given_up = self.ended == "left"  # else the person left it, or ended the session
            result = left_out(self.task, self._frames, self._seen)
            if given_up:
                result = never_ready(self.task, self._frames, self._seen, self._otherwise)
            return StepDone(self.task.step, result, (), ended_s)
        result = of_step(self.task, stage, self.judge, self._recogniser)
        return StepDone(self.task.step, result, self._tracing.traces(), ended_s)

    def last_words(self, result: Result) -> str:
        """What is said of the step once its dose is done."""
        return last_words(self.task, self._stage, result, self._shared)

    # -- what is shown ---------------------------------------------------------------------------------

    def view(
        self,
        found: Measurements | None,
        clock: Clock,
        phase: Phase,
        instruction: str,
        *,
        lead: Lead | None = None,
        cue: Cue | None = None,
        not_seen: str | None = None,
    ) -> View:
        """A view of this step."""
        task = self.task
        side: Side = task.side
        if side == "both" and lead is not None and lead.judged.side is not None:
            side = lead.judged.side
        return build(
            task.subject(side, (cue.limb if cue is not None else ()) or limb(task.exercise, side)),
            clock,
            self._shared.announcer.events,
            phase,
            instruction,
            found.values if found is not None else None,
            hold_s=lead.judged.hold_s if lead is not None else 0.0,
            reps=self._reps,
            cue=cue.text if cue is not None else None,
            not_seen=not_seen,
            breath=lead.breath if lead is not None else None,
        )

    def _lead_view(self, lead: Lead, found: Measurements | None, clock: Clock) -> View:
        judged, amiss = lead.judged, cues.amiss(self.judge, self.task.side, found)
        cue = self._cue(judged, clock.session_s) if amiss is None else None
        not_seen = self._unseen_now() or self._lost(found, judged.seen, amiss, clock.session_s)
        return self.view(found, clock, judged.phase, lead.instruction, lead=lead, cue=cue, not_seen=not_seen)

    def _unseen_now(self) -> str | None:
        return (self._stage.unseen or None) if isinstance(self._stage, Timed) else None

    def _cue(self, judged: Judgement, t_s: float) -> Cue | None:
        """What to change at this frame, told when it is due."""
        stage, task, pictures = self._stage, self.task, self._shared.pictures
        if self._unseen_now():
            return None  # what cannot be seen well enough is not corrected
        if not self._may_correct(judged, t_s):
            return None
        cue = cues.fault_cue(task.exercise, judged, pictures.unjudged)
        if cue is None and isinstance(stage, Working):
            cue = cues.side_cue(task.side, judged)
            if judged.phase != "hold" and not stage.reps:
                other = self._recogniser.instead_of(task.exercise.id)
                cue = cues.instead_cue(task.exercise, task.side, other)
        brief = judged.phase == "hold" and 0 < task.step.hold_s < COUNTED_S
        if cue is not None and brief and isinstance(stage, Working) and stage.holding:
            stage.postpone(cue)  # said now, it would be in the way of the release
        elif cue is not None and t_s >= self._asked_s and self._shared.memory.due(cue.key, t_s):
            self._shared.announcer.tell("cue", cue.text, urgent=True)
        return cue

    def _may_correct(self, judged: Judgement, t_s: float) -> bool:
        """Whether the move is under way or was asked for: only then is there something to change."""
        short = self.task.exercise.falls_short
        begins_s = _BEGIN_S if short is not None and short.idle_s > 0 else 0.0
        return judged.phase != "rest" or t_s >= self._asked_s + begins_s

    def _lost(self, found: Measurements | None, seen: bool, amiss: str | None, t_s: float) -> str | None:
        """What the judge cannot see, or not judge, once it has been so for a moment."""
        self._judged.update(seen and amiss is None, t_s)
        if self._judged.lost_for(t_s) < cues.LOST_S:
            return None
        if amiss is None:
            return str(self._what_is_unseen(found))
        if self._shared.memory.due("unseen", t_s):
            self._shared.announcer.tell("unseen", amiss)
        return amiss

    def _traced(self, view: View) -> View:
        if self.ended is None:
            self._tracing.add(view.session_s, view.measures)
        return view
