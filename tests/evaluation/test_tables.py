"""How tables of clips fit the terminal."""

from dataclasses import replace
from pathlib import Path

from posecoach.assessment.results import Note
from posecoach.evaluation import tables
from posecoach.evaluation.agreement import compare
from tests.evaluation.test_agreement import label, result
from tests.feedback.test_tables import printed


def test_a_narrow_terminal_breaks_no_name_in_a_word() -> None:
    name = "double_knees_to_chest-pelvis_lifted-both-oblique-rc"
    found = result("fault", ("pelvis_lifted",))
    compared = [compare(label(clip=Path(f"{name}.mp4"), verdict="fault", faults=("pelvis_lifted",)), found)]
    for table in (tables.clips([(f"{name}.mp4", found)], True), tables.agreements(compared, True)):
        text = printed(table)
        assert "double_knees_to_chest-" in text
        assert "pelvis_lifted-both-" in text
        assert max(map(len, text.splitlines())) <= 80


def test_what_was_doubtful_about_a_clip_stands_below_the_table() -> None:
    doubtful = replace(result("good"), notes=(Note("picture_gap"), Note("tempo_not_judged")))
    [line] = tables.notes([("a\x1b.mp4", result("good")), ("b\x1b.mp4", doubtful)])
    assert line.plain.startswith("b\\x1b.mp4: Pictures are missing for a while")
    assert "haste" in line.plain
