"""What is kept of the person, as the page asks for it: the only module here that knows `records`."""

import logging
from collections.abc import Collection, Mapping, Sequence
from contextlib import ExitStack, suppress
from datetime import date

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Result
from posecoach.coaching import adherence, phrases, safety, tailoring, targets
from posecoach.coaching.plan import Routine
from posecoach.coaching.range_of_motion import Calibration, Trial
from posecoach.coaching.step_run import StepDone
from posecoach.coaching.targets import Range
from posecoach.coaching.view import View
from posecoach.core import files, language, paths
from posecoach.core.errors import InputError, OutputError, SafetyError
from posecoach.core.messages import sentence
from posecoach.core.translation import humanise, tr
from posecoach.core.types import Side
from posecoach.feedback import session_page
from posecoach.records import history, personal_ranges, routine_files, safety_answers, settings
from posecoach.records.safety_answers import Answers
from posecoach.records.session_recorder import keeping
from posecoach.records.settings import Settings
from posecoach.web import wire
from posecoach.web.wire import Json

log = logging.getLogger(__name__)

_TAUGHT_SESSIONS = 2


# -- settings ------------------------------------------------------------------------------------------


def chosen() -> Settings:
    """The remembered choices; their language is spoken from now on."""
    last = settings.load(tell=False)
    language.use(last.language)
    return last


def choose(given: Mapping[str, object]) -> Settings:
    """Remember some choices; raises InputError for a value that is not allowed."""
    try:
        merged = Settings.model_validate({**settings.load(tell=False).model_dump(), **given})
    except ValueError as error:  # pydantic's errors are of these
        raise InputError("This choice is not one of those that are offered: reload the page.") from error
    settings.save(merged)
    language.use(merged.language)
    return merged


# -- safety --------------------------------------------------------------------------------------------


def questions() -> Json:
    """The safety questions, and which of them are due: all, or those that were answered with yes."""
    known = safety_answers.load()
    due = known is None or safety.due(known.date, date.today())
    fine = known is not None and safety.allowed(known.yes, known.cleared)
    asked = [group for group in safety.GROUPS if due or (known and not fine and group.key in known.yes)]
    return {
        "due": [_group(group) for group in asked],
        "all": [_group(group) for group in safety.GROUPS],
        "intro": tr(safety.BY_ITSELF),
        "question": tr(safety.QUESTION),
        "today": tr(safety.TODAY),
        "stop": tr(safety.STOP),
    }


def _group(group: safety.Group) -> Json:
    return {
        "key": group.key,
        "signs": [tr(sign) for sign in group.signs],
        "cleared": tr(group.cleared),
        "gently": tr(group.gently),
    }


def answer(asked: Collection[str], yes: Collection[str], cleared: Collection[str]) -> Json:
    """Keep the answers to the groups that were `asked` about, and say what follows from them."""
    known = safety_answers.load()
    keys = [group.key for group in safety.GROUPS]
    before, before_cleared = (known.yes, known.cleared) if known else ((), ())
    if known is None and set(asked) != set(keys):
        raise InputError("Not all of the questions were answered: reload the page.")
    now = tuple(key for key in keys if key in (yes if key in asked else before))
    fine = tuple(key for key in now if key in (cleared if key in asked else before_cleared))
    everything = set(asked) == set(keys)
    day = date.today() if everything or known is None else known.date
    with suppress(OutputError):  # not kept, so they are asked again
        safety_answers.save(Answers(date=day, yes=now, cleared=fine))
    refused = [g for g in safety.GROUPS if g.key in now and not (g.key in fine and g.cleared)]
    gently = [tr(g.gently) for g in safety.GROUPS if g.key in fine and g.cleared]
    return {
        "allowed": not refused,
        "advice": tr(refused[0].advice) if refused else "",
        "gently": gently,
    }


