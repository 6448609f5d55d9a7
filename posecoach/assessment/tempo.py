"""The tempo of a move: haste on the way in and out, and bouncing inside a hold."""

import itertools
from collections import deque
from dataclasses import dataclass, field, replace
from math import inf
from statistics import median

_WHOLE_MOVE = 25.0  # degrees from which a way in or out is a whole move
_RUSHED_S = 0.7  # a whole move faster than this is rushed
# The middle 80 % of a smooth reach takes half of its time (minimum-jerk profile: Flash & Hogan 1985).
_MIDDLE = 0.5
_JUMP_S = 0.12  # no limb moves that far this fast: the tracker jumped
_KEPT_S = 4.0  # of samples; no rushed move takes longer
_MOVE_S = 1.5  # a move that is made with care; one that is rushed is over earlier
_UNSEEN_S = 0.25  # unseen for longer, and nobody knows how the move went meanwhile

_BOUNCE = 8.0  # degrees of way back that make a reversal
_BOUNCES = 3
_BOUNCE_SEEN = 0.75  # share of its frames that have to be seen
_BOUNCE_S = 1.0  # successive reversals of a bounce come at least this often
_TREMBLE_S = 0.2
_NOISE_S = 1.5  # over which the noise of the value is measured
_OVER_NOISE = 2.0  # times the median bend of its curve (second difference): what comes back less far is noise
_SETTLING_S = 0.5  # after entry, a hold may still find its place


