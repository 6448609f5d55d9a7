"""The sample clips are complete and small. Whether they are judged right is in `test_score`."""

import csv
from pathlib import Path

import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.evaluation import labels
from tests.conftest import SAMPLES

LABELS = SAMPLES / "labels.csv"


@pytest.mark.parametrize("exercise", CATALOGUE)
def test_every_exercise_is_shown_good_and_faulty(exercise: str) -> None:
    rows = labels.load(LABELS, exercise)
    assert {"good", "fault"} <= {row.verdict for row in rows}
    for row in rows:
        assert row.clip.parent.name == exercise
        assert bool(row.faults) == (row.verdict == "fault")


def test_every_clip_is_ours_and_has_its_truth() -> None:
    with LABELS.open(encoding="utf-8", newline="") as file:
        origins = {row["origin"] for row in csv.DictReader(file)}
    assert origins == {"ours"}
    for row in labels.load(LABELS):
        assert row.truth == row.clip.with_suffix(".csv")
        assert len(labels.truth(row.truth, row.clip)["t_s"]) > 50


def test_nothing_lies_there_without_a_label_and_all_is_small() -> None:
    labelled = {path for row in labels.load(LABELS) for path in (row.clip, row.truth)}
    clips = {path for path in SAMPLES.rglob("*") if path.is_file() and path.parent != SAMPLES}
    assert clips == labelled
    assert sum(Path(path).stat().st_size for path in SAMPLES.rglob("*") if path.is_file()) < 12e6
