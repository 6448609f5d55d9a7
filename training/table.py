"""The table of tracked frames that `training.extract` writes, as the body model takes it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import Array, Pose
from posecoach.kinematics.body_model import OUTPUTS, Landmarks, of_skeleton
from posecoach.kinematics.skeleton_fit import fit

Table = dict[str, NDArray[Any]]


def landmarks(table: Table) -> Landmarks:
    """The landmarks of a table of `training.extract`."""
    parts = (table[name].astype(float) for name in ("image", "world", "visibility", "size"))
    return Landmarks(*parts)


def fits(bodies: Landmarks) -> Array:
    """(n, m) the measures of the kinematic fit to each body by itself."""
    found = np.empty((len(bodies.image), len(OUTPUTS)))
    for row, parts in enumerate(zip(bodies.image, bodies.world, bodies.visibility, strict=True)):
        size = (int(bodies.size[row, 0]), int(bodies.size[row, 1]))
        found[row] = of_skeleton(fit(Pose(0.0, *parts, size)))
    return found
