"""A camera that goes wrong in the middle of a session: what is said, shown and kept."""

import os
import signal
import sys
import threading

import pytest

from posecoach.assessment.results import Note
from posecoach.coaching import phrases
from posecoach.core.errors import SourceError
from posecoach.vision.reconnecting import answering
from tests.support.camera_losses import ADDRESS, Told, session
from tests.support.footage import Listed

EVER_S = 1e9


def kinds(told: Told) -> list[str]:
    return [event.kind for event in told.events]


def kept(told: Told) -> list[tuple[str | None, int, str]]:
    return [(result.exercise, result.reps, result.verdict) for result in told.results]


WHOLE = [("bridge", 4, "good"), ("knee_to_chest", 1, "good")]


@pytest.mark.parametrize(
    ("how", "lasts_s"),
    [("gone", 0.3), ("grey", EVER_S), ("BGRA", EVER_S), ("16 bits", EVER_S), ("another size", EVER_S)],
)
def test_what_can_be_made_good_is_not_even_mentioned(how: str, lasts_s: float) -> None:
    told = session(how, lasts_s)
    assert "picture_lost" not in kinds(told)
    assert kept(told) == WHOLE
    assert (told.summary.ended, told.summary.problems) == ("finished", ())


@pytest.mark.parametrize(
    ("how", "lasts_s", "within_s"),
    [("gone", 5, 1), ("raises", 5, 1), ("empty", 5, 1), ("hangs", 5, 4), ("frozen", 10, 3.2)],
)
def test_a_loss_of_seconds_is_said_and_the_count_goes_on(how: str, lasts_s: float, within_s: float) -> None:
    told = session(how, lasts_s)
    lost_s, found_s = told.after_s("picture_lost"), told.after_s("picture_found")
    assert lost_s is not None
    assert found_s is not None
    assert lost_s <= within_s
    assert lasts_s <= found_s <= 1.25 * lasts_s + 1.5
    why = phrases.UNTIL_IT_MOVES if how == "frozen" else str(phrases.no_picture())
    assert any(text.startswith(why) for text in told.screen)
    assert how == "frozen" or not any(phrases.PICTURE_FROZEN in text for text in told.screen)
    assert "moving_on" not in kinds(told)
    reps = [event.text for event in told.events if event.kind == "rep"]
    assert reps[:4] == ["1 of 4", "2 of 4", "3 of 4", "4 of 4"]
    assert kept(told) == WHOLE
    assert (told.summary.ended, told.summary.problems) == ("finished", ())


@pytest.mark.parametrize(
    ("how", "lasts_s", "note"),
    [("frozen", 10, "picture_frozen"), ("gone", 5, "picture_gap"), ("grey", 10, None)],
)
def test_the_result_of_an_exercise_says_what_was_wrong_with_its_pictures(
    how: str, lasts_s: float, note: str | None
) -> None:
    bridge, knee = session(how, lasts_s).results
    assert (Note(note) in bridge.notes) if note else not bridge.notes
    assert knee.notes == ()


def test_after_a_minute_the_routine_has_gone_on_by_the_clock_and_is_seen_again() -> None:
    told = session("gone", 60)
    assert "Until then I only keep time" in " ".join(event.text for event in told.events)
    assert "picture_found" in kinds(told)
    assert kept(told) == [("bridge", 2, "unseen"), ("knee_to_chest", 1, "good")]


def test_without_a_picture_for_good_the_rest_is_led_by_voice_and_nothing_is_praised() -> None:
    told = session("gone", EVER_S)
    said = [event.text for event in told.events]
    assert kinds(told).count("picture_lost") == 1
    assert "picture_found" not in kinds(told)
    assert "Lie on your back, legs bent or straight" in said
    assert "Draw your left knee gently to your chest" in said
    assert "I have no picture. I only keep time" in told.screen
    assert kept(told) == [("bridge", 2, "unseen"), ("knee_to_chest", 0, "unseen")]
    assert (told.summary.ended, told.summary.problems) == ("finished", ())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
def test_ctrl_c_ends_the_waiting_for_a_camera_that_never_answers() -> None:
    opened = threading.Event()

    def never() -> Listed:
        opened.wait(20)
        return Listed([0.0])

    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        answering(never, ADDRESS, within_s=20)
    opened.set()


def test_a_camera_that_never_answers_is_given_up_without_showing_its_password() -> None:
    opened = threading.Event()

    def never() -> Listed:
        opened.wait(20)
        return Listed([0.0])

    with pytest.raises(SourceError, match=r"Camera rtsp://camera\.local/1 does not answer") as caught:
        answering(never, ADDRESS, within_s=0.05)
    assert "secret" not in str(caught.value)
    opened.set()
