"""How far bent knees have turned, and to which side."""

from math import cos, radians, sin

import numpy as np
import pytest

from posecoach.core.pose import Array
from posecoach.kinematics.axial_rotation import Turning, lowered, turns

UP = np.array([[0.0, 0.0, 0.7]])
OFF = np.full((1, 3), 0.1)
UNCHANGED = np.zeros((1, 2))


def leaning(turn: float, sure: float = 1.0) -> Array:
    """Knees that are turned by so many degrees, the side sure by a share."""
    aside = 0.7 * sin(radians(turn))
    return np.array([[sure * aside, abs(aside), 0.7 * cos(radians(turn))]])


@pytest.mark.parametrize("turn", [-80, -30, 0, 45, 90])
def test_knees_turn_as_far_as_they_lean(turn: float) -> None:
    found, off, _ = turns(leaning(turn), OFF, UP, UNCHANGED)
    assert found[0] == pytest.approx(turn, abs=0.1)
    assert off[0] == pytest.approx(np.degrees(0.1 / 0.7), abs=0.5)


def test_a_turn_is_measured_from_how_the_knees_leaned_at_rest() -> None:
    assert turns(leaning(60), OFF, leaning(15), UNCHANGED)[0] == pytest.approx(45, abs=0.1)


def test_knees_that_were_turned_already_have_turned_from_upright() -> None:
    """A clip that begins in position takes it for the rest."""
    assert turns(leaning(80), OFF, leaning(80), UNCHANGED)[0] == pytest.approx(80, abs=0.1)


def test_legs_that_are_not_bent_show_no_turn() -> None:
    assert np.isnan(turns(np.array([[0.05, 0.05, 0.2]]), OFF, UP, UNCHANGED)[0]).all()


def test_a_side_is_believed_once_it_is_twenty_times_as_likely() -> None:
    turning = Turning()
    [turn], _, [evidence] = turns(leaning(50, sure=0.6), OFF, UP, UNCHANGED)
    seen = [turning.follow(turn, evidence, 0.1 * frame) for frame in range(1, 20)]
    assert seen[0] is None
    assert seen[-1] == pytest.approx(50, abs=0.1)


def test_where_one_frame_does_not_tell_the_side_what_has_changed_since_rest_does() -> None:
    lower_left = np.array([[0.1, 0.0]])
    turning = Turning()
    [turn], _, [evidence] = turns(leaning(-50, sure=0.1), OFF, UP, lower_left)
    seen = [turning.follow(turn, evidence, 0.1 * frame) for frame in range(1, 20)]
    assert seen[0] is None
    assert seen[-1] == pytest.approx(50, abs=0.1)


def test_a_turn_hardly_off_the_middle_needs_no_side() -> None:
    [turn], _, [evidence] = turns(leaning(8, sure=0.1), OFF, UP, UNCHANGED)
    assert Turning().follow(turn, evidence, 0.1) == pytest.approx(8, abs=0.1)


def test_knees_sink_to_either_side_by_their_height_alone() -> None:
    heights = np.array([0.7, 0.35, 0.0])
    assert lowered(heights, np.full(3, 0.7)) == pytest.approx([0, 60, 90], abs=0.1)
    assert np.isnan(lowered(heights, np.full(3, 0.1))).all()
