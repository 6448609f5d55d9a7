"""How tables of clips fit the terminal."""

from pathlib import Path

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
