"""What the page asks the server for: choices, safety, routines, history and forgetting."""

import asyncio
import base64
import json
import re
import tempfile
import time
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient
from starlette.types import Message

from posecoach.assessment.results import Note
from posecoach.coaching import safety
from posecoach.coaching.utterances import Tone
from posecoach.core import translation
from posecoach.feedback.video import VideoWriter
from posecoach.records import history, routine_files, safety_answers, settings
from posecoach.vision.orientation import turned
from posecoach.vision.video_file import VideoFile
from posecoach.web import clips, sentences
from posecoach.web.access import CLIPS
from posecoach.web.sentences import STATIC
from tests.conftest import GOOD_CLIP
from tests.support.browser import PAGE, Server, answered
from tests.support.footage import video
from tests.support.sessions import knee, session
from tests.support.sound import engine


@pytest.fixture
def client() -> TestClient:
    return Server().client


@pytest.fixture
def sessions() -> Iterator[list[int]]:
    """Two sessions in the history, by their numbers."""
    with history.Store() as store:
        yield [store.write(session(knee(), days_ago=day)).id or 0 for day in (3, 0)]


@pytest.fixture(autouse=True)
def _somebody_new(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Every test begins without a history, answers or settings."""
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path))


def test_browsers_that_ask_for_an_icon_get_one(client: TestClient) -> None:
    answer = client.get("/favicon.ico")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg")


def test_the_state_has_what_the_first_page_needs(client: TestClient) -> None:
    state = client.get("/api/state").json()
    assert state["language"] == "en"
    assert [group["key"] for group in state["safety"]["due"]] == [
        "see_a_doctor_now",
        "have_it_looked_at",
        "ask_first",
    ]
    assert state["sentences"]["Begin"] == "Begin"
    assert state["phone"] is None
    assert state["new"]
    assert set(state["tones"]) == set(get_args(Tone))


def test_choices_are_remembered_for_the_other_commands_too(client: TestClient) -> None:
    state = client.post("/api/settings", json={"language": "de", "volume": 35, "sound": "tones"}).json()
    assert state["sentences"]["Begin"] == "Beginnen"
    known = settings.load()
    assert (known.language, known.volume, known.sound) == ("de", 35, "tones")


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("de-AT,de;q=0.9,en;q=0.8", "de"), ("fr,de;q=0.7", "de"), ("en-GB", "en"), ("fr", "en")],
)
def test_the_page_begins_in_the_language_of_the_browser(client: TestClient, asked: str, spoken: str) -> None:
    state = client.get("/api/state", headers={"Accept-Language": asked}).json()
    assert (state["language"], state["settings"]["language"]) == (spoken, "")


def test_a_language_that_was_chosen_wins_over_that_of_the_browser(client: TestClient) -> None:
    german = {"Accept-Language": "de"}
    chosen = client.post("/api/settings", json={"language": "en"}, headers=german).json()
    assert chosen["language"] == "en"
    assert client.get("/api/state", headers=german).json()["language"] == "en"
    assert client.post("/api/settings", json={"language": ""}, headers=german).json()["language"] == "de"


@pytest.mark.parametrize(
    "choice", [{"volume": 101}, {"language": "fr"}, {"camera": "rtsp://x"}, {"rate": None, "x": 1}]
)
def test_a_choice_that_is_not_offered_is_refused(client: TestClient, choice: dict[str, object]) -> None:
    assert client.post("/api/settings", json=choice).status_code == 422
    assert settings.load() == settings.Settings()


def test_a_sign_means_no_session_and_advice(client: TestClient) -> None:
    asked = ["see_a_doctor_now", "have_it_looked_at", "ask_first"]
    answer = client.post("/api/answers", json={"asked": asked, "yes": ["see_a_doctor_now"]}).json()
    assert not answer["allowed"]
    assert "doctor now" in answer["advice"]


def test_only_what_was_answered_with_yes_is_asked_again(client: TestClient) -> None:
    answered(yes=("have_it_looked_at", "ask_first"), cleared=("have_it_looked_at",))
    assert [group["key"] for group in client.get("/api/state").json()["safety"]["due"]] == ["ask_first"]
    answer = {"asked": ["ask_first"], "yes": ["ask_first"], "cleared": ["ask_first"]}
    found = client.post("/api/answers", json=answer).json()
    assert found["allowed"]
    assert found["gently"]
    assert client.get("/api/state").json()["safety"]["due"] == []


def test_what_was_not_asked_after_a_refusal_is_asked_the_next_time(client: TestClient) -> None:
    client.post("/api/answers", json={"asked": ["see_a_doctor_now"], "yes": ["see_a_doctor_now"]})
    everything = [group.key for group in safety.GROUPS]
    assert [group["key"] for group in client.get("/api/state").json()["safety"]["due"]] == everything
    assert client.post("/api/answers", json={"asked": everything[:1]}).status_code == 422
    found = client.post("/api/answers", json={"asked": everything, "yes": everything[1:2]}).json()
    assert "look at this first" in found["advice"]
    assert [group["key"] for group in client.get("/api/state").json()["safety"]["due"]] == everything[1:]


def test_a_sign_that_nobody_can_clear_is_not_kept_as_cleared(client: TestClient) -> None:
    asked = ["see_a_doctor_now", "have_it_looked_at", "ask_first"]
    given = {"asked": asked, "yes": asked[:2], "cleared": asked}
    found = client.post("/api/answers", json=given).json()
    assert not found["allowed"]
    assert "doctor now" in found["advice"]
    assert len(found["gently"]) == 1
    known = safety_answers.load()
    assert known is not None
    assert known.cleared == ("have_it_looked_at",)


def test_what_the_page_offers_is_what_is_taken(client: TestClient) -> None:
    state = client.get("/api/state").json()
    for key in ("rate", "volume"):
        least, most = state["limits"][key]
        for value, status in ((least, 200), (most, 200), (least - 1, 422), (most + 1, 422)):
            assert client.post("/api/settings", json={key: value}).status_code == status, (key, value)
    for code, _ in state["languages"]:
        assert client.post("/api/settings", json={"language": code}).json()["language"] == code
    settings.path().unlink()
    for key in ("hold_s", "reps"):
        _, most = state["limits"][key]
        for value, status in ((most + 1, 422), (most, 200)):
            steps = [{"exercise": "bridge", key: value}] * 60
            made = client.post("/api/routines", json={"title": f"The most {key}", "steps": steps})
            assert made.status_code == status, (key, value)
        assert client.delete(f"/api/routines/{made.json()['name']}").status_code == 200


def test_no_group_can_be_left_out_the_first_time(client: TestClient) -> None:
    assert client.post("/api/answers", json={"asked": ["ask_first"]}).status_code == 422
    assert safety_answers.load() is None


def test_a_routine_is_built_handed_over_and_removed(client: TestClient) -> None:
    steps = [{"exercise": "bridge", "reps": 3}, {"exercise": "knee_to_chest", "side": "each", "hold_s": 12}]
    made = client.post("/api/routines", json={"title": "My <own> mornings", "steps": steps}).json()
    assert (made["name"], len(made["steps"])) == ("my_own_mornings", 3)
    again = client.post("/api/routines", json={"title": "My <own> mornings", "steps": steps})
    assert "already" in again.json()["problem"]
    command = client.post("/api/routines", json={"title": "New", "steps": steps})
    assert "posecoach needs itself" in command.json()["problem"]
    file = client.get("/api/routines/my_own_mornings.toml")
    assert 'exercise = "bridge"' in file.text
    assert client.delete("/api/routines/my_own_mornings").status_code == 200
    assert "my_own_mornings" not in [one["name"] for one in client.get("/api/routines").json()]


@pytest.mark.parametrize("title", ["Ćwiczenia", "朝のストレッチ", "Übungen"])
def test_the_file_of_a_routine_has_its_name_in_any_script(client: TestClient, title: str) -> None:
    made = client.post("/api/routines", json={"title": title, "steps": [{"exercise": "bridge"}]}).json()
    file = client.get(f"/api/routines/{made['name']}.toml")
    assert title in file.text
    name = file.headers["content-disposition"].removeprefix("attachment; filename*=utf-8''")
    assert unquote(name) == f"{title.lower()}.toml"


@pytest.mark.parametrize(
    "body",
    [
        r'{"title": "a\ud800b", "steps": [{"exercise": "bridge"}]}',
        '{"title": "A", "steps": [{"exercise": "bridge", "hold_s": NaN}]}',
        '{"title": "A", "steps": [], "x": Infinity}',
        r'{"\udfff": 1}',
        "{",
    ],
)
def test_what_is_not_understood_is_a_sentence(client: TestClient, body: str) -> None:
    answer = client.post("/api/routines", content=body, headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert "not understood" in answer.json()["problem"]


@pytest.mark.parametrize("name", ["wake_up", "nothing", "..%2F..%2Fsettings"])
def test_what_is_not_the_persons_own_is_not_removed(client: TestClient, name: str) -> None:
    assert client.delete(f"/api/routines/{name}").status_code in (404, 422)


@pytest.mark.parametrize(
    "step",
    [
        {"exercise": "handstand"},
        {"exercise": "bridge", "side": "left"},
        {"exercise": "fetal", "hold_s": 1e-320},
    ],
)
def test_a_routine_that_cannot_be_used_is_not_kept(client: TestClient, step: dict[str, object]) -> None:
    answer = client.post("/api/routines", json={"title": "Broken", "steps": [step]})
    assert answer.status_code == 422
    assert answer.json()["problem"].startswith("Step 1: "), "nobody has seen a file, or its lines"
    assert "broken" not in [one["name"] for one in client.get("/api/routines").json()]


def test_a_routine_goes_from_one_person_to_another_in_a_link(client: TestClient) -> None:
    part = client.get("/api/routines/lower_back_basics/link").json()["part"]
    offer = client.post("/api/offered", json={"link": f"http://localhost:8765/#/add/{part}"}).json()
    assert len(offer["routine"]["steps"]) == 5
    kept = client.post(
        "/api/offered/kept", json={"name": "For Anna.toml", "content": offer["content"]}
    ).json()
    assert kept["name"] == "for_anna"
    assert client.get("/api/routines/for_anna.toml").text == offer["content"]


def test_what_a_therapist_prescribes_is_shown(client: TestClient) -> None:
    content = 'title = "<b>Anna</b>"\nnote = "Slowly"\ndays_a_week = 3\n[[steps]]\nexercise = "bridge"\n'
    routine = client.post("/api/offered", json={"name": "a.toml", "content": content}).json()["routine"]
    assert (routine["title"], routine["note"], routine["days"]) == ("<b>Anna</b>", "Slowly", "3 days a week")


@pytest.mark.parametrize("link", ["x", "http://localhost:8765/#/add/", "AAAA", "https://example.org/é"])
def test_a_link_without_a_routine_is_a_sentence(client: TestClient, link: str) -> None:
    assert "copy all of it" in client.post("/api/offered", json={"link": link}).json()["problem"]


def test_a_link_that_would_unfold_into_gigabytes_is_cut_off(client: TestClient) -> None:
    compressor = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    data = compressor.compress(bytes(10_000_000)) + compressor.flush()
    link = base64.urlsafe_b64encode(data).decode()
    assert "copy all of it" in client.post("/api/offered", json={"link": link}).json()["problem"]


@pytest.mark.parametrize(
    "name", ["for_anna.toml", "../../etc/passwd", "C:\\x.toml", "/etc/x.toml", "", "wake_up.toml", "new.toml"]
)
def test_a_routine_file_is_kept_among_the_persons_own_whatever_its_name(
    client: TestClient, name: str
) -> None:
    given = {"name": name, "content": 'title = "A"\n[[steps]]\nexercise = "bridge"\n'}
    kept = client.post("/api/offered/kept", json=given).json()["name"]
    assert [path.stem for path in routine_files.own_folder().iterdir()] == [kept]
    assert kept not in routine_files.RESERVED
    assert kept in [one["name"] for one in client.get("/api/routines").json() if one["own"]]


@pytest.mark.parametrize(
    ("content", "wrong"),
    [
        ("title = ", "not valid TOML"),
        ('title = "A"\n[[steps]]\nexercise = "brigde"\n', "Line 3"),
        ("", "title is missing"),
        ('title = "A"\n' + '[[steps]]\nexercise = "bridge"\n' * 300, "at most"),
    ],
)
def test_a_routine_file_with_a_mistake_is_a_sentence(client: TestClient, content: str, wrong: str) -> None:
    for path in ("/api/offered", "/api/offered/kept"):
        told = client.post(path, json={"name": "for_anna.toml", "content": content}).json()["problem"]
        assert wrong in told
        assert tempfile.gettempdir() not in told


def test_a_newer_file_of_the_same_name_takes_the_place_of_the_old_one_if_wanted(client: TestClient) -> None:
    old, new = (f'title = "A"\n[[steps]]\nexercise = "{one}"\n' for one in ("bridge", "press_up"))
    client.post("/api/offered/kept", json={"name": "a.toml", "content": old})
    again = {"name": "a.toml", "content": new}
    assert client.post("/api/offered", json=again).json()["routine"]["replaces"]
    assert "already" in client.post("/api/offered/kept", json=again).json()["problem"]
    client.post("/api/offered/kept", json=again | {"replace": True})
    assert client.get("/api/routines/a.toml").text == new


def test_the_history_is_shown_newest_first_and_its_report_drawn(
    client: TestClient, sessions: list[int]
) -> None:
    shown = client.get("/api/sessions").json()
    assert [one["id"] for one in shown["sessions"]] == sessions[::-1]
    assert shown["sessions"][0]["minutes"] == "1 min 04 s", "as the report says it"
    report = client.get(f"/report/{sessions[1]}")
    assert "Knee to chest" in report.text
    policy = report.headers["content-security-policy"]
    assert "script-src" not in policy
    assert "default-src 'none'" in policy
    assert client.get("/report/999").status_code == 422


def test_a_session_with_a_fault_that_was_renamed_since_is_shown(client: TestClient) -> None:
    with history.Store() as store:
        kept = store.write(session(knee(fault="chin_up")))
    assert "chin up" in client.get("/api/sessions").text
    assert "chin up" in client.get(f"/report/{kept.id}").text


def test_the_report_of_a_session_names_neither_a_command_nor_a_video(client: TestClient) -> None:
    unseen = replace(knee().result, verdict="unseen", notes=(Note("picture_turned"),))
    with history.Store() as store:
        kept = store.write(session(replace(knee(), result=unseen)))
    report = client.get(f"/report/{kept.id}").text
    assert "set the camera upright" in report
    assert "--rotate" not in report
    assert "for the video" not in report


def test_one_session_or_everything_is_forgotten(client: TestClient, sessions: list[int]) -> None:
    client.post("/api/forget", json={"sessions": sessions[:1]})
    assert [one.id for one in history.sessions()] == sessions[1:]
    answered()
    client.post("/api/forget", json={"everything": True})
    assert history.sessions() == []
    assert safety_answers.load() is None


def test_what_cannot_be_forgotten_is_named_and_everything_else_is_gone(
    client: TestClient, sessions: list[int]
) -> None:
    safety_answers.path().unlink(missing_ok=True)
    safety_answers.path().mkdir()  # no file, so it cannot be removed as one
    told = client.post("/api/forget", json={"everything": True})
    assert told.status_code == 422
    assert str(safety_answers.path()) in told.json()["problem"]
    assert "Everything else was removed" in told.json()["problem"]
    assert history.sessions() == []


def test_nothing_is_forgotten_by_mistake(client: TestClient, sessions: list[int]) -> None:
    client.post("/api/forget", json={})
    assert len(history.sessions()) == 2


def test_figures_silhouettes_and_accuracy_are_there(client: TestClient) -> None:
    for exercise in client.get("/api/exercises").json():
        assert client.get(f"/api/figure/{exercise['id']}.svg").status_code == 200
    left, right = (client.get(f"/api/figure/bridge.svg?head_left={side}").text for side in ("true", "false"))
    assert left != right
    assert client.get("/api/figure/handstand.svg").status_code == 404
    assert "supine" in client.get("/api/silhouettes").json()
    assert "Accuracy" in client.get("/accuracy").text


def test_words_are_given_as_sound_only_if_the_session_says_them(client: TestClient) -> None:
    assert client.get("/api/words/1").status_code == 404
    lost = client.get("/api/words", params={"text": "The connection is lost. Rest: I will keep trying"})
    assert lost.content.startswith(b"RIFF")
    assert client.get("/api/words", params={"text": "Lower your hips gently"}).content.startswith(b"RIFF")
    assert client.get("/api/words", params={"text": "Something else"}).status_code == 404


def test_without_a_voice_there_is_an_empty_answer(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.feedback.voice.ENGINE", engine("no voice"))
    client.post("/api/settings", json={"rate": 240})  # that of before has spoken
    answer = client.get("/api/words", params={"text": "The connection is lost. Rest: I will keep trying"})
    settings.path().unlink()
    assert (answer.status_code, answer.content) == (204, b"")


def test_a_file_that_is_no_video_is_a_sentence(client: TestClient) -> None:
    with client:
        assert client.post("/api/clips?exercise=bridge&name=notes.txt", content=b"no video").is_success
        found = {"state": "judging"}
        while found["state"] == "judging":
            found = client.get("/api/clips").json()
    assert "notes.txt is not a video" in found["text"]
    assert "/" not in found["text"]


def test_a_clip_in_which_nobody_is_seen_wants_no_exercise_named(tmp_path: Path, weights: bytes) -> None:
    clip = video(tmp_path / "nobody.mp4", [40 * index for index in range(20)])
    client = Server(model=weights).client
    with client:
        assert client.post("/api/clips?exercise=&name=nobody.mp4", content=clip.read_bytes()).is_success
        found = {"state": "judging"}
        while found["state"] == "judging":
            found = client.get("/api/clips").json()
    assert "The body could not be seen well enough to judge" in found["notes"]
    assert not found["choose"]


def test_a_clip_of_one_picture_is_judged(tmp_path: Path, weights: bytes) -> None:
    found = clips.judged(video(tmp_path / "one.mp4", [0]), weights, clips.Asked("bridge"))
    result = found["parts"][0]["result"]
    assert result["verdict"] == "could not be judged"
    assert result["notes"][0] == "The video is too short to show an exercise"


def test_a_clip_is_turned_as_it_is_chosen(tmp_path: Path, weights: bytes) -> None:
    with VideoFile(GOOD_CLIP) as source, VideoWriter(tmp_path / "turned.mp4", source.fps) as writer:
        for frame in source:
            writer.write(turned(frame.image, 270), t_s=frame.t_s)
    content = (tmp_path / "turned.mp4").read_bytes()
    found: dict[str, Any] = {}
    with Server(model=weights).client as client:
        for chosen in ("0", "90"):
            assert client.post(f"/api/clips?exercise=bridge&rotate={chosen}", content=content).is_success
            found[chosen] = {"state": "judging"}
            while found[chosen]["state"] == "judging":
                found[chosen] = client.get("/api/clips").json()
        assert client.post("/api/clips?rotate=45", content=content).status_code == 422
    assert {body["turn"] for body in found["90"]["bodies"]} == {90}
    assert {body["turn"] for body in found["0"]["bodies"]} == {0}
    [part] = found["0"]["parts"]
    assert any("choose 'Turn the picture' for the video" in note for note in part["result"]["notes"])
    assert "--rotate" not in json.dumps(found)


def test_what_no_video_should_do_is_no_advice_for_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object) -> None:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("posecoach.web.clips.judged", breaks)
    with Server().client as client:
        client.post("/api/clips?exercise=bridge", content=b"a video")
        found = {"state": "judging"}
        while found["state"] == "judging":
            found = client.get("/api/clips").json()
    assert "ZeroDivisionError: division by zero" in found["text"]
    assert found["text"].endswith("reload the page, and try again.")


def test_a_clip_that_is_cut_off_says_so_on_the_page(tmp_path: Path, weights: bytes, short_clip: Path) -> None:
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(short_clip.read_bytes()[: short_clip.stat().st_size * 3 // 4])
    told = "A part of this video is missing or damaged: what was done then is unknown"
    assert told in clips.judged(cut, weights, clips.Asked("bridge"))["parts"][0]["result"]["notes"]
    assert told in clips.judged(cut, weights, clips.Asked())["notes"]


def test_a_clip_is_deleted_when_the_server_ends_meanwhile(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, weights: bytes
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    client = Server(model=weights).client
    with client:
        client.post("/api/clips?exercise=knee_to_chest", content=GOOD_CLIP.read_bytes())
        assert len(list(tmp_path.iterdir())) == 1
        assert client.get("/api/clips").json()["state"] == "judging"
    while list(tmp_path.iterdir()):
        time.sleep(0.05)
    assert "has ended" in client.get("/api/clips").json()["text"]


@pytest.mark.parametrize("gone", [True, False])
def test_a_clip_that_stops_coming_leaves_room_for_the_next(gone: bool) -> None:
    server, sent = Server(patience_s=0.1), list[Message]()
    came = iter([{"type": "http.request", "body": b"abc", "more_body": True}])

    async def receive() -> Message:
        if (message := next(came, None)) is not None:
            return message
        if not gone:
            await asyncio.Event().wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(name.encode(), value.encode()) for name, value in {"host": "localhost:8765", **PAGE}.items()]
    scope = {"type": "http", "scheme": "http", "method": "POST", "path": CLIPS, "headers": headers}
    asyncio.run(server.guard(scope | {"query_string": b"", "root_path": ""}, receive, send))
    assert sent[0]["status"] == 422
    assert "stopped coming" in json.loads(sent[1]["body"])["problem"]
    assert server.client.get(CLIPS).json() == {"state": "none"}


def test_every_file_of_the_page_is_there() -> None:
    for script in (STATIC / "js").glob("*.js"):
        for name in re.findall(r'from "\./(\w+\.js)"', script.read_text("utf-8")):
            assert (STATIC / "js" / name).is_file(), f"{script.name}: {name}"
    page = (STATIC / "index.html").read_text("utf-8")
    for name in re.findall(r'"/static/([\w./]+)"', page):
        assert (STATIC / name).is_file(), name
    manifest = json.loads((STATIC / "manifest.webmanifest").read_text("utf-8"))
    assert all((STATIC / Path(icon["src"]).name).is_file() for icon in manifest["icons"])


def test_every_sentence_of_the_page_has_its_german() -> None:
    from posecoach.core import language

    language.use("de")
    same = [text for text, said in sentences.translated().items() if text == said]
    assert set(same) <= {"Pause"}
    assert translation.language() == "de"
