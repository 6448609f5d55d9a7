"""Left and right: what the network exchanges is put back, what a body does is left alone."""

import numpy as np

from posecoach.pose import INDEX, Array
from posecoach.sides import MIRRORED, Sides

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
    sides = Sides()
    knee = INDEX["left_knee"]
    return [
        bool(sides.order(pose, np.full(33, seen), i / FPS)[knee] != knee)
        for i, (pose, seen) in enumerate(zip(poses, sharp, strict=True))
    ]


def test_sides_that_the_network_exchanges_for_a_while_are_put_back() -> None:
    poses = [body()] * 30 + [body()[MIRRORED]] * 20 + [body()] * 10
    sharp = [0.7] * 30 + [0.5] * 20 + [0.7] * 10
    assert orders(poses, sharp) == [False] * 30 + [True] * 20 + [False] * 10


def test_a_wrong_start_is_found_out() -> None:
    found = orders([body()[MIRRORED]] * 15 + [body()] * 60, [0.5] * 15 + [0.75] * 60)
    assert not any(found[40:])


def test_one_who_rolls_over_slowly_keeps_their_sides() -> None:
    turns = np.cos(np.linspace(0, np.pi, 3 * FPS))
    poses = [body(40.0 * turn) for turn in turns] + [body(-40.0)] * 24
    assert not any(orders(poses, [0.7] * len(poses)))


def test_one_who_lies_the_other_way_round_is_somebody_else_to_begin_with() -> None:
    turned = body().copy()
    turned[:, 0] = 640 - turned[:, 0]  # head to the other side, left still nearer
    assert not any(orders([body()] * 30 + [turned[MIRRORED]] * 30, [0.7] * 60))


def test_an_ankle_laid_over_the_other_knee_is_no_exchange() -> None:
    crossed = body()
    crossed[INDEX["left_ankle"]] = 210, 150
    crossed[INDEX["left_knee"]] = 230, 185
    assert not any(orders([body()] * 20 + [crossed] * 20, [0.7] * 20 + [0.6] * 20))
