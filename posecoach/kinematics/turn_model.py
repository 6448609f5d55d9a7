"""A learned sense of where bent knees lean: how far to a side, to which one, and how high they are.

To a camera beside the bed the side that knees sink to is a depth, and to one above it their height is; depth
is what a pose network misjudges most. A small ensemble of networks has learned from bodies that are known
exactly (see `training/`) by how much the kinematic fit is off there, and how sure that is.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from posecoach.core.package_data import arrays
from posecoach.core.pose import INDEX, LANDMARKS, LANDMARKS_MIRRORED, Array
from posecoach.kinematics.ensemble import Ensemble, Single
from posecoach.kinematics.skeleton_fit import AT, NAMES
from posecoach.kinematics.spatial import both

#: What is learned, in torso lengths from the hips' middle to the knees' middle: to the left of a body on its
#: back, where the likelier side outweighs the other; to whichever side; and up.
OUTPUTS = ("aside", "off", "above")
#: The outputs of a mirrored body with these signs are those of the body itself.
MIRRORED, SIGNS = np.arange(len(OUTPUTS)), np.array([-1.0, 1.0, 1.0])

_HIPS, _KNEES = (both(joint)[0] for joint in ("hip", "knee"))
_SWAPPED = np.array([AT[LANDMARKS[LANDMARKS_MIRRORED[INDEX[name]]]] for name in NAMES])  # left and right
_NEXT, _AFTER = np.array([1, 2, 0]), np.array([2, 0, 1])  # the other two axes of each, in order
# A mirror in the bed's axes, and in those of the camera, for two directions.
_IN_BED, _IN_VIEW = np.array([1.0, -1.0, 1.0]), np.array([-1.0, 1.0, 1.0] * 2)


def in_bed(points: Array, up: Array, along: Array) -> Array:
    """(n, 19, 3) joints from the hips' middle: toward the head of the bed, to the left of a body on its back,
    up. `points` (n, 19, 3) and the unit vectors `up` and `along` (n, 3) are in camera axes.
    """
    x = along - np.vecdot(along, up)[:, None] * up
    x /= np.maximum(np.sqrt(np.vecdot(x, x)), 1e-9)[:, None]
    # NumPy's own vector product takes twice the time of all the rest here.
    y = x.take(_NEXT, axis=1) * up.take(_AFTER, axis=1) - x.take(_AFTER, axis=1) * up.take(_NEXT, axis=1)
    axes = np.concatenate([x, y, up], axis=1).reshape(-1, 3, 3)
    hips = points.take(_HIPS, axis=1)
    bed: Array = (points - (hips[:, :1] + hips[:, 1:]) / 2) @ axes.swapaxes(1, 2)
    return bed


def by_fit(bed: Array) -> Array:
    """(n, 3) the `OUTPUTS` of bodies with joints `in_bed` (n, 19, 3), as the fit has them."""
    left, right = _KNEES
    aside, above = ((bed[:, left, axis] + bed[:, right, axis]) / 2 for axis in (1, 2))
    return np.stack([aside, np.abs(aside), above], axis=1)


def seen(told: Single, bed: Array, up: Array, along: Array) -> Single:
    """(2, n, k) what the networks see of n bodies, and of the same in a mirror: what the body model is
    `told`, (2, n, j), the fit in the bed's axes, and where the camera is.
    """
    view = np.concatenate([up, along], axis=1)
    mirrored = bed.take(_SWAPPED, axis=1) * _IN_BED
    parts = ((told[0], bed, view), (told[1], mirrored, view * _IN_VIEW))
    found = np.empty((2, len(bed), told.shape[2] + bed[0].size + view.shape[1]), np.float32)
    for out, (of_body, of_bed, of_view) in zip(found, parts, strict=True):
        np.concatenate([of_body, of_bed.reshape(len(bed), -1), of_view], axis=1, out=out)
    return found


class TurnModel(Ensemble):
    """The ensemble of networks: for each of `OUTPUTS` an error of the fit and a deviation."""

    def __init__(self, weights: Mapping[str, NDArray[np.generic]]) -> None:
        super().__init__(weights, MIRRORED, SIGNS)

    def read(self, told: Single, points: Array, up: Array, along: Array) -> tuple[Array, Array]:
        """(n, 3) the `OUTPUTS` of n bodies, and their standard deviations.

        `told` (2, n, k) are their `body_model.inputs`; `points` (n, 19, 3), `up` and `along` (n, 3) as for
        `in_bed`.
        """
        bed = in_bed(points, up, along)
        errors, deviations = self.errors(seen(told, bed, up, along))
        values: Array = by_fit(bed) - errors
        return values, deviations


@cache
def turn_model() -> TurnModel:
    """The model that ships with the package, loaded once."""
    return TurnModel(arrays("kinematics", "weights", "turn_model.npz"))
