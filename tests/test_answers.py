import os
from datetime import date
from pathlib import Path

import pytest

from posecoach import answers
from posecoach.answers import Answers


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.resources.data_dir", lambda: tmp_path / "data")


def test_answers_come_back_and_can_be_forgotten() -> None:
    assert answers.load() is None
    given = Answers(date=date(2026, 3, 2), yes=("ask_first",), cleared=("ask_first",))
    answers.save(given)
    assert answers.load() == given
    if os.name == "posix":
        assert answers.path().parent.stat().st_mode & 0o077 == 0
    answers.forget()
    answers.forget()
    assert answers.load() is None


@pytest.mark.parametrize("content", [b"date = [", b"", b"\xff", b'date = "soon"', b"date = 3"])
def test_what_cannot_be_understood_is_asked_again(content: bytes) -> None:
    answers.path().parent.mkdir()
    answers.path().write_bytes(content)
    assert answers.load() is None
