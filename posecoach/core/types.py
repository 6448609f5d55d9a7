"""Small types that several rooms share."""

from typing import Literal

Side = Literal["left", "right", "both"]
Posture = Literal["supine", "prone", "left_side", "right_side", "upright"]
