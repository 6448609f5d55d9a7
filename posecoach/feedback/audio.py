"""Sound as numbers: one channel, -1 to 1."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]

RATE_HZ = 22050  # system voices have this rate or a higher one

_SILENT = 0.01
_MARGIN_S = 0.01
_FADE_S = 0.02  # without a fade the end of a sound clicks


def read(path: Path) -> Samples:
    """The sound in a file, whatever its format, without the silence around it.

    Raises OSError or ValueError when there is none.
    """
    from posecoach.vision.native import av

    with av.open(str(path)) as container:
        resampler = av.AudioResampler("flt", "mono", RATE_HZ)
        frames = [*container.decode(audio=0), None]  # None flushes the resampler
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
    """The first `count` samples of `sound`, with a fade at the end."""
    kept = sound[: max(0, count)]
    soft = min(len(kept), round(_FADE_S * RATE_HZ))
    whole: Samples = np.concatenate((kept[: len(kept) - soft], faded(kept[len(kept) - soft :])))
    return whole


def faded(sound: Samples) -> Samples:
    """The first moment of `sound`, fading out: what is left of a sound that is cut."""
    count = min(round(_FADE_S * RATE_HZ), len(sound))
    end: Samples = sound[:count] * np.linspace(1, 0, count, dtype=np.float32)
    return end
