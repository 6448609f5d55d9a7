"""Axial rotation: how far pelvis and knees are turned about the body's long axis."""

from math import atan2, copysign, cos, degrees, hypot, radians

import numpy as np

from posecoach.kinematics.baseline import HEIGHT_NOISE, Baseline
from posecoach.kinematics.geometry import Joints, Point, middle, minus

BENT = 0.3  # torso lengths of knee height from which the legs are bent

_KNEES_WIDTH = 0.3  # torso lengths between the middles of two knees held together
_KNEES_NOISE = 0.06
_SIDEWAYS_NOISE = 0.5  # depth, as good as unknown; seen from above it is no depth
_PELVIS_SHARE = 0.45
_PELVIS_NOISE = 10.0
_UNTURNED = 10.0  # degrees within which the side does not matter
_SURE_EVIDENCE = 6.0  # squared standard deviations: one side has to be twenty times as likely as the other
_INDEPENDENT_S = 0.3  # after which the errors of two frames are independent
_MOST_EVIDENCE = _SURE_EVIDENCE  # evidence that is kept, so that a mistake is soon corrected
_LONGEST_STEP_S = 0.2  # for which one frame counts as evidence
_TURNS = np.arange(-120.0, 121.0, 1.0)
_SIN, _COS = np.sin(np.radians(_TURNS)), np.cos(np.radians(_TURNS))


class Turning:
    """Follows axial rotation over time; evidence for its side accumulates while the turn lasts."""

    def __init__(self) -> None:
        self._evidence = 0.0  # for the one side (+) or the other, since the knees were in the middle
        self._t_s = 0.0

    def follow(self, bed: Joints, baseline: Baseline, t_s: float) -> float | None:
        """Degrees by which pelvis and knees have turned since rest, + to the body's left; None where unsure.

        `t_s` rises.
        """
        elapsed_s, self._t_s = min(t_s - self._t_s, _LONGEST_STEP_S), t_s
        found = _rotation(bed, baseline)
        if found is None:
            return None
        turn, evidence = found
        if abs(turn) <= _UNTURNED:
            self._evidence = 0.0
            return turn
        seen = copysign(evidence, turn)
        total = self._evidence + seen
        kept = self._evidence + seen * elapsed_s / _INDEPENDENT_S
        self._evidence = min(_MOST_EVIDENCE, max(-_MOST_EVIDENCE, kept))
        if abs(total) < _SURE_EVIDENCE or total * turn < 0:
            return None  # turned, but to which side?
        return turn


def _rotation(bed: Joints, baseline: Baseline) -> tuple[float, float] | None:
    """Degrees of turn, + to the body's left, and by how much this side is the better explanation; or None.

    Four cues show it, each reliable in some views only: the height of the knees, their sideways position,
    which knee lies higher, and the roll of the network's hip line, which follows a turning pelvis about half
    way. The angle is the one that fits all of them best, each weighted by its noise in this view.
    """
    (knees, above, roll), (rest_knees, rest_above, rest_roll) = _shown(bed), _shown(baseline.joints)
    reach, rest_sideways = rest_knees[2], rest_knees[1]
    if reach < BENT:
        # The knees were not up at rest: seen straight, they show no turn; seen already turned, what is
        # measured is their turn from upright.
        reach, rest_sideways, rest_above, rest_roll = hypot(knees[1], knees[2]), 0.0, 0.0, 0.0
        if reach < BENT + 0.1:
            return None
    # Knees that are apart turn no further.
    left_above = min(_KNEES_WIDTH, max(-_KNEES_WIDTH, above - rest_above))
    noise_y = hypot(HEIGHT_NOISE, _SIDEWAYS_NOISE * cos(radians(baseline.elevation)))
    misses = (
        ((reach * _SIN - (knees[1] - rest_sideways)) / noise_y) ** 2
        + ((reach * _COS - knees[2]) / baseline.height_noise) ** 2
        + ((-_KNEES_WIDTH * _SIN - left_above) / _KNEES_NOISE) ** 2
        + ((_PELVIS_SHARE * _TURNS - (rest_roll - roll)) / _PELVIS_NOISE) ** 2
    )
    best = int(misses.argmin())
    turn = float(_TURNS[best])
    evidence = float(misses[-1 - best] - misses[best])
    return turn if baseline.posture == "supine" else -turn, evidence


def _shown(joints: Joints) -> tuple[Point, float, float]:
    """The knees' middle from the hips' middle, the left knee above the right, the hips' roll."""
    left, right = joints["left_knee"], joints["right_knee"]
    across = minus(joints["left_hip"], joints["right_hip"])
    hips = middle(joints["left_hip"], joints["right_hip"])
    return minus(middle(left, right), hips), left[2] - right[2], degrees(atan2(across[2], across[1]))
