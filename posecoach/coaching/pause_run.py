"""A step without an exercise under way: breathing, rolling over."""

from posecoach.coaching.explaining import Explanation
from posecoach.coaching.pacing import BREATH_S, breaths, lungs
from posecoach.coaching.plan import Step
from posecoach.coaching.stages import Shared
from posecoach.core.translation import tr

_ALOUD = 4  # words about the breath, two whole breaths; then the tone is enough


class PauseRun:
    """Keeps the time of a pause, and leads the breath through it where the step asks for that."""

    def __init__(self, step: Step, number: int, shared: Shared, begun_s: float) -> None:
        """Say what the pause is for, at `begun_s` on the session's clock."""
        self.step, self.number = step, number
        self._shared = shared
        self._begun_s = begun_s
        self._explanation = Explanation(shared.announcer)
        self._explanation.tell("announce", tr(step.say))
        self._led_s = begun_s + shared.announcer.left_s  # the breath, once it was said what to do
        led = breaths(0.0, step.pause_s - (self._led_s - begun_s) - BREATH_S / 4) if step.breathe else []
        self._told = 0
        self._todo = [(self._led_s + at_s, text) for at_s, text in led]

    def explain_again(self, _: float) -> bool:
        """What it is for was cut: say it again unless it was heard; True if it is said."""
        return self._explanation.again()

    def update(self, t_s: float) -> None:
        """Say in and out."""
        while self._todo and self._todo[0][0] <= t_s:
            _, text = self._todo.pop(0)
            self._told += 1
            aloud = self._told <= _ALOUD or self._shared.verbosity.again
            self._shared.announcer.tell("breath", text if aloud else "")

    def breath(self, t_s: float) -> float | None:
        """How full the lungs are; None where no breath is led."""
        led_s = t_s - self._led_s
        return lungs(led_s) if self.step.breathe and led_s >= 0 else None

    def lasts_s(self, t_s: float) -> float:
        """For how long it has been going on, in seconds."""
        return t_s - self._begun_s

    def over(self, t_s: float) -> bool:
        """True once its time is up."""
        return self.lasts_s(t_s) >= self.step.pause_s
