from dataclasses import replace

import numpy as np
import pytest

from posecoach.core.pose import COUNT, Array, Pose
from posecoach.core.types import Posture
from posecoach.kinematics.landmarks import Landmarks
from posecoach.kinematics.skeleton_fit import AT, JOINTS, NAMES, fit_all
from tests.support.synthetic import (
    BUILDS,
    CROOK,
    SIDES,
    STRAIGHT,
    VIEWS,
    Build,
    Camera,
    Stance,
    film,
    flexion,
    joints,
)

STANCES = {
    "legs bent": CROOK,
    "legs straight": STRAIGHT,
    "left knee drawn in": CROOK.but(hip_left=115, knee_left=125),
    "right knee drawn in": STRAIGHT.but(hip_right=115, knee_right=125),
    "both drawn in": CROOK.but(hip_left=110, hip_right=110, knee_left=110, knee_right=110),
    "left leg raised": STRAIGHT.but(hip_left=80, knee_left=20),
}


def fit(pose: Pose, before: dict[str, Array] | None = None) -> dict[str, Array]:
    """The joints of one body by name, from those of the frame before where there are any."""
    depths = None if before is None else np.array([[before[name][2] for name in JOINTS]])
    [points] = fit_all(Landmarks.of([pose]), depths, np.array([np.nan])).points
    return {name: points[index] for name, index in AT.items()}


def worst_angle(stance: Stance, build: Build, camera: Camera, posture: Posture = "supine") -> float:
    """The largest error of any hip or knee, degrees."""
    truth = joints(stance, build, posture)
    found = fit(camera.shoot(truth))
    return max(
        abs(flexion(found, joint, side) - flexion(truth, joint, side))
        for side in SIDES
        for joint in ("hip", "knee")
    )


@pytest.mark.parametrize("stance", STANCES.values(), ids=STANCES)
@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
@pytest.mark.parametrize(
    ("view", "within"),
    [("side", 4), ("far side", 4), ("oblique", 10), ("far oblique", 10), ("top", 10)],
)
def test_hips_and_knees_are_found_in_space(view: str, within: float, build: Build, stance: Stance) -> None:
    assert worst_angle(stance, build, VIEWS[view]) < within


@pytest.mark.parametrize("flatten", [0.6, 0.7, 1.0])
@pytest.mark.parametrize(("view", "within"), [("side", 6), ("far side", 6), ("oblique", 10)])
def test_the_network_may_flatten_depth(view: str, within: float, flatten: float) -> None:
    camera = replace(VIEWS[view], flatten=flatten)
    for stance in STANCES.values():
        assert worst_angle(stance, Build(), camera) < within


@pytest.mark.parametrize("stance", [STRAIGHT, CROOK], ids=["straight", "bent"])
@pytest.mark.parametrize("posture", ["prone", "left_side", "right_side"])
def test_other_postures_are_found_too(posture: Posture, stance: Stance) -> None:
    for view in ("side", "far side"):
        assert worst_angle(stance, Build(), VIEWS[view], posture) < 8


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (320, 240), (1920, 1080)])
def test_the_size_of_the_picture_does_not_matter(size: tuple[int, int]) -> None:
    assert worst_angle(STANCES["left knee drawn in"], Build(), Camera(size=size)) < 4


@pytest.mark.parametrize("fov", [45, 53, 70])
@pytest.mark.parametrize("distance", [1.8, 3.0])
def test_neither_does_the_lens_or_the_distance(fov: float, distance: float) -> None:
    assert worst_angle(STANCES["left knee drawn in"], Build(), Camera(fov=fov, distance=distance)) < 8


def test_noise_in_the_picture_stays_noise() -> None:
    for stance in STANCES.values():
        assert worst_angle(stance, Build(), Camera(noise_px=2)) < 10


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS)
def test_bones_keep_about_their_lengths(build: Build, view: str) -> None:
    skeleton = fit(VIEWS[view].shoot(joints(CROOK, build)))
    bones = {"hip-knee": build.thigh, "knee-ankle": build.shank, "shoulder-elbow": build.upper_arm}
    for bone, metres in bones.items():
        a, b = bone.split("-")
        for side in SIDES:
            length = np.linalg.norm(skeleton[f"{side}_{a}"] - skeleton[f"{side}_{b}"])
            assert length == pytest.approx(metres / build.torso, rel=0.12), (bone, side)
    shoulders, hips = (skeleton[f"left_{one}"] + skeleton[f"right_{one}"] for one in ("shoulder", "hip"))
    assert np.linalg.norm(shoulders - hips) / 2 == pytest.approx(1, rel=0.1)


@pytest.mark.parametrize("view", ["side", "far side", "oblique"])
def test_going_on_from_the_frame_before_gives_what_starting_afresh_gives(view: str) -> None:
    deep = CROOK.but(hip_left=115, knee_left=125)
    before: dict[str, Array] | None = None
    for shot in film(CROOK, [(1.5, deep), (0.4, deep)], camera=VIEWS[view]):
        before = fit(shot.pose, before)
        cold, warm = fit(shot.pose), before
        for side in SIDES:
            angles = [flexion(found, joint, side) for found in (warm, cold) for joint in ("hip", "knee")]
            assert angles[:2] == pytest.approx(angles[2:], abs=4)


def test_what_comes_out_has_the_shapes_it_promises() -> None:
    shots = film(CROOK, [(0.2, CROOK)])[:2]
    fits = fit_all(Landmarks.of([shot.pose for shot in shots]), None, np.full(2, np.nan))
    assert fits.points.shape == (2, len(NAMES), 3) == (2, 19, 3)
    assert fits.misfit.shape == (2, 12)


@pytest.mark.parametrize("visibility", [0.0, 1.0])
def test_a_body_in_one_point_is_no_error(visibility: float) -> None:
    image, world = np.full((COUNT, 2), 100.0), np.zeros((COUNT, 3))
    skeleton = fit(Pose(0.0, image, world, np.full(COUNT, visibility), (640, 480)))
    assert all(np.isfinite(point).all() for point in skeleton.values())
