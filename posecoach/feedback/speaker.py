"""The sound of a live session: tones at once, words as soon as the voice has made them."""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable

from posecoach.coaching.utterances import Utterance, UtteranceQueue
from posecoach.coaching.view import Event, View
from posecoach.core import interrupts
from posecoach.core.choices import SoundChoice
from posecoach.core.errors import OutputError
from posecoach.core.translation import tr
from posecoach.feedback import tones
from posecoach.feedback.player import Player
from posecoach.feedback.voice import Voice

log = logging.getLogger(__name__)

_FAREWELL_S = 20.0  # for the last words, after a long sentence that is under way
_END_S = 1.0  # for what has to end
_STEP_S = 0.05


class Speaker:
    """Speaks what the views of a session ask for; `hear` never blocks.

    said    everything that was said, in order
    """

    def __init__(
        self, voice: Voice, volume: int, sound: SoundChoice = "voice", recorded: bool = False
    ) -> None:
        """`sound` says what is played: tones and words, tones only, or nothing. With `recorded`, words are
        made in any case, because a recording needs their length."""
        self.said: list[Utterance] = []
        self._voice, self._volume, self._sound, self._recorded = voice, volume, sound, recorded
        self._speech = UtteranceQueue(voice.length_s, words=recorded or sound == "voice")
        self._todo: queue.Queue[tuple[int, float] | None] = queue.Queue()
        self._player: Player | None = None
        self._troubles: queue.SimpleQueue[str] = queue.SimpleQueue()
        voice.tell = self._troubles.put
        self._order = threading.Lock()  # held for microseconds: words must not follow the cut that ends them
        self._busy = False
        self._last_s, self._last_at_s = 0.0, time.monotonic()
        self._thread = threading.Thread(target=self._work, name="posecoach-speaker", daemon=True)
        self._thread.start()

    @property
    def audible(self) -> bool:
        """True while what is played goes to a sound device."""
        return self._player is not None

    def hear(self, view: View) -> None:
        """Take the next view."""
        self._last_s, self._last_at_s = view.t_s, time.monotonic()
        self._tell()
        self._say(self._speech.update(view.events, view.t_s, view.phase in ("moving", "hold")))

    def _say(self, utterance: Utterance | None) -> None:
        if utterance is None:
            return
        with self._order:
            self.said.append(utterance)
            player = self._player
            if player is not None and utterance.cuts:
                player.cut()
            if player is not None and utterance.tone is not None:
                player.play(tones.tone(utterance.tone))
        if utterance.text:
            self._busy = True
            self._todo.put((len(self.said), time.monotonic()))

    def stop(self, text: str) -> None:
        """The session was stopped: say this in place of all else."""
        t_s = self._now_s()
        self._say(self._speech.update([Event(t_s, "stopped", text)], t_s))

    def close(self, last_words: bool = False, enough: Callable[[], bool] = lambda: False) -> None:
        """Stop; with `last_words`, finish what is being said first, until it is `enough` or Ctrl-C comes."""
        until_s = time.monotonic() + (_FAREWELL_S if last_words else 0)
        with contextlib.suppress(KeyboardInterrupt), interrupts.again():
            while time.monotonic() < until_s and not self._idle() and not enough():
                time.sleep(_STEP_S)
                self._say(self._speech.update((), self._now_s()))
        self._todo.put(None)
        self._thread.join(timeout=_END_S)
        self._tell()

    def _now_s(self) -> float:
        """The time on the source's clock, which goes on after the last view."""
        return self._last_s + time.monotonic() - self._last_at_s

    def _tell(self) -> None:
        """Log what went wrong. Not from the other thread: it may run while the terminal is redirected to keep
        native libraries quiet."""
        with contextlib.suppress(queue.Empty):
            while True:
                log.warning("%s", self._troubles.get_nowait())

    def _idle(self) -> bool:
        player = self._player
        return not self._speech.waiting and not self._busy and (player is None or not player.left_s)

    def _work(self) -> None:
        """Make and play words, in a separate thread, where anything may block."""
        try:
            if self._sound != "off":
                self._player = Player(self._volume)
        except OutputError as error:
            self._troubles.put(_silent(str(error)))
        while (item := self._todo.get()) is not None:
            self._speak(*item)
            self._busy = not self._todo.empty()
        player, self._player = self._player, None
        if player is not None:
            player.close()

    def _speak(self, number: int, asked_s: float) -> None:
        """Make the words of the utterance with this number, and play them unless they come too late."""
        player, utterance = self._player, self.said[number - 1]
        if player is None and not self._recorded:
            return
        sound = self._voice.say(utterance.text)
        if sound is None or player is None or self._sound != "voice":
            return
        if not player.works:
            self._player = None
            self._troubles.put(_silent(tr("The sound device is gone.")))
            return
        with self._order:
            cut = any(later.cuts for later in self.said[number:])
            if not cut and time.monotonic() - asked_s <= utterance.late_s:
                player.play(sound)


def _silent(why: str) -> str:
    """That nothing is heard any more, and why."""
    goes_on = tr("The session goes on without sound.")
    return f"{why} {goes_on}"
