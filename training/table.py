"""The table of tracked frames that `training.extract` writes, as the body model takes it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import Array
from posecoach.kinematics.body_model import of_shape
from posecoach.kinematics.landmarks import Landmarks
from posecoach.kinematics.skeleton_fit import fit_all
from posecoach.kinematics.spatial import shape

Table = dict[str, NDArray[Any]]


def landmarks(table: Table) -> Landmarks:
    """The landmarks of a table of `training.extract`."""
    parts = (table[name].astype(float) for name in ("image", "world", "visibility", "size"))
    return Landmarks(*parts)


def fits(bodies: Landmarks) -> Array:
    """(n, m) the measures of the kinematic fit to each body by itself."""
    unknown = np.full(len(bodies.image), np.nan)
    return of_shape(shape(fit_all(bodies, None, unknown).points))
