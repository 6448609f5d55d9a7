"""Landmarks of other trackers: what is not known in them is never evidence."""

from typing import Any

import numpy as np
import pytest

import posecoach
from posecoach.core.pose import COCO_17, INDEX, LANDMARKS, Array, Pose
from posecoach.kinematics.body import Body
from posecoach.kinematics.measures import UNSEEN
from tests.assessment.test_exercises import LIFTED
from tests.support.synthetic import CROOK, film, repeat

FPS, SIZE = 12.0, (640, 480)
SHOTS = film(CROOK, repeat(CROOK, LIFTED, hold_s=4.0), fps=FPS)
IMAGE = np.array([shot.pose.image for shot in SHOTS])
WORLD = np.array([shot.pose.world for shot in SHOTS])
COCO = [INDEX[name] for name in COCO_17]


def verdict(**changes: Any) -> tuple[str, int]:
    given: dict[str, Any] = {"landmarks": IMAGE, "fps": FPS, "size": SIZE, "world": WORLD} | changes
    result = posecoach.check(Pose.from_landmarks(**given), "bridge")
    return result.verdict, len(result.positions)


def test_mediapipe_and_coco_landmarks_with_world_coordinates_are_judged_alike() -> None:
    assert verdict() == ("good", 1)
    assert verdict(landmarks=IMAGE[:, COCO], world=WORLD[:, COCO], names=COCO_17) == ("good", 1)


def test_the_exercise_of_landmarks_is_detected_too() -> None:
    poses = Pose.from_landmarks(IMAGE, fps=FPS, size=SIZE, world=WORLD)
    assert posecoach.check(poses).exercise == "bridge"
    nothing = posecoach.check(Pose.from_landmarks(IMAGE, fps=FPS, size=SIZE))
    assert (nothing.exercise, nothing.verdict) == (None, "unseen")


@pytest.mark.parametrize(
    "world",
    [
        None,
        np.zeros_like(WORLD),
        WORLD * [1, 1, 0],
        np.full_like(WORLD, np.nan),
        np.dstack([IMAGE / 500, np.full(IMAGE.shape[:2], 0.3)]),
    ],
    ids=["2D alone", "zeros", "flat", "unknown", "the picture again"],
)
def test_a_picture_without_a_body_in_space_is_never_evidence(world: Array | None) -> None:
    assert verdict(world=world) == ("unseen", 0)


def test_nothing_is_measured_without_a_body_in_space() -> None:
    body = Body()
    seen = body.measure(SHOTS[0].pose).values
    assert set(seen) == set(UNSEEN)
    flat = Pose(1.0, IMAGE[0], np.zeros((33, 3)), np.ones(33), SIZE)
    assert body.measure(flat).values == UNSEEN


def test_frames_in_which_nobody_was_found_are_frames_without_a_body() -> None:
    gone = IMAGE.copy()
    gone[20:] = np.nan
    result = posecoach.check(Pose.from_landmarks(gone, fps=FPS, size=SIZE, world=WORLD), "bridge")
    assert result.frames == len(IMAGE)
    assert result.seen < 0.5
    assert result.verdict == "unseen"


def test_a_landmark_that_was_not_found_in_space_is_hidden() -> None:
    partly = WORLD.copy()
    partly[:, INDEX["left_wrist"]] = np.nan
    pose = Pose.from_landmarks(IMAGE, fps=FPS, size=SIZE, world=partly)[0]
    assert pose.in_space
    assert pose.visibility[INDEX["left_wrist"]] == 0
    assert pose.visibility[INDEX["left_elbow"]] == 1


def test_a_missing_landmark_is_hidden_and_near_its_neighbour() -> None:
    partly = IMAGE.copy()
    partly[:, INDEX["left_wrist"]] = np.nan
    pose = Pose.from_landmarks(partly, fps=FPS, size=SIZE, world=WORLD)[0]
    assert pose.visibility[INDEX["left_wrist"]] == 0
    np.testing.assert_array_equal(pose.image[INDEX["left_wrist"]], pose.image[INDEX["left_elbow"]])
    assert np.isfinite(pose.image).all()


def test_time_and_origin_are_those_of_a_pose() -> None:
    poses = Pose.from_landmarks(IMAGE, fps=FPS, size=SIZE, world=WORLD + 2.0)
    assert [pose.t_s for pose in poses[:3]] == pytest.approx([0.0, 1 / 12, 2 / 12])
    assert poses[0].world is not None
    hips = (poses[0].world[INDEX["left_hip"]] + poses[0].world[INDEX["right_hip"]]) / 2
    assert hips == pytest.approx(np.zeros(3), abs=1e-9)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"landmarks": IMAGE[:, :17]}, "landmarks must have shape"),
        ({"landmarks": 0.5}, "landmarks must have shape"),
        ({"world": WORLD[:5]}, "world must have shape"),
        ({"visibility": np.ones(33)}, "visibility must have shape"),
        ({"names": [*LANDMARKS[:32], "tail"]}, "names must be of LANDMARKS"),
        ({"landmarks": IMAGE[:, :5], "world": None, "names": LANDMARKS[:5]}, "shoulders and hips"),
        ({"fps": 0}, "fps must be above 0"),
    ],
)
def test_what_cannot_be_landmarks_is_said(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        verdict(**changes)
