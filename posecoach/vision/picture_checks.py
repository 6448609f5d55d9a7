"""Whether pictures can be believed: frozen, dark, white, too few, or with holes in time between them."""

from collections import deque
from itertools import pairwise
from statistics import median

import numpy as np

from posecoach.core.observation import DARK, Doubt
from posecoach.core.types import LEAST_FPS, Image
from posecoach.vision.key_frames import KeyFrames
from posecoach.vision.native import cv2
from posecoach.vision.returning_pictures import ReturningPictures
from posecoach.vision.thinned import alike, thinned

FROZEN_S = 3.0  # with one change or none; rendered and filmed people who lie still reach 1.4 s
_ALIVE = 4  # changes within that time, and it moves again; a key frame, and a stray picture, are three
GAP_S = 1.0  # between two frames: what happens in between is unknown
_EMPTY = 12.0  # grey levels from the darkest to the brightest point, in a picture that shows nothing
_WHITE = 250  # grey levels of the darkest point, in a picture so bright that it shows nothing
_WINDOW = 10  # frames over which their rate is measured
_TOLERANCE_S = 5e-3


class PictureChecks:
    """Follows the pictures of one source and tells what is doubtful about each.

    alike_since_s  when the picture became another one
    still_since_s  when it did the last time but one, before that row of changes which may be key frames, or
                   when the last new one came, whichever was first: as a change by itself may be a fault of
                   the stream, nothing may have moved since then
    """

    def __init__(self) -> None:
        self.alike_since_s = self.still_since_s = 0.0
        self._reference: Image | None = None  # grid of the picture since which nothing has changed
        self._changes: deque[float] = deque(maxlen=_ALIVE)  # when it last became another one
        self._is_frozen = False
        self._key_frames = KeyFrames(FROZEN_S)
        self._returning = ReturningPictures()
        self._times: deque[float] = deque(maxlen=_WINDOW + 1)

    def update(self, image: Image, t_s: float) -> frozenset[Doubt]:
        """The doubts about the next picture (height, width, 3; BGR); `t_s` rises strictly."""
        grid = thinned(image)
        dark, bright = _is_dark(grid), _is_white(grid)
        empty, gap = dark or bright, bool(self._times) and t_s - self._times[-1] > GAP_S
        changed = self._reference is None or not alike(self._reference, grid)
        # One that shows nothing is like the next, but says so itself; what changed in a hole is unknown.
        if empty or (gap and changed):
            self.begin_anew()
        found: dict[Doubt, bool] = {
            "frozen": self._frozen(grid, t_s, changed or empty),
            "dark": dark,
            "bright": bright,
            "gap": gap,
            "few_frames": self._few_frames(t_s),
        }
        return frozenset(name for name, doubtful in found.items() if doubtful)

    def begin_anew(self) -> None:
        """The next picture is new, as after one that showed nothing, or none at all."""
        self._reference, self._is_frozen = None, False
        self._key_frames = KeyFrames(FROZEN_S)
        self._returning = ReturningPictures()
        self._changes.clear()

    def _frozen(self, grid: Image, t_s: float, changed: bool) -> bool:
        if changed:
            self._changes.extend([t_s] if self._changes else [t_s] * _ALIVE)
            self._reference = grid
        self._key_frames.update(changed, t_s)
        self._returning.update(grid, t_s)
        quiet_since_s, self.alike_since_s = self._changes[-2], self._changes[-1]
        self.still_since_s = min(quiet_since_s, self._key_frames.since_s, self._returning.since_s)
        if t_s - quiet_since_s >= FROZEN_S:
            self._is_frozen = True
        elif t_s - self._changes[0] < FROZEN_S:
            self._is_frozen = False
        return self._is_frozen or self._key_frames.is_frozen or self._returning.is_frozen

    def _few_frames(self, t_s: float) -> bool:
        self._times.append(t_s)
        steps = [after - before for before, after in pairwise(self._times)]
        return len(steps) >= _WINDOW // 2 and median(steps) > 1 / LEAST_FPS + _TOLERANCE_S


def _is_dark(grid: Image) -> bool:
    """True for a picture that shows nothing: black, or of one colour, as behind a covered lens."""
    if cv2.mean(grid)[0] >= 255 * DARK:
        return False
    darkest, brightest = np.percentile(grid, (1, 99))
    return bool(brightest - darkest < _EMPTY)


def _is_white(grid: Image) -> bool:
    """True for a picture in which all is as bright as can be, as with the sun in the lens."""
    return cv2.mean(grid)[0] >= _WHITE and bool(np.percentile(grid, 1) >= _WHITE)
