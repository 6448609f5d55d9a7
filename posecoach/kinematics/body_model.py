"""A learned model of a lying body: it corrects the kinematic fit, and says how sure each measure is.

A pose network is trained on people who stand. Of a lying body it misjudges depth, and the far limbs, in
ways that depend on posture and view but hardly on the person. A small ensemble of networks has learned what
the fit makes of these errors, from bodies whose joints are known exactly (see `training/`). It predicts the
fit's error rather than the measure itself: where a posture is unlike all that it has learned from, it says
little and leaves the fit as it is.

The ensemble sees each pose as it is and mirrored, so that left and right are treated alike.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from posecoach.core.package_data import arrays
from posecoach.core.pose import Array, Pose
from posecoach.kinematics.geometry import angle, length, minus, to_segment
from posecoach.kinematics.skeleton_fit import NAMES, Skeleton

Single = NDArray[np.float32]
SIDES = ("left", "right")

#: The measures that are corrected, each named with `_left` or `_right` behind it; see `measures.MEASURES`.
#: Hip and knee flexion are between points on the skin, as the pose network marks them.
CORRECTED = ("hip_flexion", "knee_flexion", "shoulder_abduction", "ankle_on_thigh", "hand_to_foot")
OUTPUTS = tuple(f"{name}_{side}" for name in CORRECTED for side in SIDES)
#: The outputs of a mirrored body, in this order, are those of the body itself.
MIRRORED = np.array([OUTPUTS.index(f"{name}_{side}") for name in CORRECTED for side in reversed(SIDES)])
# Degrees become about as large as torso lengths.
_SCALE = np.array([1 / 90 if name in CORRECTED[:3] else 1.0 for name in CORRECTED for _ in SIDES])

#: The landmarks of a mirrored body.
LANDMARKS_MIRRORED = np.array(
    [0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, *(i + 1 if i % 2 else i - 1 for i in range(11, 33))]
)
_USED = np.array([0, 7, 8, *range(11, 33)])  # the face says no more than nose and ears
_LIMBS = np.array([*range(11, 17), *range(23, 29)])
# Bent at the middle one: hips, knees, shoulders, elbows.
_BENDS = np.array(
    [
        (11, 23, 25),
        (12, 24, 26),
        (23, 25, 27),
        (24, 26, 28),
        (13, 11, 23),
        (14, 12, 24),
        (11, 13, 15),
        (12, 14, 16),
    ]
)
_TINY = 1e-6
# Degrees by which rendered and real bodies may differ. Where legs move in the plane of the picture the fit
# is good, and only what exceeds these is corrected: on photographs of real people the rest did harm.
_DIFFER = {"hip_flexion": 10.0, "knee_flexion": 6.0}
_LEFT_ALONE = np.array([_DIFFER.get(name, 0.0) for name in CORRECTED for _ in SIDES])


@dataclass(frozen=True)
class Landmarks:
    """Landmarks of n poses, as in `Pose`: image (n, 33, 2) and size (n, 2) in pixels, world (n, 33, 3) in
    metres, visibility (n, 33).
    """

    image: Array
    world: Array
    visibility: Array
    size: Array

    def mirrored(self) -> "Landmarks":
        """The same bodies seen in a mirror."""
        image, world = self.image[:, LANDMARKS_MIRRORED], self.world[:, LANDMARKS_MIRRORED]
        image[..., 0] = self.size[:, :1] - image[..., 0]
        world[..., 0] *= -1
        return Landmarks(image, world, self.visibility[:, LANDMARKS_MIRRORED], self.size)


def features(bodies: Landmarks) -> Single:
    """(n, k) what the networks see: landmarks independent of place and size, and the angles between limbs."""
    count, picture = len(bodies.image), bodies.size.max(axis=-1, keepdims=True)
    image, centre, extent = _normalised(bodies.image)
    world, _, world_extent = _normalised(bodies.world)
    start, middle, end = (bodies.image[:, _BENDS[:, i]] for i in range(3))
    into, out = middle - start, end - middle
    lengths = np.sqrt((into**2).sum(-1) * (out**2).sum(-1)) + _TINY
    along = (into * out).sum(-1) / lengths
    across = (into[..., 0] * out[..., 1] - into[..., 1] * out[..., 0]) / lengths
    start, middle, end = (bodies.world[:, _BENDS[:, i]] for i in range(3))
    back, on = start - middle, end - middle
    cosine = (back * on).sum(-1) / (np.sqrt((back**2).sum(-1) * (on**2).sum(-1)) + _TINY)
    parts = (
        image[:, _USED].reshape(count, -1),
        world[:, _USED].reshape(count, -1),
        2 * bodies.visibility[:, _USED] - 1,
        3 * (centre - bodies.size / 2) / picture,
        np.log(extent / picture) + 1.5,
        np.log(world_extent),
        along,
        across,
        np.arccos(np.clip(cosine, -1, 1)) - np.pi / 2,
    )
    return np.concatenate(parts, axis=-1).astype(np.float32)


def _normalised(points: Array) -> tuple[Array, Array, Array]:
    """Points (n, 33, d) about the middle of the limbs' joints and by their spread; the middle; the spread."""
    limbs = points[:, _LIMBS]
    centre = limbs.mean(axis=1)
    extent = np.sqrt(((limbs - centre[:, None]) ** 2).sum(-1).mean(-1, keepdims=True)) + _TINY
    return (points - centre[:, None]) / extent[..., None], centre, extent


