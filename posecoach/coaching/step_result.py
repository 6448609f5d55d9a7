"""What came of one step of a routine."""

from dataclasses import dataclass, replace

from posecoach.assessment.judge import Judge
from posecoach.assessment.recognition import Recogniser
from posecoach.assessment.results import Note, Result, looks_like, unseen, unsettled
from posecoach.assessment.thresholds import SEEN_SHARE
from posecoach.assessment.trace import Trace
from posecoach.coaching import phrases, tally
from posecoach.coaching.plan import Step
from posecoach.coaching.stages import Shared, Task, Timed, Waiting, Working
from posecoach.core.translation import tr


@dataclass(frozen=True)
class StepDone:
    """A step with an exercise is over.

    traces   how far its move went, in time; empty where nothing was measured
    ended_s  the session's own time, in seconds
    """

    step: Step
    result: Result
    traces: tuple[Trace, ...]
    ended_s: float


def of_step(task: Task, stage: Working | Timed, judge: Judge, recogniser: Recogniser) -> Result:
    """The result of a step under way: the judge's, as far as it saw what was done."""
    result = _judged(task, stage, judge, recogniser)
    if task.exercise.timed_only and result.verdict == "good":
        # Seen often enough to be judged, and done as often as the clock has asked for.
        result = replace(result, reps=min(max(result.reps, stage.reps), task.step.reps))
        if result.reps == task.step.reps:
            return result
    if task.exercise.timed_only and result.verdict == "not_performed" and not result.notes and stage.reps:
        # The clock has led; what it asked for may have been too small to be seen.
        result = unsettled(result, Note("only_timed", {"exercise": task.exercise.id}))
    led = isinstance(stage, Timed) or stage.by_clock > 0  # else what was not seen may have been done
    known = result.verdict in ("good", "fault") or (result.verdict == "unseen" and led)
    if known and not complete(task, stage):
        result = replace(result, notes=(*result.notes, Note("dose_not_done")))
    if result.verdict == "not_performed" and (other := recogniser.other_than(task.exercise.id)) is not None:
        result = replace(result, notes=(looks_like(other), *result.notes))
    return result


def complete(task: Task, stage: Working | Timed) -> bool:
    """Whether the dose is done. A hold that was long enough is, even before it is let go."""
    holds_on = isinstance(stage, Working) and stage.holding and stage.dose_done
    return stage.reps + holds_on >= task.step.reps


def last_words(task: Task, stage: Waiting | Working | Timed, result: Result, shared: Shared) -> str:
    """What is said of a step whose dose is done: praise where it was clean, and seldom; and it is not called
    complete where a hold was let go early, or that is not known, nor before both sides are done. Often
    nothing: the next step says as much.
    """
    exercise, step = task.exercise, task.step
    early = next((fault for fault in result.faults if fault.name == "short_hold"), None)
    if early is not None:
        return phrases.next_time(phrases.cue(exercise, early.name, early.side))
    # Not known of a hold that was lost and found again, nor told of one let go a moment early.
    held = not step.hold_s or (isinstance(stage, Working) and stage.dose_done)
    told = held or isinstance(stage, Timed) or step.reps > 1
    if task.more:
        return tr(phrases.OTHER_SIDE) if not told or shared.verbosity.complete else ""
    clean = result.verdict == "good" and result.noted("one_side_only") is None
    praise = held and clean and shared.memory.praise_due(task.number)
    if not (praise or not told or shared.verbosity.complete):
        return ""
    done = task.whole and tally.done(result)
    return phrases.step_done(exercise, praise) if done else phrases.step_over(exercise)


def _judged(task: Task, stage: Working | Timed, judge: Judge, recogniser: Recogniser) -> Result:
    result = judge.result(task.number, task.side)
    if result.verdict != "unseen" and result.noted("other_side") is not None:
        # However the other side did, this one did nothing.
        result = replace(result, verdict="not_performed", faults=(), score=0)
    if result.verdict == "good":
        other = recogniser.at_odds(task.exercise.id, result.positions)
        result = unsettled(result, looks_like(other)) if other is not None else result
    if not (stage.unseen if isinstance(stage, Timed) else stage.by_clock):
        return result
    if result.noted("too_few_frames") is not None:
        return unseen(result)
    judged = judge.reps_on(task.side)
    stands = result.verdict == "fault" or judged > stage.reps - judged
    return replace(result if stands else unseen(result), notes=(*result.notes, Note("partly_timed")))


def left_out(task: Task, frames: int, seen: int) -> Result:
    """The result of a step that was left before it began; somebody was `seen` in so many of its `frames`."""
    return Result(
        exercise=task.exercise.id,
        side=task.side,
        duration_s=0.0,
        frames=frames,
        seen=seen / frames if frames else 0.0,
        verdict="not_performed",
        step=task.number,
    )


def never_ready(task: Task, frames: int, seen: int, otherwise: int) -> Result:
    """The result of a step whose starting position never came in `frames`; somebody was `seen` in so many,
    and seemed to lie `otherwise` in so many: where that is most of them it may be misread, and the step is
    not said to be left out."""
    result = left_out(task, frames, seen)
    unsure = result.seen < SEEN_SHARE or otherwise > SEEN_SHARE * frames
    return replace(
        result,
        verdict="unseen" if unsure else "not_performed",
        notes=(Note("start_not_found"),),
    )
