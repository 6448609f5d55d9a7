from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Note, Result
from posecoach.coaching import phrases
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.utterances import UtteranceQueue, spoken_s
from posecoach.coaching.view import Event, View
from posecoach.coaching.watcher import Watcher
from posecoach.core.choices import WordsChoice
from posecoach.core.pose import INDEX
from posecoach.core.types import Posture
from tests.support.synthetic import CROOK, STRAIGHT, VIEWS, Shot, Stance, T, film, joints, repeat

FPS = 10  # the fewest that suffice
LEFT = CROOK.but(hip_left=118, knee_left=128)
RIGHT = CROOK.but(hip_right=118, knee_right=128)

KNEE_LEFT = Step(exercise="knee_to_chest", side="left", hold_s=8)
KNEE_RIGHT = Step(exercise="knee_to_chest", side="right", hold_s=2)
PRESS_UP = Step(exercise="press_up", hold_s=2)


def coaching(*steps: Step, words: WordsChoice = "normal") -> Coach:
    return Coach(Routine(title="A morning", steps=steps), words=words)


def run(coach: Coach | Watcher, shots: Iterable[Shot]) -> list[View]:
    return [coach.update(shot.pose, shot.t_s) for shot in shots]


def told(views: Iterable[View]) -> list[Event]:
    return [event for view in views for event in view.events]


def kinds(views: Iterable[View]) -> list[str]:
    return [event.kind for event in told(views)]


def lying(
    stance: Stance, lasts: float, start_s: float = 0.0, posture: Posture = "supine", fps: float = FPS
) -> list[Shot]:
    return film(stance, [(lasts, stance)], fps, start_s=start_s, posture=posture)


def nobody(lasts: float, start_s: float = 0.0, fps: float = 4) -> Iterator[tuple[None, float]]:
    return ((None, start_s + frame / fps) for frame in range(round(lasts * fps)))


@cache
def two_steps() -> tuple[list[View], list[Result]]:
    """A session of a left knee, held for long, and a right one."""
    coach = coaching(KNEE_LEFT, KNEE_RIGHT)
    views = run(coach, film(CROOK, [*repeat(CROOK, LEFT, 8.0), *repeat(CROOK, RIGHT, 2.0)], FPS))
    assert coach.finished
    return views, coach.finish()


# -- a routine -----------------------------------------------------------------------------------------

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


# -- what cannot be seen -------------------------------------------------------------------------------


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
    coach = coaching(KNEE_LEFT)
    before = run(coach, film(CROOK, [(1, CROOK), (1.5, LEFT), (3, LEFT)], FPS))
    entered = next(event.t_s for event in told(before) if event.kind == "in_position")
    views = [coach.update(pose, t_s) for pose, t_s in nobody(15, start_s=5.5, fps=4)]
    done = next(event.t_s for event in told(views) if event.kind == "hold_done")
    assert kinds(views).count("keeping_time") == 1
    assert "in_position" not in kinds(views)
    assert done - entered < 8 + 4
    (result,) = coach.finish()
    assert (result.verdict, result.faults) == ("unseen", ())
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


# -- pausing, skipping, ending -------------------------------------------------------------------------


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
    assert since[0] == phrases.NO_PICTURE
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


# -- hands-free ----------------------------------------------------------------------------------------

ARM, ARMS = CROOK.but(raise_left=85), CROOK.but(raise_left=85, raise_right=85)
RAISED: list[tuple[float, Stance]] = [(1, ARM), (2, ARM), (1, CROOK), (1, CROOK)]


def test_an_arm_held_up_pauses_and_held_up_again_goes_on() -> None:
    coach = coaching(KNEE_RIGHT)
    views = run(coach, film(CROOK, [(1.5, CROOK), *RAISED, *RAISED, *repeat(CROOK, RIGHT, 3)], FPS))
    told_of = [event for event in told(views) if event.kind in ("paused", "resumed")]
    assert [event.kind for event in told_of] == ["paused", "resumed"]
    assert "Raise an arm" in told_of[0].text
    assert 3 < told_of[0].t_s < 4.6
    paused = [view for view in views if told_of[0].t_s <= view.t_s < told_of[1].t_s]
    assert {view.phase for view in paused} == {"paused"}
    assert kinds(views)[-2:] == ["step_done", "done"]
    assert coach.finish()[0].verdict == "good"


def test_both_arms_held_up_end_the_session_and_keep_what_was_done() -> None:
    coach = coaching(KNEE_RIGHT, KNEE_LEFT)
    views = run(coach, film(CROOK, [*repeat(CROOK, RIGHT, 3), (2, CROOK), (1, ARMS), (3, ARMS)], FPS))
    assert coach.finished
    assert views[-1].phase == "done"
    assert views[-1].instruction == told(views)[-1].text == phrases.STOPPED
    assert [result.verdict for result in coach.finish()][:1] == ["good"]


