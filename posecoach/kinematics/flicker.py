"""Notices a measure that jumps to and fro faster than any limb moves: the network is guessing."""

from collections import deque
from collections.abc import Mapping

from posecoach.kinematics.spatial import SIDES

# Mean bend of a measure's curve (second difference a frame) over `_WINDOW_S` that nothing trusted shows.
# Degrees: fast real moves reach 9 at 12 frames a second, a leg seen end-on 20, a guessing network up to 40.
# Torso lengths: real moves reach 0.1, a limb guessed now before and now behind another one 0.5.
_MOST_BEND: Mapping[str, float] = {
    "hip_flexion": 20.0,
    "knee_flexion": 20.0,
    "ankle_on_thigh": 0.2,
    "hand_to_foot": 0.2,
    "heel_lift": 0.2,
}
_WINDOW_S = 0.7
_FRAME_S = 0.07  # a camera's faster frames are skipped, so that a frame means the same everywhere


class Flickers:
    """Watches the measures that a guessing network makes jump."""

    def __init__(self) -> None:
        self._watched = [
            (f"{name}_{side}", _Flicker(most)) for name, most in _MOST_BEND.items() for side in SIDES
        ]

    def hide(self, t_s: float, values: dict[str, float | None]) -> None:
        """Take the next frame; values that jump become None."""
        for name, flicker in self._watched:
            if flicker.shaken(t_s, values[name]):
                values[name] = None


class _Flicker:
    """One measure: the size of the bends of its curve; `most` is their largest believable mean."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._times: deque[float] = deque()  # of the bends of the curve, and their sizes
        self._bends: deque[float] = deque()
        # The latest value, that before it, and the one before that; None where there is none.
        self._taken_s = 0.0
        self._last: float | None = None
        self._second: float | None = None
        self._shaken = False

    def shaken(self, t_s: float, value: float | None) -> bool:
        """Take the next value; True while the curve bends by more than `most` a frame."""
        last = self._last
        if value is None:
            self._last = self._second = None
            return False
        if last is not None and t_s - self._taken_s < _FRAME_S:
            return self._shaken
        second, self._second, self._last, self._taken_s = self._second, last, value, t_s
        times, bends = self._times, self._bends
        if second is not None and last is not None:
            times.append(t_s)
            bends.append(abs(value - 2 * last + second))
        while times and times[0] < t_s - _WINDOW_S:
            times.popleft()
            bends.popleft()
        self._shaken = len(bends) > 2 and sum(bends) / len(bends) > self._most
        return self._shaken
