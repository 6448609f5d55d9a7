"""A session over the WebSocket, from the first picture to how it felt; and whatever a client may send."""

import time
from pathlib import Path

import pytest
from starlette.websockets import WebSocketDisconnect

from posecoach.coaching import phrases
from posecoach.core.errors import OutputError
from posecoach.records import history, settings
from posecoach.records.history import Session, Store
from posecoach.web.line import MOST_LINES
from tests.support.browser import JPEG, LINE, Json, Server, answered, endless, message
from tests.support.synthetic import CROOK, film, repeat

LEFT = CROOK.but(hip_left=118, knee_left=128)
LYING = film(CROOK, [(120.0, CROOK)], 8)


@pytest.fixture
def stretching() -> Server:
    """Somebody who draws the left knee in for twelve seconds, again and again."""
    answered()
    return Server(endless(film(CROOK, [(8.0, CROOK), *repeat(CROOK, LEFT, 12.0), (4.0, CROOK)], 8)))


def test_a_session_begins_after_the_questions_about_safety_alone(home: object) -> None:
    server = Server(LYING)
    from posecoach.records import safety_answers

    safety_answers.forget()
    with server.page() as page:
        assert "safety" in page.begin()["text"]


def test_a_sign_that_nobody_can_clear_means_no_session_however_it_was_kept() -> None:
    answered(yes=("see_a_doctor_now",), cleared=("see_a_doctor_now",))
    with Server(LYING).page() as page:
        told = page.begin()
        assert (told["type"], told["unwise"]) == ("refused", True)
        assert "doctor now" in told["text"]