def test_both_arms_end_a_session_that_is_paused() -> None:
    coach = coaching(KNEE_RIGHT)
    shots = film(CROOK, [(1.5, CROOK), *RAISED, (1, ARMS), (3, ARMS)], FPS)
    views = run(coach, shots)
    assert kinds(views)[-2:] == ["paused", "done"]


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


def test_a_clip_that_is_only_watched_is_never_paused() -> None:
    views, coach = watched(film(CROOK, [(1.5, CROOK), *RAISED, (1, ARMS), (3, ARMS)], FPS))
    assert {event.kind for event in told(views)} <= {"cue", "unseen"}
    assert not coach.paused


def test_lying_flat_on_the_front_for_long_pauses_and_asks_and_moving_goes_on() -> None:
    coach = coaching(PRESS_UP)
    up = STRAIGHT.but(trunk=20)
    flat: list[tuple[float, Stance]] = [(30, STRAIGHT), (2, up), (4, up), (1.5, STRAIGHT), (2, STRAIGHT)]
    views = run(coach, film(STRAIGHT, flat, FPS, posture="prone"))
    ready, paused, resumed = (
        next(event for event in told(views) if event.kind == kind) for kind in ("ready", "paused", "resumed")
    )
    assert paused.text == phrases.SHALL_WE
    assert paused.t_s - ready.t_s > 10, "what was asked for is heard first"
    assert 30 < resumed.t_s < 32
    assert kinds(views)[-1] == "done"
    assert coach.finish()[0].reps == 1


def test_a_rest_between_two_press_ups_is_no_question() -> None:
    coach = coaching(Step(exercise="press_up", hold_s=2, reps=3))
    way = repeat(STRAIGHT, STRAIGHT.but(trunk=20), 3, reps=3, rest_s=6)
    views = run(coach, film(STRAIGHT, way, FPS, posture="prone"))
    assert "paused" not in kinds(views)
    assert kinds(views)[-1] == "done"


# -- cues ----------------------------------------------------------------------------------------------


@cache
def many_faults() -> list[View]:
    """A twist with both shoulders up, knees apart and arms in, held for long."""
    bad = T.but(turn=60, gap=0.9, shoulder_left=0.3, shoulder_right=0.3, arm_left=20, arm_right=20)
    coach = coaching(Step(exercise="spinal_twist", side="left", hold_s=20))
    return run(coach, film(T, [(1, T), (1.6, bad), (18, bad)], FPS))


def test_the_same_cue_is_not_repeated_soon() -> None:
    cues = [event for event in told(many_faults()) if event.kind == "cue"]
    assert len(cues) >= 2
    for text in {event.text for event in cues}:
        times = [event.t_s for event in cues if event.text == text]
        assert all(b - a >= 10 for a, b in pairwise(times))


def test_no_two_cues_come_close() -> None:
    times = [event.t_s for event in told(many_faults()) if event.kind == "cue"]
    assert all(b - a >= 3 for a, b in pairwise(times))


def test_a_cue_is_shown_as_long_as_the_fault_lasts() -> None:
    late = [view for view in many_faults() if view.phase == "hold" and view.hold_s > 4]
    assert late
    assert all(view.cue and not view.highlight_ok for view in late)


def test_a_cue_names_the_side() -> None:
    lifted = T.but(turn=60, shoulder_right=0.3)
    views = run(
        coaching(Step(exercise="spinal_twist", side="left", hold_s=5)),
        film(T, [(1, T), (1.6, lifted), (4, lifted)], FPS),
    )
    (cue,) = (event for event in told(views) if event.kind == "cue")
    assert cue.urgent
    assert "right shoulder" in cue.text
    assert "{" not in cue.text


def test_the_other_side_is_told_and_not_counted() -> None:
    coach = coaching(Step(exercise="knee_to_chest", side="left", hold_s=2))
    views = run(coach, film(CROOK, repeat(CROOK, RIGHT, 3), FPS))
    assert phrases.other_side("left") in [event.text for event in told(views) if event.kind == "cue"]
    assert views[-1].reps == 0
    assert "step_done" not in kinds(views)


@pytest.mark.parametrize("hip", [80, 118])
def test_both_knees_where_one_is_asked_for_are_told_and_nothing_is_corrected(hip: float) -> None:
    both = CROOK.but(hip_left=hip, hip_right=hip, knee_left=128, knee_right=128)
    coach = coaching(KNEE_LEFT)
    views = run(coach, film(CROOK, [(2, CROOK), *repeat(CROOK, both, 6)], FPS))
    said = [(event.kind, event.text) for event in told(views)]
    assert ("unseen", str(phrases.both_legs("left"))) in said
    assert not {"cue", "in_position", "hold_done"} & {kind for kind, _ in said}
    assert coach.finish()[0].verdict != "good"


