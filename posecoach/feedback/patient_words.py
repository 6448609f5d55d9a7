"""Verdicts, angles, doses and times in the words of whoever does the exercise, and how sure an angle is."""

from dataclasses import dataclass
from math import ceil
from statistics import fmean

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import DetectedSpan, Fault, Result
from posecoach.coaching import tally
from posecoach.coaching.plan import Step
from posecoach.core.translation import decimal, humanise, marked, percent, several, tr
from posecoach.feedback.svg import Scale, degree


@dataclass(frozen=True)
class Angle:
    """The angle that says how far an exercise went.

    words       a sentence part with {degrees}
    error_deg   its mean error on clips of known angles, with the camera beside the bed, as measured in
                `docs/accuracy.md`; None where the movement is smaller than the error
    at_line     values count upwards to a straight line, which is 0, and people read how much is short of it:
                what is said of whoever comes to the line, for nobody is to come further
    beyond      and of whoever came so far beyond it that it was a fault
    """

    words: str
    error_deg: int | None
    at_line: str = ""
    beyond: str = ""

    def said(self, value: float, too_far: bool = False) -> str:
        """The words for a value, degrees; `too_far`: it was a fault."""
        if self.at_line and round(value) >= 0:
            return tr(self.beyond if too_far else self.at_line)
        return tr(self.words, degrees=self.degrees(value))

    def degrees(self, value: float) -> str:
        """A value as a number that goes with the words."""
        return self._mark(self.shown(value))

    def shown(self, value: float) -> float:
        """Where a value stands in a plot: nobody is to come beyond a straight line."""
        return min(value, 0.0) if self.at_line else value

    def brief(self, value: float) -> str:
        """A value, and what it counts where that is not how far a limb was bent, raised or turned."""
        if not self.at_line:
            return self.degrees(value)
        return tr("straight") if round(value) >= 0 else tr("{degrees} short", degrees=self.degrees(value))

    @property
    def scale(self) -> str:
        """How an axis of these values is read; "" where it goes without saying."""
        return tr("The axis says how much is short of a straight line, which is 0°") if self.at_line else ""

    def ticks(self, axis: Scale) -> list[tuple[float, str]]:
        """Where the marks of an axis are, and their numbers; none beyond a straight line."""
        shown = [tick for tick in axis.ticks(4) if not (self.at_line and tick > 0)]
        return [(axis(tick), self._mark(tick)) for tick in shown]

    def _mark(self, value: float) -> str:
        return degree(0.0 - value if self.at_line else value)


_NO_DOUBT = 0.9  # certainty from which what else it could be is no help

ANGLES = {
    "knee_to_chest": Angle(marked("hip bent by {degrees}"), 4),
    "double_knees_to_chest": Angle(marked("hips bent by {degrees}"), 4),
    "pelvic_tilt": Angle(marked("pelvis tilted by {degrees}"), None),
    "figure_four": Angle(marked("thigh drawn in, hip bent by {degrees}"), 6),
    "spinal_twist": Angle(marked("knees turned {degrees} to the side"), 19),
    "lumbar_rotation": Angle(marked("knees lowered {degrees} to the side"), 10),
    "press_up": Angle(marked("chest raised {degrees} from the mattress"), 2),
    "fetal": Angle(marked("hips bent by {degrees}"), 5),
    "hamstring": Angle(marked("leg raised by {degrees}"), 5),
    "bridge": Angle(
        marked("hips lifted to within {degrees} of a straight line"),
        9,
        at_line=marked("hips lifted to a straight line"),
        beyond=marked("hips lifted beyond a straight line"),
    ),
    "happy_baby": Angle(marked("hips bent by {degrees}"), 4),
}

_TOO_FAR = "over_arched"  # the fault of whoever goes beyond a straight line

#: For what the catalogue knows no more.
PLAIN = Angle("{degrees}", None)

_VERDICTS = {
    "good": marked("good"),
    "partly": marked("done in part"),
    "timed": marked("timed"),
    "fault": marked("one thing to change"),
    "unseen": marked("could not be judged"),
    "not_performed": marked("left out"),
}


def reached(result: Result, value: float) -> str:
    """How far an exercise went, to a value in degrees; "" where no angle says that."""
    if result.exercise not in ANGLES:
        return ""
    too_far = any(fault.name == _TOO_FAR for fault in result.faults)
    return ANGLES[result.exercise].said(value, too_far)


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
    if result.verdict == "not_performed" and result.noted("too_short") is not None:
        return tr(_VERDICTS["unseen"])  # nor does it show that nothing was done
    if result.verdict == "not_performed" and result.step is None:
        return humanise(result.verdict)  # nobody was asked for it, who could have left it out
    if len({fault.name for fault in result.faults}) > 1:
        return tr("some things to change")
    return tr(_VERDICTS[kind(result)])


def dose(step: Step) -> str:
    """What a step asks for, in words."""
    if not step.exercise:
        return f"{decimal(step.pause_s, 'g')} s"
    if not step.hold_s:
        return tr("{count} times", count=step.reps)
    held = tr("hold {seconds} s", seconds=decimal(step.hold_s, "g"))
    return f"{step.reps} × {held}" if step.reps > 1 else held


def amount(result: Result, asked: Step | None, hold_s: float = 0.0) -> str:
    """How often, or how long: what counts in the exercise. Asked for was a step, or else a hold of `hold_s`
    seconds, if any."""
    reps = asked.reps if asked is not None else 1
    if asked is not None and not asked.hold_s:
        return tr("{reps} of {target} times", reps=result.reps, target=reps)
    if asked is None and not CATALOGUE[result.exercise or ""].hold_s:
        return several("{count} time", "{count} times", result.reps)
    held = result.holds_s
    if not held:
        return tr("position not reached")
    times = tr("{reps} of {target} times", reps=len(held), target=reps) if reps > 1 else ""
    if not result.timed:
        return times or several("{count} time", "{count} times", len(held))
    target_s = hold_s if asked is None else asked.hold_s
    shown = [fmean(held)] if times else held
    seconds = ", ".join(str(whole_seconds(one, target_s, kind(result))) for one in shown)
    if target_s:
        told = tr("held {held} s of {target} s", held=seconds, target=decimal(target_s, "g"))
    else:
        told = tr("held {held} s", held=seconds)
    return ", ".join(filter(None, (times, told)))


def whole_seconds(held_s: float, asked_s: float, verdict: str) -> int:
    """Seconds to be shown beside a verdict, as `kind` has it: what was done in part, by however little, is
    not rounded up to all that was asked for."""
    short = verdict == "partly" and held_s < asked_s
    return min(round(held_s), ceil(asked_s) - 1) if short else round(held_s)


def detected(detection: DetectedSpan) -> str:
    """Where an exercise was detected, and how surely."""
    sure = percent(detection.certainty)
    start, end = decimal(detection.start_s), decimal(detection.end_s)
    if detection.runner_up is None or detection.certainty >= _NO_DOUBT:
        return tr("from {start} to {end} s, certainty {sure}", start=start, end=end, sure=sure)
    return tr(
        "from {start} to {end} s, certainty {sure}; could also be: {other}",
        start=start,
        end=end,
        sure=sure,
        other=tr(CATALOGUE[detection.runner_up].title),
    )


def when(fault: Fault) -> str:
    """The seconds of a fault."""
    if fault.lasts_s < 0.05:
        return tr("at {start} s", start=decimal(fault.start_s))
    return tr("{start} to {end} s", start=decimal(fault.start_s), end=decimal(fault.end_s))
