"""Light: good pictures are left alone, dark and noisy ones made readable."""

import itertools
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from posecoach.core.types import Image
from posecoach.vision.enhancement import LowLightEnhancer
from posecoach.vision.native import cv2
from posecoach.vision.video_file import VideoFile
from tests.conftest import SAMPLES


@pytest.fixture
def room() -> NDArray[np.float64]:
    """A bright room (240, 320, 3) with a person's worth of shapes in it."""
    y, x = np.mgrid[0:240, 0:320]
    grey = 60 + 120 * ((x - 160) ** 2 / 90**2 + (y - 140) ** 2 / 30**2 < 1) + 0.1 * y
    return np.repeat(grey[:, :, None], 3, axis=2)


def shown(picture: NDArray[np.float64], noise: float, seed: int) -> Image:
    noisy = picture + np.random.default_rng(seed).normal(0, noise, picture.shape)
    return np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


def test_a_good_picture_is_not_touched(room: NDArray[np.float64]) -> None:
    light = LowLightEnhancer()
    for seed in range(6):
        image = shown(room, 1.5, seed)
        seen, scale = light.enhance(image)
        assert scale == 1
        assert seen is image
    assert not light.lamp_needed


def test_what_rests_in_the_dark_comes_out_of_the_noise(room: NDArray[np.float64]) -> None:
    light = LowLightEnhancer()
    dark = 0.12 * room
    seen = [light.enhance(shown(dark, 6, seed)).image for seed in range(30)][-1]
    inside, outside = seen[130:150, 130:190].astype(float), seen[30:60, 30:90].astype(float)
    assert inside.mean() - outside.mean() > 100  # 14 before
    assert inside.std() < 0.35 * (inside.mean() - outside.mean())
    assert not light.lamp_needed


def test_what_moves_in_the_noise_does_not_lag(room: NDArray[np.float64]) -> None:
    light = LowLightEnhancer()
    for seed in range(20):
        seen, _ = light.enhance(shown(room, 25, seed))
    for seed in range(20, 22):  # everything has moved by 60 pixels
        seen, _ = light.enhance(shown(np.roll(room, 60, axis=0), 25, seed))
    there, gone = seen[195:205, 130:190].mean(), seen[130:145, 130:190].mean()
    assert there - gone > 90  # of 120


@pytest.mark.parametrize(("light", "noise", "dim"), [(0.6, 3, False), (0.1, 1, False), (0.1, 8, True)])
def test_a_picture_is_dim_where_noise_is_a_fair_share_of_it(
    room: NDArray[np.float64], light: float, noise: float, dim: bool
) -> None:
    enhancer = LowLightEnhancer()
    for seed in range(20):
        enhancer.enhance(shown(light * room, noise, seed))
    assert enhancer.dim == dim
    assert enhancer.dark == dim


@pytest.mark.parametrize(("level", "noise", "dark"), [(220, 2, False), (120, 6, False), (20, 5, True)])
def test_an_even_picture_is_dark_where_its_noise_is_large_beside_its_level(
    level: float, noise: float, dark: bool
) -> None:
    enhancer = LowLightEnhancer()
    for seed in range(20):
        enhancer.enhance(shown(np.full((240, 320, 3), level), noise, seed))
    assert enhancer.dark == dark
    assert enhancer.lamp_needed == dark


def test_a_video_that_was_darkened_until_most_of_it_is_black_is_dark(room: NDArray[np.float64]) -> None:
    almost, bars = 255 * (room / 255) ** 8, np.where(np.indices(room.shape)[0] < 150, 0.0, room)
    told = []
    for picture in (almost, bars):
        enhancer = LowLightEnhancer()
        for seed in range(20):
            enhancer.enhance(shown(picture, 0.2, seed))
        told.append(enhancer.dark)
    assert np.median(almost) < 2
    assert told == [True, False], "black bars are no darkness"


def test_an_almost_black_picture_is_dim_and_a_lit_body_in_a_black_room_is_not(
    room: NDArray[np.float64],
) -> None:
    lit = np.where(room > 100, room, 2.0)
    told = {}
    for name, picture in (("almost black", 0.06 * room), ("lit body", lit), ("pale", 0.06 * room + 200)):
        enhancer = LowLightEnhancer()
        for seed in range(20):
            enhancer.enhance(shown(picture, 0.2, seed))
        told[name] = enhancer.dim
    assert told == {"almost black": True, "lit body": False, "pale": False}


def test_more_noise_than_picture_needs_a_lamp(room: NDArray[np.float64]) -> None:
    light = LowLightEnhancer()
    for seed in range(20):
        light.enhance(shown(0.008 * room, 6, seed))
    assert light.lamp_needed


def test_a_picture_of_another_size_starts_afresh(room: NDArray[np.float64]) -> None:
    light = LowLightEnhancer()
    for size in (240, 200, 240):
        for seed in range(3):
            seen, scale = light.enhance(shown(room[:size], 25, seed))
            assert seen.shape == (size, 320, 3)
            assert scale == 1


def test_a_soft_picture_gets_steeper_edges(room: NDArray[np.float64]) -> None:
    soft = cv2.GaussianBlur(shown(room, 0, 0), (0, 0), 3)
    seen, scale = LowLightEnhancer().enhance(np.asarray(soft, np.uint8))
    assert scale == 1
    assert (
        np.abs(np.diff(seen[130:150, :, 1].astype(float), axis=1)).max()
        > 1.5 * np.abs(np.diff(soft[130:150, :, 1].astype(float), axis=1)).max()
    )


@pytest.mark.parametrize("clip", sorted(SAMPLES.glob("*/*.mp4")), ids=lambda clip: clip.stem)
def test_the_samples_are_good_pictures(clip: Path) -> None:
    light = LowLightEnhancer()
    with VideoFile(clip) as video:
        for frame in itertools.islice(video, 12):
            assert light.enhance(frame.image).image is frame.image
