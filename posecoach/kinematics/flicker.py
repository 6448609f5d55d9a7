"""Notices a measure that jumps to and fro faster than any limb moves: the network is guessing."""

from collections import deque
from collections.abc import Mapping

from posecoach.kinematics.measures import SIDES

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
        self._by_name = {
            f"{name}_{side}": _Flicker(most) for name, most in _MOST_BEND.items() for side in SIDES
        }

    def hide(self, t_s: float, values: dict[str, float | None]) -> None:
        """Take the next frame; values that jump become None."""
        for name, flicker in self._by_name.items():
            if flicker.shaken(t_s, values[name]):
                values[name] = None


class _Flicker:
    """One measure: the size of the bends of its curve; `most` is their largest believable mean."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._recent: deque[tuple[float, float]] = deque()  # times and sizes of the bends of the curve
        self._last: list[tuple[float, float]] = []

    def shaken(self, t_s: float, value: float | None) -> bool:
        """Take the next value; True while the curve bends by more than `most` a frame."""
        if value is None:
            self._last.clear()
            return False
        if self._last and t_s - self._last[-1][0] < _FRAME_S:
            return self._shaken()
        self._last = [*self._last[-2:], (t_s, value)]
        if len(self._last) == 3:
            before, middle, now = (v for _, v in self._last)
            self._recent.append((t_s, abs(now - 2 * middle + before)))
        while self._recent and self._recent[0][0] < t_s - _WINDOW_S:
            self._recent.popleft()
        return self._shaken()

    def _shaken(self) -> bool:
        bends = [bend for _, bend in self._recent]
        return len(bends) > 2 and sum(bends) / len(bends) > self._most
