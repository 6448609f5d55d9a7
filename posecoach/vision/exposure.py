"""How bright a picture is, and a longer exposure in the dark where the camera's driver supports it.

By itself a camera in a dark bedroom keeps its frame rate, raises its gain and gives noise. Half the frame
rate is enough for a body in bed, and twice the light is worth more than any filter. So after a while in the
dark this requests the longest exposure that leaves a good frame rate. If the picture gets no brighter, the
camera goes back to its automatic for good. The request is also withdrawn when somebody turns a lamp on, and
at the end, because cameras keep their settings.
"""

import sys
from typing import Literal, NamedTuple, Protocol

import numpy as np

from posecoach.core.observation import DARK
from posecoach.core.types import Image
from posecoach.vision.native import cv2

_BLOCK = 8  # pixels
_NOISE_WEIGHT = 4.0

_LOOK_S = 0.5  # between two measurements of the brightness
_LIT = 0.5  # brightness above which a long exposure is no longer needed
_PATIENCE_S = 2.0  # a camera's own automatic needs about one second
_BRIGHTER = 1.15  # by how much a longer exposure has to help


def brightness(image: Image) -> float:
    """0 (dark) to 1: the mean of the green of a picture (height, width, 3), reduced where it is only noise.

    A camera that raises its gain in the dark gives a grey picture that flickers even where nothing is
    visible: the quietest quarter of its small pieces shows by how much.
    """
    green = image[:, :, 1]
    height, width = (side // _BLOCK * _BLOCK for side in green.shape)
    rows = green[: height : _BLOCK * 4, :width]  # one line of every fourth row of blocks is enough
    if rows.size == 0:
        return float(green.mean()) / 255
    lines = rows.reshape(-1, _BLOCK).astype(np.float32)
    noise = float(np.percentile(lines.std(axis=1), 25))
    return max(0.0, float(rows.mean()) - _NOISE_WEIGHT * noise) / 255


class ExposureCodes(NamedTuple):
    """A system's codes for the automatic, the manual mode, and an exposure of a fifteenth of a second."""

    automatic: float
    manual: float
    long: float


#: By `sys.platform`. V4L2 counts in units of 100 microseconds, Windows in powers of two seconds; macOS offers
#: nothing.
CODES = {"linux": ExposureCodes(3, 1, 666), "win32": ExposureCodes(1, 0, -4)}
_State = Literal["automatic", "tried", "long", "given up"]


class Capture(Protocol):
    """What is used of `cv2.VideoCapture`."""

    def set(self, prop: int, value: float) -> bool: ...
    def get(self, prop: int) -> float: ...


class ExposureControl:
    """Watches the pictures of one camera and sets its exposure. Call it from the thread that reads the
    camera.
    """

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._codes = CODES.get(sys.platform)
        if self._codes is not None and sys.platform == "linux":
            # Some drivers number their automatic differently; on Windows none tells.
            self._codes = self._codes._replace(automatic=capture.get(cv2.CAP_PROP_AUTO_EXPOSURE))
        self._state: _State = "automatic"
        self._since_s = float("inf")  # start of the darkness, of the light, or of the trial
        self._looked_s = float("-inf")
        self._before = 0.0  # brightness before the longer exposure

    def see(self, image: Image, t_s: float) -> None:
        """Take in a picture (height, width, 3; BGR); `t_s` rises."""
        if self._codes is None or self._state == "given up" or t_s - self._looked_s < _LOOK_S:
            return
        self._looked_s = t_s
        light = brightness(image)
        waiting = self._state == "tried" or (light < DARK if self._state == "automatic" else light > _LIT)
        if not waiting:
            self._since_s = float("inf")
        elif self._since_s > t_s:
            self._since_s = t_s
        if t_s - self._since_s < _PATIENCE_S:
            return
        if self._state == "automatic":
            self._before = light
            self._enter("tried" if self._lengthen() else "given up", t_s)
        elif self._state == "tried" and light >= max(_BRIGHTER * self._before, self._before + 0.01):
            self._enter("long", t_s)
        else:
            failed = self._state == "tried"
            self.restore()
            self._enter("given up" if failed else "automatic", t_s)

    def restore(self) -> None:
        """Give the camera its automatic exposure back."""
        if self._codes is not None and self._state in ("tried", "long"):
            self._capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, self._codes.automatic)

    def _enter(self, state: _State, t_s: float) -> None:
        self._state = state
        self._since_s = t_s if state == "tried" else float("inf")

    def _lengthen(self) -> bool:
        """True when the driver accepts a longer exposure. Leaves an exposure alone that was set by hand."""
        assert self._codes is not None
        if self._codes.automatic == self._codes.manual:
            return False
        if not self._capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, self._codes.manual):
            return False
        if self._capture.set(cv2.CAP_PROP_EXPOSURE, self._codes.long):
            return True
        self._capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, self._codes.automatic)
        return False
