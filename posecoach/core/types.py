"""Small types that several rooms share."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Side = Literal["left", "right", "both"]
Posture = Literal["supine", "prone", "left_side", "right_side", "upright"]
Rotation = Literal[0, 90, 180, 270]  # clockwise degrees

#: A picture, (height, width, 3), BGR unless stated otherwise.
Image = NDArray[np.uint8]
