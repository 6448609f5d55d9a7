"""The interface between a tracker and what finds bodies in pictures."""

from typing import NamedTuple, Protocol

from posecoach.core.pose import Array
from posecoach.core.types import Image


class DetectedBody(NamedTuple):
    """One body in one picture, in the picture as the source gave it.

    image       (33, 2) pixels
    world       (33, 3) metres from the hip midpoint, in the picture's axes
    visibility  (33,) 0..1, how well each landmark is seen
    """

    image: Array
    world: Array
    visibility: Array


class PoseBackend(Protocol):
    """Finds one body and follows it through the pictures of one source."""

    @property
    def dim(self) -> bool:
        """True when the last picture is so noisy that limbs at rest seem to bounce."""

    @property
    def dark(self) -> bool:
        """True when it is so for want of light: somebody may be there though nobody is found."""

    @property
    def lamp_needed(self) -> bool:
        """True when the picture is too dark to see anybody in it."""

    def follow(self, image: Image, t_s: float, turn: int) -> DetectedBody | None:
        """The body in the next picture (height, width, 3; BGR), or None; `t_s` rises strictly.

        turn  clockwise degrees that make the picture upright, where a search begins
        """

    def look(self, image: Image, turn: int) -> DetectedBody | None:
        """The clearest body in a single picture, in any rotation."""

    def close(self) -> None:
        """Release the networks; may be called more than once."""
