"""A learned sense of how a body lies, and of which way is up.

The pose network has hardly ever seen anybody lie: the trunk that it finds rolls about its long axis, most of
all that of a body on its front, and so would a mattress that is taken from the trunk. A small network has
learned what each frame tells of both, from bodies that are known exactly (see `training/`): from the whole
body and how well each part is seen, not from the four corners of the trunk alone.
"""

from collections.abc import Mapping
from functools import cache

import numpy as np
from numpy.typing import NDArray

from posecoach.core.package_data import arrays
from posecoach.core.pose import Array
from posecoach.core.types import POSTURES
from posecoach.kinematics.baseline import OTHER_SIDE
from posecoach.kinematics.ensemble import Single

#: The postures of a mirrored body in the order of `POSTURES`.
MIRRORED_POSTURES = np.array([POSTURES.index(OTHER_SIDE.get(name, name)) for name in POSTURES])
#: The networks' outputs, two directions in camera axes and the postures: how many they are, and which of them
#: and with which sign they are in a mirror.
OUTPUTS = 6 + len(POSTURES)
MIRRORED = np.concatenate([np.arange(6), 6 + MIRRORED_POSTURES])
SIGNS = np.concatenate([[-1.0, 1.0, 1.0] * 2, np.ones(len(POSTURES))])


class BedModel:
    """Networks of one hidden layer, each of which sees a body as it is and mirrored.

    `weights` are the arrays that `training/bed.py` writes: `w1`, `b1`, `w2`, `b2` with one network along the
    first axis, `input_mean` and `input_scale` (k,).
    """

    def __init__(self, weights: Mapping[str, NDArray[np.generic]]) -> None:
        self._w = {name: np.asarray(array, np.float32) for name, array in weights.items()}

    def read(self, seen: Single) -> tuple[Array, Array, Array]:
        """Of n bodies which way is up, and from the feet to the head of the bed, unit vectors (n, 3) in
        camera axes, and the logarithms of the likelihoods of `POSTURES` (n, 5). `seen` (2, n, k) are the
        `body_model.inputs`.
        """
        w = self._w
        x = (seen.reshape(-1, seen.shape[-1]) - w["input_mean"]) / w["input_scale"]
        hidden = np.maximum(np.minimum(np.maximum(x, -5), 5) @ w["w1"] + w["b1"][:, None], 0)
        found = (hidden @ w["w2"] + w["b2"][:, None]).mean(axis=0).reshape(2, -1, OUTPUTS)
        found = (found[0] + found[1].take(MIRRORED, axis=1) * SIGNS) / 2
        up, along = found[:, :3], found[:, 3:6]
        lengths = [np.sqrt(np.vecdot(one, one))[:, None] for one in (up, along)]
        return up / lengths[0], along / lengths[1], found[:, 6:]


@cache
def bed_model() -> BedModel:
    """The model that ships with the package, loaded once."""
    return BedModel(arrays("kinematics", "weights", "bed_model.npz"))
