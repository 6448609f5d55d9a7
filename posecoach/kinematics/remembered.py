"""A body that was measured before, in the same poses.

A clip is measured to tell its exercise, and then again to judge that. What is measured depends on nothing but
the poses and when the body rests: while it rests as it did the first time, what was measured then holds.
"""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from posecoach.kinematics.baseline import Baseline
from posecoach.kinematics.body import Body, Measurements
from posecoach.kinematics.measurement_requests import Asking
from posecoach.kinematics.resting import Occasion

T = TypeVar("T")


class Remembered(NamedTuple):
    """One frame of the first time.

    rested    whether the body rested between two moves; None where it was not asked to, or was not still
    baseline  what the next frame is measured against
    """

    found: Measurements
    rested: bool | None
    baseline: Baseline | None


class OtherRestError(Exception):
    """The body is let rest at another moment than the first time: it has to be measured anew."""


class RememberedBody(Body):
    """Gives the measurements of a first time again; raises OtherRestError where they no longer hold."""

    def __init__(self, frames: Sequence[Remembered]) -> None:
        super().__init__(None)
        self._frames = frames
        self._given = 0
        self._occasions: set[Occasion] = set()  # for which it was let rest in the latest frame

    def again(self) -> Measurements:
        """What was measured in the next frame."""
        self._check()
        self._occasions.clear()
        self._given += 1
        return self._frames[self._given - 1].found

    def may_rest(self, found: Measurements | None, occasion: Occasion) -> bool | None:
        """See `Body`."""
        if found is None or not found.still:
            return None
        self._occasions.add(occasion)
        return True

    @property
    def baseline(self) -> Baseline | None:
        """See `Body`."""
        self._check()
        return self._frames[self._given - 1].baseline if self._given else None

    def _check(self) -> None:
        """Whether it rests in the latest frame as the first time; who sets up rests while still."""
        if not self._given:
            return
        rested = self._frames[self._given - 1].rested
        sets_up, asked = "setting_up" in self._occasions, bool(self._occasions)
        if not (rested if sets_up else asked == (rested is not None)):
            raise OtherRestError


def again(asking: Asking[T], body: RememberedBody) -> Asking[T]:
    """The result of work that asks for measurements, of which those of `body` are known already."""
    try:
        asked = next(asking)
        while True:
            asked = asking.send(body.again() if asked[0] is body else (yield asked))
    except StopIteration as end:
        result: T = end.value
        return result
