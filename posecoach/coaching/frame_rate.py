"""Whether frames come often enough to judge haste by them."""

from collections import deque
from itertools import pairwise
from statistics import median

from posecoach.core.types import LEAST_FPS

_WINDOW = 30  # frames
_TOLERANCE_S = 5e-3


class FrameRate:
    """Follows the times of the frames of a session.

    few  True while there are too few of them a second
    """

    def __init__(self) -> None:
        self.few = False
        self._times: deque[float] = deque(maxlen=_WINDOW + 1)
        self._told = False

    def update(self, t_s: float) -> None:
        """Take the time of the next frame."""
        self._times.append(t_s)
        if len(self._times) > _WINDOW:
            steps = (later - before for before, later in pairwise(self._times))
            self.few = median(steps) > 1 / LEAST_FPS + _TOLERANCE_S

    def to_be_told(self) -> bool:
        """Whether it is to be said now that there are too few; noted as said, for once is enough."""
        due = self.few and not self._told
        self._told |= due
        return due
