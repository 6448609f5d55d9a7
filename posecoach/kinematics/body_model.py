"""A learned model of a lying body: it corrects the kinematic fit, and says how sure each measure is.

A pose network is trained on people who stand. Of a lying body it misjudges depth, and the far limbs, in
ways that depend on posture and view but hardly on the person. A small ensemble of networks has learned what
the fit makes of these errors, from bodies whose joints are known exactly (see `training/`). It predicts the
fit's error rather than the measure itself: where a posture is unlike all that it has learned from, it says
little and leaves the fit as it is.

The ensemble sees each pose as it is and mirrored, so that left and right are treated alike.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from posecoach.core.package_data import arrays
from posecoach.core.pose import LANDMARKS_MIRRORED, Array
from posecoach.kinematics.ensemble import Ensemble, Single
from posecoach.kinematics.landmarks import Landmarks
from posecoach.kinematics.spatial import SIDES, Shape

#: The measures that are corrected, each named with `_left` or `_right` behind it; see `measures.MEASURES`.
#: Hip and knee flexion are between points on the skin, as the pose network marks them.
CORRECTED = ("hip_flexion", "knee_flexion", "shoulder_abduction", "ankle_on_thigh", "hand_to_foot")
OUTPUTS = tuple(f"{name}_{side}" for name in CORRECTED for side in SIDES)
#: The outputs of a mirrored body, in this order, are those of the body itself.
MIRRORED = np.array([OUTPUTS.index(f"{name}_{side}") for name in CORRECTED for side in reversed(SIDES)])
_ANGLES = np.array([name in CORRECTED[:3] for name in CORRECTED for _ in SIDES])
# Degrees become about as large as torso lengths.
_SCALE = np.where(_ANGLES, 1 / 90, 1.0)

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
_DOUBTED = np.where(_LEFT_ALONE > 0, 1.5, 0.0)  # and the deviations that a correction has to exceed there
# Hip, knee and ankle of the leg that each of the first outputs is about. Where the network hardly sees one of
# them the fit only guesses: there its error is three times as large as elsewhere.
_OF_LEG = np.array([(23, 25, 27), (24, 26, 28)] * 2)
_GUESSED = 0.5


def features(bodies: Landmarks) -> Array:
    """(n, k) what the networks see: landmarks independent of place and size, and the angles between limbs."""
    count, picture = len(bodies.image), bodies.size.max(axis=-1, keepdims=True)
    image, centre, extent = _normalised(bodies.image)
    world, _, world_extent = _normalised(bodies.world)
    start, middle, end = (bodies.image.take(joint, axis=1) for joint in _BENDS.T)
    into, out = middle - start, end - middle
    lengths = np.sqrt(np.vecdot(into, into) * np.vecdot(out, out)) + _TINY
    along = np.vecdot(into, out) / lengths
    across = (into[..., 0] * out[..., 1] - into[..., 1] * out[..., 0]) / lengths
    start, middle, end = (bodies.world.take(joint, axis=1) for joint in _BENDS.T)
    back, on = start - middle, end - middle
    cosine = np.vecdot(back, on) / (np.sqrt(np.vecdot(back, back) * np.vecdot(on, on)) + _TINY)
    parts = (
        image.reshape(count, -1),
        world.reshape(count, -1),
        2 * bodies.visibility.take(_USED, axis=1) - 1,
        3 * (centre - bodies.size / 2) / picture,
        np.log(extent / picture) + 1.5,
        np.log(world_extent),
        along,
        across,
        np.arccos(np.minimum(np.maximum(cosine, -1), 1)) - np.pi / 2,
    )
    return np.concatenate(parts, axis=-1)


def _normalised(points: Array) -> tuple[Array, Array, Array]:
    """The used ones of points (n, 33, d) about the middle of the limbs' joints and by their spread; the
    middle; the spread.
    """
    limbs = points.take(_LIMBS, axis=1)
    centre = limbs.sum(axis=1) / len(_LIMBS)
    away = (limbs - centre[:, None]).reshape(len(points), -1)
    extent = np.sqrt(np.vecdot(away, away)[:, None] / len(_LIMBS)) + _TINY
    return (points.take(_USED, axis=1) - centre[:, None]) / extent[..., None], centre, extent


def _mirror() -> tuple[NDArray[np.intp], Array]:
    """Which features of a body are those of the mirrored body, and with which sign."""
    place = {landmark: index for index, landmark in enumerate(_USED.tolist())}
    mirrored = np.array([place[landmark] for landmark in LANDMARKS_MIRRORED[_USED].tolist()])
    bends = np.arange(len(_BENDS)) ^ 1  # left and right in turn
    one, aside = np.zeros(1, np.intp), [-1.0, 1.0, 1.0]
    parts: list[tuple[NDArray[np.intp], list[float]]] = [
        *(((d * mirrored[:, None] + np.arange(d)).ravel(), aside[:d] * len(_USED)) for d in (2, 3)),
        (mirrored, [1.0] * len(_USED)),
        (np.arange(2), aside[:2]),
        *[(one, [1.0])] * 2,
        (bends, [1.0] * len(bends)),
        (bends, [-1.0] * len(bends)),
        (bends, [1.0] * len(bends)),
    ]
    begins = np.cumsum([0, *(len(order) for order, _ in parts)])
    order = np.concatenate([order + begin for (order, _), begin in zip(parts, begins, strict=False)])
    return order, np.concatenate([sign for _, sign in parts])


_MIRRORED_FEATURES, _MIRRORED_SIGNS = _mirror()


def of_shape(bent: Shape) -> Array:
    """(n, m) the measures of `OUTPUTS` as the kinematic fit has them."""
    return np.concatenate([getattr(bent, name) for name in CORRECTED], axis=1)


def inputs(bodies: Landmarks, fit: Array) -> Single:
    """(2, n, k) what the networks see of n bodies, and of the same in a mirror, whose fits have the measures
    `fit` (n, m).
    """
    seen, scaled = features(bodies), fit * _SCALE
    found = np.empty((2, len(fit), seen.shape[1] + scaled.shape[1]), np.float32)
    found[0, :, : seen.shape[1]], found[0, :, seen.shape[1] :] = seen, scaled
    found[1, :, : seen.shape[1]] = seen.take(_MIRRORED_FEATURES, axis=1) * _MIRRORED_SIGNS
    found[1, :, seen.shape[1] :] = scaled.take(MIRRORED, axis=1)
    return found


class BodyModel(Ensemble):
    """The ensemble of networks: for every output an error of the fit and a deviation."""

    def __init__(self, weights: Mapping[str, NDArray[np.generic]]) -> None:
        super().__init__(weights, MIRRORED)

    def corrected(
        self, bodies: Landmarks, seen: Single, fit: Array, in_plane: NDArray[np.bool_]
    ) -> tuple[Array, Array]:
        """The measures `fit` (n, m), corrected by `estimates` but where they are good; and the deviations.

        `in_plane` (n,): the body lies on its back or front and is seen from the side. Of any other, the
        correction of an angle counts by how much it exceeds its own deviation. A leg that is hardly seen is
        always corrected in full.
        """
        values, deviations = self.estimates(seen, fit)
        away = values - fit
        least = np.maximum(_LEFT_ALONE, _DOUBTED * deviations)
        beyond = away - np.minimum(np.maximum(away, -least), least)
        known = np.where(_ANGLES, away * away / (away * away + deviations * deviations), 1.0)
        believed = fit + np.where(in_plane[:, None], beyond, known * away)
        guessed = bodies.visibility[:, _OF_LEG].min(axis=2) < _GUESSED
        legs = slice(len(_OF_LEG))
        believed[:, legs] = np.where(guessed, values[:, legs], believed[:, legs])
        return believed, deviations

    def estimates(self, seen: Single, fit: Array) -> tuple[Array, Array]:
        """(n, m) values and standard deviations of n bodies, in the order of `OUTPUTS`.

        `seen` (2, n, k) are the `inputs` for them, `fit` (n, m) the measures of their fits.
        """
        errors, deviations = self.errors(seen)
        values: Array = fit - errors
        return values, deviations


@cache
def body_model() -> BodyModel:
    """The model that ships with the package, loaded once."""
    return BodyModel(arrays("kinematics", "weights", "body_model.npz"))
