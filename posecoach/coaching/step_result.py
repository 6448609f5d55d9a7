"""What came of one step of a routine."""

from dataclasses import replace

from posecoach.assessment.judge import Judge
from posecoach.assessment.recognition import Recogniser
from posecoach.assessment.results import Note, Result, looks_like, unsettled
from posecoach.assessment.thresholds import SEEN_SHARE
from posecoach.coaching.stages import Task, Timed, Working


def of_step(task: Task, stage: Working | Timed, judge: Judge, recogniser: Recogniser) -> Result:
    """The result of a step under way: the judge's, as far as it saw what was done."""
    result = _judged(task, stage, judge, recogniser)
    if result.verdict in ("good", "fault") and not complete(task, stage):
        result = replace(result, notes=(*result.notes, Note("dose_not_done")))
    return result


def complete(task: Task, stage: Working | Timed) -> bool:
    """Whether the dose is done. A hold that was long enough is, even before it is let go."""
    holds_on = isinstance(stage, Working) and stage.holding and stage.dose_done
    return stage.reps + holds_on >= task.step.reps


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
        return replace(result, verdict="unseen", faults=(), score=0, confidence=0.0)
    judged = judge.reps_on(task.side)
    notes = (*result.notes, Note("partly_timed"))
    if result.verdict == "fault" or judged > stage.reps - judged:
        return replace(result, notes=notes)
    return replace(result, verdict="unseen", faults=(), score=0, notes=notes)


def never_ready(task: Task, frames: int, seen: int, otherwise: int) -> Result:
    """The result of a step whose starting position never came in `frames`; somebody was `seen` in so many,
    and seemed to lie `otherwise` in so many: where that is most of them it may be misread, and the step is
    not said to be left out."""
    share = seen / frames if frames else 0.0
    unsure = share < SEEN_SHARE or otherwise > SEEN_SHARE * frames
    return Result(
        exercise=task.exercise.id,
        side=task.side,
        duration_s=0.0,
        frames=frames,
        seen=share,
        verdict="unseen" if unsure else "not_performed",
        notes=(Note("start_not_found"),),
        step=task.number,
    )
