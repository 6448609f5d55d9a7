"""What cameras and addresses give, made into what the rest of the package takes."""

from urllib.parse import urlsplit, urlunsplit

import numpy as np

from posecoach.core.types import Image
from posecoach.vision.native import cv2

_CONVERSIONS = {1: cv2.COLOR_GRAY2BGR, 2: cv2.COLOR_YUV2BGR_YUY2, 4: cv2.COLOR_BGRA2BGR}


def as_bgr(picture: object) -> Image | None:
    """A picture (height, width, 3; BGR, bytes) of whatever a driver gave; None for what is no picture.

    Takes grey, YUYV and BGRA pictures, and those of 16 bits.
    """
    image = np.asarray(picture)
    if image.ndim == 2:
        image = image[:, :, None]
    if image.ndim != 3 or 0 in image.shape:
        return None
    if image.dtype == np.uint16:
        image = (image >> 8).astype(np.uint8)
    if image.dtype != np.uint8:
        return None
    if image.shape[2] == 3:
        return image
    code = _CONVERSIONS.get(image.shape[2])
    return None if code is None else np.asarray(cv2.cvtColor(np.ascontiguousarray(image), code), np.uint8)


def shown(spec: int | str) -> str:
    """A camera as it may be shown: an address without its user and password."""
    text = str(spec)
    if "://" not in text:
        return text
    try:
        parts = urlsplit(text)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit(parts._replace(netloc=host))
    except ValueError:  # an address that is none
        return text.partition("://")[0] + "://..."
