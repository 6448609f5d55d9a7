"""What became of the steps of a session, counted alike wherever it is told."""

from collections.abc import Sequence

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Result
from posecoach.coaching import cues, phrases


def done(result: Result) -> bool:
    """True for what was done, all of it: well or not, or by the clock where the camera judges nothing."""
    if result.verdict == "unseen":
        exercise = CATALOGUE.get(result.exercise or "")
        timed = exercise is not None and bool(exercise.timed_only)
        return timed and exercised(result)
    return result.verdict != "not_performed" and result.noted("dose_not_done") is None


def done_well(result: Result) -> bool:
    """True for what was done, all of it, and without a fault."""
    return result.verdict == "good" and done(result)


def exercised(result: Result) -> bool:
    """True for what makes a day one of exercise: seen, and not left out, if on the other side. That it could
    not be judged is not the person's fault."""
    worked = result.verdict != "not_performed" or result.noted("other_side") is not None
    return worked and result.duration_s > 0 and result.seen > 0


def unjudged(result: Result) -> bool:
    """True for what could not be judged: neither done, as far as is known, nor left out."""
    return result.verdict == "unseen" and not done(result)


def counted(results: Sequence[Result], count: int = 0) -> str:
    """How many steps were done, of `count` or of those that have results; nothing where there are none."""
    count = count or len(results)
    if not count:
        return ""
    return phrases.counted(sum(map(done, results)), sum(map(unjudged, results)), count)


def last_words(results: Sequence[Result], count: int = 0) -> str:
    """The same at the end of a session, and one thing for next time, if there is one."""
    return phrases.last_words(counted(results, count), cues.for_next_time(results))
