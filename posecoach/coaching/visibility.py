"""Debounced visibility of the joints being judged."""

from dataclasses import dataclass

GONE_S = 6.0  # unseen for so long in an exercise, the clock leads
NEVER_S = 12.0  # while the starting position is awaited: turning over takes a while
BACK_S = 1.5  # seen for so long, the judge leads again


@dataclass
class VisibilityTimer:
    """Since when the joints are not seen, or are seen again; times in seconds."""

    _lost_s: float | None = None
    _seen_s: float | None = None

    def update(self, seen: bool, t_s: float) -> None:
        """Take the next frame."""
        if seen:
            self._seen_s = t_s if self._seen_s is None else self._seen_s
            self._lost_s = None
        else:
            self._lost_s = t_s if self._lost_s is None else self._lost_s
            self._seen_s = None

    def lost_for(self, t_s: float) -> float:
        """Seconds since it was seen last; 0 while it is."""
        return 0.0 if self._lost_s is None else t_s - self._lost_s

    def seen_for(self, t_s: float) -> float:
        """Seconds since it has been seen without a break; 0 while it is not."""
        return 0.0 if self._seen_s is None else t_s - self._seen_s
