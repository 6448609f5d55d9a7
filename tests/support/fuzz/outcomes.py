"""What became of an input: a kind, and what tells of it."""

import io
import logging
import re
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass

from posecoach.cli import app
from posecoach.core import translation
from posecoach.core.errors import PosecoachError

#: What is as it should be, and what is not.
GOOD = ("ok", "note", "clear error")
BAD = ("unforeseen", "traceback", "control characters", "hang", "crash", "leak")

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class Outcome:
    """`kind` is one of `GOOD` or `BAD`; `detail` is for whoever mends it."""

    kind: str
    detail: str = ""


class _Answers(io.StringIO):
    """Somebody at a terminal who answers every question in the same way."""

    def __init__(self, answer: str) -> None:
        super().__init__(f"{answer}\n" * 60)

    def isatty(self) -> bool:
        return True


class _Terminal(io.TextIOWrapper):
    def __init__(self, is_terminal: bool) -> None:
        super().__init__(io.BytesIO(), "utf-8", newline="")
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal

    def text(self) -> str:
        self.flush()
        content = self.buffer
        assert isinstance(content, io.BytesIO)
        return content.getvalue().decode("utf-8", "replace")


def command(*arguments: str, answer: str | None = None) -> Outcome:
    """What becomes of a command; with `answer` it runs in a terminal, where somebody answers so."""
    before = sys.argv, sys.stdin, sys.stdout, sys.stderr
    output, errors = _Terminal(False), _Terminal(answer is not None)
    sys.argv, sys.stdout, sys.stderr = ["posecoach", *arguments], output, errors
    if answer is not None:
        sys.stdin = _Answers(answer)
    status = 0
    try:
        app.main()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except BaseException:
        return Outcome("traceback", traceback.format_exc())
    finally:
        sys.argv, sys.stdin, sys.stdout, sys.stderr = before
        logging.getLogger("posecoach").handlers.clear()
        translation.use("en", translation.English())
    return _judged(status, output.text(), errors.text(), terminal=answer is not None)


def _judged(status: int, output: str, errors: str, terminal: bool) -> Outcome:
    told = f"{output}\n{errors}"
    if "Something unforeseen" in told:
        return Outcome("unforeseen", told)
    if "Traceback (most recent call last)" in told:
        return Outcome("traceback", told)
    if not terminal and (found := _CONTROL.search(told)):
        return Outcome("control characters", repr(told[max(0, found.start() - 200) : found.end() + 100]))
    if "Warning: " in told:  # of Python or NumPy, about the code
        return Outcome("unforeseen", told)
    if status and not told.strip():
        return Outcome("unforeseen", f"status {status}, and no word why")
    if status == 1 and not errors.strip() and " wrong, " in output:
        return Outcome("ok")  # clips that are judged otherwise than their labels say
    return Outcome("clear error" if status else "note" if errors.strip() else "ok", errors)


def call(work: Callable[[], str | None]) -> Outcome:
    """What becomes of a function that returns a note or None, and may raise an error of posecoach."""
    try:
        note = work()
    except PosecoachError as error:
        return Outcome("clear error", str(error))
    except BaseException:
        return Outcome("traceback", traceback.format_exc())
    return Outcome("note" if note else "ok", note or "")
