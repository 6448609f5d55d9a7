"""Observation: all that is known of one frame before anything is judged."""

from dataclasses import dataclass

from posecoach.core.pose import Pose
from posecoach.core.types import Image, Rotation

DARK = 0.15  # light below which a picture is dark; all recordings made so far have more than 0.4


@dataclass(frozen=True, eq=False)
class Observation:
    """What a tracker sees in one frame.

    t_s       seconds on the source's own clock
    image     the upright picture (height, width, 3; BGR), in whose pixels the pose is
    rotation  clockwise degrees from the source's picture to the upright one
    pose      the body, or None when nobody was found
    light     brightness of the picture, 0 (too dark to see anybody) to 1, measured once a second; None where
              nobody measured it
    """

    t_s: float
    image: Image
    rotation: Rotation = 0
    pose: Pose | None = None
    light: float | None = None
