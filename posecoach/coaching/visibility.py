"""Debounced visibility of the joints being judged, and of the person."""

from dataclasses import dataclass

from posecoach.kinematics.body import Measurements

GONE_S = 6.0  # unseen for so long in an exercise, the clock leads
NEVER_S = 12.0  # while the starting position is awaited: turning over takes a while
ABSENT_S = 20.0  # nobody at all in a picture that somebody was in: they got up
BACK_S = 1.5  # seen for so long, the judge leads again
_BLINK_S = 0.5  # in which whoever has just been found may be missed, as half under a blanket


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


class Presence:
    """Follows whether somebody who was seen has left the picture, and whether they rest in it again.

    Whoever was never seen, or is asked to go on though unseen, has not left: they may lie under a blanket.
    """

    def __init__(self) -> None:
        self._seen_s: float | None = None  # when somebody was seen last, or might have been
        self._found_s = float("-inf")
        self._rests = VisibilityTimer()

    def update(self, found: Measurements | None, clear: bool, t_s: float) -> None:
        """Take the next frame; in one that is not `clear` there may be somebody."""
        if found is not None:
            self._found_s = t_s
            self._rests.update(found.still and _lies(found), t_s)
        elif t_s - self._found_s > _BLINK_S:
            self._rests.update(False, t_s)
        if found is not None or (self._seen_s is not None and not clear):
            self._seen_s = t_s

    def gone(self, t_s: float) -> bool:
        """True once nobody has been in the picture for long."""
        return self._seen_s is not None and t_s - self._seen_s > ABSENT_S

    def back(self, t_s: float) -> bool:
        """True once somebody lies still."""
        return self._rests.seen_for(t_s) > BACK_S

    def forget(self) -> None:
        """It is not known that there was somebody."""
        self._seen_s = None


def _lies(found: Measurements) -> bool:
    """False for somebody who sits, as on the edge of the bed."""
    return found.baseline is not None and found.baseline.posture != "upright"
