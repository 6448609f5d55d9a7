"""What turns text into sound: a speech program of the system, or a process that drives the system's library.

Both run outside this process, so that one that hangs can be killed.
"""

import contextlib
import json
import logging
import queue
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from posecoach.core.errors import OutputError
from posecoach.core.translation import tr
from posecoach.feedback import audio
from posecoach.feedback.audio import Samples
from posecoach.feedback.voice_choice import InstalledVoice, chosen_voice, remedy

log = logging.getLogger(__name__)

_START_S = 15.0  # to list the voices: on Windows the first time takes long
_PREPARE_S = 6.0


class Engine(Protocol):
    """Makes the sound of texts.

    used      True once it has spoken: some engines hang the second time
    foreign   True where its voice speaks another language than the one asked for
    """

    used: bool
    foreign: bool

    def prepare(self, rate: int, name: str, language: str) -> str:
        """Choose the voice, if that is not done; returns its name. Raises OutputError and InputError."""
        ...

    def save(self, text: str, patience_s: float) -> Samples:
        """The sound of `text`; raises OutputError."""
        ...

    def close(self) -> None:
        """Stop whatever runs."""
        ...


@dataclass(frozen=True)
class Program:
    """How a speech program is called.

    listing   its arguments for a list of voices;  voice  a line of that list: id, name, language and others
    saving    its arguments to read a text from its input and write a file
    """

    name: str
    listing: tuple[str, ...]
    voice: re.Pattern[str]
    saving: tuple[str, ...]
    file: str
    default: str | None = None

    def voices(self, listed: str) -> list[InstalledVoice]:
        """The voices in its list."""
        return [self._voice(found) for found in self.voice.finditer(listed)]

    def _voice(self, found: re.Match[str]) -> InstalledVoice:
        parts = found.groupdict()
        others = re.findall(r"\((\S+) \d+\)", parts.get("others") or "")
        name = parts["name"].replace("_", " ")
        return InstalledVoice(parts.get("id") or parts["name"], name, (parts["language"], *others))


ESPEAK = Program(
    name="espeak-ng",
    listing=("--voices",),
    voice=re.compile(r"^ *\d+ +(?P<language>\S+) +\S+ +(?P<name>\S+) +(?P<id>\S+) *(?P<others>.*)$", re.M),
    saving=("-v", "{voice}", "-s", "{rate}", "-w", "{file}", "--stdin"),
    file="words.wav",
    default="gmw/en",
)
SAY = Program(
    name="say",
    listing=("-v", "?"),
    voice=re.compile(r"^(?P<name>\S.*?) +(?P<language>[a-z]{2,3}_\w+) +#.*$", re.M),
    saving=("-v", "{voice}", "-r", "{rate}", "-o", "{file}", "-f", "-"),
    file="words.aiff",  # it writes no other format without being told
)


class ProgramEngine:
    """Starts a speech program for each text."""

    def __init__(self, program: Program) -> None:
        self.used = self.foreign = False
        self._program = program
        self._voice: InstalledVoice | None = None
        self._rate = 0
        self._running: subprocess.Popen[bytes] | None = None
        self._folder = tempfile.TemporaryDirectory(prefix="posecoach-", ignore_cleanup_errors=True)

    def prepare(self, rate: int, name: str, language: str) -> str:
        if self._voice is None:
            listed = self._run(self._program.listing, b"", _START_S).decode("utf-8", "replace")
            chosen = chosen_voice(self._program.voices(listed), self._program.default, name, language)
            if chosen is None:
                raise OutputError(tr("There is no voice on this machine: {remedy}.", remedy=remedy()))
            self._voice, self._rate = chosen, rate
            self.foreign = not name and chosen.foreign(language)
        return self._voice.name

    def save(self, text: str, patience_s: float) -> Samples:
        assert self._voice is not None, "prepare comes first"
        path = Path(self._folder.name) / self._program.file
        path.unlink(missing_ok=True)
        values = {"voice": self._voice.id, "rate": self._rate, "file": path}
        arguments = [argument.format(**values) for argument in self._program.saving]
        self._run(arguments, text.encode("utf-8"), patience_s)
        return _sound_in(path)

    def close(self) -> None:
        running = self._running
        if running is not None:
            _end(running)
        self._folder.cleanup()

    def _run(self, arguments: Sequence[str], text: bytes, patience_s: float) -> bytes:
        """What the program prints; raises OutputError when it is missing, fails or hangs."""
        command = [self._program.name, *arguments]
        try:
            running = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is for the session
            )
        except OSError as error:
            log.debug("%s cannot be started: %s", self._program.name, error)
            raise OutputError(tr("There is no voice on this machine: {remedy}.", remedy=remedy())) from error
        self._running = running
        try:
            printed, _ = running.communicate(text, patience_s)
        except subprocess.TimeoutExpired as error:
            raise _hangs() from error
        finally:
            _end(running)
        if running.returncode:
            raise _ended()
        return printed


