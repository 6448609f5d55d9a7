"""Small types and values that several rooms share."""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

Side = Literal["left", "right", "both"]
Posture = Literal["supine", "prone", "left_side", "right_side", "upright"]
Rotation = Literal[0, 90, 180, 270]  # clockwise degrees

#: All of them, in the order in which their likelihoods stand.
POSTURES: tuple[Posture, ...] = get_args(Posture)

#: A picture, (height, width, 3), BGR unless stated otherwise.
Image = NDArray[np.uint8]

#: Frames a second below which a rushed move cannot be told from a calm one.
LEAST_FPS = 10.0
