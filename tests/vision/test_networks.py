"""The networks run directly: they see what the packaged graph sees, in any square."""

from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from posecoach.core.errors import ModelError
from posecoach.core.types import Image
from posecoach.vision import native
from posecoach.vision.inference import compiled
from posecoach.vision.mediapipe_backend import MediaPipeBackend
from posecoach.vision.networks import FORMS, Networks, RegionOfInterest
from posecoach.vision.orientation import turn_points, turned
from posecoach.vision.video_file import VideoFile
from tests.conftest import SAMPLES

CLIPS = (
    "knee_to_chest/knee_to_chest-good-left-side-la.mp4",
    "press_up/press_up-good-both-side-la.mp4",
    "spinal_twist/spinal_twist-good-left-side-lb.mp4",
    "fetal/fetal-good-left-side-la.mp4",
)


def frame(clip: Path, index: int) -> Image:
    with VideoFile(clip) as video:
        return next(one.image for one in video if one.index == index)


@pytest.fixture(scope="module")
def networks(weights: bytes) -> Networks:
    return Networks(*(one.inference() for one in compiled(native.openvino(), weights, FORMS, 1)))


@pytest.mark.parametrize("clip", CLIPS)
def test_both_backends_agree_on_good_frames(clip: str, networks: Networks, weights: bytes) -> None:
    image = frame(SAMPLES / clip, 80)
    with closing(MediaPipeBackend(weights)) as reference:
        expected = reference.look(image, 0)
    assert expected is not None
    reading = networks.read(image, networks.find(image)[0])
    assert reading.score > 0.9
    assert np.abs(reading.image - expected.image).mean() < 1  # pixel
    assert np.abs(reading.world - expected.world).max() < 0.05  # metres


def test_a_square_may_be_turned_with_its_picture(networks: Networks) -> None:
    image = frame(SAMPLES / CLIPS[0], 10)
    square = networks.find(image)[0]
    upright = networks.read(image, square)
    for turn in (90, 180, 270):
        center, _ = turn_points(square.center[None], np.zeros((1, 3)), (640, 480), turn)
        reading = networks.read(
            turned(image, turn), RegionOfInterest(center[0], square.side, square.angle + np.radians(turn))
        )
        points, world = turn_points(upright.image, upright.world, (640, 480), turn)
        assert np.abs(reading.image - points).mean() < 2
        assert np.abs(reading.world - world).mean() < 0.02


def test_a_hidden_joint_is_no_sharp_one(networks: Networks) -> None:
    image = frame(SAMPLES / CLIPS[0], 10)
    square = networks.find(image)[0]
    feet = [27, 28, 29, 30, 31, 32]
    seen = networks.read(image, square)
    left, top = (seen.image[feet].min(axis=0) - 40).clip(0).astype(int)
    right, bottom = (seen.image[feet].max(axis=0) + 40).astype(int)
    image[top:bottom, left:right] = (170, 140, 150)
    assert networks.read(image, square).sharpness[feet].mean() < 0.6 * seen.sharpness[feet].mean()


def test_nobody_is_found_in_an_empty_picture(networks: Networks) -> None:
    assert networks.find(np.full((480, 640, 3), 120, np.uint8)) == []


def test_a_bundle_that_is_none_gets_one_sentence() -> None:
    with pytest.raises(ModelError, match="posecoach model fetch"):
        compiled(native.openvino(), b"not a model", FORMS, 1)


def test_what_was_compiled_is_kept_and_compiled_again_when_damaged(
    networks: Networks, weights: bytes, tmp_path: Path
) -> None:
    image = frame(SAMPLES / CLIPS[0], 80)
    square = networks.find(image)[0]
    expected = networks.read(image, square)
    for attempt in ("compiled", "kept", "damaged", "unwritable"):
        cache = tmp_path / "cache"
        if attempt == "damaged":
            for file in cache.iterdir():
                file.write_bytes(file.read_bytes()[:-1])
        if attempt == "unwritable":
            cache = tmp_path / "file"
            cache.touch()
        openvino = native.openvino()
        loaded = compiled(openvino, weights, FORMS, 1, cache)
        again = Networks(*(one.inference() for one in loaded))
        np.testing.assert_array_equal(again.read(image, square).image, expected.image, attempt)
    assert len(list((tmp_path / "cache").iterdir())) == 2
