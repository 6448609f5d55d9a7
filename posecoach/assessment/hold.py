"""One position of a motion: how it begins and ends, and what it was once it is over."""

from dataclasses import dataclass

from posecoach.assessment.reading import Reading
from posecoach.assessment.results import Position
from posecoach.assessment.thresholds import ENTER_S, FAULT_S

_BEFORE_S = 1.0  # of a position whose conditions could not be seen at first


@dataclass(frozen=True)
class Held:
    """A position that is over.

    cut         by the start or end of the span, by a pause, or by being unseen
    from_start  it was under way when the span began
    way_in      how the body came into it was seen
    lost        it was cut by being unseen: for how long it was really held is unknown
    """

    position: Position
    cut: bool
    from_start: bool = False
    way_in: bool = True
    lost: bool = False

    @property
    def lasts_s(self) -> float:
        """Seconds in position."""
        return self.position.lasts_s


@dataclass
class Hold:
    """The position under way, and the change that has not yet lasted long enough to begin or end one.

    entered_s    when the position began; None out of it
    candidate_s  when the change began
    perhaps_s    deep enough since, with conditions that are met or unseen
    unsure_s     time in position in which a condition could not be seen
    blind_s      time in position without a value, in gaps each too short to end it
    way_in       the value was seen to rise to the position
    leapt        it came or went faster than any limb moves, as where the two legs are exchanged
    """

    entered_s: float | None = None
    candidate_s: float | None = None
    perhaps_s: float | None = None
    unsure_s: float = 0.0
    blind_s: float = 0.0
    way_in: bool = False
    leapt: bool = False

    def forget(self) -> None:
        """Begin afresh with whatever has not lasted long enough."""
        self.candidate_s = self.perhaps_s = None

    def leap(self, up: bool) -> None:
        """The value has leapt, out of the position or `up` to it."""
        self.leapt |= up == (self.entered_s is None)

    def begins(self, reading: Reading, enter: float) -> float | None:
        """Take a frame out of position; returns when a position began that has now lasted long enough."""
        t_s = reading.t_s
        if reading.value < enter or reading.met is False or reading.blocked:
            self.forget()
            self.leapt = False
        elif self.perhaps_s is None:
            self.perhaps_s = t_s
        if not reading.met:
            self.candidate_s = None
        elif self.candidate_s is None:
            self.candidate_s = t_s
        if self.candidate_s is None or t_s - self.candidate_s < ENTER_S:
            return None
        # What is met when it is seen was so the moment before.
        start_s = max(self.perhaps_s or 0.0, self.candidate_s - _BEFORE_S)
        self.blind_s = self.candidate_s - start_s
        self.forget()
        return start_s

    def ends(self, reading: Reading, leave: float) -> float | None:
        """Take a frame in position; returns when it ended, once that has lasted long enough."""
        fell = reading.value < leave
        if not fell and reading.met is not False:
            self.candidate_s = None
            return None
        if self.candidate_s is None:
            self.candidate_s = reading.t_s
        enough_s = ENTER_S if fell else FAULT_S
        return self.candidate_s if reading.t_s - self.candidate_s >= enough_s else None
