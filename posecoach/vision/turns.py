"""Pictures and points turned by quarter turns."""

import numpy as np

from posecoach.core.pose import Array
from posecoach.core.types import Rotation
from posecoach.vision.native import cv2
from posecoach.vision.source import Image

ROTATIONS: tuple[Rotation, ...] = (0, 90, 180, 270)
_CV_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}


def turned(image: Image, turn: int) -> Image:
    """`image` turned clockwise by `turn` degrees (any multiple of 90); itself where nothing turns."""
    code = _CV_TURNS.get(turn % 360)
    return image if code is None else np.asarray(cv2.rotate(image, code), np.uint8)


def turn_points(image: Array, world: Array, size: tuple[int, int], turn: int) -> tuple[Array, Array]:
    """Landmarks turned clockwise with their picture of `size` (width, height) by `turn` degrees.

    image  (n, 2) pixels;  world  (n, 3) metres about the hips, turned in the plane of the picture
    """
    width, height = size
    for _ in range(turn // 90 % 4):
        image = np.stack([height - image[:, 1], image[:, 0]], axis=1)
        world = np.stack([-world[:, 1], world[:, 0], world[:, 2]], axis=1)
        width, height = height, width
    return image, world


def size_of(image: Image, turn: int = 0) -> tuple[int, int]:
    """(width, height) of `image` turned by `turn`."""
    height, width = image.shape[:2]
    return (height, width) if turn % 180 else (width, height)
