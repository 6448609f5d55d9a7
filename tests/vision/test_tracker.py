import gc
import io
import struct
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from posecoach.core.errors import ModelError
from posecoach.core.observation import Observation
from posecoach.core.pose import INDEX, Pose
from posecoach.core.types import Rotation
from posecoach.vision import native
from posecoach.vision.source import Frame
from posecoach.vision.tracker import Rotate, Tracker
from posecoach.vision.video_file import VideoFile

BODY = [i for name, i in INDEX.items() if any(part in name for part in ("shoulder", "hip", "knee", "ankle"))]


@pytest.fixture(scope="module")
def clip() -> list[Frame]:
    """A frame of every third of a second of a knee drawn to the chest."""
    folder = Path(__file__).parents[2] / "sample_videos" / "knee_to_chest"
    with VideoFile(folder / "knee_to_chest-good-left-side-la.mp4") as video:
        return [frame for frame in video if frame.index % 4 == 0][:24]


def observe(frames: list[Frame], model: bytes, rotate: Rotate) -> list[Observation]:
    with Tracker(model, rotate) as tracker:
        tracker.settle(frames[::3])
        return [tracker.track(frame) for frame in frames]


def found(observations: list[Observation]) -> list[Pose]:
    poses = [one.pose for one in observations if one.pose is not None]
    assert len(poses) >= len(observations) - 1
    return poses


def follow(frames: list[Frame], model: bytes, rotate: Rotate) -> list[Pose]:
    return found(observe(frames, model, rotate))


