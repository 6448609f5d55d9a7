"""A comparison in words that need no explanation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from posecoach.core.translation import decimal, humanise, marked, percent, tr
from posecoach.evaluation.comparison import Comparison
from posecoach.kinematics.measures import without_side

SAME = marked("about the same")

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
        _degrees(tr("Furthest point"), sample.peak, yours.peak, _FURTHER),
        _degrees(tr("Where you begin"), sample.rest, yours.rest, _FURTHER_IN),
        _degrees(tr("From there to the furthest point"), sample.range, yours.range, _MORE),
        _speeds(tr("Moving in"), sample.speed_in, yours.speed_in),
        _speeds(tr("Moving out"), sample.speed_out, yours.speed_out),
        _holds(sample.holds_s, yours.holds_s),
        _reps(sample.result.reps, yours.result.reps),
    ]
    sides = humanise(sample.result.side), humanise(yours.result.side)
    if sides[0] != sides[1]:
        found.insert(0, Line(tr("Side"), *sides, tr("the other side")))
    if comparison.apart is not None:
        along = tr("{degrees} apart on average", degrees=f"{comparison.apart:.0f}°")
        found.append(Line(tr("Along the way, at the same point of the move"), "", "", along))
    return found


#: What a difference is called: upward, and downward.
_FURTHER = marked("{degrees} further"), marked("{degrees} less far")
_FURTHER_IN = marked("{degrees} further in"), marked("{degrees} further out")
_MORE = marked("{degrees} more"), marked("{degrees} less")
_FASTER = marked("{share} faster"), marked("{share} slower")
_LONGER = marked("{seconds} s longer"), marked("{seconds} s shorter")
_LONGER_EACH = marked("{seconds} s longer each time"), marked("{seconds} s shorter each time")


def _degrees(what: str, sample: float | None, yours: float | None, names: tuple[str, str]) -> Line:
    one, other = (tr("not seen") if value is None else degrees(value) for value in (sample, yours))
    if sample is None or yours is None:
        return Line(what, one, other, "")
    by = _by(sample, yours)
    return Line(what, one, other, tr(names[by < 0], degrees=f"{abs(by)}°") if by else tr(SAME))


def _by(sample: float, yours: float) -> int:
    """The difference in degrees; 0 where it is within what a camera can tell."""
    difference = round(yours) - round(sample)  # as they are shown, so that the sum is right
    return difference if abs(difference) >= SAME_DEGREES else 0


def _speeds(what: str, sample: float | None, yours: float | None) -> Line:
    one, other = (
        tr("not seen") if value is None else tr("{degrees} a second", degrees=f"{value:.0f}°")
        for value in (sample, yours)
    )
    if not sample or not yours:
        return Line(what, one, other, "")
    change = yours / sample - 1
    if abs(change) <= SAME_SHARE:
        return Line(what, one, other, tr(SAME))
    return Line(what, one, other, tr(_FASTER[change < 0], share=percent(abs(change))))


def _holds(sample: Sequence[float], yours: Sequence[float]) -> Line:
    what, one, other = tr("In position"), _held(sample), _held(yours)
    if not sample or not yours:
        return Line(what, one, other, "")
    longer = _longer(sample, yours)
    return Line(
        what,
        one,
        other,
        tr(_longer_words(sample, yours), seconds=decimal(abs(longer))) if longer else tr(SAME),
    )


def _longer(sample: Sequence[float], yours: Sequence[float]) -> float:
    """Seconds that holds are longer on average; 0 where that says nothing, or there are none."""
    longer = fmean(yours) - fmean(sample) if sample and yours else 0.0
    return longer if abs(longer) >= SAME_S else 0.0


def _longer_words(sample: Sequence[float], yours: Sequence[float]) -> str:
    names = _LONGER_EACH if max(len(sample), len(yours)) > 1 else _LONGER
    return names[_longer(sample, yours) < 0]


def _held(holds: Sequence[float]) -> str:
    if not holds:
        return tr("not reached")
    if len(holds) == 1:
        return f"{decimal(holds[0])} s"
    return tr("{count} times, {seconds} s on average", count=len(holds), seconds=decimal(fmean(holds)))


def _reps(sample: int, yours: int) -> Line:
    difference = yours - sample
    text = marked("{count} more") if difference > 0 else marked("{count} fewer")
    words = tr(text, count=abs(difference)) if difference else tr("the same")
    return Line(tr("Repetitions"), str(sample), str(yours), words)


#: What moves, by the measure that defines the motion: one limb, and both.
_SUBJECTS: Mapping[str, tuple[str, str]] = {
    "hip_flexion": (marked("Your thigh came"), marked("Your thighs came")),
    "hip_sagittal": (marked("Your hips rose"), marked("Your hips rose")),
    "trunk_inclination": (marked("Your chest rose"), marked("Your chest rose")),
    "trunk_rotation": (marked("You turned"), marked("You turned")),
}
_YOU = marked("You came"), marked("You came")
_AS_FAR = marked("{subject} about as far as in the sample")
_NOT_AS_FAR = (
    marked("{subject} {degrees} further than in the sample"),
    marked("{subject} {degrees} less far than in the sample"),
)
_AS_LONG = marked("and you held it about as long")
_NOT_AS_LONG: Mapping[str, str] = {
    _LONGER[0]: marked("and you held it {seconds} s longer"),
    _LONGER[1]: marked("and you held it {seconds} s shorter"),
    _LONGER_EACH[0]: marked("and you held it {seconds} s longer each time"),
    _LONGER_EACH[1]: marked("and you held it {seconds} s shorter each time"),
}


def summary(comparison: Comparison) -> str:
    """The differences that matter most, in one or two kind sentences."""
    sample, yours = comparison.sample_curve, comparison.your_curve
    names = comparison.exercise.motions[0].value.names
    base = without_side(names[0])
    subject, by = tr(_SUBJECTS.get(base, _YOU)[len(names) > 1]), _by(sample.peak, yours.peak)
    text = _NOT_AS_FAR[by < 0] if by else _AS_FAR
    sentence = tr(text, subject=subject, degrees=f"{abs(by)}°")
    if sample.holds_s and yours.holds_s:
        longer = _longer(sample.holds_s, yours.holds_s)
        text = _NOT_AS_LONG[_longer_words(sample.holds_s, yours.holds_s)] if longer else _AS_LONG
        sentence += f", {tr(text, seconds=decimal(abs(longer)))}"
    if by:
        sentence = ". ".join((sentence, tr("Go only as far as is comfortable")))
    return f"{sentence}."
