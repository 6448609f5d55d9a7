from collections.abc import Iterable
from itertools import pairwise

import pytest

from posecoach.coaching import phrases
from posecoach.coaching.coach import Coach
from posecoach.coaching.placement import LIMBS, CameraPlacement, Part, examine
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.utterances import UtteranceQueue
from posecoach.coaching.view import Event, View
from posecoach.core.observation import PictureState
from posecoach.kinematics.body import SHOULDERS, Body
from tests.support.synthetic import CROOK, STRAIGHT, VIEWS, Camera, Shot, film

FPS = 6
LIT = 0.5


def wrong_in(camera: Camera, hidden: Iterable[str] = (), light: float | None = LIT) -> list[Part]:
    """What is found wrong with somebody who lies there, the most important first."""
    body = Body()
    for shot in film(CROOK, [(1.5, CROOK)], FPS, camera=camera):
        pose = camera.shoot(shot.at, shot.t_s, dict.fromkeys(hidden, 0.0))
        found = body.measure(pose)
    return [one.part for one in examine(pose, found, light) if one.ok is False]


@pytest.mark.parametrize("view", ["side", "far side"])
def test_from_beside_the_bed_all_is_well(view: str) -> None:
    assert wrong_in(VIEWS[view]) == []


@pytest.mark.parametrize(
    ("camera", "part"),
    [
        (Camera(distance=7.5, height=1.5), "distance"),
        (Camera(azimuth=45, distance=2.4, height=0.8), "side"),
        (Camera(distance=1.1, height=2.4), "height"),
        (Camera(along=1.2), "whole"),
        (Camera(along=-1.5), "whole"),
    ],
)
def test_what_is_off_is_named(camera: Camera, part: Part) -> None:
    assert wrong_in(camera)[0] == part


def test_a_dark_room_comes_first_and_hidden_limbs_last() -> None:
    assert wrong_in(VIEWS["oblique"], ("left_knee",), 0.0)[0] == "light"
    assert wrong_in(VIEWS["side"], light=0.05) == [], "who is found in the dark is seen"
    assert wrong_in(VIEWS["side"], ("left_knee", "left_ankle")) == ["limbs"]


def test_shoulders_that_are_hardly_seen_come_before_how_the_body_lies() -> None:
    assert wrong_in(VIEWS["side"], SHOULDERS) == ["whole"]
    assert wrong_in(Camera(distance=7.5, height=1.5), SHOULDERS) == ["whole"], "the rest is a guess"


def test_nobody_is_no_body_to_say_more_about() -> None:
    findings = {one.part: one.ok for one in examine(None, None, None)}
    assert findings.pop("person") is False
    assert set(findings.values()) == {None}


# -- in time ---------------------------------------------------------------------------------------------


def set_up(light: float = LIT, teach: bool = False) -> tuple[CameraPlacement, Coach]:
    routine = Routine(title="A morning", steps=(Step(exercise="knee_to_chest", side="left", hold_s=5),))
    coach = Coach(routine, teach=teach)
    return CameraPlacement(coach, ["A morning, about 1 minute"], "supine", LIMBS, lambda: light), coach


def run(session: CameraPlacement, shots: Iterable[Shot]) -> list[View]:
    return [session.update(shot.pose, shot.t_s) for shot in shots]


def told(views: Iterable[View]) -> list[Event]:
    return [event for view in views for event in view.events]


def lying(lasts: float, camera: Camera = VIEWS["side"], start_s: float = 0.0) -> list[Shot]:
    return film(STRAIGHT, [(lasts, STRAIGHT)], FPS, camera=camera, start_s=start_s)


def test_where_all_is_well_the_first_step_comes_at_once_and_needs_no_second_wait() -> None:
    session, _ = set_up()
    views = run(session, lying(4))
    assert [event.kind for event in told(views)] == ["announce", "seen", "announce", "ready", "hint"]
    first, begun, _, ready, _ = told(views)
    assert "about 1 minute" in first.text
    assert begun.text == phrases.SEEN_WELL
    assert ready.t_s < 3
    assert views[0].outline == "supine" or views[0].instruction == phrases.LIE_STILL
    assert views[-1].outline is None


def test_that_the_pictures_are_dim_from_the_start_is_told_once_the_session_has_begun() -> None:
    session, _ = set_up()
    session.picture("dim")
    texts = [event.text for event in told(run(session, film(CROOK, [(12.0, CROOK)], fps=25)))]
    assert texts.count(phrases.DIM_PICTURES) == 1


