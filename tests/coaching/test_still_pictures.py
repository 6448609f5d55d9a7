"""A picture that stands still, or is lost for long, while somebody holds a position or none."""

from collections.abc import Iterable
from itertools import pairwise

import pytest

from posecoach.coaching import phrases
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Step
from posecoach.coaching.utterances import UtteranceQueue
from posecoach.coaching.view import View
from posecoach.core.observation import PictureState
from posecoach.core.types import Posture
from tests.support.coached import FPS, KNEE_LEFT, LEFT, coaching, kinds, lying, nobody, run, told
from tests.support.synthetic import CROOK, STRAIGHT, Stance, film, repeat

ASKED = "Draw your left knee gently to your chest"
WAITS = f"{phrases.UNTIL_IT_MOVES}. {phrases.BY_KEYS.paused_by_hand}"
_INTO = [(8, CROOK), (1.5, LEFT), (4, LEFT)]  # a hold of four seconds, of the eight that are asked for


def texts(views: Iterable[View]) -> list[str]:
    return [event.text for event in told(views) if event.text]


def stopped(coach: Coach, state: PictureState, from_s: float, lasts_s: float) -> list[View]:
    """A picture that is lost, or has stood still for three seconds when that is known."""
    coach.picture(state, from_s - 3)
    return [coach.update(pose, t_s) for pose, t_s in nobody(lasts_s, from_s, FPS)]


def in_mid_hold(state: PictureState, lasts_s: float) -> tuple[Coach, list[View], list[View]]:
    coach = coaching(KNEE_LEFT)
    before = run(coach, film(CROOK, _INTO, FPS))
    assert before[-1].phase == "hold"
    return coach, before, stopped(coach, state, before[-1].t_s + 0.2, lasts_s)


def back(coach: Coach, views: list[View], *moves: tuple[float, Stance]) -> list[View]:
    coach.picture("there")
    return run(coach, film(CROOK, [*moves], FPS, start_s=views[-1].t_s + 0.2))


@pytest.mark.parametrize("lasts_s", [3, 30])
def test_a_picture_that_stands_still_in_a_hold_stops_the_clock_until_it_moves_again(lasts_s: float) -> None:
    coach, _, still = in_mid_hold("frozen", lasts_s)
    assert texts(still)[:2] == [f"{phrases.PICTURE_FROZEN}. Let go gently", WAITS]
    assert kinds(still).count("picture_lost") == 1
    assert {"in_position", "hold_done", "rep", "keeping_time"}.isdisjoint(kinds(still))
    assert still[-1].session_s == pytest.approx(still[0].session_s), "the session's own time stands still"
    assert coach.paused
    again = back(coach, still, (4, CROOK))
    assert not coach.paused
    assert texts(again)[:2] == [phrases.PICTURE_AGAIN, ASKED]
    assert {"rep", "step_done"}.isdisjoint(kinds(again)), "half a hold is none"
    after = run(coach, film(CROOK, repeat(CROOK, LEFT, 9.0), FPS, start_s=again[-1].t_s + 0.1))
    assert kinds(after)[:1] == ["in_position"]
    assert {"hold_done", "rep"} <= set(kinds(after))
    [result] = coach.finish()
    first, second = result.positions
    assert first.lasts_s < 4 < 8 < second.lasts_s


def test_whoever_holds_on_all_the_while_begins_the_hold_anew() -> None:
    coach, _, still = in_mid_hold("frozen", 5)
    again = back(coach, still, (0.1, LEFT), (9, LEFT), (1.5, CROOK), (2, CROOK))
    [begun] = [event.t_s for event in told(again) if event.kind == "in_position"]
    [done] = [event.t_s for event in told(again) if event.kind == "hold_done"]
    assert done - begun == pytest.approx(8, abs=0.5)


@pytest.mark.parametrize("state", ["frozen", "lost"])
def test_nobody_is_asked_to_let_go_who_holds_nothing(state: PictureState) -> None:
    coach = coaching(KNEE_LEFT)
    views = run(coach, lying(CROOK, 8))
    still = stopped(coach, state, views[-1].t_s + 0.2, 3)
    assert not any("Let go" in text for text in texts(still))


