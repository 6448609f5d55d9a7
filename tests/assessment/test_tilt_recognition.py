"""Pelvic tilts are recognised where they come again and nothing else is shown."""

from collections.abc import Sequence

import pytest

from posecoach.assessment.run_recognition import Shown, recognised
from posecoach.assessment.spans import timeline
from posecoach.assessment.tilt_recognition import with_tilts

FPS = 10
#: Seconds that frames show an exercise, a tilt or nothing.
Parts = Sequence[tuple[float, str]]
TILT, REST = (3.0, "tilt"), (3.0, "")


def frames(parts: Parts) -> list[Shown]:
    shown: list[Shown] = []
    for lasts_s, what in parts:
        for _ in range(round(lasts_s * FPS)):
            name = what if what not in ("tilt", "") else None
            shown.append(Shown(len(shown) / FPS, name, tilts=what == "tilt"))
    return shown


def exercise(*parts: tuple[float, str]) -> str | None:
    return recognised(with_tilts(frames(parts))).exercise


def test_a_tilt_that_comes_again_is_one() -> None:
    assert exercise(REST, TILT, REST, TILT, REST) == "pelvic_tilt"


@pytest.mark.parametrize(
    "parts",
    [
        [REST, TILT, REST],
        [REST, (1.0, "tilt"), REST, (1.0, "tilt"), REST],
        [REST, TILT, (20.0, ""), TILT, REST],
    ],
    ids=["once", "too short to be held", "long after one another"],
)
def test_other_small_moves_are_none(parts: Parts) -> None:
    assert exercise(*parts) is None


def test_what_tilts_before_and_after_another_exercise_belongs_to_that() -> None:
    assert exercise(REST, TILT, (5.0, "bridge"), TILT, REST) == "bridge"


def test_tilts_after_another_exercise_have_a_span_of_their_own() -> None:
    first = [REST, (3.0, "bridge"), REST, (3.0, "bridge"), REST]
    spans = timeline(with_tilts(frames([*first, TILT, REST, TILT, REST])))
    assert [span.recognition.exercise for span in spans] == ["bridge", "pelvic_tilt"]
    assert spans[0].end_s < 15 <= spans[1].end_s
