"""Whom the tracker does not follow: somebody else in the picture, or somebody too small to be followed.

Searching costs about as much as following. So the pictures are searched now and then, and only parts of
them: beside the person who is followed, or, where nobody is, one enlarged part after the other, because the
detector misses who is small in the whole picture.
"""

from itertools import product
from math import hypot
from typing import NamedTuple

import numpy as np

from posecoach.core.pose import INDEX, Array
from posecoach.core.types import Image
from posecoach.vision.backend import DetectedBody
from posecoach.vision.networks import Networks, RegionOfInterest, SeenBody
from posecoach.vision.orientation import ROTATIONS, size_of, turn_points, turned
from posecoach.vision.person_tracker import sharpness

_STEP_S = 0.25  # between two searches of a sweep over the parts beside the person
_SWEEP_S = 20.0  # between two sweeps
_PARTS = 2  # of the picture beside the person that are searched, the largest ones
_AGAIN_S = 0.5  # until somebody who was found is looked at again, to be believed, and then
_SELDOM_S = 4.0  # between two looks at somebody who is known to be there
_SMALL_STEP_S = 0.08  # between two parts of a picture in which nobody is followed
_SURE = 0.5  # score and mean sharpness of trunk and legs of somebody who is there
_TRUNK = 0.35  # least length of another one's trunk, as a share of the person's: posters are smaller
_PART = 1 / 6  # of the longer side of the picture, for the side of an enlarged part
_SMALL = 0.2  # of the longer side of the picture: a body that reaches no further


class _Part(NamedTuple):
    """A rectangle of a picture, in pixels."""

    left: int
    top: int
    right: int
    bottom: int

    def of(self, image: Image) -> Image:
        return np.ascontiguousarray(image[self.top : self.bottom, self.left : self.right])


class Bystanders:
    """Searches the pictures of one source for whom the tracker does not follow.

    other  (2,) pixels of the middle of the hips of somebody else, or None
    small  True while somebody is in the picture who is too small to be followed
    """

    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self.other: Array | None = None
        self.small = False
        self._due_s = float("-inf")
        self._searches = 0  # of the sweep under way
        self._square: RegionOfInterest | None = None  # where to look at the one who was found, again

    def update(self, image: Image, t_s: float, turn: int, person: DetectedBody | None) -> None:
        """Take in the next picture (height, width, 3; BGR), with the `person` who is followed in it.

        turn  clockwise degrees that make the picture upright
        """
        if t_s < self._due_s:
            return
        if person is None:
            self.other = None
            self._due_s = t_s + _SMALL_STEP_S
            self._look_for_small(image, turn)
            return
        if self.small:
            self.small, self._square = False, None
        found = self._other(image, turn, person)
        if found is not None:
            known, self._square = self._square is not None, found.next
            self.other = _middle(found.image, "hip") if known else None
            self._due_s = t_s + (_SELDOM_S if known else _AGAIN_S)
        else:
            self.other = self._square = None
            swept = self._searches % (_PARTS * len(ROTATIONS)) == 0
            self._due_s = t_s + (_SWEEP_S if swept else _STEP_S)

    def _other(self, image: Image, turn: int, person: DetectedBody) -> SeenBody | None:
        """Somebody else, where they were, or else found in one part of the picture in one rotation."""
        if self._square is not None:
            reading = self._networks.read(image, self._square)
            if _is_there(reading) and _is_another(reading, person):
                return reading
        parts = _beside(person.image, image)[:_PARTS]
        search, rotation = divmod(self._searches, len(ROTATIONS))
        self._searches += 1
        if not parts:
            return None
        extra = ROTATIONS[rotation]
        for square in self._found(image, parts[search % len(parts)], (turn + extra) % 360)[:1]:
            reading = self._networks.read(image, self._networks.read(image, square).next)
            if _is_there(reading) and _is_another(reading, person):
                return reading
        return None

    def _look_for_small(self, image: Image, turn: int) -> None:
        if self._square is not None:
            reading = self._networks.read(image, self._square)
            self.small = _is_there(reading) and _is_small(reading, image)
            self._square = reading.next if self.small else None
            return
        parts = _tiles(image)
        part = parts[self._searches % len(parts)]
        self._searches += 1
        for square in self._found(image, part, turn)[:1]:
            reading = self._networks.read(image, self._networks.read(image, square).next)
            if _is_there(reading) and _is_small(reading, image):
                self._square = reading.next

    def _found(self, image: Image, part: _Part, turn: int) -> list[RegionOfInterest]:
        """Where bodies may be, in pixels of `image`, found in a part of it turned by `turn`."""
        piece = part.of(image)
        squares = []
        for square in self._networks.find(turned(piece, turn)):
            center, _ = turn_points(square.center[None], np.zeros((1, 3)), size_of(piece, turn), -turn)
            middle = center[0] + np.array([part.left, part.top])
            squares.append(RegionOfInterest(middle, square.side, square.angle - np.radians(turn)))
        return squares


def _beside(body: Array, image: Image) -> list[_Part]:
    """The parts of a picture left, right, above and below of a body (33, 2), the largest first.

    None is narrower than half of the body's longer side: nobody as near to the camera lies there.
    """
    height, width = image.shape[:2]
    left, top = np.clip(body.min(axis=0), 0, (width, height)).astype(int).tolist()
    right, bottom = np.clip(body.max(axis=0), 0, (width, height)).astype(int).tolist()
    parts = (
        _Part(0, 0, left, height),
        _Part(right, 0, width, height),
        _Part(0, 0, width, top),
        _Part(0, bottom, width, height),
    )
    least = max(right - left, bottom - top) / 2
    free = [part for part in parts if min(part.right - part.left, part.bottom - part.top) >= max(least, 1)]
    return sorted(free, key=lambda part: -(part.right - part.left) * (part.bottom - part.top))


def _tiles(image: Image) -> list[_Part]:
    """Squares that cover a picture and overlap by a half, the middle ones first."""
    height, width = image.shape[:2]
    side = max(2, round(max(height, width) * _PART))
    tops, lefts = (range(0, max(1, length - side // 2), side // 2) for length in (height, width))
    tiles = [_Part(x, y, min(x + side, width), min(y + side, height)) for x, y in product(lefts, tops)]
    return sorted(tiles, key=lambda one: hypot(one.left + one.right - width, one.top + one.bottom - height))


def _is_there(reading: SeenBody) -> bool:
    finite = bool(np.isfinite(reading.image).all())
    return finite and reading.score >= _SURE and sharpness(reading) >= _SURE


def _is_another(reading: SeenBody, person: DetectedBody) -> bool:
    """True for somebody whose hips are outside of the person, and who is no picture on the wall."""
    own, other = (
        float(np.linalg.norm(_middle(one, "shoulder") - _middle(one, "hip")))
        for one in (person.image, reading.image)
    )
    return bool(other >= _TRUNK * own) and not _inside(_middle(reading.image, "hip"), person.image)


def _is_small(reading: SeenBody, image: Image) -> bool:
    extent = float(np.ptp(reading.image, axis=0).max())
    return bool(extent < _SMALL * max(image.shape[:2]))


def _inside(point: Array, body: Array) -> bool:
    """True for a point in the upright rectangle around a body (33, 2)."""
    return bool((point >= body.min(axis=0)).all() and (point <= body.max(axis=0)).all())


def _middle(image: Array, part: str) -> Array:
    both: Array = (image[INDEX[f"left_{part}"]] + image[INDEX[f"right_{part}"]]) / 2
    return both
