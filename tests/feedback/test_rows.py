"""The rows of a study: what cannot be written is said."""

import shutil
from pathlib import Path

import pytest

from posecoach.core.errors import OutputError
from posecoach.feedback.rows import ParquetRows


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
