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
_KEPT = 12  # bends: of frames so far apart no more are within the window


class Flickers:
    """Watches the measures that a guessing network makes jump."""

    def __init__(self) -> None:
        self._watched = [
            (f"{name}_{side}", _Flicker(most)) for name, most in _MOST_BEND.items() for side in SIDES
        ]

    def hide(self, t_s: float, values: dict[str, float | None]) -> None:
        """Take the next frame; values that jump become None."""
        for name, flicker in self._watched:
            value = values[name]
            if value is None:
                flicker.miss()
            elif flicker.shaken(t_s, value):
                values[name] = None


class _Flicker:
    """One measure: the size of the bends of its curve; `most` is their largest believable mean."""

    __slots__ = ("_bends", "_jumped_s", "_last", "_most", "_second", "_shaken", "_taken_s")

    def __init__(self, most: float) -> None:
        self._most = most
        self._bends: deque[tuple[float, float]] = deque(maxlen=_KEPT)  # of the curve: when, and how large
        self._jumped_s = float("-inf")  # the latest that is larger than `most`
        # The latest value, and that before it; None where there is none.
        self._taken_s = 0.0
        self._last: float | None = None
        self._second: float | None = None
        self._shaken = False

    def miss(self) -> None:
        """Take a frame in which it is unseen."""
        self._last = self._second = None

    def shaken(self, t_s: float, value: float) -> bool:
        """Take the next value; True while the curve bends by more than `most` a frame."""
        last, second = self._last, self._second
        if last is not None:
            if t_s - self._taken_s < _FRAME_S:
                return self._shaken
            if second is not None:
                bend = abs(value - 2 * last + second)
                self._bends.append((t_s, bend))
                if bend > self._most:
                    self._jumped_s = t_s
        self._second, self._last, self._taken_s = last, value, t_s
        # Most of the time not one bend is that large, and nor is their mean.
        self._shaken = self._jumped_s >= t_s - _WINDOW_S and self._mean(t_s - _WINDOW_S) > self._most
        return self._shaken

    def _mean(self, begin_s: float) -> float:
        """The mean of the bends since then; 0 where there are fewer than three."""
        bends = self._bends
        while bends and bends[0][0] < begin_s:
            bends.popleft()
        return sum(bend for _, bend in bends) / len(bends) if len(bends) > 2 else 0.0
