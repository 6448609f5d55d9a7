import os
from pathlib import Path

import pytest

from posecoach.core import files
from posecoach.core.errors import OutputError


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


def test_a_folder_that_is_missing_is_said_to_be(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=f"there is no folder {tmp_path / 'none'}: make it"):
        files.ready(tmp_path / "none" / "out.json")


def test_a_folder_that_takes_no_files_is_not_said_to_be_missing() -> None:
    if not Path("/proc/self").exists():
        pytest.skip("there is no such folder here")
    with pytest.raises(OutputError, match="/proc is not a folder you may write to"):
        files.ready(Path("/proc/out.json"))


@pytest.mark.parametrize("name", ["n" * 5000, "a\0b"])
def test_names_that_no_file_can_have_are_a_sentence_too(tmp_path: Path, name: str) -> None:
    assert files.there(tmp_path / name) is None
    for use in (files.ready, files.ready_folder, lambda path: files.write(path, "")):
        with pytest.raises(OutputError, match="cannot be"):
            use(tmp_path / name)


posix = pytest.mark.skipif(os.name == "nt", reason="links, pipes and permissions as POSIX has them")


@posix
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    target, link, dangling = tmp_path / "target", tmp_path / "link", tmp_path / "dangling"
    target.write_text("old", "utf-8")
    link.symlink_to(target)
    dangling.symlink_to(tmp_path / "new")
    for path in (link, dangling):
        files.write(files.ready(path), "text")
        assert path.is_symlink()
        assert path.read_text("utf-8") == "text"
    assert target.read_text("utf-8") == "text"
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(OutputError, match="cannot be written"):
        files.write(loop, "text")


@posix
def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        files.write(files.ready(pipe), "text")
        assert os.read(reader, 100) == b"text"
    finally:
        os.close(reader)
    assert pipe.is_fifo()


@posix
def test_permissions_are_kept_or_what_the_umask_leaves(tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.touch()
    old.chmod(0o600)
    before = os.umask(0o027)
    try:
        files.write(old, "text")
        files.write(new, "text")
    finally:
        os.umask(before)
    assert (old.stat().st_mode & 0o777, new.stat().st_mode & 0o777) == (0o600, 0o640)


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


@posix
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "settings.toml")
    with pytest.raises(OSError, match="a pipe or a device"):
        files.toml(tmp_path / "settings.toml")
    with pytest.raises(OSError, match="a pipe or a device"):
        files.toml(Path(os.devnull))
