"""What is known of the pictures of a session."""

from collections import deque
from collections.abc import Set
from itertools import pairwise
from statistics import median

from posecoach.assessment.exercise import OF_TEMPO, OF_TIME
from posecoach.assessment.thresholds import SPARSE_S
from posecoach.coaching import phrases
from posecoach.core.observation import NO_PICTURE, PictureState
from posecoach.core.types import LEAST_FPS

_WINDOW = 30  # frames
_SPARSE_WINDOW, _SPARSE_LEAST = 10, 5  # steps between them: known before much can be praised
_TOLERANCE_S = 5e-3


class Pictures:
    """Follows the pictures of a session: how they are, and the times of their frames.

    state  of the latest
    few    True while there are too few of them a second to judge haste by them
    dim    True where one of them was too dark for that since the step began
    sparse True while they come so seldom that a whole move may lie between two: nothing can be judged
    timed  False where their times are not those of what was done
    """

    def __init__(self) -> None:
        self.state: PictureState = "there"
        self.few = self.dim = self.sparse = False
        self.timed = True
        self._times: deque[float] = deque(maxlen=_WINDOW + 1)
        self._told = set[str]()

    @property
    def there(self) -> bool:
        """False while the camera gives none."""
        return self.state not in NO_PICTURE

    @property
    def unjudged(self) -> Set[str]:
        """The faults that cannot be judged by them, whatever the judge makes of them."""
        if not self.timed:
            return OF_TIME
        return OF_TEMPO if self.few or self.dim else frozenset()

    def update(self, t_s: float) -> None:
        """Take the time of the next frame."""
        self.dim |= self.state == "dim"
        self._times.append(t_s)
        steps = [later - before for before, later in pairwise(self._times)]
        if len(steps) >= _SPARSE_LEAST:
            self.sparse = median(steps[-_SPARSE_WINDOW:]) > SPARSE_S
        if len(steps) == _WINDOW:
            self.few = median(steps) > 1 / LEAST_FPS + _TOLERANCE_S

    def to_be_told(self) -> str:
        """What is to be said now about haste that cannot be judged, or nothing; noted as said, for once is
        enough. That nothing can be judged says more."""
        if self.sparse:
            return ""
        text = phrases.FEW_PICTURES if self.few else phrases.DIM_PICTURES if self.state == "dim" else ""
        due = text if text not in self._told else ""
        self._told.add(text)
        return due
