"""Smoothing that keeps the peaks: still joints stay still, moving ones are followed without lag.

A one-euro filter (Casiez, Roussel & Vogel, CHI 2012): a low-pass whose cutoff rises with speed. Speed is
counted in body sizes a second, so that it means the same near and far.
"""

from math import pi

import numpy as np

from posecoach.core.pose import Array

_LOST_S = 0.5  # after such a gap the speed is unknown


class OneEuroFilter:
    """One-euro filter over an array of any shape; times rise strictly.

    still_hz  cutoff for what does not move
    gain      by how much the cutoff rises, Hz for each body size a second
    """

    def __init__(self, still_hz: float, gain: float) -> None:
        self._still_hz, self._gain = still_hz, gain
        self._t_s = float("-inf")
        self._value: Array | None = None
        self._raw: Array | None = None
        self._speed: Array | None = None

    def __call__(self, value: Array, t_s: float, size: float) -> Array:
        """The smoothed `value` at `t_s`; `size` of the body in the unit of `value`."""
        elapsed_s, self._t_s = t_s - self._t_s, t_s
        raw, self._raw = self._raw, value
        if raw is None or self._value is None or self._speed is None or elapsed_s > _LOST_S:
            self._value, self._speed = value, np.zeros_like(value)
            return value
        speed = (value - raw) / (elapsed_s * size)
        self._speed = self._speed + _share(1.0, elapsed_s) * (speed - self._speed)
        cutoff = self._still_hz + self._gain * np.abs(self._speed)
        self._value = self._value + _share(cutoff, elapsed_s) * (value - self._value)
        return self._value


def _share(cutoff_hz: float | Array, elapsed_s: float) -> float | Array:
    """How much of a new value a low-pass takes in."""
    return 1 / (1 + 1 / (2 * pi * cutoff_hz * elapsed_s))
