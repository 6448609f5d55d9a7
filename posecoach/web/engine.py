"""How a tracker and the coach of a routine are made for a session in the page."""

from collections.abc import Callable
from typing import Protocol

from posecoach.coaching.coach import Coach, Coaches
from posecoach.coaching.phrases import BY_BUTTONS
from posecoach.coaching.plan import Routine
from posecoach.coaching.step_result import StepDone
from posecoach.core.choices import RotationChoice, degrees
from posecoach.core.observation import Observation
from posecoach.records.settings import Settings
from posecoach.session.live import placement
from posecoach.vision.source import Frame
from posecoach.vision.tracker import Tracker


class Eyes(Protocol):
    """What a lesson needs of a tracker. `light` is the picture's brightness, 0..1, or None."""

    @property
    def light(self) -> float | None: ...
    def track(self, frame: Frame) -> Observation: ...
    def close(self) -> None: ...


class OpenEyes(Protocol):
    """Makes a tracker for one lesson: the time stamps of each rise by themselves."""

    def __call__(self, rotate: RotationChoice) -> Eyes: ...


def eyes_with(model: bytes) -> OpenEyes:
    """The tracker of all other commands; `model` is the bytes of the bundle."""

    def opened(rotate: RotationChoice) -> Tracker:
        return Tracker(model, degrees(rotate))

    return opened


def coach_of(
    routine: Routine, eyes: Eyes, on_step: Callable[[StepDone], None], chosen: Settings, teach: bool
) -> Coaches:
    """A coach of a routine, behind the placement of the camera; with `teach` it says how to stop."""
    coach = Coach(routine, on_step, chosen.words, teach, BY_BUTTONS, chosen.rate)
    return placement(routine, coach, lambda: eyes.light, BY_BUTTONS)
