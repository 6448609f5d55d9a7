"""What became of the steps of a session, counted alike wherever it is told."""

from collections.abc import Sequence

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Result
from posecoach.coaching import cues, phrases


def done(result: Result) -> bool:
    """True for what was done, all of it: well or not, at whatever speed, or by the clock where the camera
    judges nothing."""
    if result.verdict == "unseen":
        known = timed_only(result) or result.noted("only_speed_unjudged") is not None
        return known and exercised(result) and not ended_early(result)
    return result.verdict != "not_performed" and not ended_early(result)


def ended_early(result: Result) -> bool:
    """True for what ended before its dose was done, seen or by the clock."""
    return result.noted("dose_not_done") is not None


def timed_only(result: Result) -> bool:
    """True for an exercise that the camera cannot judge."""
    exercise = CATALOGUE.get(result.exercise or "")
    return exercise is not None and bool(exercise.timed_only)


def by_clock(result: Result) -> bool:
    """True for a step that the clock led to its end where the camera saw too little, so that it is not known
    whether it was done."""
    led = result.noted("partly_timed") or result.noted("too_few_frames")
    if result.verdict != "unseen" or result.step is None or led is None:
        return False
    return not (done(result) or ended_early(result))


def done_well(result: Result) -> bool:
    """True for what was done, all of it, and without a fault."""
    return result.verdict == "good" and done(result)


def exercised(result: Result) -> bool:
    """True for what makes a day one of exercise: seen, and not left out, if on the other side. That it could
    not be judged is not the person's fault."""
    worked = result.verdict != "not_performed" or result.noted("other_side") is not None
    return worked and result.duration_s > 0 and result.seen > 0


def unjudged(result: Result) -> bool:
    """True for what could not be judged: neither done, as far as is known, nor left out, nor by the clock."""
    return result.verdict == "unseen" and not (done(result) or by_clock(result))


def counted(results: Sequence[Result], count: int = 0) -> str:
    """How many steps were done, of `count` or of those that have results; nothing where none has."""
    if not results:
        return ""
    timed, unknown = sum(map(by_clock, results)), sum(map(unjudged, results))
    return phrases.counted(sum(map(done, results)), timed, unknown, count or len(results))


def last_words(results: Sequence[Result], count: int = 0) -> str:
    """The same at the end of a session, and one thing for next time, if there is one."""
    return phrases.last_words(counted(results, count), cues.for_next_time(results))
