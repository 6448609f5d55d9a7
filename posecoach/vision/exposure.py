"""A longer exposure in the dark, where the camera's driver allows it.

Left to itself a camera in a dark bedroom keeps its frame rate and turns up its gain, and gives noise. Half
the frame rate is quite enough for a body in bed, and twice the light is worth more than any filter. So when
it has been dark for a while, the longest exposure that a good frame rate leaves room for is asked for; when
the picture gets no brighter by it the camera is left to itself again, and for good. Whatever was asked for
is taken back when somebody lights a lamp, and at the end: cameras keep their settings.
"""

import sys
from typing import Literal, NamedTuple, Protocol

from posecoach.vision.brightness import brightness
from posecoach.vision.native import cv2
from posecoach.vision.source import Image

_LOOK_S = 0.5  # between two looks at the brightness
_DARK, _BRIGHT = 0.15, 0.5  # brightness below which it is dark, and above which it is so no more
_PATIENCE_S = 2.0  # a camera's own automatic needs about one second
_BRIGHTER = 1.15  # by how much a longer exposure has to help


class ExposureCodes(NamedTuple):
    """What a system's drivers call the automatic, their manual mode, and a fifteenth of a second."""

    automatic: float
    manual: float
    long: float


#: By `sys.platform`: V4L2 counts in units of 100 microseconds, Windows in powers of two seconds; macOS offers
#: nothing.
SETTINGS = {"linux": ExposureCodes(3, 1, 666), "win32": ExposureCodes(1, 0, -4)}


class Capture(Protocol):
    """What is needed of `cv2.VideoCapture`."""

    def set(self, prop: int, value: float) -> bool: ...
    def get(self, prop: int) -> float: ...


class Shutter:
    """Watches the pictures of one camera, and sets its exposure; to be used by whoever reads from it."""

    def __init__(self, capture: Capture) -> None:
        self._capture = capture
        self._settings = SETTINGS.get(sys.platform)
        if self._settings is not None and sys.platform == "linux":
            # Some drivers have an automatic of another number; on Windows none tells.
            self._settings = self._settings._replace(automatic=capture.get(cv2.CAP_PROP_AUTO_EXPOSURE))
        self._state: Literal["automatic", "tried", "long", "given up"] = "automatic"
        self._since_s = float("inf")  # it has been too dark, or too bright, or it was tried
        self._looked_s = float("-inf")
        self._before = 0.0  # brightness before the longer exposure

    def see(self, image: Image, t_s: float) -> None:
        """Take in a picture (height, width, 3; BGR); `t_s` rises."""
        if self._settings is None or self._state == "given up" or t_s - self._looked_s < _LOOK_S:
            return
        self._looked_s = t_s
        light = brightness(image)
        waiting = self._state == "tried" or (light < _DARK if self._state == "automatic" else light > _BRIGHT)
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
            self.put_back()
            self._enter("given up" if failed else "automatic", t_s)

    def put_back(self) -> None:
        """Leave the camera to itself, as it was found."""
        if self._settings is not None and self._state in ("tried", "long"):
            self._capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, self._settings.automatic)

    def _enter(self, state: Literal["automatic", "tried", "long", "given up"], t_s: float) -> None:
        self._state = state
        self._since_s = t_s if state == "tried" else float("inf")

    def _lengthen(self) -> bool:
        """True when the driver takes a longer exposure; one that somebody has set by hand is left alone."""
        assert self._settings is not None
        if self._settings.automatic == self._settings.manual:
            return False
        if not self._capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, self._settings.manual):
            return False
        if self._capture.set(cv2.CAP_PROP_EXPOSURE, self._settings.long):
            return True
        self._capture.set(cv2.CAP_PROP_AUTO_EXPOSURE, self._settings.automatic)
        return False
