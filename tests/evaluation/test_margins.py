"""How far clips lie from the limits: what the page shows of each rule."""

import pytest

from posecoach.evaluation.agreement import compare
from posecoach.evaluation.failure_cases import Case
from posecoach.evaluation.margins import margins
from posecoach.session.batch import Bodies
from posecoach.session.measurement_log import MeasurementLog
from tests.evaluation.test_agreement import label, result


def pressed_up(lift: float, peak: float, *faults: str) -> Case:
    """A press-up at 12 frames a second whose pelvis is lifted, and for three frames higher still."""
    track = MeasurementLog()
    for index in range(60):
        phase = "hold" if 12 <= index < 48 else "rest"
        value = (peak if index < 15 else lift) if phase == "hold" else 0.0
        track.add(index / 12, phase, {"pelvis_lift": value, "trunk_inclination": 20.0})
    told = label(exercise="press_up", verdict="fault" if faults else "good", faults=faults)
    found = result()
    return Case(told, found, track, Bodies([None] * 60, [0] * 60), compare(told, found))


def test_each_clip_counts_by_what_lasted_as_long_as_a_fault_does() -> None:
    cases = [pressed_up(0.02, 0.5), pressed_up(0.04, 0.5), pressed_up(0.3, 0.3, "pelvis_lifted")]
    [margin] = [one for one in margins(cases) if one.rule == "pelvis_lifted"]
    assert margin.good == [0.02, 0.04]
    assert margin.faulty == [0.3]
    assert max(margin.good) < margin.limit < min(margin.faulty)
    assert margin.apart is None


def test_how_far_good_and_faulty_clips_are_apart_is_in_deviations() -> None:
    cases = [pressed_up(x, x) for x in (0.0, 0.02)] + [pressed_up(x, x, "pelvis_lifted") for x in (0.3, 0.32)]
    [margin] = [one for one in margins(cases) if one.rule == "pelvis_lifted"]
    assert margin.apart == pytest.approx(30)


@pytest.mark.parametrize("view", ["side", "oblique", "top"])
def test_a_clip_counts_once_for_a_limit_that_two_rules_share(view: str) -> None:
    """An arched back is judged by one rule across the body and by another at an angle."""
    track = MeasurementLog()
    for index in range(60):
        track.add(index / 12, "hold", {"hip_sagittal_left": 5.0, "hip_sagittal_right": 5.0})
    told, found = label(exercise="bridge", view=view), result()
    cases = [Case(told, found, track, Bodies([None] * 60, [0] * 60), compare(told, found))]
    [margin] = [one for one in margins(cases) if one.rule == "over_arched"]
    assert margin.good == [5.0]
