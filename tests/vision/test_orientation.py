import numpy as np
import pytest

from posecoach.core.pose import COUNT, INDEX, Array
from posecoach.core.types import Rotation
from posecoach.vision.orientation import RotationVotes, turn_needed, turn_points, turned
from tests.support.synthetic import Camera, T, film

# Bodies seen from the side, head at the left; x to the right and y down, in torso lengths.
BED = {"ear": (-0.3, 0.0), "shoulder": (0.0, 0.0), "hip": (1.0, 0.0)}
STRAIGHT = {"knee": (1.8, 0.0), "ankle": (2.6, 0.0)}
CROOK = {"knee": (1.4, -0.6), "ankle": (1.8, 0.0)}
LEGS_UP = {"knee": (1.2, -0.8), "ankle": (1.4, -1.6)}  # by 76 degrees
DRAWN = {"knee": (0.6, -0.6), "ankle": (1.4, -0.6)}


def body(left: dict[str, tuple[float, float]], right: dict[str, tuple[float, float]]) -> Array:
    image = np.zeros((COUNT, 2))
    for side, leg in (("left", left), ("right", right)):
        for part, place in (BED | leg).items():
            image[INDEX[f"{side}_{part}"]] = np.array(place) * 100
    return image


def rotated(image: Array, degrees: float) -> Array:
    """The body in a picture turned clockwise by `degrees`."""
    angle = np.radians(degrees)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    result: Array = image @ matrix.T
    return result


RAISED_TRUNK = body(STRAIGHT, STRAIGHT)
RAISED_TRUNK[[INDEX["left_shoulder"], INDEX["right_shoulder"]]] = (20, -60)

LYING = {
    "knees bent": body(CROOK, CROOK),
    "one knee bent": body(STRAIGHT, CROOK),
    "one knee drawn in": body(DRAWN, STRAIGHT),
    "trunk raised": RAISED_TRUNK,
}


@pytest.mark.parametrize("image", LYING.values(), ids=LYING)
@pytest.mark.parametrize("tilt", [-15, 0, 15])
@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_lying_body_shows_how_its_camera_was_turned(image: Array, degrees: int, tilt: int) -> None:
    assert turn_needed(rotated(image, tilt - degrees)) == degrees


@pytest.mark.parametrize(
    "image",
    [
        body(STRAIGHT, STRAIGHT),
        rotated(body(STRAIGHT, STRAIGHT), 90),  # standing
        rotated(
            body({"knee": (1.0, -0.8), "ankle": (1.8, -0.8)}, {"knee": (1.0, -0.8), "ankle": (1.8, -0.8)}), 90
        ),
        body({"knee": (1.5, 0.5), "ankle": (2.2, 0.5)}, {"knee": (1.4, 0.6), "ankle": (2.1, 0.6)}),  # a twist
        body(LEGS_UP, LEGS_UP),
        rotated(body(LEGS_UP, LEGS_UP), 90),
        body(DRAWN, DRAWN),
        rotated(body(CROOK, CROOK), 45),
        np.zeros((COUNT, 2)),
    ],
    ids=[
        "straight",
        "standing",
        "sitting",
        "knees towards the camera",
        "legs up",
        "long sitting",
        "both drawn in",
        "askew",
        "a point",
    ],
)
def test_other_bodies_are_no_evidence(image: Array) -> None:
    assert turn_needed(image) is None


def test_it_takes_clear_evidence_to_turn_a_picture() -> None:
    votes = RotationVotes()
    present: Rotation = 0
    for _ in range(2):
        votes.add(rotated(LYING["knees bent"], -90), 1.0)
        assert votes.best(present) == 0
    votes.add(rotated(LYING["knees bent"], -90), 1.0)
    assert votes.settled
    assert votes.best(present) == 90
    for _ in range(5):
        votes.add(LYING["knees bent"], 1.0)
    assert votes.best(90) == 90, "two seconds more are not enough to turn it back"
    votes.add(LYING["knees bent"], 1.0)
    assert votes.best(90) == 0


def test_knees_that_have_sunk_towards_the_camera_are_no_sign() -> None:
    camera = Camera(azimuth=20, height=1.2, distance=2.0)
    sunk = T.but(turn=80)
    for shot in film(T, [(3, T), (2, sunk), (3, sunk)], camera=camera)[-10:]:
        assert turn_needed(shot.pose.image) is None


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_points_turn_with_their_picture(turn: Rotation) -> None:
    image = np.zeros((20, 30, 3), np.uint8)
    image[3, 5] = 255
    ys, xs = np.nonzero(turned(image, turn)[:, :, 0])
    points: Array = np.array([[5.5, 3.5]])  # the middle of that pixel
    world: Array = np.array([[0.1, -0.2, 0.3]])
    got, got_world = turn_points(points, world, (30, 20), turn)
    np.testing.assert_allclose(got, [[xs[0] + 0.5, ys[0] + 0.5]])
    back, back_world = turn_points(got, got_world, (30, 20) if turn % 180 == 0 else (20, 30), -turn)
    np.testing.assert_allclose(back, points)
    np.testing.assert_allclose(back_world, world)
    assert got_world[0, 2] == 0.3
