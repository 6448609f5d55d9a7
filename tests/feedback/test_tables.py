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
