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
