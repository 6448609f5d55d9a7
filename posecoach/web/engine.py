"""Tracker and coach as this room uses them: the only module here that knows how they are made."""

from collections.abc import Callable
from typing import Protocol

from posecoach.coaching.coach import Coach, Coaches
from posecoach.coaching.phrases import BY_BUTTONS
from posecoach.coaching.plan import Routine
from posecoach.coaching.step_result import StepDone
from posecoach.core.choices import RotationChoice, WordsChoice, degrees
from posecoach.core.observation import Observation
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
    routine: Routine, eyes: Eyes, on_step: Callable[[StepDone], None], words: WordsChoice, teach: bool
) -> Coaches:
    """A coach of a routine, behind the placement of the camera; arguments as for `Coach`."""
    coach = Coach(routine, on_step, words, teach, BY_BUTTONS)
    return placement(routine, coach, lambda: eyes.light, BY_BUTTONS)
