import math
from collections.abc import Mapping
from dataclasses import replace

import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.judge import Judge
from posecoach.assessment.results import Note, Result
from posecoach.kinematics.baseline import Baseline
from tests.support.synthetic import baseline_seen_from, judge, numbers

Numbers = Mapping[str, float | None]
Segments = list[tuple[float, Numbers]]

REST = {"hip_flexion_left": 50.0, "hip_flexion_right": 50.0, "heel_lift_left": 0.0, "head_lift": 0.0}
IN: Numbers = {"hip_flexion_left": 115.0, "heel_lift_left": 0.8}
OUT: Numbers = {"hip_flexion_left": 50.0, "heel_lift_left": 0.0}
SAGITTAL = ("hip_sagittal_left", "hip_sagittal_right")
UP, DOWN, UNSEEN = ({"head_lift": value} for value in (0.3, 0.0, None))


def step(**values: float | None) -> tuple[float, Numbers]:
    """At once, as good as."""
    return (0.001, values)


def held(*during: tuple[float, Numbers], baseline: Baseline | None = None, **limits: float) -> Result:
    """A knee drawn in, held while `during` goes on, and put down again; the hold begins at about 2 s."""
    segments: Segments = [(1, REST), (1.4, IN), (0.6, IN), *during, step(head_lift=0), (1.5, OUT), (1, OUT)]
    return judge("knee_to_chest", numbers(REST, segments, baseline=baseline), limits=limits)


def names(result: Result) -> list[str]:
    return [fault.name for fault in result.faults]


@pytest.mark.parametrize(("lasts", "faults"), [(0.1, 0), (0.3, 0), (0.6, 0), (0.9, 1), (2.0, 1)])
def test_a_fault_has_to_last(lasts: float, faults: int) -> None:
    result = held(step(**UP), (lasts, UP), step(**DOWN), (2, DOWN))
    assert names(result) == ["head_lifted"] * faults


def test_a_fault_tells_when_it_was_there() -> None:
    (fault,) = held((1, DOWN), step(**UP), (2, UP), step(**DOWN), (1, DOWN)).faults
    assert fault.side is None
    assert (fault.start_s, fault.end_s) == pytest.approx((4, 6), abs=0.15)


@pytest.mark.parametrize(("since_s", "lasts_s"), [(5.3, None), (7.0, 2.0), (math.inf, 3.0)])
def test_a_fault_ends_where_the_picture_began_to_stand_still(since_s: float, lasts_s: float | None) -> None:
    judging = Judge(CATALOGUE["knee_to_chest"])
    for found in numbers(REST, [(1, REST), (1.4, IN), (2.6, IN), step(**UP), (3, UP)]):
        judging.update(found, found.t_s)
    judging.interrupt(since_s)
    lasted = [fault.end_s - fault.start_s for fault in judging.result().faults]
    assert lasted == ([] if lasts_s is None else [pytest.approx(lasts_s, abs=0.1)])


@pytest.mark.parametrize(("seen_s", "judged"), [(0.4, False), (1.2, True)])
def test_what_was_not_seen_for_as_long_as_a_fault_has_to_last_was_not_judged(
    seen_s: float, judged: bool
) -> None:
    hidden = [step(**UNSEEN), (1.4, IN), (3, IN), step(**DOWN), (seen_s, DOWN), step(**UNSEEN), (1.4, OUT)]
    result = judge("knee_to_chest", numbers(REST, [(1, REST), *hidden, (1, OUT)]))
    assert (Note("fault_not_judged", {"fault": "head_lifted"}) not in result.notes) == judged


def test_what_flickers_is_no_fault() -> None:
    result = held(*[step(**UP), (0.2, UP), step(**DOWN), (0.2, DOWN)] * 8)
    assert result.verdict == "good"


def test_a_flicker_does_not_cut_a_fault_in_two() -> None:
    result = held(step(**UP), (1.5, UP), step(**DOWN), (0.1, DOWN), step(**UP), (1.5, UP))
    assert names(result) == ["head_lifted"]


