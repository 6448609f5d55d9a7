"""Axial rotation: how far pelvis and knees are turned about the body's long axis."""

from math import copysign

import numpy as np

from posecoach.core.pose import Array
from posecoach.kinematics.spatial import both

BENT = 0.3  # torso lengths of knee height from which the legs are bent

_KNEES, _HIPS = both("knee", "hip")
# Which knee lies higher, and how far the hips have rolled, tells the side besides: one frame by itself does
# not show what has changed since rest. Knees held together are so far apart, and the hips follow by such a
# share; and so large are the errors. Hints alone never make a side sure at once.
_KNEES_WIDTH, _PELVIS_SHARE = 0.3, 0.45
_HINT_NOISE = np.array([0.06, np.radians(10)])
_HINTED = 3.0
_UNTURNED = 10.0  # degrees within which the side does not matter
_SURE_EVIDENCE = 6.0  # squared standard deviations: one side has to be twenty times as likely as the other
_SURE = 0.98  # a share of certainty is never more
_INDEPENDENT_S = 0.3  # after which the errors of two frames are independent
_MOST_EVIDENCE = _SURE_EVIDENCE  # evidence that is kept, so that a mistake is soon corrected
_LONGEST_STEP_S = 0.2  # for which one frame counts as evidence


class Turning:
    """Follows axial rotation over time; evidence for its side accumulates while the turn lasts."""

    def __init__(self) -> None:
        self._evidence = 0.0  # for the one side (+) or the other, since the knees were in the middle
        self._t_s = 0.0

    def follow(self, turn: float, evidence: float, t_s: float) -> float | None:
        """Degrees by which pelvis and knees have turned since rest, + to the body's left; None where unsure.

        `turn`, NaN where none is seen, and `evidence` are what `turns` finds in the frame; `t_s` rises.
        """
        elapsed_s, self._t_s = min(t_s - self._t_s, _LONGEST_STEP_S), t_s
        if turn != turn:
            return None
        if abs(turn) <= _UNTURNED:
            self._evidence = 0.0
            return turn
        seen_now = copysign(evidence, turn)
        total = self._evidence + seen_now
        kept = self._evidence + seen_now * elapsed_s / _INDEPENDENT_S
        self._evidence = min(_MOST_EVIDENCE, max(-_MOST_EVIDENCE, kept))
        if abs(total) < _SURE_EVIDENCE or total * turn < 0:
            return None  # turned, but to which side?
        return turn


def turns(knees: Array, deviations: Array, rest: Array, hints: Array) -> tuple[Array, Array, Array]:
    """Degrees by which bent knees have turned since rest, to the left of a body on its back, NaN where they
    are not bent; their standard deviations; and by how much this side is the likelier one, in squared
    standard deviations; (n,) each.

    knees  (n, 3) `turn_model.OUTPUTS` with their `deviations`, and at `rest`
    hints  (n, 2) what has changed since rest, as `hinted` has it
    """
    aside, off, above = knees.T
    off = np.maximum(np.abs(aside), off)
    reach = off * off + above * above
    sure = np.minimum(np.abs(aside) / np.maximum(off, 1e-9), _SURE)
    turn = np.arctan2(off, above)
    expected = np.stack([_KNEES_WIDTH * np.sin(turn), _PELVIS_SHARE * turn], axis=1)
    hint = 4 * np.vecdot(hints, expected / _HINT_NOISE**2)
    evidence = np.copysign(4 * np.arctanh(sure), aside) + np.minimum(np.maximum(hint, -_HINTED), _HINTED)
    turn = np.degrees(np.copysign(turn, evidence))
    # Knees that were not up at rest, be it that they were turned already, have turned from upright.
    leant = np.where(rest[:, 2] > BENT, np.degrees(np.arctan2(rest[:, 0], rest[:, 2])), 0.0)
    turn = (turn - leant + 180) % 360 - 180
    across = np.hypot(above * deviations[:, 1], off * deviations[:, 2])
    deviation = np.degrees(across / np.maximum(reach, BENT**2))
    return np.where(reach > BENT**2, turn, np.nan), deviation, np.abs(evidence)


def hinted(bed: Array) -> Array:
    """(n, 2) by how much the left knee lies lower than the right one, torso lengths, and how far the hips
    have rolled to the left, radians, of bodies with joints `bed` (n, 19, 3) in bed axes.
    """
    knees, hips = (bed.take(pair, axis=1) for pair in (_KNEES, _HIPS))
    across = hips[:, 1] - hips[:, 0]
    return np.stack([knees[:, 1, 2] - knees[:, 0, 2], np.arctan2(across[:, 2], -across[:, 1])], axis=1)


def lowered(above: Array, rest: Array) -> Array:
    """(n,) degrees by which knees that were up at rest have sunk, to either side, by their heights `above`
    the hips now and at `rest` (n,) alone; NaN of others.
    """
    cosine = np.minimum(np.maximum(above / np.maximum(rest, BENT), -1), 1)
    return np.where(rest > BENT, np.degrees(np.arccos(cosine)), np.nan)
