import signal
import sys
from pathlib import Path

import av
import numpy as np
import pytest

from posecoach.core.errors import OutputError
from posecoach.core.types import Image
from posecoach.feedback.video import VideoWriter
from posecoach.vision.video_file import VideoFile


def picture(index: int, size: tuple[int, int] = (64, 48)) -> Image:
    image: Image = np.full((size[1], size[0], 3), 40, np.uint8)
    image[:, : 1 + index % size[0]] = 200
    return image


def times(path: Path) -> list[float]:
    """The stamps of all frames, after a look at what browsers and phones want."""
    data = path.read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        return [float(frame.time or 0) for frame in container.decode(video=0)]


def test_a_recording_plays_everywhere_and_keeps_its_times(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    stamps = [5.0, 5.1, 5.15, 5.4, 6.0]
    with VideoWriter(path, 30.0) as writer:
        for index, t_s in enumerate(stamps):
            writer.write(picture(index), t_s)
    assert times(path) == pytest.approx([t_s - 5 for t_s in stamps], abs=2e-3)
    assert [file.name for file in tmp_path.iterdir()] == ["out.mp4"]


def test_a_video_that_was_drawn_on_is_known_by_its_file(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, 30.0) as writer:
        writer.write(picture(0), 0)
    with VideoFile(path) as video:
        assert video.doubts == {"drawn"}


@pytest.mark.parametrize("size", [(65, 49), (64, 49), (2, 2), (1280, 720)])
def test_any_size_is_made_even(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "odd.mp4"
    with VideoWriter(path, 29.97) as writer:
        writer.write(picture(1, size), 0)
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
    assert (frame.width, frame.height) == (size[0] // 2 * 2, size[1] // 2 * 2)


def test_a_picture_of_another_size_is_fitted_in(tmp_path: Path) -> None:
    path = tmp_path / "turned.mp4"
    with VideoWriter(path, 30.0) as writer:
        writer.write(np.full((48, 64, 3), 200, np.uint8), 0)
        writer.write(np.full((64, 48, 3), 200, np.uint8), 0.1)
    with av.open(str(path)) as container:
        first, second = (frame.to_ndarray(format="gray") for frame in container.decode(video=0))
    assert first.shape == second.shape == (48, 64)
    assert second[24, 2] < 60 < 150 < second[24, 32]


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError])
def test_whatever_ends_a_recording_it_plays(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "out.mp4"

    def record() -> None:
        with VideoWriter(path, 30.0) as writer:
            for index in range(10):
                writer.write(picture(index), index / 10)
            raise error

    with pytest.raises(error):
        record()
    assert len(times(path)) == 10


def test_a_recording_plays_while_it_is_written(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, 10.0) as writer:
        for index in range(100):
            writer.write(picture(index), index / 10)
        copy = tmp_path / "after_power_cut.mp4"
        copy.write_bytes(path.read_bytes())
    assert len(times(path)) == 100
    with av.open(str(copy)) as container:
        assert sum(1 for _ in container.decode(video=0)) >= 20


def test_nothing_written_leaves_no_file(tmp_path: Path) -> None:
    with VideoWriter(tmp_path / "out.mp4", 30.0):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["missing/out.mp4", "folder.mp4", "out.avi"])
def test_where_nothing_can_be_written_is_said_at_once(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.mp4").mkdir()
    with pytest.raises(OutputError, match=name):
        VideoWriter(tmp_path / name, 30.0)


@pytest.mark.skipif(sys.platform == "win32", reason="limits file sizes as POSIX does")
def test_a_full_disk_leaves_what_was_recorded(tmp_path: Path) -> None:
    import resource

    path = tmp_path / "out.mp4"
    rng = np.random.default_rng(0)

    def record() -> None:
        with VideoWriter(path, 10.0) as writer:
            for index in range(400):
                writer.write(rng.integers(0, 255, (120, 160, 3), dtype=np.uint8), index / 10)

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, before[1]))
        with pytest.raises(OutputError, match="cannot be written"):
            record()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert 10 <= len(times(path)) < 400


def test_a_recording_that_is_cut_off_has_lost_little(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, 30.0) as writer:
        for index in range(60):
            writer.write(picture(index), index / 30)
        with av.open(str(path)) as video:  # as a kill would leave it
            assert sum(1 for _ in video.decode(video=0)) >= 15


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such lock")
def test_two_that_write_one_video_do_not_spoil_it(tmp_path: Path) -> None:
    path = tmp_path / "out.mp4"
    with VideoWriter(path, 10.0) as writer:
        writer.write(picture(0), 0.0)
        with pytest.raises(OutputError, match="being written by another program: name another file"):
            VideoWriter(path, 10.0)
        writer.write(picture(1), 0.1)
    assert len(times(path)) == 2
    with VideoWriter(path, 10.0) as writer:
        writer.write(picture(0), 0.0)
    assert len(times(path)) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links as POSIX has them")
def test_no_planted_link_is_followed(tmp_path: Path) -> None:
    other = tmp_path / "precious.txt"
    other.write_text("precious", "utf-8")
    (tmp_path / ".out.mp4.part").symlink_to(other)
    with VideoWriter(tmp_path / "out.mp4", 10.0) as writer:
        writer.write(picture(0), 0.0)
    assert other.read_text("utf-8") == "precious"
    assert sorted(path.name for path in tmp_path.iterdir()) == [".out.mp4.part", "out.mp4", "precious.txt"]
