"""The rows of a study: their cells, and that what cannot be written is said."""

import csv
import shutil
from pathlib import Path

import pytest

from posecoach.assessment.results import Position, Result
from posecoach.core.errors import OutputError
from posecoach.core.types import Side
from posecoach.feedback.rows import CsvRows, ParquetRows

HELD = (Position("left", 1.0, 11.0), Position("right", 5.0, 17.0), Position("left", 20.0, 23.5))


@pytest.mark.parametrize(("side", "seconds"), [("left", "13.5"), ("right", "12.0"), ("both", "19.5")])
def test_the_time_in_position_is_that_of_the_side_and_no_moment_counts_twice(
    tmp_path: Path, side: Side, seconds: str
) -> None:
    result = Result("knee_to_chest", side, 30.0, 300, 1.0, "good", positions=HELD)
    rows = CsvRows(tmp_path / "rows.csv")
    rows.write(result.as_dict("a.mp4"))
    rows.close()
    with (tmp_path / "rows.csv").open(encoding="utf-8") as file:
        assert [row["in_position_s"] for row in csv.DictReader(file)] == [seconds]


def test_a_folder_that_is_gone_at_the_end_is_said(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    folder = tmp_path / "rows"
    folder.mkdir()
    rows = ParquetRows(folder / "rows.parquet")
    while not any(folder.iterdir()):  # rows are written in groups
        rows.write({"clip": "a.mp4"})
    shutil.rmtree(folder)
    with pytest.raises(OutputError, match=r"rows\.parquet"):
        rows.close()
