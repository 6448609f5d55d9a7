"""What is asked about safety before a session, and about how it feels."""

import logging
from datetime import date

from posecoach.cli import asking
from posecoach.cli.asking import Asks
from posecoach.coaching import safety
from posecoach.coaching.safety import Group
from posecoach.core.errors import InputError, OutputError, SafetyError
from posecoach.core.translation import marked, tr
from posecoach.records import safety_answers
from posecoach.records.safety_answers import Answers

log = logging.getLogger(__name__)

_FIRST = marked("A few questions first.")
_STAY = marked("Your answers stay on this computer.")


def before(asks: Asks, again: bool) -> int | None:
    """The questions before a session; returns how much it hurts, 0..10, or None where that was skipped.

    Those of the first session come again after a while, or when `again` says so. Raises SafetyError with
    advice when the answers speak against a session, and KeyboardInterrupt when the person leaves: there is no
    session then.
    """
    today = date.today()
    known = safety_answers.current(today)
    if again or known is None or not safety.allowed(known.yes, known.cleared):
        _first_questions(asks, today)
    if asks.yes(tr(safety.TODAY)):
        raise SafetyError(tr(safety.NOT_TODAY))
    number = asks.number(tr(safety.BEFORE))
    if number is not None and number >= safety.SEVERE:
        raise SafetyError(tr(safety.SEVERE_NOW))
    asks.tell(tr(safety.STOP))
    asks.finish()
    return number


def after(asks: Asks) -> tuple[int | None, bool | None]:
    """How much it hurts after a session, and whether pain came; None where that was skipped."""
    try:
        return asks.number(tr(safety.AFTER)), asks.perhaps(tr(safety.PAIN))
    except KeyboardInterrupt:
        return None, None


def sure(question: str) -> bool:
    """Whether a person says yes to something that cannot be undone; raises InputError where none can."""
    if not asking.at_terminal():
        raise InputError(tr("Not running in a terminal: pass --yes if you are sure."))
    return asking.Terminal().yes(question)


def _first_questions(asks: Asks, today: date) -> None:
    asks.tell(f"{tr(_FIRST)} {tr(safety.BY_ITSELF)} {tr(_STAY)}")
    yes, cleared = list[str](), list[str]()
    refused: Group | None = None
    for group in safety.GROUPS:
        asks.tell(f"\n{tr(safety.QUESTION)}")
        for sign in group.signs:
            asks.tell(f"  - {tr(sign)}")
        if not asks.yes(tr("Any of these?")):
            continue
        yes.append(group.key)
        if group.cleared and asks.yes(tr(group.cleared)):
            cleared.append(group.key)
            asks.tell(tr(group.gently))
            continue
        refused = group
        break
    try:
        safety_answers.save(Answers(date=today, yes=tuple(yes), cleared=tuple(cleared)))
    except OutputError as error:
        log.warning("%s", tr("Your answers are not kept, so they will be asked for again: {why}", why=error))
    if refused is not None:
        raise SafetyError(tr(refused.advice))
    asks.tell("")
