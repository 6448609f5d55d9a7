"""The picture's orientation: pictures and points turned by quarter turns, and which turn makes one upright.

The evidence is how a body lies, for cameras that were mounted sideways or upside down. A bed holds a lying
body from below, so a limb can only leave the line of the body upwards. Three shapes show it beyond doubt, and
neither sitting or standing people nor knees that fall towards the camera make them: a knee raised over a foot
that rests in the line of the trunk, one knee drawn up beside a straight leg, and a trunk raised over two
straight legs. Any other body is no evidence.
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
    if abs(shoulders[0]) > _BROAD_SHOULDERS or abs(hips[0]) > _TURNED_HIPS:
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
    if abs(knee[0]) > _RAISED and abs(ankle[0]) < _FOOT_RESTS * abs(knee[0]) and ankle[1] > _FOOT_BEYOND:
        return int(np.sign(knee[0]))
    return 0


def _drawn_in(knee: Array, other_knee: Array, other_ankle: Array) -> int:
    """The side (+1, -1, or 0: none) of a knee drawn to the chest beside a leg that lies straight."""
    straight = abs(other_knee[0]) < _STRAIGHT_KNEE and abs(other_ankle[0]) < _STRAIGHT_ANKLE
    drawn = abs(knee[0]) > _RAISED and knee[1] < _DRAWN_IN
    return int(np.sign(knee[0])) if straight and drawn and other_knee[1] > _STRAIGHT_REACH else 0


def _over_straight_legs(legs: list[tuple[Array, Array]]) -> Array:
    """The unit vector from two straight legs that lie together to the trunk raised over them, or zeros."""
    if float(np.linalg.norm(legs[0][0] - legs[1][0])) > _KNEES_TOGETHER:
        return np.zeros(2)  # knees that fall to the side
    directions = []
    for knee, ankle in legs:
        reach = float(np.linalg.norm(ankle))
        if reach < _LEG_REACH or abs(knee[0] * ankle[1] - knee[1] * ankle[0]) > _BENT * reach:
            return np.zeros(2)
        directions.append(ankle / reach)
    leg = (directions[0] + directions[1]) / 2
    if abs(directions[0] @ directions[1]) < _PARALLEL or leg[1] < 0 or abs(leg[0]) < _TRUNK_RAISED:
        return np.zeros(2)
    # The trunk runs from the hip to (0, -1); its component at right angles to the legs points up.
    off = np.array([0.0, -1.0]) + leg * leg[1]
    unit: Array = off / np.linalg.norm(off)
    return unit
