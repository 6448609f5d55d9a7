"""What people see who do not tell some colours apart.

The matrices are those of Machado, Oliveira and Fernandes (2009), "A physiologically-based model for
simulation of color vision deficiency", at full severity.
"""

import numpy as np

from posecoach.core.pose import Array
from posecoach.core.types import Image

_MATRICES = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
KINDS = tuple(_MATRICES)

_TO_XYZ = np.array(((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505)))
_WHITE = np.array((0.95047, 1.0, 1.08883))


def seen(image: Image, kind: str) -> Image:
    """`image`, uint8 (..., 3) in BGR, as people of one of KINDS see it."""
    linear = np.clip(_linear(image[..., ::-1]) @ np.array(_MATRICES[kind], float).T, 0, 1)
    encoded = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.asarray((encoded[..., ::-1] * 255).round(), np.uint8)


def difference(one: tuple[int, int, int], other: tuple[int, int, int], kind: str) -> float:
    """How different two BGR colours look to people of one of KINDS: the distance in CIELAB (1976), where 2 is
    just noticeable side by side."""
    colours = (_lab(seen(np.array(colour, np.uint8), kind)) for colour in (one, other))
    return float(np.linalg.norm(next(colours) - next(colours)))


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """The contrast ratio of two BGR colours by WCAG 2: 1 to 21, where small text wants 4.5."""
    light = sorted(float(_TO_XYZ[1] @ _linear(np.array(colour[::-1]))) for colour in (one, other))
    return (light[1] + 0.05) / (light[0] + 0.05)


def _linear(rgb: Array | Image) -> Array:
    share = np.asarray(rgb, np.float64) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def _lab(bgr: Image) -> Array:
    xyz = _TO_XYZ @ _linear(bgr[::-1]) / _WHITE
    f = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array((116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])))
