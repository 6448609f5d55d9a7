"""Repetitions and holds led by the clock alone, where the camera cannot judge the position."""

from dataclasses import dataclass, field, replace

from posecoach.coaching.pacing import Pace, opening
from posecoach.coaching.phrases import rep
from posecoach.coaching.plan import Step
from posecoach.coaching.verbosity import Verbosity
from posecoach.coaching.view import Kind

_MOVE_S = 4.0  # to let go, and to move in again
_SWAY_S = 2.0


@dataclass
class Metronome:
    """An exercise under way by the clock: repetitions of moving in and holding.

    reps    those that are over
    held_s  seconds of the hold that goes on; None between two
    """

    step: Step
    verbosity: Verbosity
    begins_s: float  # when what there is to say about it has been said
    reps: int = 0
    held_s: float | None = None
    pace: Pace = field(init=False)

    def __post_init__(self) -> None:
        self.pace = Pace(self.step.hold_s, self.verbosity, self.reps)

    @classmethod
    def taking_over(
        cls, step: Step, verbosity: Verbosity, reps: int, t_s: float, held: tuple[float, Pace] | None
    ) -> "Metronome":
        """From `t_s` on, where `reps` are over already, in the middle of a hold that is `held` for so long.

        Where only repetitions count, each is given a moment in position.
        """
        step = replace(step, hold_s=step.hold_s or _SWAY_S)
        begins_s = t_s - reps * (_MOVE_S + step.hold_s)
        if held is None:
            return cls(step, verbosity, begins_s, reps)
        held_s, pace = held
        metronome = cls(step, verbosity, begins_s - _MOVE_S - held_s, reps, held_s)
        metronome.pace = pace
        return metronome

    def update(self, t_s: float) -> list[tuple[Kind, str]]:
        """Go on to `t_s`; returns what is to be said."""
        turn_s = _MOVE_S + self.step.hold_s
        over, within_s = divmod(max(0.0, t_s - self.begins_s), turn_s)
        was_in, done = self.held_s is not None, int(over) > self.reps
        told: list[tuple[Kind, str]] = []
        if done:
            self.reps = min(int(over), self.step.reps)
            told += self.pace.due(self.step.hold_s) if was_in else []
            told.append(("rep", rep(self.reps, self.step.reps, again=self.verbosity.again or self.reps == 1)))
        holding = within_s >= _MOVE_S and self.reps < self.step.reps
        self.held_s = within_s - _MOVE_S if holding else None
        if self.held_s is not None:
            if not was_in or done:
                self.pace = Pace(self.step.hold_s, self.verbosity, self.reps)
                text = opening(self.step.hold_s, self.verbosity, self.reps, judged=False)
                told.append(("in_position", text))
            told += self.pace.due(self.held_s)
        return told