# -- what is said through a hold -----------------------------------------------------------------------


def test_the_last_three_seconds_are_counted_and_come_in_time() -> None:
    coach = coaching(KNEE_LEFT, words="many")
    views = run(coach, film(CROOK, repeat(CROOK, LEFT, 8.0), FPS))
    done_s = next(event.t_s for event in told(views) if event.kind == "hold_done")
    counted = [(event.text, done_s - event.t_s) for event in told(views) if event.kind == "count"]
    assert [text for text, _ in counted] == ["Three", "Two", "One"]
    assert [left_s for _, left_s in counted] == pytest.approx([3, 2, 1], abs=1.5 / FPS)


def test_praise_is_for_a_clean_step_and_not_for_each() -> None:
    knees = [step for _ in range(2) for step in (KNEE_RIGHT, replace(KNEE_LEFT, hold_s=2))]
    ways = [repeat(CROOK, stance, 2.2) for stance in (RIGHT, LEFT, RIGHT, LEFT)]
    views = run(coaching(*knees), film(CROOK, [part for way in ways for part in way], FPS))
    ends = [event.text for event in told(views) if event.kind == "step_done"]
    assert ends == ["", "Well done. Knee to chest is complete"] * 2, "it is complete after both sides"


def test_an_exercise_of_which_one_side_was_left_out_is_not_called_complete() -> None:
    coach = coaching(KNEE_RIGHT, replace(KNEE_LEFT, hold_s=2))
    coach.update(None, 0.0)
    coach.next_step()
    views = run(coach, film(CROOK, repeat(CROOK, LEFT, 2.2), FPS, start_s=0.1))
    assert [event.text for event in told(views) if event.kind == "step_done"] == ["That was Knee to chest"]


def test_a_step_with_a_fault_is_not_praised() -> None:
    lifted = RIGHT.but(head=0.3)
    views = run(coaching(KNEE_RIGHT), film(CROOK, repeat(CROOK, lifted, 3), FPS))
    assert "cue" in kinds(views)
    assert not any("Well done" in event.text for event in told(views))


def test_a_hold_let_go_early_is_not_called_complete() -> None:
    coach = coaching(KNEE_LEFT)
    views = run(coach, film(CROOK, repeat(CROOK, LEFT, 3), FPS))
    (end,) = (event.text for event in told(views) if event.kind == "step_done")
    assert end == "One thing for next time: stay a little longer, if it is comfortable"
    assert views[-1].instruction.count("next time") == 1
    assert [fault.name for fault in coach.finish()[0].faults] == ["short_hold"]


def test_whoever_seems_to_leave_a_hold_that_is_done_for_a_moment_is_not_asked_to_hold_on() -> None:
    half_way = CROOK.but(hip_left=88, knee_left=115)
    moves = [(4, CROOK), (1.5, LEFT), (8.5, LEFT), (0.6, half_way), (1.2, half_way), (0.6, LEFT), (1, LEFT)]
    coach = coaching(KNEE_LEFT)
    views = run(coach, film(CROOK, [*moves, (1.5, CROOK), (3, CROOK)], FPS))
    shown = [view.phase for view in views]
    assert "moving" in shown[shown.index("hold") : len(shown) - shown[::-1].index("hold")]
    assert kinds(views).count("in_position") == kinds(views).count("hold_done") == 1
    assert coach.finished


def test_a_hold_let_go_a_moment_early_is_said_to_be_over() -> None:
    coach = coaching(KNEE_LEFT, words="few")
    views = run(coach, film(CROOK, repeat(CROOK, LEFT, 6), FPS))
    assert "hold_done" not in kinds(views)
    assert [event.text for event in told(views) if event.kind == "step_done"] == ["Knee to chest is complete"]
    assert not coach.finish()[0].faults


def test_in_a_brief_hold_a_cue_waits_for_the_release() -> None:
    up = STRAIGHT.but(trunk=20, pelvis=0.3)
    step = Step(exercise="press_up", hold_s=2, reps=3)
    way = film(STRAIGHT, repeat(STRAIGHT, up, 3, reps=3), FPS, posture="prone")
    views = run(coaching(step), way)
    cue = "Let your hips stay heavy on the bed"
    assert any(view.cue == cue for view in views if view.phase == "hold"), "it is shown at once"
    assert next(event.text for event in told(views) if event.kind == "rep") == f"1 of 3. {cue}"
    assert "cue" not in kinds(views)
    speech = UtteranceQueue()
    said = [one for view in views if (one := speech.update(view.events, view.t_s))]
    due = [event.t_s for event in told(views) if event.kind == "hold_done"]
    assert [one.t_s for one in said if one.kind == "hold_done"] == due
    assert len(due) == 3


