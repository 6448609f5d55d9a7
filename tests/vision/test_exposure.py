"""The exposure is made longer only where it is dark, the driver takes it and it helps; and it is put back."""

import numpy as np
import pytest

from posecoach.core.observation import DARK
from posecoach.core.types import Image
from posecoach.vision.exposure import CODES, ExposureControl, brightness
from posecoach.vision.native import cv2


class Driver:
    """A camera in a room of `light`: its pictures are `gain` brighter with the long exposure."""

    def __init__(self, light: float, gain: float = 3.0, takes: bool = True, by_hand: bool = False) -> None:
        self.light, self.gain, self.takes = light, gain, takes
        self.mode = CODES["linux"].manual if by_hand else CODES["linux"].automatic
        self.long = False
        self.asked = 0

    def set(self, prop: int, value: float) -> bool:
        self.asked += 1
        if not self.takes:
            return False
        if prop == cv2.CAP_PROP_AUTO_EXPOSURE:
            self.mode = value
            self.long &= value == CODES["linux"].manual
        else:
            self.long = value == CODES["linux"].long
        return True

    def get(self, prop: int) -> float:
        return self.mode if prop == cv2.CAP_PROP_AUTO_EXPOSURE else 0.0

    @property
    def automatic(self) -> bool:
        return self.mode == CODES["linux"].automatic

    def picture(self) -> Image:
        shade = min(255.0, 255 * self.light * (self.gain if self.long else 1.0))
        return np.full((480, 640, 3), shade, np.uint8)


@pytest.fixture(autouse=True)
def _linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")


def watch(shutter: ExposureControl, driver: Driver, start_s: float, seconds: float) -> float:
    for t_s in np.arange(start_s, start_s + seconds, 0.1):
        shutter.see(driver.picture(), float(t_s))
    return start_s + seconds


def test_a_dark_room_gets_a_longer_exposure() -> None:
    driver = Driver(0.05)
    shutter = ExposureControl(driver)
    watch(shutter, driver, 0, 10)
    assert driver.long
    shutter.restore()
    assert driver.automatic


def test_a_lit_room_is_left_alone() -> None:
    driver = Driver(0.4)
    watch(ExposureControl(driver), driver, 0, 10)
    assert driver.asked == 0


def test_a_hand_before_the_lens_is_no_dark_room() -> None:
    driver = Driver(0.05)
    shutter = ExposureControl(driver)
    now_s = watch(shutter, driver, 0, 1.2)
    driver.light = 0.4
    now_s = watch(shutter, driver, now_s, 3)
    driver.light = 0.05
    watch(shutter, driver, now_s, 1.2)
    assert driver.asked == 0


def test_what_does_not_help_is_taken_back_for_good() -> None:
    driver = Driver(0.05, gain=1.0)
    shutter = ExposureControl(driver)
    now_s = watch(shutter, driver, 0, 10)
    assert driver.automatic
    asked = driver.asked
    watch(shutter, driver, now_s, 20)
    assert driver.asked == asked


def test_a_lamp_ends_the_long_exposure_and_darkness_brings_it_back() -> None:
    driver = Driver(0.05)
    shutter = ExposureControl(driver)
    now_s = watch(shutter, driver, 0, 10)
    driver.light = 0.5
    now_s = watch(shutter, driver, now_s, 5)
    assert driver.automatic
    driver.light = 0.05
    watch(shutter, driver, now_s, 10)
    assert driver.long


def test_a_driver_that_takes_nothing_is_asked_once() -> None:
    driver = Driver(0.05, takes=False)
    watch(ExposureControl(driver), driver, 0, 20)
    assert driver.asked == 1


def test_what_somebody_has_set_by_hand_stays() -> None:
    driver = Driver(0.05, by_hand=True)
    watch(ExposureControl(driver), driver, 0, 20)
    assert driver.asked == 0


def test_a_system_whose_cameras_take_no_exposure_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    driver = Driver(0.05)
    shutter = ExposureControl(driver)
    watch(shutter, driver, 0, 10)
    shutter.restore()
    assert driver.asked == 0


# Brightness


def room(shade: float, noise: float) -> Image:
    random = np.random.default_rng(3)
    image: Image = np.clip(random.normal(shade, noise, (480, 640, 3)), 0, 255).astype(np.uint8)
    image[:, :40] = 230  # a window
    return image


@pytest.mark.parametrize(
    ("shade", "noise", "dark"), [(110, 2, False), (60, 2, False), (8, 1, True), (90, 25, True)]
)
def test_a_dark_picture_and_a_noisy_one_are_dark(shade: float, noise: float, dark: bool) -> None:
    assert (brightness(room(shade, noise)) < DARK) == dark


def test_pictures_of_any_size_have_a_brightness() -> None:
    for size in ((1, 1), (7, 5), (33, 100)):
        assert 0 <= brightness(np.full((*size, 3), 128, np.uint8)) <= 1
