from collections.abc import Iterable
from dataclasses import replace

import pytest

from posecoach.coaching.gestures import Gesture, Gestures, OnTheFront
from posecoach.core.types import Posture
from posecoach.kinematics.body import Body
from tests.support.synthetic import CROOK, STRAIGHT, VIEWS, Camera, Segment, Shot, Stance, T, film

LEFT = CROOK.but(raise_left=85)
BOTH = LEFT.but(raise_right=85)
HUGGING = CROOK.but(hip_left=118, knee_left=128)


def found_in(shots: Iterable[Shot]) -> list[tuple[float, Gesture]]:
    body, gestures = Body(), Gestures()
    told = [(shot.t_s, gestures.update(body.measure(shot.pose), shot.t_s)) for shot in shots]
    return [(t_s, gesture) for t_s, gesture in told if gesture is not None]


def raising(up: Stance, held_s: float, rest: Stance = CROOK, move_s: float = 0.8) -> list[Segment]:
    return [(1.5, rest), (move_s, up), (held_s, up), (move_s, rest), (1.0, rest)]


@pytest.mark.parametrize("view", ["side", "far side", "oblique", "far oblique"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_one_arm_held_up_is_one_gesture(view: str, side: str) -> None:
    up = CROOK.but(**{f"raise_{side}": 85})
    ((t_s, gesture),) = found_in(film(CROOK, raising(up, 4), camera=VIEWS[view]))
    assert gesture == "arm"
    assert 3 < t_s < 4.4


@pytest.mark.parametrize("view", ["side", "far side", "oblique", "far oblique"])
def test_both_arms_held_up_are_another_even_one_after_the_other(view: str) -> None:
    camera = VIEWS[view]
    assert [gesture for _, gesture in found_in(film(CROOK, raising(BOTH, 3), camera=camera))] == ["arms"]
    slowly: list[Segment] = [(1.5, CROOK), (0.8, LEFT), (0.5, LEFT), (0.8, BOTH), (3, BOTH)]
    assert [gesture for _, gesture in found_in(film(CROOK, slowly, camera=camera))] == ["arms"]


def test_an_arm_that_does_not_stay_up_is_none() -> None:
    assert found_in(film(CROOK, raising(LEFT, 0.5) * 3)) == []


def test_each_time_the_arm_comes_down_and_up_again_is_one_more() -> None:
    assert [gesture for _, gesture in found_in(film(CROOK, raising(LEFT, 3) * 2))] == ["arm", "arm"]


@pytest.mark.parametrize("posture", ["supine", "left_side", "right_side"])
def test_it_is_seen_however_one_lies(posture: Posture) -> None:
    """On the side, seen from the front, it is the upper arm that can be raised."""
    rest = STRAIGHT
    up = rest.but(raise_left=85) if posture != "left_side" else rest.but(raise_right=85)
    camera = VIEWS["far side" if posture == "left_side" else "side"]
    shots = film(rest, raising(up, 3, rest), camera=camera, posture=posture)
    assert [gesture for _, gesture in found_in(shots)] == ["arm"]


def test_it_is_seen_while_a_leg_is_drawn_in() -> None:
    shots = film(
        CROOK, [(1.5, CROOK), (1.5, HUGGING), (2, HUGGING), *raising(HUGGING.but(raise_right=85), 3, HUGGING)]
    )
    assert [gesture for _, gesture in found_in(shots)] == ["arm"]


@pytest.mark.parametrize("tilt", [65, 75])
def test_straight_up_need_not_be_exact(tilt: float) -> None:
    shots = film(CROOK, raising(CROOK.but(raise_left=tilt), 3), camera=replace(VIEWS["side"], noise_px=1.5))
    assert [gesture for _, gesture in found_in(shots)] == ["arm"]


@pytest.mark.parametrize(
    "stance",
    [
        CROOK.but(
            hip_left=125, hip_right=125, knee_left=60, knee_right=60, gap=0.9, grip=1
        ),  # hands on the feet
        CROOK.but(hip_left=80, knee_left=20, raise_left=40, raise_right=40),  # behind a raised leg
        CROOK.but(raise_left=45),
        T,
    ],
)
def test_arms_that_hold_something_or_are_half_up_say_nothing(stance: Stance) -> None:
    assert found_in(film(CROOK, [(1.5, CROOK), (1.5, stance), (6, stance), (1.5, CROOK)])) == []


def test_arms_that_have_been_up_from_the_beginning_say_nothing() -> None:
    assert found_in(film(BOTH, [(8, BOTH)])) == []


def test_from_above_nothing_is_guessed() -> None:
    assert found_in(film(CROOK, raising(BOTH, 4), camera=Camera(distance=1.0, height=2.4))) == []


# -- on the front ---------------------------------------------------------------------------------------


def followed(shots: Iterable[Shot]) -> list[tuple[float, bool]]:
    body, front = Body(), OnTheFront()
    return [front.update(body.measure(shot.pose), shot.t_s) for shot in shots]


def test_lying_flat_on_the_front_is_timed_from_the_last_move() -> None:
    raised = STRAIGHT.but(trunk=20)
    shots = film(
        STRAIGHT, [(2, STRAIGHT), (1, raised), (2, raised), (1, STRAIGHT), (5, STRAIGHT)], posture="prone"
    )
    rested = [seconds for seconds, _ in followed(shots)]
    assert 1 < max(rested[: 12 * 2]) < 2
    assert max(rested[12 * 3 : 12 * 5]) == 0
    assert 3.5 < rested[-1] < 5.2


@pytest.mark.parametrize(
    ("stance", "stirs"), [(STRAIGHT, False), (STRAIGHT.but(trunk=12), True), (STRAIGHT.but(head=0.2), True)]
)
def test_a_raised_head_or_chest_is_stirring(stance: Stance, stirs: bool) -> None:
    assert (
        followed(film(STRAIGHT, [(2, STRAIGHT), (1, stance), (1, stance)], posture="prone"))[-1][1] == stirs
    )


def test_whoever_lies_on_the_back_does_not_rest_on_the_front() -> None:
    assert {seconds for seconds, _ in followed(film(CROOK, [(5, CROOK)]))} == {0}
