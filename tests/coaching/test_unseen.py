"""Sessions in which somebody, or a limb, is not seen."""

from dataclasses import replace

import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Note
from posecoach.coaching import phrases
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Step
from posecoach.coaching.utterances import UtteranceQueue
from posecoach.coaching.view import View
from posecoach.coaching.watcher import Watcher
from posecoach.core.translation import tr
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
from tests.support.synthetic import CROOK, VIEWS, film, joints, repeat


def test_nobody_in_the_picture_is_told_once_and_only_time_is_kept() -> None:
    coach = coaching(KNEE_LEFT)
    views = [coach.update(pose, t_s) for pose, t_s in nobody(40)]
    assert all(view.not_seen for view in views[4:] if view.phase != "done")
    (unseen,) = (event for event in told(views) if event.kind == "keeping_time")
    assert str(phrases.nobody()) in unseen.text
    assert phrases.KEEP_TIME in unseen.text
    assert "cue" not in kinds(views)
    assert max(view.hold_s for view in views) > 1, "the clock leads a hold"
    said = [event.text for event in told(views)]
    queue = UtteranceQueue()
    heard = [one.text for view in views if (one := queue.update(view.events, view.t_s))]
    assert phrases.announce(CATALOGUE["knee_to_chest"], "left") in heard
    assert phrases.start(CATALOGUE["knee_to_chest"], "left") in said, "how to lie is said, though unseen"
    assert phrases.move(CATALOGUE["knee_to_chest"], "left") in said
    assert [event.text for event in told(views) if event.kind == "in_position"] == [phrases.HOLD], (
        "what nobody sees is not praised"
    )


def test_a_session_that_sees_nobody_keeps_time_to_its_end_and_judges_nothing() -> None:
    coach = coaching(KNEE_LEFT, PRESS_UP, Step(exercise="bridge", reps=4))
    views = [coach.update(pose, t_s) for pose, t_s in nobody(150)]
    assert coach.finished
    assert kinds(views).count("keeping_time") == 1, "it does not nag"
    assert kinds(views).count("hold_done") >= 2
    assert [event.text for event in told(views) if event.kind == "rep" and "of 4" in event.text]
    results = coach.finish()
    assert [(r.verdict, r.faults, r.score) for r in results] == [("unseen", (), 0)] * 3
    assert all(Note("partly_timed") in result.notes for result in results)


def test_whoever_is_lost_in_a_hold_is_led_through_it_by_the_clock_and_not_blamed() -> None:
    coach = coaching(KNEE_LEFT, KNEE_RIGHT)
    before = run(coach, film(CROOK, [(1, CROOK), (1.5, LEFT), (3, LEFT)], FPS))
    entered = next(event.t_s for event in told(before) if event.kind == "in_position")
    views = [coach.update(pose, t_s) for pose, t_s in nobody(15, start_s=5.5, fps=4)]
    done = next(event.t_s for event in told(views) if event.kind == "hold_done")
    assert kinds(views).count("keeping_time") == 1
    assert "in_position" not in kinds(views)
    assert done - entered < 8 + 4
    result, _ = coach.finish()
    assert (result.verdict, result.faults, result.confidence) == ("unseen", (), 0)
    assert sum(position.end_s - position.start_s for position in result.positions) < 5


def test_it_judges_again_when_it_sees_again() -> None:
    coach = coaching(Step(exercise="knee_to_chest", side="right", hold_s=2, reps=3))
    views = run(coach, film(CROOK, repeat(CROOK, RIGHT, 3), FPS))
    until_s = views[-1].t_s
    views += [coach.update(pose, t_s) for pose, t_s in nobody(8, start_s=until_s + 0.2)]
    again = film(CROOK, repeat(CROOK, RIGHT, 3, reps=3, rest_s=2), FPS, start_s=until_s + 8.5)
    views += run(coach, again)
    assert coach.finished
    assert views[-1].not_seen is None
    (result,) = coach.finish()
    assert result.verdict == "good"
    assert result.reps >= 2


def test_what_is_only_timed_stays_with_the_clock_when_the_body_is_seen_again() -> None:
    coach = coaching(Step(exercise="pelvic_tilt", hold_s=2, reps=4))
    views = [coach.update(pose, t_s) for pose, t_s in nobody(20)]
    assert views[-1].not_seen
    views += run(coach, lying(CROOK, 45, start_s=20))
    assert coach.finished
    assert "moving_on" not in kinds(views)
    assert [event.text for event in told(views) if event.kind == "rep"][-1] == "4 of 4"


