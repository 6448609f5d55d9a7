"""Numbers as lines and boxes in a picture 340 units wide, the width of a phone: its text is then as large
as the text beside it. The templates draw them; nothing here knows about markup."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

WIDTH = 340.0
LEFT, RIGHT = 34.0, 332.0  # the plot, between labels at its left and the edge
TOP = 14.0
FLOOR = 108.0  # of a plot

#: Degrees that a plot shows at least: noise is not to look like a move.
LEAST_SPAN = 40.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Scale:
    """Numbers from `low` to `high` on a line from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Where a number is; what lies outside is at the nearer end."""
        share = (value - self.low) / (self.high - self.low) if self.high > self.low else 0.5
        return round(self.start + min(max(share, 0.0), 1.0) * (self.end - self.start), 1)

    def ticks(self, about: int) -> list[float]:
        """Some round numbers of the scale: about so many, or fewer."""
        span = self.high - self.low
        if span <= 0:
            return [self.low]
        raw = span / about
        size = 10 ** floor(log10(raw))
        step = next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
        first, last = ceil(self.low / step), floor(self.high / step)
        return [round(number * step, 6) for number in range(first, last + 1)]


def pieces(
    across: Scale, up: Scale, t_s: Sequence[float], values: Iterable[float | None]
) -> tuple[list[list[Point]], list[tuple[float, float]]]:
    """A curve as the lines that are seen, and the times between them in which it is not."""
    lines: list[list[Point]] = [[]]
    gaps, lost = list[tuple[float, float]](), None
    for t, value in zip(t_s, values, strict=True):
        if value is None:
            lost = t if lost is None else lost
            if lines[-1]:
                lines.append([])
            continue
        if lost is not None:
            gaps.append((lost, t))
            lost = None
        lines[-1].append((across(t), up(value)))
    if lost is not None:
        gaps.append((lost, t_s[-1]))
    return [line for line in lines if line], gaps


def degree(value: float) -> str:
    """Degrees, with a minus sign that is as wide as a digit."""
    return f"{value:.0f}°".replace("-", "−")
