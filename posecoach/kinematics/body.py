"""One body followed in time: poses in, measurements out, each with what it was measured against."""

from collections import deque
from dataclasses import dataclass

import numpy as np

from posecoach.core.pose import INDEX, Pose
from posecoach.kinematics.axial_rotation import Turning
from posecoach.kinematics.baseline import Baseline, take_baseline
from posecoach.kinematics.measures import SIDES, SINCE_REST, Measures, measure
from posecoach.kinematics.skeleton_fit import AT, NAMES, Skeleton, fit

# A baseline is taken from this much time without movement; when nothing is still for
# `_PATIENCE_S`, from what there is.
_STILL_S = 0.5
_PATIENCE_S = 2.0
# Movement of any trunk or leg joint within the still time: three times the frame-to-frame noise of a
# lying body (0.015 torso lengths on the side-view clips).
_STILL = 0.05
# A rest that differs by more than this (torso lengths) is believed after this much stillness.
_SHIFTED = 0.06
_SHIFTED_S = 3.0
# Mean bend of a measure's curve (second difference a frame) over this time that nothing trusted shows.
# Degrees: fast real moves reach 9 at 12 frames a second, a leg seen end-on 20, a guessing network up to 40.
# Torso lengths: real moves reach 0.1, a limb guessed now before and now behind another one 0.5.
_FLICKERS = {
    "hip_flexion": 20.0,
    "knee_flexion": 20.0,
    "ankle_on_thigh": 0.2,
    "hand_to_foot": 0.2,
    "heel_lift": 0.2,
}
_FLICKER_S = 0.7
_FLICKER_STEP_S = 0.07  # a camera's faster frames are skipped, so that a frame means the same everywhere
# A tracker that has lost the body this long is believed to have found it afresh.
_FORGET_S = 1.0
# Cosine between the trunk and the bed's long axis; who sits up comes to 0.
_REVERSED = -0.3

_SEEN = 0.3  # visibility below which a joint is a guess: its error is three times that of the others
# An arm that lies behind the trunk reads 30 to 45 degrees off long before its elbow is a mere guess.
_ELBOW_SEEN = 0.6
_MARGIN = 0.02  # share of the picture beyond its edge up to which a landmark may be guessed

_WATCHED = [AT[f"{side}_{joint}"] for side in SIDES for joint in ("shoulder", "hip", "knee", "ankle")]
_IN_PICTURE = np.array([INDEX[name] for name in NAMES])
_LEAST = np.array([_ELBOW_SEEN if name.endswith("elbow") else _SEEN for name in NAMES])


@dataclass(frozen=True, eq=False)
class Measurements:
    """One frame's measurements.

    values    by name, None where unseen: `hip_flexion_left`, … as `MEASURES` describes
    hidden    names of the joints that cannot be believed in this frame
    moved     torso lengths that trunk or legs have moved in the last half second; infinite until then
    baseline  what lifts and turns were measured against; None until the body was seen at rest
    """

    t_s: float
    values: Measures
    hidden: frozenset[str]
    moved: float
    baseline: Baseline | None

    @property
    def still(self) -> bool:
        """True while nothing has moved by more than noise."""
        return self.moved < _STILL


