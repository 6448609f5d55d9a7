"""Sessions in which not everything counts: too few pictures, and another exercise than was asked for."""

from collections.abc import Mapping

import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import sentences
from posecoach.assessment.results import Note
from posecoach.coaching import phrases, tally
from posecoach.coaching.plan import Step
from posecoach.core.observation import PictureState
from posecoach.feedback import patient_words
from tests.support.coached import coaching, run, told
from tests.support.synthetic import CROOK, film, repeat

BRIDGE = CROOK.but(pelvis=0.45)
FOUR = Step(exercise="bridge", reps=4)


def hasty(fps: float, state: PictureState = "there") -> list[tuple[str, str]]:
    """What is told of bridges done in haste, at so many frames a second."""
    coach = coaching(FOUR)
    coach.picture(state)
    views = run(coach, film(CROOK, [(9.0, CROOK), *repeat(CROOK, BRIDGE, 1.0, 4, move_s=0.5)], fps))
    (result,) = coach.finish()
    assert ("rushed" in [fault.name for fault in result.faults]) == (fps >= 10 and state == "there")
    return [(event.kind, event.text) for event in told(views)]


def test_few_frames_are_said_once_and_haste_is_not_judged_then() -> None:
    events = hasty(8)
    assert [text for _, text in events].count(phrases.FEW_PICTURES) == 1
    assert "cue" not in [kind for kind, _ in events]


def test_that_the_dark_hides_haste_is_said_once_and_it_is_not_judged_then() -> None:
    events = hasty(15, "dim")
    assert [text for _, text in events].count(phrases.DIM_PICTURES) == 1
    assert "cue" not in [kind for kind, _ in events]


def test_what_only_the_dark_leaves_unjudged_is_done_and_the_result_says_so() -> None:
    coach = coaching(FOUR)
    coach.picture("dim")
    views = run(
        coach, film(CROOK, [(9.0, CROOK), *repeat(CROOK, BRIDGE, 1.0, 4, move_s=0.5), (2, CROOK)], 15)
    )
    (result,) = coach.finish()
    assert (result.verdict, result.faults) == ("unseen", ())
    assert "It was done: its timing is what could not be judged" in sentences(result.notes)
    assert told(views)[-1].text == "1 of 1 done. Rest a moment, and get up slowly"


def test_by_times_that_are_not_those_of_what_is_done_nobody_is_corrected() -> None:
    """Nor called hasty or told to stay longer at the end; of another fault it is told as ever."""
    coach, shallow = coaching(FOUR), CROOK.but(pelvis=0.2)
    coach.mistrust_times()
    moves = [*repeat(CROOK, BRIDGE, 1.0, 4, move_s=0.5), (2, CROOK)]
    views = run(coach, film(CROOK, [(9.0, CROOK), *moves], 15))
    (result,) = coach.finish()
    assert (result.verdict, result.faults) == ("unseen", ())
    assert "cue" not in [event.kind for event in told(views)]
    assert told(views)[-1].text == "1 of 1 done. Rest a moment, and get up slowly"
    coach = coaching(FOUR)
    coach.mistrust_times()
    views = run(coach, film(CROOK, [(9.0, CROOK), *repeat(CROOK, shallow, 1.5, 2, move_s=0.5)], 15))
    assert "Lift your hips a little higher" in " ".join(e.text for e in told(views) if e.kind == "cue")


def test_with_enough_frames_haste_is_corrected() -> None:
    events = hasty(15)
    assert phrases.FEW_PICTURES not in [text for _, text in events]
    assert "cue" in [kind for kind, _ in events]


KNEE = CROOK.but(hip_left=118, knee_left=128)
KNEES = (Step(exercise="knee_to_chest", side="left", hold_s=10), FOUR)
_MOVES = [
    (9.0, CROOK),
    *repeat(CROOK, KNEE, 11.0),
    (12.0, CROOK),
    *repeat(CROOK, BRIDGE, 2.0, 4),
    (40.0, CROOK),
]


