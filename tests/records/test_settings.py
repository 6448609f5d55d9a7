import logging

import pytest

from posecoach.core import paths
from posecoach.records import settings
from posecoach.records.settings import Settings


@pytest.fixture(autouse=True)
def config(tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "config_dir", lambda: tmp_path)
    monkeypatch.setattr(logging.getLogger("posecoach"), "propagate", True)


def test_without_a_file_the_defaults_hold() -> None:
    assert settings.load() == Settings()


@pytest.mark.parametrize("camera", ["0", "/dev/video2", 'C:\\clips\\"mine".mp4', "http://phone:8080/vidéo"])
def test_what_is_saved_comes_back(camera: str) -> None:
    chosen = Settings(routine="/home/me/own.toml", camera=camera, rotate="90", mirror=False)
    settings.save(chosen)
    assert settings.load() == chosen


@pytest.mark.parametrize("content", ["rotate = ", 'rotate = "45"', "mirror = 3", "a = " + "[" * 5000, "\x00"])
def test_a_corrupt_file_is_noted_ignored_and_kept(content: str, caplog: pytest.LogCaptureFixture) -> None:
    settings.path().write_text(content, "utf-8")
    assert settings.load() == Settings()
    assert len(caplog.messages) == 1
    assert str(settings.path()) in caplog.text
    settings.save(Settings(camera="3"))
    assert settings.path().read_text("utf-8") == content


def test_a_byte_order_mark_does_no_harm() -> None:
    settings.path().write_text('camera = "1"\n', "utf-8-sig")
    assert settings.load().camera == "1"


def test_keys_of_a_newer_version_do_no_harm() -> None:
    settings.path().write_text('camera = "1"\nvoice = "calm"\n', "utf-8")
    assert settings.load().camera == "1"
