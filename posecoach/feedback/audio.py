"""Sound as numbers: one channel, -1 to 1."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE_HZ = 22050  # what the system's voices come in, or are better than

_SILENT = 0.01
_MARGIN_S = 0.01
_FADE_S = 0.02  # a sound that ends at once clicks


def read(path: Path) -> Samples:
    """The sound in a file, whatever its format, without the silence around it.

    Raises OSError or ValueError when there is none.
    """
    from posecoach.vision.native import av

    with av.open(str(path)) as container:
        resampler = av.AudioResampler("flt", "mono", RATE_HZ)
        frames = [*container.decode(audio=0), None]  # the last brings what is left
        parts = [part.to_ndarray()[0] for frame in frames for part in resampler.resample(frame)]
    sound = trimmed(np.concatenate([np.zeros(0, np.float32), *parts]))
    if not sound.size:
        raise ValueError("there is no sound in it")
    return sound


def trimmed(sound: Samples) -> Samples:
    """`sound` without the silence before and after."""
    loud = np.flatnonzero(np.abs(sound) > _SILENT)
    if not loud.size:
        return sound[:0]
    margin = round(_MARGIN_S * RATE_HZ)
    return sound[max(0, loud[0] - margin) : loud[-1] + margin]


def ended(sound: Samples, count: int) -> Samples:
    """The first `count` samples of `sound`, ending softly."""
    kept = sound[: max(0, count)]
    soft = min(len(kept), round(_FADE_S * RATE_HZ))
    whole: Samples = np.concatenate((kept[: len(kept) - soft], faded(kept[len(kept) - soft :])))
    return whole


def faded(sound: Samples) -> Samples:
    """The beginning of `sound`, for a sound that is cut: it ends softly within a moment."""
    count = min(round(_FADE_S * RATE_HZ), len(sound))
    end: Samples = sound[:count] * np.linspace(1, 0, count, dtype=np.float32)
    return end
