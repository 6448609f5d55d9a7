"""Following one person: a leap is nobody's, a dim sighting is checked, the one who lies is chosen."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from posecoach.core.pose import INDEX, LANDMARKS_MIRRORED, Array
from posecoach.core.types import Image
from posecoach.vision.native import cv2
from posecoach.vision.networks import RegionOfInterest, SeenBody
from posecoach.vision.person_tracker import PersonTracker
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile
from tests.conftest import GOOD_CLIP

FPS = 10
PICTURE: Image = np.full((480, 640, 3), 120, np.uint8)
PICTURE[::16, ::16] = (0, 255, 0)  # so that it is neither dark nor flat


def body(x: float = 320, y: float = 300, sharp: float = 0.8, lying: bool = True) -> SeenBody:
    """A body with its hips at (x, y), its trunk 100 pixels long and its legs stretched out."""
    image = np.zeros((33, 2))
    for name, index in INDEX.items():
        along = {"shoulder": 100, "hip": 0, "knee": -85, "ankle": -170}.get(name.split("_")[-1], 120)
        image[index] = along, 8.0 if name.startswith("left") else -8.0
    if not lying:
        image = image @ np.array([[0.0, -1.0], [1.0, 0.0]])
    image = image + np.array([x, y])
    seen = np.full(33, sharp)
    return SeenBody(1.0, image, np.zeros((33, 3)), seen, RegionOfInterest(np.array([x, y]), 400.0, 0.0))


class Scripted:
    """Networks that see what the test says: `tracked` by following, `found` afresh in the upright picture."""

    def __init__(self) -> None:
        self.tracked: SeenBody | None = None
        self.found: list[SeenBody] = []
        self.reads = self.finds = 0
        self._offered: dict[int, SeenBody] = {}

    def find(self, image: Image) -> list[RegionOfInterest]:
        self.finds += 1
        if image.shape != PICTURE.shape:
            return []
        squares = [RegionOfInterest(one.next.center, 401.0 + i, 0.0) for i, one in enumerate(self.found)]
        self._offered = dict(enumerate(self.found))
        return squares

    def read(self, image: Image, square: RegionOfInterest) -> SeenBody:
        self.reads += 1
        if square.side > 400:
            one = self._offered[round(square.side - 401) % 1000]
            # Looked into twice, and followed from then on.
            onward = square.side + 1000 if square.side < 1000 else 400.0
            return replace(one, next=RegionOfInterest(one.next.center, onward, 0.0))
        return self.tracked if self.tracked is not None else replace(body(), score=0.0)


@pytest.fixture
def networks() -> Scripted:
    return Scripted()


def hips(image: Array) -> Array:
    middle: Array = (image[INDEX["left_hip"]] + image[INDEX["right_hip"]]) / 2
    return middle


def follow(follower: PersonTracker, start: int, count: int, picture: Image = PICTURE) -> list[Array | None]:
    sightings = [follower.follow(picture, i / FPS, 0) for i in range(start, start + count)]
    return [hips(one.image) if one is not None else None for one in sightings]


def test_following_costs_one_look_a_picture(networks: Scripted) -> None:
    networks.found = [body()]
    networks.tracked = body()
    follower = PersonTracker(networks)  # type: ignore[arg-type]
    follow(follower, 0, 5)
    reads, finds = networks.reads, networks.finds
    follow(follower, 5, 20)
    assert (networks.reads - reads, networks.finds - finds) == (20, 0)


def test_somebody_else_in_the_square_is_not_taken_for_the_person(networks: Scripted) -> None:
    networks.found = [body()]
    networks.tracked = body()
    follower = PersonTracker(networks)  # type: ignore[arg-type]
    follow(follower, 0, 10)
    networks.tracked = stranger = body(x=500, y=120, lying=False)
    networks.found = [stranger]
    assert all(place is None for place in follow(follower, 10, 6))
    networks.found = [stranger, body(x=322)]
    networks.tracked = body(x=322)
    assert all(place is not None and abs(place[0] - 322) < 5 for place in follow(follower, 16, 5))


def test_of_two_people_the_one_who_lies_is_followed(networks: Scripted) -> None:
    lying, kneeling = body(sharp=0.75), body(x=500, sharp=0.8, lying=False)
    networks.found = [kneeling, lying]
    follower = PersonTracker(networks)  # type: ignore[arg-type]
    [place] = follow(follower, 0, 1)
    assert place is not None
    assert place[0] == pytest.approx(320)


def test_a_dim_first_sighting_is_dropped_for_a_sharper_one(networks: Scripted) -> None:
    networks.found = [body(x=360, sharp=0.4)]
    networks.tracked = body(x=360, sharp=0.4)
    follower = PersonTracker(networks)  # type: ignore[arg-type]
    follow(follower, 0, 3)
    networks.found = [body(sharp=0.7)]
    follow(follower, 3, 10)
    networks.tracked = body(sharp=0.7)
    place = follow(follower, 13, 3)[-1]
    assert place is not None
    assert abs(place[0] - 320) < 5


def test_one_who_is_gone_for_long_may_lie_elsewhere_afterwards(networks: Scripted) -> None:
    networks.found = [body()]
    networks.tracked = body()
    follower = PersonTracker(networks)  # type: ignore[arg-type]
    follow(follower, 0, 10)
    networks.found, networks.tracked = [], None
    assert all(place is None for place in follow(follower, 10, 35))
    networks.found = [body(x=150, y=200)]
    networks.tracked = body(x=150, y=200)
    place = follow(follower, 45, 2)[-1]
    assert place is not None
    assert place[0] == pytest.approx(150)


@pytest.mark.parametrize("sharp", [0.6, 0.0])
def test_whoever_lies_elsewhere_after_a_cut_is_found_at_once(networks: Scripted, sharp: float) -> None:
    """Also where the square of before seems to show somebody, if less sharply."""
    networks.found = [body()]
    networks.tracked = body()
    follower = PersonTracker(networks)  # type: ignore[arg-type]
    follow(follower, 0, 20)
    networks.found = [body(x=520)]
    networks.tracked = body(sharp=sharp) if sharp else None
    # A picture is searched in one rotation more.
    place = follow(follower, 20, 4, picture=np.vstack([PICTURE[:240], 255 - PICTURE[240:] // 4]))[-1]
    assert place is not None
    assert place[0] == pytest.approx(520)


@pytest.mark.parametrize(("away", "exchanged"), [(0, True), (45, False)])
def test_sides_that_change_at_a_cut_are_no_exchange(networks: Scripted, away: float, exchanged: bool) -> None:
    turned_over = body(x=320 + away)
    turned_over = replace(turned_over, image=turned_over.image[LANDMARKS_MIRRORED])
    networks.found, networks.tracked = [body()], body()
    follower = PersonTracker(networks)  # type: ignore[arg-type]
    follow(follower, 0, 20)
    networks.found, networks.tracked = [turned_over], turned_over
    sighting = follower.follow(PICTURE, 2.0, 0)
    assert sighting is not None
    below = sighting.image[INDEX["left_shoulder"], 1] > sighting.image[INDEX["right_shoulder"], 1]
    assert below == exchanged, "left lay below right before"


def test_a_lamp_that_goes_off_loses_nobody(weights: bytes) -> None:
    with VideoFile(GOOD_CLIP) as video, Tracker(weights, 0) as tracker:
        for frame in itertools.islice(video, 36):
            large = cv2.resize(frame.image, (1280, 720))
            if 12 <= frame.index < 24:
                large = np.asarray(large * 0.3, np.uint8)
            assert tracker.track(replace(frame, image=np.asarray(large, np.uint8))).pose is not None


def test_a_first_glimpse_that_is_lost_again_was_nobody(networks: Scripted) -> None:
    glimpse = body(x=500, y=120, sharp=0.5)
    networks.found, networks.tracked = [glimpse], glimpse
    follower = PersonTracker(networks)  # type: ignore[arg-type]
    follow(follower, 0, 3)
    networks.found, networks.tracked = [body()], None
    assert follow(follower, 3, 1)[0] == pytest.approx([320, 300], abs=5)


def test_a_dim_first_sighting_followed_for_long_is_still_nobody(networks: Scripted) -> None:
    networks.found = [body(x=500, y=120, sharp=0.4)]
    networks.tracked = body(x=500, y=120, sharp=0.4)
    follower = PersonTracker(networks)  # type: ignore[arg-type]
    follow(follower, 0, 25)
    networks.found, networks.tracked = [body()], None
    assert follow(follower, 25, 1)[0] == pytest.approx([320, 300], abs=5)


def test_of_two_who_lie_there_the_nearer_one_is_followed(networks: Scripted) -> None:
    near, far = body(y=350, sharp=0.7), body(y=150, sharp=0.75)
    middle = (far.image[INDEX["left_hip"]] + far.image[INDEX["right_hip"]]) / 2
    networks.found = [replace(far, image=middle + 0.6 * (far.image - middle)), near]
    follower = PersonTracker(networks)  # type: ignore[arg-type]
    [place] = follow(follower, 0, 1)
    assert place is not None
    assert place[1] == pytest.approx(350, abs=5)


def test_the_nearer_one_is_looked_for_even_when_another_is_found_first(networks: Scripted) -> None:
    far = body(y=150, sharp=0.6)
    middle = (far.image[INDEX["left_hip"]] + far.image[INDEX["right_hip"]]) / 2
    far = replace(far, image=middle + 0.6 * (far.image - middle))
    networks.found, networks.tracked = [far], far
    follower = PersonTracker(networks)  # type: ignore[arg-type]
    follow(follower, 0, 1)
    networks.found = [far, body(y=350, sharp=0.7)]
    assert follow(follower, 1, 4)[-1] == pytest.approx([320, 350], abs=5)
    networks.tracked = body(y=350, sharp=0.7)
    networks.found = [far]
    assert follow(follower, 5, 20)[-1] == pytest.approx([320, 350], abs=5)
