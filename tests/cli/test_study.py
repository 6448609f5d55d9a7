"""Scoring many clips: folders, rows as they come, going on after an interruption, and kept landmarks."""

import csv
import hashlib
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecoach.assessment.results import Note
from posecoach.core import files
from posecoach.core.errors import InputError, OutputError
from posecoach.core.pose import Pose
from posecoach.feedback import rows
from posecoach.feedback.video import VideoWriter
from posecoach.session import landmarks
from posecoach.session.batch import Scored, Task
from posecoach.session.doubts import MARKS
from posecoach.session.landmarks import Kept
from posecoach.session.study import Study, clips_of
from posecoach.vision.source import Frame
from posecoach.vision.video_file import VideoFile
from tests.conftest import GOOD_CLIP, SAMPLES, Run
from tests.support.footage import video

EXERCISE = ("--exercise", "knee_to_chest", "--jobs", 1)


@pytest.fixture
def folder(short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with two clips, one in a folder of its own, and what is no clip."""
    monkeypatch.chdir(tmp_path)
    clips = tmp_path / "clips"
    (clips / "second").mkdir(parents=True)
    shutil.copy(short_clip, clips / "a.mp4")
    shutil.copy(GOOD_CLIP, clips / "second" / "b.mp4")
    (clips / "notes.txt").write_text("# both\na.mp4\n\nsecond/b.mp4\n", "utf-8")
    return clips


def two_exercises(path: Path) -> Path:
    """A video of a knee drawn to the chest, and then of bridges."""
    with VideoWriter(path, 12.0) as writer:
        begins_s = 0.0
        for clip in (GOOD_CLIP, SAMPLES / "bridge" / "bridge-good-both-side-la.mp4"):
            with VideoFile(clip) as source:
                for frame in source:
                    writer.write(frame.image, t_s := begins_s + frame.t_s)
            begins_s = t_s + 1 / 12
    return path


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def test_clips_are_found_in_folders_patterns_and_lists(folder: Path) -> None:
    both = [folder / "a.mp4", folder / "second" / "b.mp4"]
    assert clips_of([folder]) == both
    assert clips_of([folder / "**" / "*.mp4"]) == both
    assert clips_of([Path("clips") / "*.mp4"]) == [Path("clips") / "a.mp4"]
    assert clips_of([folder / "notes.txt"]) == both
    assert clips_of([Path("none.mp4")]) == [Path("none.mp4")]  # judging says that it is not there
    with pytest.raises(InputError, match="holds no clips"):
        clips_of([folder / "*.avi"])
    with pytest.raises(InputError, match="There is no list"):
        clips_of([Path("none.txt")])


def test_table_and_report_have_the_clips_in_the_order_they_were_named_in(
    posecoach: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def backwards(given: object, tasks: list[Task], model: bytes, done: Any, work: Study) -> None:
        for task in reversed(tasks):
            done(work(task, model, 1))

    monkeypatch.setattr("posecoach.cli.commands.study.judge_all", backwards)
    named = (folder / "a.mp4", folder / "broken.mp4", folder / "second" / "b.mp4")
    named[1].write_text("no video", "utf-8")
    _, output, _ = posecoach("score", *named, *EXERCISE, "--json", "out.jsonl", "--report", "out.html")
    assert output.index("a.mp4") < output.index("b.mp4")
    headed = [line for line in Path("out.html").read_text("utf-8").splitlines() if "<h2>" in line]
    assert [Path(line.removesuffix("</h2>")).name for line in headed] == ["a.mp4", "broken.mp4", "b.mp4"]
    assert [Path(row["clip"]).name for row in lines(Path("out.jsonl"))] == ["b.mp4", "broken.mp4", "a.mp4"]


def test_a_folder_becomes_rows_of_json_csv_and_parquet(posecoach: Run, folder: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    (folder / "broken.mp4").write_text("no video", "utf-8")
    outputs = ("--json", "out.jsonl", "--csv", "out.csv", "--parquet", "out.parquet", "--report", "out.html")
    status, output, errors = posecoach("score", folder, *EXERCISE, *outputs)
    assert status == 1
    page = Path("out.html").read_text("utf-8")
    assert page.count("<section") == 3
    assert "in position, at" in page
    assert "<polygon" in page
    assert "<img" not in page
    assert "b.mp4" in output
    assert errors.count("broken.mp4") == 1
    found = {Path(row["clip"]).name: row for row in lines(Path("out.jsonl"))}
    assert found["b.mp4"]["verdict"] == "good"
    assert len(found["b.mp4"]["content"]) == 64
    assert "is not a video" in found["broken.mp4"]["error"]
    with Path("out.csv").open(newline="", encoding="utf-8") as file:
        table = {Path(row["clip"]).name: row for row in csv.DictReader(file)}
    assert (table["b.mp4"]["verdict"], table["b.mp4"]["reps"]) == ("good", "1")
    assert table["broken.mp4"]["verdict"] == ""
    rows = {Path(row["clip"]).name: row for row in parquet.read_table("out.parquet").to_pylist()}
    assert (rows["b.mp4"]["verdict"], rows["b.mp4"]["score"]) == ("good", 100)
    assert rows["broken.mp4"]["error"] == found["broken.mp4"]["error"]


def test_a_name_that_is_no_text_is_escaped_alike_and_costs_no_other_clip(
    posecoach: Run, folder: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    try:
        Path(os.fsdecode(b"clips/a-\xff.mp4")).write_text("no video", "utf-8")
    except OSError:
        pytest.skip("this file system has no such names")
    outputs = ("--json", "out.jsonl", "--csv", "out.csv", "--parquet", "out.parquet", "--report", "out.html")
    _, output, errors = posecoach("score", folder, *EXERCISE, *outputs)
    escaped = r"a-\udcff.mp4"
    assert "b.mp4" in output
    assert escaped in errors
    assert "unforeseen" not in errors
    written = [row["clip"] for row in lines(Path("out.jsonl"))]
    with Path("out.csv").open(newline="", encoding="utf-8") as file:
        tables = (
            [row["clip"] for row in csv.DictReader(file)],
            [row["clip"] for row in parquet.read_table("out.parquet").to_pylist()],
        )
    for found in (written, *tables):
        assert [Path(name).name for name in found] == [escaped, "a.mp4", "b.mp4"]
    assert f"{escaped}</h2>" in Path("out.html").read_text("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="a lock there would keep files from being replaced")
@pytest.mark.parametrize("option", ["--json", "--csv"])
def test_a_second_run_on_the_same_rows_is_refused(posecoach: Run, folder: Path, option: str) -> None:
    asked = ("score", folder / "a.mp4", *EXERCISE, "--json", "out.jsonl", "--csv", "out.csv", "--resume")
    posecoach(*asked)
    before = Path("out.jsonl").read_bytes(), Path("out.csv").read_bytes()
    with files.Claims() as another:
        another.claim(Path("out.jsonl" if option == "--json" else "out.csv"))
        status, _, errors = posecoach(*asked)
    assert (status, errors.count("\n")) == (1, 1)
    assert "is being written by another run: wait until that is done, or name another file" in errors
    assert (Path("out.jsonl").read_bytes(), Path("out.csv").read_bytes()) == before
    assert posecoach(*asked)[0] == 0


def test_a_file_stays_claimed_where_an_earlier_run_goes_on_and_is_not_left_empty(folder: Path) -> None:
    journal, row = Path("out.jsonl"), {"clip": "a", "content": "1", "verdict": "good", "settings": {}}
    journal.write_text(json.dumps(row | {"side": "left", "faults": [], "positions": []}) + "\n", "utf-8")
    with files.Claims() as mine:
        mine.claim(journal)
        mine.claim(Path("out.csv"))
        assert rows.carry_over(journal, {}, (), mine) == {"1"}
        if sys.platform != "win32":
            with files.Claims() as another, pytest.raises(OutputError):
                another.claim(journal)
    assert journal.exists()
    assert not Path("out.csv").exists()


def test_people_are_on_the_page_only_when_asked_for(posecoach: Run, folder: Path) -> None:
    options = ("--report", "out.html", "--pictures")
    assert posecoach("score", folder / "a.mp4", *EXERCISE, *options)[0] == 0
    page = Path("out.html").read_text("utf-8")
    assert "data:image/jpeg;base64," in page
    assert "consider that before you pass it on" in page


def test_auto_detects_the_exercise_of_each_clip(posecoach: Run, folder: Path) -> None:
    posecoach("score", folder, "--exercise", "auto", "--jobs", 1, "--json", "out.jsonl")
    assert [row["exercise"] for row in lines(Path("out.jsonl"))] == [None, "knee_to_chest"]


def test_each_exercise_of_a_clip_is_a_row_that_says_from_when_to_when(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    monkeypatch.chdir(tmp_path)
    clip = two_exercises(tmp_path / "two.mp4")
    auto = ("--exercise", "auto", "--jobs", 1, "--json", "out.jsonl")
    outputs = ("--csv", "out.csv", "--parquet", "out.parquet", "--report", "out.html", "--frames", "frames")
    status, output, _ = posecoach("score", clip, *auto, *outputs)
    assert status == 0
    first, second = lines(Path("out.jsonl"))
    assert [(row["exercise"], row["verdict"], row["faults"]) for row in (first, second)] == [
        ("knee_to_chest", "good", []),
        ("bridge", "good", []),
    ]
    assert 17 < first["end_s"] == second["start_s"] < 24
    assert [(row["part"], row["parts"]) for row in (first, second)] == [(1, 2), (2, 2)]
    when = [f"{row['exercise']} {row['start_s']:.1f}-{row['end_s']:.1f}" for row in (first, second)]
    assert all(words in output for words in when)
    posecoach("check", clip, "--json", "check.jsonl")
    own = {"part", "parts", "settings", "content", "clip"}
    assert [{name: row[name] for name in row if name not in own} for row in (first, second)] == [
        {name: row[name] for name in row if name not in own} for row in lines(Path("check.jsonl"))
    ], "as check says"
    with Path("out.csv").open(newline="", encoding="utf-8") as file:
        table = list(csv.DictReader(file))
    columns = ("part", "parts", "start_s", "certainty", "runner_up")
    expected = [[row[name] for name in columns] for row in (first, second)]
    assert [
        [row[name] for name in columns] for row in parquet.read_table("out.parquet").to_pylist()
    ] == expected
    assert [[row[name] for name in columns] for row in table] == [
        ["" if value is None else str(value) for value in values] for values in expected
    ]
    page = Path("out.html").read_text("utf-8")
    assert "<h1>1 clip, 2 results</h1>" in page
    assert f"Bridge, {second['start_s']:.1f} to {second['end_s']:.1f} s" in page
    assert (
        len(Path("frames/two.csv").read_text("utf-8").splitlines()) == first["frames"] + second["frames"] + 1
    )
    # Kept landmarks give the same rows, and a run that ended between the two goes on with both.
    posecoach("score", clip, *auto[:-1], "kept.jsonl", "--landmarks", "kept")
    posecoach("score", "--landmarks", "kept", *auto[:-1], "again.jsonl")
    assert lines(Path("kept.jsonl")) == lines(Path("again.jsonl")) == [first, second]
    whole = Path("out.jsonl").read_text("utf-8")
    Path("out.jsonl").write_text(whole[: whole.index("\n") + 100], "utf-8")
    posecoach("score", clip, *auto, "--csv", "out.csv", "--resume")
    assert Path("out.jsonl").read_text("utf-8") == whole
    posecoach("score", clip, *auto, "--csv", "out.csv", "--resume")
    assert Path("out.jsonl").read_text("utf-8") == whole
    assert len(Path("out.csv").read_text("utf-8").splitlines()) == 3


def test_a_run_that_was_interrupted_goes_on_where_it_was(
    posecoach: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = VideoFile.__iter__

    def interrupt(self: VideoFile) -> Iterator[Frame]:
        if self.path.name == "b.mp4":
            raise KeyboardInterrupt
        yield from original(self)

    outputs = ("--json", "out.jsonl", "--csv", "out.csv")
    with monkeypatch.context() as patched:
        patched.setattr(VideoFile, "__iter__", interrupt)
        status, _, errors = posecoach("score", folder, *EXERCISE, *outputs)
    assert (status, "1 of 2 clips" in errors) == (130, True)
    with Path("out.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"clip": "failed.mp4", "content": "1", "error": "e"}\n{"clip": "cut o')
    (folder / "a.mp4").rename(folder / "renamed.mp4")  # it is known by what is in it
    status, output, _ = posecoach("score", folder, *EXERCISE, *outputs, "--resume")
    assert status == 0
    assert "1 skipped" in output or "b.mp4" in output
    assert [Path(row["clip"]).name for row in lines(Path("out.jsonl"))] == ["a.mp4", "b.mp4"]
    assert len(Path("out.csv").read_text("utf-8").splitlines()) == 3
    again = Path("out.jsonl").read_bytes()
    assert posecoach("score", folder, *EXERCISE, *outputs, "--resume")[0] == 0
    assert Path("out.jsonl").read_bytes() == again


@pytest.mark.parametrize("kept", [(), ("--landmarks", "kept")])
def test_a_clip_that_cannot_be_read_is_known_by_what_is_in_it(
    posecoach: Run, folder: Path, kept: tuple[str, ...]
) -> None:
    (folder / "b.mp4").write_bytes((folder / "a.mp4").read_bytes()[:400])
    known = hashlib.sha256((folder / "b.mp4").read_bytes()).hexdigest()
    outputs = ("--json", "out.jsonl", "--csv", "out.csv", *kept)
    for again in ((), ("--resume",), ("--resume",)):
        assert posecoach("score", folder, *EXERCISE, *outputs, *again)[0] == 1
        failed = [row for row in lines(Path("out.jsonl")) if "error" in row]
        assert [(row["clip"], row["content"]) for row in failed] == [(str(folder / "b.mp4"), known)]
    assert len(Path("out.csv").read_text("utf-8").splitlines()) == 4


def test_rows_of_other_settings_are_neither_taken_for_finished_nor_lost(posecoach: Run, folder: Path) -> None:
    posecoach("score", folder / "a.mp4", "--exercise", "auto", "--json", "out.jsonl", "--csv", "out.csv")
    before = Path("out.jsonl").read_bytes(), Path("out.csv").read_bytes()
    again = ("--json", "out.jsonl", "--csv", "out.csv", "--resume")
    status, _, errors = posecoach("score", folder, *EXERCISE, *again, "--hold", 20)
    assert (status, errors.count("\n")) == (2, 1)
    assert "out.jsonl was made with other settings (exercise auto, every 1)" in errors
    assert "name another --json file" in errors
    assert (Path("out.jsonl").read_bytes(), Path("out.csv").read_bytes()) == before
    status, output, _ = posecoach("score", folder / "a.mp4", "--exercise", "auto", *again)
    assert (status, "1 skipped" in output) == (0, True)


def test_kept_landmarks_get_the_verdicts_of_their_videos(
    posecoach: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def results(name: str) -> list[dict[str, Any]]:
        rows = [row | {"clip": Path(row["clip"]).name} for row in lines(Path(name))]
        return sorted(rows, key=lambda row: str(row["clip"]))

    video(folder / "gap.mp4", [*range(0, 800, 40), *range(3000, 3800, 40)])
    posecoach("score", folder, *EXERCISE, "--json", "video.jsonl")
    posecoach("score", folder, *EXERCISE, "--json", "kept.jsonl", "--landmarks", "kept")
    shutil.rmtree(folder)
    monkeypatch.setattr("posecoach.vision.model_bundle.load", lambda *_: pytest.fail("no model is needed"))
    status, _, _ = posecoach("score", "--landmarks", "kept", *EXERCISE, "--json", "again.jsonl")
    assert status == 0
    assert results("video.jsonl") == results("kept.jsonl") == results("again.jsonl")
    assert {"code": "picture_gap"} in results("again.jsonl")[2]["notes"]
    # A changed limit is judged again without the videos.
    limit = ("--limit", "enter=119", "--json", "changed.jsonl")
    posecoach("score", "--landmarks", "kept", *EXERCISE, *limit)
    assert results("changed.jsonl")[1]["positions"] != results("again.jsonl")[1]["positions"]


def test_kept_landmarks_are_compared_with_labels_without_their_videos(posecoach: Run, folder: Path) -> None:
    header = "clip,exercise,hold_target_s,verdict,faults"
    rows = [f"{folder.name}/{name},knee_to_chest,0,good," for name in ("a.mp4", "second/b.mp4")]
    labels = folder.parent / "labels.csv"
    labels.write_text("\n".join([header, *rows]) + "\n")
    told = ("score", "--labels", labels)
    video_status, from_video, _ = posecoach(*told)
    posecoach("score", folder, *EXERCISE, "--landmarks", "kept")
    shutil.rmtree(folder)
    status, output, errors = posecoach(*told, "--landmarks", "kept", "--json", "out.jsonl")
    assert (status, errors, output.splitlines()[-1]) == (video_status, "", from_video.splitlines()[-1])
    assert [row["clip"] for row in lines(Path("out.jsonl"))] == [row.split(",")[0] for row in rows]
    # What a changed limit makes of them is known in a moment.
    status, output, _ = posecoach(*told, "--landmarks", "kept", "--limit", "knee_to_chest.enter=149")
    assert (status, "0 right" in output) == (1, True)


def test_of_landmarks_that_lack_clips_of_the_labels_the_others_are_compared(
    posecoach: Run, folder: Path
) -> None:
    posecoach("score", folder / "a.mp4", *EXERCISE, "--landmarks", "kept")
    labels = folder.parent / "labels.csv"
    rows = ("a.mp4,knee_to_chest", "a.mp4,bridge", "c.mp4,bridge")
    labels.write_text("clip,exercise,verdict\n" + "".join(f"{row},not_performed\n" for row in rows))
    status, output, errors = posecoach("score", "--labels", labels, "--landmarks", "kept")
    assert "no landmarks of 1 of the clips" in errors
    assert (status, "2 right, 0 wrong" in output) == (0, True)
    status, _, errors = posecoach("score", "--labels", labels, "--landmarks", folder.parent / "nothing")
    assert (status, errors.count("\n"), "no clip in" in errors) == (2, 1, True)


def test_what_holds_no_landmarks_is_a_row_with_its_error(posecoach: Run, tmp_path: Path) -> None:
    for name, data in (("junk.npz", b"junk"), ("empty.npz", b"")):
        (tmp_path / name).write_bytes(data)
    status, _, errors = posecoach("score", "--landmarks", tmp_path, *EXERCISE, "--json", tmp_path / "out")
    assert status == 1
    assert errors.count("holds no landmarks") == 2
    assert [Path(row["clip"]).name for row in lines(tmp_path / "out")] == ["empty.npz", "junk.npz"]


@pytest.mark.parametrize(
    "changes",
    [
        {"t_s": np.zeros(3)},
        {"t_s": np.array(["0", "1", "2"])},
        {"t_s": np.array([0.0, np.nan, 2.0])},
        {"image": np.full((3, 33, 2), 1e300)},
        {"visibility": np.full((3, 33), np.nan)},
        {"size": (0, 48)},
        {"size": 7},
        {"found": np.array([True, True, False])},
        {"content": None},
        {"notes": '[["nonsense", {}]]'},
        {"notes": "[" * 9999},
        {"notes": '[["source_slow_motion", {"speed": 1}]]'},
        {"doubts": np.ones((2, 8), bool)},
        {"doubts": 1},
    ],
)
def test_damaged_landmarks_are_told_by_one_sentence(
    posecoach: Run, tmp_path: Path, changes: dict[str, Any]
) -> None:
    pose = Pose(0.0, np.ones((33, 2)), np.ones((33, 3)), np.ones(33), (64, 48))
    landmarks.save(tmp_path / "kept.npz", Kept("a", "1", [(float(index), pose) for index in range(3)]))
    with np.load(tmp_path / "kept.npz") as archive:
        columns = {name: archive[name] for name in archive.files} | changes
    np.savez(tmp_path / "kept.npz", **{name: one for name, one in columns.items() if one is not None})
    status, _, errors = posecoach("score", "--landmarks", tmp_path, *EXERCISE)
    assert (status, errors.count("\n")) == (1, 1)
    assert "holds no landmarks" in errors


def test_landmarks_that_an_older_version_kept_know_left_and_right_of_two_people(tmp_path: Path) -> None:
    pose = Pose(0.0, np.ones((33, 2)), np.ones((33, 3)), np.ones(33), (64, 48))
    landmarks.save(tmp_path / "kept.npz", Kept("a", "1", [(float(index), pose) for index in range(3)]))
    with np.load(tmp_path / "kept.npz") as archive:
        columns = dict(archive)
    older = np.zeros((3, 8), bool)
    older[:, [MARKS.index("two_people"), MARKS.index("right")]] = True
    np.savez(tmp_path / "kept.npz", **columns | {"doubts": older})
    doubts = landmarks.load(tmp_path / "kept.npz").doubts
    assert doubts is not None
    assert doubts.notes == (Note("two_people", {"side": "right"}),)


def test_landmarks_that_do_not_unpack_are_told_by_one_sentence(posecoach: Run, tmp_path: Path) -> None:
    pose = Pose(0.0, np.ones((33, 2)), np.ones((33, 3)), np.ones(33), (64, 48))
    landmarks.save(tmp_path / "kept.npz", Kept("a", "1", [(0.0, pose)]))
    data = bytearray((tmp_path / "kept.npz").read_bytes())
    begin = data.index(b"format.npy") + len(b"format.npy") + 20
    data[begin : begin + 8] = b"\xff" * 8
    (tmp_path / "kept.npz").write_bytes(data)
    status, _, errors = posecoach("score", "--landmarks", tmp_path, *EXERCISE)
    assert (status, "holds no landmarks" in errors) == (1, True)


@pytest.mark.parametrize(
    "line",
    [
        '{"content": "1", "verdict": "good"}',
        '{"content": "1", "verdict": "good", "faults": [1], "positions": []}',
        '{"content": "1", "verdict": "good", "faults": [], "positions": [{"start_s": "x", "end_s": 1}]}',
        '{"content": "1", "verdict": "good", "faults": [], "positions": [], "score": "high"}',
        '{"content": 1, "verdict": "good", "faults": [], "positions": []}',
        '{"content": "1"}',
        '{"content": "1", "verdict": "good", "faults": [], "positions": [], "seen": 1e999}',
        '{"content": "1", "verdict": "good", "faults": ' + "[" * 9999 + "]" * 9999 + ', "positions": []}',
    ],
)
def test_a_row_that_was_changed_is_made_again(posecoach: Run, folder: Path, line: str) -> None:
    Path("out.jsonl").write_text(line + "\n", "utf-8")
    outputs = ("--json", "out.jsonl", "--csv", "out.csv", "--parquet", "out.parquet")
    status, _, errors = posecoach("score", folder / "a.mp4", *EXERCISE, *outputs, "--resume")
    assert (status, errors) == (0, "")
    assert [Path(row["clip"]).name for row in lines(Path("out.jsonl"))] == ["a.mp4"]


def test_landmarks_are_kept_exactly(folder: Path, weights: bytes) -> None:
    work = Study(landmarks=folder)
    scored = work(Task("b", folder / "second" / "b.mp4", "knee_to_chest"), weights)
    [path] = folder.glob("*.npz")
    kept = landmarks.load(path)
    landmarks.save(folder / "copy.npz", kept)
    copy = landmarks.load(folder / "copy.npz")
    assert (kept.clip, kept.content) == ("b", scored.content)
    for (t_s, pose), (other_s, other) in zip(kept.seen, copy.seen, strict=True):
        assert t_s == other_s
        assert (pose is None) == (other is None)
        if pose is not None and other is not None:
            assert (pose.image == other.image).all()
            assert pose.size == other.size


def test_a_clip_that_is_not_there_is_an_answer(folder: Path) -> None:
    work = Study(finished=frozenset(["x"]))
    scored: Scored = work(Task("gone", folder / "gone.mp4", "knee_to_chest"), b"")
    assert "There is no file" in (scored.failure or "")
    assert (scored.frames, scored.bodies) == (None, None)


@pytest.mark.parametrize(
    ("arguments", "way_out"),
    [
        (("clips", "--landmarks", "kept", "--frames", "out"), "in a run of its own, without --landmarks"),
        (("--landmarks", "kept", "--frames", "out"), "in a run of its own, without --landmarks"),
        (("--labels", "labels.csv", "--csv", "out.csv"), "give clips for --csv"),
    ],
)
def test_what_does_not_go_together_is_told_with_a_way_out(
    posecoach: Run, arguments: tuple[str, ...], way_out: str
) -> None:
    exercise = () if "--labels" in arguments else ("--exercise", "bridge")
    status, _, errors = posecoach("score", *arguments, *exercise)
    assert status == 2
    assert way_out in " ".join(errors.replace("│", " ").split())


@pytest.mark.parametrize(
    "arguments",
    [
        ("--labels", "labels.csv", "--resume"),
        ("--labels", "labels.csv", "--landmarks", "kept", "--report", "out.html"),
        ("clips", "--exercise", "bridge", "--resume"),
        ("clips", "--exercise", "bridge", "--resume", "--json"),
        ("clips", "--exercise", "bridge", "--landmarks", "kept", "--frames", "frames"),
        ("--landmarks", "kept"),
        ("--landmarks", "kept", "--exercise", "bridge", "--report", "out.html", "--pictures"),
        ("clips", "--exercise", "bridge", "--pictures"),
        ("--labels", "labels.csv", "--report", "out.html", "--pictures"),
        ("clips", "--exercise", "bridge", "--view", "side"),
    ],
)
def test_options_of_a_study_that_do_not_go_together(posecoach: Run, arguments: tuple[str, ...]) -> None:
    status, _, errors = posecoach("score", *arguments)
    assert (status, "Usage" in errors) == (2, True)
