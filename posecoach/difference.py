"""A comparison in words that need no explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from posecoach.against import Comparison

SAME = "about the same"

#: Differences below these are within what a camera can tell.
SAME_DEGREES, SAME_SHARE, SAME_S = 5.0, 0.25, 0.5


@dataclass(frozen=True)
class Line:
    """One thing that was compared: what it is, in the sample, in the recording, and the difference."""

    what: str
    sample: str
    yours: str
    difference: str


def degrees(value: float) -> str:
    """An angle, with a proper minus."""
    return f"{round(value)}°".replace("-", "−")


def lines(comparison: Comparison) -> list[Line]:
    """What was compared, one thing a line."""
    sample, yours = comparison.sample_curve, comparison.your_curve
    found = [
        _degrees("Furthest point", sample.peak, yours.peak, "further", "less far"),
        _degrees("Where you begin", sample.rest, yours.rest, "further in", "further out"),
        _degrees("From there to the furthest point", sample.range, yours.range, "more", "less"),
        _speeds("Moving in", sample.speed_in, yours.speed_in),
        _speeds("Moving out", sample.speed_out, yours.speed_out),
        _holds(sample.holds_s, yours.holds_s),
        _reps(sample.result.reps, yours.result.reps),
    ]
    sides = sample.result.side, yours.result.side
    if sides[0] != sides[1]:
        found.insert(0, Line("Side", *sides, "the other side"))
    if comparison.apart is not None:
        along = f"{comparison.apart:.0f}° apart on average"
        found.append(Line("Along the way, at the same point of the move", "", "", along))
    return found


def _degrees(what: str, sample: float | None, yours: float | None, more: str, less: str) -> Line:
    one, other = ("not seen" if value is None else degrees(value) for value in (sample, yours))
    if sample is None or yours is None:
        return Line(what, one, other, "")
    return Line(what, one, other, _by(sample, yours, more, less))


def _by(sample: float, yours: float, more: str, less: str) -> str:
    difference = round(yours) - round(sample)  # as they are shown, so that the sum is right
    if abs(difference) < SAME_DEGREES:
        return SAME
    return f"{abs(difference)}° {more if difference > 0 else less}"


def _speeds(what: str, sample: float | None, yours: float | None) -> Line:
    one, other = ("not seen" if value is None else f"{value:.0f}° a second" for value in (sample, yours))
    if not sample or not yours:
        return Line(what, one, other, "")
    change = yours / sample - 1
    if abs(change) <= SAME_SHARE:
        return Line(what, one, other, SAME)
    return Line(what, one, other, f"{abs(change):.0%} {'faster' if change > 0 else 'slower'}")


def _holds(sample: Sequence[float], yours: Sequence[float]) -> Line:
    one, other = _held(sample), _held(yours)
    if not sample or not yours:
        return Line("In position", one, other, "")
    longer = fmean(yours) - fmean(sample)
    if abs(longer) < SAME_S:
        return Line("In position", one, other, SAME)
    each = " each time" if max(len(sample), len(yours)) > 1 else ""
    return Line(
        "In position", one, other, f"{abs(longer):.1f} s {'longer' if longer > 0 else 'shorter'}{each}"
    )


def _held(holds: Sequence[float]) -> str:
    if not holds:
        return "not reached"
    return f"{holds[0]:.1f} s" if len(holds) == 1 else f"{len(holds)} times, {fmean(holds):.1f} s on average"


def _reps(sample: int, yours: int) -> Line:
    difference = yours - sample
    words = f"{abs(difference)} {'more' if difference > 0 else 'fewer'}" if difference else "the same"
    return Line("Repetitions", str(sample), str(yours), words)


#: What moves, by the measure that defines the motion: one limb, and both.
_SUBJECTS: Mapping[str, tuple[str, str]] = {
    "hip_flexion": ("Your thigh came", "Your thighs came"),
    "hip_sagittal": ("Your hips rose", "Your hips rose"),
    "trunk_inclination": ("Your chest rose", "Your chest rose"),
    "trunk_rotation": ("You turned", "You turned"),
}


def summary(comparison: Comparison) -> str:
    """The differences that matter most, in one or two kind sentences."""
    sample, yours = comparison.sample_curve, comparison.your_curve
    names = comparison.exercise.motions[0].value.names
    base = names[0].removesuffix("_left").removesuffix("_right")
    subject = _SUBJECTS.get(base, ("You came", "You came"))[len(names) > 1]
    how_far = _by(sample.peak, yours.peak, "further than", "less far than")
    sentence = f"{subject} {'about as far as' if how_far == SAME else how_far} in the sample"
    held = _holds(sample.holds_s, yours.holds_s).difference
    if held:
        sentence += f", and you held it {'about as long' if held == SAME else held}"
    if "less far" in how_far:
        sentence += ". Go only as far as is comfortable"
    return f"{sentence}."
