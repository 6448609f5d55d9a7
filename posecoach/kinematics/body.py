"""One body followed in time: poses in, measurements and the baseline they refer to out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from posecoach.core.pose import INDEX, Pose
from posecoach.kinematics.axial_rotation import Turning
from posecoach.kinematics.baseline import Baseline, take_baseline
from posecoach.kinematics.body_model import BodyModel, body_model
from posecoach.kinematics.flicker import Flickers
from posecoach.kinematics.measures import BY_FIT, HIP_OFFSET, SINCE_REST, UNSEEN, Measures, measure
from posecoach.kinematics.resting import STILL, Occasion, Resting
from posecoach.kinematics.skeleton_fit import NAMES, Skeleton, fit

# After this long without a body, the next skeleton does not continue the last one.
_FORGET_S = 1.0
_VISIBLE = 0.3  # visibility below which a joint is a guess: its error is three times that of the others
# The angle of an arm behind the trunk is 30 to 45 degrees off well before its elbow becomes a guess.
_ELBOW_VISIBLE = 0.6
_MARGIN = 0.02  # share of the picture beyond its edge up to which a landmark may be guessed

_IN_PICTURE = np.array([INDEX[name] for name in NAMES])
_LEAST = np.array([_ELBOW_VISIBLE if name.endswith("elbow") else _VISIBLE for name in NAMES])


@dataclass(frozen=True, eq=False)
class Measurements:
    """One frame's measurements.

    values    by name, None where unseen: `hip_flexion_left`, … as `MEASURES` describes
    hidden    names of the joints that cannot be believed in this frame
    moved     torso lengths that trunk or legs have moved in the last half second; infinite until then
    baseline  what lifts and turns were measured against; None until the body was seen at rest
    deviations  standard deviations of the values that the body model has corrected
    """

    t_s: float
    values: Measures
    hidden: frozenset[str]
    moved: float
    baseline: Baseline | None
    deviations: Mapping[str, float] = field(default_factory=dict)

    @property
    def still(self) -> bool:
        """True while nothing has moved by more than noise."""
        return self.moved < STILL


class Body:
    """Poses in, measurements out: keeps the last skeleton and the rest of one body.

    `measure` is called with every pose, and `may_rest` after it wherever the person may be lying still.
    """

    def __init__(self, model: BodyModel | Literal["shipped"] | None = "shipped") -> None:
        """`model` corrects the kinematic fit; None: the fit alone."""
        self._model = body_model() if model == "shipped" else model
        self._skeleton: Skeleton | None = None
        self._resting = Resting()
        self._turning = Turning()
        self._flickers = Flickers()

    def begin(self) -> None:
        """A new starting position is awaited: the next still moment, in whatever posture, is its rest."""
        self._skeleton = None
        self._resting.forget()
        self._turning = Turning()

    def may_rest(self, found: Measurements | None, occasion: Occasion) -> None:
        """The pose just measured (None: there was none) may be one of rest: believe it of a still body."""
        if found is not None and found.still:
            self._resting.believe(occasion)

    def measure(self, pose: Pose) -> Measurements:
        """Measure one pose; `pose.t_s` rises strictly from call to call.

        Angles are in degrees, lengths in torso lengths, in the bed axes of `baseline`. A measure that needs a
        hidden joint, or that jumps faster than a limb can move, is None; in a pose that is not `in_space`
        every measure is.
        """
        resting = self._resting
        if not pose.in_space:
            return Measurements(pose.t_s, UNSEEN, frozenset(NAMES), float("inf"), resting.baseline)
        if self._skeleton is not None and pose.t_s - self._skeleton.t_s > _FORGET_S:
            self._skeleton = None
            resting.lose()
        depth = resting.baseline.trunk_depth if resting.baseline is not None else None
        skeleton = fit(pose, self._skeleton, depth)
        if resting.contradicted_by(skeleton):
            self.begin()
        self._skeleton = skeleton
        moved = resting.update(skeleton)
        hidden = _hidden(pose)
        # Until the body was seen at rest, this very moment has to do: angles against the bed are roughly
        # right from the start, what is measured since rest is not known yet.
        baseline = resting.baseline or take_baseline(skeleton.points)
        values = measure(skeleton, hidden, baseline, self._turning)
        if resting.baseline is None:
            values |= dict.fromkeys(SINCE_REST)
        values |= {by_fit: values[name] for name, by_fit in BY_FIT.items()}
        deviations = {}
        if self._model is not None:
            in_plane = baseline.side_on and baseline.posture in ("supine", "prone")
            estimates = self._model.estimate(pose, skeleton, in_plane)
            found = {name: one for name, one in estimates.items() if values[name] is not None}
            values |= {name: one.value for name, one in found.items()}
            values |= {name: found[name].value + HIP_OFFSET for name in BY_FIT if name in found}
            deviations = {name: one.deviation for name, one in found.items()}
        self._flickers.hide(pose.t_s, values)
        return Measurements(pose.t_s, values, hidden, moved, resting.baseline, deviations)


def _hidden(pose: Pose) -> frozenset[str]:
    """Joints of `skeleton.NAMES` not to be believed: outside the picture, or hidden to the network."""
    width, height = pose.size
    x, y = pose.image[_IN_PICTURE, 0] / width, pose.image[_IN_PICTURE, 1] / height
    inside = (x > -_MARGIN) & (x < 1 + _MARGIN) & (y > -_MARGIN) & (y < 1 + _MARGIN)
    trusted = (inside & (pose.visibility[_IN_PICTURE] > _LEAST)).tolist()
    return frozenset(name for name, known in zip(NAMES, trusted, strict=True) if not known)