@pytest.mark.parametrize("fps", [1.5, 2.0, 2.5])
def test_with_so_few_frames_that_nothing_can_be_judged_the_clock_leads_and_nothing_is_praised(
    fps: float,
) -> None:
    coach = coaching(*KNEES)
    views = run(coach, film(CROOK, _MOVES, fps))
    said = [event.text for event in told(views)]
    (why,) = [text for text in said if str(phrases.too_few_pictures()) in text]
    assert phrases.KEEP_TIME in why
    assert said.index(why) <= 3, "before anything is led"
    assert phrases.FEW_PICTURES not in said, "the one reason is enough"
    assert phrases.IN_POSITION not in said
    assert not any("complete" in text or "Well done" in text for text in said)
    assert all(view.not_seen for view in views if view.phase == "hold"), "no green ring"
    results = coach.finish()
    assert {result.verdict for result in results} == {"unseen"}
    assert {sentences(result.notes) for result in results} == {sentences((Note("too_few_frames"),))}
    assert {patient_words.verdict(result) for result in results} == {"timed"}
    assert tally.counted(results) == "2 of 2 went by the clock alone and could not be judged"


def test_with_a_few_frames_more_what_is_seen_is_counted() -> None:
    coach = coaching(*KNEES)
    views = run(coach, film(CROOK, _MOVES, 5))
    said = [event.text for event in told(views)]
    assert phrases.IN_POSITION in said
    assert not any(str(phrases.too_few_pictures()) in text for text in said)
    assert [result.reps for result in coach.finish()] == [1, 4]


def test_a_knee_drawn_in_is_no_bridge() -> None:
    knee = CROOK.but(hip_left=118, knee_left=128)
    coach = coaching(FOUR)
    views = run(coach, film(CROOK, [(6.0, CROOK), *repeat(CROOK, knee, 3.0, 2)], 12))
    assert "rep" not in [event.kind for event in told(views)]
    (result,) = coach.finish()
    assert (result.reps, result.positions) == (0, ())
    assert result.verdict not in ("good", "fault")


def test_who_does_another_exercise_is_told_so_and_what_was_asked_for() -> None:
    coach = coaching(FOUR)
    views = run(coach, film(CROOK, [(9.0, CROOK), *repeat(CROOK, KNEE, 12.0)], 12))
    move = phrases.move(CATALOGUE["bridge"], "both")
    assert f"That looks like Knee to chest. {move}" in [event.text for event in told(views)]
    assert [result.reps for result in coach.finish()] == [0]


def test_who_stretches_a_leg_for_a_moment_before_the_exercise_hears_nothing_of_it() -> None:
    coach = coaching(FOUR)
    moves = [(9.0, CROOK), *repeat(CROOK, KNEE, 1.5), (3.0, CROOK), *repeat(CROOK, BRIDGE, 2.0, 4)]
    views = run(coach, film(CROOK, moves, 12))
    assert "That looks" not in " ".join(event.text for event in told(views))
    assert [result.reps for result in coach.finish()] == [4]


def test_a_step_that_the_end_of_the_session_cuts_off_is_not_left_out() -> None:
    coach = coaching(KNEES[0])
    run(coach, film(CROOK, [(12.0, CROOK)], 10))
    (result,) = coach.finish()
    assert result.verdict == "not_performed"
    assert patient_words.verdict(result) == "ended early"


@pytest.mark.parametrize("turn", [60, 80, -80])
def test_a_twist_between_two_bridges_is_none(turn: float) -> None:
    coach, twisted = coaching(FOUR), CROOK.but(turn=turn)
    moves = [
        *repeat(CROOK, BRIDGE, 1.5, 2, rest_s=1.5),
        *repeat(CROOK, twisted, 3.0, rest_s=2.0),
        *repeat(CROOK, BRIDGE, 1.5, 2, rest_s=1.5),
    ]
    run(coach, film(CROOK, [(8.0, CROOK), *moves, (2.0, CROOK)], 12))
    assert coach.finished
    (result,) = coach.finish()
    assert (result.verdict, result.reps, len(result.positions)) == ("good", 4, 4)


def test_a_bridge_of_which_no_turn_can_be_seen_is_one() -> None:
    (motion,) = CATALOGUE["bridge"].motions
    lifted = {"hip_sagittal_left": -5.0, "hip_sagittal_right": -5.0, "knee_flexion_left": 90.0}
    limits = {name: limit.default for name, limit in CATALOGUE["bridge"].limits.items()}

    def met(measures: Mapping[str, float]) -> list[bool | None]:
        return [one.met(measures, None, limits[one.limit], held=False) for one in motion.also]

    assert met(lifted) == [True, True]
    assert met(lifted | {"trunk_rotation": -70.0}) == [True, False]
