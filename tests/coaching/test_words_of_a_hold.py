"""What is said through a hold, and once it is done."""

from dataclasses import replace

import pytest

from posecoach.coaching import phrases
from posecoach.coaching.plan import Step
from posecoach.coaching.utterances import UtteranceQueue, spoken_s
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
    assert end == "One thing for next time: Stay a little longer, if it is comfortable"
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
