"""What is told at a frame, and until when all of it is heard."""

from posecoach.coaching.utterances import RATE, SILENCING, spoken_s
from posecoach.coaching.view import Event, Kind


class Announcer:
    """Collects the events of one frame after the other.

    events   those of this frame
    t_s      of this frame, on the source's clock
    heard_s  when everything that was told is over, estimated, on the source's clock
    """

    def __init__(self, rate: int = RATE) -> None:
        """`rate` is how fast it is said, in words a minute."""
        self._rate = rate
        self.events: list[Event] = []
        self.heard_s = 0.0
        self.t_s = 0.0

    def begin(self, t_s: float) -> None:
        """Begin a frame, at a time on the source's clock."""
        self.events, self.t_s = [], t_s

    @property
    def left_s(self) -> float:
        """For how long what was told is still to be heard, in seconds."""
        return max(0.0, self.heard_s - self.t_s)

    def tell(self, kind: Kind, text: str, urgent: bool = False) -> None:
        """Tell one thing at this frame."""
        self.events.append(Event(self.t_s, kind, text, urgent))
        before_s = self.t_s if kind in SILENCING else max(self.heard_s, self.t_s)
        self.heard_s = before_s + spoken_s(text, self._rate)