@pytest.mark.parametrize(
    ("step", "rest", "held", "posture", "release"),
    [
        (Step(exercise="bridge", reps=4), CROOK, CROOK.but(pelvis=0.45), "supine", "Lower your hips gently"),
        (Step(exercise="press_up", hold_s=20), STRAIGHT, STRAIGHT.but(trunk=25), "prone", "Come down gently"),
    ],
)
def test_each_exercise_is_left_in_its_own_way(
    step: Step, rest: Stance, held: Stance, posture: Posture, release: str
) -> None:
    coach = coaching(step)
    views = run(coach, film(rest, [(8, rest), (1.5, held), (1, held)], FPS, posture=posture))
    assert views[-1].phase == "hold"
    still = stopped(coach, "frozen", views[-1].t_s + 0.2, 1)
    assert texts(still)[0] == f"{phrases.PICTURE_FROZEN}. {release}"


def test_a_step_whose_picture_stands_still_from_the_start_is_explained_once_it_moves() -> None:
    coach = coaching(KNEE_LEFT)
    views = run(coach, film(CROOK, [(3, CROOK)], FPS))
    still = stopped(coach, "frozen", views[-1].t_s + 0.2, 10)
    assert texts(still) == [phrases.PICTURE_FROZEN, WAITS]
    again = back(coach, still, (2, CROOK))
    assert texts(again)[:3] == [phrases.PICTURE_AGAIN, "Knee to chest, left side", ASKED]


def test_a_step_that_begins_in_a_picture_that_stands_still_is_announced_once_it_moves() -> None:
    coach = coaching(Step(pause_s=10, say="Rest"), KNEE_LEFT)
    views = run(coach, lying(CROOK, 4))
    still = stopped(coach, "frozen", views[-1].t_s + 0.2, 20)
    assert texts(still)[0] == phrases.PICTURE_FROZEN
    assert (coach.paused, still[-1].step) == (True, 2), "a pause between exercises needs no picture"
    again = back(coach, still, (2, CROOK))
    assert texts(again)[:3] == [phrases.PICTURE_AGAIN, "Knee to chest, left side", ASKED]


def test_where_the_camera_then_gives_no_picture_at_all_the_clock_leads() -> None:
    coach, _, still = in_mid_hold("frozen", 5)
    lost = stopped(coach, "lost", still[-1].t_s + 0.1, 20)
    assert not coach.paused
    assert {"keeping_time", "in_position"} <= set(kinds(lost))
    assert not any("Let go" in text for text in texts(lost)), "that was said"
    assert texts(lost).index(ASKED) < texts(lost).index(phrases.HOLD)


def test_whoever_does_not_want_to_wait_is_led_by_the_clock() -> None:
    coach, _, still = in_mid_hold("frozen", 5)
    coach.toggle_pause()
    views = [coach.update(pose, t_s) for pose, t_s in nobody(40, still[-1].t_s + 0.2, FPS)]
    assert not coach.paused
    assert texts(views)[0] == f"{phrases.RESUMED}. {ASKED}"
    assert {"keeping_time", "in_position", "hold_done"} <= set(kinds(views))
    assert "paused" not in kinds(views)


def test_a_step_that_only_keeps_time_goes_on_without_a_picture() -> None:
    coach = coaching(Step(exercise="pelvic_tilt", hold_s=2, reps=4))
    views = run(coach, lying(CROOK, 10))
    still = stopped(coach, "frozen", views[-1].t_s + 0.2, 40)
    assert texts(still)[0] == phrases.PICTURE_FROZEN
    assert coach.finished


def test_whoever_let_go_as_the_picture_was_lost_is_asked_for_the_move_before_the_clock_counts() -> None:
    _, _, lost = in_mid_hold("lost", 25)
    said = texts(lost)
    assert said[0] == f"{phrases.NO_PICTURE}. Let go gently"
    assert said.index(ASKED) < said.index(phrases.HOLD)


def test_half_a_hold_is_none_though_its_end_was_not_seen() -> None:
    coach, _, lost = in_mid_hold("lost", 12)
    again = back(coach, lost, (4, CROOK))
    assert texts(again)[:2] == [phrases.PICTURE_AGAIN, ASKED]
    assert {"rep", "step_done"}.isdisjoint(kinds(again))


def test_how_to_end_without_a_picture_is_heard_in_full() -> None:
    coach = coaching(Step(exercise="knee_to_chest", side="left", hold_s=4, reps=40))
    views = run(coach, lying(CROOK, 8))
    lost = stopped(coach, "lost", views[-1].t_s + 0.2, 130)
    queue = UtteranceQueue()
    heard = [one for view in lost if (one := queue.update(view.events, view.t_s))]
    whole = [one.text for one, after in pairwise(heard) if not after.cuts]
    asked = texts(lost).count(phrases.BY_KEYS.still_no_picture)
    assert asked == 3
    assert whole.count(phrases.BY_KEYS.still_no_picture) == asked
