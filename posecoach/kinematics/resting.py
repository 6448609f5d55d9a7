"""When a body is believed to be at rest: the one policy by which its baseline is taken and taken anew."""

from collections import deque
from collections.abc import Sequence
from operator import sub
from typing import Literal, NamedTuple

import numpy as np

from posecoach.core.pose import Array
from posecoach.kinematics.baseline import (
    FACING,
    HEIGHT_NOISE,
    OPPOSITE,
    OTHER_SIDE,
    TRUNK,
    Baseline,
    BedReading,
    mean_reading,
    take_baseline,
)
from posecoach.kinematics.geometry import Point, dot, length, minus
from posecoach.kinematics.spatial import both

#: What a person is doing that may lie still.
#: setting_up     no move has begun: they lie down, listen or wait, and however they lie is their rest
#: between_moves  they have come back from a move; the slow start of the next one must not pass for rest
Occasion = Literal["setting_up", "between_moves"]

#: Movement (torso lengths) of any trunk or leg joint within half a second below which a body is still: three
#: times the frame-to-frame noise of a lying body (0.015 torso lengths on the side-view clips).
STILL = 0.05

_STILL_S = 0.5  # a baseline is taken from this much time without movement
_AT_LATEST_S = 2.0  # and the first one, where nothing is still, from what there is after this time
_SHIFTED = 0.06  # torso lengths by which a body lies otherwise than at its last rest
_SHIFTED_S = 3.0  # stillness after which that is believed between two moves
_TURNED_S = 1.0  # stillness after which somebody is believed to have turned over
# Cosine between the trunk and the bed's long axis; who sits up comes to 0.
_REVERSED = -0.3

# The standard deviation of what sways once in two seconds is so much of the furthest that it comes in half a
# second.
_SWAYS = 0.45
_SHAKEN_S = 3.0  # for which heights are doubted after the camera has moved: a hand that trembles goes on
_SUNK = 0.15  # torso lengths below its rest that show a part of the trunk to have been raised then

_WATCHED = both("shoulder", "hip", "knee", "ankle").ravel()


class BodyFrame(NamedTuple):
    """One frame of a body.

    points   (19, 3) its joints in camera axes
    watched  x and y of the joints that have to be still
    hips, shoulders  their middles
    reading  how it lies
    """

    t_s: float
    points: Array
    watched: list[float]
    hips: Point
    shoulders: Point
    reading: BedReading


def seen(times: Sequence[float], points: Array, readings: Sequence[BedReading]) -> list[BodyFrame]:
    """A frame of each of n bodies, with joints (n, 19, 3), and what each of them tells."""
    trunks = points.take(TRUNK, axis=1)
    middles = (trunks[:, ::2] + trunks[:, 1::2]) / 2
    watched = points.take(_WATCHED, axis=1)[:, :, :2].reshape(len(points), -1)
    parts = zip(times, points, watched.tolist(), middles.tolist(), strict=True)
    return [
        BodyFrame(t_s, of_one, still, (*hips,), (*shoulders,), reading)
        for (t_s, of_one, still, (shoulders, hips)), reading in zip(parts, readings, strict=True)
    ]


