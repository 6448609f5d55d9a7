"""A session that is paused, skipped on or ended early."""

from dataclasses import replace

import pytest

from posecoach.assessment.results import Note
from posecoach.coaching import phrases
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.utterances import spoken_s
from posecoach.coaching.view import View
from tests.support.coached import (
    FPS,
    KNEE_LEFT,
    KNEE_RIGHT,
    LEFT,
    PRESS_UP,
    RIGHT,
    coaching,
    kinds,
    lying,
    nobody,
    run,
    told,
)
from tests.support.synthetic import CROOK, STRAIGHT, Shot, film, repeat


def pausing(coach: Coach, shots: list[Shot], from_s: float, to_s: float) -> list[View]:
    """Runs through `shots`, paused from one time to another."""
    views = []
    for shot in shots:
        if coach.paused != (from_s <= shot.t_s < to_s):
            coach.toggle_pause()
        views.append(coach.update(shot.pose, shot.t_s))
    return views


def test_a_pause_is_told_and_then_nothing_more() -> None:
    coach = coaching(KNEE_LEFT)
    views = pausing(coach, film(CROOK, repeat(CROOK, LEFT, 2, reps=2), FPS), 0.7, 100)
    assert coach.paused
    assert {view.phase for view in views if view.t_s >= 0.7} == {"paused"}
    assert [event.kind for view in views if view.t_s >= 0.7 for event in view.events] == ["paused"]
    assert all(view.reps == 0 for view in views)
    coach.toggle_pause()
    assert kinds([coach.update(None, views[-1].t_s + 1)]) == ["resumed"]


@pytest.mark.parametrize("rate", [80, 160, 300])
def test_the_breath_is_led_once_what_to_do_was_said_however_fast_that_is(rate: int) -> None:
    step = Step(pause_s=40, say="Let your back become heavy and breathe slowly", breathe=True)
    coach = Coach(Routine(title="A rest", steps=(step,)), rate=rate)
    views = run(coach, lying(CROOK, 30))
    breath = next(event for event in told(views) if event.kind == "breath")
    assert breath.t_s == pytest.approx(spoken_s(step.say, rate), abs=2 / FPS)


def test_a_pause_stops_the_counting_of_a_hold() -> None:
    coach = coaching(KNEE_LEFT)
    views = pausing(coach, film(CROOK, [(1, CROOK), (1.5, LEFT), (9, LEFT)], FPS), 4, 9)
    before = max(view.hold_s for view in views if view.t_s < 4)
    after = next(view for view in views if view.t_s > 9.2)
    assert 1 < before < 2.5
    assert after.hold_s < before + 1
    assert after.t_s - after.session_s == pytest.approx(5, abs=0.2), "the session's own time stands still"
    assert "hold_done" not in kinds(views)


LET_GO = [(1, CROOK), (1.5, LEFT), (2, LEFT), (1.5, CROOK), (9, CROOK)]


def test_a_hold_that_a_pause_cuts_short_is_asked_for_again() -> None:
    coach = coaching(KNEE_LEFT)  # for 8 seconds
    views = pausing(coach, film(CROOK, LET_GO, FPS), 4, 9)
    assert [e.text for v in views for e in v.events if e.kind == "resumed"] == [
        "And on we go. Draw your left knee gently to your chest"
    ]
    assert {"rep", "step_done"}.isdisjoint(kinds(views))
    again = film(CROOK, repeat(CROOK, LEFT, 9.0), FPS, start_s=views[-1].t_s + 1)
    assert {"hold_done", "step_done"} <= set(kinds(run(coach, again)))


def test_a_hold_that_a_lost_picture_cuts_short_is_asked_for_again() -> None:
    coach = coaching(KNEE_LEFT)
    views = []
    for shot in film(CROOK, LET_GO, FPS):
        lost = 4 <= shot.t_s < 9
        coach.picture("lost" if lost else "there", shot.t_s)
        views.append(coach.update(None if lost else shot.pose, shot.t_s))
    assert {"rep", "step_done"}.isdisjoint(kinds(views))
    since = [event.text for event in told(views) if event.t_s >= 4]
    assert since[0] == f"{phrases.NO_PICTURE}. Let go gently"
    assert {"Draw your left knee gently to your chest", phrases.PICTURE_AGAIN} <= set(since)
    again = film(CROOK, repeat(CROOK, LEFT, 9.0), FPS, start_s=views[-1].t_s + 1)
    assert {"hold_done", "step_done"} <= set(kinds(run(coach, again)))


@pytest.mark.parametrize("holds_on_s", [0.0, 12.0])
def test_a_hold_that_goes_on_after_a_pause_counts_once(holds_on_s: float) -> None:
    coach = coaching(replace(KNEE_LEFT, reps=2))
    way = [(1, CROOK), (1.5, LEFT), (2, LEFT), (3, LEFT), (holds_on_s, LEFT), (1.5, CROOK), (2, CROOK)]
    views = pausing(coach, film(CROOK, way, FPS), 4, 6)
    assert views[-1].reps == (1 if holds_on_s else 0)