def may_begin(new_today: bool | None, before: int | None) -> None:
    """Raises SafetyError with advice when something speaks against a session, InputError when a question is
    open."""
    known = safety_answers.load()
    if known is None or safety.due(known.date, date.today()):
        raise InputError("Before a session come a few questions about your safety: reload the page.")
    if not safety.allowed(known.yes, known.cleared):
        refused = next(g for g in safety.GROUPS if g.key in known.yes and g.key not in known.cleared)
        raise SafetyError(tr(refused.advice))
    if new_today is None:
        raise InputError("Whether anything is new today was not answered: reload the page.")
    if new_today:
        raise SafetyError(tr(safety.NOT_TODAY))
    if before is not None and before >= safety.SEVERE:
        raise SafetyError(tr(safety.SEVERE_NOW))


# -- routines ------------------------------------------------------------------------------------------


def routines() -> list[Json]:
    """The routines that ship and the person's own; one that cannot be used says why."""
    found: list[Json] = []
    own = routine_files.own()
    for name in [*routine_files.available(), *own]:
        try:
            found.append(wire.routine(routine_files.load(name), name in own))
        except InputError as error:
            found.append({"name": name, "problem": sentence(error), "own": True})
    return found


def routine(name: str, only: Sequence[str] = (), skip: Sequence[str] = (), gentle: bool = False) -> Routine:
    """A routine as it is wanted today, with the person's own limits in force; raises InputError."""
    # A path is for the person at the keyboard alone.
    if name not in (*routine_files.available(), *routine_files.own()):
        raise InputError("There is no such routine: reload the page.")
    wanted = tailoring.selected(routine_files.load(name), only, skip)
    applied = targets.applied(wanted, personal_ranges.load(), {})
    return tailoring.gentler(applied, {}) if gentle else applied


def add_routine(title: str, steps: Sequence[Mapping[str, str | float]]) -> Json:
    """Write a routine among the person's own; raises InputError for what is wrong in it."""
    title = " ".join(title.split())
    name = "_".join("".join(c if c.isalnum() else " " for c in title.lower()).split())
    if not 0 < len(name) <= 60:
        raise InputError(tr("Please give it a name of some letters or digits, 60 at most."))
    if name in (*routine_files.available(), *routine_files.own()):
        raise InputError(tr("There is a routine '{name}' already: please take another name.", name=name))
    target = routine_files.own_folder() / f"{name}.toml"
    files.ready_folder(target.parent)
    files.write(target, routine_files.as_toml(title, steps))
    try:
        return wire.routine(routine_files.load(name), own=True)
    except InputError:
        target.unlink(missing_ok=True)
        raise


def routine_file(name: str) -> str:
    """The file of a routine, to be handed over; raises InputError when there is none."""
    if name not in (*routine_files.available(), *routine_files.own()):
        raise InputError("There is no such routine: reload the page.")
    path = routine_files.file_of(name) or paths.shipped("routines") / f"{name}.toml"
    return path.read_text("utf-8-sig")


def remove_routine(name: str) -> None:
    """Remove a routine of the person's own; raises InputError when it is none."""
    path = routine_files.file_of(name) if name in routine_files.own() else None
    if path is None:
        raise InputError("There is no such routine of your own: reload the page.")
    path.unlink(missing_ok=True)


# -- history -------------------------------------------------------------------------------------------


def sessions() -> Json:
    """The last sessions, the newest first, the week, and the advice that follows from them."""
    known = history.sessions()
    days = {one.day for one in known if one.performed}
    return {
        "sessions": [wire.session(one) for one in reversed(known[-50:])],
        "week": list(adherence.told(days, date.today())) if known else [],
        "advice": safety.advice([one.feeling for one in known]),
    }


def report(number: int) -> str:
    """The page of a session; raises InputError when there is none with this number."""
    history.check([number])
    known = history.sessions()
    return session_page.page(known, next(one for one in known if one.id == number))


def forget(numbers: Sequence[int]) -> None:
    """Remove these sessions for good; with none, every session and the answers about safety."""
    if numbers:
        history.check(numbers)
        history.forget(numbers)
    else:
        history.forget_all()
        safety_answers.forget()