def mounted(frames: list[Frame], degrees: int) -> list[Frame]:
    """The frames of a camera for which the picture has to be turned clockwise by `degrees`."""
    return [
        Frame(np.ascontiguousarray(np.rot90(frame.image, degrees // 90)), frame.t_s, frame.index)
        for frame in frames
    ]


@pytest.fixture(scope="module")
def upright(clip: list[Frame], weights: bytes) -> list[Pose]:
    return follow(clip, weights, 0)


def test_a_body_is_followed(clip: list[Frame], upright: list[Pose]) -> None:
    assert [pose.t_s for pose in upright] == [frame.t_s for frame in clip][-len(upright) :]
    for pose in upright:
        assert pose.size == (640, 480)
        assert ((pose.image[BODY] > 0) & (pose.image[BODY] < pose.size)).all()
        assert ((pose.visibility >= 0) & (pose.visibility <= 1)).all()
    # It lies on its back with the head to the right: so in the picture, and so in the world.
    assert upright[0].world is not None
    for points in (upright[0].image, upright[0].world):
        assert points[INDEX["nose"], 0] > points[INDEX["left_ankle"], 0]
    knee = INDEX["left_knee"]
    assert upright[-1].image[knee, 1] < upright[0].image[knee, 1] - 50


@pytest.mark.parametrize("rotate", ["auto", "fixed"])
@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_a_turned_camera_gives_the_same_poses(
    clip: list[Frame], upright: list[Pose], weights: bytes, degrees: Rotation, rotate: str
) -> None:
    sideways = mounted(clip, degrees)
    observations = observe(sideways, weights, degrees if rotate == "fixed" else "auto")
    for one, frame in zip(observations, clip, strict=True):
        assert one.rotation == degrees
        assert ("turned" in one.doubts) == (rotate == "auto" and degrees != 0)
        assert one.pose is None or one.pose.rotation == degrees
        np.testing.assert_array_equal(one.image, frame.image)
    for pose, expected in zip(found(observations)[-20:], upright[-20:], strict=True):
        assert pose.size == (640, 480)
        assert pose.world is not None
        assert expected.world is not None
        assert np.abs(pose.image - expected.image)[BODY].max() < 5
        assert np.abs(pose.world - expected.world)[BODY].max() < 0.03


def test_auto_leaves_an_upright_picture_alone(clip: list[Frame], upright: list[Pose], weights: bytes) -> None:
    observations = observe(clip, weights, "auto")
    assert {one.rotation for one in observations} == {0}
    assert observations[0].image is clip[0].image
    for pose, expected in zip(found(observations), upright, strict=True):
        np.testing.assert_allclose(pose.image, expected.image, atol=1e-6)


def test_a_body_is_found_in_a_picture_that_a_fixed_rotation_leaves_upside_down(
    clip: list[Frame], upright: list[Pose], weights: bytes
) -> None:
    poses = follow(mounted(clip, 180), weights, 0)
    assert {pose.rotation for pose in poses} == {0}
    assert np.abs((640, 480) - poses[-1].image - upright[-1].image)[BODY].mean() < 5


def test_without_openvino_mediapipe_follows_the_body_and_says_so(
    clip: list[Frame],
    upright: list[Pose],
    weights: bytes,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(native, "openvino", lambda: None)
    poses = follow(clip, weights, "auto")
    assert "OpenVINO" in caplog.text
    for pose, expected in zip(poses[-20:], upright[-20:], strict=True):
        assert np.abs(pose.image - expected.image)[BODY].mean() < 3


def test_an_empty_room_has_nobody(weights: bytes) -> None:
    rng = np.random.default_rng(0)
    with Tracker(weights) as tracker:
        for index in range(12):
            image = rng.integers(80, 90, (240, 320, 3), dtype=np.uint8)
            assert tracker.track(Frame(image, index / 10, index)).pose is None


def test_light_is_measured_once_a_second_and_is_0_where_a_lamp_is_needed(weights: bytes) -> None:
    room = np.full((240, 320, 3), 120, np.uint8)
    with Tracker(weights, 0) as tracker:
        assert tracker.light is None
        lit = [tracker.track(Frame(image, t_s, 0)).light for t_s, image in ((0, room), (0.5, 0 * room))]
        assert lit[0] == lit[1] == tracker.light
        assert lit[0] == pytest.approx(120 / 255, abs=0.01)
        rng = np.random.default_rng(0)
        noise = [rng.normal(4, 6, room.shape).clip(0, 255).astype(np.uint8) for _ in range(8)]
        late = [tracker.track(Frame(image, 1 + index / 4, index)) for index, image in enumerate(noise)]
    assert late[-1].light == 0


def test_stamps_that_meet_in_one_millisecond_still_rise(clip: list[Frame], weights: bytes) -> None:
    with Tracker(weights, 0) as tracker:
        for index, frame in enumerate(clip[:4]):
            pose = tracker.track(Frame(frame.image, 1 + index * 1e-5, index)).pose
            assert pose is None or pose.t_s == 1 + index * 1e-5


def test_a_model_that_is_none_gets_one_sentence() -> None:
    with pytest.raises(ModelError, match="posecoach model fetch"):
        Tracker(b"not a model")


def _track_one(weights: bytes, rotate: Rotate, clip: list[Frame]) -> None:
    with Tracker(weights, rotate) as tracker:
        tracker.settle(clip[:1])
        tracker.track(clip[0])


def test_a_model_with_its_networks_swapped_gets_one_sentence_and_is_let_go(
    clip: list[Frame], weights: bytes
) -> None:
    swapped = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(weights)) as source, zipfile.ZipFile(swapped, "w") as target:
        names = source.namelist()
        for name, other in zip(names, reversed(names), strict=True):
            info = zipfile.ZipInfo(name)
            # The library wants the data of each entry on a 4-byte boundary.
            padding = -(swapped.tell() + 34 + len(name)) % 4
            info.extra = struct.pack("<HH", 0xD935, padding) + bytes(padding)
            target.writestr(info, source.read(other))
    rotations: tuple[Rotate, ...] = ("auto", 0)
    for rotate in rotations:
        with pytest.raises(ModelError, match="model fetch"):
            _track_one(swapped.getvalue(), rotate, clip)
    gc.collect()  # closing again, as the garbage is collected, would be told of as unraisable


def test_two_trackers_at_work_at_once_do_not_disturb_each_other(
    clip: list[Frame], upright: list[Pose], weights: bytes
) -> None:
    barrier = threading.Barrier(2)

    def track() -> list[Observation]:
        with Tracker(weights, 0) as tracker:
            tracker.settle(clip[::3])
            barrier.wait()
            return [tracker.track(frame) for frame in clip]

    with ThreadPoolExecutor(2) as pool:
        both = [future.result() for future in [pool.submit(track) for _ in range(2)]]
    for observations in both:
        for pose, expected in zip(found(observations), upright, strict=True):
            np.testing.assert_array_equal(pose.image, expected.image)


def test_closing_twice_is_allowed(weights: bytes) -> None:
    tracker = Tracker(weights)
    tracker.close()
    tracker.close()


def test_the_libraries_write_nothing_to_standard_error(weights: bytes, tmp_path: Path) -> None:
    model = tmp_path / "model.task"
    model.write_bytes(weights)
    script = f"""
import numpy as np, pathlib
from posecoach.vision.tracker import Tracker
from posecoach.vision.source import Frame
from posecoach.vision.video_file import VideoFile
clip = "sample_videos/knee_to_chest/knee_to_chest-good-left-side-la.mp4"
with Tracker(pathlib.Path({str(model)!r}).read_bytes()) as tracker, VideoFile(clip) as video:
    tracker.settle(video.preview())
    for frame in video:
        tracker.track(frame)
        if frame.index == 5:
            break
raise SystemExit("the end")
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert (done.stdout, done.stderr.strip(), done.returncode) == ("", "the end", 1)


@pytest.mark.parametrize(("level", "noise", "state"), [(200, 4, "there"), (16, 6, "dim")])
def test_an_empty_picture_is_dark_only_where_it_lacks_light(
    level: float, noise: float, state: str, weights: bytes
) -> None:
    random = np.random.default_rng(0)
    pictures = [random.normal(level, noise, (240, 320, 3)).clip(0, 255).astype(np.uint8) for _ in range(12)]
    frames = [Frame(picture, index / 10, index) for index, picture in enumerate(pictures)]
    last = observe(frames, weights, 0)[-1]
    assert (last.pose, last.state) == (None, state)


def test_a_picture_that_shows_nothing_is_not_also_too_dim_to_judge_haste(weights: bytes) -> None:
    frames = [Frame(np.zeros((240, 320, 3), np.uint8), index / 10, index) for index in range(12)]
    assert observe(frames, weights, 0)[-1].doubts == {"dark"}
