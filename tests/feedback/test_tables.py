"""What tables show, and how they fit."""

import io
from pathlib import Path

from rich.console import Console, RenderableType

from posecoach.assessment.results import Result
from posecoach.evaluation.agreement import compare
from posecoach.feedback import tables
from tests.evaluation.test_agreement import label, result


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


def test_a_narrow_terminal_breaks_no_name_in_a_word() -> None:
    name = "double_knees_to_chest-pelvis_lifted-both-oblique-rc"
    found = result("fault", ("pelvis_lifted",))
    compared = [compare(label(clip=Path(f"{name}.mp4"), verdict="fault", faults=("pelvis_lifted",)), found)]
    for table in (tables.clips([(f"{name}.mp4", found)], True), tables.agreements(compared, True)):
        text = printed(table)
        assert "double_knees_to_chest-" in text
        assert "pelvis_lifted-both-" in text
        assert max(map(len, text.splitlines())) <= 80