def test_a_hold_is_led_in_breaths_and_a_short_one_is_not() -> None:
    views, _ = two_steps()
    long, short = ([v.breath for v in views if v.step == n and v.phase == "hold"] for n in (1, 2))
    assert all(breath is not None and 0 <= breath <= 1 for breath in long)
    assert (long[0] or 0) > 0.9, "it begins on an exhale"
    assert min(breath or 0 for breath in long) < 0.1
    assert set(short) == {None}
    assert all(view.breath is None for view in views if view.phase != "hold")


def test_every_step_is_begun_on_an_exhale() -> None:
    often = coaching(KNEE_LEFT, KNEE_RIGHT, words="many")
    views = run(often, film(CROOK, [*repeat(CROOK, LEFT, 8.0), *repeat(CROOK, RIGHT, 2.0)], FPS))
    for session, times in ((two_steps()[0], 1), (views, 2)):
        hints = [event.text for event in told(session) if event.kind == "hint"]
        assert hints == [phrases.ON_AN_EXHALE] * times


def test_what_only_keeps_time_begins_once_it_has_been_said_what_to_do() -> None:
    tilt = Step(exercise="pelvic_tilt", hold_s=4, reps=2, say="A tiny move")
    views = run(coaching(tilt), lying(CROOK, 40))
    at = {event.kind: event for event in reversed(told(views))}
    words_s = sum(spoken_s(e.text) for e in told(views) if e.kind in ("announce", "ready", "hint"))
    assert at["in_position"].t_s >= words_s
    assert kinds(views)[2:7] == ["hint", "hint", "in_position", "hold_done", "rep"]
    assert views[-1].phase == "done"


# -- watching ------------------------------------------------------------------------------------------


def watched(shots: Iterable[Shot], hold_s: float = 4) -> tuple[list[View], Watcher]:
    coach = Watcher("knee_to_chest", hold_s=hold_s)
    return run(coach, shots), coach


@cache
def clip() -> list[Shot]:
    return film(CROOK, repeat(CROOK, LEFT.but(head=0.3), 2, 2, 0.7, 1.2), FPS)


def test_watching_gives_one_result_however_many_repetitions() -> None:
    views, coach = watched(clip())
    (result,) = coach.finish()
    assert (result.verdict, result.reps, result.step, result.frames) == ("fault", 2, None, len(clip()))
    assert result.duration_s == pytest.approx(clip()[-1].t_s)
    assert coach.finish() == [result]
    assert set(kinds(views)) <= {"cue", "unseen"}


@pytest.mark.parametrize("frames", [0, 1, 2, 5])
def test_watching_hardly_anything_gives_one_result(frames: int) -> None:
    _, coach = watched(clip()[:frames])
    (result,) = coach.finish()
    assert result.frames == frames
    assert result.verdict in ("unseen", "not_performed")
    assert result.as_json("a.mp4")


def test_watching_nobody_gives_one_result() -> None:
    coach = Watcher("knee_to_chest", side="left", hold_s=4)
    views = [coach.update(pose, t_s) for pose, t_s in nobody(10)]
    (result,) = coach.finish()
    assert (result.verdict, result.seen, result.faults) == ("unseen", 0, ())
    assert views[-1].not_seen


def test_the_same_frames_give_the_same_again() -> None:
    first, second = watched(clip()), watched(clip())
    assert first[1].finish() == second[1].finish()
    assert told(first[0]) == told(second[0])


def test_it_does_not_matter_when_a_session_begins() -> None:
    late = [replace(s, t_s=s.t_s + 5000, pose=replace(s.pose, t_s=s.t_s + 5000)) for s in clip()]
    (early_result,), (late_result,) = (watched(shots)[1].finish() for shots in (clip(), late))
    assert late_result.duration_s == pytest.approx(early_result.duration_s)
    assert [f.name for f in late_result.faults] == [f.name for f in early_result.faults]
    for before, after in zip(early_result.positions, late_result.positions, strict=True):
        assert after.start_s - before.start_s == pytest.approx(5000)


def test_without_a_dose_no_hold_is_short() -> None:
    brief = film(CROOK, repeat(CROOK, LEFT, 0.3), FPS)
    assert [fault.name for fault in watched(brief, 0)[1].finish()[0].faults] == []
    assert [fault.name for fault in watched(brief, 20)[1].finish()[0].faults] == ["short_hold"]


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
