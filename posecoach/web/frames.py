"""A picture as the page sends it, and the time at which its camera took it.

A message is eight bytes, the stamp of the browser's clock in milliseconds as a big-endian double, and then a
JPEG. Nothing of it is trusted: it is looked at before it is decoded.
"""

import io
import math
import struct

import numpy as np
from PIL.JpegImagePlugin import JpegImageFile

from posecoach.core.errors import InputError
from posecoach.core.translation import tr
from posecoach.core.types import Image
from posecoach.vision.native import cv2

#: The largest message that a client may send, in bytes: a 1280×720 JPEG has a tenth of that.
LARGEST_MESSAGE = 2 * 1024 * 1024
LARGEST_SIDE = 1920  # pixels

_STAMP = struct.Struct(">d")
_LATEST_MS = 1e13  # beyond the clocks of all browsers
_STALE_S = 2.0  # a picture older than this says nothing about what the body does now


def unpacked(message: bytes) -> tuple[float, bytes]:
    """The stamp in seconds and the JPEG of a message; raises InputError."""
    if len(message) <= _STAMP.size:
        raise InputError(tr("The message holds no picture: reload the page."))
    (stamp_ms,) = _STAMP.unpack_from(message)
    if not 0 <= stamp_ms < _LATEST_MS:  # which refuses what is no number, too
        raise InputError(tr("The picture has no time: reload the page."))
    return stamp_ms / 1000, message[_STAMP.size :]


def decoded(jpeg: bytes) -> Image:
    """The picture, uint8 (height, width, 3) in BGR; raises InputError for what is no JPEG or too large.

    Its size is read from the header first, so that a small file cannot unfold into gigabytes.
    """
    try:
        with JpegImageFile(io.BytesIO(jpeg)) as header:
            size = header.size
    except (OSError, ValueError, SyntaxError, IndexError, struct.error) as error:
        raise InputError(tr("What came is not a JPEG picture: reload the page.")) from error
    if max(size) > LARGEST_SIDE or min(size) < 16:
        raise InputError(
            tr(
                "A picture has at most {most} pixels on a side, but got {width}×{height}: choose a smaller "
                "size for the camera.",
                most=LARGEST_SIDE,
                width=size[0],
                height=size[1],
            )
        )
    image = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
    if image is None:
        raise InputError(tr("The picture is damaged: reload the page."))
    return image.astype(np.uint8, copy=False)


class FrameClock:
    """Maps the stamps of a browser's clock to seconds of the session.

    The difference between the two clocks is that of the picture that was fastest on its way, so a picture is
    never later than its arrival, whatever its stamp says. A new connection brings a new clock: `restart`
    forgets the difference.
    """

    def __init__(self) -> None:
        self._offset_s: float | None = None
        self._last_s = -math.inf

    def restart(self) -> None:
        """The stamps that follow are those of another clock."""
        self._offset_s = None

    def time_of(self, stamp_s: float, now_s: float) -> float | None:
        """When a picture that arrives at `now_s` was taken, in seconds of the session; strictly rising.

        None for one to be passed over: a later one came before it, or it is too old.
        """
        offset_s = now_s - stamp_s
        self._offset_s = offset_s if self._offset_s is None else min(self._offset_s, offset_s)
        t_s = stamp_s + self._offset_s
        if now_s - t_s > _STALE_S:
            self._offset_s = None  # its clock stood still, as in a laptop that slept, or leapt before
            return None
        if t_s <= self._last_s:
            return None
        self._last_s = t_s
        return t_s