def of_skeleton(skeleton: Skeleton) -> Array:
    """(m,) the measures of `OUTPUTS` as the kinematic fit has them."""
    at = {name: (x, y, z) for name, (x, y, z) in zip(NAMES, skeleton.points.tolist(), strict=True)}
    found = {}
    for side, other in (SIDES, SIDES[::-1]):
        shoulder, elbow, wrist, hip, knee, ankle, toes = (
            at[f"{side}_{joint}"]
            for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot_index")
        )
        found[f"hip_flexion_{side}"] = 180 - angle(shoulder, hip, knee)
        found[f"knee_flexion_{side}"] = 180 - angle(hip, knee, ankle)
        found[f"shoulder_abduction_{side}"] = angle(elbow, shoulder, hip)
        found[f"ankle_on_thigh_{side}"] = to_segment(ankle, at[f"{other}_hip"], at[f"{other}_knee"])
        found[f"hand_to_foot_{side}"] = min(length(minus(wrist, ankle)), length(minus(wrist, toes)))
    return np.array([found[name] for name in OUTPUTS])


def inputs(bodies: Landmarks, fit: Array) -> Single:
    """(n, k) what the networks see of n bodies whose fits have the measures `fit` (n, m)."""
    return np.concatenate([features(bodies), (fit * _SCALE).astype(np.float32)], axis=-1)


@dataclass(frozen=True)
class Estimate:
    """A measure and its standard deviation, in the unit of the measure."""

    value: float
    deviation: float


class BodyModel:
    """The ensemble: networks of two hidden layers; for every output an error of the fit and a deviation.

    `weights` are the arrays that `training/train.py` writes: `w1`, `b1`, `w2`, `b2`, `w3`, `b3` with one
    network along the first axis, `input_mean` and `input_scale` (k,), `output_scale` (m,), and `calibration`
    (m,), by which the deviations are multiplied so that they agree with the errors on bodies that no network
    was trained on.
    """

    def __init__(self, weights: Mapping[str, NDArray[np.generic]]) -> None:
        self._w = {name: np.asarray(array, np.float32) for name, array in weights.items()}

    def estimate(self, pose: Pose, skeleton: Skeleton, in_plane: bool) -> dict[str, Estimate]:
        """An estimate of each of `OUTPUTS` from one pose and its fit.

        `in_plane`: the body lies on its back or front and is seen from the side.
        """
        assert pose.world is not None  # or there were no fit
        size = np.array([pose.size], np.float64)
        one = Landmarks(pose.image[None], pose.world[None], pose.visibility[None], size)
        fit = of_skeleton(skeleton)
        (values,), (deviations,) = self.estimates(one, fit[None])
        if in_plane:
            values = values - np.clip(values - fit, -_LEFT_ALONE, _LEFT_ALONE)
        pairs = zip(values.tolist(), deviations.tolist(), strict=True)
        return {name: Estimate(*pair) for name, pair in zip(OUTPUTS, pairs, strict=True)}

    def estimates(self, bodies: Landmarks, fit: Array) -> tuple[Array, Single]:
        """(n, m) values and standard deviations of n bodies, in the order of `OUTPUTS`.

        `fit` (n, m) are the measures of their fits.
        """
        count = len(bodies.image)
        mirrored = inputs(bodies.mirrored(), fit[:, MIRRORED])
        errors, deviations = self._forward(np.concatenate([inputs(bodies, fit), mirrored]))
        for y in (errors, deviations):
            y[:, count:] = y[:, count:, MIRRORED]
        errors, deviations = (y.reshape(-1, count, len(OUTPUTS)) for y in (errors, deviations))
        variance = (deviations**2).mean(axis=0) + errors.var(axis=0)
        spread: Single = np.sqrt(variance) * self._w["calibration"]
        values: Array = fit - errors.mean(axis=0)
        return values, spread

    def _forward(self, x: Single) -> tuple[Single, Single]:
        """(networks, n, m) errors of the fit and deviations for inputs (n, k)."""
        w = self._w
        x = np.clip((x - w["input_mean"]) / w["input_scale"], -5, 5)
        y = np.maximum(x @ w["w1"] + w["b1"][:, None], 0)
        y = np.maximum(y @ w["w2"] + w["b2"][:, None], 0)
        y = y @ w["w3"] + w["b3"][:, None]
        error, log_deviation = y[..., : len(OUTPUTS)], np.clip(y[..., len(OUTPUTS) :], -4, 2)
        return error * w["output_scale"], np.exp(log_deviation) * w["output_scale"]


@cache
def body_model() -> BodyModel:
    """The model that ships with the package, loaded once."""
    return BodyModel(arrays("kinematics", "weights", "body_model.npz"))
