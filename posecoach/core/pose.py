"""Pose: the one type that every room speaks, and the names of its landmarks."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.core.types import Rotation

Array = NDArray[np.float64]

#: MediaPipe's 33 landmarks in its order; left and right are the person's own.
LANDMARKS = (
    "nose",
    "left_eye_inner",
    "left_eye",
    "left_eye_outer",
    "right_eye_inner",
    "right_eye",
    "right_eye_outer",
    "left_ear",
    "right_ear",
    "mouth_left",
    "mouth_right",
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_pinky",
    "right_pinky",
    "left_index",
    "right_index",
    "left_thumb",
    "right_thumb",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
    "left_heel",
    "right_heel",
    "left_foot_index",
    "right_foot_index",
)
INDEX = {name: index for index, name in enumerate(LANDMARKS)}
COUNT = len(LANDMARKS)


@dataclass(frozen=True, eq=False)
class Pose:
    """One body in one picture.

    t_s         seconds on the source's own clock
    image       (33, 2) pixels of the upright picture: x to the right, y down
    world       (33, 3) metres from the hip midpoint, camera axes: x right, y down, z away from the camera
    visibility  (33,) 0..1, the network's own estimate; see `body` for what may be trusted
    size        (width, height) of the upright picture in pixels
    rotation    clockwise degrees from the source's picture to the upright one

    Raises ValueError when an array has another shape.
    """

    t_s: float
    image: Array
    world: Array
    visibility: Array
    size: tuple[int, int]
    rotation: Rotation = 0

    def __post_init__(self) -> None:
        for name, shape in (("image", (COUNT, 2)), ("world", (COUNT, 3)), ("visibility", (COUNT,))):
            got = getattr(self, name).shape
            if got != shape:
                raise ValueError(f"Pose.{name} must have shape {shape}, but got {got}")
