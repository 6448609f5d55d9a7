"""The system's voice, through a process that can be killed: a voice that hangs costs its words, and nothing
else."""

import contextlib
import json
import logging
import queue
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from posecoach.coaching import phrases
from posecoach.coaching.utterances import RATE, spoken_s
from posecoach.core.errors import InputError, OutputError
from posecoach.core.language import NAMES
from posecoach.core.messages import cut, quoted
from posecoach.core.translation import tr
from posecoach.feedback import audio
from posecoach.feedback.audio import RATE_HZ, Samples

log = logging.getLogger(__name__)

ENGINE = (sys.executable, "-m", "posecoach.feedback.voice_process")
_START_S = 15.0  # for the engine to say which voices there are: on Windows the first time takes long
_PATIENCE_S = 6.0  # for one text: it takes a twentieth of a second, or for ever
_PREFERRED = ("samantha", "daniel", "karen", "anna")  # some systems list their joke voices first
_NAMED = 6  # voices that a message lists

#: Where a voice comes from, by what Python calls the system.
_REMEDIES = {
    "win32": "add a voice in your language under Settings, Time & language, Speech",
    "darwin": "add a voice in your language under System Settings, Accessibility, Spoken Content",
}
_LINUX = "'sudo apt-get install espeak-ng' brings one on Debian and Ubuntu"


