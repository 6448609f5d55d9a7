"""What came of a step that the clock led and the camera saw."""

from typing import cast

import pytest

from posecoach.assessment.judge import Judge
from posecoach.assessment.recognition import Recogniser
from posecoach.assessment.results import Result, Verdict
from posecoach.coaching import step_result
from posecoach.coaching.plan import Step
from posecoach.coaching.stages import Shared, Task, Timed
from posecoach.coaching.timer import Metronome
from posecoach.coaching.verbosity import VERBOSITY
from posecoach.core.types import Side

TILTS = Step(exercise="pelvic_tilt", hold_s=3, reps=4)


class Judged:
    """A judge that has come to a result already."""

    def __init__(self, verdict: Verdict, reps: int) -> None:
        self._result = Result(
            "pelvic_tilt", "both", duration_s=40, frames=480, seen=1, verdict=verdict, reps=reps
        )

    def result(self, step: int, side: Side) -> Result:
        return self._result


def of_tilts(verdict: Verdict, seen: int, by_clock: int) -> Result:
    """The result of a step of tilts of which the judge has counted `seen` and the clock so many."""
    clock = Metronome.taking_over(TILTS, VERBOSITY["normal"], by_clock, 0.0, None)
    stage = Timed(Task(TILTS, 1, 1), cast(Shared, None), clock)
    judge = cast(Judge, Judged(verdict, seen))
    return step_result.of_step(Task(TILTS, 1, 1), stage, judge, Recogniser())


@pytest.mark.parametrize(
    ("seen", "by_clock", "reps", "complete"),
    [(6, 4, 4, True), (3, 4, 4, True), (4, 2, 4, True), (2, 2, 2, False)],
)
def test_tilts_that_were_seen_count_as_the_clock_has_them(
    seen: int, by_clock: int, reps: int, complete: bool
) -> None:
    """Nobody is told that they did six of four, nor three of the five that were counted aloud."""
    result = of_tilts("good", seen, by_clock)
    assert result.reps == reps
    assert (result.noted("dose_not_done") is None) == complete


def test_a_tilt_that_the_clock_led_may_have_been_too_small_to_be_seen() -> None:
    result = of_tilts("not_performed", seen=0, by_clock=4)
    assert (result.verdict, result.noted("only_timed") is not None) == ("unseen", True)
    assert of_tilts("not_performed", seen=0, by_clock=0).verdict == "not_performed"
