"""A pelvic tilt is judged where it is seen, and only timed where it may be a shift of the body."""

from dataclasses import replace

import pytest

from posecoach.assessment.results import Note, Result
from tests.support.synthetic import baseline_seen_from, judge, numbers

REST = {"pelvic_tilt": 0.0, "pelvis_lift": 0.0, "heel_lift_left": 0.0, "heel_lift_right": 0.0}
ONLY_TIMED = Note("only_timed", {"exercise": "pelvic_tilt"})


def tilts(
    turn: float, times: int = 3, held_s: float = 4.0, from_above: bool = False, lift: float = 0.03
) -> Result:
    """A pelvis that turns back by so many degrees again and again, and is asked to stay so for 4 s."""
    segments = [(2.0, REST)]
    for _ in range(times):
        segments += [
            (0.8, {"pelvic_tilt": turn, "pelvis_lift": lift}),
            (held_s, {}),
            (0.8, REST),
            (2.0, REST),
        ]
    view = baseline_seen_from("top" if from_above else "side")
    # As far as a tilt is off where both hips are plainly seen, in degrees.
    found = [replace(one, deviations={"pelvic_tilt": 3.0}) for one in numbers(REST, segments, baseline=view)]
    return judge("pelvic_tilt", found, hold_s=4)


def faults(result: Result) -> set[str]:
    return {fault.name for fault in result.faults}


@pytest.mark.parametrize("from_above", [False, True])
def test_a_tilt_that_comes_again_is_judged_and_counted(from_above: bool) -> None:
    result = tilts(17, from_above=from_above)
    assert (result.verdict, result.reps) == ("good", 3)
    assert [round(position.lasts_s) for position in result.positions] == [5, 5, 5]


def test_one_small_move_may_be_a_shift_of_the_body() -> None:
    result = tilts(17, times=1)
    assert (result.verdict, result.notes) == ("unseen", (ONLY_TIMED,))


def test_a_tilt_that_is_hardly_larger_than_the_noise_is_only_timed() -> None:
    assert tilts(6).notes == (ONLY_TIMED,)


@pytest.mark.parametrize("from_above", [False, True])
def test_a_pelvis_that_plainly_stays_where_it_is_has_not_tilted(from_above: bool) -> None:
    result = tilts(2, from_above=from_above)
    assert (result.verdict, result.notes) == ("not_performed", ())


def test_tilts_that_are_let_go_at_once_are_not_praised() -> None:
    assert tilts(17, held_s=0.5).notes == (ONLY_TIMED,)


@pytest.mark.parametrize(("turn", "lift"), [(32, 0.0), (24, 0.0), (17, 0.08)])
def test_what_may_be_a_low_bridge_is_no_tilt_for_sure(turn: float, lift: float) -> None:
    assert tilts(turn, lift=lift).notes == (ONLY_TIMED,)


@pytest.mark.parametrize("from_above", [False, True])
def test_hips_that_open_further_than_any_tilt_are_lifted_wherever_the_camera_is(from_above: bool) -> None:
    result = tilts(60, from_above=from_above)
    assert (result.verdict, faults(result)) == ("fault", {"hips_lifted"})


def test_lifted_hips_are_judged_if_one_of_two_ways_of_seeing_them_is_open() -> None:
    """From above no height is seen, and how far the hips open is."""
    notes = tilts(17, from_above=True).notes
    unjudged = {note.arguments["fault"] for note in notes if isinstance(note, Note)}
    assert "feet_lifted" in unjudged
    assert "hips_lifted" not in unjudged


def test_lifted_hips_that_are_seen_in_two_ways_are_one_fault() -> None:
    up, down = {"pelvic_tilt": 60.0, "pelvis_lift": 0.3}, {"pelvic_tilt": 0.0, "pelvis_lift": 0.0}
    result = judge(
        "pelvic_tilt", numbers(REST, [(2, REST), (1, up), (3, up), (1, down), (2, down)]), hold_s=4
    )
    [fault] = result.faults
    assert (fault.name, round(fault.lasts_s)) == ("hips_lifted", 4)
