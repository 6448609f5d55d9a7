"""The window of a live session and its keys. Everything here runs on the main thread."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Self

import numpy as np

from posecoach.core.errors import OutputError
from posecoach.core.translation import tr
from posecoach.core.types import Image
from posecoach.feedback.keys import Action, action
from posecoach.vision.native import cv2, quiet

TITLE = "posecoach"
_F11 = (0xFFC8, 0xF70E)  # on X11 and macOS, in the lower half of a key's code
_F11_WINDOWS = 0x7A0000
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


@dataclass(frozen=True)
class Pressed:
    """What a person pressed while a picture was shown.

    key  the code of a key, in small letters; 0 for none
    at   the pixel (x, y) of the picture that was clicked, perhaps beside it; None for none
    """

    key: int = 0
    at: tuple[int, int] | None = None


class Window:
    """Shows pictures and reads keys. Use it as a context manager, on the main thread.

    fullscreen    whether it fills the screen; F11 changes that

    Raises OutputError when no window can be opened.
    """

    def __init__(
        self,
        fullscreen: bool = False,
        gui: Any = cv2,
        available: Callable[[], bool] = display_available,
    ) -> None:
        no_display = OutputError(
            tr(
                "There is no display to open a window on: leave --window out, or keep the picture with "
                "--record."
            )
        )
        if not available():
            raise no_display
        try:
            with quiet():
                # Without the toolbar and the status line that Qt builds would add. `letterboxed` keeps the
                # aspect ratio: what the library itself leaves free has another colour on each system.
                gui.namedWindow(TITLE, cv2.WINDOW_NORMAL | cv2.WINDOW_FREERATIO | cv2.WINDOW_GUI_NORMAL)
            gui.setMouseCallback(TITLE, self._on_mouse)
        except cv2.error as error:
            raise no_display from error
        self._gui = gui
        self.fullscreen = fullscreen
        self._sized = False
        self._click: tuple[int, int] | None = None
        self._shown: Image | None = None

    def _on_mouse(self, event: int, x: int, y: int, *_: object) -> None:
        if event in _CLICKS:
            self._click = x, y

    def show(self, image: Image) -> Action | None:
        """Show a picture, uint8 (height, width, 3) in BGR; returns what the person asked for since the last.

        Space is "pause", n "next", q, Esc or closing the window "quit"; any other key, or a click, "stop".
        F11 changes between the full screen and a window, and asks for nothing.
        """
        pressed = self.press(image)
        if pressed is None:
            return "quit"
        if pressed.key:
            return action(chr(pressed.key))
        return "stop" if pressed.at is not None else None

    def press(self, image: Image, wait_ms: int = 1) -> Pressed | None:
        """Show a picture for at least `wait_ms`; returns what was pressed meanwhile, None once the window is
        closed. F11 does what it does, and is not told."""
        self._shown = image
        try:
            if self._sized and self._gui.getWindowProperty(TITLE, cv2.WND_PROP_VISIBLE) < 1:
                return None
            if not self._sized:
                height, width = image.shape[:2]
                scale = max(1.0, 960 / width)  # a small picture is shown larger, to be read from the bed
                self._gui.resizeWindow(TITLE, round(width * scale), round(height * scale))
                self._sized = True
                if self.fullscreen:
                    self._fill_screen()
            _, _, width, height = self._gui.getWindowImageRect(TITLE)
            boxed = letterboxed(image, width, height)
            self._gui.imshow(TITLE, boxed)
            code = self._gui.waitKeyEx(wait_ms)
        except cv2.error:  # the window went away between two calls
            return None
        click, self._click = self._click, None
        if code == _F11_WINDOWS or code & 0xFFFF in _F11:
            self.fullscreen = not self.fullscreen
            self._fill_screen()
            return Pressed()
        key = ord(chr(code & 0xFF).lower()) if code >= 0 else 0
        if click is not None:
            above, aside = ((boxed.shape[side] - image.shape[side]) // 2 for side in (0, 1))
            click = click[0] - aside, click[1] - above
        return Pressed(key, click)

    def touched(self) -> bool:
        """Whether a key or the mouse was pressed since the last picture; False once the window is closed."""
        pressed = self.press(self._shown) if self._shown is not None else None
        return pressed is not None and (pressed.key > 0 or pressed.at is not None)

    def _fill_screen(self) -> None:
        mode = cv2.WINDOW_FULLSCREEN if self.fullscreen else cv2.WINDOW_NORMAL
        self._gui.setWindowProperty(TITLE, cv2.WND_PROP_FULLSCREEN, mode)

    def close(self) -> None:
        """Close the window; may be called more than once."""
        try:
            self._gui.destroyWindow(TITLE)
            self._gui.waitKey(1)  # lets the window system carry it out
        except cv2.error:
            pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def letterboxed(image: Image, width: int, height: int) -> Image:
    """`image` between black bars, so that it has the aspect ratio of a window of `width` by `height`."""
    tall, wide = image.shape[:2]
    if width <= 0 or height <= 0:  # a window that is minimised
        return image
    aside = max(0, round(tall * width / height) - wide) // 2
    above = max(0, round(wide * height / width) - tall) // 2
    if not aside and not above:
        return image
    return np.pad(image, ((above, above), (aside, aside), (0, 0)))
