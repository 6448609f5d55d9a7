"""The outline of a lying figure, drawn on the picture to show how and where to lie."""

from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise

import numpy as np

from posecoach.core.types import Image, Posture
from posecoach.vision.native import cv2

_OPACITY = 0.45
_TRUNK = 0.22  # of the picture's longer side, as a camera two metres beside a bed shows it
_HIP = (0.5, 0.62)  # where the hips are, shares of width and height

Line = tuple[float, tuple[tuple[float, float], ...]]  # its thickness, and points: toward the head, and up

HEAD = (1.36, 0.12)
_ON_THE_BACK: tuple[Line, ...] = (
    (0.34, ((0.98, 0.1), (0.0, 0.1))),
    (0.22, ((0.0, 0.08), (-0.58, 0.72))),
    (0.17, ((-0.58, 0.72), (-1.05, 0.02), (-1.22, 0.0))),
    (0.13, ((0.95, 0.02), (0.45, -0.08), (-0.02, -0.06))),
)
_STRETCHED: tuple[Line, ...] = (
    (0.34, ((0.98, 0.1), (0.0, 0.1))),
    (0.22, ((0.0, 0.1), (-0.86, 0.06))),
    (0.17, ((-0.86, 0.06), (-1.72, 0.02))),
    (0.13, ((0.95, 0.02), (0.62, -0.1), (1.06, -0.12))),
)
_CURLED: tuple[Line, ...] = (
    (0.38, ((0.98, 0.12), (0.0, 0.12))),
    (0.22, ((0.0, 0.12), (-0.62, -0.12))),
    (0.17, ((-0.62, -0.12), (-1.3, 0.04), (-1.42, -0.02))),
    (0.13, ((0.92, 0.0), (0.7, -0.2), (1.08, -0.18))),
)
FIGURES: Mapping[Posture, tuple[Line, ...]] = {
    "supine": _ON_THE_BACK,
    "prone": _STRETCHED,
    "left_side": _CURLED,
    "right_side": _CURLED,
}


def draw(canvas: Image, posture: Posture, head_left: bool) -> None:
    """Draw the outline of `posture` on `canvas`, uint8 (height, width, 3) in BGR; nothing for "upright"."""
    if posture not in FIGURES:
        return
    height, width = canvas.shape[:2]
    lighter = cv2.multiply(cv2.bitwise_not(canvas), _mask(posture, head_left, width, height), scale=1 / 255)
    cv2.add(canvas, lighter, canvas)


@lru_cache(maxsize=2)
def _mask(posture: Posture, head_left: bool, width: int, height: int) -> Image:
    """How much of the way to white each pixel goes, 0 to 255, alike in three channels."""
    unit = _TRUNK * max(width, height)
    if width < height:  # the whole figure has to fit
        unit = width / 3.2
    sign = -1 if head_left else 1

    def place(point: tuple[float, float]) -> tuple[int, int]:
        x, y = point
        return round(_HIP[0] * width + sign * x * unit), round(_HIP[1] * height - y * unit)

    mask = np.zeros((height, width), np.uint8)
    strength = round(255 * _OPACITY)
    cv2.circle(mask, place(HEAD), round(0.17 * unit), strength, -1, cv2.LINE_AA)
    for thick, points in FIGURES[posture]:
        for a, b in pairwise(points):
            cv2.line(mask, place(a), place(b), strength, max(1, round(thick * unit)), cv2.LINE_AA)
    return np.repeat(mask[:, :, None], 3, axis=2)
