"""Smoothing: noise goes, peaks stay."""

import numpy as np

from posecoach.core.pose import Array
from posecoach.vision.one_euro import OneEuroFilter

FPS = 30


def smoothed(values: Array, size: float = 500) -> Array:
    smoother = OneEuroFilter(0.05, 80)
    return np.array([smoother(value, i / FPS, size) for i, value in enumerate(values)])


def drawn_in(seconds: float) -> tuple[Array, Array]:
    """Degrees of a thigh drawn in by 100 degrees and back, and its knee (n, 2), 120 pixels from the hip."""
    t = np.arange(int(FPS * seconds) + 1) / FPS
    angle = 20 + 50 * (1 - np.cos(2 * np.pi * t / seconds))
    turn = np.radians(angle)
    return angle, 120 * np.stack([np.cos(turn), -np.sin(turn)], axis=1)


def test_the_range_of_motion_shrinks_by_less_than_two_degrees_and_lags_less_than_a_tenth_of_a_second() -> (
    None
):
    for seconds in (2.0, 4.0, 8.0):
        angle, knee = drawn_in(seconds)
        found = smoothed(knee)
        seen = np.degrees(np.arctan2(-found[:, 1], found[:, 0]))
        assert angle.max() - seen.max() < 2
        assert np.abs(
            seen - np.interp(np.arange(len(angle)) / FPS - 0.1, np.arange(len(angle)) / FPS, angle)
        ).max() < (np.abs(np.diff(angle)).max() * 0.1 * FPS)


def test_a_joint_that_rests_is_held_still() -> None:
    noise = np.random.default_rng(1).normal(0, 1, (300, 2))
    assert smoothed(300 + noise)[60:].std() < 0.5


def test_after_a_gap_nothing_of_the_old_place_is_left() -> None:
    smoother = OneEuroFilter(0.05, 80)
    smoother(np.zeros(2), 0.0, 500)
    np.testing.assert_array_equal(smoother(np.full(2, 90.0), 2.0, 500), [90, 90])
