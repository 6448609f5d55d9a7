from collections.abc import Iterable

from posecoach.coaching.phrases import BY_KEYS
from posecoach.coaching.practice import OPENING, Practice
from posecoach.coaching.view import Event, View
from tests.support.synthetic import CROOK, Shot, Stance, film

FPS = 8
ARM, ARMS = CROOK.but(raise_left=85), CROOK.but(raise_left=85, raise_right=85)


def up(stance: Stance) -> list[tuple[float, Stance]]:
    return [(1, stance), (2, stance), (1, CROOK), (2, CROOK)]


def run(practice: Practice, shots: Iterable[Shot]) -> list[View]:
    return [practice.update(shot.pose, shot.t_s) for shot in shots]


def told(views: Iterable[View]) -> list[Event]:
    return [event for view in views for event in view.events]


def test_each_gesture_is_asked_for_seen_and_answered() -> None:
    practice = Practice()
    views = run(practice, film(CROOK, [(12, CROOK), *up(ARM), *up(ARM), *up(ARMS)], FPS))
    assert practice.seen == ["arm", "arm", "arms"]
    assert practice.finished
    kinds = [event.kind for event in told(views)]
    assert kinds == ["announce", "announce", "ready", "paused", "resumed", "done"]
    assert views[-1].phase == "done"
    assert "stop at once" in views[-1].instruction
    assert practice.finish() == []


def test_a_gesture_that_is_not_seen_is_asked_for_again_and_then_left_out() -> None:
    practice = Practice()
    views = run(practice, film(CROOK, [(140, CROOK)], 4))
    said = [event.text for event in told(views)]
    assert said[0] == OPENING
    assert said.count(BY_KEYS.not_seen) == 3
    assert [event.kind for event in told(views)].count("waiting") >= 6
    assert practice.seen == []
    assert practice.finished


def test_nothing_is_asked_of_nobody_and_a_key_goes_on() -> None:
    practice = Practice()
    views = [practice.update(None, frame / 4) for frame in range(80)]
    assert [event.kind for event in told(views)] == ["announce"]
    assert all(view.not_seen for view in views)
    practice.toggle_pause()
    assert "ready" in [event.kind for event in practice.update(None, 30.0).events]
    practice.next_step()
    assert practice.update(None, 31.0).events[0].text == BY_KEYS.not_seen
    assert not practice.paused
