"""Networks of two hidden layers that have learned by how much measures are off, and how sure that is."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import Array

Single = NDArray[np.float32]

_FEW = 4  # inputs up to which it is quicker to take them one by one


class Ensemble:
    """Some networks that see each body as it is and in a mirror, so that left and right are treated alike.

    `weights` are the arrays that `training/train.py` writes: `w1`, `b1`, `w2`, `b2`, `w3`, `b3` with one
    network along the first axis, `input_mean` and `input_scale` (k,), `output_scale` (m,), and
    `deviation_factor` and `deviation_power` (m,), by which the deviations, small and large, agree with the
    errors on bodies that no network was trained on. The outputs of a mirrored body, in the order `mirrored`
    and with the signs `signs`, are those of the body itself.
    """

    def __init__(
        self, weights: Mapping[str, NDArray[np.generic]], mirrored: NDArray[Any], signs: Array | float = 1.0
    ) -> None:
        self._w = {name: np.asarray(array, np.float32) for name, array in weights.items()}
        self._mirrored, self._signs = mirrored, np.asarray(signs, np.float32)

    def errors(self, seen: Single) -> tuple[Single, Array]:
        """(n, m) the errors of the measures of n bodies, and their standard deviations.

        `seen` (2, n, k) is what the networks see of the bodies, and of the same in a mirror.
        """
        count = seen.shape[1]
        errors, deviations = self._forward(seen.reshape(-1, seen.shape[-1]))
        errors[:, count:] = errors[:, count:].take(self._mirrored, axis=2) * self._signs
        deviations[:, count:] = deviations[:, count:].take(self._mirrored, axis=2)
        each = (-1, count, len(self._mirrored))
        errors, deviations = errors.reshape(each), deviations.reshape(each)
        mean: Single = errors.sum(axis=0) / len(errors)
        away = errors - mean
        variance = ((deviations * deviations).sum(axis=0) + (away * away).sum(axis=0)) / len(errors)
        spread: Array = self._w["deviation_factor"] * variance ** (self._w["deviation_power"] / 2)
        return mean, spread

    def _forward(self, x: Single) -> tuple[Single, Single]:
        """(networks, n, m) errors and deviations for inputs (n, k)."""
        w, outputs = self._w, len(self._mirrored)
        x = (x - w["input_mean"]) / w["input_scale"]
        y: Single = np.minimum(np.maximum(x, -5), 5)[None]
        for layer in ("1", "2"):
            y = np.maximum(_through(y, w[f"w{layer}"]) + w[f"b{layer}"][:, None], 0)
        y = _through(y, w["w3"]) + w["b3"][:, None]
        error, log_deviation = y[..., :outputs], y[..., outputs:].clip(-4, 2)
        return error * w["output_scale"], np.exp(log_deviation) * w["output_scale"]


def _through(x: Single, weights: Single) -> Single:
    """(networks, n, j) inputs (networks or 1, n, k) times `weights` (networks, k, j)."""
    found: Single = x @ weights if x.shape[1] > _FEW else np.vecmat(x, weights[:, None])
    return found
