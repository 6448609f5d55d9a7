"""Landmarks of many bodies at once: what the arithmetic of a single frame takes and gives has a leading axis
for the bodies, whether it is the one before a camera or those of many clips.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from posecoach.core.pose import COUNT, LANDMARKS_MIRRORED, Array, Pose

_UNKNOWN = np.full((COUNT, 3), np.nan)


@dataclass(frozen=True)
class Landmarks:
    """Landmarks of n poses, as in `Pose`: image (n, 33, 2) and size (n, 2) in pixels, world (n, 33, 3) in
    metres, visibility (n, 33).
    """

    image: Array
    world: Array
    visibility: Array
    size: Array

    @classmethod
    def of(cls, poses: Sequence[Pose]) -> "Landmarks":
        """Those of some poses; NaN where only the picture is known."""
        if len(poses) == 1:
            [pose] = poses
            world = _UNKNOWN if pose.world is None else pose.world
            size = np.array([pose.size], np.float64)
            return cls(pose.image[None], world[None], pose.visibility[None], size)
        return cls(
            np.array([pose.image for pose in poses]),
            np.array([_UNKNOWN if pose.world is None else pose.world for pose in poses]),
            np.array([pose.visibility for pose in poses]),
            np.array([pose.size for pose in poses], np.float64),
        )

    def mirrored(self) -> "Landmarks":
        """The same bodies seen in a mirror."""
        image, world = self.image[:, LANDMARKS_MIRRORED], self.world[:, LANDMARKS_MIRRORED]
        image[..., 0] = self.size[:, :1] - image[..., 0]
        world[..., 0] *= -1
        return Landmarks(image, world, self.visibility[:, LANDMARKS_MIRRORED], self.size)