# -- own limits ----------------------------------------------------------------------------------------


def ranges() -> list[Json]:
    """How far the person comfortably goes, and the target that follows from it."""
    known = personal_ranges.load()
    rows: list[Json] = []
    for name, sides in known.items():
        exercise = CATALOGUE.get(name)
        if exercise is None:
            continue
        enter = exercise.motions[0].enter
        usual = exercise.limits[enter].default
        for side, entries in sides.items():
            rows.append(
                {
                    "title": tr(exercise.title),
                    "side": humanise(side) if side != "both" else "",
                    "day": f"{entries[-1].date:%Y-%m-%d}",
                    "comfortable": round(entries[-1].peak),
                    "target": round(targets.limits(exercise, side, known).get(enter, usual)),
                    "usual": round(usual),
                }
            )
    return rows


def forget_ranges() -> None:
    """Remove the person's own limits."""
    personal_ranges.forget()


# -- a session under way ------------------------------------------------------------------------------


def is_new() -> bool:
    """Whether the person has had so few sessions that they are told how to pause and to stop."""
    with suppress(InputError):
        return len(history.sessions()) < _TAUGHT_SESSIONS
    return True


class RoutineRecord:
    """Keeps a session of a routine in the history while it goes on."""

    def __init__(self, routine: Routine, before: int | None, wanted: bool) -> None:
        self._stack = ExitStack()
        self._kept = self._stack.enter_context(keeping(routine, before, wanted))

    def follow(self, view: View) -> None:
        """A frame went by."""
        self._kept.follow(view.session_s)

    def step_done(self, done: StepDone) -> None:
        """A step is over."""
        self._kept.step_done(done)

    def end(self, ended: str, results: Sequence[Result]) -> Json:
        """The session is over."""
        self._kept.end(ended)
        return wire.summary(results) | {"session": self._kept.session.id if self._kept.saved else None}

    def felt(self, after: int | None, pain: bool | None) -> str:
        """Keep how it felt; returns the advice that follows, or nothing."""
        self._kept.felt(after, pain)
        felt = [self._kept.session.feeling]
        if self._kept.saved:
            with suppress(InputError):  # then this session has to do
                felt = history.feelings()
        return safety.advice(felt) or ""

    def close(self) -> None:
        """Close the history."""
        self._stack.close()


class CalibrationRecord:
    """Keeps what a calibration found."""

    def __init__(self, coach: Calibration) -> None:
        personal_ranges.load()  # a file that cannot be added to is known before anybody moves
        self._coach = coach

    def follow(self, view: View) -> None:
        """Nothing is kept before the end."""

    def end(self, ended: str, results: Sequence[Result]) -> Json:
        """Record what was reached."""
        found: dict[tuple[str, Side], Range] = {
            key: Range(date=date.today(), rest=round(reached.rest, 1), peak=round(reached.peak, 1))
            for key, reached in self._coach.reached.items()
        }
        if found:
            personal_ranges.record(found)
        missed = [phrases.sided(tr(exercise.title), side) for exercise, side in self._coach.missed]
        return {"ranges": ranges(), "found": len(found), "missed": missed}

    def felt(self, after: int | None, pain: bool | None) -> str:
        """Nothing is kept of how it felt."""
        return ""

    def close(self) -> None:
        """Nothing is open."""


def calibration(routine: Routine) -> tuple[Calibration, CalibrationRecord]:
    """A calibration of the exercises of a routine, and whoever keeps it; raises InputError when none of them
    can be measured."""
    wanted: dict[tuple[str, Side], Trial] = {}
    for step in routine.steps:
        exercise = CATALOGUE.get(step.exercise)
        if exercise is not None and not exercise.timed_only:
            side: Side = "both" if step.side == "each" else step.side
            wanted[step.exercise, side] = Trial(exercise, side)
    if not wanted:
        raise InputError(tr("This routine has no exercise that can be measured: choose another."))
    coach = Calibration(list(wanted.values()))
    return coach, CalibrationRecord(coach)
