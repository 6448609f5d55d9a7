import os
from pathlib import Path

import pytest

from posecoach import files
from posecoach.errors import OutputError


def test_a_file_is_written_whole_and_nothing_else_is_left(tmp_path: Path) -> None:
    target = tmp_path / "out.json"
    target.write_text("old", "utf-8")
    files.write(files.ready(target), "new\n")
    assert target.read_text("utf-8") == "new\n"
    assert list(tmp_path.iterdir()) == [target]


def test_a_place_that_cannot_be_written_is_named_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path / "none" / "out.json", tmp_path / "file" / "out.json", tmp_path):
        with pytest.raises(OutputError, match=str(place)):
            files.ready(place)
    with pytest.raises(OutputError, match="cannot be made"):
        files.ready_folder(tmp_path / "file" / "folder")
    assert files.ready_folder(tmp_path / "a" / "b").is_dir()


def test_a_folder_without_permission_is_named(tmp_path: Path) -> None:
    if os.name == "nt" or os.geteuid() == 0:
        pytest.skip("this user may write everywhere")
    tmp_path.chmod(0o500)
    with pytest.raises(OutputError, match="Permission denied"):
        files.ready(tmp_path / "out.json")


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "out.json"
    target.write_text("old", "utf-8")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutputError, match="No space left"):
        files.write(target, "new")
    assert target.read_text("utf-8") == "old"
    assert list(tmp_path.iterdir()) == [target]
