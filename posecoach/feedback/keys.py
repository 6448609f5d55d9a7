"""What the keys of a session ask for, and keys that are read from the terminal where there is no window."""

import os
import sys
from contextlib import suppress
from select import select
from typing import Literal, Self

if sys.platform == "win32":
    import msvcrt
else:
    import termios
    import tty

#: "pause" pauses and goes on, "stop" only ever pauses.
Action = Literal["pause", "stop", "next", "quit"]

_ACTIONS: dict[str, Action] = {" ": "pause", "n": "next", "q": "quit", "\x1b": "quit"}
_AT_ONCE = 64  # bytes: more than any key sends


def action(key: str) -> Action:
    """What a key asks for: space "pause", n "next", q or Esc "quit", any other key "stop"."""
    return _ACTIONS.get(key.lower(), "stop")


def readable() -> bool:
    """True where keys that are typed in a terminal come here, rather than to another program."""
    try:
        return sys.stdin.isatty() and not _in_background(sys.stdin.fileno())
    except (AttributeError, OSError, ValueError):  # no standard input, or one that is closed
        return False


def _in_background(terminal: int) -> bool:
    """True for a program that its terminal would stop if it asked for keys."""
    if sys.platform == "win32":
        return False
    try:
        return os.tcgetpgrp(terminal) != os.getpgrp()
    except OSError:  # it is not the one that this program was started in, and stops nothing
        return False


class TerminalKeys:
    """Reads keys from the terminal one by one, without Enter, as a context manager; Ctrl-C stays what it is.

    However the context ends, the terminal is as it was before; what was typed and not read is dropped, so
    that it answers no question.
    """

    def __enter__(self) -> Self:
        self._terminal = sys.stdin.fileno()
        if sys.platform != "win32":
            self._before = termios.tcgetattr(self._terminal)
            tty.setcbreak(self._terminal)
        return self

    def __exit__(self, *_: object) -> None:
        if sys.platform != "win32":
            with suppress(termios.error):  # the terminal was closed
                termios.tcsetattr(self._terminal, termios.TCSAFLUSH, self._before)

    def pressed(self) -> Action | None:
        """What the person asked for since the last call; None where no key was pressed. Returns at once."""
        typed = self._typed()
        if not typed:
            return None
        # An arrow, say, is several signs, of which Esc is the first.
        return "stop" if len(typed) > 1 and typed[0] in "\x1b\x00\xe0" else action(typed[0])

    def touched(self) -> bool:
        """Whether a key was pressed since the last call."""
        return self.pressed() is not None

    def _typed(self) -> str:
        if sys.platform == "win32":
            typed = ""
            while msvcrt.kbhit():
                typed += msvcrt.getwch()
            return typed
        if _in_background(self._terminal) or not select([self._terminal], [], [], 0)[0]:
            return ""
        with suppress(OSError):  # the terminal was closed
            return os.read(self._terminal, _AT_ONCE).decode(errors="replace")
        return ""
