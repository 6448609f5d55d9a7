"""How well lit a picture is, and a tracker that notes it in passing."""

from collections.abc import Iterable
from typing import Protocol

import numpy as np

from posecoach.frames import Frame, Image
from posecoach.live import Follows
from posecoach.pose import Pose

_EVERY_S = 1.0
_BLOCK = 8  # pixels
_NOISE_WEIGHT = 4.0


def brightness(image: Image) -> float:
    """0 (dark) to 1: the mean of the green of a picture (height, width, 3), less where it is only noise.

    A camera that turns its gain up in the dark gives a grey picture that trembles even where nothing is to be
    seen: the quieter quarter of its small pieces shows by how much.
    """
    green = image[:, :, 1]
    height, width = (side // _BLOCK * _BLOCK for side in green.shape)
    rows = green[
        : height : _BLOCK * 4, :width
    ]  # every fourth row of blocks would do; one line of each does too
    if rows.size == 0:
        return float(green.mean()) / 255
    lines = rows.reshape(-1, _BLOCK).astype(np.float32)
    noise = float(np.percentile(lines.std(axis=1), 25))
    return max(0.0, float(rows.mean()) - _NOISE_WEIGHT * noise) / 255


class Sees(Follows, Protocol):
    """A tracker that says when it is too dark for it."""

    @property
    def lamp_needed(self) -> bool: ...


class Metered:
    """A tracker that notes, once a second, how well lit what it tracks is: `light`, None before the first and
    0 where it is too dark for the tracker."""

    def __init__(self, tracker: Sees) -> None:
        self.light: float | None = None
        self._tracker = tracker
        self._noted_s = float("-inf")

    def settle(self, frames: Iterable[Frame]) -> None:
        """As the tracker does."""
        self._tracker.settle(frames)

    def track(self, frame: Frame) -> Pose | None:
        """As the tracker does."""
        if frame.t_s - self._noted_s >= _EVERY_S:
            self.light = 0.0 if self._tracker.lamp_needed else brightness(frame.image)
            self._noted_s = frame.t_s
        return self._tracker.track(frame)

    def upright(self, image: Image) -> Image:
        """As the tracker does."""
        return self._tracker.upright(image)
