"""Soft tones: a hold begins, a hold ends, a second or a repetition is counted."""

from functools import cache

import numpy as np

from posecoach.coaching.utterances import TONE_S, Tone
from posecoach.feedback.audio import RATE_HZ, Samples

_G3, _C5, _E5, _G5 = 196.0, 523.25, 659.26, 783.99

#: Notes of a tone: frequency in Hz, loudness, and when it begins as a share of the tone.
NOTES: dict[Tone, tuple[tuple[float, float, float], ...]] = {
    "start": ((_C5, 0.2, 0.0), (_G5, 0.2, 0.4)),
    "end": ((_G5, 0.2, 0.0), (_C5, 0.2, 0.4)),
    "tick": ((_E5, 0.12, 0.0),),
    "breath": ((_G3, 0.1, 0.0),),
}
_ATTACK_S = 0.01


@cache
def tone(which: Tone) -> Samples:
    """The samples of a tone, as long as `TONE_S` says."""
    count = round(TONE_S[which] * RATE_HZ)
    sound = np.zeros(count, np.float32)
    for frequency, loudness, begins in NOTES[which]:
        first = round(begins * count)
        t_s = np.arange(count - first) / RATE_HZ
        last_s = (count - first) / RATE_HZ
        envelope = np.minimum(1, t_s / _ATTACK_S) * (1 - t_s / last_s) ** 2  # like a soft strike
        sound[first:] += (loudness * envelope * np.sin(2 * np.pi * frequency * t_s)).astype(np.float32)
    sound.flags.writeable = False
    return sound
