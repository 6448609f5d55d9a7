"""Outputs: none overwrites an input or another, and one that fails costs no other."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from posecoach.cli.inputs import distinct
from posecoach.core.errors import InputError, OutputError
from posecoach.core.messages import inert
from posecoach.feedback.video import VideoWriter
from posecoach.session.batch import Scored
from posecoach.vision.source import Frame
from posecoach.vision.video_file import VideoFile
from tests.conftest import Run

HEADER = "clip,truth,exercise,side,view,near_side,hold_target_s,reps,holds_s,verdict,faults"

ROW = "clip.mp4,clip.csv,knee_to_chest,left,side,left,0,1,,,"


@pytest.fixture
def clip(short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clip in the current folder, and its labels."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(short_clip, "clip.mp4")
    shutil.copy(short_clip, "sample.mp4")
    shutil.copy(short_clip, "clip.wav")  # a video all the same
    Path("clip.csv").write_text("truth", "utf-8")
    Path("labels.csv").write_text(f"{HEADER}\n{ROW}\n", "utf-8")
    Path("own.toml").write_text('title = "t"\n[[steps]]\nexercise = "press_up"\n', "utf-8")
    Path("own.task").touch()
    Path("kept.npz").touch()
    Path("list.txt").write_text("clip.mp4\n", "utf-8")
    return Path("clip.mp4")


CHECK = ("check", "clip.mp4", "--exercise", "knee_to_chest")
SCORE = ("score", "clip.mp4", "--exercise", "knee_to_chest")
LIVE = ("live", "own.toml", "--camera", "clip.mp4")
LABELS = ("score", "--labels", "labels.csv")


@pytest.mark.usefixtures("clip")
@pytest.mark.parametrize(
    "arguments",
    [
        (*CHECK, "--json", "clip.mp4"),
        (*CHECK, "--json", "./new.mp4", "--overlay", "new.mp4"),
        (*CHECK, "--json", "own.task", "--model", "own.task"),
        ("check", "clip.mp4", "--routine", "own.toml", "--json", "own.toml"),
        ("check", "clip.wav", "--routine", "own.toml", "--voice-out", "clip.wav"),
        ("check", "clip.mp4", "--routine", "own.toml", "--voice-out", "said.wav", "--json", "said.txt"),
        ("live", "own.toml", "--camera", "clip.wav", "--no-window", "--voice-out", "clip.wav"),
        ("live", "own.toml", "--camera", "clip.mp4", "--record", "new.wav", "--voice-out", "new.wav"),
        (*CHECK, "--against", "sample.mp4", "--json", "sample.mp4"),
        (*CHECK, "--against", "sample.mp4", "--overlay", "sample.mp4"),
        (*CHECK, "--against", "sample.mp4", "--picture", "new.png", "--json", "new.png"),
        (*SCORE, "--json", "clip.mp4"),
        (*SCORE, "--json", "clip.csv", "--frames", "."),
        (*SCORE, "--report", "clip.mp4"),
        (*SCORE, "--report", "new", "--csv", "new"),
        ("score", "list.txt", *SCORE[2:], "--json", "list.txt"),
        ("score", "--landmarks", ".", *SCORE[2:], "--report", "kept.npz"),
        ("doctor", "--camera", "clip.mp4", "--json", "clip.mp4"),
        ("routines", "show", "own.toml", "--json", "own.toml"),
        (*LIVE, "--record", "clip.mp4"),
        (*LIVE, "--record", "own.toml"),
        (*LIVE, "--record", "own.task", "--model", "own.task"),
        ("calibrate", *LIVE[1:], "--record", "own.toml"),
        (*LABELS, "--json", "labels.csv"),
        (*LABELS, "--json", "clip.csv"),
        (*LABELS, "--report", "clip.mp4"),
        (*LABELS, "--report", "new", "--json", "new"),
        (*LABELS, "--frames", "."),
    ],
)
def test_an_output_that_would_overwrite_something_is_refused(
    posecoach: Run, arguments: tuple[str, ...]
) -> None:
    def contents() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in sorted(Path().iterdir())}

    before = contents()
    status, output, errors = posecoach(*arguments)
    assert (status, output) == (2, "")
    assert "name another file" in errors
    assert errors.count("\n") == 1
    assert contents() == before


def test_a_clip_named_by_an_address_is_not_overwritten(posecoach: Run, clip: Path) -> None:
    status, _, errors = posecoach("score", clip.absolute().as_uri(), *SCORE[2:], "--csv", clip)
    assert (status, "clip.mp4 is read as well" in errors) == (2, True)


def test_what_posecoach_keeps_is_not_overwritten(
    posecoach: Run, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.records.settings.path", lambda: clip)
    before = clip.read_bytes()
    for command in ("exercises", "routines", "history", "doctor"):
        status, _, errors = posecoach(command, "--json", clip)
        assert (status, "clip.mp4 is a file of posecoach's own" in errors) == (2, True)
    assert clip.read_bytes() == before


@pytest.mark.skipif(os.name == "nt", reason="links and pipes as POSIX has them")
def test_a_file_is_known_by_its_other_names_and_a_pipe_may_be_named_twice(tmp_path: Path) -> None:
    target, link, pipe = tmp_path / "target", tmp_path / "link", tmp_path / "pipe"
    link.symlink_to(target)
    with pytest.raises(InputError, match="is written as well"):
        distinct([target, link], [])
    target.touch()
    with pytest.raises(InputError, match="is read as well"):
        distinct([link], [None, target])
    os.mkfifo(pipe)
    distinct([pipe, pipe, None], [pipe])


def test_a_frames_file_that_cannot_be_written_costs_nothing_else(posecoach: Run, clip: Path) -> None:
    (Path("frames") / "clip.csv").mkdir(parents=True)
    status, output, errors = posecoach(
        *("score", clip, "sample.mp4", "--exercise", "knee_to_chest", "--frames", "frames"),
        *("--json", "out.jsonl", "--jobs", 1),
    )
    assert status == 1
    assert errors.count("cannot be written") == 1
    assert "sample.mp4" in output
    assert len(Path("out.jsonl").read_text("utf-8").splitlines()) == 2
    assert Path("frames", "sample.csv").is_file()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
@pytest.mark.usefixtures("clip")
@pytest.mark.parametrize("command", [CHECK, (*SCORE, "--jobs", 1)])
def test_results_that_cannot_be_written_are_printed(posecoach: Run, command: tuple[object, ...]) -> None:
    status, output, errors = posecoach(*command, "--json", "/dev/full")
    assert status == 1
    assert "could not be judged" in output or "not performed" in output
    assert "/dev/full cannot be written (No space left on device)" in errors


@pytest.mark.usefixtures("clip")
def test_ctrl_c_before_anything_was_judged_leaves_what_was_there(
    posecoach: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(_: VideoFile) -> Iterator[Frame]:
        raise KeyboardInterrupt
        yield

    def stop(*_: object) -> Scored:
        raise KeyboardInterrupt

    monkeypatch.setattr(VideoFile, "__iter__", none)
    monkeypatch.setattr("posecoach.session.study.score", stop)
    out = Path("out.jsonl")
    out.write_text(json.dumps({"old": True}), "utf-8")
    for command in (CHECK, ("check", "clip.mp4"), (*SCORE, "--jobs", 1)):
        status, output, errors = posecoach(*command, "--json", out)
        assert (status, output) == (130, "")
        assert "Stopped: nothing was judged" in errors or "0 of 1" in errors
        assert out.read_text("utf-8") == json.dumps({"old": True})


@pytest.mark.parametrize("encoding", ["cp1252", "ascii"])
def test_an_encoding_without_ticks_costs_no_results(
    environment: dict[str, str], clip: Path, encoding: str
) -> None:
    command = (
        "score",
        "--labels",
        "labels.csv",
        "--json",
        "out.jsonl",
        "--report",
        "out.html",
        "--jobs",
        "1",
    )
    Path("labels.csv").write_text(f"{HEADER}\nclip.mp4,,knee_to_chest,left,side,left,0,1,,good,\n", "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "posecoach", *command],
        env=environment | {"PYTHONIOENCODING": encoding, "PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        check=False,
    )
    assert b"Traceback" not in done.stderr
    assert b"0 right, 1 wrong" in done.stdout
    assert Path("out.jsonl").stat().st_size > 0
    assert Path("out.html").stat().st_size > 0


def test_an_overlay_that_fails_costs_no_results(
    posecoach: Run, clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OutputError("The video out.mp4 cannot be written (No space left on device): free some space.")

    monkeypatch.setattr(VideoWriter, "write", full)
    status, output, errors = posecoach(*CHECK, "--overlay", "out.mp4", "--json", "out.jsonl")
    assert status == 1
    assert "could not be judged" in output
    assert errors.count("No space left") == 1
    assert "The annotated video is in" not in errors
    assert json.loads(Path("out.jsonl").read_text("utf-8"))["frames"] == 24


@pytest.mark.usefixtures("clip")
def test_a_playlist_in_a_videos_place_is_refused(posecoach: Run) -> None:
    Path("list.m3u8").write_text(
        "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\nclip.mp4\n#EXT-X-ENDLIST\n", "utf-8"
    )
    Path("list.ffconcat").write_text("ffconcat version 1.0\nfile clip.mp4\n", "utf-8")
    for name in ("list.m3u8", "list.ffconcat"):
        status, _, errors = posecoach("check", name, "--exercise", "knee_to_chest")
        assert (status, errors.count("\n")) == (1, 1)
        assert "playlist" in errors or "is not a video" in errors


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that cannot be written to")
def test_a_demo_in_a_folder_that_cannot_be_written_to_runs(posecoach: Run, clip: Path) -> None:
    Path().chmod(0o500)
    try:
        status, _, errors = posecoach("demo")
    finally:
        Path().chmod(0o700)
    assert status == 0
    assert "leaves no video" in errors


def test_a_routine_of_any_length_is_read_at_once(posecoach: Run, tmp_path: Path) -> None:
    own = tmp_path / "long.toml"
    own.write_text('title = "t"\n' + '[[steps]]\nexercise = "press_up"\n' * 20_000, "utf-8")
    for command in (("routines", own), ("routines", "check", own)):
        status, _, errors = posecoach(*command)
        assert (status, "at most 200" in errors) == (2, True)


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)"])
def test_a_name_is_no_formula_in_a_spreadsheet(text: str) -> None:
    assert inert(text) == f"'{text}"
    assert inert("lower_back_basics") == "lower_back_basics"