class Body:
    """Poses in, measurements out: keeps the last skeleton and the baseline of one session."""

    def __init__(self) -> None:
        self.baseline: Baseline | None = None
        self._skeleton: Skeleton | None = None
        self._recent: deque[Skeleton] = deque()
        self._first_seen: float | None = None
        self._still_since: float | None = None
        self._renewed_s = float("-inf")
        self._turning = Turning()
        self._flicker = {
            f"{name}_{side}": _Flicker(most) for name, most in _FLICKERS.items() for side in SIDES
        }

    def rebase(self) -> None:
        """Forget the baseline: the next still moment, in whatever posture, gives a new one."""
        self.baseline = self._skeleton = None
        self._turning = Turning()
        self._first_seen = None
        self._recent.clear()

    def renew(self, shifted: bool = False) -> None:
        """Take the baseline anew from the last half second; for one who rests in the starting position.

        A body that has shifted has to lie still for longer: a slow start of a move must not pass for rest;
        unless `shifted` says that it is known to lie otherwise than before.
        """
        if not self._spans_still_time() or self._still_since is None:
            return
        now_s = self._recent[-1].t_s
        if self.baseline is not None and not shifted and now_s - self._renewed_s < _STILL_S:
            return  # it has not aged
        self._renewed_s = now_s
        recent = take_baseline(np.median([s.points for s in self._recent], axis=0))
        if self.baseline is not None and not shifted:
            moved = np.abs(self.baseline.in_bed(self._recent[-1]) - self.baseline.rest)[_WATCHED].max()
            if moved > _SHIFTED and self._recent[-1].t_s - self._still_since < _SHIFTED_S:
                return
        self.baseline = recent

    def measure(self, pose: Pose) -> Measurements:
        """Measure one pose; times rise strictly."""
        if self._skeleton is not None and pose.t_s - self._skeleton.t_s > _FORGET_S:
            self._skeleton = None
            self._recent.clear()
        depth = self.baseline.trunk_depth if self.baseline is not None else None
        skeleton = fit(pose, self._skeleton, depth)
        if self.baseline is not None and _other_way_round(skeleton, self.baseline):
            self.rebase()
        self._skeleton = skeleton
        self._recent.append(skeleton)
        while len(self._recent) > 2 and self._recent[1].t_s <= pose.t_s - _STILL_S:
            self._recent.popleft()
        if self._first_seen is None:
            self._first_seen = pose.t_s
        moved = self._moved()
        still = moved < _STILL
        if not still:
            self._still_since = None
        elif self._still_since is None:
            self._still_since = pose.t_s
        if self.baseline is None and (still or pose.t_s - self._first_seen >= _PATIENCE_S):
            self.baseline = take_baseline(np.median([s.points for s in self._recent], axis=0))
        hidden = _hidden(pose)
        # Until the body was seen at rest, this very moment has to do: angles against the bed are roughly
        # right from the start, what is measured since rest is not known yet.
        values = measure(skeleton, hidden, self.baseline or take_baseline(skeleton.points), self._turning)
        if self.baseline is None:
            values |= dict.fromkeys(SINCE_REST)
        for name, flicker in self._flicker.items():
            if flicker.shaken(pose.t_s, values[name]):
                values[name] = None
        return Measurements(pose.t_s, values, hidden, moved, self.baseline)

    def _spans_still_time(self) -> bool:
        recent = self._recent
        return len(recent) > 2 and recent[-1].t_s - recent[0].t_s >= _STILL_S * 0.8

    def _moved(self) -> float:
        if not self._spans_still_time():
            return float("inf")
        first, last = self._recent[0].points, self._recent[-1].points
        return float(np.abs(last[_WATCHED, :2] - first[_WATCHED, :2]).max())


def _other_way_round(skeleton: Skeleton, baseline: Baseline) -> bool:
    """True for a body whose head lies where its feet were: nothing of its baseline holds any more."""
    if baseline.posture == "upright":
        return False
    trunk = skeleton.shoulders - skeleton.hips
    return float(trunk @ baseline.axes[0]) < _REVERSED * float(np.linalg.norm(trunk))


class _Flicker:
    """Notices a measure that jumps to and fro faster than any limb moves: the network is guessing."""

    def __init__(self, most: float) -> None:
        self._most = most
        self._recent: deque[tuple[float, float]] = deque()  # times and sizes of the bends of the curve
        self._last: list[tuple[float, float]] = []

    def shaken(self, t_s: float, value: float | None) -> bool:
        """Take the next value; True while the curve bends by more than `most` a frame."""
        if value is None:
            self._last.clear()
            return False
        if self._last and t_s - self._last[-1][0] < _FLICKER_STEP_S:
            return self._shaken()
        self._last = [*self._last[-2:], (t_s, value)]
        if len(self._last) == 3:
            before, middle, now = (v for _, v in self._last)
            self._recent.append((t_s, abs(now - 2 * middle + before)))
        while self._recent and self._recent[0][0] < t_s - _FLICKER_S:
            self._recent.popleft()
        return self._shaken()

    def _shaken(self) -> bool:
        bends = [bend for _, bend in self._recent]
        return len(bends) > 2 and sum(bends) / len(bends) > self._most


def _hidden(pose: Pose) -> frozenset[str]:
    """Joints of `skeleton.NAMES` not to be believed: outside the picture, or hidden to the network."""
    width, height = pose.size
    x, y = pose.image[_IN_PICTURE, 0] / width, pose.image[_IN_PICTURE, 1] / height
    inside = (x > -_MARGIN) & (x < 1 + _MARGIN) & (y > -_MARGIN) & (y < 1 + _MARGIN)
    trusted = (inside & (pose.visibility[_IN_PICTURE] > _LEAST)).tolist()
    return frozenset(name for name, known in zip(NAMES, trusted, strict=True) if not known)
