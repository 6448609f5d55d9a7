import struct
import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from posecoach.core.errors import SourceError
from posecoach.vision.native import cv2
from posecoach.vision.video_file import Stamps, VideoFile
from tests.support.footage import SIZE, picture, video


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    return video(tmp_path / "clip.mp4", [40 * i for i in range(50)])


def test_a_file_gives_every_frame_with_its_time(clip: Path) -> None:
    with VideoFile(clip) as source:
        assert (source.size, source.fps, source.frame_count, source.live) == (SIZE, 25.0, 50, False)
        got = list(source)
    assert [frame.index for frame in got] == list(range(50))
    assert [frame.t_s for frame in got] == pytest.approx([0.04 * i for i in range(50)], abs=1e-3)
    assert got[0].image.shape == (48, 64, 3)
    assert got[0].image.dtype == np.uint8
    assert source.note is None


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
def test_broken_stamps_are_repaired(stamps: list[float | None], expected: list[float]) -> None:
    repair = Stamps(25.0)
    assert [repair.next(stamp) for stamp in stamps] == pytest.approx(expected)


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
    assert source.note is not None
    assert "incomplete" in source.doubts


def test_a_file_that_is_damaged_in_its_middle_says_how_much_could_be_read(
    sample_clip: Path, tmp_path: Path
) -> None:
    data = bytearray(sample_clip.read_bytes())
    begin = data.index(b"mdat")
    at, lost = begin + (len(data) - begin) // 2, (len(data) - begin) // 20
    data[at : at + lost] = bytes(lost)
    path = tmp_path / "damaged.mp4"
    path.write_bytes(data)
    with VideoFile(path) as source:
        count = sum(1 for _ in source)
    assert source.note == f"damaged.mp4 is damaged: {count} of its 235 frames could be read."
    assert source.doubts == {"incomplete"}


def test_a_whole_file_is_not_called_incomplete(sample_clip: Path) -> None:
    with VideoFile(sample_clip) as source:
        assert sum(1 for _ in source) == 235
    assert (source.note, source.doubts) == (None, frozenset())


@pytest.fixture
def sample_clip() -> Path:
    folder = Path(__file__).parents[2] / "sample_videos" / "knee_to_chest"
    return folder / "knee_to_chest-good-left-side-la.mp4"


def test_what_is_no_video_gets_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello\n" * 100)
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "noise.mp4").write_bytes(np.random.default_rng(0).bytes(5000))
    cv2.imwrite(str(tmp_path / "still.png"), picture(5))
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


def test_a_video_of_an_unknown_kind_gets_one_sentence(sample_clip: Path, tmp_path: Path) -> None:
    data = sample_clip.read_bytes()
    assert data.count(b"avc1") >= 1
    (tmp_path / "unknown.mp4").write_bytes(data.replace(b"avc1", b"zzz1"))
    with pytest.raises(SourceError, match="not a video that can be read"):
        VideoFile(tmp_path / "unknown.mp4")


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


def test_of_many_frames_only_each_nth_is_given_but_ten_a_second(clip: Path) -> None:
    for every, given in ((1, 1), (2, 2), (10, 2)):  # of 25 a second
        with VideoFile(clip, every) as source:
            frames = list(source)
        assert [frame.index for frame in frames] == list(range(50 // given))
        assert [frame.t_s for frame in frames] == pytest.approx(np.arange(0, 2, 0.04 * given), abs=1e-3)
        assert source.note is None


def test_ten_a_second_are_given_where_the_rate_varies(tmp_path: Path) -> None:
    stamps = [20 * i for i in range(50)] + [1000 + 80 * i for i in range(25)]
    with VideoFile(video(tmp_path / "varies.mkv", stamps), 10) as source:
        times = [frame.t_s for frame in source]
    assert len(times) < 40
    assert max(np.diff(times)) <= 0.101


# Recordings that cannot be believed


def test_a_leap_that_the_file_covers_is_a_hole_and_no_broken_stamp() -> None:
    repair = Stamps(25.0, lasts_s=60.0)
    assert [repair.next(stamp) for stamp in (0.0, 20.0, 40.0, 3600.0)] == pytest.approx([0, 20, 40, 40.04])


def test_frames_far_apart_keep_their_times(tmp_path: Path) -> None:
    with VideoFile(video(tmp_path / "rare.mkv", [20_000 * i for i in range(5)])) as source:
        assert [frame.t_s for frame in source] == pytest.approx([0, 20, 40, 60, 80])


@pytest.mark.parametrize(("fps", "slow"), [("120", True), ("25.0", False), ("nan", False), ("much", False)])
def test_slow_motion_is_read_from_what_the_camera_noted(tmp_path: Path, fps: str, slow: bool) -> None:
    plain, noted = video(tmp_path / "plain.mp4", [40 * i for i in range(10)]), tmp_path / "noted.mp4"
    options = {"movflags": "use_metadata_tags"}
    with av.open(str(plain)) as source, av.open(str(noted), "w", options=options) as target:
        target.metadata["com.android.capture.fps"] = fps
        stream = target.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(source.streams.video[0]):
            if packet.dts is not None:
                packet.stream = stream
                target.mux(packet)
    with VideoFile(noted) as opened:
        assert ("slow_motion" in opened.doubts) == slow
        assert opened.capture_fps == ({"120": 120.0, "25.0": 25.0}.get(fps))


def test_a_stream_without_time_stamps_is_doubted(tmp_path: Path, clip: Path) -> None:
    bare = video(tmp_path / "bare.h264", [40 * i for i in range(10)])
    with VideoFile(bare) as source:
        assert source.doubts == {"no_time_stamps"}
        assert not source.timed
    with VideoFile(clip) as source:
        assert source.doubts == frozenset()
        assert source.timed


def test_slow_motion_that_was_told_has_the_times_of_the_real_world(clip: Path) -> None:
    with VideoFile(clip) as plain, VideoFile(clip, speed=0.25) as told:
        assert [frame.t_s for frame in told] == pytest.approx([frame.t_s / 4 for frame in plain])
        assert told.fps == pytest.approx(4 * plain.fps)
        assert told.note is None


def test_a_mirrored_recording_is_turned_back_in_its_preview_too(clip: Path) -> None:
    with VideoFile(clip) as plain, VideoFile(clip, mirrored=True) as turned:
        pairs = zip([*plain.preview(), *plain], [*turned.preview(), *turned], strict=True)
        assert all((a.image == b.image[:, ::-1]).all() for a, b in pairs)
