"""Raised arms and lying still on the front pause, go on and end."""

from posecoach.coaching import phrases
from posecoach.coaching.plan import Step
from tests.support.coached import (
    FPS,
    KNEE_LEFT,
    KNEE_RIGHT,
    PRESS_UP,
    RIGHT,
    coaching,
    kinds,
    run,
    told,
    watched,
)
from tests.support.synthetic import CROOK, STRAIGHT, Stance, film, repeat

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
    assert kinds(views)[-2:] == ["paused", "stopped"]


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