def test_a_fault_that_comes_back_later_is_told_twice() -> None:
    result = held(step(**UP), (1.5, UP), step(**DOWN), (2, DOWN), step(**UP), (1.5, UP))
    assert names(result) == ["head_lifted", "head_lifted"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_fault_of_the_position_is_none_outside_it(when: str) -> None:
    lifted: Segments = [step(**UP), (2, UP), step(**DOWN)]
    position: Segments = [(1, REST), (1.4, IN), (3, IN), (1.5, OUT), (1, OUT)]
    segments = [(1, REST), *lifted, *position] if when == "before" else [*position, *lifted, (1, OUT)]
    assert judge("knee_to_chest", numbers(REST, segments)).verdict == "good"


def test_a_fault_ends_with_the_position() -> None:
    segments: Segments = [(1, REST), (1.4, IN), step(**UP), (3, UP), (1.5, OUT), (3, OUT)]
    result = judge("knee_to_chest", numbers(REST, segments))
    (fault,) = result.faults
    (position,) = result.positions
    assert fault.end_s == pytest.approx(position.end_s, abs=0.4)


@pytest.mark.parametrize("gap_s", [0.1, 0.3, 0.5])
def test_a_short_unseen_gap_does_not_cut_a_fault(gap_s: float) -> None:
    result = held(step(**UP), (1.5, UP), step(**UNSEEN), (gap_s, UNSEEN), step(**UP), (1.5, UP))
    assert names(result) == ["head_lifted"]


def test_what_is_unseen_is_no_fault() -> None:
    result = held(step(**UP), (0.4, UP), step(**UNSEEN), (2, UNSEEN), step(**UP), (0.4, UP))
    assert result.verdict == "good"


def test_what_was_never_seen_is_told_and_not_praised() -> None:
    segments: Segments = [step(**UNSEEN), (1, OUT), (1.4, IN), (3, IN), (1.5, OUT), (1, OUT)]
    result = judge("knee_to_chest", numbers(REST, segments))
    assert result.verdict == "good"
    assert Note("fault_not_judged", {"fault": "head_lifted"}) in result.notes


@pytest.mark.parametrize(
    ("nearer", "verdict", "judged"), [(0.2, "fault", True), (0.12, "good", False), (0.02, "good", True)]
)
def test_a_head_seen_from_above_lifts_where_the_nose_comes_nearer_to_the_shoulders(
    nearer: float, verdict: str, judged: bool
) -> None:
    """However high or low it reads: a height is a depth there."""
    rest: Numbers = {**REST, "nose_nearer": 0.0}
    drawn_in: Numbers = {**IN, "nose_nearer": nearer, "head_lift": 0.3}
    out: Numbers = {**OUT, "nose_nearer": 0.0, "head_lift": 0.0}
    segments: Segments = [(1, rest), (1.4, drawn_in), (3, drawn_in), (1.5, out), (1, out)]
    result = judge("knee_to_chest", numbers(rest, segments, baseline=baseline_seen_from("top")))
    assert (result.verdict, names(result)) == (verdict, ["head_lifted"] * (verdict == "fault"))
    assert (Note("fault_not_judged", {"fault": "head_lifted"}) not in result.notes) == judged


def test_a_shoulder_is_not_judged_from_above() -> None:
    result = twisted({"shoulder_lift_left": 0.3}, baseline_seen_from("top"))
    assert result.verdict == "good"
    assert Note("fault_not_judged", {"fault": "shoulder_lifted"}) in result.notes


@pytest.mark.parametrize(("view", "far_too"), [("side", True), ("oblique", False)])
def test_at_an_angle_more_is_asked_of_the_shoulder_that_is_further_away(view: str, far_too: bool) -> None:
    seen = baseline_seen_from(view)
    near = {seen.near_side}
    lifted = {"shoulder_lift_left": 0.25, "shoulder_lift_right": 0.25}
    found = {fault.side for fault in twisted(lifted, seen).faults}
    assert found == ({"left", "right"} if far_too else near)


@pytest.mark.parametrize("hidden", SAGITTAL)
def test_a_bridge_is_told_from_one_hip_where_the_other_hides(hidden: str) -> None:
    knees = {"knee_flexion_left": 90.0, "knee_flexion_right": 90.0}
    rest: Numbers = dict.fromkeys(SAGITTAL, 50.0) | {"pelvis_lift": 0.0} | knees
    lifted: Numbers = {**dict.fromkeys(SAGITTAL, 5.0), hidden: None, "pelvis_lift": 0.5}
    moves: Segments = [(1, rest), (1.5, lifted), (2, lifted), (1.5, rest), (1, rest)]
    result = judge("bridge", numbers(rest, moves))
    assert (result.verdict, result.reps) == ("good", 1)


@pytest.mark.parametrize(("view", "verdict"), [("side", "fault"), ("top", "fault"), ("oblique", "good")])
def test_an_arched_back_is_judged_by_a_camera_that_looks_across_the_body(view: str, verdict: str) -> None:
    knees = {"knee_flexion_left": 90.0, "knee_flexion_right": 90.0}
    rest = dict.fromkeys(SAGITTAL, 50.0) | {"pelvis_lift": 0.0} | knees
    arched = dict.fromkeys(SAGITTAL, -40.0) | {"pelvis_lift": 0.5}
    moves: Segments = [(1, rest), (1.5, arched), (2, arched), (1.5, rest), (1, rest)]
    result = judge("bridge", numbers(rest, moves, baseline=baseline_seen_from(view)))
    assert (result.verdict, set(names(result))) == (verdict, {"over_arched"} if verdict == "fault" else set())


def test_nothing_of_a_body_that_sits_is_believed() -> None:
    sits = replace(baseline_seen_from(), posture="upright")
    assert held((2, DOWN), baseline=sits).positions == ()


def test_a_fault_is_not_judged_while_the_body_seems_to_lie_otherwise() -> None:
    on_a_side = replace(baseline_seen_from(), posture="left_side")
    assert "head_lifted" not in names(held(step(**UP), (2, UP), baseline=on_a_side))


@pytest.mark.parametrize(("limit", "verdict"), [(0.1, "fault"), (0.25, "fault"), (0.4, "good")])
def test_a_limit_may_be_overridden(limit: float, verdict: str) -> None:
    assert held(step(**UP), (2, UP), head_lifted=limit).verdict == verdict


#: The measure by which the knees are found apart.
(KNEES,) = next(
    rule.values[None].names for rule in CATALOGUE["spinal_twist"].rules if rule.name == "knees_apart"
)
TWIST = {
    "trunk_rotation": 0.0,
    "knees_lowered": 0.0,
    "shoulder_lift_left": 0.0,
    "shoulder_lift_right": 0.0,
    KNEES: 0.3,
    "shoulder_abduction_left": 88.0,
    "shoulder_abduction_right": 88.0,
    "hand_ahead_left": 0.0,
    "hand_ahead_right": 0.0,
}
TURNED = {"trunk_rotation": 60.0, "knees_lowered": 60.0}
BACK = {"trunk_rotation": 0.0, "knees_lowered": 0.0, KNEES: 0.3}


def twisted(during: Mapping[str, float], baseline: Baseline | None = None) -> Result:
    """A twist to the left, with `during` for as long as it is held."""
    segments = [(1, TWIST), (1.5, {**TURNED, **during}), (3, {**TURNED, **during}), (1.5, TWIST), (1, TWIST)]
    return judge("spinal_twist", numbers(TWIST, segments, baseline=baseline))


@pytest.mark.parametrize(
    ("during", "named"),
    [
        ({"shoulder_lift_left": 0.3}, [("shoulder_lifted", "left")]),
        ({"shoulder_lift_right": 0.3}, [("shoulder_lifted", "right")]),
        (
            {"shoulder_lift_left": 0.3, "shoulder_lift_right": 0.3},
            [("shoulder_lifted", "left"), ("shoulder_lifted", "right")],
        ),
        ({"shoulder_lift_left": 0.1}, []),
        ({"shoulder_lift_left": -0.3}, []),
        ({"shoulder_abduction_left": 20.0, "hand_ahead_left": -1.0}, [("arms_not_out", "left")]),
        ({"shoulder_abduction_right": 20.0, "hand_ahead_right": -1.0}, [("arms_not_out", "right")]),
        ({"shoulder_abduction_left": 58.0, "hand_ahead_left": -0.47}, []),  # it points at the camera
        ({"shoulder_abduction_left": 60.0, "hand_ahead_left": -1.0}, [("arms_not_out", "left")]),
        ({KNEES: 0.9}, [("knees_apart", None)]),
        ({KNEES: 0.5}, []),
    ],
)
def test_a_fault_names_the_side_it_concerns(
    during: dict[str, float], named: list[tuple[str, str | None]]
) -> None:
    assert sorted({(f.name, f.side) for f in twisted(during).faults}, key=str) == sorted(named, key=str)


def test_one_side_that_cannot_be_told_is_not_made_good_by_the_other() -> None:
    """Where heights are off by 0.04, a shoulder at 0.1 may be lifted, which reads low, one at -0.1 not."""
    lifted = {"shoulder_lift_left": -0.1, "shoulder_lift_right": 0.1}
    segments = [(1, TWIST), (1.5, {**TURNED, **lifted}), (3, {**TURNED, **lifted}), (1.5, TWIST), (1, TWIST)]
    shaken = dict.fromkeys(lifted, 0.04)
    found = [replace(one, deviations=shaken) for one in numbers(TWIST, segments)]
    result = judge("spinal_twist", found)
    assert result.verdict == "good"
    assert Note("fault_not_judged", {"fault": "shoulder_lifted"}) in result.notes


@pytest.mark.parametrize(("held_s", "verdict"), [(0.1, "unseen"), (1.5, "good")])
def test_a_moment_in_position_is_no_performance(held_s: float, verdict: str) -> None:
    """One tremble of knees that are hardly seen was a good rotation."""
    rest = {**TWIST, "knee_flexion_left": 90.0, "knee_flexion_right": 90.0, "heel_lift_left": 0.0}
    to = {"trunk_rotation": 36.0, "knees_lowered": 36.0}
    segments = [(3, rest), (0.2, to), (held_s, to), (0.2, BACK), (5, BACK)]
    assert judge("lumbar_rotation", numbers(rest, segments)).verdict == verdict


def test_the_final_shape_is_judged_once_the_move_has_settled() -> None:
    on_the_way: Segments = [
        (1, TWIST),
        (1.5, TURNED | {KNEES: 0.9}),
        (0.3, BACK | TURNED | {KNEES: 0.3}),
    ]
    held_well: Segments = [(3, TURNED | {KNEES: 0.3}), (1.5, BACK), (1, BACK)]
    assert judge("spinal_twist", numbers(TWIST, on_the_way + held_well)).verdict == "good"


@pytest.mark.parametrize(
    ("hip", "faults", "judged"), [(-52, ["over_arched"], True), (-20, [], False), (5, [], True)]
)
def test_an_arched_back_is_told_at_an_angle_where_it_is_far_beyond_its_limit(
    hip: float, faults: list[str], judged: bool
) -> None:
    """One hip is hidden then, often."""
    rest: Numbers = {SAGITTAL[0]: 55.0, "knee_flexion_left": 90.0, "pelvic_tilt": 0.0}
    up: Numbers = {SAGITTAL[0]: hip, "pelvic_tilt": 120.0}
    moves: Segments = [(1, rest), (1.5, up), (3, up), (1.5, rest), (1, rest)]
    result = judge("bridge", numbers(rest, moves, baseline=baseline_seen_from("oblique")))
    assert names(result) == faults
    assert (Note("fault_not_judged", {"fault": "over_arched"}) not in result.notes) == judged


def test_some_rules_hold_out_of_position_as_well() -> None:
    rest = {"pelvic_tilt": 0.0, "pelvis_lift": 0.0, "heel_lift_left": 0.0, "heel_lift_right": 0.0}
    up = {"pelvis_lift": 0.3}
    result = judge("pelvic_tilt", numbers(rest, [(1, rest), (1, up), (2, up), (1, rest), (1, rest)]))
    assert names(result) == ["hips_lifted"]


def test_a_value_that_may_be_on_either_side_of_its_limit_is_no_fault_and_is_said_to_be_unjudged() -> None:
    segments: Segments = [
        (1, REST),
        (1.4, IN),
        (0.6, IN),
        step(**UP),
        (3, UP),
        step(**DOWN),
        (1.5, OUT),
        (1, OUT),
    ]
    unsure = [replace(found, deviations={"head_lift": 0.2}) for found in numbers(REST, segments)]
    sure = [replace(found, deviations={"head_lift": 0.1}) for found in numbers(REST, segments)]
    assert names(judge("knee_to_chest", sure)) == ["head_lifted"]
    assert judge("knee_to_chest", unsure).verdict == "good"
    assert Note("fault_not_judged", {"fault": "head_lifted"}) in judge("knee_to_chest", unsure).notes


@pytest.mark.parametrize(("deviation", "verdict"), [(2.0, "fault"), (8.0, "unseen")])
def test_an_attempt_that_may_have_been_deep_enough_is_unseen(deviation: float, verdict: str) -> None:
    short: Numbers = {"hip_flexion_left": 84.0, "heel_lift_left": 0.5}
    segments: Segments = [(1, REST), (1.4, short), (3, short), (1.5, OUT), (1, OUT)]
    frames = [replace(found, deviations={"hip_flexion_left": deviation}) for found in numbers(REST, segments)]
    assert judge("knee_to_chest", frames).verdict == verdict


def test_what_is_no_lift_above_a_rest_that_was_taken_in_position_is_not_judged() -> None:
    segments: Segments = [(4, {**IN, "head_lift": 0.0}), (1.5, {**OUT, "head_lift": -0.3}), (1, OUT)]
    result = judge("knee_to_chest", numbers({**REST, **IN, "head_lift": 0.0}, segments))
    assert names(result) == []
    assert Note("fault_not_shown", {"fault": "head_lifted"}) in result.notes


def test_a_rest_that_was_seen_before_holds_for_whoever_is_in_position_already() -> None:
    judging = Judge(CATALOGUE["knee_to_chest"], rested=True)
    for found in numbers({**REST, **IN, "head_lift": 0.0}, [(4, {**IN, "head_lift": 0.0})]):
        judging.update(found, found.t_s)
    assert Note("fault_not_judged", {"fault": "head_lifted"}) not in judging.result().notes


def test_what_is_lifted_above_such_a_rest_is_lifted_all_the_more() -> None:
    lifted = {**IN, "head_lift": 0.3}
    segments: Segments = [(2, {**IN, "head_lift": 0.0}), (0.5, lifted), (3, lifted)]
    assert names(judge("knee_to_chest", numbers({**REST, **IN, "head_lift": 0.0}, segments))) == [
        "head_lifted"
    ]


@pytest.mark.parametrize(("side", "faults"), [("near", ["shins_not_vertical"]), ("far", [])])
def test_of_the_shin_further_away_more_is_asked(side: str, faults: list[str]) -> None:
    lies = baseline_seen_from()
    far = "right" if lies.near_side == "left" else "left"
    tilted = {"shin_tilt_left": 5.0, "shin_tilt_right": 5.0}
    tilted[f"shin_tilt_{lies.near_side if side == 'near' else far}"] = 33.0
    deep = {f"{name}_{leg}": value for leg in ("left", "right") for name, value in _BABY.items()}
    segments: Segments = [
        (1, {}),
        (1.4, {**deep, **tilted}),
        (8, {}),
        (1.4, dict.fromkeys(deep, 50.0)),
        (1, {}),
    ]
    result = judge("happy_baby", numbers(dict.fromkeys(deep, 50.0) | tilted, segments, baseline=lies))
    assert names(result) == faults


_BABY = {"hip_flexion": 125.0, "hip_flexion_by_fit": 125.0, "hand_to_foot": 0.1}


def test_a_final_shape_that_is_cut_off_before_it_settles_is_not_said_to_be_hidden_from_the_view() -> None:
    result = judge("spinal_twist", numbers(TWIST, [(1, TWIST), (2.0, TURNED)]))
    assert Note("fault_not_shown", {"fault": "knees_apart"}) in result.notes
    assert Note("fault_not_judged", {"fault": "knees_apart"}) not in result.notes


@pytest.mark.parametrize(("view", "bounces"), [("side", True), ("oblique", False)])
def test_knees_that_seem_to_go_to_and_fro_at_an_angle_do_not_bounce(view: str, bounces: bool) -> None:
    """At an angle they seem to by as much as their turn may be off."""
    off = {"trunk_rotation": 20.0} if view == "oblique" else {}
    there, back = dict(TURNED, knees_height=0.0), dict(TURNED, knees_height=0.18)
    segments: Segments = [(1, TWIST), (2.0, there), (1, there), *[(0.4, back), (0.4, there)] * 5, (2, TWIST)]
    frames = numbers(TWIST, segments, baseline=baseline_seen_from(view))
    result = judge("spinal_twist", [replace(found, deviations=off) for found in frames])
    assert ("bouncing" in names(result)) == bounces
