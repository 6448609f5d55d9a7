"""What was said in a session, as a sound file and as a transcript."""

import io
import wave
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from posecoach.coaching.utterances import Utterance, UtteranceQueue
from posecoach.coaching.view import View
from posecoach.feedback import tones
from posecoach.feedback.audio import RATE_HZ, Samples, ended
from posecoach.feedback.voice import Voice


class Narrator:
    """Collects what is said of a recorded video, where making each sentence first costs no time.

    said    everything that was said, in order
    """

    def __init__(self, voice: Voice) -> None:
        self.said: list[Utterance] = []
        self._last_s = 0.0
        self.voice = voice
        self._speech = UtteranceQueue(self._length_s)

    def hear(self, view: View) -> None:
        """Take the next view."""
        self._last_s = view.t_s
        utterance = self._speech.update(view.events, view.t_s, view.phase in ("moving", "hold"))
        if utterance is not None:
            self.said.append(utterance)

    def finish(self) -> list[Utterance]:
        """Add what is still waiting to be said; returns everything."""
        self.said += self._speech.rest(self._last_s)
        return self.said

    def _length_s(self, text: str) -> float:
        self.voice.say(text)
        return self.voice.length_s(text)


@dataclass(frozen=True, eq=False)
class Soundtrack:
    """The sound of a session, and the lines of its transcript."""

    sound: Samples
    lines: tuple[str, ...]

    def wav(self) -> bytes:
        """A WAV file: one channel, 16 bit."""
        file = io.BytesIO()
        with wave.open(file, "wb") as writer:
            writer.setnchannels(1)
            writer.setsampwidth(2)
            writer.setframerate(RATE_HZ)
            writer.writeframes((np.clip(self.sound, -1, 1) * 32767).astype("<i2").tobytes())
        return file.getvalue()

    def transcript(self) -> str:
        """A line for each sentence: when its words begin, in minutes and seconds, and the words."""
        return "".join(line + "\n" for line in self.lines)


def soundtrack(
    said: Sequence[Utterance],
    words: Callable[[str], Samples | None],
    volume: int,
    lasts_s: float = 0.0,
) -> Soundtrack:
    """Mix what was said, each at its time. `words` gives the sound of a text, or None without a voice."""
    parts: list[tuple[int, Samples]] = []
    lines: list[str] = []
    free = 0  # the first sample after what sounds
    for index, utterance in enumerate(said):
        following = said[index + 1] if index + 1 < len(said) else None
        begin = round(utterance.t_s * RATE_HZ)
        begin = begin if utterance.cuts else max(begin, free)
        spoken = words(utterance.text) if utterance.text else None
        heard = [tones.tone(utterance.tone)] if utterance.tone else []
        words_at = begin + sum(map(len, heard))
        sound = np.concatenate([*heard, *([] if spoken is None else [spoken])] or [np.zeros(0, np.float32)])
        cut = False
        if following is not None and following.cuts:
            left = max(0, round(following.t_s * RATE_HZ) - begin)
            cut = left < len(sound)
            sound = ended(sound, left) if cut else sound
        parts.append((begin, sound))
        free = begin + len(sound)
        if utterance.text:
            lines.append(f"{clock(words_at / RATE_HZ)}  {utterance.text}{'  [cut short]' if cut else ''}")
    ends = max((begin + len(sound) for begin, sound in parts), default=0)
    mixed = np.zeros(max(ends, round(lasts_s * RATE_HZ)), np.float32)
    for begin, sound in parts:
        mixed[begin : begin + len(sound)] += sound
    return Soundtrack(mixed * np.float32(volume / 100), tuple(lines))


def clock(t_s: float) -> str:
    """Seconds as minutes and seconds."""
    hundredths = round(t_s * 100)
    return f"{hundredths // 6000}:{hundredths % 6000 / 100:05.2f}"
