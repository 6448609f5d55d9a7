"""How a move goes in time: strokes between turning points, from which haste and bouncing show."""

from collections import deque
from dataclasses import dataclass, field

_TURN = 8.0  # degrees of way back that make a turning point, and a bounce
_SETTLED_S = 0.4  # a stroke also ends when nothing deeper came for this long
_STROKE = 25.0  # degrees from which a stroke is a whole move
_RUSHED_S = 0.7  # a whole move faster than this is rushed
# The middle 80 % of a smooth reach takes half of its time (minimum-jerk profile: Flash & Hogan 1985).
_MIDDLE = 0.5
_BOUNCES = 3
_BOUNCE_S = 1.0  # successive reversals of a bounce come at least this often


@dataclass
class Tempo:
    """Follows one value (degrees) in time; finds rushed strokes and bouncing as (start_s, end_s)."""

    rushed: list[tuple[float, float]] = field(default_factory=list)
    bouncing: list[tuple[float, float]] = field(default_factory=list)
    _stroke: list[tuple[float, float]] = field(default_factory=list)  # samples since the last turning point
    _extreme: tuple[float, float] | None = None
    _direction: int = 0
    _turns: deque[float] = field(default_factory=deque)

    def reset(self) -> None:
        """Forget the stroke under way: what came before cannot be compared with what follows."""
        self._stroke.clear()
        self._turns.clear()
        self._extreme, self._direction = None, 0

    def add(self, t_s: float, value: float, in_position: bool) -> None:
        """Take the next sample; reversals count as bouncing only `in_position`."""
        self._stroke.append((t_s, value))
        if self._extreme is None:
            self._extreme = (t_s, value)
            return
        way = value - self._extreme[1]
        if self._direction == 0:
            self._keep_recent(t_s)
            start = self._stroke[0][1]
            if abs(value - start) >= _TURN:
                self._direction = 1 if value > start else -1
            self._extreme = (t_s, value)
            return
        if way * self._direction > 0:
            self._extreme = (t_s, value)
        elif abs(way) >= _TURN:
            self._turn(in_position)
        elif t_s - self._extreme[0] >= _SETTLED_S:
            self._finish()
            self._direction = 0
            self._stroke = [(t_s, value)]
            self._extreme = (t_s, value)

    def _keep_recent(self, t_s: float) -> None:
        while len(self._stroke) > 2 and self._stroke[1][0] <= t_s - _SETTLED_S:
            self._stroke.pop(0)

    def _turn(self, in_position: bool) -> None:
        assert self._extreme is not None
        self._finish()
        turned_s = self._extreme[0]
        if self._turns and turned_s - self._turns[-1] > _BOUNCE_S or not in_position:
            self._turns.clear()
        if in_position:
            self._turns.append(turned_s)
        if len(self._turns) >= _BOUNCES:
            start = self._turns[0]
            if self.bouncing and self.bouncing[-1][0] == start:
                self.bouncing.pop()
            self.bouncing.append((start, turned_s))
        self._stroke = [sample for sample in self._stroke if sample[0] >= turned_s]
        self._extreme = self._stroke[-1]
        self._direction = -self._direction

    def _finish(self) -> None:
        """Judge the stroke from the last turning point to the extreme."""
        assert self._extreme is not None
        first, last = self._stroke[0][1], self._extreme[1]
        if abs(last - first) < _STROKE:
            return
        low, high = self._crossing(first + 0.1 * (last - first)), self._crossing(first + 0.9 * (last - first))
        if high - low < _RUSHED_S * _MIDDLE:
            self.rushed.append((low, high))

    def _crossing(self, level: float) -> float:
        """When the stroke first crosses a level, between samples."""
        for (t0, v0), (t1, v1) in zip(self._stroke, self._stroke[1:], strict=False):
            if (v0 - level) * (v1 - level) <= 0 and v0 != v1:
                return t0 + (t1 - t0) * (level - v0) / (v1 - v0)
        return self._stroke[-1][0]
