"""By how much a measure may be off: its standard deviation, as the body model says or as it was measured."""

from collections.abc import Mapping

from posecoach.kinematics.baseline import Baseline
from posecoach.kinematics.measures import LIFTS, without_side

# Standard deviations of the measures that the body model does not correct, from the side and from elsewhere:
# measured against exact truth on rendered clips. Lifts have the noise of heights, which depends on the view.
_MEASURED: Mapping[str, tuple[float, float]] = {
    "hip_sagittal": (5.0, 12.0),
    "trunk_inclination": (4.0, 4.0),
    "knee_gap": (0.15, 0.15),
    "knee_spread": (0.08, 0.08),
    "shin_tilt": (12.0, 13.0),
    "nose_nearer": (0.035, 0.035),
}


def deviation(name: str, of_model: Mapping[str, float], baseline: Baseline | None) -> float:
    """The standard deviation of a measure in its own unit, seen in the view of `baseline`; 0: none is known.

    `of_model` holds those of one frame that the body model knows.
    """
    known = of_model.get(name)
    if is_lift(name):
        return (known or 0.0) + (baseline.height_noise if baseline is not None else 0.0)
    if known is not None:
        return known
    return from_the_side(name) if baseline is not None and baseline.side_on else at_an_angle(name)


def is_lift(name: str) -> bool:
    """True for a measure that is a height above the rest."""
    return name in LIFTS


def from_the_side(name: str) -> float:
    """The standard deviation, seen from the side, of a measure that the body model does not correct; 0 for
    any other.
    """
    return _MEASURED.get(without_side(name), (0.0, 0.0))[0]


def at_an_angle(name: str) -> float:
    """The standard deviation, where it is not seen from the side, of a measure that the body model does not
    correct; 0 for any other.
    """
    return _MEASURED.get(without_side(name), (0.0, 0.0))[1]
