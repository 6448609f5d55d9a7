"""What is heard, and when: the coach's events become utterances, one at a time.

What matters more cuts what matters less; what matters less waits, and is dropped when its moment is over.
Deterministic: the clock is that of the views.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Literal

from posecoach.coaching.view import Event, Kind

Tone = Literal["start", "end", "tick", "breath"]

RATE = 160  # words a minute: a calm voice

#: Seconds that a tone has for itself before words begin.
TONE_S: Mapping[Tone, float] = {"start": 0.35, "end": 0.45, "tick": 0.1, "breath": 0.25}

_TONES: Mapping[Kind, Tone] = {
    "in_position": "start",
    "resumed": "start",
    "hold_done": "end",
    "paused": "end",
    "picture_lost": "end",
    "done": "end",
    "stopped": "end",
    "count": "tick",
    "rep": "tick",
    "breath": "breath",
}

_RANK: Mapping[Kind, int] = {
    "breath": 0,
    "announce": 1,
    "ready": 1,
    "hint": 1,
    "waiting": 1,
    "unseen": 1,  # never in place of an instruction, which would be lost
    "keeping_time": 1,
    "still_lost": 1,
    "step_done": 1,
    "moving_on": 1,
    "done": 1,
    "rep": 2,
    "halfway": 2,
    "in_position": 3,
    "count": 3,
    "cue": 4,
    "safety": 5,  # before all that can wait, and cut by nothing but a pause
    "seen": 5,  # somebody lies still until they hear it
    "hold_done": 6,  # a release cuts a cue: it is never late
    "picture_lost": 7,
    "picture_found": 5,  # before whatever is said of how to go on
    "paused": 7,
    "resumed": 7,
    "stopped": 7,
}
_URGENT = 5

_PATIENCE_S: Mapping[Kind, float] = {
    "safety": inf,
    "breath": 0.5,
    "count": 0.4,
    "halfway": 1.0,
    "in_position": 1.0,
    "rep": 2.5,
    "waiting": 4.0,  # no longer than _UNDER_WAY_S: who has moved since is not asked to begin
    "unseen": 3.0,
    "keeping_time": 10.0,
    "cue": 3.0,
    "hold_done": 3.0,
    "step_done": 6.0,
}
_LASTING_S = 6.0  # that a hold of some length has begun: late rather than never
_LONG_S = 20.0  # what has to be heard, late or not: the next step and how to do it

#: What ends all that is said, and all that waits.
SILENCING: frozenset[Kind] = frozenset({"paused", "picture_lost", "picture_found", "stopped"})

#: What is over when something else begins, said or not.
_ENDS: Mapping[Kind, frozenset[Kind]] = {
    **dict.fromkeys(("seen", "announce"), frozenset({"announce", "ready", "hint", "waiting", "unseen"})),
    "ready": frozenset({"waiting", "unseen", "keeping_time"}),
    "in_position": frozenset(
        {
            "announce",
            "ready",
            "hint",
            "waiting",
            "unseen",
            "keeping_time",
            "breath",
            "halfway",
            "count",
        }
    ),
    "hold_done": frozenset({"in_position"}),
    "rep": frozenset({"breath", "halfway", "count", "hold_done", "in_position"}),
    "resumed": frozenset({"paused"}),
    "done": frozenset({"announce", "ready", "hint", "waiting", "unseen", "keeping_time", "still_lost"}),
    **dict.fromkeys(SILENCING, frozenset(_RANK) - {"safety"}),
    "stopped": frozenset(_RANK),
}

#: What is heard to its end, whatever comes but that.
_WHOLE: frozenset[Kind] = frozenset({"safety", "still_lost"})

# Not told again soon: what cuts it costs it a moment.
_ONCE: frozenset[Kind] = frozenset({"keeping_time", "safety"})
_TO_BEGIN: frozenset[Kind] = frozenset({"ready", "hint", "waiting"})
_UNDER_WAY_S = 4.0  # a move takes less: whoever seems to move for longer has only shifted
_REPEATED: frozenset[Kind] = frozenset({"cue", "unseen", "waiting"})
_REPEAT_S = 10.0  # the same words are not said again earlier
_BREATHER_S = 0.25  # between two sentences
_STEP_S = 0.05


@dataclass(frozen=True)
class Utterance:
    """A tone, words, or a tone and then words, from `t_s` on.

    rank    how much it matters
    cuts    whatever is heard at that moment ends
    """

    t_s: float
    kind: Kind
    text: str
    tone: Tone | None = None
    rank: int = 1
    cuts: bool = False

    @property
    def late_s(self) -> float:
        """How late the words may begin and still be of use, in seconds."""
        return _patience_s(self.kind, self.rank)

    @property
    def words_s(self) -> float:
        """When the words begin."""
        return self.t_s + (TONE_S[self.tone] if self.tone else 0.0)


def spoken_s(text: str, rate: float = RATE) -> float:
    """About how many seconds a text takes to say, at so many words a minute."""
    if not text:
        return 0.0
    letters = sum(3 if sign.isdigit() else sign.isalpha() for sign in text)
    stops = sum(text.rstrip(" .").count(sign) for sign in ".,:?")
    return 0.15 + (letters * 0.065 + stops * 0.3) * RATE / rate


class UtteranceQueue:
    """Turns the events of a session into utterances.

    length  seconds that a text takes to say; asked again while it is said, so it may become exact
    words   False for tones alone
    """

    def __init__(self, length: Callable[[str], float] = spoken_s, words: bool = True) -> None:
        self._length = length
        self._words = words
        self._waiting: list[Event] = []
        self._now: Utterance | None = None
        self._said: dict[str, float] = {}
        self._still_s: float | None = None  # when nobody moved last

    def update(self, events: Sequence[Event], t_s: float, moving: bool = False) -> Utterance | None:
        """Take the news of the frame at `t_s`; what begins to be heard now, if anything.

        Nobody is asked to begin while they are `moving`, unless that lasts longer than a move does.
        """
        if not moving or self._still_s is None:
            self._still_s = t_s
        under_way = t_s - self._still_s <= _UNDER_WAY_S
        for event in events:
            over = _ENDS.get(event.kind, frozenset())
            self._waiting = [one for one in self._waiting if one.t_s == t_s or one.kind not in over]
            if (event.text and self._words) or event.kind in _TONES:
                self._waiting.append(event)
        self._waiting = [one for one in self._waiting if t_s - one.t_s <= _patience_s(one.kind, _rank(one))]
        self._waiting = [one for one in self._waiting if not self._repeats(one, t_s)]
        sayable = [one for one in self._waiting if not (moving and under_way and one.kind in _TO_BEGIN)]
        if not sayable:
            return None
        event = max(sayable, key=_rank)  # the first of those that matter most
        busy = self._now is not None and t_s < self._ends_s(self._now)
        if busy and not self._gives_way(event):
            return None
        self._waiting.remove(event)
        if busy and self._now is not None and self._now.kind in _ONCE - _ENDS.get(event.kind, frozenset()):
            self._waiting.insert(0, Event(t_s, self._now.kind, self._now.text))
        text = event.text if self._words else ""
        if event.kind in _REPEATED:
            self._said[event.text] = t_s
        self._now = Utterance(t_s, event.kind, text, _TONES.get(event.kind), _rank(event), busy)
        return self._now

    def heard(self, t_s: float) -> str:
        """The words that are being said at `t_s`; "" in silence."""
        return self._now.text if self._now is not None and t_s < self._ends_s(self._now) else ""

    @property
    def waiting(self) -> bool:
        """True while there is something that is still to be heard."""
        return bool(self._waiting)

    def rest(self, t_s: float) -> Iterator[Utterance]:
        """What is still to be heard after the last frame, at `t_s`."""
        while self._waiting:
            t_s += _STEP_S
            utterance = self.update((), t_s)
            if utterance is not None:
                yield utterance

    def _repeats(self, event: Event, t_s: float) -> bool:
        before_s = self._said.get(event.text)
        return event.kind in _REPEATED and before_s is not None and t_s - before_s < _REPEAT_S

    def _ends_s(self, said: Utterance) -> float:
        length_s = self._length(said.text) if said.text else 0.0
        return said.words_s + length_s + (_BREATHER_S if said.rank == 1 else 0.0)

    def _gives_way(self, event: Event) -> bool:
        """True when what is heard now is cut by `event`."""
        assert self._now is not None
        if self._now.kind in _WHOLE and event.kind not in SILENCING:
            return False
        rank, over = _rank(event), _ENDS.get(event.kind, frozenset())
        ended = self._now.kind in over and self._now.t_s < event.t_s
        return rank > self._now.rank or (ended and rank == self._now.rank)


def _rank(event: Event) -> int:
    return max(_RANK[event.kind], _URGENT if event.urgent else 0)


def _patience_s(kind: Kind, rank: int) -> float:
    if kind == "in_position" and rank >= _URGENT:
        return _LASTING_S
    return _PATIENCE_S.get(kind, _LONG_S)
