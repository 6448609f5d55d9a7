"""Left and right: what the network exchanges is put back, what a body does is left alone."""

import numpy as np

from posecoach.core.pose import INDEX, LANDMARKS_MIRRORED, Array
from posecoach.vision.side_assignment import SideAssignment

FPS = 12
PLACES = {
    "shoulder": (400, 200),
    "elbow": (350, 190),
    "hip": (300, 200),
    "knee": (210, 200),
    "ankle": (120, 200),
}


def body(apart: float = 40.0) -> Array:
    """(33, 2) pixels of a body seen from above, its left `apart` pixels from its right."""
    points = np.full((33, 2), (420.0, 200.0))
    for part, (x, y) in PLACES.items():
        points[INDEX[f"left_{part}"]] = x, y + apart / 2
        points[INDEX[f"right_{part}"]] = x, y - apart / 2
    return points


def orders(poses: list[Array], sharp: list[float]) -> list[bool]:
    """For each pose, whether the legs were exchanged."""
    sides = SideAssignment()
    knee = INDEX["left_knee"]
    return [
        bool(sides.order(pose, np.full(33, seen), i / FPS)[knee] != knee)
        for i, (pose, seen) in enumerate(zip(poses, sharp, strict=True))
    ]


def test_sides_that_the_network_exchanges_for_a_while_are_put_back() -> None:
    poses = [body()] * 30 + [body()[LANDMARKS_MIRRORED]] * 20 + [body()] * 10
    sharp = [0.7] * 30 + [0.5] * 20 + [0.7] * 10
    assert orders(poses, sharp) == [False] * 30 + [True] * 20 + [False] * 10


def test_a_wrong_start_is_found_out() -> None:
    found = orders([body()[LANDMARKS_MIRRORED]] * 15 + [body()] * 60, [0.5] * 15 + [0.75] * 60)
    assert not any(found[40:])


def test_one_who_rolls_over_slowly_keeps_their_sides() -> None:
    turns = np.cos(np.linspace(0, np.pi, 3 * FPS))
    poses = [body(40.0 * turn) for turn in turns] + [body(-40.0)] * 24
    assert not any(orders(poses, [0.7] * len(poses)))


def test_one_who_lies_the_other_way_round_is_somebody_else_to_begin_with() -> None:
    turned = body().copy()
    turned[:, 0] = 640 - turned[:, 0]  # head to the other side, left still nearer
    assert not any(orders([body()] * 30 + [turned[LANDMARKS_MIRRORED]] * 30, [0.7] * 60))


def test_an_ankle_laid_over_the_other_knee_is_no_exchange() -> None:
    crossed = body()
    crossed[INDEX["left_ankle"]] = 210, 150
    crossed[INDEX["left_knee"]] = 230, 185
    assert not any(orders([body()] * 20 + [crossed] * 20, [0.7] * 20 + [0.6] * 20))


# From the knees down


def bent(knees: tuple[tuple[float, float], tuple[float, float]]) -> Array:
    """A body seen from the side whose left and right knees are where they are told; the ankles below them."""
    points = body(10.0)
    for side, (x, y) in zip(("left", "right"), knees, strict=True):
        points[INDEX[f"{side}_knee"]] = x, y
        points[INDEX[f"{side}_ankle"]] = x - 60, y + 70
    return points


DOWN, UP = (220.0, 160.0), (310.0, 120.0)
BELOW = [
    INDEX[f"{side}_{part}"] for part in ("knee", "ankle", "heel", "foot_index") for side in ("left", "right")
]


def hung_on_the_other(points: Array) -> Array:
    """The same pose as a network gives it that has exchanged the legs from the knees down."""
    points = points.copy()
    points[BELOW] = points[LANDMARKS_MIRRORED[BELOW]]
    return points


def test_legs_exchanged_from_the_knees_down_are_put_right() -> None:
    right = bent((UP, DOWN))
    poses = [right] * 20 + [hung_on_the_other(right)] * 15 + [right] * 15
    sharp = [0.7] * 20 + [0.5] * 15 + [0.7] * 15
    assert orders(poses, sharp) == [False] * 20 + [True] * 15 + [False] * 15


def test_an_exchange_that_comes_by_way_of_something_in_between_is_seen() -> None:
    right = bent((UP, DOWN))
    between = (right + hung_on_the_other(right)) / 2
    poses = [right] * 20 + [between] * 4 + [hung_on_the_other(right)] * 10 + [between] * 3 + [right] * 10
    sharp = [0.7] * 20 + [0.2] * 4 + [0.5] * 10 + [0.2] * 3 + [0.7] * 10
    found = orders(poses, sharp)
    assert all(found[24:34])
    assert not any(found[37:])


def test_a_leg_that_is_drawn_past_the_other_is_no_exchange() -> None:
    way = np.linspace((150.0, 195.0), UP, 2 * FPS)
    poses = [bent(((x, y), DOWN)) for x, y in way] + [bent((UP, DOWN))] * 20
    assert not any(orders(poses, [0.7] * len(poses)))


def test_legs_that_lie_side_by_side_are_believed_again() -> None:
    poses = [bent((UP, DOWN))] * 20 + [hung_on_the_other(bent((UP, DOWN)))] * 10
    poses += [bent((DOWN, (DOWN[0] + 8, DOWN[1])))] * 10
    assert not any(orders(poses, [0.7] * len(poses))[31:])


def test_arms_are_known_after_somebody_has_walked_past() -> None:
    hidden = body()
    hidden[:, 1] += 30  # for a second the network sees something else, dimly
    arms = [INDEX[f"{side}_{part}"] for part in ("shoulder", "elbow") for side in ("left", "right")]
    exchanged = hidden.copy()
    exchanged[arms] = hidden[LANDMARKS_MIRRORED[arms]]
    sides, shoulder = SideAssignment(), INDEX["left_shoulder"]
    poses = [body()] * 30 + [exchanged] * 12 + [body()] * 30
    sharp = [0.7] * 30 + [0.3] * 12 + [0.7] * 30
    found = [
        bool(sides.order(pose, np.full(33, seen), i / FPS)[shoulder] != shoulder)
        for i, (pose, seen) in enumerate(zip(poses, sharp, strict=True))
    ]
    assert not any(found[:30])
    assert all(found[30:42])
    assert not any(found[42:])


# What a body does is left alone, soon


def test_one_who_turned_over_unseen_has_turned_over() -> None:
    sides = SideAssignment()
    for i in range(30):
        sides.order(body(), np.full(33, 0.8), i / FPS)
    for i in range(30 + 2 * FPS, 90):
        assert (sides.order(body(-40.0), np.full(33, 0.8), i / FPS) == np.arange(33)).all()


def test_what_is_plainly_seen_for_long_is_believed_in_the_end() -> None:
    assert not any(orders([body()] * 30 + [body(-40.0)] * 60, [0.8] * 90)[30 + 2 * FPS :])


def test_legs_that_change_places_fast_are_soon_believed() -> None:
    change = np.linspace(0, 1, 6)[:, None]
    up, down = np.array(UP), np.array(DOWN)
    way = [
        bent((tuple(a), tuple(b)))
        for a, b in zip(up + change * (down - up), down + change * (up - down), strict=True)
    ]
    poses = [bent((UP, DOWN))] * 30 + way + [bent((DOWN, UP))] * 60
    assert not any(orders(poses, [0.8] * len(poses))[36 + 2 * FPS :])
