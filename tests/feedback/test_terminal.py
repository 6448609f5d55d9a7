"""How notes and prompts fit the terminal."""

import io
import logging
import sys

import pytest

from posecoach.evaluation import tables
from posecoach.feedback import terminal
from tests.evaluation.test_agreement import result
from tests.feedback.test_tables import printed

NOTE = "The settings in /home/somebody/settings.toml cannot be understood: " + "fix it " * 20


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_notes_break_between_words_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", Screen())
    monkeypatch.setenv("COLUMNS", "80")
    lines = terminal.wrapped(NOTE).splitlines()
    assert len(lines) > 1
    assert max(map(len, lines)) < 80
    assert " ".join(lines).split() == NOTE.split()
    assert terminal.wrapped("\n  - a sign\n") == "\n  - a sign\n"


def test_notes_stay_on_one_line_in_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    assert terminal.wrapped(NOTE) == NOTE


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "cp932", "ascii", "utf-8"])
def test_what_an_encoding_lacks_is_written_in_other_signs(
    monkeypatch: pytest.MonkeyPatch, encoding: str
) -> None:
    stream = io.TextIOWrapper(data := io.BytesIO(), encoding=encoding)
    monkeypatch.setattr(sys, "stdout", stream)
    terminal.set_up(quiet=False, verbose=False)
    terminal.console().print("✓ good · 4 × 10 s → 110° – für ✗ \U0001f600")
    stream.flush()
    text = data.getvalue().decode(encoding)
    assert "good" in text
    assert "10 s" in text
    if encoding == "ascii":
        assert text.strip() == "+ good - 4 x 10 s -> 110 - fuer x ?"
    if encoding == "utf-8":
        assert "✓ good · 4 × 10 s → 110° – für ✗" in text


def test_a_name_cannot_steer_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", errors := io.StringIO())
    terminal.set_up(quiet=False, verbose=False)
    logging.getLogger("posecoach.any").error("There is no file %s.", "a\x1b[31m\rb.mp4")
    assert errors.getvalue() == "There is no file a\\x1b[31m\\rb.mp4.\n"
    found = result("good")
    text = printed(tables.clips([("a\x1b[31mb.mp4", found)]), width=160)
    assert "\x1b" not in text
    assert "a\\x1b[31mb.mp4" in text
