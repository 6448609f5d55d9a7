"""The exercise of a clip, detected from its poses alone."""

import pytest

from posecoach.assessment.recognition import recognise
from posecoach.core.types import Posture
from tests.assessment.test_exercises import GOOD, Move
from tests.support.synthetic import CROOK, STRAIGHT, VIEWS, Shot, Stance, film, repeat

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


def test_two_exercises_in_one_clip_cannot_be_told_apart() -> None:
    knee, bridge = GOOD["knee_to_chest"].deep, GOOD["bridge"].deep
    shots = film(CROOK, [*repeat(CROOK, knee, 3.0), *repeat(CROOK, bridge, 3.0)], FPS)
    assert found_in(shots) is None


def test_frames_without_a_body_tell_nothing() -> None:
    assert recognise([None] * 20).exercise() is None
    assert recognise([None] * 20).posture is None


def test_the_posture_is_that_of_most_frames() -> None:
    lying = film(STRAIGHT, [(3, STRAIGHT)], FPS, posture="prone")
    assert recognise(shot.pose for shot in lying).posture == "prone"
