"""What is being spoken, on the screen: for whoever cannot hear it, and so that both say the same."""

from collections.abc import Callable
from dataclasses import replace

from posecoach.coaching.utterances import UtteranceQueue, spoken_s
from posecoach.coaching.view import View


class Captions:
    """Adds to each view of a session the words that are heard at that time, or would be with a voice."""

    def __init__(self, length: Callable[[str], float] = spoken_s) -> None:
        """`length` gives the seconds that a text takes to say, as the voice has it."""
        self._queue = UtteranceQueue(length)

    def add(self, view: View) -> View:
        """The view with its caption."""
        self._queue.update(view.events, view.t_s, view.phase in ("moving", "hold"))
        return replace(view, caption=self._queue.heard(view.t_s))
