import numpy as np
import pytest

from posecoach.core.pose import COUNT, INDEX, LANDMARKS, Pose
from tests.support.synthetic import CROOK, VIEWS, joints


@pytest.mark.parametrize(
    ("name", "index"),
    [
        ("nose", 0),
        ("left_ear", 7),
        ("right_ear", 8),
        ("left_shoulder", 11),
        ("right_wrist", 16),
        ("left_hip", 23),
        ("right_hip", 24),
        ("left_knee", 25),
        ("right_ankle", 28),
        ("left_heel", 29),
        ("right_foot_index", 32),
    ],
)
def test_landmarks_stand_where_the_network_puts_them(name: str, index: int) -> None:
    assert INDEX[name] == index
    assert LANDMARKS[index] == name


def test_there_are_33_landmarks_each_named_once() -> None:
    assert COUNT == len(LANDMARKS) == len(set(LANDMARKS)) == 33


@pytest.mark.parametrize(
    ("part", "wrong", "expected"),
    [
        ("image", (33, 3), "(33, 2)"),
        ("image", (32, 2), "(33, 2)"),
        ("world", (33, 2), "(33, 3)"),
        ("world", (99,), "(33, 3)"),
        ("visibility", (33, 1), "(33,)"),
        ("visibility", (17,), "(33,)"),
    ],
)
def test_a_wrong_shape_says_what_was_expected_and_what_came(
    part: str, wrong: tuple[int, ...], expected: str
) -> None:
    parts = {"image": np.zeros((33, 2)), "world": np.zeros((33, 3)), "visibility": np.zeros(33)}
    parts[part] = np.zeros(wrong)
    with pytest.raises(ValueError, match=part) as raised:
        Pose(0.0, parts["image"], parts["world"], parts["visibility"], size=(640, 480))
    assert expected in str(raised.value)
    assert str(wrong) in str(raised.value)


def test_a_pose_cannot_be_changed() -> None:
    pose = VIEWS["side"].shoot(joints(CROOK))
    with pytest.raises(AttributeError):
        pose.t_s = 1.0  # type: ignore[misc]
