import os
from datetime import date
from pathlib import Path

import pytest

from posecoach.records import safety_answers
from posecoach.records.safety_answers import Answers


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.core.paths.data_dir", lambda: tmp_path / "data")


def test_answers_come_back_and_can_be_forgotten() -> None:
    assert safety_answers.load() is None
    given = Answers(date=date(2026, 3, 2), yes=("ask_first",), cleared=("ask_first",))
    safety_answers.save(given)
    assert safety_answers.load() == given
    if os.name == "posix":
        assert safety_answers.path().parent.stat().st_mode & 0o077 == 0
    safety_answers.forget()
    safety_answers.forget()
    assert safety_answers.load() is None


@pytest.mark.parametrize("content", [b"date = [", b"", b"\xff", b'date = "soon"', b"date = 3"])
def test_what_cannot_be_understood_is_asked_again(content: bytes) -> None:
    safety_answers.path().parent.mkdir()
    safety_answers.path().write_bytes(content)
    assert safety_answers.load() is None
