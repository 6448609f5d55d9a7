"""What tables show, and how they fit."""

import io

from rich.console import Console, RenderableType

from posecoach.assessment.results import Fault, Measured, Result
from posecoach.feedback import everyday, tables


def printed(table: RenderableType, width: int = 80) -> str:
    console = Console(file=(text := io.StringIO()), width=width)
    console.print(table)
    return text.getvalue()


def test_a_step_that_was_never_performed_shows_only_what_says_something() -> None:
    left_out = Result("bridge", "both", 0.0, 40, 0.9, "not_performed", notes=("Never begun",), step=1)
    (table,) = tables.results([left_out])
    text = printed(table)
    assert "Never begun" in text
    for nothing in ("of 100", "length", "peaks"):
        assert nothing not in text


def test_the_largest_values_have_their_units() -> None:
    peaks = {"hip_flexion_left": 118.6, "hip_flexion_right": -0.2, "pelvis_lift": 0.3}
    (table,) = tables.results([Result("bridge", "both", 9.0, 40, 0.9, "good", peaks=peaks)])
    text = printed(table)
    assert "hip flexion left 119°, right 0°" in text
    assert "pelvis lift 0.30 torso lengths" in text


def test_whoever_asks_for_details_sees_what_a_fault_measured_beside_its_limit() -> None:
    faults = (
        Fault("shoulder_lifted", "left", 2.0, 4.0, Measured("shoulder_lifted", 0.15, 0.188)),
        Fault("shoulder_lifted", "right", 5.0, 6.0),
    )
    twist = Result("spinal_twist", "left", 9.0, 40, 0.9, "fault", faults)
    text = printed(next(iter(tables.results([twist]))), width=120)
    assert "shoulder lifted (left), 2.0 to 4.0 s, 0.19 torso lengths (limit 0.15)" in text
    assert "shoulder lifted (right), 5.0 to 6.0 s " in text
    by_nose = Fault("head_lifted", None, 2.0, 4.0, Measured("nose_nearer", 0.13, 0.2))
    assert tables.measured("hamstring", by_nose) == "nose nearer 0.20 torso lengths (limit 0.13)"
    low = Fault("hips_low", None, 2.0, 4.0, Measured("hips_low", -25.0, -47.6))
    assert tables.measured("bridge", low) == "-48° (limit -25°)"
    bent = Fault("hips_low", None, 2.0, 4.0, Measured("hips_low", -25.0, -25.3))
    assert tables.measured("bridge", bent) == "-25.3° (limit -25.0°)", "or it would read as within its limit"
    barely = Fault("shoulder_lifted", "left", 2.0, 4.0, Measured("shoulder_lifted", 0.15, 0.1512))
    assert tables.measured("spinal_twist", barely) == "0.151 torso lengths (limit 0.150)"
    assert "limit" not in printed(everyday.table([twist]), width=120), "no number for the patient"
