"""Finds one person and follows them with the two networks.

Following takes one run of the landmark network a picture: each run says where to look next. What goes wrong
with a lying body is detected and corrected:

- A body with low sharpness is searched for again, in all four rotations one after the other, and the sharper
  reading is kept. So a wrong first fit does not last.
- Nobody moves their hips by half a trunk from one picture to the next, or changes the length of their trunk:
  such a reading is somebody else. It is dropped, and the person is looked for where they were; after a cut
  in the film, whoever is there is nobody yet.
- Of several people, the one who lies where the person lay before is the one who exercises.
"""

from dataclasses import replace
from math import isfinite, log
from typing import NamedTuple

import numpy as np

from posecoach.core.pose import INDEX, Array
from posecoach.core.trunk import Trunk
from posecoach.core.types import Image
from posecoach.vision.backend import DetectedBody
from posecoach.vision.cuts import Cuts
from posecoach.vision.enhancement import LowLightEnhancer
from posecoach.vision.networks import Networks, RegionOfInterest, SeenBody
from posecoach.vision.one_euro import OneEuroFilter
from posecoach.vision.orientation import ROTATIONS, size_of, turn_points, turned
from posecoach.vision.side_assignment import SideAssignment

_BODY = np.array(
    [INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("shoulder", "hip", "knee", "ankle")]
)
_THERE = 0.5  # the network's score from which there is a body at all
_CANDIDATES, _FEW = 3, 2  # squares read in one picture; beside somebody who is followed
_DIM = 0.55  # mean sharpness of trunk and legs below which a reading is checked; good ones have 0.6 to 0.9
_CLEAR = 0.65  # and above which the first one found is accepted at once
_CHECK_S = 0.4  # until a dim reading is checked; doubled each time that nothing better was found
_SELDOM_S = 6.4  # and at most this
_SHARPER = 0.04  # by which another reading has to be better
_LYING = 0.3  # what lying adds to the sharpness of a candidate
_LARGER = 0.4  # what a trunk e times as long adds: who exercises is nearer to the camera than who lies beyond
_AT_HOME = 0.3  # what lying where the person lay adds
_NEAR = 0.8  # trunk lengths within which that is
_LEAP = 0.5  # trunk lengths that hips and shoulders may move between two pictures
_LEAP_PER_S = 1.0
_STRETCH = 1.6  # by which the trunk may seem longer or shorter than it was
_FORGET_S = 3.0  # without the person, until whoever lies there is taken for them
_KNOWN_S = 0.7  # who was followed for less is nobody yet: a first glimpse in the dark may be of anything,
_GLIMPSE = 0.45  # and so may one that is seen less sharply than this
_MEMORY_S = 1.0  # over which the place and size of the trunk are kept
_LONGEST_STEP_S = 0.2  # between two sightings that counts as following
_VISIBILITY_S = 0.1  # over which visibility is averaged


class _Home(NamedTuple):
    """Where the person lies, and the trunk's length in pixels."""

    trunk: Trunk
    length: float


class _Looked(NamedTuple):
    """Where somebody was in the last picture that `look` saw, in pixels of that picture made smaller by
    `scale`.
    """

    square: RegionOfInterest
    scale: float


