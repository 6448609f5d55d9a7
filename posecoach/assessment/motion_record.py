"""What came of one motion, for the verdict."""

from dataclasses import dataclass

from posecoach.assessment.exercise import Motion
from posecoach.assessment.hold import Held
from posecoach.assessment.results import Fault
from posecoach.assessment.thresholds import GAP_S


@dataclass(frozen=True)
class MotionRecord:
    """What came of one motion in a whole span.

    held      its positions
    maybe     spans (start and end, seconds) that may have been the position, for all that a view at an angle
              tells
    rise      the largest rise above rest of any attempt, degrees
    unsure_s  time in position in which it, or one of its conditions, could not be seen
    unseen_s  the longest time without a value
    faults    attempts that fell short or lacked a condition
    tempo     rushed moves and bouncing
    paced     haste and bouncing could be judged in most frames of its positions
    maybe_rushed  a move may have been, for all that a view at an angle tells
    maybe_bouncing  it went to and fro, with frames between in which it was not seen
    idle      the fault of never having begun
    seen      the body was seen in the posture of the exercise
    """

    motion: Motion
    held: tuple[Held, ...]
    maybe: tuple[tuple[float, float], ...]
    reps: int
    rise: float
    unsure_s: float
    unseen_s: float
    faults: tuple[Fault, ...]
    tempo: tuple[Fault, ...]
    paced: bool
    maybe_rushed: bool
    maybe_bouncing: bool
    idle: Fault | None
    seen: bool

    def held_at_most_s(self, held: Held) -> float:
        """Seconds for which a position may have been held, for all that can be told from this view."""
        end_s = held.position.end_s
        spans = [until_s - from_s for from_s, until_s in self.maybe if from_s <= end_s <= until_s + GAP_S]
        return max([held.lasts_s, *spans])
