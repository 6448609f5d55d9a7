"""A tracker that notes in passing how well lit what it tracks is."""

from collections.abc import Iterable
from typing import Protocol

from posecoach.core.pose import Pose
from posecoach.session.pipeline import Follows
from posecoach.vision.brightness import brightness
from posecoach.vision.source import Frame, Image

_EVERY_S = 1.0


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