@dataclass
class Tempo:
    """Follows one value (degrees) in time; finds rushed moves and bouncing as (start_s, end_s).

    seems         share of its real time that a move seems to take by this value
    maybe_rushed  a move was too fast, unless the value is off at its ends
    maybe_bouncing  it went to and fro with too many frames between that were not seen
    """

    seems: float = 1.0
    rushed: list[tuple[float, float]] = field(default_factory=list)
    maybe_rushed: bool = False
    seen: int = 0  # whole moves that were, and others that may have been and were not
    missed: int = 0
    bouncing: list[tuple[float, float]] = field(default_factory=list)
    maybe_bouncing: bool = False
    _recent: deque[tuple[float, float, float]] = field(default_factory=deque)
    _extreme: tuple[float, float] = (0.0, 0.0)  # time and value of the latest reversal, or what may become it
    _direction: int = 0  # 1 on the way up from there, -1 on the way down, 0 until the first way is known
    _since_entry: tuple[float, float] | None = None  # the least and the largest value until then
    _turns: list[float] = field(default_factory=list)
    _misses: deque[float] = field(default_factory=deque)  # when a frame was missed
    _off: float = 0.0  # by which the latest value may be
    _still: bool = False
    _end_s: float | None = None  # when a move reached its end that may not have settled yet

    def apart(self) -> "Tempo":
        """A copy that may be settled."""
        return replace(self, rushed=[*self.rushed])

    def reset(self) -> None:
        """What came before cannot be compared with what follows."""
        self._recent.clear()
        self._stop_bouncing()

    def add(
        self,
        t_s: float,
        value: float,
        held_s: float | None,
        off: float = 0.0,
        still: bool = False,
        steady: float | None = None,
    ) -> None:
        """Take the next sample.

        held_s  seconds in position, None when not in position
        off     degrees by which the value may be off, more at one end of a move than at the other
        still   nothing of the body has moved in the picture, whatever the value says
        steady  a value that trembles less, to tell bouncing by
        """
        self._off, self._still = off, still
        recent = self._recent
        if recent and t_s - recent[-1][0] > _UNSEEN_S:
            recent.clear()
        recent.append((t_s, value, value if steady is None else steady))
        while recent[0][0] < t_s - _KEPT_S:
            recent.popleft()
        if held_s is None or held_s < _SETTLING_S:
            self._stop_bouncing()
        else:
            self._watch_bouncing(t_s, self._smooth(t_s))

    def miss(self, t_s: float, off: float = inf) -> None:
        """A frame without a value, or with one that is `off` by as much as a bounce: where there are many,
        something passes in front, and what is guessed behind it swings.
        """
        if off >= _BOUNCE:
            self._misses.append(t_s)
            while self._misses[0] < t_s - _KEPT_S:
                self._misses.popleft()

    def expect_end(self) -> None:
        """A move has reached its end: judge it once it has settled, or when the next one ends."""
        self.settle()
        self._end_s = self._recent[-1][0] if self._recent else None

    def settle(self) -> None:
        """The value has come to rest: judge the move whose end was expected."""
        if self._end_s is not None:
            self._judge_move(self._end_s)
        self._end_s = None

    def _smooth(self, t_s: float) -> float:
        """The mean of the last tenths of a second: a body bounces slower than a tracker trembles."""
        recent = self._since(t_s - _TREMBLE_S)
        return sum(recent) / len(recent)

    def _since(self, begin_s: float) -> list[float]:
        """The steadier values after `begin_s`."""
        values = []
        for at_s, _, steady in reversed(self._recent):
            if at_s <= begin_s:
                break
            values.append(steady)
        return values[::-1]

    def _judge_move(self, end_s: float) -> None:
        """Judge the move that reached its end at `end_s`, between the least and the deepest of late."""
        samples = [(t_s, value) for t_s, value, _ in self._recent]
        values = [value for _, value in samples]
        if not values or max(values) - min(values) < _WHOLE_MOVE:
            # It was a small one, or lies in what was not seen.
            self.missed += not values or self._recent[-1][0] - self._recent[0][0] < _MOVE_S
            return
        rest, deepest = min(values), max(values)
        low, high = rest + 0.1 * (deepest - rest), rest + 0.9 * (deepest - rest)
        crossed = _last_passage(samples, low, high, end_s)
        if crossed is None or crossed[0] - self._recent[0][0] < _UNSEEN_S:
            self.missed += 1  # it began before it was seen
            return
        if self.rushed and crossed[0] < self.rushed[-1][1]:
            return  # a position that was left for a moment is entered twice by one move
        self.seen += 1
        took_s, least_s = crossed[1] - crossed[0], _RUSHED_S * _MIDDLE * self.seems
        if not _JUMP_S < took_s < least_s:
            return
        # Of a move that may be so much longer than it reads, what was seen may be only a part.
        if took_s < least_s / (1 + 2 * self._off / (deepest - rest)):
            self.rushed.append(crossed)
        else:
            self.maybe_rushed = True

    def _stop_bouncing(self) -> None:
        if self._since_entry is not None:
            self._since_entry, self._direction = None, 0
            self._turns.clear()

    def _watch_bouncing(self, t_s: float, value: float) -> None:
        if not self._direction:
            least, largest = self._since_entry or (value, value)
            self._since_entry = min(least, value), max(largest, value)
            # From the far end, not from where the hold began, which may be the middle of a bounce.
            if self._is_bounce(max(value - least, largest - value), t_s):
                self._direction = 1 if value - least > largest - value else -1
                self._extreme = (t_s, value)
            return
        way = value - self._extreme[1]
        if way * self._direction > 0:
            self._extreme = (t_s, value)
        elif self._is_bounce(abs(way), t_s):
            self._turn(self._extreme[0])
            self._direction = -self._direction
            self._extreme = (t_s, value)

    def _is_bounce(self, way: float, t_s: float) -> bool:
        """True for a way that is long enough to be none of the value's noise."""
        if self._still:
            return False
        return way >= max(_BOUNCE, self._off) and way >= _OVER_NOISE * self._noise(t_s)

    def _noise(self, t_s: float) -> float:
        """The median bend of the value's curve of late, degrees: small even in a fast bounce."""
        values = self._since(t_s - _NOISE_S)
        bends = [abs(a - 2 * b + c) for a, b, c in zip(values, values[1:], values[2:], strict=False)]
        return median(bends) if bends else 0.0

    def _turn(self, turned_s: float) -> None:
        if self._turns and turned_s - self._turns[-1] > _BOUNCE_S:
            self._turns.clear()
        self._turns.append(turned_s)
        if len(self._turns) < _BOUNCES:
            return
        begun_s = self._turns[-_BOUNCES]
        if self._seen_since(begun_s) < _BOUNCE_SEEN:
            self.maybe_bouncing = True
            return
        if self.bouncing and self.bouncing[-1][1] >= begun_s:
            begun_s, _ = self.bouncing.pop()
        self.bouncing.append((begun_s, turned_s))

    def _seen_since(self, begin_s: float) -> float:
        """The share of frames after `begin_s` that were not missed."""
        missed = {at_s for at_s in self._misses if at_s > begin_s}
        frames = missed | {at_s for at_s, _, _ in self._recent if at_s > begin_s}
        return 1 - len(missed) / max(1, len(frames))


def _last_passage(
    samples: list[tuple[float, float]], low: float, high: float, before_s: float
) -> tuple[float, float] | None:
    """Start and end of the last passage between two levels, either way, that began before `before_s`: the
    next move may be under way when one is judged."""
    crossings: list[tuple[float, bool]] = []  # time, and whether it is the high level
    for (t0, v0), (t1, v1) in itertools.pairwise(samples):
        for level, is_high in ((low, False), (high, True)) if v1 > v0 else ((high, True), (low, False)):
            if (v0 < level) != (v1 < level):
                crossings.append((t0 + (t1 - t0) * (level - v0) / (v1 - v0), is_high))
    for (start, was_high), (end, is_high) in reversed(list(itertools.pairwise(crossings))):
        if was_high != is_high and start < before_s:
            return start, end
    return None
