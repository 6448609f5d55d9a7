"""Pictures thinned out to some points, which is enough to compare one with the next."""

import numpy as np

from posecoach.core.types import Image
from posecoach.vision.native import cv2

_GRID = 160  # points of the longer side
_CHANGED = 4  # grey levels: more than a copy of a picture differs when it is compressed once more
_ALL_BUT = 1e-4  # share of the points that may change in a picture that stands still
_FEW_ROWS, _ALL_ROWS = slice(None, None, 8), slice(None)


def thinned(image: Image) -> Image:
    """Some points of a picture (height, width, 3; BGR), by how bright they are in green."""
    step = max(1, max(image.shape[:2]) // _GRID)
    return np.ascontiguousarray(image[::step, ::step, 1])


def alike(one: Image, other: Image) -> bool:
    """True where two pictures, thinned out, are the same but for how they were encoded."""
    if one.shape != other.shape:
        return False
    most = _ALL_BUT * one.size
    # Few rows tell most pictures apart.
    return all(
        np.count_nonzero(cv2.absdiff(one[rows], other[rows]) > _CHANGED) <= most
        for rows in (_FEW_ROWS, _ALL_ROWS)
    )