def test_a_hold_that_is_given_up_in_a_pause_is_not_done() -> None:
    coach = coaching(KNEE_LEFT)
    pausing(coach, film(CROOK, LET_GO, FPS), 4, 9)
    (result,) = coach.finish()
    assert result.noted("dose_not_done") is not None


def test_a_pause_does_not_use_up_the_patience() -> None:
    coach = coaching(KNEE_LEFT, KNEE_RIGHT)
    coach.update(None, 0.0)
    coach.toggle_pause()
    for pose, t_s in nobody(120, start_s=1):
        coach.update(pose, t_s)
    coach.toggle_pause()
    assert "moving_on" not in kinds([coach.update(None, 121.5)])


def test_the_next_step_can_be_asked_for() -> None:
    coach = coaching(KNEE_LEFT, KNEE_RIGHT)
    run(coach, lying(CROOK, 2))
    coach.next_step()
    views = run(coach, lying(CROOK, 2, start_s=2))
    assert views[0].step == 2
    assert kinds(views) == ["announce", "ready"]
    coach.next_step()
    views = run(coach, lying(CROOK, 1, start_s=4))
    assert kinds(views) == ["done"]
    assert coach.finished
    assert [result.step for result in coach.finish()] == [1, 2]


def test_a_step_that_was_skipped_is_left_out_and_no_fault_of_the_starting_position() -> None:
    coach = coaching(KNEE_LEFT, KNEE_RIGHT)
    coach.update(None, 0.0)
    coach.next_step()
    coach.update(None, 0.1)
    skipped, cut = coach.finish()
    assert (skipped.verdict, skipped.notes) == ("not_performed", ())
    assert (cut.verdict, cut.notes) == ("not_performed", (Note("dose_not_done"),))


@pytest.mark.parametrize(("lasts", "steps"), [(0.0, []), (0.2, [1]), (4.0, [1]), (9.5, [1, 2])])
def test_ending_early_gives_results_of_what_was_begun(lasts: float, steps: list[int]) -> None:
    coach = coaching(KNEE_RIGHT, KNEE_LEFT)
    shots = film(CROOK, [*repeat(CROOK, RIGHT, 2.0), (3, CROOK)], FPS)
    run(coach, (shot for shot in shots if shot.t_s < lasts))
    results = coach.finish()
    assert [result.step for result in results] == steps
    assert coach.finish() == results
    assert coach.finished


HELD_FOR_FOUR = [*repeat(CROOK, RIGHT, 4), *repeat(CROOK, RIGHT, 3)]  # in position from 2.4 to 7.8 s


@pytest.mark.parametrize(
    ("from_s", "to_s"),
    [(4.4, 9.0), (4.4, 9.5), (4.4, 8.0), (4.4, 4.7), (4.4, 6.9), (6.8, 9.0)],
    ids=["down again", "at rest", "on the way down", "moment", "until the release", "while released"],
)
def test_a_hold_cut_by_a_pause_is_never_too_short(from_s: float, to_s: float) -> None:
    coach = coaching(Step(exercise="knee_to_chest", side="right", hold_s=8))
    pausing(coach, [shot for shot in film(CROOK, HELD_FOR_FOUR, FPS) if shot.t_s < 10], from_s, to_s)
    (result,) = coach.finish()
    assert "short_hold" not in [fault.name for fault in result.faults]
    assert result.positions


def test_a_hold_left_early_without_a_pause_is_too_short() -> None:
    coach = coaching(Step(exercise="knee_to_chest", side="right", hold_s=8))
    run(coach, [shot for shot in film(CROOK, HELD_FOR_FOUR, FPS) if shot.t_s < 10])
    assert "short_hold" in [fault.name for fault in coach.finish()[0].faults]


def test_skipping_what_a_pause_asked_about_leaves_no_question_behind() -> None:
    coach = coaching(PRESS_UP, KNEE_LEFT)
    run(coach, lying(STRAIGHT, 30, posture="prone"))
    assert coach.paused
    coach.next_step()
    run(coach, lying(STRAIGHT, 2, 30, posture="prone"))
    views = run(coach, lying(CROOK, 10, 32))
    assert not coach.paused
    assert "paused" not in kinds(views)


def test_after_the_end_no_key_begins_anything() -> None:
    coach = coaching(KNEE_RIGHT, KNEE_LEFT)
    up = CROOK.but(raise_left=88, raise_right=88, arm_left=10, arm_right=10)
    run(coach, film(CROOK, [(6, CROOK), (1, up), (3, up)], FPS))
    assert coach.finished
    for key in (coach.next_step, coach.toggle_pause):
        key()
        views = run(coach, lying(CROOK, 1, 20))
        assert not told(views)
        assert {view.phase for view in views} == {"done"}
    assert len(coach.finish()) == 1
