"""`posecoach practise`, with a video in the camera's place."""

from pathlib import Path

import pytest

from posecoach.coaching.practice import OPENING
from posecoach.core import paths
from posecoach.records import settings
from tests.conftest import Run


def test_the_gestures_are_shown_and_asked_for_and_nothing_is_kept(
    posecoach: Run, weights: bytes, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "config_dir", lambda: tmp_path / "config")
    monkeypatch.setattr(paths, "data_dir", lambda: tmp_path / "data")
    arguments = ("practise", "--camera", short_clip, "--rotate", "0", "--no-window", "--sound", "off")
    status, output, errors = posecoach(*arguments)
    assert status == 0
    assert "both arms up" in output
    assert OPENING in " ".join(output.split())
    assert "Not every gesture was seen" in errors
    assert "Keys work too" not in errors, "there is neither a window nor a terminal"
    assert not (tmp_path / "data").exists()
    assert settings.load().camera == "0", "a video is a trial"
