import os
import threading
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import pytest

from posecoach.core.errors import SourceError
from posecoach.core.types import Image
from posecoach.vision.camera import Camera, Paced, open_camera
from posecoach.vision.capture_formats import shown
from posecoach.vision.native import cv2
from posecoach.vision.real_time import RealTime
from posecoach.vision.reconnecting import answering
from posecoach.vision.source import Frame
from tests.support.footage import SIZE, Listed, picture, video


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return video(tmp_path / "clip.mp4", [40 * i for i in range(50)])


# At their own pace


def test_a_paced_file_takes_its_time_and_drops_late_frames() -> None:
    begin = time.monotonic()
    seen = []
    with Paced(Listed([i * 0.02 for i in range(30)])) as source:
        for frame in source:
            seen.append(frame.index)
            time.sleep(0.1)
    assert source.live
    assert 0.5 < time.monotonic() - begin < 2
    assert len(seen) < 15
    assert source.dropped == 30 - len(seen)
    assert seen[-1] == 29


def test_what_is_doubtful_about_a_file_is_so_in_a_cameras_place(tmp_path: Path) -> None:
    bare = video(tmp_path / "bare.h264", [40 * i for i in range(10)])
    with open_camera(str(bare)) as source:
        assert source.doubts == {"no_time_stamps"}
        assert not source.timed


def test_leaving_a_paced_file_does_not_wait_for_its_end() -> None:
    inner = Listed([0.0, 60.0])
    with Paced(inner) as source:
        assert next(iter(source)).index == 0
        begin = time.monotonic()
    assert time.monotonic() - begin < 1
    assert inner.closed


class SlowlyRead(Listed):
    """A file whose pictures take a while to be read."""

    def __iter__(self) -> Generator[Frame, None, None]:
        for frame in super().__iter__():
            time.sleep(0.3)
            yield frame


class Racing(RealTime):
    """A clock by which each look at it takes four seconds."""

    def __init__(self) -> None:
        self._now_s = 0.0

    def now(self) -> float:
        self._now_s += 4.0
        return self._now_s


def test_a_file_that_is_read_slowly_is_no_lost_camera() -> None:
    with Paced(SlowlyRead([0.0, 0.02]), Racing()) as source:
        assert [frame.index for frame in source][-1] == 1


def test_an_error_of_the_file_reaches_whoever_iterates() -> None:
    with Paced(Listed([0.0], SourceError("gone"))) as source, pytest.raises(SourceError, match="gone"):
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


def test_a_camera_that_falls_silent_is_lost(capture: type[FakeCapture]) -> None:
    source = Camera(0, silence_s=0.2)
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


# Drivers that misbehave


class Driver(FakeCapture):
    """Gives what it is told to give: a picture, or an error to raise."""

    def __init__(self, *gives: object) -> None:
        super().__init__()
        self._gives = list(gives)

    def read(self) -> tuple[bool, Any]:
        time.sleep(0.005)
        if not self._gives:
            return False, None
        given = self._gives.pop(0)
        if isinstance(given, Exception):
            raise given
        return True, given


GREY = np.full((48, 64), 100, np.uint8)
DEEP = np.full((48, 64, 3), 100 << 8, np.uint16)
BGRA = np.dstack([picture(100), np.full((48, 64), 255, np.uint8)])


@pytest.mark.parametrize(
    "given", [GREY, GREY[:, :, None], DEEP, BGRA], ids=["grey", "grey 1", "16 bits", "BGRA"]
)
def test_pictures_of_other_kinds_are_converted(given: object) -> None:
    with Camera(0, capture=lambda: Driver(given, given, given)) as source:
        frame = next(iter(source))
    assert frame.image.shape == (48, 64, 3)
    assert frame.image.dtype == np.uint8
    assert frame.image[-1, -1].tolist() == [100, 100, 100]


def test_errors_and_empty_pictures_of_a_driver_are_passed_over() -> None:
    junk = (cv2.error("driver"), np.zeros((0, 0, 3), np.uint8), np.zeros((4, 4, 7), np.uint8), "nothing")
    with Camera(
        0, capture=lambda: Driver(*junk, picture(1), OSError("bus"), picture(2), picture(3))
    ) as source:
        assert source.size == SIZE
        assert next(iter(source)).image.shape == (48, 64, 3)


def test_a_driver_that_only_raises_gives_no_picture() -> None:
    with pytest.raises(SourceError, match="gives no picture"):
        Camera(0, capture=lambda: Driver(*[cv2.error("driver")] * 99))


def test_a_camera_that_does_not_answer_is_given_up_and_closed_when_it_answers_late() -> None:
    release, late = threading.Event(), Listed([0.0])

    def opener() -> Listed:
        release.wait()
        return late

    with pytest.raises(SourceError, match="Camera 0 does not answer"):
        answering(opener, "0", within_s=0.05)
    release.set()
    for _ in range(200):
        if late.closed:
            break
        time.sleep(0.01)
    assert late.closed


def test_a_camera_that_takes_long_is_waited_for_with_a_word() -> None:
    release, told = threading.Event(), list[str]()

    def slow() -> Listed:
        release.wait(10)
        return Listed([0.0])

    def tell(text: str) -> None:
        told.append(text)
        release.set()

    answering(slow, "rtsp://anna:secret@cam/1", tell=tell, word_s=0.0)
    assert told == ["Waiting for camera rtsp://cam/1, up to 10 seconds; Ctrl-C ends it."]
    answering(lambda: Listed([0.0]), "0", tell=told.append)
    assert len(told) == 1


def test_what_goes_wrong_in_opening_is_raised() -> None:
    def opener() -> Listed:
        raise SourceError("no such camera")

    with pytest.raises(SourceError, match="no such camera"):
        answering(opener, "0")
    assert answering(lambda: Listed([0.0]), "0").size == SIZE


@pytest.mark.parametrize(
    ("spec", "expected"),
    [
        ("0", "0"),
        ("rtsp://anna:secret@10.0.0.7:554/live?x=1", "rtsp://10.0.0.7:554/live?x=1"),
        ("http://:secret@[::1]:80/a", "http://[::1]:80/a"),
        ("http://anna:secret@[broken", "http://..."),
        ("/dev/video0", "/dev/video0"),
    ],
)
def test_user_and_password_of_an_address_are_never_shown(spec: str, expected: str) -> None:
    assert shown(spec) == expected


def test_an_address_in_an_error_has_no_password() -> None:
    with pytest.raises(SourceError) as caught:
        open_camera("http://anna:secret@127.0.0.1:9/stream")
    assert "secret" not in str(caught.value)
    assert "http://127.0.0.1:9/stream" in str(caught.value)
