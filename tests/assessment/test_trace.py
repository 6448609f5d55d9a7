import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.trace import STEP_S, Tracing


def test_a_curve_has_few_points_and_a_frame_that_jumps_is_not_among_them() -> None:
    tracing = Tracing(CATALOGUE["knee_to_chest"], "left", {})
    for frame in range(300):
        jump = 170.0 if frame == 150 else 98.0
        tracing.add(10 + frame / 30, {"hip_flexion_left": jump, "hip_flexion_right": 50.0})
    (trace,) = tracing.traces()
    assert len(trace.t_s) == len(trace.value) == pytest.approx(10 / STEP_S, abs=9)
    assert trace.t_s[0] == 10
    assert (trace.side, trace.enter, trace.above) == ("left", 100, None)
    assert trace.peak == 100  # as limits mean it: between the joints' centres


def test_what_is_not_seen_is_a_gap() -> None:
    tracing = Tracing(CATALOGUE["press_up"], "both", {"enter": 15})
    for frame in range(30):
        tracing.add(frame / 10, {"trunk_inclination": None if 10 <= frame < 20 else 5.0})
    (trace,) = tracing.traces()
    assert {t >= 1 and t < 2 for t, value in zip(trace.t_s, trace.value, strict=True) if value is None} == {
        True
    }
    assert (trace.enter, trace.above) == (15, 40)


def test_an_exercise_that_alternates_has_two_and_one_that_is_timed_none() -> None:
    rotation = Tracing(CATALOGUE["lumbar_rotation"], "both", {})
    rotation.add(0, {"trunk_rotation": 30.0})
    assert [(trace.side, trace.peak) for trace in rotation.traces()] == [("left", 30), ("right", -30)]
    tilt = Tracing(CATALOGUE["pelvic_tilt"], "both", {})
    tilt.add(0, {"pelvic_tilt": 3.0})
    assert tilt.traces() == ()


def test_a_step_that_never_began_has_an_empty_curve() -> None:
    (trace,) = Tracing(CATALOGUE["bridge"], "both", {}).traces()
    assert trace.peak is None