class Voice:
    """Texts to sound. Each call may take seconds: not for the thread that frames go through.

    A voice that cannot be had, or that hangs, is told of in one sentence; after that there are no words.

    tell    who gets that sentence
    """

    def __init__(
        self,
        rate: int = RATE,
        name: str = "",
        language: str = "en",
        engine: Sequence[str] = (),
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """A voice at `rate` words a minute: the one called `name`, or else one that speaks `language`."""
        self.tell: Callable[[str], object] = log.warning
        self._rate, self._name, self._language = rate, name, language
        self._command, self._patience_s = list(engine or ENGINE), patience_s
        self._known: dict[str, Samples] = {}
        self._engine: _Engine | None = None
        self._lost = self._each_anew = self._foreign = False
        self._one_at_a_time = threading.Lock()

    @property
    def lost(self) -> bool:
        """True once it is known that there are no words."""
        return self._lost

    def open(self) -> str:
        """Start the engine; returns the name of the voice.

        Raises OutputError when there is no voice, and InputError when none has the name that is asked for.
        """
        if self._engine is None:
            self._engine = _Engine(self._command)
        engine = self._engine
        try:
            name = engine.prepare(self._rate, self._name, self._language)
        except (OutputError, InputError):
            self._end()
            raise
        return name

    def test(self) -> str:
        """Say a word; returns the name of the voice, and raises what `open` does when it cannot."""
        name = self.open()
        self._made(tr(phrases.RESUMED))
        return name

    def say(self, text: str) -> Samples | None:
        """The sound of `text`, or None where there is no voice."""
        with self._one_at_a_time:
            if text and text not in self._known and not self._lost:
                try:
                    self._known[text] = self._made(text)
                except (OutputError, InputError) as error:
                    if not self._lost:  # by the end of the session
                        self.tell(f"{error} Tones stand in for it.")
                    self.close()
            return self._known.get(text)

    def length_s(self, text: str) -> float:
        """How long a text takes: exactly once it has been said, about before. Quick, from any thread."""
        sound = self._known.get(text)
        return spoken_s(text, self._rate) if sound is None else len(sound) / RATE_HZ

    def close(self) -> None:
        """Say nothing new any more; may be called more than once."""
        self._lost = True
        self._end()

    def _end(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def _made(self, text: str) -> Samples:
        """The sound of `text`. Some engines serve once and hang then: a used one is given another try."""
        try:
            self.open()
        except InputError as error:  # a voice that was there the last time
            self.tell(f"{error} The usual one speaks.")
            self._name = ""
            self.open()
        assert self._engine is not None
        if self._engine.foreign and not self._foreign:
            self._foreign = True
            spoken = NAMES.get(self._language, self._language)
            self.tell(f"No voice on this machine speaks {spoken}, so another one reads it: {_remedy()}.")
        used = self._engine.used
        try:
            sound = self._engine.save(text, self._patience_s)
        except OutputError:
            self._end()
            if not used or self._lost:
                raise
            self._each_anew = True
            self.open()
            sound = self._engine.save(text, self._patience_s)
        if self._each_anew:
            self._end()
            self._engine = _Engine(self._command)  # gets ready until it is needed
        return sound


class _Engine:
    """One process, from its start to its end; `foreign` when its voice speaks another language."""

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
            raise OutputError(f"The voice cannot be started ({error.strerror}): {_remedy()}.") from error
        threading.Thread(target=self._read, name="posecoach-voice-answers", daemon=True).start()

    def prepare(self, rate: int, name: str, language: str) -> str:
        """Wait until it is ready, and choose the voice; returns its name. Quick when that is done."""
        if self._prepared:
            return self._prepared
        ready = self._answer(_START_S)
        voices: list[Mapping[str, Any]] = ready.get("voices", [])
        chosen = chosen_voice(voices, ready.get("voice"), name, language)
        if chosen is None:
            raise OutputError(f"There is no voice on this machine: {_remedy()}.")
        self._ask({"voice": chosen["id"], "rate": rate}, _PATIENCE_S)
        self._prepared = str(chosen["name"])
        told = any(one[:2].isalpha() for one in _languages(chosen))
        self.foreign = not name and told and not _speaks(chosen, language)
        return self._prepared

    def save(self, text: str, patience_s: float) -> Samples:
        """The sound of `text`; raises OutputError."""
        # Apple's voices write no other format.
        path = Path(self._folder.name) / ("words.aiff" if sys.platform == "darwin" else "words.wav")
        path.unlink(missing_ok=True)
        self._ask({"text": text, "file": str(path)}, patience_s)
        self.used = True
        try:
            return audio.read(path)
        except (OSError, ValueError) as error:
            raise OutputError(f"The voice gives no sound: {_remedy()}.") from error

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(timeout=1)
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()
        self._folder.cleanup()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with contextlib.suppress(OSError, ValueError):
            for line in self._process.stdout:
                self._answers.put(json.loads(line))
        self._answers.put(None)

    def _ask(self, request: Mapping[str, Any], patience_s: float) -> dict[str, Any]:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except (OSError, ValueError) as error:
            raise OutputError(f"The voice has ended by itself: {_remedy()}.") from error
        return self._answer(patience_s)

    def _answer(self, patience_s: float) -> dict[str, Any]:
        try:
            answer = self._answers.get(timeout=patience_s)
        except queue.Empty:
            raise OutputError("The voice hangs and was stopped: 'posecoach doctor' tries it again.") from None
        if answer is None:
            raise OutputError(f"The voice has ended by itself: {_remedy()}.")
        if "error" in answer:
            log.debug("The voice says %s", answer["error"])
            raise OutputError(f"There is no voice on this machine: {_remedy()}.")
        return answer


def chosen_voice(
    voices: Sequence[Mapping[str, Any]], default: str | None, name: str, language: str
) -> Mapping[str, Any] | None:
    """The voice with that name, identifier or language; without a name the system's own if it speaks
    `language`, else one that does. None where there is none; raises InputError for a name that is unknown."""
    if name:
        wanted = name.casefold()
        fitting = [
            [voice for voice in voices if wanted in (voice["id"].casefold(), voice["name"].casefold())],
            [voice for voice in voices if wanted.replace("_", "-") in _languages(voice)],
            [voice for voice in voices if wanted in voice["name"].casefold()],
        ]
        found = next((voice for group in fitting for voice in group), None)
        if found is not None:
            return found
        speaking = [str(voice["name"]) for voice in voices if _speaks(voice, language)]
        listed = ", ".join(cut(one) for one in speaking[:_NAMED]) or "none"
        raise InputError(f"There is no voice {quoted(name)} here; voices that fit are {listed}.")
    own = next((voice for voice in voices if voice["id"] == default), None)
    able = [voice for voice in voices if _speaks(voice, language)]
    if own is None or (able and own not in able):
        pleasant = [voice for voice in able if voice["name"].casefold() in _PREFERRED]
        return next(iter([*pleasant, *able, *voices]), None)
    return own


def _languages(voice: Mapping[str, Any]) -> list[str]:
    return [str(one).casefold().replace("_", "-") for one in voice.get("languages", ())]


def _speaks(voice: Mapping[str, Any], language: str) -> bool:
    return any(one.split("-")[0] == language for one in _languages(voice))


def _remedy() -> str:
    return _REMEDIES.get(sys.platform, _LINUX)
