"""A recording of several exercises is a timeline: each is found, with its start and end, and judged."""

from dataclasses import replace

import pytest

from posecoach.assessment.recognition import recognise
from posecoach.assessment.results import Note, Result
from posecoach.coaching.timeline import Timeline
from posecoach.coaching.watcher import Watcher
from tests.support.synthetic import CROOK, STRAIGHT, Shot, Stance, T, film, repeat, rolling

KNEE = CROOK.but(hip_left=118, knee_left=128)
BOTH = KNEE.but(hip_right=118, knee_right=128)
LIFTED = CROOK.but(pelvis=0.45)
RISE = STRAIGHT.but(trunk=22)
KNEE_TO_CHEST = film(CROOK, repeat(CROOK, KNEE, 6.0, rest_s=3))
BRIDGES = film(CROOK, repeat(CROOK, LIFTED, 2.0, reps=2, rest_s=2), start_s=20.0)


def judged(shots: list[Shot]) -> list[Result]:
    """The results of all exercises that are found in a film."""
    coach = Timeline(recognise(shot.pose for shot in shots).timeline(), Watcher)
    for shot in shots:
        coach.update(shot.pose, shot.t_s)
    assert not coach.finished
    results = coach.finish()
    assert coach.finished
    return results


def test_two_exercises_are_two_results_with_their_times() -> None:
    first, second = judged([*KNEE_TO_CHEST, *BRIDGES])
    assert (first.exercise, first.verdict, first.reps) == ("knee_to_chest", "good", 1)
    assert (second.exercise, second.verdict, second.reps) == ("bridge", "good", 2)
    assert first.detection is not None
    assert second.detection is not None
    assert 10 < first.detection.end_s == second.detection.start_s < 24
    assert first.detection.certainty > 0.8
    assert second.as_dict("x")["start_s"] == round(second.detection.start_s, 2)


def test_an_exercise_lasts_at_least_as_long_as_its_positions() -> None:
    """In the first seconds, a body that was just found may be measured, but its exercise not be told."""
    shots = [*KNEE_TO_CHEST, *BRIDGES]
    late, last = recognise(shot.pose for shot in shots).timeline()
    coach = Timeline([replace(late, start_s=6.0), replace(last, end_s=30.0)], Watcher)
    for shot in shots:
        coach.update(shot.pose, shot.t_s)
    for result in coach.finish():
        assert result.detection is not None
        assert result.detection.start_s <= result.positions[0].start_s
        assert result.positions[-1].end_s <= result.detection.end_s


@pytest.mark.parametrize("first", [False, True])
def test_what_is_done_besides_an_exercise_and_is_not_recognised_is_said(first: bool) -> None:
    """Before it or after it: shoulders that come up a little."""
    low = repeat(CROOK, CROOK.but(trunk=14), 2.0, reps=3, rest_s=2)
    stretch = repeat(CROOK, KNEE, 6.0, rest_s=3)
    [result] = judged(film(CROOK, [*low, (4, CROOK), *stretch] if first else [*stretch, (4, CROOK), *low]))
    assert (result.exercise, result.verdict) == ("knee_to_chest", "good")
    [note] = [one for one in result.notes if isinstance(one, Note) and one.code == "something_else"]
    from_s, until_s = float(note.arguments["from_s"]), float(note.arguments["until_s"])
    held = result.positions[0]
    assert until_s - from_s > 8
    assert until_s < held.start_s if first else held.end_s < from_s
    assert result.detection is not None
    assert (until_s <= result.detection.start_s + 1) if first else (result.detection.end_s <= from_s + 1)


def test_an_attempt_that_falls_short_is_nothing_else() -> None:
    attempt = repeat(CROOK, CROOK.but(hip_left=80, knee_left=115), 2.0, reps=2, rest_s=2)
    [result] = judged(film(CROOK, [*repeat(CROOK, KNEE, 6.0, rest_s=3), (4, CROOK), *attempt]))
    assert [fault.name for fault in result.faults] == ["shallow", "shallow"]
    assert result.noted("something_else") is None
    assert result.detection is not None
    assert result.faults[-1].end_s <= result.detection.end_s


def test_turning_over_is_no_exercise() -> None:
    press_ups = film(STRAIGHT, repeat(STRAIGHT, RISE, 2.5, reps=2, rest_s=3), posture="prone", start_s=14.0)
    found = [result.exercise for result in judged([*KNEE_TO_CHEST, *press_ups])]
    assert found == ["knee_to_chest", "press_up"]


def test_repetitions_and_sides_of_one_exercise_are_one_result() -> None:
    right = CROOK.but(hip_right=118, knee_right=128)
    shots = film(CROOK, [*repeat(CROOK, KNEE, 5.0, reps=2, rest_s=2), *repeat(CROOK, right, 5.0, rest_s=2)])
    [result] = judged(shots)
    assert (result.exercise, result.side, result.reps) == ("knee_to_chest", "both", 3)


