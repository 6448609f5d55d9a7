"""The exercise of a clip, detected from its poses alone."""

from dataclasses import replace

import pytest

from posecoach.assessment.recognition import Recogniser, recognise
from posecoach.core.types import Posture
from posecoach.kinematics.body import Body
from tests.assessment.test_exercises import GOOD, Move
from tests.support.synthetic import CROOK, STRAIGHT, VIEWS, Shot, Stance, film, in_turn, repeat, rolling

FPS = 8
ONE_WAY = [case for case in GOOD if not case.startswith("lumbar_rotation")]
SUNK = (CROOK.but(turn=42), CROOK.but(turn=-42))


def shoot(move: Move, view: str = "side") -> list[Shot]:
    segments = repeat(move.rest, move.deep, hold_s=3.0)
    return film(move.rest, segments, FPS, VIEWS[view], posture=move.posture)


def found_in(shots: list[Shot]) -> str | None:
    return recognise(shot.pose for shot in shots).exercise()


@pytest.mark.parametrize("case", ONE_WAY)
def test_each_exercise_is_recognised(case: str) -> None:
    assert found_in(shoot(GOOD[case])) == case.split(",")[0]


@pytest.mark.parametrize("turn", [90, -90])
@pytest.mark.parametrize(
    "case", ["knee_to_chest", "figure_four", "hamstring, right, legs bent", "happy_baby"]
)
def test_an_exercise_is_recognised_though_the_clip_begins_on_a_side(case: str, turn: float) -> None:
    rolled = rolling(GOOD[case].rest, turn, start_s=0.0, fps=FPS)
    assert found_in(in_turn([*reversed(rolled), *shoot(GOOD[case])], FPS)) == case.split(",")[0]


def test_knees_that_sink_to_both_sides_are_a_lumbar_rotation() -> None:
    segments = [part for to in SUNK for part in repeat(CROOK, to, hold_s=1.5)]
    assert found_in(film(CROOK, segments, FPS)) == "lumbar_rotation"


def test_knees_that_sink_to_one_side_only_are_a_twist() -> None:
    assert found_in(film(CROOK, repeat(CROOK, SUNK[0], hold_s=3.0), FPS)) == "spinal_twist"


@pytest.mark.parametrize(
    ("stance", "posture"),
    [(CROOK, "supine"), (STRAIGHT, "supine"), (STRAIGHT, "prone"), (STRAIGHT, "left_side")],
)
def test_lying_still_is_no_exercise(stance: Stance, posture: Posture) -> None:
    assert found_in(film(stance, [(4, stance)], FPS, posture=posture)) is None


def test_a_move_that_is_too_brief_is_no_exercise() -> None:
    move = GOOD["knee_to_chest"]
    assert found_in(film(CROOK, [(2, CROOK), (0.6, move.deep), (0.6, CROOK), (2, CROOK)], FPS)) is None


def test_a_shoulder_that_leaps_up_for_a_moment_is_no_turning_over() -> None:
    recogniser, body, shots = Recogniser(), Body(), shoot(GOOD["happy_baby"])
    for index, shot in enumerate(shots):
        found = body.measure(shot.pose)
        leaps = index in (len(shots) // 2, len(shots) // 2 + 1)
        lift = {"shoulder_lift_right": 0.48} if leaps else {}
        recogniser.update(replace(found, values={**found.values, **lift}))
    assert recogniser.exercise() == "happy_baby"


def test_two_exercises_in_one_clip_cannot_be_told_apart() -> None:
    knee, bridge = GOOD["knee_to_chest"].deep, GOOD["bridge"].deep
    shots = film(CROOK, [*repeat(CROOK, knee, 3.0), *repeat(CROOK, bridge, 3.0)], FPS)
    assert found_in(shots) is None


def test_frames_without_a_body_tell_nothing() -> None:
    assert recognise([None] * 20).exercise() is None


def test_legs_that_are_raised_together_or_reach_out_in_turn_are_no_exercise() -> None:
    straight = STRAIGHT.but(hip_left=85, hip_right=65, knee_left=8, knee_right=8)
    assert found_in(film(STRAIGHT, repeat(STRAIGHT, straight, hold_s=3.0), FPS)) is None
    table = CROOK.but(hip_left=92, hip_right=92, knee_left=90, knee_right=90)
    reaching = [table.but(hip_left=24, knee_left=15), table.but(hip_right=24, knee_right=15)]
    segments = [
        (1.5, table),
        *((s, to) for out in reaching * 2 for s, to in ((1.5, out), (0.5, out), (1.5, table))),
    ]
    assert found_in(film(CROOK, [*segments, (1.5, CROOK), (1.0, CROOK)], FPS)) is None


def test_somebody_who_turns_onto_a_side_does_no_twist() -> None:
    turned = SUNK[0].but(turn=75, shoulder_right=0.6)
    segments = [(1.6, SUNK[0]), (1.8, turned), (5.0, turned), (1.8, SUNK[0]), (1.6, CROOK), (1.0, CROOK)]
    assert found_in(film(CROOK, segments, FPS)) is None
