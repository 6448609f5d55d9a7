import numpy as np
import pytest
from footage import Listed

from posecoach.brightness import Metered, brightness
from posecoach.frames import Image
from posecoach.pose import Pose


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


def test_it_is_noted_in_passing() -> None:
    class Nobody:
        lamp_needed = False

        def settle(self, frames: object) -> None: ...
        def track(self, frame: object) -> Pose | None:
            return None

        def upright(self, image: Image) -> Image:
            return image

    tracker = Nobody()
    metered = Metered(tracker)
    assert metered.light is None
    for frame in Listed([0.0, 0.5]):
        assert metered.track(frame) is None
    assert metered.light is not None
    assert metered.light > 0
    tracker.lamp_needed = True
    (late,) = Listed([2.0])
    metered.track(late)
    assert metered.light == 0