class Resting:
    """Watches one body for rest and keeps the baseline that was taken then: at first of the next still
    moment, in whatever posture.
    """

    def __init__(self) -> None:
        self.baseline: Baseline | None = None
        self._recent: deque[BodyFrame] = deque()
        self._first_s: float | None = None
        self._still_since_s: float | None = None
        self._lies_since_s = float("-inf")  # as the last frame does
        self._taken_s = float("-inf")
        self._shaken, self._shaken_s = 0.0, float("-inf")

    @property
    def shaken(self) -> float:
        """The standard deviation of a height, torso lengths, by how far the picture has lately moved."""
        return _SWAYS * self._shaken if self._trembles else 0.0

    @property
    def _trembles(self) -> bool:
        """True where the picture has moved lately."""
        return bool(self._recent) and self._recent[-1].t_s - self._shaken_s <= _SHAKEN_S

    def lose(self) -> None:
        """The body was out of sight: what comes next does not follow from what came before."""
        self._recent.clear()

    def contradicted_by(self, now: BodyFrame) -> bool:
        """True where the head lies where the feet were: nothing of the baseline holds any more."""
        if self.baseline is None or self.baseline.posture == "upright":
            return False
        trunk = minus(now.shoulders, now.hips)
        return dot(trunk, self.baseline.along) < _REVERSED * length(trunk)

    def update(self, now: BodyFrame) -> float:
        """Take the next frame; returns how far trunk or legs have moved in the last half second, torso
        lengths; infinite until there is half a second.
        """
        t_s = now.t_s
        if not self._recent or now.reading.posture != self._recent[-1].reading.posture:
            self._lies_since_s = t_s
        self._recent.append(now)
        while len(self._recent) > 2 and self._recent[1].t_s <= t_s - _STILL_S:
            self._recent.popleft()
        if self._first_s is None:
            self._first_s = t_s
        moved = self._moved()
        if moved >= STILL:
            self._still_since_s = None
        elif self._still_since_s is None:
            self._still_since_s = t_s
        if self.baseline is None and (moved < STILL or t_s - self._first_s >= _AT_LATEST_S):
            self.baseline = self._latest()
        elif self.baseline is not None and self._disproved(self.baseline, t_s):
            self.baseline, self._taken_s = self._latest(), t_s
        return moved

    def believe(self, occasion: Occasion) -> bool:
        """Take the baseline anew if the body is still and the occasion makes that a rest; True then."""
        if not self._spans_still_time() or self._still_since_s is None:
            return False
        now = self._recent[-1]
        if self.baseline is not None and occasion == "between_moves":
            if now.t_s - self._taken_s < _STILL_S:
                return False  # it has not aged
            self._taken_s = now.t_s
            away = self.baseline.in_bed(now.points) - self.baseline.rest
            shifted = np.abs(away[_WATCHED]).max() > _SHIFTED
            if shifted and now.t_s - self._still_since_s < _SHIFTED_S:
                return False
        self._taken_s = now.t_s
        self.baseline = self._latest()
        return True

    def _disproved(self, baseline: Baseline, t_s: float) -> bool:
        """True for a body that is still below that rest, or has turned over since."""
        if baseline.posture == "prone" and self._spans_still_time() and self._chest_lies_lower(baseline):
            return True
        if self._still_since_s is None or t_s - self._still_since_s < _STILL_S:
            return False
        if baseline.posture in FACING and self._sunk(baseline) > _sure_sink(baseline):
            return True
        if t_s - max(self._still_since_s, self._lies_since_s) < _TURNED_S:
            return False
        now = self._recent[-1].reading.posture
        # Not from the back to a side: the trunk turns as far in a twist. Nobody twists on the front, but who
        # lies on it may seem to lie on a side when seen at an angle.
        to_side = baseline.posture == "prone" and baseline.side_on and now in OTHER_SIDE
        back_down = now in FACING and baseline.posture not in FACING
        return to_side or back_down or now == OPPOSITE.get(baseline.posture)

    def _chest_lies_lower(self, baseline: Baseline) -> bool:
        """True where the chest has been below its rest for half a second, still or not, as under a blanket a
        body seldom is: it was pressed up then.
        """
        least = _sure_sink(baseline)
        return all(_chest_sunk(baseline, frame) > least for frame in reversed(self._recent))

    def _sunk(self, baseline: Baseline) -> float:
        """Torso lengths that the hips are below their rest. A body on its back sinks as a whole only where
        the camera has moved.
        """
        now = self._recent[-1]
        sunk = baseline.hips_height - dot(now.hips, baseline.up)
        if baseline.posture != "supine":
            return sunk
        return sunk - max(0.0, min(sunk, _chest_sunk(baseline, now)))

    def _latest(self) -> Baseline:
        return take_baseline(_median([frame.points for frame in self._recent]), self._reading())

    def _reading(self) -> BedReading:
        return mean_reading([frame.reading for frame in self._recent])

    def _spans_still_time(self) -> bool:
        recent = self._recent
        return len(recent) > 2 and recent[-1].t_s - recent[0].t_s >= _STILL_S * 0.8

    def _moved(self) -> float:
        if not self._spans_still_time():
            return float("inf")
        moves = [*map(sub, self._recent[-1].watched, self._recent[0].watched)]
        (across, shift_x), (down, shift_y) = _apart(moves[::2]), _apart(moves[1::2])
        if self.baseline is not None:
            self._note_shift(abs(shift_x * self.baseline.up[0] + shift_y * self.baseline.up[1]))
        return max(across, down)

    def _note_shift(self, shift: float) -> None:
        """Remember how far the picture has moved up or down in half a second, where that is no noise."""
        if shift > HEIGHT_NOISE:
            self._shaken = max(shift, self._shaken) if self._trembles else shift
            self._shaken_s = self._recent[-1].t_s


def _apart(moves: Sequence[float]) -> tuple[float, float]:
    """How far a body has moved in one direction of the picture, of how far each joint has, and how far the
    picture: what all joints have moved alike is the camera's, in somebody's hand, for no move in bed takes
    the whole body along.
    """
    least, most = min(moves), max(moves)
    shift = max(least, 0.0) + min(most, 0.0)
    return max(most - shift, shift - least), shift


def _sure_sink(baseline: Baseline) -> float:
    """Torso lengths below its rest from which a part was raised then, whatever the noise of this view."""
    return max(_SUNK, 3 * baseline.height_noise)


def _chest_sunk(baseline: Baseline, frame: BodyFrame) -> float:
    """Torso lengths that the shoulders are below their rest."""
    return baseline.hips_height + baseline.shoulders_lie - dot(frame.shoulders, baseline.up)


def _median(frames: Sequence[Array]) -> Array:
    """The median of arrays of the same shape: quicker than NumPy's for as few as these."""
    ordered = np.sort(np.array(frames), axis=0)
    median: Array = (ordered[(len(frames) - 1) // 2] + ordered[len(frames) // 2]) / 2
    return median