class ProcessEngine:
    """A process that lives as long as the voice: it takes a JSON object a line and answers each with one.

    Raises OutputError when it cannot be started.
    """

    def __init__(self, command: Sequence[str]) -> None:
        self.used = self.foreign = False
        self._prepared = ""
        self._folder = tempfile.TemporaryDirectory(prefix="posecoach-", ignore_cleanup_errors=True)
        self._answers: queue.Queue[dict[str, Any] | None] = queue.Queue()
        # A group of its own, so that Ctrl-C reaches the session only.
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                **apart,
            )
        except OSError as error:
            self._folder.cleanup()
            raise OutputError(
                tr("The voice cannot be started ({why}): {remedy}.", why=error.strerror, remedy=remedy())
            ) from error
        threading.Thread(target=self._read, name="posecoach-voice-answers", daemon=True).start()

    def prepare(self, rate: int, name: str, language: str) -> str:
        if self._prepared:
            return self._prepared
        ready = self._answer(_START_S)
        voices = [
            InstalledVoice(voice["id"], voice["name"], tuple(map(str, voice.get("languages", ()))))
            for voice in ready.get("voices", [])
        ]
        chosen = chosen_voice(voices, ready.get("voice"), name, language)
        if chosen is None:
            raise OutputError(tr("There is no voice on this machine: {remedy}.", remedy=remedy()))
        self._ask({"voice": chosen.id, "rate": rate}, _PREPARE_S)
        self._prepared = chosen.name
        self.foreign = not name and chosen.foreign(language)
        return self._prepared

    def save(self, text: str, patience_s: float) -> Samples:
        path = Path(self._folder.name) / "words.wav"
        path.unlink(missing_ok=True)
        self._ask({"text": text, "file": str(path)}, patience_s)
        self.used = True
        return _sound_in(path)

    def close(self) -> None:
        _end(self._process)
        self._folder.cleanup()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            for line in self._process.stdout:
                self._answers.put(json.loads(line))
        self._answers.put(None)

    def _ask(self, request: dict[str, Any], patience_s: float) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise _ended() from error
        self._answer(patience_s)

    def _answer(self, patience_s: float) -> dict[str, Any]:
        try:
            answer = self._answers.get(timeout=patience_s)
        except queue.Empty:
            raise _hangs() from None
        if answer is None:
            raise _ended()
        if "error" in answer:
            log.debug("The voice reports %s", answer["error"])
            raise OutputError(tr("There is no voice on this machine: {remedy}.", remedy=remedy()))
        return answer


def _sound_in(path: Path) -> Samples:
    try:
        return audio.read(path)
    except (OSError, ValueError) as error:
        raise OutputError(tr("The voice gives no sound: {remedy}.", remedy=remedy())) from error


def _end(process: "subprocess.Popen[bytes] | subprocess.Popen[str]") -> None:
    """Kill a process, if it still runs, and let go of its pipes."""
    with contextlib.suppress(OSError):
        process.kill()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=1)
    for pipe in (process.stdin, process.stdout):
        with contextlib.suppress(OSError):
            if pipe is not None:
                pipe.close()


def _hangs() -> OutputError:
    return OutputError(tr("The voice hangs and was stopped: 'posecoach doctor' tries it again."))


def _ended() -> OutputError:
    return OutputError(tr("The voice has ended by itself: {remedy}.", remedy=remedy()))
