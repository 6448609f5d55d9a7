"""Which exercise a single frame shows."""

import pytest

from posecoach.assessment.frame_recognition import shown_exercise
from tests.support.synthetic import baseline_seen_from


@pytest.mark.parametrize(
    ("hips", "shows"),
    [
        ((120.0, 116.0), "double_knees_to_chest"),
        ((120.0, 76.0), "knee_to_chest"),
        ((None, 120.0), "knee_to_chest"),
    ],
    ids=["both alike", "one much less", "one hidden"],
)
def test_two_knees_are_drawn_in_together_only_where_both_are_seen_to_be(
    hips: tuple[float | None, float | None], shows: str
) -> None:
    """A foot that is hidden behind a leg that is drawn in seems to be up as well."""
    left, right = hips
    measures = {"hip_flexion_left": left, "hip_flexion_right": right, "legs_apart": 0.4}
    measures |= {"knee_flexion_left": 118.0, "knee_flexion_right": 118.0}
    measures |= {"heel_lift_left": 0.85, "heel_lift_right": 0.85}
    assert shown_exercise(baseline_seen_from(), measures) == shows


@pytest.mark.parametrize(("lift", "hips", "shows"), [(0.08, 48.0, None), (0.15, 35.0, "bridge")])
def test_a_tilted_pelvis_is_no_bridge(lift: float, hips: float, shows: str | None) -> None:
    measures = {"hip_flexion_left": hips, "hip_flexion_right": hips, "pelvis_lift": lift}
    measures |= {"knee_flexion_left": 95.0, "knee_flexion_right": 95.0}
    assert shown_exercise(baseline_seen_from(), measures) == shows


def test_a_pelvis_lifted_high_above_bent_knees_is_a_bridge_whichever_way_the_knees_seem_to_turn() -> None:
    measures = {"hip_flexion_left": 20.0, "hip_flexion_right": 25.0, "pelvis_lift": 0.35}
    measures |= {"knee_flexion_left": 95.0, "knee_flexion_right": 95.0, "trunk_rotation": 30.0}
    assert shown_exercise(baseline_seen_from("oblique"), measures) == "bridge"


def of_both(
    hips: tuple[float | None, float | None], knees: tuple[float | None, float | None]
) -> dict[str, float | None]:
    """Hip and knee flexion of the left and the right leg."""
    flexions = {"hip": hips, "knee": knees}
    return {
        f"{joint}_flexion_{side}": value
        for joint, both in flexions.items()
        for side, value in zip(("left", "right"), both, strict=True)
    }


@pytest.mark.parametrize(
    ("hips", "knees", "ankles", "shows"),
    [
        ((119, 97), (104, 80), (None, 1.3), "other"),  # crossed, perhaps: its ankle is behind the other leg
        ((118, 98), (107, None), (None, None), "other"),
        ((119, 97), (104, 80), (0.2, 1.3), "figure_four"),
        ((119, 97), (104, 80), (1.0, 1.3), "double_knees_to_chest"),  # unevenly
        ((119, 112), (104, 99), (None, None), "double_knees_to_chest"),
        ((119, 62), (104, 105), (None, None), "knee_to_chest"),
    ],
)
def test_a_leg_that_is_crossed_out_of_sight_is_no_other_exercise(
    hips: tuple[float, float],
    knees: tuple[float, float | None],
    ankles: tuple[float | None, float | None],
    shows: str,
) -> None:
    on_thighs = {
        f"ankle_on_thigh_{side}": value for side, value in zip(("left", "right"), ankles, strict=True)
    }
    assert shown_exercise(baseline_seen_from(), of_both(hips, knees) | on_thighs) == shows


@pytest.mark.parametrize(("shoulders", "shows"), [((0.0, 0.05), "bridge"), ((0.19, 0.32), "other")])
def test_a_trunk_that_rises_as_a_whole_is_no_bridge(shoulders: tuple[float, float], shows: str) -> None:
    left, right = shoulders
    lifts = {"pelvis_lift": 0.37, "shoulder_lift_left": left, "shoulder_lift_right": right}
    measures = of_both((50, 42), (102, 105)) | lifts
    assert shown_exercise(baseline_seen_from("oblique"), measures) == shows


@pytest.mark.parametrize(
    ("hip", "knee", "shows"), [(84, 63, "hamstring"), (94, 73, "hamstring"), (102, 85, "knee_to_chest")]
)
def test_a_leg_whose_shin_hangs_is_not_raised_with_its_knee_too_bent(
    hip: float, knee: float, shows: str
) -> None:
    measures = of_both((hip, 45), (knee, 95)) | {"heel_lift_left": 0.9, "heel_lift_right": 0.0}
    assert shown_exercise(baseline_seen_from(), measures | {"shin_rise_left": 0.28}) == shows


@pytest.mark.parametrize(("heel", "shows"), [(0.1, "turn_left"), (1.3, "hamstring")])
def test_a_leg_that_is_raised_alone_is_no_turn(heel: float, shows: str) -> None:
    turned = {"trunk_rotation": 23.0, "heel_lift_left": 0.0, "heel_lift_right": heel, "shin_rise_right": 0.3}
    assert shown_exercise(baseline_seen_from(), of_both((55, 94), (113, 71)) | turned) == shows


@pytest.mark.parametrize(("raised", "shows"), [(60.0, "press_up"), (105.0, None)])
def test_a_chest_is_pressed_up_to_the_vertical_at_the_most(raised: float, shows: str | None) -> None:
    measures = {"trunk_inclination": raised, "hand_ahead_left": 0.1, "hand_ahead_right": 0.1}
    assert shown_exercise(baseline_seen_from(posture="prone"), measures) == shows


def test_somebody_who_has_turned_over_as_a_whole_shows_no_exercise() -> None:
    bent = dict.fromkeys(("hip_flexion_left", "hip_flexion_right"), 50.0)
    turned = bent | {"trunk_rotation": 80.0, "knees_lowered": 80.0}
    assert shown_exercise(baseline_seen_from("oblique"), turned) == "turn_left"
    assert shown_exercise(baseline_seen_from("oblique"), turned | {"rolled": 1.0}) is None
