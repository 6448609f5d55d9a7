from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecoach.assessment.results import Fault, Position, Result
from posecoach.evaluation.agreement import beside_truth, compare, confusion, tally
from posecoach.evaluation.labels import Label


def label(**values: Any) -> Label:
    facts: dict[str, Any] = {
        "name": "a.mp4",
        "clip": Path("a.mp4"),
        "truth": None,
        "exercise": "knee_to_chest",
        "side": "left",
        "view": "side",
        "near_side": "left",
        "hold_target_s": 10.0,
        "reps": 1,
        "holds_s": (10.0,),
        "verdict": "good",
        "faults": (),
    }
    return Label(**facts | values)


def result(verdict: str = "good", faults: tuple[str, ...] = (), **values: Any) -> Result:
    facts: dict[str, Any] = {
        "exercise": "knee_to_chest",
        "side": "left",
        "duration_s": 20.0,
        "frames": 600,
        "seen": 1.0,
        "faults": tuple(Fault(name, None, 1, 2) for name in faults),
        "positions": (Position("left", 3, 13.4),),
        "reps": 1,
    }
    return Result(**facts | {"verdict": verdict} | values)


@pytest.mark.parametrize(
    ("expected", "found", "wrong"),
    [
        (label(), result(), ()),
        (label(), result("fault", ("shallow",)), ("verdict",)),
        (label(), result(side="right"), ("side",)),
        (label(verdict="fault", faults=("shallow",)), result("fault", ("shallow", "head_lifted")), ()),
        (label(verdict="fault", faults=("shallow",)), result("fault", ("head_lifted",)), ("faults",)),
        (label(verdict="fault", faults=("shallow",)), result("good"), ("verdict", "faults")),
        (label(verdict="not_performed"), result("not_performed", side="both"), ()),
        (label(verdict="not_performed"), result("good"), ("verdict",)),
        (label(side=""), result(side="right"), ()),
    ],
)
def test_a_result_is_right_when_verdict_faults_and_side_are(
    expected: Label, found: Result, wrong: tuple[str, ...]
) -> None:
    agreement = compare(expected, found)
    assert agreement.wrong == wrong
    assert agreement.right is (not wrong)


@pytest.mark.parametrize(
    ("expected", "found"), [(label(), result("unseen", side="right")), (label(verdict=""), result("fault"))]
)
def test_unseen_and_unlabelled_clips_are_neither_right_nor_wrong(expected: Label, found: Result) -> None:
    assert compare(expected, found).right is None
    assert compare(expected, found).wrong == ()


def test_hold_and_repetition_errors_are_those_of_good_clips() -> None:
    positions = (Position("left", 0, 9), Position("left", 12, 14))
    agreement = compare(label(reps=1), result(positions=positions, reps=2))
    assert agreement.hold_errors_s == pytest.approx((1, 2))
    assert agreement.rep_error == 1
    assert compare(label(), result(positions=())).hold_errors_s == (10.0,)
    assert (
        compare(label(verdict="fault", faults=("shallow",)), result("fault", ("shallow",))).hold_errors_s
        == ()
    )


def test_angle_errors_are_taken_at_the_frames_times_and_only_where_seen() -> None:
    truth = {
        "t_s": np.array([0.0, 1.0]),
        "hip_flexion_left": np.array([0.0, 10.0]),
        "hip_flexion_left_surface": np.array([4.0, 14.0]),
        "trunk_inclination": np.array([0.0, 0.0]),
    }
    measures: dict[str, list[float | None]] = {
        "hip_flexion_left": [3.0, None, 13.0],
        "hip_flexion_right": [1.0, 1.0, 1.0],
        "trunk_inclination": [None, None, None],
    }
    [one] = beside_truth([0.0, 0.5, 1.0], measures, truth, near_side="left")
    error = one.error
    assert (error.measure, error.limb) == ("hip_flexion", "near")
    assert error.share == pytest.approx(2 / 3)
    assert (error.joints, error.surface, error.counted) == pytest.approx((3, 1, 1))
    np.testing.assert_array_equal(one.nearer, [4, 9, 14])


def test_a_direction_is_compared_the_short_way_round() -> None:
    truth = {
        "t_s": np.array([0.0, 1.0, 2.0]),
        "hip_sagittal_left": np.array([154.0, 179.0, -179.0]),
        "knee_flexion_left": np.array([154.0, 160.0, 160.0]),
    }
    measures: dict[str, list[float | None]] = {
        "hip_sagittal_left": [-166.0, None, -170.0],
        "knee_flexion_left": [-166.0, 160.0, 160.0],
    }
    times = [0.0, 1.0, 1.5]  # half-way from 179 to -179 it is 180, and not 0
    direction, flexion = (one.error for one in beside_truth(times, measures, truth, near_side="left"))
    assert (direction.joints, direction.share) == pytest.approx(((40 + 10) / 2, 2 / 3))
    assert flexion.joints == pytest.approx(320 / 3), "a flexion does not go round"


def test_truth_that_is_not_known_counts_nowhere() -> None:
    truth = {
        "t_s": np.array([0.0, 1.0]),
        "hip_flexion_left": np.array([10.0, np.nan]),
        "hip_flexion_left_surface": np.array([np.nan, np.nan]),
        "knee_flexion_left": np.array([np.nan, np.nan]),
    }
    measures = {"hip_flexion_left": [12.0, 90.0], "knee_flexion_left": [1.0, 1.0]}
    [one] = beside_truth([0.0, 1.0], measures, truth, near_side="left")
    assert (one.measure, one.error.joints, one.error.surface) == ("hip_flexion", 2, None)


def test_verdicts_are_tallied_and_confused_by_their_faults() -> None:
    compared = [
        compare(label(), result()),
        compare(label(), result("fault", ("rushed",))),
        compare(label(), result(side="right")),
        compare(label(verdict="fault", faults=("shallow",)), result("fault", ("rushed", "shallow"))),
        compare(label(verdict="fault", faults=("shallow",)), result("good")),
        compare(label(verdict="not_performed"), result("unseen")),
        compare(label(verdict=""), result("good")),
    ]
    counted = tally(compared)
    assert (counted.right, counted.wrong, counted.unseen, counted.unlabelled) == (2, 3, 1, 1)
    assert (counted.wrong_good, counted.false_fault) == (1, 1)
    assert counted.judged == pytest.approx(5 / 6)
    assert confusion(compared) == {
        ("good", "good"): 1,
        ("good", "rushed"): 1,
        ("good", "good (other side)"): 1,
        ("shallow", "shallow"): 1,
        ("shallow", "good"): 1,
        ("not_performed", "unseen"): 1,
    }


@pytest.mark.parametrize(
    ("measure", "near_side", "limb"),
    [
        ("hip_flexion_left", "right", "far"),
        ("hip_flexion_right", "right", "near"),
        ("trunk_rotation", "right", ""),
        ("hip_flexion_left", "", ""),
    ],
)
def test_the_limb_nearer_the_camera_is_told_apart(measure: str, near_side: str, limb: str) -> None:
    [one] = beside_truth([0.0], {measure: [1.0]}, {"t_s": np.zeros(1), measure: np.zeros(1)}, near_side)
    assert one.limb == limb
    assert one.error.surface is None
    assert one.error.counted == 1
