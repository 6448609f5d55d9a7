"""When a body is believed to be at rest: the one policy by which its baseline is taken and taken anew."""

from collections import deque
from typing import Literal

import numpy as np

from posecoach.kinematics.baseline import Baseline, take_baseline
from posecoach.kinematics.measures import SIDES
from posecoach.kinematics.skeleton_fit import AT, Skeleton

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
_TURNED_S = 1.0  # stillness after which somebody is believed to have turned from back to front
# Cosine between the trunk and the bed's long axis; who sits up comes to 0.
_REVERSED = -0.3

_SUNK = 0.15  # torso lengths below their rest that show hips to have been raised then

_HIPS = [AT["left_hip"], AT["right_hip"]]
_WATCHED = [AT[f"{side}_{joint}"] for side in SIDES for joint in ("shoulder", "hip", "knee", "ankle")]


class Resting:
    """Watches one body for rest and keeps the baseline that was taken then."""

    def __init__(self) -> None:
        self.baseline: Baseline | None = None
        self._recent: deque[Skeleton] = deque()
        self._first_s: float | None = None
        self._still_since_s: float | None = None
        self._taken_s = float("-inf")

    def forget(self) -> None:
        """Drop the baseline: the next still moment, in whatever posture, gives a new one."""
        self.baseline = self._first_s = None
        self._recent.clear()

    def lose(self) -> None:
        """The body was out of sight: what comes next does not follow from what came before."""
        self._recent.clear()

    def contradicted_by(self, skeleton: Skeleton) -> bool:
        """True where the head lies where the feet were: nothing of the baseline holds any more."""
        if self.baseline is None or self.baseline.posture == "upright":
            return False
        trunk = skeleton.shoulders - skeleton.hips
        return float(trunk @ self.baseline.axes[0]) < _REVERSED * float(np.linalg.norm(trunk))

    def update(self, skeleton: Skeleton) -> float:
        """Take the next frame; returns how far trunk or legs have moved in the last half second, torso
        lengths; infinite until there is half a second.
        """
        t_s = skeleton.t_s
        self._recent.append(skeleton)
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

    def believe(self, occasion: Occasion) -> None:
        """Take the baseline anew if the body is still and the occasion makes that a rest."""
        if not self._spans_still_time() or self._still_since_s is None:
            return
        now = self._recent[-1]
        if self.baseline is not None and occasion == "between_moves":
            if now.t_s - self._taken_s < _STILL_S:
                return  # it has not aged
            self._taken_s = now.t_s
            shifted = np.abs(self.baseline.in_bed(now) - self.baseline.rest)[_WATCHED].max() > _SHIFTED
            if shifted and now.t_s - self._still_since_s < _SHIFTED_S:
                return
        self._taken_s = now.t_s
        self.baseline = self._latest()

    def _disproved(self, baseline: Baseline, t_s: float) -> bool:
        """True for a body that is still below that rest, or has turned from back to front since."""
        if self._still_since_s is None or t_s - self._still_since_s < _STILL_S:
            return False
        sunk = -float(baseline.in_bed(self._recent[-1])[_HIPS, 2].mean())
        if baseline.posture in ("supine", "prone") and sunk > max(_SUNK, 3 * baseline.height_noise):
            return True
        turned_s = t_s - self._still_since_s >= _TURNED_S
        return turned_s and {baseline.posture, self._latest().posture} == {"supine", "prone"}

    def _latest(self) -> Baseline:
        return take_baseline(np.median([skeleton.points for skeleton in self._recent], axis=0))

    def _spans_still_time(self) -> bool:
        recent = self._recent
        return len(recent) > 2 and recent[-1].t_s - recent[0].t_s >= _STILL_S * 0.8

    def _moved(self) -> float:
        if not self._spans_still_time():
            return float("inf")
        first, last = self._recent[0].points, self._recent[-1].points
        return float(np.abs(last[_WATCHED, :2] - first[_WATCHED, :2]).max())
