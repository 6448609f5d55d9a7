"""`posecoach live`: a session, with a video or a fake in the place of the camera."""

import os
import signal
import sys
from collections.abc import Generator
from pathlib import Path

import av
import pytest

from posecoach.core.errors import OutputError, SourceError
from posecoach.core.types import Image
from posecoach.feedback.video import VideoWriter
from posecoach.records import settings
from posecoach.vision.source import Frame
from posecoach.vision.video_file import VideoFile
from tests.conftest import Run

ROUTINE = 'title = "Mine"\n[[steps]]\nexercise = "knee_to_chest"\nside = "left"\nhold_s = 10\n'


def test_live_plays_a_file_as_a_camera_prints_what_is_said_and_changes_no_settings(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    record, own = tmp_path / "session.mp4", tmp_path / "own.toml"
    own.write_text(ROUTINE, "utf-8")
    status, output, errors = posecoach(
        "live", own, "--camera", short_clip, "--rotate", "0", "--no-mirror", "--record", record
    )
    assert status == 0
    assert "Mine" in output
    assert "0:00.0  Knee to chest, left side" in output
    assert str(record) in errors
    assert record.stat().st_size > 0
    assert not settings.path().exists()
    status, output, errors = posecoach("live", own, "--camera", short_clip)
    assert (status, "no display" in errors) == (0, True)


def test_what_was_chosen_before_a_camera_is_remembered(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.session.live.open_camera", lambda _, reopen: VideoFile(short_clip))
    own = tmp_path / "own.toml"
    own.write_text(ROUTINE, "utf-8")
    assert posecoach("live", own, "--camera", "2", "--rotate", "0", "--no-mirror")[0] == 0
    assert settings.load() == settings.Settings(routine=str(own), camera="2", rotate="0", mirror=False)
    assert "Mine" in posecoach("live")[1]


def test_a_camera_that_is_lost_ends_in_a_sentence_a_summary_and_a_playable_recording(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lost(VideoFile):
        live = True

        def __iter__(self) -> Generator[Frame, None, None]:
            for frame in super().__iter__():
                if frame.index == 12:
                    raise SourceError("Camera lost: 0 gives no pictures any more.")
                yield frame

    monkeypatch.setattr("posecoach.session.live.open_camera", lambda _, reopen: Lost(short_clip))
    record = tmp_path / "session.mp4"
    status, output, errors = posecoach("live", "lower_back_basics", "--no-window", "--record", record)
    assert status == 1
    assert "Camera lost" in errors
    assert "I will tell you when I can see you well" in output  # a camera is set up first
    with av.open(str(record)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 12


def test_a_recording_that_fails_ends_in_a_status_with_the_results_still_printed(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk(VideoWriter):
        def write(self, image: Image, t_s: float) -> None:
            if t_s > 0.5:
                raise OutputError("The disk is full.")
            super().write(image, t_s)

    monkeypatch.setattr("posecoach.session.live.VideoWriter", FullDisk)
    record = tmp_path / "session.mp4"
    status, output, errors = posecoach("live", "--camera", short_clip, "--no-window", "--record", record)
    assert status == 1
    assert "The disk is full. The session went on" in errors
    assert "done. Rest a moment, and get up slowly." in output
    with av.open(str(record)) as video:
        assert sum(1 for _ in video.decode(video=0)) in range(1, 8)  # a busy machine drops some


def test_ctrl_c_ends_a_session_as_q_does(
    posecoach: Run, short_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(VideoFile):
        live = True

        def __iter__(self) -> Generator[Frame, None, None]:
            yield next(super().__iter__())
            raise KeyboardInterrupt

    monkeypatch.setattr("posecoach.session.live.open_camera", lambda _, reopen: Interrupted(short_clip))
    status, output, errors = posecoach("live", "lower_back_basics", "--no-window")
    assert (status, errors) == (0, "")
    assert "Lower back basics" in output


def test_a_corrupt_settings_file_does_not_stop_a_session(posecoach: Run, short_clip: Path) -> None:
    settings.path().parent.mkdir()
    settings.path().write_text("camera = [", "utf-8")
    status, _, errors = posecoach("live", "--camera", short_clip, "--no-window")
    assert status == 0
    assert "cannot be understood" in errors
    assert settings.path().read_text("utf-8") == "camera = ["


def test_a_session_runs_without_a_window_in_a_process_of_its_own(
    posecoach_process: Run, short_clip: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(ROUTINE, "utf-8")
    arguments = ("live", own, "--camera", short_clip, "--no-window", "--sound", "off")
    status, output, errors = posecoach_process(*arguments)
    assert (status, errors) == (0, "")
    assert "0:00.0  Knee to chest, left side" in output
    assert "0 of 1 done. Rest a moment, and get up slowly." in output


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_whatever_ends_a_session_twice_leaves_a_summary_and_a_recording(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    class Ended(VideoFile):
        live = True

        def __iter__(self) -> Generator[Frame, None, None]:
            for frame in super().__iter__():
                if frame.index == 12:
                    os.kill(os.getpid(), getattr(signal, name))
                yield frame

        def close(self) -> None:
            super().close()
            os.kill(os.getpid(), getattr(signal, name))

    monkeypatch.setattr("posecoach.session.live.open_camera", lambda _, reopen: Ended(short_clip))
    # It begins with the first step, before which there is nothing to keep.
    monkeypatch.setattr("posecoach.session.live.placement", lambda _, coach, *__, **___: coach)
    record = tmp_path / "session.mp4"
    status, output, errors = posecoach("live", "lower_back_basics", "--no-window", "--record", record)
    assert (status, str(record) in errors) == (0, True)
    assert "This was session" in output  # and it is in the history
    with av.open(str(record)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 12


def test_a_remembered_routine_that_is_gone_is_said_to_be_the_one_used_last(posecoach: Run) -> None:
    settings.save(settings.Settings(routine="/gone/own.toml", camera="63"))
    for command in ("live", "calibrate"):
        status, _, errors = posecoach(command)
        assert (status, errors.count("\n")) == (2, 1)
        assert "The routine used last" in errors
        assert "/gone/own.toml" in errors
