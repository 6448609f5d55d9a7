"""The sound output: plays, queues and cuts sounds without blocking the caller."""

import contextlib
import ctypes
import sys
import threading
from typing import Any, Self

import numpy as np

from posecoach.core.errors import OutputError
from posecoach.core.translation import tr
from posecoach.feedback.audio import RATE_HZ, Samples, faded

_LATENCY_S = 0.1  # a busy computer needs this much, or words stutter
_SILENCE = np.zeros(0, np.float32)

#: ALSA's error handler: file, line, function, error, format. It must outlive every call of the library.
_REMARKS = ctypes.CFUNCTYPE(
    None, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p
)(lambda *_: None)


def device() -> str:
    """The name of the default sound device. Raises OutputError, with the way out, when there is none."""
    _hush()
    try:
        import sounddevice
    except (ImportError, OSError) as error:
        raise OutputError(
            tr("PortAudio is missing: 'sudo apt-get install libportaudio2' brings it on Debian and Ubuntu.")
        ) from error
    try:
        return str(sounddevice.query_devices(kind="output")["name"])
    except (sounddevice.PortAudioError, ValueError) as error:
        raise OutputError(
            tr("No sound device was found: connect one and start again to hear the coach.")
        ) from error


class Player:
    """Plays on the default sound device; `play` and `cut` return at once.

    Raises OutputError when there is no device, or it cannot be opened.
    """

    def __init__(self, volume: int = 100) -> None:
        name = device()
        import sounddevice

        self._gain = volume / 100
        self._lock = threading.Lock()
        self._left = _SILENCE
        channels = min(2, int(sounddevice.query_devices(kind="output")["max_output_channels"]))
        try:
            # Some systems play a single channel in one ear only.
            self._stream = sounddevice.OutputStream(
                samplerate=RATE_HZ,
                channels=channels,
                dtype="float32",
                latency=_LATENCY_S,
                callback=self._fill,
            )
            self._stream.start()
        except (sounddevice.PortAudioError, ValueError) as error:
            raise OutputError(
                tr(
                    "The sound device {name} cannot be used: is another program keeping it to itself?",
                    name=name,
                )
            ) from error

    @property
    def left_s(self) -> float:
        """Seconds of sound that are still queued."""
        return len(self._left) / RATE_HZ

    @property
    def works(self) -> bool:
        """False once the device is gone."""
        return bool(self._stream.active)

    def play(self, sound: Samples) -> None:
        """Queue `sound` after what is playing."""
        louder: Samples = sound * np.float32(self._gain)
        with self._lock:
            self._left = np.concatenate((self._left, louder))

    def cut(self) -> None:
        """Fade out what is playing, and drop the rest."""
        with self._lock:
            self._left = faded(self._left)

    def close(self) -> None:
        """Stop, and release the device."""
        self._stream.abort(ignore_errors=True)
        self._stream.close(ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _fill(self, out: Any, count: int, _time: object, _status: object) -> None:
        """The callback of the sound library, in its own thread."""
        with self._lock:
            now, self._left = self._left[:count], self._left[count:]
        out[: len(now)] = now[:, None]
        out[len(now) :] = 0


def _hush() -> None:
    """Keep ALSA from printing its warnings to the terminal."""
    if not sys.platform.startswith("linux"):
        return
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(_REMARKS)
