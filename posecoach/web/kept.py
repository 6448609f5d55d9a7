"""What is kept of the person, as the page asks for it: choices, answers, history, own limits."""

import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date

from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching import adherence, safety, targets
from posecoach.coaching.safety import Feeling
from posecoach.core import language
from posecoach.core.errors import InputError, OutputError, SafetyError
from posecoach.core.translation import humanise, tr
from posecoach.feedback import session_page
from posecoach.records import forgetting, history, personal_ranges, safety_answers, settings
from posecoach.records.history import Store
from posecoach.records.safety_answers import Answers
from posecoach.records.settings import Settings
from posecoach.web import wire
from posecoach.web.wire import Json

log = logging.getLogger(__name__)

# -- settings ------------------------------------------------------------------------------------------


def chosen() -> Settings:
    """The remembered choices."""
    return settings.load(tell=False)


def speak(browser: str) -> None:
    """Speak the language that is chosen from now on, or that of the browser where none is."""
    language.use(chosen().language or browser)


def choose(given: Mapping[str, object]) -> Settings:
    """Remember some choices; raises InputError for a value that is not allowed."""
    try:
        merged = Settings.model_validate({**chosen().model_dump(), **given})
    except ValueError as error:  # pydantic's errors are of these
        raise InputError(tr("This choice is not one of those that are offered: reload the page.")) from error
    settings.save(merged)
    return merged


# -- safety --------------------------------------------------------------------------------------------


def questions() -> Json:
    """The safety questions, and which of them are due: all, or those from where a session was refused on."""
    return {
        "due": [_group(group) for group in _due(safety_answers.current(date.today()))],
        "all": [_group(group) for group in safety.GROUPS],
        "intro": tr(safety.BY_ITSELF),
        "question": tr(safety.QUESTION),
        "today": tr(safety.TODAY),
        "stop": tr(safety.STOP),
    }


def _due(known: Answers | None) -> tuple[safety.Group, ...]:
    return safety.GROUPS if known is None else safety.still_open(known.yes, known.cleared)


def _group(group: safety.Group) -> Json:
    return {
        "key": group.key,
        "signs": [tr(sign) for sign in group.signs],
        "cleared": tr(group.cleared),
        "gently": tr(group.gently),
    }


def answer(asked: Collection[str], yes: Collection[str], cleared: Collection[str]) -> Json:
    """Keep the answers to the groups that were `asked` about, and say what follows from them. Groups behind
    one that refuses a session need not be asked about: they stay open."""
    known = safety_answers.current(date.today())
    keys = [group.key for group in safety.GROUPS]
    before, before_cleared = (known.yes, known.cleared) if known else ((), ())
    now = tuple(key for key in keys if key in (yes if key in asked else before))
    now_cleared = [key for key in now if key in (cleared if key in asked else before_cleared)]
    left_out = [group for group in _due(known) if group.key not in asked]
    if not set(left_out) <= set(safety.still_open(now, now_cleared)):
        raise InputError(tr("Not all of the questions were answered: reload the page."))
    refused = safety.against(now, now_cleared)
    may = [group for group in safety.GROUPS if group.key in now and group not in refused]
    everything = set(asked) == set(keys)
    day = date.today() if everything or known is None else known.date
    with suppress(OutputError):  # not kept, so they are asked again
        safety_answers.save(Answers(date=day, yes=now, cleared=tuple(group.key for group in may)))
    return {
        "allowed": not refused,
        "advice": tr(refused[0].advice) if refused else "",
        "gently": [tr(group.gently) for group in may],
    }


def may_begin(new_today: bool | None, before: int | None) -> None:
    """Raises SafetyError with advice when something speaks against a session, InputError when a question is
    open."""
    known = safety_answers.current(date.today())
    if known is None:
        raise InputError(tr("Before a session come a few questions about your safety: reload the page."))
    for refused in safety.against(known.yes, known.cleared):
        raise SafetyError(tr(refused.advice))
    if new_today is None:
        raise InputError(tr("Whether anything is new today was not answered: reload the page."))
    if new_today:
        raise SafetyError(tr(safety.NOT_TODAY))
    if before is not None and before >= safety.SEVERE:
        raise SafetyError(tr(safety.SEVERE_NOW))


# -- history -------------------------------------------------------------------------------------------


def sessions() -> Json:
    """The last sessions, the newest first, the week, and the advice that follows from them."""
    known = history.sessions()
    days = {one.day for one in known if one.exercised}
    prescribed = known[-1].prescribed if known else 0
    return {
        "sessions": [wire.session(one) for one in reversed(known[-50:])],
        "week": list(adherence.told(days, date.today(), prescribed)) if known else [],
        "advice": safety.advice([one.feeling for one in known]),
    }


def report(number: int) -> str:
    """The page of a session; raises InputError when there is none with this number."""
    known = history.sessions()
    return session_page.page(known, history.numbered(known, number), on_page="session")


def felt(number: int | None, after: int | None, pain: bool | None) -> Json:
    """Keep how a session felt that nobody remembers any more, unless it is known; returns the advice that
    follows, and why it could not be kept."""
    feelings = [Feeling(date.today(), None, after, pain)]
    problem = ""
    try:
        one = next((one for one in history.sessions() if one.id == number), None)
        if one is None:
            problem = tr("posecoach was started anew meanwhile, and your answers could not be kept.")
        elif one.after is None and one.pain is None:
            with Store() as store:
                store.write(replace(one, after=after, pain=pain))
        feelings = history.feelings() if one is not None else feelings
    except (InputError, OutputError) as error:
        problem = str(error)
    return {"advice": safety.advice(feelings) or "", "problem": problem}


def forget(numbers: Sequence[int]) -> None:
    """Remove these sessions for good."""
    forgetting.check(numbers)
    forgetting.forget(numbers)


def forget_all() -> None:
    """Remove every session, the answers about safety and the person's own limits for good."""
    forgetting.forget_all(limits=True)


# -- own limits ----------------------------------------------------------------------------------------


def ranges() -> list[Json]:
    """How far the person comfortably goes, and the target that follows from it."""
    known = personal_ranges.load()
    rows: list[Json] = []
    for name, sides in known.items():
        exercise = CATALOGUE.get(name)
        if exercise is None:
            continue
        for side, found in sides.items():
            usual, target = targets.entries(exercise, side, known)
            rows.append(
                {
                    "title": tr(exercise.title),
                    "side": humanise(side) if side != "both" else "",
                    "day": f"{found[-1].date:%Y-%m-%d}",
                    "comfortable": round(found[-1].peak),
                    "target": round(target),
                    "usual": round(usual),
                }
            )
    return rows


def forget_ranges() -> None:
    """Remove the person's own limits."""
    personal_ranges.forget()
