"""Where a trunk is in the picture: its middles do not care which side the network calls left."""

from collections.abc import Iterable, Iterator
from math import dist
from typing import NamedTuple

import numpy as np

from posecoach.core.pose import INDEX, Array, Pose

_CORNERS = np.array([INDEX[f"{side}_{part}"] for part in ("shoulder", "hip") for side in ("left", "right")])
_LEAP = 0.2  # trunk lengths that shoulders and hips both move between two pictures where it is another body,
_LEAP_PER_S = 1.0  # or a cut; on all clips, but for cuts, it is 0.08 at the most
_VERTICAL = 0.87  # sine of 60 degrees: more is no body that lies across a picture
_LONGEST_S = 1.0  # whoever is unseen for longer moves no further than this allows


class Trunk(NamedTuple):
    """The middles of shoulders and hips, (x, y) pixels. Plain numbers: two of them are no work for arrays."""

    shoulders: tuple[float, float]
    hips: tuple[float, float]

    @classmethod
    def of(cls, image: Array) -> "Trunk":
        """Of landmarks (33, 2)."""
        [trunk] = cls.of_each(image[None])
        return trunk

    @classmethod
    def of_each(cls, images: Array) -> Iterator["Trunk"]:
        """Those of n bodies with landmarks (n, 33, 2)."""
        for left, right, left_hip, right_hip in images.take(_CORNERS, axis=1).tolist():
            yield cls(_middle(left, right), _middle(left_hip, right_hip))

    @property
    def length(self) -> float:
        """Pixels from the shoulders to the hips."""
        return dist(self.shoulders, self.hips)

    @property
    def vertical(self) -> bool:
        """True for a trunk that runs up and down in the picture."""
        return abs(self.shoulders[1] - self.hips[1]) > _VERTICAL * self.length

    def away(self, other: "Trunk") -> tuple[float, float]:
        """How far shoulders and hips are from those of another trunk."""
        return dist(self.shoulders, other.shoulders), dist(self.hips, other.hips)

    def follows(self, before: "Trunk", elapsed_s: float) -> bool:
        """False where nobody gets from `before` to here in that time: another body, or a cut in the film."""
        longest = max(self.length, before.length, 1.0)
        return min(self.away(before)) <= (_LEAP + _LEAP_PER_S * min(elapsed_s, _LONGEST_S)) * longest


def mostly_vertical(poses: Iterable[Pose | None]) -> bool:
    """True for somebody who runs up and down in most pictures: seen from an end of the bed, or the camera
    was turned."""
    trunks = [Trunk.of(pose.image).vertical for pose in poses if pose is not None]
    return 2 * sum(trunks) > len(trunks)


def _middle(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return (one[0] + other[0]) / 2, (one[1] + other[1]) / 2
