"""The window of a live session, and its keys. All of it runs on the main thread."""

import os
import subprocess
import sys
from functools import cache
from typing import Literal, Self

from posecoach.core.errors import OutputError
from posecoach.core.types import Image
from posecoach.vision.native import cv2, quiet

#: "pause" pauses and goes on, "stop" only ever pauses.
Action = Literal["pause", "stop", "next", "quit"]

TITLE = "posecoach"
_KEYS: dict[int, Action] = {ord(" "): "pause", ord("n"): "next", ord("q"): "quit", 27: "quit"}
_CLICKS = (cv2.EVENT_LBUTTONDOWN, cv2.EVENT_RBUTTONDOWN, cv2.EVENT_MBUTTONDOWN)
_PROBE = """
from posecoach.vision.native import cv2
cv2.namedWindow("posecoach", cv2.WINDOW_NORMAL)
cv2.destroyAllWindows()
"""
_PROBE_S = 15


@cache
def display_available() -> bool:
    """True when a window can be opened here.

    Where there is no display, or one that refuses, OpenCV's window library ends the whole process. So on
    Linux a process of its own has to open one first.
    """
    if not sys.platform.startswith("linux"):
        return True
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return False
    try:
        probe = subprocess.run(
            [sys.executable, "-c", _PROBE],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_PROBE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return probe.returncode == 0


class Window:
    """Shows pictures and hears keys; use as a context manager, on the main thread.

    Raises OutputError when no window can be opened.
    """

    def __init__(self) -> None:
        no_display = OutputError(
            "There is no display to open a window on: leave --window out, or keep the picture with --record."
        )
        if not display_available():
            raise no_display
        try:
            with quiet():
                # Without the toolbar and the status line that Qt builds would add.
                cv2.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_KEEPRATIO | cv2.WINDOW_GUI_NORMAL)
            cv2.setMouseCallback(TITLE, self._heard)
        except cv2.error as error:
            raise no_display from error
        self._sized = self._clicked = False

    def _heard(self, event: int, *_: object) -> None:
        self._clicked |= event in _CLICKS

    def show(self, image: Image) -> Action | None:
        """Show a picture, uint8 (height, width, 3) in BGR; returns what the person asked for since the last.

        Space is "pause", n "next", q, Esc or closing the window "quit"; any other key, or a click, "stop".
        """
        try:
            if self._sized and cv2.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) < 1:
                return "quit"
            if not self._sized:
                height, width = image.shape[:2]
                scale = max(1.0, 960 / width)  # a small picture is shown larger, to be read from the bed
                cv2.resizeWindow(TITLE, round(width * scale), round(height * scale))
                self._sized = True
            cv2.imshow(TITLE, image)
            key = cv2.waitKey(1)
        except cv2.error:  # the window went away between two calls
            return "quit"
        clicked, self._clicked = self._clicked, False
        if key >= 0:
            return _KEYS.get(ord(chr(key & 0xFF).lower()), "stop")
        return "stop" if clicked else None

    def close(self) -> None:
        """Close the window; may be called more than once."""
        try:
            cv2.destroyWindow(TITLE)
            cv2.waitKey(1)  # lets the window system carry it out
        except cv2.error:
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
