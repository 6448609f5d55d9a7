"""Clips by their addresses: found, fetched and removed again."""

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from posecoach.core.errors import SourceError
from posecoach.session import remote
from posecoach.session.study import clips_of
from tests.conftest import Run

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def store(short_clip: Path) -> Iterator[str]:
    """A folder in memory with a clip, and one that is none."""
    files = fsspec.filesystem("memory")
    files.pipe("/study/a.mp4", short_clip.read_bytes())
    files.pipe("/study/deeper/b.MP4", b"no video")
    files.pipe("/study/notes.md", b"x")
    yield "memory://study"
    files.rm("/study", recursive=True)


def test_folders_patterns_and_lists_of_addresses(store: str, tmp_path: Path) -> None:
    both = [f"memory:///study/{name}" for name in ("a.mp4", "deeper/b.MP4")]
    assert clips_of([store]) == both
    assert clips_of([f"{store}/*.mp4"]) == both[:1]
    assert clips_of([f"{store}/none.mp4"]) == [f"{store}/none.mp4"]  # judging says that it is not there
    (tmp_path / "list.txt").write_text(f"{both[1]}\nhere.mp4\n", "utf-8")
    assert clips_of([tmp_path / "list.txt"]) == [both[1], tmp_path / "here.mp4"]


def test_clips_are_fetched_judged_and_removed(
    posecoach: Run, store: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    out = tmp_path / "out.jsonl"
    names = (store, f"{store}/gone.mp4")
    status, _, errors = posecoach("score", *names, "--exercise", "bridge", "--jobs", 1, "--json", out)
    assert status == 1
    rows = {row["clip"]: row for row in map(json.loads, out.read_text("utf-8").splitlines())}
    assert rows["memory:///study/a.mp4"]["frames"] == 24
    assert rows["memory:///study/deeper/b.MP4"]["error"].startswith(
        "memory:///study/deeper/b.MP4 is not a video"
    )
    assert "cannot be read" in rows["memory://study/gone.mp4"]["error"]
    assert "unforeseen" not in errors
    assert not list((tmp_path / "temporary").iterdir())


def test_an_address_of_no_known_kind_is_told_by_one_sentence() -> None:
    with pytest.raises(SourceError, match=r"nowhere://x/ cannot be read"):
        remote.found("nowhere://x/", {".mp4"})


def test_the_name_at_the_end_of_an_address() -> None:
    assert remote.name_of("https://clinic/a/b.mp4?key=1") == "b.mp4"
    assert remote.name_of("s3://bucket") == "bucket"
