"""The table of tracked frames that `training.extract` writes, as the body model takes it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import Array
from posecoach.kinematics.bed_model import bed_model
from posecoach.kinematics.body_model import inputs, of_shape
from posecoach.kinematics.ensemble import Single
from posecoach.kinematics.landmarks import Landmarks
from posecoach.kinematics.skeleton_fit import fit_all
from posecoach.kinematics.spatial import shape

Table = dict[str, NDArray[Any]]


def landmarks(table: Table) -> Landmarks:
    """The landmarks of a table of `training.extract`."""
    parts = (table[name].astype(float) for name in ("image", "world", "visibility", "size"))
    return Landmarks(*parts)


def shares(table: Table) -> Array:
    """(n,) how much each row counts: a clip by the square root of its distinct pictures."""
    _, clip, pictures = np.unique(table["name"], return_inverse=True, return_counts=True)
    counted: Array = 1 / np.sqrt(pictures[clip])
    return counted


def points(bodies: Landmarks) -> Array:
    """(n, 19, 3) the joints of the kinematic fit to each body by itself."""
    return fit_all(bodies, None, np.full(len(bodies.image), np.nan)).points


def fits(bodies: Landmarks) -> Array:
    """(n, m) the measures of that fit."""
    return of_shape(shape(points(bodies)))


def told(bodies: Landmarks) -> tuple[Single, Array, Array, Array]:
    """What `turn_model.TurnModel.read` takes of bodies that are seen each by itself."""
    joints = points(bodies)
    of_body = inputs(bodies, of_shape(shape(joints)))
    up, along, _ = bed_model().read(of_body)
    return of_body, joints, up, along
