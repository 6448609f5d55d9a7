"""Keys that are typed in a terminal, where a session has no window."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress

import pytest

from posecoach.coaching import phrases
from posecoach.feedback import keys
from posecoach.feedback.keys import Action, TerminalKeys
from posecoach.session import live

if sys.platform == "win32":
    pytest.skip("needs a terminal of POSIX", allow_module_level=True)

import pty
import termios


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The end of a terminal at which somebody types; the other one is standard input."""
    typing, reading = pty.openpty()
    with os.fdopen(reading) as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        yield typing
    os.close(typing)


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        (b" ", "pause"),
        (b"n", "next"),
        (b"Q", "quit"),
        (b"\x1b", "quit"),
        (b"\n", "stop"),
        (b"\x1b[A", "stop"),
    ],
)
def test_a_key_does_what_it_does_in_a_window_and_without_enter(
    terminal: int, typed: bytes, action: Action
) -> None:
    with TerminalKeys() as read:
        assert read.pressed() is None
        os.write(terminal, typed)
        assert [read.pressed(), read.pressed()] == [action, None]


def test_the_terminal_is_as_before_however_it_ends(terminal: int) -> None:
    before = termios.tcgetattr(sys.stdin.fileno())
    with suppress(KeyboardInterrupt), TerminalKeys():
        changed = termios.tcgetattr(sys.stdin.fileno())
        assert not changed[3] & (termios.ICANON | termios.ECHO)
        assert changed[3] & termios.ISIG, "Ctrl-C stays what it is"
        raise KeyboardInterrupt
    assert termios.tcgetattr(sys.stdin.fileno()) == before


def test_a_terminal_that_is_closed_asks_for_nothing(terminal: int) -> None:
    with TerminalKeys() as read:
        os.dup2(os.open(os.devnull, os.O_RDWR), terminal)
        assert read.pressed() is None


@pytest.mark.usefixtures("terminal")
def test_what_is_said_of_keys_is_what_works_here(monkeypatch: pytest.MonkeyPatch) -> None:
    assert live.controls(True) is phrases.BY_KEYS
    assert live.controls(False) is phrases.BY_TERMINAL
    monkeypatch.setattr("sys.stdin", None)
    assert not keys.readable()
    assert live.controls(False) is phrases.BY_INTERRUPT
    for text in vars(phrases.BY_INTERRUPT).values():
        assert "press q" not in text
        assert "space" not in text
