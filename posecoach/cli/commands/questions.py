"""Asking about safety and how it feels, in the terminal: plain keys, and Enter skips what may be skipped."""

import logging
import sys
from datetime import date

import typer

from posecoach.coaching import safety
from posecoach.coaching.safety import Group
from posecoach.core.errors import InputError, OutputError, SafetyError
from posecoach.core.translation import marked, tr
from posecoach.feedback import terminal
from posecoach.records import safety_answers
from posecoach.records.safety_answers import Answers

log = logging.getLogger(__name__)

_FIRST = marked("A few questions first.")
_STAY = marked("Your answers stay on this computer.")


def before(ask: bool) -> int | None:
    """The questions before a session; returns how much it hurts, 0..10, or None where that was skipped.

    Those of the first session come again after a while, or when `ask` says so. Raises SafetyError with advice
    when the answers speak against a session, InputError where nobody can be asked, and KeyboardInterrupt when
    the person leaves: there is no session then.
    """
    if not _somebody_there():
        raise InputError(
            "posecoach asks a few questions about your safety before a session, but is not running "
            "in a terminal: start posecoach in a terminal."
        )
    known, today = safety_answers.load(), date.today()
    if ask or known is None or safety.due(known.date, today) or not _fine(known):
        _first_questions(today)
    if _yes(tr(safety.TODAY)):
        raise SafetyError(tr(safety.NOT_TODAY))
    number = _number(tr(safety.BEFORE))
    if number is not None and number >= safety.SEVERE:
        raise SafetyError(tr(safety.SEVERE_NOW))
    _tell(tr(safety.STOP))
    return number


def after() -> tuple[int | None, bool | None]:
    """How much it hurts after a session, and whether pain came; None where that was skipped."""
    try:
        return _number(tr(safety.AFTER)), _perhaps(tr(safety.PAIN))
    except KeyboardInterrupt:
        return None, None


def sure(question: str) -> bool:
    """Whether a person says yes to something that cannot be undone; raises InputError where none can."""
    if not _somebody_there():
        raise InputError("Not running in a terminal: pass --yes if you are sure.")
    return _yes(question)


def _somebody_there() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _fine(known: Answers) -> bool:
    return safety.allowed(known.yes, known.cleared)


def _first_questions(today: date) -> None:
    _tell(f"{tr(_FIRST)} {tr(safety.BY_ITSELF)} {tr(_STAY)}")
    yes, cleared = list[str](), list[str]()
    refused: Group | None = None
    for group in safety.GROUPS:
        _tell(f"\n{tr(safety.QUESTION)}")
        for sign in group.signs:
            _tell(f"  - {tr(sign)}")
        if not _yes(tr("Any of these?")):
            continue
        yes.append(group.key)
        if group.cleared and _yes(tr(group.cleared)):
            cleared.append(group.key)
            _tell(tr(group.gently))
            continue
        refused = group
        break
    try:
        safety_answers.save(Answers(date=today, yes=tuple(yes), cleared=tuple(cleared)))
    except OutputError as error:
        log.warning("Your answers are not kept, so they will be asked for again: %s", error)
    if refused is not None:
        raise SafetyError(tr(refused.advice))
    _tell("")


def _tell(text: str) -> None:
    typer.echo(terminal.wrapped(text), err=True)  # where the questions are, whatever happens to the output


def _yes(question: str) -> bool:
    answer = _perhaps(tr("{question} y or n", question=question), may_skip=False)
    assert answer is not None
    return answer


def _perhaps(question: str, may_skip: bool = True) -> bool | None:
    while True:
        answer = _line(question).lower()
        if may_skip and not answer:
            return None
        if answer in ("y", "yes", tr("y"), tr("yes")):
            return True
        if answer in ("n", "no", tr("n"), tr("no")):
            return False
        skip = marked("Please type y for yes or n for no, or just press Enter.")
        _tell(tr(skip if may_skip else marked("Please type y for yes or n for no.")))


def _number(question: str) -> int | None:
    while True:
        answer = _line(question)
        if not answer:
            return None
        if answer.isdecimal() and len(answer) <= 2 and int(answer) <= 10:
            return int(answer)
        _tell(tr("Please type a number from 0 to 10, or just press Enter."))


def _line(question: str) -> str:
    """What a person types; raises KeyboardInterrupt when they leave, with Ctrl-C or the end of the input."""
    try:
        return str(typer.prompt(terminal.wrapped(question), default="", show_default=False, err=True)).strip()
    except UnicodeDecodeError:
        return "?"  # no answer to any question, so it is asked again
    except (typer.Abort, OSError):  # the latter: a terminal that is gone
        _tell("")
        raise KeyboardInterrupt from None
