"""Vectors in space, each axis different: one that is taken for another shows."""

import pytest

from posecoach.kinematics.geometry import Point, cross, dot, length, middle, minus, times, unit

A: Point = (1.0, 2.0, 4.0)
B: Point = (8.0, 16.0, 33.0)


def test_vectors_are_subtracted_and_scaled_axis_by_axis() -> None:
    assert minus(B, A) == (7.0, 14.0, 29.0)
    assert times(3, A) == (3.0, 6.0, 12.0)
    assert middle(A, B) == (4.5, 9.0, 18.5)


def test_products_and_lengths_are_those_of_right_handed_space() -> None:
    assert dot(A, B) == 172.0
    assert cross((1.0, 0.0, 0.0), (0.0, 1.0, 0.0)) == (0.0, 0.0, 1.0)
    assert cross(A, B) == (2.0, -1.0, 0.0)
    assert length((2.0, 3.0, 6.0)) == 7.0
    assert unit((0.0, 3.0, 4.0)) == pytest.approx((0.0, 0.6, 0.8))