@pytest.mark.parametrize("hidden_s", [0.0, 3.0])
def test_a_hold_that_something_before_the_camera_hides_is_not_done_though_the_legs_seem_at_rest(
    hidden_s: float,
) -> None:
    coach = coaching(KNEE_LEFT)
    views = run(coach, film(CROOK, [(8, CROOK), (1.5, LEFT), (3, LEFT)], FPS))
    views += [coach.update(pose, t_s) for pose, t_s in nobody(hidden_s, views[-1].t_s + 0.1, FPS)]
    guessed = run(coach, lying(CROOK, 15, views[-1].t_s + 0.1))
    assert {"rep", "step_done", "hold_done"}.isdisjoint(kinds(guessed))
    assert f"{phrases.REMINDER}. Draw your left knee gently to your chest" in texts(guessed)
    again = run(coach, film(CROOK, repeat(CROOK, LEFT, 9), FPS, start_s=guessed[-1].t_s + 0.1))
    assert {"hold_done", "step_done"} <= set(kinds(again))
    assert coach.finish()[0].reps > 0


@pytest.mark.parametrize(("rest_s", "again"), [(1.0, True), (3.0, True), (14.5, False)])
def test_a_hold_that_was_hidden_for_a_part_is_asked_for_again_where_all_of_it_was_too_short(
    rest_s: float, again: bool
) -> None:
    coach = coaching(replace(KNEE_LEFT, hold_s=20))
    views = run(coach, film(CROOK, [(6, CROOK), (1.5, LEFT), (3, LEFT)], FPS))
    views += [coach.update(pose, t_s) for pose, t_s in nobody(3, views[-1].t_s + 0.1, FPS)]
    views = run(coach, film(LEFT, [(rest_s, LEFT), (1.5, CROOK), (14, CROOK)], FPS, start_s=13.7))
    asked = f"{phrases.REMINDER}. Draw your left knee gently to your chest" in texts(views)
    assert (asked, coach.finished) == (again, not again)
    if again:
        run(coach, film(CROOK, repeat(CROOK, LEFT, 21), FPS, start_s=views[-1].t_s + 0.1))
        assert coach.finished
        assert coach.finish()[0].verdict == "good"


def test_being_unseen_for_a_moment_changes_nothing() -> None:
    coach = coaching(KNEE_RIGHT)
    shots = film(CROOK, [*repeat(CROOK, RIGHT, 3)], FPS)
    views = [coach.update(None if 0.8 < shot.t_s < 1.2 else shot.pose, shot.t_s) for shot in shots]
    assert not {"unseen", "keeping_time"} & set(kinds(views))
    assert coach.finish()[0].verdict == "good"


def test_a_hidden_limb_is_named() -> None:
    coach = coaching(KNEE_LEFT)
    hidden = dict.fromkeys(("left_knee", "left_ankle", "left_heel", "left_foot_index"), 0.0)
    at = joints(CROOK)
    views = [coach.update(VIEWS["side"].shoot(at, frame / 4, hidden), frame / 4) for frame in range(60)]
    assert all(view.not_seen and "left knee" in view.not_seen for view in views[8:])
    (unseen,) = (event.text for event in told(views) if event.kind == "keeping_time")
    assert "left knee" in unseen


def test_nobody_is_asked_to_turn_over_whose_shoulders_are_hardly_seen() -> None:
    at, hardly = joints(CROOK, posture="prone"), dict.fromkeys(("left_shoulder", "right_shoulder"), 0.4)
    frames = [(VIEWS["side"].shoot(at, frame / FPS, hardly), frame / FPS) for frame in range(20 * FPS)]
    coach, watcher = coaching(Step(exercise="bridge", reps=3)), Watcher("bridge")
    views = [coach.update(pose, t_s) for pose, t_s in frames]
    for pose, t_s in frames:
        watcher.update(pose, t_s)
    assert tr(phrases.LIE["supine"]) not in [event.text for event in told(views)]
    assert all(view.not_seen and "your shoulders" in view.not_seen for view in views[FPS:])
    (result,) = watcher.finish()
    assert Note("not_on_the_back") not in result.notes


def texts(views: list[View]) -> list[str]:
    return [event.text for event in told(views)]


