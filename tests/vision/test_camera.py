import os
import time
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from posecoach.core.errors import SourceError
from posecoach.core.types import Image
from posecoach.vision import camera
from posecoach.vision.camera import Camera, open_camera, paced
from posecoach.vision.native import cv2
from tests.support.footage import SIZE, Listed, picture, video


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return video(tmp_path / "clip.mp4", [40 * i for i in range(50)])


# At their own pace


def test_a_paced_file_takes_its_time_and_drops_late_frames() -> None:
    begin = time.monotonic()
    seen = []
    with paced(Listed([i * 0.02 for i in range(30)])) as source:
        for frame in source:
            seen.append(frame.index)
            time.sleep(0.1)
    assert source.live
    assert 0.5 < time.monotonic() - begin < 2
    assert len(seen) < 15
    assert source.dropped == 30 - len(seen)
    assert seen[-1] == 29


def test_leaving_a_paced_file_does_not_wait_for_its_end() -> None:
    inner = Listed([0.0, 60.0])
    with paced(inner) as source:
        assert next(iter(source)).index == 0
        begin = time.monotonic()
    assert time.monotonic() - begin < 1
    assert inner.closed


def test_an_error_of_the_file_reaches_whoever_iterates() -> None:
    with paced(Listed([0.0], SourceError("gone"))) as source, pytest.raises(SourceError, match="gone"):
        list(source)


# Cameras


class FakeCapture:
    """Stands for cv2.VideoCapture: gives `pictures`, then fails."""

    pictures = 5
    pause_s = 0.01  # before each picture
    opens = True
    made: ClassVar[list["FakeCapture"]] = []

    def __init__(self) -> None:
        self.made.append(self)
        self.given = 0
        self.asked: dict[int, float] = {}
        self.released = False

    def setExceptionMode(self, _: bool) -> None: ...  # noqa: N802, its real name

    def open(self, _: object) -> bool:
        return self.opens

    def isOpened(self) -> bool:  # noqa: N802, its real name
        return self.opens

    def set(self, prop: int, value: float) -> bool:
        self.asked[prop] = value
        return False

    def get(self, _: int) -> float:
        return 0.0

    def read(self) -> tuple[bool, Image | None]:
        if self.given >= self.pictures:
            return False, None
        self.given += 1
        time.sleep(self.pause_s)
        return True, picture(self.given)

    def release(self) -> None:
        self.released = True


@pytest.fixture
def capture(monkeypatch: pytest.MonkeyPatch) -> type[FakeCapture]:
    class Capture(FakeCapture):
        made: ClassVar[list[FakeCapture]] = []

    monkeypatch.setattr(cv2, "VideoCapture", Capture)
    return Capture


def test_a_lost_camera_ends_after_what_it_gave(capture: type[FakeCapture]) -> None:
    seen: list[float] = []
    with Camera(0) as source, pytest.raises(SourceError, match="Camera lost"):
        seen.extend(frame.t_s for frame in source)
    assert 1 <= len(seen) <= 4
    assert all(np.diff(seen) > 0)
    assert capture.made[0].released


def test_a_camera_is_asked_for_settings_but_believed_by_its_picture(capture: type[FakeCapture]) -> None:
    with Camera(0) as source:
        assert capture.made[0].asked[cv2.CAP_PROP_BUFFERSIZE] == 1
        assert capture.made[0].asked[cv2.CAP_PROP_FRAME_WIDTH] == 1280
        assert (source.size, source.fps, source.live) == (SIZE, 30.0, True)


def test_a_camera_that_falls_silent_is_lost(
    capture: type[FakeCapture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(camera, "SILENCE_S", 0.2)
    source = Camera(0)
    capture.pause_s = 0.6
    with source, pytest.raises(SourceError, match="Camera lost"):
        list(source)


@pytest.mark.parametrize("failing", [{"opens": False}, {"pictures": 0}])
def test_no_such_camera_names_the_way_out(capture: type[FakeCapture], failing: dict[str, Any]) -> None:
    for name, value in failing.items():
        setattr(capture, name, value)
    with pytest.raises(SourceError, match=r"posecoach doctor.*other program"):
        open_camera("0")


def test_a_real_capture_reads_until_its_end(clip: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with Camera(str(clip)) as source:
        assert source.size == SIZE
        with pytest.raises(SourceError, match="Camera lost"):
            list(source)
    assert capfd.readouterr().err == ""


def test_no_real_camera_is_silent_on_standard_error(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SourceError):
        Camera(93)
    with pytest.raises(SourceError, match="address"):
        open_camera("http://127.0.0.1:9/stream")
    assert capfd.readouterr().err == ""


def test_a_camera_can_be_a_file(clip: Path) -> None:
    with open_camera(str(clip)) as source:
        assert source.live
        assert source.frame_count == 50
    for spec in ("nowhere.mp4", "/dev/video-none"):
        with pytest.raises(SourceError, match="no file"):
            open_camera(spec)


# What is no camera at all


@pytest.mark.parametrize("number", ["1000", "9" * 20, "9" * 5000])
def test_a_number_that_no_camera_has_is_no_camera(number: str) -> None:
    with pytest.raises(SourceError, match="posecoach doctor"):
        open_camera(number)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="Windows has no such pipes")
def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(SourceError, match="is a pipe"):
        open_camera(str(tmp_path / "pipe.mp4"))
