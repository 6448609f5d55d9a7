"""Which way is up, judged from how a body lies; only for cameras that were mounted sideways.

A bed holds a lying body from below, so a limb can only leave the line of the body upwards. Three shapes
show it beyond doubt and are made neither by sitting or standing people nor by knees that fall towards
the camera: a knee raised over a foot that rests in the line of the trunk, one knee drawn up beside a leg
that lies straight, and a trunk raised over two straight legs. Any other body is no evidence.
"""

import numpy as np

from posecoach.core.pose import INDEX, Array
from posecoach.core.types import Rotation

ENOUGH_S = 3.0  # more evidence than for the present rotation, before the picture is turned
_MOST_S = 10.0  # evidence kept, so that a camera that is turned in mid-session is followed in the end

_RAISED = 0.25  # torso lengths off the line of the trunk
# Shoulders further apart than this across the trunk (torso lengths) belong to a body that lies on its side or
# is seen from above: its drawn-in knees point anywhere but up.
_BROAD = 0.5
_TOGETHER = 0.15  # torso lengths between the knees of legs that lie together, seen from the side
_TURNED = 0.25  # and hips so far apart belong to a pelvis that is turned: its knees fall towards the camera
_CLEAR = 0.8  # of the way towards an edge of the picture; between edges nothing is clear


class Votes:
    """Seconds of evidence for each clockwise rotation of the source's picture."""

    def __init__(self) -> None:
        self._seconds: dict[Rotation, float] = {0: 0.0, 90: 0.0, 180: 0.0, 270: 0.0}

    def add(self, image: Array, seconds: float) -> None:
        """Count a body, (33, 2) pixels of the source's own picture, that was seen for `seconds`."""
        turn = turn_needed(image)
        if turn is not None:
            self._seconds[turn] = min(self._seconds[turn] + seconds, _MOST_S)

    @property
    def settled(self) -> bool:
        """True when one rotation is clearly ahead of all others."""
        *_, second, first = sorted(self._seconds.values())
        return first - second >= ENOUGH_S

    def best(self, present: Rotation) -> Rotation:
        """The rotation that is clearly better than `present`, or `present` itself."""
        best = max(self._seconds, key=self._seconds.__getitem__)
        return best if self._seconds[best] - self._seconds[present] >= ENOUGH_S else present


def turn_needed(image: Array) -> Rotation | None:
    """Clockwise degrees (0, 90, 180, 270) that put the mattress below a body of (33, 2) pixels, or None."""
    middle = {part: _middle(image, part) for part in ("shoulder", "hip", "knee", "ankle")}
    trunk = middle["hip"] - middle["shoulder"]
    length = float(np.linalg.norm(trunk))
    if length == 0:
        return None
    along = trunk / length
    across = np.array([-along[1], along[0]])
    frame = np.stack([across, along]) / length  # from pixels to torso lengths across and along the trunk
    shoulders = frame @ (image[INDEX["left_shoulder"]] - image[INDEX["right_shoulder"]])
    hips = frame @ (image[INDEX["left_hip"]] - image[INDEX["right_hip"]])
    if abs(shoulders[0]) > _BROAD or abs(hips[0]) > _TURNED:
        return None

    legs = []
    for side in ("left", "right"):
        knee = frame @ (image[INDEX[f"{side}_knee"]] - middle["hip"])
        ankle = frame @ (image[INDEX[f"{side}_ankle"]] - middle["hip"])
        legs.append((knee, ankle))
    raised = sum(_crook(*legs[i]) + _drawn_in(legs[i][0], *legs[1 - i]) for i in (0, 1))
    up = across * np.sign(raised) if raised else _over_straight_legs(legs) @ np.stack([across, along])
    x, y = up
    if abs(y) >= _CLEAR:
        return 0 if y < 0 else 180
    if abs(x) >= _CLEAR:
        return 90 if x < 0 else 270
    return None


def _middle(image: Array, part: str) -> Array:
    both: Array = (image[INDEX[f"left_{part}"]] + image[INDEX[f"right_{part}"]]) / 2
    return both


# A point here is (off the line of the trunk, beyond the hip) in torso lengths.


def _crook(knee: Array, ankle: Array) -> int:
    """The side (+1, -1, or 0: none) of a knee over a foot that rests in the line of the trunk."""
    if abs(knee[0]) > _RAISED and abs(ankle[0]) < 0.4 * abs(knee[0]) and ankle[1] > 0.1:
        return int(np.sign(knee[0]))
    return 0


def _drawn_in(knee: Array, other_knee: Array, other_ankle: Array) -> int:
    """The side (+1, -1, or 0: none) of a knee drawn to the chest beside a leg that lies straight."""
    straight = abs(other_knee[0]) < 0.2 and abs(other_ankle[0]) < 0.25 and other_knee[1] > 0.5
    return int(np.sign(knee[0])) if straight and abs(knee[0]) > _RAISED and knee[1] < 0.1 else 0


def _over_straight_legs(legs: list[tuple[Array, Array]]) -> Array:
    """The unit vector from two straight legs that lie together to the trunk raised over them, or zeros."""
    if float(np.linalg.norm(legs[0][0] - legs[1][0])) > _TOGETHER:
        return np.zeros(2)  # knees that fall to the side
    directions = []
    for knee, ankle in legs:
        reach = float(np.linalg.norm(ankle))
        if reach < 1 or abs(knee[0] * ankle[1] - knee[1] * ankle[0]) > 0.12 * reach:
            return np.zeros(2)
        directions.append(ankle / reach)
    leg = (directions[0] + directions[1]) / 2
    if abs(directions[0] @ directions[1]) < 0.98 or leg[1] < 0 or abs(leg[0]) < 0.25:
        return np.zeros(2)
    # The trunk begins at the hip and goes to (0, -1); the part of it that stands off the legs is up.
    off = np.array([0.0, -1.0]) + leg * leg[1]
    unit: Array = off / np.linalg.norm(off)
    return unit
