"""What a step is said to have come to: done, left, or not known."""

from itertools import pairwise

import pytest

from posecoach.coaching import phrases
from posecoach.coaching.plan import Step
from posecoach.core import language
from tests.support.coached import FPS, KNEE_LEFT, LEFT, PRESS_UP, RIGHT, coaching, kinds, nobody, run, told
from tests.support.synthetic import CROOK, film, repeat


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_what_is_hidden_is_no_question_before_more_is_said(spoken: str) -> None:
    language.use(spoken)
    assert "?" not in str(phrases.cannot_see(["left_knee", "left_ankle"]))


def test_the_other_side_is_not_the_side_that_was_asked_for() -> None:
    coach = coaching(KNEE_LEFT)
    views = run(coach, film(CROOK, repeat(CROOK, RIGHT, 8.5), FPS))
    views += run(coach, film(CROOK, [(95, CROOK)], 5, start_s=views[-1].t_s + 0.2))
    assert kinds(views)[-2:] == ["moving_on", "done"]
    assert views[-1].instruction.startswith("0 of 1 done")
    (result,) = coach.finish()
    assert (result.verdict, result.score) == ("not_performed", 0)
    assert result.noted("other_side")


def test_a_step_that_was_left_is_not_counted_as_done() -> None:
    coach = coaching(Step(exercise="bridge", reps=2))
    once = repeat(CROOK, CROOK.but(pelvis=0.45), 1.5, 1)
    views = run(coach, film(CROOK, [(4, CROOK), *once], FPS))
    views += run(coach, film(CROOK, [(95, CROOK)], 5, start_s=views[-1].t_s + 0.2))
    assert kinds(views)[-2:] == ["moving_on", "done"]
    assert views[-1].instruction.startswith("0 of 1 done")
    assert coach.finish()[0].noted("dose_not_done")


@pytest.mark.parametrize("lasts_s", [0.0, 95.0])
def test_another_exercise_in_the_place_of_a_step_is_named(lasts_s: float) -> None:
    """Also where the recording ends with it: the step was begun, and did not end early."""
    coach = coaching(KNEE_LEFT, PRESS_UP)
    bridges = repeat(CROOK, CROOK.but(pelvis=0.55), 4.0, 3)
    run(coach, film(CROOK, [(4, CROOK), *bridges, (lasts_s, CROOK)], FPS))
    first = coach.finish()[0]
    assert (first.verdict, first.seems, first.noted("dose_not_done")) == ("not_performed", "bridge", None)


def test_what_was_done_and_is_held_on_is_not_left() -> None:
    coach = coaching(KNEE_LEFT)
    views = run(coach, film(CROOK, [(4, CROOK), (2, LEFT), (9, LEFT)], FPS))
    views += run(coach, film(LEFT, [(240, LEFT)], 5, start_s=views[-1].t_s + 0.2))
    assert coach.finished
    assert "moving_on" not in kinds(views)
    assert views[-1].instruction.startswith("1 of 1 done")


def test_what_could_not_be_judged_is_not_called_complete() -> None:
    coach = coaching(KNEE_LEFT)
    run(coach, film(CROOK, [(2, CROOK), (1.5, LEFT), (2, LEFT)], FPS))
    before_s = 5.5
    views = [coach.update(pose, t_s) for pose, t_s in nobody(1, start_s=before_s, fps=FPS)]
    views += run(coach, film(LEFT, [(5, LEFT), (1.5, CROOK), (6, CROOK)], FPS, start_s=before_s + 1))
    assert coach.finished
    (result,) = coach.finish()
    assert result.verdict == "unseen"
    assert [event.text for event in told(views) if event.kind == "step_done"] == ["That was Knee to chest"]


@pytest.mark.parametrize(("turns", "lopsided"), [((40, 40, 40), True), ((40, -40, 40), False)])
def test_whoever_goes_to_one_side_alone_is_told_meanwhile_and_at_the_end(
    turns: tuple[float, ...], lopsided: bool
) -> None:
    coach = coaching(Step(exercise="lumbar_rotation", reps=3))
    moves = [part for turn in turns for part in repeat(CROOK, CROOK.but(turn=turn), 1.0, rest_s=1.0)]
    views = run(coach, film(CROOK, [(10, CROOK), *moves, (4, CROOK)], FPS))
    assert coach.finished
    counted = [event.text for event in told(views) if event.kind == "rep"]
    assert counted == ["1 of 3", f"2 of 3. {phrases.OTHER_SIDE}" if lopsided else "2 of 3", "3 of 3"]
    assert any("Well done" in event.text for event in told(views)) != lopsided
    assert (phrases.next_time(phrases.BOTH_SIDES) in views[-1].instruction) == lopsided


def test_whoever_goes_on_with_one_side_is_not_told_of_the_other_one_each_time() -> None:
    coach = coaching(Step(exercise="lumbar_rotation", reps=8))
    moves = [part for _ in range(8) for part in repeat(CROOK, CROOK.but(turn=40), 1.0, rest_s=1.0)]
    views = run(coach, film(CROOK, [(10, CROOK), *moves, (4, CROOK)], FPS))
    when = [view.t_s for view in views for event in view.events if phrases.OTHER_SIDE in event.text]
    assert 1 < len(when) < 4
    assert min(after - before for before, after in pairwise(when)) >= 10