def left_in_a_hold() -> tuple[Coach, list[View]]:
    """Whoever holds a knee gets up and leaves the picture, for forty seconds."""
    coach = coaching(KNEE_LEFT, KNEE_RIGHT)
    views = run(coach, film(CROOK, [(1, CROOK), (1.5, LEFT), (3, LEFT)], FPS))
    return coach, views + [coach.update(pose, t_s) for pose, t_s in nobody(40, start_s=5.6)]


def test_whoever_gets_up_is_waited_for_and_begins_the_step_again() -> None:
    coach, views = left_in_a_hold()
    assert coach.paused
    [paused] = [event.text for event in told(views) if event.kind == "paused"]
    assert paused == f"{phrases.NOBODY_LEFT}. {phrases.BY_KEYS.paused_by_hand}"
    views = [coach.update(pose, t_s) for pose, t_s in nobody(300, start_s=46)]
    assert told(views) == [], "it is said once"
    back = run(coach, film(CROOK, [(4, CROOK), *repeat(CROOK, RIGHT, 4)], FPS, start_s=400))
    assert [event.text for event in told(back)][:3] == [
        phrases.RESUMED,
        "Knee to chest, right side",
        "Draw your right knee gently to your chest",
    ]
    assert coach.finished
    assert coach.finish()[-1].verdict == "good"


def test_whoever_was_lost_under_a_duvet_goes_on_by_lying_there_though_seen_with_gaps() -> None:
    coach, views = left_in_a_hold()
    shots = film(CROOK, [(6, CROOK)], FPS, start_s=views[-1].t_s + 0.2)
    back = [coach.update(shot.pose if at % 8 else None, shot.t_s) for at, shot in enumerate(shots)]
    assert texts(back)[:2] == [phrases.RESUMED, "Knee to chest, right side"]


def test_whoever_comes_back_and_sits_is_waited_for_until_they_lie() -> None:
    coach, views = left_in_a_hold()
    run(coach, lying(CROOK, 10, views[-1].t_s + 0.2, "upright"))
    assert coach.paused
    run(coach, lying(CROOK, 5, views[-1].t_s + 10.3))
    assert not coach.paused


def test_whoever_comes_back_to_lie_otherwise_is_asked_to_turn_over() -> None:
    coach, views = left_in_a_hold()
    back = run(coach, lying(CROOK, 8, views[-1].t_s + 0.2, "left_side"))
    assert phrases.LIE["supine"] in texts(back)
    assert "Draw your right knee gently to your chest" not in texts(back)


def test_whoever_is_unseen_and_wants_to_go_on_is_led_by_the_clock() -> None:
    coach, _ = left_in_a_hold()
    coach.toggle_pause()
    views = [coach.update(pose, t_s) for pose, t_s in nobody(120, start_s=46)]
    assert "paused" not in kinds(views)
    assert coach.finished


def test_nobody_is_thought_to_have_left_in_the_dark() -> None:
    coach = coaching(KNEE_LEFT, KNEE_RIGHT)
    run(coach, film(CROOK, [(1, CROOK), (1.5, LEFT), (3, LEFT)], FPS))
    coach.picture("dim")
    views = [coach.update(pose, t_s) for pose, t_s in nobody(90, start_s=5.6)]
    assert "paused" not in kinds(views)


@pytest.mark.parametrize("held_s", [1.0, 3.0, 8.0])
def test_whoever_leaves_the_last_hold_is_not_told_after_it_that_time_is_kept(held_s: float) -> None:
    coach = coaching(KNEE_LEFT)
    run(coach, film(CROOK, [(6, CROOK), (1.5, LEFT), (held_s, LEFT)], FPS))
    views = [coach.update(pose, t_s) for pose, t_s in nobody(20, start_s=7.6 + held_s, fps=FPS)]
    assert coach.finished
    assert kinds(views)[-1] == "done"
    assert "keeping_time" not in kinds(views)


def test_whoever_leaves_before_the_last_hold_is_told_that_time_is_kept() -> None:
    coach = coaching(replace(KNEE_LEFT, hold_s=20))
    run(coach, film(CROOK, [(6, CROOK), (1.5, LEFT), (2, LEFT)], FPS))
    views = [coach.update(pose, t_s) for pose, t_s in nobody(15, start_s=9.6, fps=FPS)]
    assert kinds(views).count("keeping_time") == 1
