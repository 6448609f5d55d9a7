"""Where results go: files that are known to be writable before the work starts, or the terminal."""

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import typer

from posecoach.coaching.utterances import Utterance
from posecoach.core import files
from posecoach.core.errors import InputError, OutputError
from posecoach.core.messages import sentence
from posecoach.core.translation import tr
from posecoach.feedback.soundtrack import soundtrack
from posecoach.feedback.voice import Voice

log = logging.getLogger(__name__)


def attempt(write: Callable[[], None]) -> bool:
    """Write one of several outputs: a failure is logged and returned as False, and the others still come."""
    try:
        write()
    except OutputError as error:
        log.error("%s", sentence(error))
        return False
    return True


class LinesTarget:
    """Where `--json` or `--csv` goes: a file known to be writable, the terminal for `-`, or nowhere."""

    def __init__(self, target: str | None) -> None:
        self.to_terminal = target == "-"
        self.file = files.ready(Path(target)) if target and not self.to_terminal else None

    def __bool__(self) -> bool:
        """Whether anything is to be written."""
        return self.to_terminal or self.file is not None

    def write(self, lines: Sequence[str]) -> None:
        """Write the lines, each a JSON object or a row; raises OutputError."""
        text = "".join(line + "\n" for line in lines)
        if self.to_terminal:
            typer.echo(text, nl=False)
        elif self.file:
            files.write(self.file, text)


class SoundTarget:
    """Where `--voice-out` goes: a sound file, known to be writable, with its transcript; or nowhere."""

    def __init__(self, target: Path | None) -> None:
        self.sound: Path | None = None
        self.transcript: Path | None = None
        if target is not None:
            if target.suffix.lower() != ".wav":
                raise InputError(
                    tr("--voice-out writes a WAV file: name one that ends in .wav, not {file}.", file=target)
                )
            self.sound, self.transcript = files.ready(target), files.ready(target.with_suffix(".txt"))

    @property
    def files(self) -> list[Path]:
        """What will be written."""
        return [path for path in (self.sound, self.transcript) if path is not None]

    def write(self, said: Sequence[Utterance], voice: Voice, volume: int, lasts_s: float = 0.0) -> None:
        """Write what was said in `lasts_s` seconds; raises OutputError."""
        if self.sound is None or self.transcript is None:
            return
        track = soundtrack(said, voice.say, volume, lasts_s)
        files.write(self.transcript, track.transcript())
        files.write(self.sound, track.wav())
        text = tr("What was said is in {sound} and {text}.", sound=self.sound, text=self.transcript)
        log.info("%s", text)