@pytest.mark.parametrize(
    ("rest", "deep", "by", "exercise"),
    [
        (T, T.but(turn=60), 60, "spinal_twist"),
        (
            CROOK,
            BOTH,
            90,
            "double_knees_to_chest",
        ),
    ],
)
def test_who_rolls_to_the_side_out_of_a_stretch_has_done_it(
    rest: Stance, deep: Stance, by: float, exercise: str
) -> None:
    stretch = film(rest, [(2, rest), (1.8, deep), (12, deep)])
    [result] = judged([*stretch, *rolling(deep, by, start_s=15.8)])
    assert (result.exercise, result.verdict) == (exercise, "good")
    brief = film(rest, [(2, rest), (1.8, deep), (3, deep)])
    into_it = [*brief, *rolling(deep, by, start_s=6.8)]
    assert recognise(shot.pose for shot in into_it).timeline() == ()


def test_an_exercise_done_again_after_a_long_rest_is_one_result() -> None:
    again = film(CROOK, repeat(CROOK, KNEE, 6.0, rest_s=3), start_s=140.0)
    [result] = judged([*KNEE_TO_CHEST, *again])
    assert (result.exercise, result.verdict, result.reps) == ("knee_to_chest", "good", 2)


def test_a_twist_held_on_each_side_is_no_lumbar_rotation() -> None:
    left, right = T.but(turn=60), T.but(turn=-60)
    shots = film(T, [*repeat(T, left, 9.0, rest_s=2), *repeat(T, right, 9.0, rest_s=2)])
    assert [result.exercise for result in judged(shots)] == ["spinal_twist"]


def turns(twist_first: bool) -> tuple[list[str], list[Shot]]:
    """A twist that is held, and rotations: their names in the order in which they are done, and the film."""
    twist = [(2.0, T), *repeat(T, T.but(turn=60), 8.0, rest_s=2), (2.0, CROOK)]
    to_and_fro = [CROOK.but(turn=42), CROOK.but(turn=-42)] * 2
    rotations = [part for side in to_and_fro for part in repeat(CROOK, side, 1.2, rest_s=0.6)]
    parts = [("spinal_twist", twist), ("lumbar_rotation", [*rotations, (2.0, CROOK)])]
    (first, before), (second, after) = parts if twist_first else reversed(parts)
    return [first, second], film(before[0][1], [*before, *after])


@pytest.mark.parametrize("twist_first", [True, False])
def test_twists_and_rotations_in_one_recording_are_two_results(twist_first: bool) -> None:
    names, shots = turns(twist_first)
    assert [(r.exercise, r.verdict) for r in judged(shots)] == [(name, "good") for name in names]


@pytest.mark.parametrize("twist_first", [True, False])
def test_rotations_beside_a_twist_that_was_told_are_no_twists_that_were_too_short(twist_first: bool) -> None:
    told = Watcher("spinal_twist", hold_s=7)
    for shot in turns(twist_first)[1]:
        told.update(shot.pose, shot.t_s)
    [result] = told.finish()
    assert (result.verdict, len(result.positions)) == ("good", 1)
    assert result.noted("left_out") is not None


def test_twists_that_are_not_held_for_long_beside_one_that_is_are_one_result() -> None:
    left, right = T.but(turn=60), T.but(turn=-60)
    shots = film(T, [*repeat(T, left, 9.0), *repeat(T, right, 3.0), *repeat(T, left, 3.0)])
    assert [result.exercise for result in judged(shots)] == ["spinal_twist"]


def test_one_exercise_that_goes_over_into_another_is_two_results() -> None:
    shots = film(
        CROOK, [(2, CROOK), (1.8, KNEE), (9, KNEE), (1.8, BOTH), (7, BOTH), (1.8, CROOK), (2, CROOK)]
    )
    results = judged(shots)
    assert [r.exercise for r in results] == ["knee_to_chest", "double_knees_to_chest"]
    assert {r.verdict for r in results} == {"good"}


def test_knees_that_are_drawn_in_one_after_the_other_are_one_exercise() -> None:
    shots = film(
        CROOK, [(2, CROOK), (1.6, KNEE), (2, KNEE), (1.6, BOTH), (8, BOTH), (1.6, CROOK), (2, CROOK)]
    )
    assert [result.exercise for result in judged(shots)] == ["double_knees_to_chest"]


def test_nothing_is_found_where_nothing_is_done() -> None:
    assert recognise(shot.pose for shot in film(CROOK, [(8, CROOK)])).timeline() == ()
