"""Who is not followed is noticed: somebody else, and somebody too small."""

import numpy as np
import pytest

from posecoach.core.observation import Observation
from posecoach.core.types import Image
from posecoach.vision.native import cv2
from posecoach.vision.source import Frame
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile
from tests.conftest import GOOD_CLIP


@pytest.fixture(scope="module")
def pictures() -> list[Image]:
    with VideoFile(GOOD_CLIP) as video:
        return [frame.image for frame in video if frame.index % 2 == 0][:40]


def observe(images: list[Image], weights: bytes, rotate: int = 0) -> list[Observation]:
    with Tracker(weights, 0 if rotate == 0 else 180) as tracker:
        return [tracker.track(Frame(image, index / 6, index)) for index, image in enumerate(images)]


def test_two_people_are_noticed_and_which_one_is_followed(pictures: list[Image], weights: bytes) -> None:
    larger = [np.asarray(cv2.resize(image, None, fx=1.3, fy=1.3), np.uint8)[-480:] for image in pictures]
    beside = [np.hstack([image, other]) for image, other in zip(pictures, larger, strict=True)]
    last = observe(beside, weights)[-1]
    assert last.pose is not None
    assert "two_people" in last.doubts
    assert last.other is not None
    followed = float(last.pose.image[:, 0].mean())
    assert last.followed_side == ("left" if followed < 640 else "right")
    assert (followed < 640) != (last.other[0] < 640), "the other one is in the other half"


def test_where_somebody_else_is_turns_with_the_picture(pictures: list[Image], weights: bytes) -> None:
    beside = [np.ascontiguousarray(np.rot90(np.hstack([image, image]), 2)) for image in pictures]
    last = observe(beside, weights, 180)[-1]
    assert last.pose is not None
    assert last.other is not None
    followed = float(last.pose.image[:, 0].mean())
    assert (followed < 640) != (last.other[0] < 640)


def test_one_person_raises_no_doubt(pictures: list[Image], weights: bytes) -> None:
    for one in observe(pictures, weights):
        assert one.doubts <= {"few_frames"}
        assert one.other is None
        assert one.followed_side is None


def test_somebody_too_small_to_be_followed_is_noticed(pictures: list[Image], weights: bytes) -> None:
    far = []
    for image in pictures:
        picture = np.full((1920, 1080, 3), 90, np.uint8)
        picture[890:1030, 440:627] = cv2.resize(image, (187, 140), interpolation=cv2.INTER_AREA)
        far.append(picture)
    found = observe(far, weights)
    assert all(one.pose is None for one in found)
    assert any("too_small" in one.doubts for one in found)