class PersonTracker:
    """Follows one person; see `backend.PoseBackend`."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self._light = LowLightEnhancer()
        self._scale = 1.0  # of the last picture: what is kept in pixels is in those
        self._cuts = Cuts()
        self._looked: _Looked | None = None
        self._square: RegionOfInterest | None = None
        self._home: _Home | None = None
        self._seen_s = self._checked_s = float("-inf")
        self._followed_s = 0.0
        self._check_s = _CHECK_S
        self._turn = 0  # extra rotation of the next search
        self._unsearched = 0  # rotations still to be searched for somebody better
        self._restart()

    @property
    def dim(self) -> bool:
        return self._light.dim

    @property
    def dark(self) -> bool:
        return self._light.dark

    @property
    def lamp_needed(self) -> bool:
        return self._light.lamp_needed

    def follow(self, image: Image, t_s: float, turn: int) -> DetectedBody | None:
        picture, scale = self._light.enhance(image)
        self._rescale(scale)
        if self._cuts.found(image):
            self._followed_s, self._unsearched = 0.0, len(ROTATIONS)
        if self._home is not None and t_s - self._seen_s > _FORGET_S:
            self._home = self._square = None
        reading = self._see(picture, turn, t_s)
        if reading is None:
            if t_s - self._seen_s > _FORGET_S / 3:
                self._square = None
            return None
        elapsed_s = t_s - self._seen_s
        if self._home is None:
            self._followed_s = 0.0
        elif sharpness(reading) > _GLIMPSE:
            self._followed_s += min(elapsed_s, _LONGEST_STEP_S)
        if self._home is None or not Trunk.of(reading.image).follows(self._home.trunk, elapsed_s):
            self._restart()
        self._square = reading.next
        self._note_home(reading, t_s)
        self._seen_s = t_s
        return self._smoothed(reading, scale, t_s)

    def _see(self, picture: Image, turn: int, t_s: float) -> SeenBody | None:
        """The person where they were, or where a search finds them; a dim reading is searched for again."""
        reading = self._networks.read(picture, self._square) if self._square is not None else None
        if reading is None or not self._is_person(reading, t_s):
            if self._followed_s < _KNOWN_S:
                self._home = self._square = None
            self._unsearched = len(ROTATIONS) if self._home is None else 0
            self._check_s = _CHECK_S
            return self._search(picture, turn, None, t_s)
        sharp = sharpness(reading)
        if sharp >= _CLEAR:
            self._unsearched, self._check_s = 0, _CHECK_S
        elif sharp < _DIM and t_s - self._checked_s > self._check_s:
            self._checked_s, self._unsearched = t_s, len(ROTATIONS)
            self._check_s = min(2 * self._check_s, _SELDOM_S)
        if not self._unsearched:
            return reading
        self._unsearched -= 1
        home = self._home
        if self._followed_s < _KNOWN_S:
            self._home = None  # whoever is better than the first one found is the person
        better = self._search(picture, turn, reading, t_s)
        if better is reading:
            self._home = home
        else:
            self._check_s = _CHECK_S
        return better

    def look(self, image: Image, turn: int) -> DetectedBody | None:
        picture, scale = LowLightEnhancer().enhance(image)
        before = self._looked
        if before is not None and before.scale == scale:
            # Most people still lie where they lay in the picture before, and then no search is needed.
            again = self._networks.read(picture, before.square)
            if self._is_sane(again) and sharpness(again) >= _CLEAR:
                return self._noted(again, scale)
        found = list[SeenBody]()
        for extra in ROTATIONS:
            one = self._best(picture, (turn + extra) % 360, turn)
            if one is not None:
                found.append(one)
                if sharpness(one) > _DIM:
                    break
        best = max(found, key=lambda one: self._worth(one, turn), default=None)
        return self._noted(best, scale) if best is not None else None

    def _noted(self, reading: SeenBody, scale: float) -> DetectedBody:
        self._looked = _Looked(reading.next, scale)
        return DetectedBody(reading.image / scale, reading.world, reading.sharpness)

    def close(self) -> None:
        self._square = self._looked = None

    def _rescale(self, scale: float) -> None:
        """Convert what is known to the pixels of a picture that was scaled differently."""
        if scale == self._scale:
            return
        by, self._scale = scale / self._scale, scale
        if self._square is not None:
            self._square = replace(self._square, center=by * self._square.center, side=by * self._square.side)
        if self._home is not None:
            shoulders, hips = ((by * x, by * y) for x, y in self._home.trunk)
            self._home = _Home(Trunk(shoulders, hips), by * self._home.length)

    def _restart(self) -> None:
        """Forget what was smoothed, and which side is which: it is somebody new, or follows a cut."""
        self._sides = SideAssignment()
        self._smooth_image, self._smooth_world = OneEuroFilter(0.05, 80), OneEuroFilter(0.1, 40)
        self._visibility: Array | None = None
        self._last_s = float("-inf")

    # -- finding -----------------------------------------------------------------------------------------

    def _search(self, picture: Image, turn: int, present: SeenBody | None, t_s: float) -> SeenBody | None:
        """The best reading of the person, in the picture as expected or in one more rotation.

        With a reading `present`, which has cost a run already, only one rotation is searched.
        """
        best = present
        for extra in dict.fromkeys((0, self._turn) if present is None else (self._turn,)):
            found = self._best(picture, (turn + extra) % 360, turn, quick=present is not None)
            if found is None or not self._is_person(found, t_s):
                continue
            if best is None or self._worth(found, turn) > self._worth(best, turn) + _SHARPER:
                best = found
        self._turn = (self._turn + 90) % 360
        return best

    def _best(self, picture: Image, turned_by: int, turn: int, quick: bool = False) -> SeenBody | None:
        """The best candidate found in the picture turned clockwise by `turned_by`; `quick` takes less than a
        frame's time.
        """
        upright = turned(picture, turned_by)
        readings = []
        for square in self._networks.find(upright)[: _FEW if quick else _CANDIDATES]:
            center, _ = turn_points(square.center[None], np.zeros((1, 3)), size_of(upright), -turned_by)
            reading = self._networks.read(
                picture, RegionOfInterest(center[0], square.side, square.angle - np.radians(turned_by))
            )
            if not reading.score >= _THERE:
                continue
            if quick:
                readings.append(reading)
                continue
            # The detector's square is a guess; the network's own is better.
            again = self._networks.read(picture, reading.next)
            better = again.score >= _THERE and sharpness(again) > sharpness(reading)
            readings.append(again if better else reading)
        return max(readings, key=lambda reading: self._worth(reading, turn), default=None)

    def _worth(self, reading: SeenBody, turn: int) -> float:
        """Score of a candidate: sharp, lying, near, and where the person lay."""
        trunk = Trunk.of(reading.image)
        x, y = (abs(one - other) for one, other in zip(*trunk, strict=True))
        lies = y > x if turn % 180 else x > y
        worth = sharpness(reading) + _LYING * lies + _LARGER * log(max(trunk.length, 1.0))
        if self._home is not None:
            away = sum(trunk.away(self._home.trunk)) / 2
            worth += _AT_HOME * (away < _NEAR * self._home.length)
        return worth

    # -- the right person --------------------------------------------------------------------------------

    def _is_person(self, reading: SeenBody, t_s: float) -> bool:
        """True when a reading may be the person who was seen before."""
        if not self._is_sane(reading):
            return False
        if self._home is None:
            return True
        trunk = Trunk.of(reading.image)
        leap = max(trunk.away(self._home.trunk)) / self._home.length
        may = _LEAP + _LEAP_PER_S * min(t_s - self._seen_s, 1.0)
        return leap < may and 1 / _STRETCH < trunk.length / self._home.length < _STRETCH

    @staticmethod
    def _is_sane(reading: SeenBody) -> bool:
        # A sum is finite only where all of its numbers are.
        return reading.score >= _THERE and isfinite(float(reading.image.sum() + reading.world.sum()))

    def _note_home(self, reading: SeenBody, t_s: float) -> None:
        trunk = Trunk.of(reading.image)
        length = max(trunk.length, 1.0)
        if self._home is None:
            self._home = _Home(trunk, length)
            return
        share = min(1.0, (t_s - self._seen_s) / _MEMORY_S)
        self._home = _Home(trunk, self._home.length + share * (length - self._home.length))

    # -- what is handed on -------------------------------------------------------------------------------

    def _smoothed(self, reading: SeenBody, scale: float, t_s: float) -> DetectedBody:
        order = self._sides.order(reading.image, reading.sharpness, t_s)
        image, world, seen = reading.image[order] / scale, reading.world[order], reading.sharpness[order]
        seen = self._light.trust * seen
        size = float(np.ptp(image, axis=0).sum())
        image = self._smooth_image(image, t_s, max(size, 1.0))
        world = self._smooth_world(world, t_s, 2.0)
        if self._visibility is None:
            self._visibility = seen
        share = min(1.0, (t_s - self._last_s) / _VISIBILITY_S)
        self._visibility = self._visibility + share * (seen - self._visibility)
        self._last_s = t_s
        return DetectedBody(image, world, self._visibility)


def sharpness(reading: SeenBody) -> float:
    """Mean sharpness of the trunk and the legs, 0..1."""
    return float(reading.sharpness[_BODY].sum()) / len(_BODY)
