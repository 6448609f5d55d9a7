import numpy as np
import pytest

from posecoach.vision.brightness import brightness
from posecoach.vision.source import Image


def picture(shade: float, noise: float = 0.0) -> Image:
    random = np.random.default_rng(3)
    image: Image = np.clip(random.normal(shade, noise, (480, 640, 3)), 0, 255).astype(np.uint8)
    image[:, :40] = 230  # a window
    return image


@pytest.mark.parametrize(
    ("shade", "noise", "dark"), [(110, 2, False), (60, 2, False), (8, 1, True), (90, 25, True)]
)
def test_a_dark_picture_and_a_noisy_one_are_dark(shade: float, noise: float, dark: bool) -> None:
    assert (brightness(picture(shade, noise)) < 0.15) == dark


def test_pictures_of_any_size_have_a_brightness() -> None:
    for size in ((1, 1), (7, 5), (33, 100)):
        assert 0 <= brightness(np.full((*size, 3), 128, np.uint8)) <= 1
