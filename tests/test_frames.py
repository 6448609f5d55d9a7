import struct
import time
import wave
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from posecoach import frames
from posecoach.errors import SourceError
from posecoach.frames import Camera, Frame, Image, Source, VideoFile, open_camera, paced, prefetched

SIZE = (64, 48)


def picture(shade: int, size: tuple[int, int] = SIZE) -> Image:
    """A grey picture whose upper left quarter is white."""
    image: Image = np.full((size[1], size[0], 3), shade, np.uint8)
    image[: size[1] // 2, : size[0] // 2] = 255
    return image


def video(path: Path, stamps_ms: list[int], size: tuple[int, int] = SIZE, codec: str = "libx264") -> Path:
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream(codec, rate=25, options={"g": "5", "bf": "0"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        stream.codec_context.time_base = Fraction(1, 1000)
        for index, stamp in enumerate(stamps_ms):
            frame = av.VideoFrame.from_ndarray(picture(index % 200, size), format="bgr24")
            frame.pts, frame.time_base = stamp, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return video(tmp_path / "clip.mp4", [40 * i for i in range(50)])


class Listed(Source):
    """Frames from a list; `error` is raised after the last."""

    def __init__(self, stamps: list[float], error: Exception | None = None) -> None:
        self.size, self.fps, self.frame_count = SIZE, 25.0, len(stamps)
        self._stamps, self._error, self.closed = stamps, error, False

    def __iter__(self) -> Iterator[Frame]:  # type: ignore[override]
        for index, t_s in enumerate(self._stamps):
            yield Frame(picture(0), t_s, index)
        if self._error:
            raise self._error

    def close(self) -> None:
        self.closed = True


# Files


def test_a_file_gives_every_frame_with_its_time(clip: Path) -> None:
    with VideoFile(clip) as source:
        assert (source.size, source.fps, source.frame_count, source.live) == (SIZE, 25.0, 50, False)
        got = list(source)
    assert [frame.index for frame in got] == list(range(50))
    assert [frame.t_s for frame in got] == pytest.approx([0.04 * i for i in range(50)], abs=1e-3)
    assert got[0].image.shape == (48, 64, 3)
    assert got[0].image.dtype == np.uint8
    assert not source.ended_early


def test_times_begin_at_zero_and_follow_a_variable_rate(tmp_path: Path) -> None:
    with VideoFile(video(tmp_path / "late.mkv", [500, 540, 700, 710, 900])) as source:
        assert [frame.t_s for frame in source] == pytest.approx([0, 0.04, 0.2, 0.21, 0.4], abs=2e-3)


@pytest.mark.parametrize(
    ("stamps", "expected"),
    [
        ([0.0, 0.04, 0.04, 0.12], [0, 0.04, 0.08, 0.12]),  # one twice
        ([0.0, None, float("nan"), 0.12], [0, 0.04, 0.08, 0.12]),  # none at all
        ([5.0, 5.04, 0.0, 0.04], [0, 0.04, 0.08, 0.12]),  # a clock that was set anew
        ([0.0, 0.04, 3600.0, 3600.04], [0, 0.04, 0.08, 0.12]),  # a leap
        ([0.0, 0.08, 0.06, 0.12], [0, 0.08, 0.12, 0.16]),  # backwards
    ],
)
def test_broken_stamps_are_repaired(
    clip: Path, monkeypatch: pytest.MonkeyPatch, stamps: list[float | None], expected: list[float]
) -> None:
    class Stamped:
        width, height, rotation = *SIZE, 0

        def __init__(self, stamp: float | None) -> None:
            self.time = stamp

        def to_ndarray(self, **_: object) -> Image:
            return picture(0)

    monkeypatch.setattr(VideoFile, "_pictures", lambda _: (Stamped(stamp) for stamp in stamps))
    with VideoFile(clip) as source:
        times = [frame.t_s for frame in source]
    assert times == pytest.approx(expected)
    assert all(np.diff(times) > 0)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_phone_video_is_shown_upright(tmp_path: Path, degrees: int) -> None:
    path = video(tmp_path / "phone.mp4", [0, 40, 80])
    set_display_rotation(path, degrees)
    with VideoFile(path) as source:
        frame = next(iter(source))
        assert source.size == ((48, 64) if degrees % 180 else SIZE)
    expected = np.rot90(picture(0), -degrees // 90)
    assert frame.image.shape == expected.shape
    assert np.abs(frame.image.astype(int) - expected).mean() < 6


def set_display_rotation(path: Path, degrees: int) -> None:
    """Write the matrix that asks players to turn the picture clockwise, as phones do."""
    cos, sin = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[degrees]
    one = 1 << 16
    matrix = struct.pack(">9i", cos * one, sin * one, 0, -sin * one, cos * one, 0, 0, 0, 1 << 30)
    data = path.read_bytes()
    at = data.index(b"tkhd") + 4 + 40  # version 0: the matrix comes after 40 bytes of other fields
    path.write_bytes(data[:at] + matrix + data[at + 36 :])


def test_wide_pixels_are_made_square(tmp_path: Path) -> None:
    path = tmp_path / "anamorphic.mp4"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(2, 1)
        container.mux(stream.encode(av.VideoFrame.from_ndarray(picture(9), format="bgr24")))
        container.mux(stream.encode(None))
    with VideoFile(path) as source:
        assert source.size == (128, 48)


def test_a_truncated_file_gives_what_is_there_and_says_so(tmp_path: Path) -> None:
    path = video(tmp_path / "cut.mkv", [40 * i for i in range(100)])
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with VideoFile(path) as source:
        count = sum(1 for _ in source)
    assert 20 < count < 90
    assert source.ended_early
    assert source.note is not None
    assert "cut.mkv ends early" in source.note


def test_a_damaged_tail_ends_early(sample_clip: Path, tmp_path: Path) -> None:
    data = bytearray(sample_clip.read_bytes())
    begin = data.index(b"mdat")
    assert data.index(b"moov") < begin
    data[begin + (len(data) - begin) * 2 // 3 :] = b""
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    with VideoFile(path) as source:
        got = [frame.t_s for frame in source]
    assert 5 < got[-1] < 19
    assert source.ended_early


@pytest.fixture
def sample_clip() -> Path:
    folder = Path(__file__).parent.parent / "sample_videos" / "knee_to_chest"
    return folder / "knee_to_chest-good-left-side-la.mp4"


def test_what_is_no_video_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello\n" * 100)
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "noise.mp4").write_bytes(np.random.default_rng(0).bytes(5000))
    frames.cv2.imwrite(str(tmp_path / "still.png"), picture(5))
    with wave.open(str(tmp_path / "sound.wav"), "wb") as sound:
        sound.setparams((1, 2, 8000, 0, "NONE", ""))
        sound.writeframes(bytes(8000))
    for name, words in {
        "missing.mp4": "no file",
        "": "folder",
        "notes.txt": "not a video",
        "empty.mp4": "not a video",
        "noise.mp4": "not a video",
        "still.png": "not a video",
        "sound.wav": "not a video",
    }.items():
        with pytest.raises(SourceError, match=words) as error:
            VideoFile(tmp_path / name)
        assert "\n" not in str(error.value)


def test_a_video_without_frames_gets_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "hollow.mkv"
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = *SIZE, "yuv420p"
        container.start_encoding()
    with pytest.raises(SourceError, match=r"no frame|not a video"):
        VideoFile(path)


def test_a_preview_looks_ahead_and_leaves_the_source_where_it_is(clip: Path) -> None:
    with VideoFile(clip) as source:
        assert 1 <= len(list(source.preview())) <= 3
        assert len(list(source)) == 50


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


def test_prefetching_keeps_every_frame_in_order_and_passes_errors_on() -> None:
    assert [frame.index for frame in prefetched(Listed([i * 0.1 for i in range(40)]))] == list(range(40))
    ahead = prefetched(Listed([0.0, 0.1], SourceError("gone")))
    assert [next(ahead).index, next(ahead).index] == [0, 1]
    with pytest.raises(SourceError, match="gone"):
        next(ahead)


def test_prefetching_can_be_left_in_the_middle() -> None:
    ahead = prefetched(Listed([i * 0.1 for i in range(1000)]))
    next(ahead)
    ahead.close()


# Cameras


class FakeCapture:
    """Stands for cv2.VideoCapture: gives `pictures`, then fails."""

    pictures = 5
    opens = True

    def __init__(self) -> None:
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
        time.sleep(0.01)
        return True, picture(self.given)

    def release(self) -> None:
        self.released = True


@pytest.fixture
def capture(monkeypatch: pytest.MonkeyPatch) -> type[FakeCapture]:
    class Capture(FakeCapture):
        pass

    monkeypatch.setattr(frames.cv2, "VideoCapture", Capture)
    return Capture


def test_a_lost_camera_ends_after_what_it_gave(capture: type[FakeCapture]) -> None:
    seen: list[float] = []
    with Camera(0) as source, pytest.raises(SourceError, match="Camera lost"):
        seen.extend(frame.t_s for frame in source)
    assert 1 <= len(seen) <= 4
    assert all(np.diff(seen) > 0)
    assert source._capture.released


def test_a_camera_is_asked_for_settings_but_believed_by_its_picture(capture: type[FakeCapture]) -> None:
    with Camera(0) as source:
        assert source._capture.asked[frames.cv2.CAP_PROP_BUFFERSIZE] == 1
        assert source._capture.asked[frames.cv2.CAP_PROP_FRAME_WIDTH] == 1280
        assert (source.size, source.fps, source.live) == (SIZE, 30.0, True)


def test_a_camera_that_falls_silent_is_lost(
    capture: type[FakeCapture], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frames, "SILENCE_S", 0.2)
    source = Camera(0)
    read = source._capture.read

    def stuck() -> tuple[bool, Image | None]:
        time.sleep(0.6)
        return read()

    source._capture.read = stuck  # type: ignore[method-assign]
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
