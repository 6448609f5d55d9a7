"""`posecoach check`: a recorded video."""

import json
from collections.abc import Generator
from dataclasses import replace
from pathlib import Path

import av
import pytest

from posecoach.vision.source import Frame
from posecoach.vision.video_file import VideoFile
from tests.conftest import Run


def test_check_prints_a_summary_and_writes_json_and_a_video_that_plays_everywhere(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    overlay, results = tmp_path / "out.mp4", tmp_path / "out.json"
    status, output, errors = posecoach(
        "check", short_clip, "--exercise", "knee_to_chest", "--overlay", overlay, "--json", results
    )
    assert status == 0
    assert "Knee to chest: could not be judged" in output
    assert "The video is too short to show an exercise" in output
    assert "not performed" not in output, "one reason is enough"
    assert str(overlay) in errors
    [line] = results.read_text("utf-8").splitlines()
    found = json.loads(line)
    assert (found["clip"], found["frames"], found["verdict"]) == (str(short_clip), 24, "not_performed")
    with av.open(str(overlay)) as video:
        stream = video.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert sum(1 for _ in video.decode(stream)) == 24


def test_check_follows_a_routine_and_numbers_its_steps(posecoach: Run, short_clip: Path) -> None:
    status, output, errors = posecoach(
        "check", short_clip, "--routine", "lower_back_basics", "--json", "-", "--rotate", "0"
    )
    assert status == 0
    results = [json.loads(line) for line in output.splitlines()]
    assert [result["step"] for result in results] == list(range(1, len(results) + 1))
    assert errors.startswith("0 of 5 done")
    assert "Knee to chest, left side │ ended early" in errors


def test_a_video_that_ends_early_is_judged_as_far_as_it_goes(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.mp4"
    data = short_clip.read_bytes()
    cut.write_bytes(data[: len(data) * 3 // 4])
    status, output, errors = posecoach("check", cut, "--exercise", "knee_to_chest")
    assert status == 0
    assert "could not be judged" in output
    assert "A part of this video is missing or damaged" in output
    assert "ends early" in errors
    for way in ("check", "score"):
        found = json.loads(posecoach(way, cut, "--exercise", "knee_to_chest", "--json", "-")[1])
        assert {"code": "source_incomplete"} in found["notes"], way


def test_it_is_said_whose_clock_times_are_of_where_it_is_not_that_of_the_video(
    posecoach: Run, short_clip: Path
) -> None:
    check = ("check", short_clip, "--exercise", "knee_to_chest")
    assert posecoach(*check, "--speed", 0.25)[2] == (
        "All times are of the real world: multiply them by 4 to find them in the video.\n"
    )
    assert posecoach(*check, "--speed", 1)[2] == ""


def test_the_numbers_come_only_when_asked_for(posecoach: Run, short_clip: Path) -> None:
    check = ("check", short_clip, "--exercise", "knee_to_chest")
    assert "frames" not in posecoach(*check)[1]
    _, output, _ = posecoach("-v", *check)
    assert output.index("could not be judged") < output.index("24 frames")


def test_ctrl_c_keeps_what_was_checked_until_then(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlay, results = tmp_path / "out.mp4", tmp_path / "out.json"

    def interrupt(self: VideoFile) -> Generator[Frame, None, None]:
        for frame in original(self):
            if frame.index == 12:
                raise KeyboardInterrupt
            yield replace(frame, t_s=frame.t_s + 5 * (frame.index > 6))

    original = VideoFile.__iter__
    monkeypatch.setattr(VideoFile, "__iter__", interrupt)
    status, _, errors = posecoach(
        "check", short_clip, "--exercise", "knee_to_chest", "--overlay", overlay, "--json", results
    )
    assert status == 130
    assert "Stopped" in errors
    found = json.loads(results.read_text("utf-8"))
    assert found["frames"] == 12
    assert {"code": "picture_gap"} in found["notes"]
    with av.open(str(overlay)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 12
