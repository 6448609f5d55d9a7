"""How notes and prompts fit the terminal."""

import io
import sys

import pytest

from posecoach.feedback import terminal

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
