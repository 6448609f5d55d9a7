"""A routine is led in order, each step from its starting position."""

from itertools import pairwise

from posecoach.assessment.results import Note, Result
from posecoach.coaching import phrases
from posecoach.coaching.plan import Step
from posecoach.core.pose import INDEX
from tests.support.coached import (
    FPS,
    KNEE_LEFT,
    KNEE_RIGHT,
    LEFT,
    RIGHT,
    coaching,
    kinds,
    lying,
    run,
    told,
    two_steps,
)
from tests.support.synthetic import CROOK, STRAIGHT, film, repeat

ONE_STEP = ["announce", "ready", "hint", "in_position", "hold_done", "rep", "step_done"]


def test_a_routine_is_led_in_order() -> None:
    views, _ = two_steps()
    known = [kind for kind in ONE_STEP if kind != "hint"]
    assert kinds(views) == [*ONE_STEP, *known, "done"], "a hint is given once"
    assert views[-1].phase == "done"
    texts = [event.text for event in told(views)]
    assert "left" in texts[0]
    assert (texts[7], "right" in texts[8]) == ("", True), "the other side follows without a new title"
    times = [event.t_s for event in told(views)]
    assert times == sorted(times)


def test_there_is_one_result_a_step() -> None:
    _, results = two_steps()
    assert [(r.step, r.exercise, r.side, r.verdict, r.reps) for r in results] == [
        (1, "knee_to_chest", "left", "good", 1),
        (2, "knee_to_chest", "right", "good", 1),
    ]


def test_what_is_shown_while_holding() -> None:
    views, _ = two_steps()
    holding = [view for view in views if view.phase == "hold" and view.step == 1]
    assert all((view.steps, view.side, view.title) == (2, "left", "Knee to chest") for view in holding)
    assert all((view.hold_target_s, view.reps_target) == (8, 1) for view in holding)
    assert all(INDEX["left_knee"] in view.highlight and view.highlight_ok for view in holding)
    assert all(view.cue is None and view.not_seen is None for view in holding)
    assert all(b.hold_s > a.hold_s for a, b in pairwise(holding))
    assert 8 < holding[-1].hold_s < 10


def test_several_repetitions_are_counted_aloud() -> None:
    coach = coaching(Step(exercise="lumbar_rotation", reps=3))
    down = [CROOK.but(turn=turn) for turn in (45, -45, 45)]
    views = run(coach, film(CROOK, [part for to in down for part in repeat(CROOK, to, 0.5)], FPS))
    assert [event.text for event in told(views) if event.kind == "rep"] == ["1 of 3", "2 of 3", "3 of 3"]
    back = [event.text for event in told(views) if event.kind == "in_position"]
    assert back == ["And slowly back", "And slowly back", ""], "later the tone is enough"
    assert views[-1].phase == "done"
    assert "halfway" not in kinds(views)


def test_a_step_may_override_limits() -> None:
    deep = Step(exercise="knee_to_chest", side="left", hold_s=2, limits={"enter": 130, "shallow": 125})
    coach = coaching(deep)
    run(coach, film(CROOK, repeat(CROOK, LEFT, 3), FPS))
    (result,) = coach.finish()
    assert [fault.name for fault in result.faults] == ["shallow"]


def test_after_the_end_nothing_more_happens() -> None:
    coach = coaching(KNEE_RIGHT)
    run(coach, film(CROOK, repeat(CROOK, RIGHT, 2), FPS))
    results = coach.finish()
    views = run(coach, film(CROOK, [(1, RIGHT), (1, CROOK)], FPS, start_s=60))
    assert {view.phase for view in views} == {"done"}
    assert kinds(views) == []
    assert coach.finish() == results


def test_results_come_as_the_steps_end_and_are_not_the_coachs_own() -> None:
    coach = coaching(KNEE_LEFT, KNEE_RIGHT)
    seen: list[tuple[Result, ...]] = []
    for shot in film(CROOK, [*repeat(CROOK, LEFT, 8.0), *repeat(CROOK, RIGHT, 2.0)], FPS):
        view = coach.update(shot.pose, shot.t_s)
        if not seen or coach.results != seen[-1]:
            seen.append(coach.results)
            assert ("step_done" in kinds([view])) is bool(coach.results)
    assert [len(results) for results in seen] == [0, 1, 2]
    assert list(seen[-1]) == coach.finish()


# -- the starting position -----------------------------------------------------------------------------


def test_the_wrong_posture_is_told_and_nothing_is_judged() -> None:
    coach = coaching(KNEE_RIGHT)
    moving = film(STRAIGHT, repeat(STRAIGHT, STRAIGHT.but(trunk=25), 1, reps=2), FPS, posture="prone")
    views = run(coach, moving)
    assert {view.phase for view in views} == {"waiting"}
    assert phrases.LIE["supine"] in {view.instruction for view in views}
    assert {event.kind for event in told(views)} <= {"announce", "waiting"}
    assert all(view.cue is None and view.reps == 0 for view in views)
    over = run(coach, lying(CROOK, 3, start_s=30))
    assert "ready" in kinds(over)


def test_what_to_do_about_a_wrong_posture_does_not_flicker() -> None:
    views = run(coaching(KNEE_RIGHT), lying(STRAIGHT, 10, posture="prone"))
    changes = [after for before, after in pairwise(view.instruction for view in views) if after != before]
    assert views[-1].instruction == phrases.LIE["supine"]
    assert len(changes) <= 2


def test_the_other_limb_in_position_is_no_starting_position() -> None:
    coach = coaching(KNEE_RIGHT)
    views = run(coach, film(LEFT, [(3, LEFT), (1.5, CROOK), (2, CROOK)], FPS))
    asked = {event.text for event in told(views) if event.kind == "waiting"}
    assert asked == {phrases.STILL}, "who lies right is not told how to lie"
    (ready,) = (event for event in told(views) if event.kind == "ready")
    assert ready.t_s > 4
    assert "rep" not in kinds(views)
    assert all(view.reps == 0 for view in views)


def test_the_starting_position_is_awaited_for_a_limited_time() -> None:
    coach = coaching(KNEE_RIGHT, KNEE_LEFT)
    views = run(coach, lying(STRAIGHT, 50, posture="prone", fps=3))
    (moved,) = (event for event in told(views) if event.kind == "moving_on")
    assert 30 < moved.t_s < 50
    assert kinds(views)[-2:] in (["moving_on", "announce"], ["announce", "waiting"])
    reminders = [event.t_s for event in told(views) if event.kind == "waiting" and event.t_s < moved.t_s]
    assert 2 < reminders[0] < 5, "once the title is heard"
    assert all(b - a > 10 for a, b in pairwise(reminders))
    result = coach.finish()[0]
    assert (result.verdict, result.step, result.faults, result.score) == ("unseen", 1, (), 0)
    assert Note("start_not_found") in result.notes


def test_never_beginning_the_move_is_waited_for_and_then_left() -> None:
    coach = coaching(KNEE_RIGHT)
    views = run(coach, lying(CROOK, 100, fps=3))
    assert kinds(views)[:2] == ["announce", "ready"]
    assert kinds(views)[-2:] == ["moving_on", "done"]
    (result,) = coach.finish()
    assert result.verdict == "not_performed"
