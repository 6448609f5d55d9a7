"""The voice of a session: texts to sound, by an engine that can be killed when it hangs."""

import logging
import sys
import threading
from collections.abc import Callable, Sequence

from posecoach.coaching import phrases
from posecoach.coaching.utterances import RATE, spoken_s
from posecoach.core.errors import InputError, OutputError
from posecoach.core.language import NAMES
from posecoach.core.translation import tr
from posecoach.feedback.audio import RATE_HZ, Samples
from posecoach.feedback.voice_choice import remedy
from posecoach.feedback.voice_engine import ESPEAK, SAY, Engine, ProcessEngine, ProgramEngine

log = logging.getLogger(__name__)

#: The process that drives the speech library; none where the system has a speech program.
ENGINE: Sequence[str] = (
    (sys.executable, "-m", "posecoach.feedback.voice_process") if sys.platform == "win32" else ()
)
_PATIENCE_S = 6.0  # for one text: it takes a twentieth of a second, or for ever


class Voice:
    """Texts to sound. Each call may take seconds: not for the thread that frames go through.

    A voice that is missing or hangs is reported in one sentence; after that there are no words.

    tell    gets that sentence
    """

    def __init__(
        self,
        rate: int = RATE,
        name: str = "",
        language: str = "en",
        engine: Sequence[str] = (),
        patience_s: float = _PATIENCE_S,
    ) -> None:
        """A voice at `rate` words a minute: the one called `name`, or else one that speaks `language`.

        `engine` is the command of another process to drive, as `voice_process` is one.
        """
        self.tell: Callable[[str], object] = log.warning
        self._rate, self._name, self._language = rate, name, language
        self._command, self._patience_s = list(engine or ENGINE), patience_s
        self._known: dict[str, Samples] = {}
        self._engine: Engine | None = None
        self._lost = self._each_anew = self._foreign = False
        self._one_at_a_time = threading.Lock()

    @property
    def lost(self) -> bool:
        """True once there is no voice any more."""
        return self._lost

    def open(self) -> str:
        """Start the engine; returns the name of the voice.

        Raises OutputError when there is no voice, and InputError when none has the name that is asked for.
        """
        if self._engine is None:
            self._engine = self._started()
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
                        instead = tr("Tones stand in for it.")
                        self.tell(f"{error} {instead}")
                    self.close()
            return self._known.get(text)

    def length_s(self, text: str) -> float:
        """Seconds that a text takes: exact once it was made, estimated before. Quick, from any thread."""
        sound = self._known.get(text)
        return spoken_s(text, self._rate) if sound is None else len(sound) / RATE_HZ

    def close(self) -> None:
        """Stop making words; may be called more than once."""
        self._lost = True
        self._end()

    def _started(self) -> Engine:
        if self._command:
            return ProcessEngine(self._command)
        return ProgramEngine(SAY if sys.platform == "darwin" else ESPEAK)

    def _end(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            engine.close()

    def _made(self, text: str) -> Samples:
        """The sound of `text`. Some engines work once and then hang: a used one is restarted once."""
        try:
            self.open()
        except InputError as error:  # a voice that was there the last time
            instead = tr("The usual one speaks.")
            self.tell(f"{error} {instead}")
            self._name = ""
            self.open()
        assert self._engine is not None
        if self._engine.foreign and not self._foreign:
            self._foreign = True
            spoken = tr(NAMES.get(self._language, self._language))
            self.tell(
                tr(
                    "No voice on this machine speaks {language}, so another one reads it: {remedy}.",
                    language=spoken,
                    remedy=remedy(),
                )
            )
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
            self._engine = self._started()  # gets ready until it is needed
        return sound
