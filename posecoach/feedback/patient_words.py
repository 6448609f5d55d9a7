"""Verdicts and angles in the words of whoever does the exercise, and how sure an angle is."""

from dataclasses import dataclass

from posecoach.assessment.results import Result
from posecoach.coaching import tally
from posecoach.core.translation import marked, tr
from posecoach.feedback.svg import degree


@dataclass(frozen=True)
class Angle:
    """The angle that says how far an exercise went.

    words       a sentence part with {degrees}
    error_deg   its mean error on clips of known angles, with the camera beside the bed, as measured in
                `docs/accuracy.md`; None where the movement is smaller than the error
    to_line     values count upwards to a straight line, which is 0, and people read how much is short of it
    """

    words: str
    error_deg: int | None
    to_line: bool = False

    def said(self, value: float) -> str:
        """The words for a value, degrees."""
        # Nobody is to come further than to a straight line.
        return tr(self.words, degrees=self.degrees(min(value, 0.0) if self.to_line else value))

    def degrees(self, value: float) -> str:
        """A value as a number that goes with the words."""
        return degree(0.0 - value if self.to_line else value)


ANGLES = {
    "knee_to_chest": Angle(marked("hip bent by {degrees}"), 4),
    "double_knees_to_chest": Angle(marked("hips bent by {degrees}"), 4),
    "pelvic_tilt": Angle(marked("pelvis tilted by {degrees}"), None),
    "figure_four": Angle(marked("thigh drawn in, hip bent by {degrees}"), 6),
    "spinal_twist": Angle(marked("knees turned {degrees} to the side"), 17),
    "lumbar_rotation": Angle(marked("knees lowered {degrees} to the side"), 10),
    "press_up": Angle(marked("chest raised {degrees} from the mattress"), 2),
    "fetal": Angle(marked("hips bent by {degrees}"), 5),
    "hamstring": Angle(marked("leg raised by {degrees}"), 5),
    "bridge": Angle(marked("hips lifted to within {degrees} of a straight line"), 9, to_line=True),
    "happy_baby": Angle(marked("hips bent by {degrees}"), 4),
}

_VERDICTS = {
    "good": marked("good"),
    "partly": marked("done in part"),
    "timed": marked("timed"),
    "fault": marked("one thing to change"),
    "unseen": marked("could not be judged"),
    "not_performed": marked("left out"),
}


def kind(result: Result) -> str:
    """What a verdict is to whoever reads it: as in a result, or "timed" where the clock led, or "partly"
    where what was done was good and there was more to do."""
    if result.verdict == "unseen" and (tally.timed_only(result) or tally.by_clock(result)):
        return "timed"
    if result.verdict == "good" and tally.ended_early(result):
        return "partly"
    return result.verdict


def verdict(result: Result) -> str:
    """What came of an exercise."""
    if result.verdict == "not_performed" and tally.ended_early(result):
        return tr("ended early")
    if result.verdict == "not_performed" and result.step is None:
        return tr("not done")  # nobody was asked for it, who could have left it out
    if len({fault.name for fault in result.faults}) > 1:
        return tr("some things to change")
    return tr(_VERDICTS[kind(result)])
