"""The exposure is made longer only where it is dark, the driver takes it and it helps; and it is put back."""

import numpy as np
import pytest

from posecoach.vision.exposure import SETTINGS, Shutter
from posecoach.vision.native import cv2
from posecoach.vision.source import Image


class Driver:
    """A camera in a room of `light`: its pictures are `gain` brighter with the long exposure."""

    def __init__(self, light: float, gain: float = 3.0, takes: bool = True, by_hand: bool = False) -> None:
        self.light, self.gain, self.takes = light, gain, takes
        self.mode = SETTINGS["linux"].manual if by_hand else SETTINGS["linux"].automatic
        self.long = False
        self.asked = 0

    def set(self, prop: int, value: float) -> bool:
        self.asked += 1
        if not self.takes:
            return False
        if prop == cv2.CAP_PROP_AUTO_EXPOSURE:
            self.mode = value
            self.long &= value == SETTINGS["linux"].manual
        else:
            self.long = value == SETTINGS["linux"].long
        return True

    def get(self, prop: int) -> float:
        return self.mode if prop == cv2.CAP_PROP_AUTO_EXPOSURE else 0.0

    @property
    def automatic(self) -> bool:
        return self.mode == SETTINGS["linux"].automatic

    def picture(self) -> Image:
        shade = min(255.0, 255 * self.light * (self.gain if self.long else 1.0))
        return np.full((480, 640, 3), shade, np.uint8)


@pytest.fixture(autouse=True)
def _linux(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")


def watch(shutter: Shutter, driver: Driver, start_s: float, seconds: float) -> float:
    for t_s in np.arange(start_s, start_s + seconds, 0.1):
        shutter.see(driver.picture(), float(t_s))
    return start_s + seconds


def test_a_dark_room_gets_a_longer_exposure() -> None:
    driver = Driver(0.05)
    shutter = Shutter(driver)
    watch(shutter, driver, 0, 10)
    assert driver.long
    shutter.put_back()
    assert driver.automatic


def test_a_lit_room_is_left_alone() -> None:
    driver = Driver(0.4)
    watch(Shutter(driver), driver, 0, 10)
    assert driver.asked == 0


def test_a_hand_before_the_lens_is_no_dark_room() -> None:
    driver = Driver(0.05)
    shutter = Shutter(driver)
    now_s = watch(shutter, driver, 0, 1.2)
    driver.light = 0.4
    now_s = watch(shutter, driver, now_s, 3)
    driver.light = 0.05
    watch(shutter, driver, now_s, 1.2)
    assert driver.asked == 0


def test_what_does_not_help_is_taken_back_for_good() -> None:
    driver = Driver(0.05, gain=1.0)
    shutter = Shutter(driver)
    now_s = watch(shutter, driver, 0, 10)
    assert driver.automatic
    asked = driver.asked
    watch(shutter, driver, now_s, 20)
    assert driver.asked == asked


def test_a_lamp_ends_the_long_exposure_and_darkness_brings_it_back() -> None:
    driver = Driver(0.05)
    shutter = Shutter(driver)
    now_s = watch(shutter, driver, 0, 10)
    driver.light = 0.5
    now_s = watch(shutter, driver, now_s, 5)
    assert driver.automatic
    driver.light = 0.05
    watch(shutter, driver, now_s, 10)
    assert driver.long


def test_a_driver_that_takes_nothing_is_asked_once() -> None:
    driver = Driver(0.05, takes=False)
    watch(Shutter(driver), driver, 0, 20)
    assert driver.asked == 1


def test_what_somebody_has_set_by_hand_stays() -> None:
    driver = Driver(0.05, by_hand=True)
    watch(Shutter(driver), driver, 0, 20)
    assert driver.asked == 0


def test_a_system_whose_cameras_take_no_exposure_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    driver = Driver(0.05)
    shutter = Shutter(driver)
    watch(shutter, driver, 0, 10)
    shutter.put_back()
    assert driver.asked == 0
