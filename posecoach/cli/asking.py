"""Whoever answers questions: somebody at the terminal or, where an icon started posecoach, at a window."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Protocol

import typer

from posecoach.core.errors import InputError, OutputError, PosecoachError
from posecoach.core.messages import sentence
from posecoach.core.translation import marked, tr
from posecoach.feedback import terminal

log = logging.getLogger(__name__)

_SHOWN_S = 120.0  # a sentence in a window; after that long, nobody is there
_HIGHEST = 10
_NOBODY = marked(
    "posecoach asks a few questions about your safety before a session, but there is neither a terminal nor "
    "a display to ask them on: start posecoach in a terminal."
)
_NOBODY_IN_BROWSER = marked(
    "posecoach asks a few questions about your safety before a session, but there is neither a terminal nor "
    "a display to ask them on: start posecoach in a terminal, or run 'posecoach serve' and open its page."
)


class Asks(Protocol):
    """Tells a person something and asks them; a question raises KeyboardInterrupt when the person leaves."""

    def tell(self, text: str) -> None: ...

    def yes(self, question: str) -> bool: ...

    def perhaps(self, question: str) -> bool | None:
        """Yes or no; None where that was skipped."""

    def number(self, question: str) -> int | None:
        """A number from 0 to 10; None where that was skipped."""

    def finish(self) -> None:
        """Return once what was told last can have been read."""


class Terminal:
    """Asks with plain keys; Enter skips what may be skipped."""

    def tell(self, text: str) -> None:
        typer.echo(
            terminal.wrapped(text), err=True
        )  # where the questions are, whatever happens to the output

    def yes(self, question: str) -> bool:
        answer = self._answer(tr("{question} y or n", question=question), may_skip=False)
        assert answer is not None
        return answer

    def perhaps(self, question: str) -> bool | None:
        return self._answer(tr("{question} y or n; Enter skips", question=question), may_skip=True)

    def number(self, question: str) -> int | None:
        question = tr("{question} 0 to 10; Enter skips", question=question)
        while True:
            answer = self._line(question)
            if not answer:
                return None
            if answer.isdecimal() and len(answer) <= 2 and int(answer) <= _HIGHEST:
                return int(answer)
            self.tell(tr("Please type a number from 0 to 10, or just press Enter."))

    def finish(self) -> None:
        pass  # a terminal goes on showing what it has shown

    def _answer(self, question: str, may_skip: bool) -> bool | None:
        while True:
            answer = self._line(question).lower()
            if may_skip and not answer:
                return None
            if answer in ("y", "yes", tr("y"), tr("yes")):
                return True
            if answer in ("n", "no", tr("n"), tr("no")):
                return False
            skip = marked("Please type y for yes or n for no, or just press Enter.")
            self.tell(tr(skip if may_skip else marked("Please type y for yes or n for no.")))

    def _line(self, question: str) -> str:
        """What is typed; KeyboardInterrupt also at the end of the input."""
        try:
            typed = typer.prompt(terminal.wrapped(question), default="", show_default=False, err=True)
            return str(typed).strip()
        except UnicodeDecodeError:
            return "?"  # no answer to any question, so it is asked again
        except (typer.Abort, OSError):  # the latter: a terminal that is gone
            self.tell("")
            raise KeyboardInterrupt from None


def at_terminal() -> bool:
    """True when a person can read questions in the terminal and answer them there."""
    return sys.stdin.isatty() and sys.stderr.isatty()


@contextmanager
def somebody(fullscreen: bool = False) -> Iterator[Asks]:
    """Whoever can be asked; raises InputError where nobody can."""
    from posecoach.feedback.window import display_available

    if at_terminal():
        yield Terminal()
    elif display_available():
        from posecoach.feedback.question_window import QuestionWindow

        with QuestionWindow(fullscreen) as window:
            yield window
    else:
        raise InputError(tr(_NOBODY_IN_BROWSER if find_spec("fastapi") else _NOBODY))


@contextmanager
def visible(camera: str | None) -> Iterator[None]:
    """A failure in here is shown in a window, too, where no terminal would show its sentence; not where a
    video was given in the `camera`'s place, for then nobody waits before one."""
    from posecoach.vision.camera import is_camera

    try:
        yield
    except PosecoachError as error:
        if camera is None or is_camera(camera):
            show([sentence(error)])
        raise


def show(sentences: list[str], fullscreen: bool = False) -> None:
    """Show sentences in a window until a key, where no terminal shows what is written there."""
    from posecoach.feedback.window import display_available

    if not sentences or sys.stderr.isatty() or not display_available():
        return
    from posecoach.feedback.question_window import QuestionWindow

    try:
        with QuestionWindow(fullscreen) as window:
            for one in sentences:
                window.tell(one)
            window.finish(_SHOWN_S)
    except (KeyboardInterrupt, OutputError) as error:
        log.debug("%s", error)
