"""The picture's orientation: pictures and points turned by quarter turns, and which turn makes one upright.

The evidence is how a body lies, for cameras that were mounted sideways or upside down. A bed holds a lying
body from below, so a limb can only leave the line of the body upwards. Three shapes show it beyond doubt, and
neither sitting or standing people nor knees that fall towards the camera make them: a knee raised over a foot
that rests in the line of the trunk, one knee drawn up beside a straight leg, and a trunk raised a little over
two straight legs. Any other body is no evidence.
"""

import numpy as np

from posecoach.core.pose import INDEX, Array
from posecoach.core.types import Image, Rotation
from posecoach.vision.native import cv2

ROTATIONS: tuple[Rotation, ...] = (0, 90, 180, 270)
_CV_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}

ENOUGH_S = 3.0  # lead over the present rotation's evidence before the picture is turned
_MOST_S = 10.0  # evidence kept, so that a camera turned in mid-session is followed in the end

# Lengths are in torso lengths, across or along the trunk.
_RAISED = 0.25  # a knee this far off the line of the trunk is raised
# Shoulders further apart than this belong to a body that lies on its side or is seen from above: its drawn-in
# knees point anywhere but up.
_BROAD_SHOULDERS = 0.5
_TURNED_HIPS = 0.25  # hips so far apart belong to a turned pelvis: its knees fall towards the camera
_KNEES_TOGETHER = 0.15  # distance between the knees of legs that lie together, seen from the side
_CLEAR = 0.8  # component of a unit vector towards an edge of the picture; between edges nothing is clear
_FOOT_RESTS = 0.4  # distance of a resting foot from the trunk's line, as a share of the raised knee's
_FOOT_BEYOND = 0.1  # beyond the hip, where the foot of a raised knee rests
_STRAIGHT_KNEE, _STRAIGHT_ANKLE = 0.2, 0.25  # most distance of a straight leg from the trunk's line
_STRAIGHT_REACH = 0.5  # least distance of a straight leg's knee beyond the hip
_DRAWN_IN = 0.1  # most distance of a drawn-in knee beyond the hip
_LEG_REACH = 1.0  # least length of a leg that is seen straight
_BENT = 0.12  # distance of a knee from the line between hip and ankle
_PARALLEL = 0.98  # cosine between two legs that lie together
_TRUNK_RAISED = 0.25  # sine of the angle between legs and trunk
_STILL_A_TRUNK = 0.5  # its least cosine: beyond 60 degrees the legs may be what is raised

_USED = [f"{side}_{part}" for part in ("shoulder", "hip", "knee", "ankle") for side in ("left", "right")]
_INDEX = np.array([INDEX[name] for name in _USED])


def turned(image: Image, turn: int) -> Image:
    """`image` turned clockwise by `turn` degrees (any multiple of 90); itself where nothing turns."""
    code = _CV_TURNS.get(turn % 360)
    return image if code is None else np.asarray(cv2.rotate(image, code), np.uint8)


def turn_points(image: Array, world: Array, size: tuple[int, int], turn: int) -> tuple[Array, Array]:
    """Landmarks turned clockwise with their picture of `size` (width, height) by `turn` degrees.

    image  (n, 2) pixels;  world  (n, 3) metres about the hips, turned in the plane of the picture
    """
    width, height = size
    for _ in range(turn // 90 % 4):
        image = np.stack([height - image[:, 1], image[:, 0]], axis=1)
        world = np.stack([-world[:, 1], world[:, 0], world[:, 2]], axis=1)
        width, height = height, width
    return image, world


def size_of(image: Image, turn: int = 0) -> tuple[int, int]:
    """(width, height) of `image` turned by `turn`."""
    height, width = image.shape[:2]
    return (height, width) if turn % 180 else (width, height)


class RotationVotes:
    """Seconds of evidence for each clockwise rotation of the source's picture."""

    def __init__(self) -> None:
        self._seconds: dict[Rotation, float] = {0: 0.0, 90: 0.0, 180: 0.0, 270: 0.0}

    def add(self, image: Array, seconds: float) -> None:
        """Count a body, (33, 2) pixels of the source's own picture, seen for `seconds`."""
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
    """Clockwise degrees that put the mattress below a body of (33, 2) pixels, or None for no evidence."""
    at = {name: complex(x, y) for name, (x, y) in zip(_USED, image[_INDEX].tolist(), strict=True)}
    hip = (at["left_hip"] + at["right_hip"]) / 2
    trunk = hip - (at["left_shoulder"] + at["right_shoulder"]) / 2
    if trunk == 0:
        return None
    # Divided by the trunk, a vector is in torso lengths: its real part runs along the trunk, its imaginary
    # part off the trunk's line.
    shoulders = (at["left_shoulder"] - at["right_shoulder"]) / trunk
    hips = (at["left_hip"] - at["right_hip"]) / trunk
    if abs(shoulders.imag) > _BROAD_SHOULDERS or abs(hips.imag) > _TURNED_HIPS:
        return None

    legs = [
        ((at[f"{side}_knee"] - hip) / trunk, (at[f"{side}_ankle"] - hip) / trunk)
        for side in ("left", "right")
    ]
    raised = sum(_crook(*legs[i]) + _drawn_in(legs[i][0], *legs[1 - i]) for i in (0, 1))
    up = (1j * _sign(raised) if raised else _over_straight_legs(legs)) * trunk / abs(trunk)
    if abs(up.imag) >= _CLEAR:
        return 0 if up.imag < 0 else 180
    if abs(up.real) >= _CLEAR:
        return 90 if up.real < 0 else 270
    return None


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


# A point here is `beyond the hip + off the line of the trunk * 1j`, in torso lengths.


def _crook(knee: complex, ankle: complex) -> int:
    """The side (+1, -1, or 0: none) of a knee over a foot that rests in the line of the trunk."""
    off = abs(knee.imag)
    if off > _RAISED and abs(ankle.imag) < _FOOT_RESTS * off and ankle.real > _FOOT_BEYOND:
        return _sign(knee.imag)
    return 0


def _drawn_in(knee: complex, other_knee: complex, other_ankle: complex) -> int:
    """The side (+1, -1, or 0: none) of a knee drawn to the chest beside a leg that lies straight."""
    straight = abs(other_knee.imag) < _STRAIGHT_KNEE and abs(other_ankle.imag) < _STRAIGHT_ANKLE
    drawn = abs(knee.imag) > _RAISED and knee.real < _DRAWN_IN
    return _sign(knee.imag) if straight and drawn and other_knee.real > _STRAIGHT_REACH else 0


def _over_straight_legs(legs: list[tuple[complex, complex]]) -> complex:
    """The unit vector from two straight legs that lie together to the trunk raised over them, or 0."""
    if abs(legs[0][0] - legs[1][0]) > _KNEES_TOGETHER:
        return 0  # knees that fall to the side
    directions = []
    for knee, ankle in legs:
        reach = abs(ankle)
        if reach < _LEG_REACH or abs((knee * ankle.conjugate()).imag) > _BENT * reach:
            return 0
        directions.append(ankle / reach)
    leg = (directions[0] + directions[1]) / 2
    cosine = (directions[0] * directions[1].conjugate()).real
    if abs(cosine) < _PARALLEL or leg.real < _STILL_A_TRUNK or abs(leg.imag) < _TRUNK_RAISED:
        return 0
    # The trunk runs from the hip to -1; its component at right angles to the legs points up.
    off = leg * leg.real - 1
    return off / abs(off)