def test_where_nothing_was_begun_nothing_is_counted(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        page.order(type="stop")
        assert page.hear("ended")["text"] == "Rest a moment, and get up slowly"


@pytest.mark.parametrize("pictures", [0, 3])
def test_severe_pain_gets_advice_whatever_is_kept(stretching: Server, pictures: int) -> None:
    with stretching.page() as page:
        page.begin()
        for _ in range(pictures):
            page.picture()
        page.order(type="stop")
        page.hear("ended")
        page.order(type="felt", after=9, pain=True)
        assert "seen by a doctor now" in page.hear("thanks")["advice"]


def test_pain_that_came_gets_a_sentence_of_what_to_do(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        page.order(type="stop")
        page.hear("ended")
        page.order(type="felt", after=2, pain=True)
        assert "stop as soon as it comes" in page.hear("thanks")["advice"]


def test_something_new_today_means_no_session(stretching: Server) -> None:
    with stretching.page() as page:
        assert page.begin(new_today=True)["type"] == "refused"
        assert page.begin(before=8)["type"] == "refused"
        assert page.begin(new_today=None)["type"] == "refused"
        assert page.begin()["type"] == "started"


def test_pictures_come_back_as_a_body_and_words(stretching: Server) -> None:
    with stretching.page() as page:
        plan = page.begin()["plan"]
        assert [step["title"] for step in plan["steps"]] == ["Knee to chest", "Bridge", "Spinal twist"]
        view = page.picture()
        assert len(view["body"]) == 33 * 3
        assert view["size"]
        assert view["stamp"] == pytest.approx(stretching.clock.s * 1000)
        page.socket.send_bytes(message(JPEG, stretching.clock.s))
        assert page.hear("late")


def test_a_hold_is_counted_and_kept(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        view = page.watch(200, until="hold")
        assert view["hold_target_s"] == 10
        later = page.watch(24)
        assert later["hold_s"] == pytest.approx(view["hold_s"] + 3, abs=0.3)
        page.watch(120)
        page.order(type="stop")
        summary = page.hear("ended")
        assert (summary["ended"], summary["worked"]) == ("quit", True)
        assert summary["text"].startswith("1 of 3 done"), "of all steps of the routine"
        first = summary["results"][0]
        assert (first["title"], first["kind"]) == ("Knee to chest", "good")
        page.order(type="felt", after=1, pain=False)
        assert page.hear("thanks")["advice"] == ""
    kept = history.sessions()[-1]
    assert (kept.routine, kept.before, kept.after, kept.pain) == ("demo", 2, 1, False)
    assert kept.exercises[0].result.verdict == "good"


def test_what_was_doubtful_about_the_pictures_is_told_and_kept(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        page.picture()
        stretching.opened[-1].doubts = frozenset({"two_people"})
        page.watch(400, until="hold")
        page.watch(40)
        page.order(type="stop")
        summary = page.hear("ended")
    told = "Two people are in the picture: the one on the left was judged"
    assert told in str(summary["results"][0])
    (kept,) = history.sessions()[-1].exercises
    assert kept.result.noted("two_people") is not None


def test_that_a_session_is_not_in_the_history_is_told_until_it_is(
    stretching: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = Store.write

    def full(store: Store, session: Session) -> Session:
        raise OutputError("The disk is full.")

    monkeypatch.setattr(Store, "write", full)
    with stretching.page() as page:
        page.begin()
        page.picture()
        page.order(type="next")  # to the first step: before it there is nothing to keep
        for _ in range(3):
            page.picture()
        page.order(type="stop")
        summary = page.hear("ended")
        assert summary["session"] is None
        assert summary["problem"].startswith("The disk is full. This session")
        page.order(type="felt", after=1, pain=False)
        assert page.hear("thanks")["problem"] == summary["problem"]
        monkeypatch.setattr(Store, "write", write)
        page.order(type="felt", after=1, pain=False)
        told = page.hear("thanks")
    assert told == {"type": "thanks", "advice": "", "session": history.sessions()[-1].id, "problem": ""}


def test_what_is_said_comes_as_words_one_after_the_other(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        page.picture()
        opening = page.hear("say")
        assert opening["text"].startswith("A short tour")
        page.order(type="said", id=opening["id"], seconds=2.0)
        page.watch(200, until="hold")
        held = page.hear("say")
        while held["kind"] != "in_position":
            page.picture()
            held = page.hear("say")
        assert (held["text"], held["tone"]) == ("That is it. Hold, and breathe slowly", "start")


def test_a_browser_without_a_voice_gets_the_words_as_sound(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        page.picture()
        number = page.hear("say")["id"]
        sound = stretching.client.get(f"/api/words/{number}")
        assert sound.headers["content-type"] == "audio/wav"
        assert sound.content.startswith(b"RIFF")
        assert stretching.client.get(f"/api/words/{number + 1}").status_code == 404


def test_pause_and_next_come_from_the_page(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        page.watch(40)
        page.order(type="pause", on=True)
        view = page.watch(3)
        assert view["phase"] == "paused"
        assert "press Go on" in view["instruction"]
        page.order(type="pause", on=False)
        assert page.watch(3)["phase"] != "paused"
        page.order(type="next")
        assert page.watch(3)["step"] == 2


def test_whoever_skips_every_step_is_not_told_that_it_was_done_or_missed(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        while page.picture().get("phase") != "done":
            page.order(type="next")
        for _ in range(200):
            if (summary := page.picture())["type"] == "ended":
                break
        assert (summary["ended"], summary["worked"]) == ("finished", False)
        assert {(one["verdict"], *one["notes"]) for one in summary["results"]} == {("left out",)}


def test_a_lost_line_goes_on_with_the_same_exercise_and_count(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        page.watch(200, until="hold")
        held = page.watch(24)
    stretching.clock.s += 40
    with stretching.page() as page:
        assert page.welcome["session"]["yours"]
        page.order(type="join")
        page.hear("started")
        view = page.watch(8)
        assert (view["step"], view["phase"]) == (held["step"], "hold")
        assert view["hold_s"] == pytest.approx(held["hold_s"] + 1, abs=0.5)


def test_how_it_felt_is_asked_and_kept_although_the_line_was_lost_meanwhile(stretching: Server) -> None:
    with stretching.page() as page:
        assert page.welcome["ended"] is None
        page.begin()
        page.watch(20)
        page.order(type="stop")
        ended = page.hear("ended")
    with stretching.page("another page") as other:
        assert other.welcome["ended"] is None
    with stretching.page() as page:
        assert page.welcome["ended"] == ended
        page.order(type="felt", after=1, pain=False)
        page.hear("thanks")
    assert history.sessions()[-1].after == 1
    with stretching.page() as page:
        assert page.welcome["ended"] is None


def test_how_it_felt_is_kept_although_the_server_was_started_anew_meanwhile(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        page.watch(20)
        page.order(type="stop")
        number = page.hear("ended")["session"]
    anew = Server(LYING)
    with anew.page() as page:
        assert page.welcome["ended"] is None
        page.order(type="felt", session=number, after=9, pain=True)
        thanks = page.hear("thanks")
        assert "seen by a doctor now" in thanks["advice"]
        assert not thanks["problem"]
    assert (history.sessions()[-1].after, history.sessions()[-1].pain) == (9, True)
    with anew.page() as page:
        page.order(type="felt", session=number, after=1, pain=False)
        page.hear("thanks")
        page.order(type="felt", session=number + 1, after=9, pain=True)
        thanks = page.hear("thanks")
    assert history.sessions()[-1].after == 9, "what was answered stays"
    assert "could not be kept" in thanks["problem"]
    assert "seen by a doctor now" in thanks["advice"]


def test_a_page_that_was_hidden_or_asleep_goes_on_with_the_same_exercise_and_count(
    stretching: Server,
) -> None:
    with stretching.page() as page:
        page.begin()
        page.watch(200, until="hold")
        held = page.watch(24)
        stretching.clock.s += 600
        view = page.watch(8)
        assert (view["step"], view["phase"]) == (held["step"], "hold")
        assert view["hold_s"] == pytest.approx(held["hold_s"] + 1, abs=0.5)


def test_a_picture_that_stands_still_is_said(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        page.watch(80)
        stretching.opened[0].doubts = frozenset({"frozen"})
        said = page.hears("picture_lost")
        assert said["tone"] == "end"
        stretching.opened[0].doubts = frozenset()
        assert page.hears("picture_found")


def test_whoever_hears_nothing_of_the_picture_for_long_is_told_which_button_ends(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        page.watch(80)
        stretching.opened[0].doubts = frozenset({"dark"})
        assert page.hears("still_lost")["text"] == phrases.BY_BUTTONS.still_no_picture


def test_the_language_of_the_browser_is_spoken_and_stays_through_a_session(stretching: Server) -> None:
    def state(language: str) -> Json:
        found: Json = stretching.client.get("/api/state", headers={"Accept-Language": language}).json()
        return found

    assert state("de")["language"] == "de"
    with stretching.page() as page:
        page.begin()
        assert page.picture()["title"] == "Vorbereitung"
        assert state("en")["language"] == "de", "another page comes"
        chosen = stretching.client.post("/api/settings", json={"language": "en"}).json()
        assert (chosen["language"], chosen["settings"]["language"]) == ("de", "en")
        assert page.picture()["title"] == "Vorbereitung"
        page.order(type="stop")
        page.hear("ended")
        page.begin()
        assert page.picture()["title"] == "Getting ready"
    settings.path().unlink()


def test_nothing_counts_from_when_the_picture_stands_still(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        page.watch(200, until="hold")
        held_s = page.watch(48)["hold_s"]
        stretching.opened[0].doubts, stretching.opened[0].still_s = frozenset({"frozen"}), 3.0
        page.watch(8)
        page.order(type="stop")
        page.hear("ended")
    [exercise] = history.sessions()[-1].exercises
    assert sum(exercise.result.holds_s) == pytest.approx(held_s - 3.0, abs=0.3)


def test_the_first_sessions_tell_how_to_stop_and_few_words_are_fewer(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))
    answered()
    said: dict[str, list[str]] = {}
    for words in ("few", "many"):
        server = Server(film(CROOK, [(8.0, CROOK), (12.0, LEFT), (8.0, CROOK)], 8))
        server.client.post("/api/settings", json={"words": words})
        with server.page() as page:
            page.begin()
            page.watch(220)
            page.order(type="stop")
            page.hear("ended")
            said[words] = [one["text"] for one in page.said if one["text"]]
    assert any("stop at once" in text for text in said["many"])
    assert len(said["few"]) < len(said["many"])


def test_the_gestures_are_practised_without_a_question_and_nothing_is_kept() -> None:
    arm, arms = CROOK.but(raise_left=85), CROOK.but(raise_left=85, raise_right=85)
    moves = [one for stance in (arm, arm, arms) for one in ((1, stance), (2, stance), (1, CROOK), (2, CROOK))]
    server = Server(film(CROOK, [(12, CROOK), *moves, (20, CROOK)], 8))
    before = len(history.sessions())
    with server.page() as page:
        page.order(type="start", kind="practise")
        assert page.hear("started", "refused")["plan"]["kind"] == "practise"
        message = page.picture()
        while message["type"] != "ended":
            message = page.picture()
        assert message["seen"] == ["arm", "arm", "arms"]
    assert len(history.sessions()) == before


def test_a_practice_waits_for_a_page_that_is_gone() -> None:
    server = Server(LYING)
    with server.page() as page:
        page.order(type="start", kind="practise")
        page.hear("started")
        page.watch(64)
        asked = page.picture()
    server.clock.s += 20
    with server.page() as page:
        page.order(type="join")
        page.hear("started")
        assert page.picture()["step"] == asked["step"] == 1


def test_a_second_page_is_told_and_may_take_over(stretching: Server) -> None:
    with stretching.page("the first page") as first:
        first.begin()
        step = first.watch(60)["step"]
        with stretching.page("the second page") as second:
            told = second.welcome["session"]
            assert (told["title"], told["yours"], told["active"]) == ("A short tour", False, True)
            assert second.begin()["type"] == "refused"
            second.order(type="join")
            assert second.hear("started", "problem")["type"] == "problem"
            second.order(type="join", over=True)
            assert second.hear("started")
            assert first.hear("taken")
            assert second.picture()["step"] == step


def test_a_page_that_has_no_session_cannot_steer_it(stretching: Server) -> None:
    with stretching.page("the first page") as first:
        first.begin()
        first.watch(20)
        with stretching.page("the second page") as second:
            for what in ("stop", "next"):
                second.order(type=what)
                assert second.hear("problem")
            second.socket.send_bytes(message(JPEG, 1e9))
        assert first.picture()["phase"] != "paused"


def test_a_page_that_does_not_come_back_ends_the_session_and_loses_nothing() -> None:
    answered()
    server = Server(LYING, grace_s=0.0)
    with server.client, server.page() as page:
        page.begin()
        page.watch(20)
        number = history.sessions()[-1].id
        page.socket.close()
        while server.client.get("/api/session").json():  # a page that joins before that has it again
            time.sleep(0.01)
        with server.page() as again:
            again.order(type="join")
            assert "over" in again.hear("problem")["text"]
    kept = history.sessions()[-1]
    assert (kept.id, kept.ended) == (number, "lost")


@pytest.mark.parametrize(
    "junk", [b"", b"12345678", b"x" * 500, message(b"no picture", 5), message(JPEG[:90], 5)]
)
def test_pictures_that_cannot_be_used_leave_the_session_as_it_was(stretching: Server, junk: bytes) -> None:
    with stretching.page() as page:
        page.begin()
        before = page.watch(10)
        page.socket.send_bytes(junk)
        assert page.hear("problem")["text"]
        assert page.picture()["step"] == before["step"]


def test_a_client_that_sends_nothing_but_junk_is_let_go(stretching: Server) -> None:
    with stretching.page() as page:
        page.begin()
        for _ in range(30):
            assert page.picture(b"junk")["type"] == "problem"
        assert page.ends() == 1008


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[]",
        "null",
        '{"type": "dance"}',
        '{"type": "felt", "after": 11}',
        '{"type":"next","x":1}',
        "[" * 9000,
    ],
)
def test_orders_that_are_not_understood_are_refused_in_a_sentence(stretching: Server, text: str) -> None:
    with stretching.page() as page:
        page.socket.send_text(text)
        assert "not understood" in page.hear("problem")["text"]


def test_too_many_messages_a_second_end_the_connection(stretching: Server) -> None:
    with stretching.page() as page:
        for _ in range(200):
            page.order(type="pause", on=True)
        assert page.ends() == 1008


def test_a_message_that_is_too_large_ends_the_connection(stretching: Server) -> None:
    with stretching.page() as page:
        page.socket.send_bytes(bytes(3 * 1024 * 1024))
        assert page.ends() == 1009


def test_the_first_message_has_to_say_who_it_is(stretching: Server) -> None:
    with stretching.client.websocket_connect(LINE) as socket:
        socket.send_json({"type": "next"})
        assert socket.receive_json()["type"] == "problem"
        with pytest.raises(WebSocketDisconnect):
            socket.receive_json()


def test_only_so_many_connections_are_open_at_a_time(stretching: Server) -> None:
    from contextlib import ExitStack

    with ExitStack() as stack:
        for number in range(MOST_LINES):
            stack.enter_context(stretching.page(f"page number {number}"))
        with pytest.raises(WebSocketDisconnect) as ended, stretching.page("one too many"):
            pass
    assert ended.value.code == 1013
