"""Tells key frames of a picture that stands still from a picture that moves.

A camera that hangs may encode its last picture over and over, and each key frame of it is a little different.
Measured on 48 such streams (H.264, MPEG-4 and VP8 at several qualities, one key frame a second): it changes
for up to 0.3 s, then not at all until the next one, and they come evenly. How much changes tells nothing: up
to a third of all points. On 377 recordings of people, filmed or rendered, no three changes as short came
evenly. But a camera that gives one picture a second does nothing else: the picture has to move before, or
afterwards, which tells what it was.
"""

from dataclasses import dataclass, replace

_LONGEST_S = 0.3  # that a key frame changes the picture
_APART_S = 0.8  # at least, from one to the next: twitches of half a second may come evenly
_UNEVEN_S = 0.1  # at most between two intervals: a camera's clock jitters
_BEATS = 3  # even ones that nobody living has made
_UNCHANGED = 4  # frames before each: where few come, each one is another


@dataclass(frozen=True)
class _Burst:
    """Changes without a pause between them.

    before_s  when the last change before them was
    apart_s   seconds since the burst before began; 0 after a move
    row_s     since when nothing but an even row of bursts was seen, of which this is the `beat`-th
    """

    begin_s: float
    end_s: float
    before_s: float
    row_s: float
    apart_s: float = 0.0
    beat: int = 1

    @property
    def moves(self) -> bool:
        """True where it lasts too long for a key frame."""
        return self.end_s - self.begin_s > _LONGEST_S


class KeyFrames:
    """Follows the changes of a picture.

    since_s    when the last one came that may have been a move; only key frames may have come since then
    is_frozen  so many came, for `frozen_s` or longer, that nobody living is behind them; True until it
               moves. Of a picture that has not moved before, it is True only when it first does
    """

    def __init__(self, frozen_s: float) -> None:
        self.since_s, self.is_frozen = 0.0, False
        self._frozen_s = frozen_s
        self._burst: _Burst | None = None
        self._unchanged = 0
        self._has_moved = self._stands = False

    def update(self, changed: bool, t_s: float) -> None:
        """Take the next picture: whether it is another one than the last."""
        if changed:
            self._burst = self._next(t_s)
            self._unchanged = 0
        else:
            self._unchanged += 1
        burst = self._burst
        if burst is None:
            return
        if burst.moves:
            # The first move tells that what stood still before it was frozen.
            self.is_frozen = self._stands and not self._has_moved
            if not self.is_frozen:
                self.since_s = burst.end_s
            self._has_moved, self._stands = True, False
            return
        if not self._stands:
            self.since_s = burst.row_s
            self._stands = burst.beat >= _BEATS and t_s - burst.row_s >= self._frozen_s
        self.is_frozen = self._stands and self._has_moved

    def _next(self, t_s: float) -> _Burst:
        """The burst that a change at `t_s` begins or goes on with."""
        last = self._burst
        if last is None:
            return _Burst(t_s, t_s, t_s, t_s)
        apart_s = t_s - last.begin_s
        if self._unchanged < _UNCHANGED or apart_s < _APART_S:
            return replace(last, end_s=t_s)
        begun = _Burst(t_s, t_s, last.end_s, last.end_s)
        if last.moves:
            return begun
        if last.apart_s and abs(apart_s - last.apart_s) > _UNEVEN_S:
            return replace(begun, row_s=last.before_s, apart_s=apart_s, beat=2)
        return replace(begun, row_s=last.row_s, apart_s=apart_s, beat=last.beat + 1)