def test_one_thing_is_said_at_a_time_and_not_soon_again() -> None:
    session, _ = set_up(light=0.02)
    views = [session.update(None, frame / FPS) for frame in range(30 * FPS)]
    said = [event for event in told(views) if event.kind == "waiting"]
    assert {event.text for event in said} == {phrases.DARK}
    assert all(b.t_s - a.t_s >= 10 for a, b in pairwise(said))
    assert 2 <= len(said) <= 3
    assert all(view.outline == "supine" for view in views)


def test_once_it_is_put_right_the_session_begins() -> None:
    session, _ = set_up()
    views = run(session, lying(6, Camera(along=1.2)))
    assert views[-1].instruction == phrases.FEET_OUT
    views = run(session, lying(4, start_s=6.2))
    assert "ready" in [event.kind for event in told(views)]


def test_after_a_while_it_begins_all_the_same_and_says_what_it_cannot_judge() -> None:
    session, coach = set_up()
    views = run(session, lying(80, Camera(azimuth=45, distance=2.4, height=0.8)))
    (begun,) = (event for event in told(views) if phrases.WITHOUT_SIDE in event.text)
    assert 70 < begun.t_s < 80
    assert "Knee to chest, left side" in [event.text for event in told(views)]
    assert not coach.finished


@pytest.mark.parametrize(
    ("state", "why"), [("lost", "I have no picture"), ("frozen", "The picture stands still")]
)
def test_without_a_picture_from_the_start_that_is_said_and_not_that_nobody_is_seen(
    state: PictureState, why: str
) -> None:
    session, _ = set_up()
    views = [session.update(None, frame / FPS) for frame in range(2)]
    session.picture(state, 0.0)
    views += [session.update(None, frame / FPS) for frame in range(2, 82 * FPS)]
    assert {event.kind for event in told(views)} & {"picture_lost", "picture_found"} == set()
    said = [event for event in told(views) if event.kind == "waiting"]
    assert all(event.text.startswith(why) for event in said)
    assert len(said) == 4, "ever more seldom"
    texts = [event.text for event in told(views)]
    assert texts.count("Knee to chest, left side") == 1
    assert any(text.startswith(why) and text.endswith(phrases.KEEP_TIME) for text in texts)
    session.picture("there")
    assert session.update(None, 82.0).events[0].text == phrases.PICTURE_AGAIN


def heard(views: Iterable[View]) -> list[str]:
    queue = UtteranceQueue()
    said = [queue.update(view.events, view.t_s) for view in views]
    return [one.text for one in said if one is not None and one.text]


def test_what_somebody_waits_to_hear_comes_first_and_then_how_to_stop() -> None:
    session, _ = set_up(teach=True)
    told_in_order = heard(run(session, lying(20)))
    begun = told_in_order.index(phrases.SEEN_WELL)
    assert told_in_order[begun:][:3] == [phrases.SEEN_WELL, phrases.HOW_TO_STOP, "Knee to chest, left side"]
    session, _ = set_up(teach=True)
    told_in_order = heard(run(session, lying(100, Camera(azimuth=45, distance=2.4, height=0.8))))
    stop = told_in_order.index(phrases.HOW_TO_STOP)
    assert phrases.WITHOUT_SIDE in told_in_order[stop - 1]


def test_how_to_stop_is_heard_by_whoever_is_in_position_as_the_session_begins() -> None:
    session, _ = set_up(teach=True)
    held = STRAIGHT.but(hip_left=118, knee_left=128)
    views = run(session, film(held, [(20, held)], FPS))
    [begun] = [event.t_s for event in told(views) if event.kind == "in_position"]
    assert [event.kind for event in told(views) if event.t_s == begun] == ["safety", "in_position"]
    assert phrases.HOW_TO_STOP in heard(views)


def test_it_can_be_paused_and_left() -> None:
    session, _ = set_up()
    session.update(None, 0.0)
    session.toggle_pause()
    views = [session.update(None, 1.0 + frame) for frame in range(200)]
    assert session.paused
    assert {view.phase for view in views} == {"paused"}
    session.toggle_pause()
    session.next_step()
    assert "Knee to chest" in session.update(None, 300.0).events[0].text
    assert session.finish()
    assert session.finished
