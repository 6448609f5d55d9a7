"""How far a pelvis tilts back, as the hips of somebody with planted feet show it."""

from collections.abc import Callable, Iterator
from math import isnan, nan, sin

import pytest

from posecoach.kinematics.pelvic_tilt import Tilting

FPS = 20
HIPS, KNEES = 60.0, 110.0
Angle = Callable[[float], float]
#: A second's way into a tilt that opens the hips by seven degrees, held for three seconds, and back; again.
PERIOD_S = 8.0


def tilt(t_s: float) -> float:
    """How far the hips are open, degrees."""
    within = t_s % PERIOD_S - 2.0
    return 7.0 * max(0.0, min(1.0, within, 5.0 - within))


def followed(
    opened: Angle, bent: Angle = lambda t_s: 0.0, lasts_s: float = 30.0, off: float = 3.0
) -> Iterator[tuple[float, float]]:
    """Times, and what is found of hips that have `opened` and knees that are `bent` further, degrees."""
    tilting = Tilting()
    for frame in range(round(lasts_s * FPS)):
        t_s = frame / FPS
        hip, knee = HIPS - opened(t_s), KNEES + bent(t_s)
        yield t_s, tilting.follow((hip, hip), (knee, knee), off, t_s)[0]


def test_hips_that_open_above_planted_feet_show_a_pelvis_that_turns_by_more() -> None:
    found = dict(followed(tilt))
    for begin_s in (0.0, PERIOD_S, 2 * PERIOD_S):
        assert found[begin_s + 1.5] < 3
        assert 12 < found[begin_s + 4.0] < 20
        assert 12 < found[begin_s + 5.5] < 20


def test_a_foot_that_slides_along_the_bed_is_no_tilt() -> None:
    """It opens the hip by half of what it opens the knee."""
    assert all(found < 5 for _, found in followed(tilt, lambda t_s: -2 * tilt(t_s)))


def test_whoever_shifts_slowly_does_not_tilt() -> None:
    assert all(found < 5 for _, found in followed(lambda t_s: t_s / 6))


def test_whoever_comes_back_half_way_rests_there() -> None:
    """Nobody returns to the same degree."""

    def shifts(t_s: float) -> float:
        return tilt(t_s) + (2.5 if t_s > 5 else 0.0)

    found = dict(followed(shifts))
    assert found[PERIOD_S + 1.5] < 3
    assert 10 < found[PERIOD_S + 4.0] < 20


def test_an_arched_back_that_comes_down_again_is_no_tilt() -> None:
    assert all(found < 8 for _, found in followed(lambda t_s: -tilt(t_s)))


def test_legs_that_lie_elsewhere_rest_there_after_a_while() -> None:
    """Until then nothing is known of the pelvis."""

    def opened(t_s: float) -> float:
        return (20.0 if t_s > 3 else 0.0) + (tilt(t_s) if t_s > 2 * PERIOD_S else 0.0)

    found = dict(followed(opened, lambda t_s: -40.0 if t_s > 3 else 0.0))
    assert all(one == 0 for t_s, one in found.items() if 3.5 < t_s < 11)
    assert 12 < found[2 * PERIOD_S + 4.0] < 20


def test_tilts_after_bridges_are_tilts() -> None:
    """What opens the hips far is no rest, nor is the way there and back."""

    def bridges(t_s: float) -> float:
        return 9 * tilt(t_s) if t_s < 4 * PERIOD_S else tilt(t_s)

    found = dict(followed(bridges, lasts_s=6 * PERIOD_S))
    for begin_s in (4 * PERIOD_S, 5 * PERIOD_S):
        assert found[begin_s + 1.5] < 5
        assert 12 < found[begin_s + 4.5] < 22


def test_a_leg_that_is_put_down_lifts_no_pelvis() -> None:
    """It had been drawn in for so long that it seemed to rest there."""

    def drawn_in(t_s: float) -> float:
        return -55.0 if 3 < t_s < 15 else 0.0

    assert all(found < 40 for _, found in followed(drawn_in, lambda t_s: -drawn_in(t_s) / 4))


def test_a_knee_that_is_hardly_seen_may_have_moved_as_well() -> None:
    assert all(found == 0 for _, found in followed(tilt, off=9.0))


def test_one_hip_is_enough_and_without_any_nothing_is_known() -> None:
    one, none = Tilting(), Tilting()
    for frame in range(4 * FPS):
        t_s = frame / FPS
        found, _ = one.follow((HIPS - tilt(t_s), nan), (KNEES, KNEES), 3.0, t_s)
        unknown, _ = none.follow((nan, nan), (KNEES, KNEES), 3.0, t_s)
        assert isnan(unknown)
    assert 12 < found < 20


@pytest.mark.parametrize(("trembles", "off"), [(0.0, (1.5, 4)), (4.0, (5, 20))])
def test_hips_that_tremble_make_it_unsure(trembles: float, off: tuple[float, float]) -> None:
    tilting, least, most = Tilting(), *off
    for frame in range(10 * FPS):
        hip = HIPS + trembles * sin(40 * frame)
        _, deviation = tilting.follow((hip, hip), (KNEES, KNEES), 3.0, frame / FPS)
    assert least < deviation < most
