"""What a session consists of: a routine and its steps, as plain values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from posecoach.core.types import Side

#: The most repetitions of one step.
MOST_REPS = 50

#: The most steps of a routine: hours of exercise.
MOST_STEPS = 200

# What a step takes besides its holds: hearing what comes next and lying down for it, and one move in and out.
_SETTLE_S = 10.0
_MOVE_S = 4.0


@dataclass(frozen=True)
class Step:
    """One exercise with its dose; or, without an exercise, a pause with a word.

    exercise  identifier of the exercise; "" for a pause
    pause_s   seconds that a pause lasts: breathing, rolling over
    side      "each" in a routine file only: a loaded routine has one step for each side
    hold_s    seconds; 0 where only repetitions count
    limits    overrides of the exercise's limits by name, in the units that the exercise documents
    breathe   the breath is led through the pause
    say       what the coach says in addition, in English or in the words of whoever wrote the routine
    """

    exercise: str = ""
    pause_s: float = 0.0
    side: Literal["left", "right", "both", "each"] = "both"
    hold_s: float = 0.0
    reps: int = 1
    limits: Mapping[str, float] = field(default_factory=dict)
    say: str = ""
    breathe: bool = False

    @property
    def worked_side(self) -> Side:
        """The side that the judge watches: "both" where each side is worked in turn."""
        return "both" if self.side == "each" else self.side

    @property
    def estimated_s(self) -> float:
        """About how long the step takes, in seconds, including the move into the starting position."""
        if not self.exercise:
            return self.pause_s
        return _SETTLE_S + self.reps * (self.hold_s + _MOVE_S)

    def is_other_side_of(self, other: "Step") -> bool:
        """True for the same exercise on the left and on the right."""
        return self.exercise == other.exercise and {self.side, other.side} == {"left", "right"}


def exercises_in(steps: Sequence[Step]) -> int:
    """How many of the steps are exercises, rather than pauses."""
    return sum(bool(step.exercise) for step in steps)


def is_first_side(steps: Sequence[Step], place: int) -> bool:
    """True where the step at `place` is the first of two sides that follow each other."""
    if not 0 <= place < len(steps) - 1 or not steps[place + 1].is_other_side_of(steps[place]):
        return False
    return not is_first_side(steps, place - 1)  # several rounds are pairs of sides


@dataclass(frozen=True)
class Routine:
    """An ordered list of steps, with a title and the source of its doses.

    days_a_week  on how many days it is prescribed; 0 where nobody prescribed it
    note         a word of whoever prescribed it
    """

    title: str
    steps: tuple[Step, ...]
    name: str = ""
    source: str = ""
    days_a_week: int = 0
    note: str = ""

    @property
    def estimated_s(self) -> float:
        """About how long the whole routine takes, in seconds."""
        return sum(step.estimated_s for step in self.steps)
