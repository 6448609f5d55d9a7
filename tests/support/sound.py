"""A voice and a loudspeaker that are not there. As a program this is a voice's engine, good or bad:

python -m tests.support.sound speaks
"""

import json
import sys
import time
import wave
from collections.abc import Sequence
from pathlib import Path
from typing import Any, ClassVar

WORD_S = 0.3  # each word takes as long
VOICES: list[dict[str, Any]] = [
    {"id": "de/anna", "name": "Anna", "languages": ["de-DE"]},
    {"id": "en/albert", "name": "Albert", "languages": ["en_US"]},
    {"id": "en/daniel", "name": "Daniel", "languages": ["en-GB"]},
]


def engine(how: str) -> tuple[str, ...]:
    """The command of an engine that `speaks`, has `no voice`, `hangs`, `hangs at once`, `serves once`, `dies`
    or is `mute`."""
    return (sys.executable, "-S", __file__, how)


class Loudspeaker:
    """What a player is to a speaker; remembers what it was given."""

    made: ClassVar[list["Loudspeaker"]] = []

    def __init__(self, volume: int = 100) -> None:
        self.volume, self.works, self.left_s, self.closed = volume, True, 0.0, False
        self.played: list[float] = []
        self.cuts = 0
        self.made.append(self)

    def play(self, sound: Sequence[float]) -> None:
        self.played.append(len(sound) / 22050)

    def cut(self) -> None:
        self.cuts += 1

    def close(self) -> None:
        self.closed = True


def _save(text: str, path: str, loud: bool) -> None:
    count = round(22050 * WORD_S * len(text.split()))
    wiggle = b"".join((8000 if i // 20 % 2 else -8000).to_bytes(2, "little", signed=True) for i in range(40))
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(22050)
        file.writeframes(wiggle * (count // 40) if loud else bytes(2 * count))


def _serve(how: str) -> None:
    def answer(**values: Any) -> None:
        print(json.dumps(values), flush=True)

    if how == "hangs at once":
        time.sleep(100)
    if how == "no voice":
        answer(error="RuntimeError: no speech library")
        return
    answer(voices=VOICES, voice="de/anna")
    served = 0
    for line in sys.stdin:
        request = json.loads(line)
        if "text" in request:
            if how == "dies":
                return
            if how == "hangs" or (how == "serves once" and served):
                time.sleep(100)
            _save(request["text"], request["file"], how != "mute")
            served += 1
        elif len(sys.argv) > 2:
            Path(sys.argv[2]).write_text(line, "utf-8")
        answer(done=True)


if __name__ == "__main__":
    _serve(sys.argv[1])
