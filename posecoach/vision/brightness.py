"""How well lit a picture is."""

import numpy as np

from posecoach.vision.source import Image

_BLOCK = 8  # pixels
_NOISE_WEIGHT = 4.0


def brightness(image: Image) -> float:
    """0 (dark) to 1: the mean of the green of a picture (height, width, 3), less where it is only noise.

    A camera that turns its gain up in the dark gives a grey picture that trembles even where nothing is to be
    seen: the quieter quarter of its small pieces shows by how much.
    """
    green = image[:, :, 1]
    height, width = (side // _BLOCK * _BLOCK for side in green.shape)
    rows = green[
        : height : _BLOCK * 4, :width
    ]  # every fourth row of blocks would do; one line of each does too
    if rows.size == 0:
        return float(green.mean()) / 255
    lines = rows.reshape(-1, _BLOCK).astype(np.float32)
    noise = float(np.percentile(lines.std(axis=1), 25))
    return max(0.0, float(rows.mean()) - _NOISE_WEIGHT * noise) / 255
