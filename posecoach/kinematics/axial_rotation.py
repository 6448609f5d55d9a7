"""Axial rotation: how far pelvis and knees are turned about the body's long axis."""

from collections.abc import Sequence
from math import copysign, cos, hypot, radians

import numpy as np

from posecoach.core.pose import Array
from posecoach.kinematics.baseline import FACING, HEIGHT_NOISE, Baseline, Knees

BENT = 0.3  # torso lengths of knee height from which the legs are bent

#: Share of the knees' distance from the hips that lies along the bed where the legs are stretched out: the
#: thighs are within 30 degrees of it, and knees that lie low show no turn.
_STRETCHED = 0.87
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
# The misses of any turn are a sum of these: squares first, then what is linear in a cue.
_SHAPES = np.stack([_SIN**2, _COS**2, _TURNS**2, _SIN, _COS, _TURNS, np.ones_like(_TURNS)])

#: What is seen of a turn in one frame: degrees, + to the body's left, and by how much this side is the better
#: explanation.
TurnEvidence = tuple[float, float]


class Turning:
    """Follows axial rotation over time; evidence for its side accumulates while the turn lasts."""

    def __init__(self) -> None:
        self._evidence = 0.0  # for the one side (+) or the other, since the knees were in the middle
        self._t_s = 0.0

    def follow(self, seen: TurnEvidence | None, t_s: float) -> float | None:
        """Degrees by which pelvis and knees have turned since rest, + to the body's left; None where unsure.

        `seen` is what `rotations` finds in the frame; `t_s` rises.
        """
        elapsed_s, self._t_s = min(t_s - self._t_s, _LONGEST_STEP_S), t_s
        if seen is None:
            return None
        turn, evidence = seen
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


def rotations(knees: Sequence[Knees], baselines: Sequence[Baseline]) -> list[TurnEvidence | None]:
    """What is seen of the turn of each body; None where nothing shows it.

    Four cues show it, each reliable in some views only: the height of the knees, their sideways position,
    which knee lies higher, and the roll of the network's hip line, which follows a turning pelvis about half
    way. The angle is the one that fits all of them best, each weighted by its noise in this view.
    """
    weights = [_weights(one, baseline) for one, baseline in zip(knees, baselines, strict=True)]
    shown = [one for one in weights if one is not None]
    if not shown:
        return [None] * len(weights)
    misses: Array = np.array(shown) @ _SHAPES
    best = misses.argmin(axis=1).tolist()
    found = iter(zip(misses, best, strict=True))
    seen: list[TurnEvidence | None] = []
    for one, baseline in zip(weights, baselines, strict=True):
        if one is None:
            seen.append(None)
            continue
        miss, at = next(found)
        turn = float(_TURNS[at])
        seen.append((turn if baseline.posture == "supine" else -turn, float(miss[-1 - at] - miss[at])))
    return seen


def _weights(now: Knees, baseline: Baseline) -> list[float] | None:
    """How much of each of `_SHAPES` is in the misses of the cues; None where they show no turn."""
    if baseline.posture not in FACING:
        return None  # who lies on a side has turned as a whole
    x, y, z = now.middle
    if -x > _STRETCHED * hypot(x, y, z):
        return None
    rest = baseline.knees
    reach, rest_sideways, rest_above, rest_roll = rest.middle[2], rest.middle[1], rest.above, rest.roll
    if reach < BENT:
        # The knees were not up at rest: seen straight, they show no turn; seen already turned, what is
        # measured is their turn from upright.
        reach, rest_sideways, rest_above, rest_roll = hypot(now.middle[1], now.middle[2]), 0.0, 0.0, 0.0
        if reach < BENT + 0.1:
            return None
    # Knees that are apart turn no further.
    above = min(_KNEES_WIDTH, max(-_KNEES_WIDTH, now.above - rest_above))
    sideways, height, roll = now.middle[1] - rest_sideways, now.middle[2], rest_roll - now.roll
    noise_y = hypot(HEIGHT_NOISE, _SIDEWAYS_NOISE * cos(radians(baseline.elevation)))
    per_y, per_z = 1 / noise_y**2, 1 / baseline.height_noise**2
    per_knees, per_roll = 1 / _KNEES_NOISE**2, 1 / _PELVIS_NOISE**2
    return [
        reach**2 * per_y + _KNEES_WIDTH**2 * per_knees,
        reach**2 * per_z,
        _PELVIS_SHARE**2 * per_roll,
        2 * (_KNEES_WIDTH * above * per_knees - reach * sideways * per_y),
        -2 * reach * height * per_z,
        -2 * _PELVIS_SHARE * roll * per_roll,
        sideways**2 * per_y + height**2 * per_z + above**2 * per_knees + roll**2 * per_roll,
    ]
