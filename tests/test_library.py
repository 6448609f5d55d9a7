"""posecoach as a library: its names, and its examples as somebody would run them."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import posecoach
from posecoach.core.errors import InputError
from posecoach.session.recorded import Recorded
from posecoach.session.stopwatch import Stopwatch
from tests.conftest import GOOD_CLIP

EXAMPLES = Path(__file__).parent.parent / "examples"
NAMES = {"check", "open_source", "Tracker", "Pose", "Coach", "EXERCISES", "Result", "PosecoachError"}


def test_the_exported_names_are_exactly_these() -> None:
    assert set(posecoach.__all__) == NAMES
    for name in NAMES:
        assert getattr(posecoach, name) is not None
        assert name in dir(posecoach)
    with pytest.raises(AttributeError, match="nonsense"):
        posecoach.nonsense  # noqa: B018


def test_the_bare_import_loads_no_heavy_library(environment: dict[str, str]) -> None:
    code = "import sys, posecoach; sys.exit(bool({'cv2', 'numpy', 'av', 'mediapipe'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


def run(example: str, *arguments: object, environment: dict[str, str]) -> str:
    command = [sys.executable, str(EXAMPLES / example), *map(str, arguments)]
    env = environment | {"PYTHONPATH": str(EXAMPLES.parent), "PYTHONUTF8": "1"}
    done = subprocess.run(command, env=env, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.mark.usefixtures("weights")
def test_five_lines_score_a_clip(environment: dict[str, str]) -> None:
    assert run("score_a_clip.py", GOOD_CLIP, "knee_to_chest", environment=environment).startswith("good 100")


@pytest.mark.usefixtures("weights")
def test_a_folder_becomes_a_table(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / GOOD_CLIP.name).write_bytes(GOOD_CLIP.read_bytes())
    header, row = run("folder_to_table.py", tmp_path, environment=environment).splitlines()
    assert header.startswith("clip,exercise,verdict")
    assert row.startswith(f"{GOOD_CLIP.name},knee_to_chest,good,100,1")


@pytest.mark.usefixtures("weights")
def test_landmarks_of_ones_own_are_judged_as_the_video_is(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with posecoach.open_source(GOOD_CLIP) as source, posecoach.Tracker() as tracker:
        seen = Recorded(source, tracker, Stopwatch()).poses
        fps, size = source.fps, source.size
    poses = [pose for _, pose in seen if pose is not None]
    assert len(poses) == len(seen)
    np.savez(
        tmp_path / "landmarks.npz",
        image=[pose.image for pose in poses],
        world=[pose.world for pose in poses if pose.world is not None],
        visibility=[pose.visibility for pose in poses],
        fps=fps,
        size=size,
    )
    output = run("own_landmarks.py", tmp_path / "landmarks.npz", "knee_to_chest", environment=environment)
    assert output == "good []\n"
    with np.load(tmp_path / "landmarks.npz") as kept:
        np.savez(tmp_path / "flat.npz", **{**kept, "world": 0 * kept["world"]})
    output = run("own_landmarks.py", tmp_path / "flat.npz", "knee_to_chest", environment=environment)
    verdict, *notes = output.splitlines()
    assert verdict == "unseen []"
    assert notes


@pytest.mark.usefixtures("weights")
def test_a_camera_loop_says_what_the_coach_says(environment: dict[str, str], short_clip: Path) -> None:
    output = run("camera_loop.py", short_clip, environment=environment)
    assert "Knee to chest, left side" in output
    assert "knee_to_chest not_performed" in output


def test_a_camera_that_is_missing_is_one_sentence(environment: dict[str, str]) -> None:
    command = [sys.executable, str(EXAMPLES / "camera_loop.py"), "no_such.mp4"]
    env = environment | {"PYTHONPATH": str(EXAMPLES.parent), "PYTHONUTF8": "1"}
    done = subprocess.run(command, env=env, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "no_such.mp4" in done.stderr


def test_what_cannot_be_checked_is_one_sentence() -> None:
    with pytest.raises(InputError, match="did you mean 'bridge'"):
        posecoach.check("any.mp4", "brigde")
    with pytest.raises(InputError, match="both sides"):
        posecoach.check("any.mp4", "bridge", side="left")
    with pytest.raises(InputError, match=r"but got 'entre'.*did you mean 'enter'"):
        posecoach.check("any.mp4", "bridge", limits={"entre": 1.0})
    for wrong in (float("nan"), 1e9):
        with pytest.raises(InputError, match="enter of knee_to_chest must be between 85 and 150"):
            posecoach.check("any.mp4", "knee_to_chest", limits={"enter": wrong})
        with pytest.raises(InputError, match="A hold lasts from 0 to 300 seconds"):
            posecoach.check("any.mp4", "knee_to_chest", hold_s=wrong)
    with pytest.raises(InputError, match=r"limits\.hips_low of bridge is 10, beyond the target enter"):
        posecoach.check("any.mp4", "bridge", limits={"hips_low": 10.0})
    with pytest.raises(InputError, match="Limits belong to an exercise"):
        posecoach.check("any.mp4", limits={"enter": 100.0})
    with pytest.raises(InputError, match=r"side must be left or right.*'Left'"):
        posecoach.check("any.mp4", "knee_to_chest", side="Left")  # type: ignore[arg-type]
    with pytest.raises(posecoach.PosecoachError, match=r"no file none\.mp4"):
        posecoach.check("none.mp4", "bridge")
