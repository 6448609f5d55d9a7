"""The two times of a session: that of the source, and the session's own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """The time of one frame, in seconds.

    frame_s    on the source's clock
    session_s  the session's own time: it stands still in pauses
    """

    frame_s: float
    session_s: float


class SessionClock:
    """Tells both times of each frame."""

    def __init__(self) -> None:
        self.now = Clock(0.0, 0.0)
        self._paused_s = 0.0

    def tick(self, frame_s: float, paused: bool) -> Clock:
        """Go on to the next frame; `paused` is whether the session has been paused since the one before."""
        if paused:
            self._paused_s += frame_s - self.now.frame_s
        self.now = Clock(frame_s, frame_s - self._paused_s)
        return self.now
