"""The user and password of a camera's address are shown nowhere, and stored for nobody else to read."""

import sys
from pathlib import Path

import pytest

from posecoach.core import messages
from posecoach.core.errors import SourceError
from posecoach.records import settings
from posecoach.vision.video_file import VideoFile
from tests.conftest import Run

SECRETS = ("anna", "hunter2")
ADDRESS = "http://anna:hunter2@127.0.0.1:9/stream"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.core.paths.data_dir", lambda: tmp_path / "data")
    monkeypatch.setattr("posecoach.core.paths.config_dir", lambda: tmp_path / "config")
    monkeypatch.chdir(tmp_path)


def clean(*texts: str) -> bool:
    return not any(secret in text for secret in SECRETS for text in texts)


@pytest.mark.parametrize(
    "command",
    [
        ("live", "--camera", ADDRESS),
        ("-v", "live", "--camera", ADDRESS),
        ("practise", "--camera", ADDRESS),
        ("calibrate", "--camera", ADDRESS),
        ("doctor", "--camera", ADDRESS),
        ("doctor", "--camera", ADDRESS, "--json"),
        ("check", ADDRESS, "--exercise", "bridge", "--json", "-"),
        ("score", ADDRESS, "--exercise", "bridge", "--json", "-"),
        ("live", ADDRESS),
    ],
    ids=lambda command: command[0],
)
def test_a_camera_that_cannot_be_reached_is_named_without_them(
    posecoach: Run, command: tuple[str, ...]
) -> None:
    status, output, errors = posecoach(*command)
    assert status != 0
    assert "127.0.0.1" in output + errors
    assert clean(output, errors)


def test_a_session_keeps_them_in_the_settings_alone_and_for_their_owner_alone(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.session.live.open_camera", lambda _, reopen: VideoFile(short_clip))
    settings.path().parent.mkdir(parents=True)
    settings.path().write_text('routine = "demo"\n', "utf-8")
    settings.path().chmod(0o644)
    session = ("-v", "live", "--camera", ADDRESS, "--no-window", "--voice-out", "said.wav")
    status, output, errors = posecoach(*session)
    assert status == 0
    assert settings.load().camera == ADDRESS
    if sys.platform != "win32":
        assert settings.path().stat().st_mode & 0o777 == 0o600
    _, history, _ = posecoach("history", "--json")
    _, drawn, more = posecoach("report", "--out", "page.html")
    _, found, _ = posecoach("doctor", "--json")
    texts = [path.read_bytes().decode("latin-1") for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(not clean(text) for text in texts) == 1  # the settings
    assert clean(output, errors, history, drawn, more, found)


def test_no_message_shows_them_whatever_it_is_about() -> None:
    for error in (SourceError(f"{ADDRESS} is gone"), RuntimeError(f"cannot open '{ADDRESS}'")):
        text = messages.sentence(error)
        assert clean(text)
        assert "http://127.0.0.1:9/stream" in text
    assert messages.without_login("mail anna@example.org, see http://a/b@c") == (
        "mail anna@example.org, see http://a/b@c"
    )
