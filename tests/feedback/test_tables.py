"""What tables show, and how they fit."""

import io

from rich.console import Console, RenderableType

from posecoach.assessment.results import Result
from posecoach.feedback import tables


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
