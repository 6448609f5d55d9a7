"""Bodies of which a part is hidden: what is seen decides as far as it can, and no further."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from posecoach.assessment.confidence import SureJudge
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Note, Result
from posecoach.kinematics.body import Measurements
from posecoach.kinematics.spatial import SIDES
from tests.assessment.test_rules import KNEES, TURNED, TWIST
from tests.support.synthetic import CROOK, baseline_seen_from, film, judge, numbers, repeat, watch

Numbers = Mapping[str, float | None]

REST: Numbers = {
    "hip_flexion_left": 50.0,
    "hip_flexion_right": 50.0,
    "knee_flexion_left": 95.0,
    "knee_flexion_right": 95.0,
    "heel_lift_left": 0.0,
    "heel_lift_right": 0.0,
    "head_lift": 0.0,
}
BOTH: Numbers = {"hip_flexion_left": 115.0, "hip_flexion_right": 115.0}


def both_drawn_in(*parts: tuple[float, Numbers]) -> Result:
    moves = [(1.0, REST), (1.4, BOTH), *parts, (1.4, {**REST}), (1.0, REST)]
    return judge("double_knees_to_chest", numbers(REST, moves), hold_s=6.0)


def test_a_hold_goes_on_while_one_leg_is_hidden_for_a_part_of_it() -> None:
    result = both_drawn_in((3, BOTH), (2, {"hip_flexion_left": None}), (3, BOTH))
    assert result.verdict == "good"
    assert [round(p.end_s - p.start_s) for p in result.positions] == [9]


def test_a_hold_of_which_one_leg_was_hidden_for_the_most_part_is_not_praised() -> None:
    result = both_drawn_in((1, BOTH), (6, {"hip_flexion_left": None}), (1, BOTH))
    assert (result.verdict, result.notes[0]) == ("unseen", Note("position_unseen"))


def test_a_hold_ends_when_the_leg_that_is_seen_comes_down() -> None:
    down: Numbers = {"hip_flexion_left": None, "hip_flexion_right": 60.0}
    result = both_drawn_in((3, BOTH), (1, down), (2, down))
    assert sum(p.end_s - p.start_s for p in result.positions) == pytest.approx(4, abs=0.9)


def test_one_hand_on_its_foot_is_enough_where_the_other_is_hidden() -> None:
    rest = {**REST, "hand_to_foot_left": 1.2, "hand_to_foot_right": 1.2, "knee_gap": 0.4, "pelvis_lift": 0.0}
    deep = {**BOTH, "hand_to_foot_left": 0.3, "hand_to_foot_right": None, "knee_gap": 1.2}
    held = numbers(rest, [(1, rest), (1.4, deep), (5, deep), (1.4, rest), (1, rest)])
    assert judge("happy_baby", held, hold_s=4.0).verdict == "good"


def test_hands_on_the_feet_count_from_above_too() -> None:
    rest = {**REST, "hand_to_foot_left": 1.2, "hand_to_foot_right": 1.2, "knee_gap": 0.4, "pelvis_lift": 0.0}
    deep = {**BOTH, "hand_to_foot_left": 0.3, "hand_to_foot_right": 0.3, "knee_gap": 1.2}
    seen = [(1, rest), (1.4, deep), (5, deep), (1.4, rest), (1, rest)]
    result = judge("happy_baby", numbers(rest, seen, baseline=baseline_seen_from("top")), hold_s=4.0)
    assert result.verdict == "good"
    assert Note("fault_not_judged", {"fault": "shins_not_vertical"}) in result.notes


def test_nobody_is_told_to_cross_a_leg_that_may_lie_there_unseen() -> None:
    """The left ankle may be on the right thigh: the crossing leg alone is seen, and it is up."""
    rest: Numbers = {**REST, "ankle_on_thigh_left": 0.9, "ankle_on_thigh_right": 0.9}
    crossing: Numbers = {
        "hip_flexion_left": 118.0,
        "heel_lift_left": 0.7,
        "ankle_on_thigh_left": None,
        "ankle_on_thigh_right": 1.2,
        "hip_flexion_right": None,
        "heel_lift_right": None,
    }
    moves = [(1.0, rest), (1.4, crossing), (8.0, crossing), (1.4, rest), (1.0, rest)]
    assert judge("figure_four", numbers(rest, moves)).verdict != "fault"


@pytest.mark.parametrize("view", ["oblique", "far oblique"])
def test_a_leg_that_was_clearly_raised_at_an_angle_is_an_attempt(view: str) -> None:
    rest: Numbers = {**REST, "hip_flexion_left": 20.0, "knee_flexion_left": 20.0}
    low: Numbers = {"hip_flexion_left": 28.0, "heel_lift_left": 0.7}
    moves = [(1.0, rest), (1.4, low), (6.0, low), (1.4, rest), (1.0, rest)]
    result = judge("hamstring", numbers(rest, moves, baseline=baseline_seen_from(view)))
    assert [fault.name for fault in result.faults] == ["leg_too_low"]


def test_on_the_side_the_leg_that_is_hidden_lies_under_the_one_that_is_seen() -> None:
    straight: Numbers = {f"{joint}_flexion_{side}": 20.0 for joint in ("hip", "knee") for side in SIDES}
    curled: Numbers = {**dict.fromkeys(straight, 95.0), "knee_flexion_right": None}
    moves = [(1.0, straight), (1.4, curled), (6.0, curled), (1.4, straight), (1.0, straight)]
    result = judge("fetal", numbers(straight, moves, baseline=baseline_seen_from("side", "left_side")))
    assert result.verdict == "good"


def test_a_leg_that_stays_behind_is_not_too_low_while_the_other_may_be_up() -> None:
    at_rest = {"hip_flexion": 5.0, "knee_flexion": 10.0, "heel_lift": 0.0}
    rest: Numbers = {f"{name}_{side}": number for name, number in at_rest.items() for side in SIDES}
    up: Numbers = {"hip_flexion_left": 28.0, "heel_lift_left": 0.4, "hip_flexion_right": None}
    result = judge("hamstring", numbers(rest, [(1.0, rest), (1.4, up), (6.0, up), (1.4, rest), (1.0, rest)]))
    assert not result.faults
    assert result.verdict == "unseen"


def test_a_leg_that_seems_to_rise_along_does_not_stand_for_the_one_that_is_raised() -> None:
    """Seen at an angle, the leg that lies reads a little of what the other one does."""
    at_rest = {"hip_flexion": 9.0, "knee_flexion": 12.0, "heel_lift": 0.0}
    rest: Numbers = {f"{name}_{side}": number for name, number in at_rest.items() for side in SIDES}
    bent: Numbers = {"hip_flexion_left": 94.0, "knee_flexion_left": 72.0, "heel_lift_left": 1.4}
    along: Numbers = {"hip_flexion_right": 21.0, "heel_lift_right": 0.28}
    first: Numbers = {"hip_flexion_left": 42.0, "heel_lift_left": 0.55, "knee_flexion_left": 44.0}
    moves = [(1.0, rest), (0.6, first), (0.3, {**bent, **along}), (12.0, {}), (1.4, rest), (1.0, rest)]
    result = judge("hamstring", numbers(rest, moves, baseline=baseline_seen_from("oblique")))
    assert [(fault.name, fault.side) for fault in result.faults] == [("knee_too_bent", "left")]


def test_both_legs_raised_apart_are_no_stretch_of_one_of_them() -> None:
    at_rest = {"hip_flexion": 5.0, "knee_flexion": 10.0, "heel_lift": 0.0}
    rest: Numbers = {f"{name}_{side}": number for name, number in at_rest.items() for side in SIDES}
    rest = {**rest, "legs_apart": 0.3, "head_lift": 0.0}
    left: Numbers = {"hip_flexion_left": 95.0, "heel_lift_left": 1.5, "legs_apart": 1.8}
    other: Numbers = {"hip_flexion_right": 80.0, "heel_lift_right": 1.2, "legs_apart": 0.8}
    one = numbers(rest, [(1.0, rest), (1.4, left), (6.0, left), (1.4, rest), (1.0, rest)])
    both = numbers(rest, [(1.0, rest), (1.4, {**left, **other}), (6.0, {}), (1.4, rest), (1.0, rest)])
    assert judge("hamstring", one, hold_s=4.0).verdict == "good"
    assert judge("hamstring", both, hold_s=4.0).verdict == "unseen"


@pytest.mark.parametrize(("hidden_s", "verdict"), [(1.5, "good"), (4.0, "unseen")])
def test_a_leg_that_was_hidden_on_its_way_in_is_known_to_have_come_in(hidden_s: float, verdict: str) -> None:
    deep: Numbers = {"hip_flexion_left": 118.0, "heel_lift_left": 0.8}
    hidden: Numbers = dict.fromkeys(deep)
    moves = [(2, REST), (0.04, hidden), (hidden_s, hidden), (0.04, deep), (6, deep), (1.4, REST), (1, REST)]
    result = judge("knee_to_chest", numbers(REST, moves), hold_s=5.0)
    assert result.verdict == verdict
    assert (Note("way_in_unseen") in result.notes) == (verdict == "unseen")
    assert Note("fault_not_judged", {"fault": "rushed"}) in result.notes


# -- confidence -----------------------------------------------------------------------------------------


def sure(found: list[Measurements], exercise: str = "knee_to_chest") -> Result:
    judging = SureJudge(CATALOGUE[exercise])
    for measurements in found:
        judging.update(measurements, measurements.t_s)
    return judging.result()


def drawn_in(hip: float, deviation: float = 4.0) -> list[Measurements]:
    deep: Numbers = {"hip_flexion_left": hip, "heel_lift_left": 0.8}
    found = numbers(REST, [(1, REST), (1.4, deep), (4, deep), (1.4, REST), (1, REST)])
    return [replace(one, deviations={"hip_flexion_left": deviation}) for one in found]


def test_a_clear_performance_is_surer_than_one_near_the_limit() -> None:
    clear, near = sure(drawn_in(125)), sure(drawn_in(99.5))
    assert clear.verdict == near.verdict == "good"
    assert clear.confidence > near.confidence > 0.5


def test_the_less_a_measure_is_known_the_less_sure_is_the_result() -> None:
    assert sure(drawn_in(104, 1.0)).confidence > sure(drawn_in(104, 9.0)).confidence


@pytest.mark.parametrize(("raised", "verdict"), [(14.0, "unseen"), (25.0, "good")])
def test_at_an_angle_a_position_without_a_way_into_it_has_to_be_clear(raised: float, verdict: str) -> None:
    held: Numbers = {"trunk_inclination": raised, "pelvis_lift": 0.0, "hand_ahead_left": 0.0}
    lies = baseline_seen_from("oblique", posture="prone")
    assert sure(numbers(held, [(6, held)], baseline=lies), "press_up").verdict == verdict


@pytest.mark.parametrize(("view", "verdict"), [("side", "good"), ("oblique", "unseen")])
def test_at_an_angle_what_most_would_see_otherwise_is_too_near_to_tell(view: str, verdict: str) -> None:
    near = [replace(one, baseline=baseline_seen_from(view)) for one in drawn_in(98.5, 9.0)]
    result = sure(near)
    assert result.verdict == verdict
    assert (Note("too_near_to_tell") in result.notes) == (verdict == "unseen")


def test_what_could_not_be_seen_is_not_sure_at_all() -> None:
    hidden = dict.fromkeys(REST)
    result = sure(numbers(hidden, [(6, hidden)]))
    assert (result.verdict, result.confidence) == ("unseen", 0.0)


def test_the_same_frames_are_always_as_sure() -> None:
    assert sure(drawn_in(103)).confidence == sure(drawn_in(103)).confidence


def test_a_result_says_how_sure_it_is() -> None:
    assert sure(drawn_in(125)).as_dict("clip.mp4")["confidence"] >= 0.95


def test_haste_that_cannot_be_judged_makes_a_good_clip_less_sure() -> None:
    few = film(CROOK, repeat(CROOK, CROOK.but(hip_left=125, knee_left=130), 6.0), fps=6)
    result = watch("knee_to_chest", few, hold_s=5)
    assert (result.verdict, result.notes) == ("good", (Note("tempo_not_judged"),))
    assert 0.7 < result.confidence < 0.8


def test_a_fault_is_no_less_sure_for_another_that_may_be_there_too() -> None:
    """The knees are as far apart as they may be, so that some of the further judges find them apart."""
    lifted = {**TURNED, "shoulder_lift_left": 0.35, KNEES: 0.52}
    result = sure(numbers(TWIST, [(1, TWIST), (1.5, lifted), (3, lifted), (1.5, TWIST)]), "spinal_twist")
    assert [fault.name for fault in result.faults] == ["shoulder_lifted"]
    assert result.confidence > 0.95


@pytest.mark.parametrize("exercise", ["knee_to_chest", "bridge"])
def test_whoever_lies_still_in_plain_sight_does_nothing(exercise: str) -> None:
    rest = {
        **dict.fromkeys(("hip_flexion_left", "hip_flexion_right"), 45.0),
        **dict.fromkeys(("knee_flexion_left", "knee_flexion_right"), 95.0),
        **dict.fromkeys(("hip_sagittal_left", "hip_sagittal_right"), 45.0),
        **dict.fromkeys(("heel_lift_left", "heel_lift_right", "pelvis_lift", "legs_apart"), 0.0),
        "pelvic_tilt": 0.0,
    }
    frames = numbers(rest, [(12, rest)], baseline=baseline_seen_from("oblique"))
    assert judge(exercise, frames).verdict == "not_performed"


@pytest.mark.parametrize(("off", "verdict"), [(20.0, "good"), (30.0, "unseen")])
def test_a_hip_that_may_be_anything_is_unseen_though_its_leg_is_not(off: float, verdict: str) -> None:
    """The network puts the leg behind on the one in front, and is sure of it."""
    deep = {"hip_flexion_left": 118.0, "heel_lift_left": 0.8}
    out = {"hip_flexion_left": 50.0, "heel_lift_left": 0.0}
    frames = numbers(REST, [(1, REST), (1.4, deep), (5, deep), (1.5, out), (1, out)])
    unsure = [replace(found, deviations={"hip_flexion_left": off}) for found in frames]
    assert judge("knee_to_chest", unsure).verdict == verdict


def test_a_bounce_is_one_though_what_it_may_be_off_by_comes_and_goes_with_it() -> None:
    """As where a limb is seen less well at one end: whatever it is off by, it is so all along."""
    high, low = ({**BOTH, **dict.fromkeys(BOTH, hip)} for hip in (127.0, 109.0))
    bounces = [(0.5, bent) for _ in range(7) for bent in (high, low)]
    moves = [(1.0, REST), (1.4, high), *bounces, (1.4, {**REST}), (1.0, REST)]
    found = []
    for one in numbers(REST, moves, baseline=baseline_seen_from("oblique")):
        off = min(20.0, max(1.0, 9 - 0.8 * ((one.values["hip_flexion_left"] or 0) - 118)))
        found.append(replace(one, deviations=dict.fromkeys(BOTH, off)))
    result = sure(found, "double_knees_to_chest")
    assert {fault.name for fault in result.faults} == {"bouncing"}
    assert result.confidence == pytest.approx(0.99)
