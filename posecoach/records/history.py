"""The history: every session and each of its exercises, in an SQLite file of the user's own.

    with Store() as store:
        session = store.write(session)  # the whole session as it is now; may be said again at any time
    for session in sessions(): ...

A write is one transaction that is on the disk when it returns, so whatever ends the program, what was written
is there. Nothing here asks the clock: sessions bring their own times.
"""

import contextlib
import logging
import math
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, FiniteFloat, TypeAdapter

from posecoach.assessment.results import Result
from posecoach.assessment.trace import Trace
from posecoach.coaching import tally
from posecoach.coaching.phrases import GENTLE
from posecoach.coaching.plan import Step
from posecoach.coaching.safety import Feeling
from posecoach.core import files, language
from posecoach.core.errors import InputError, OutputError
from posecoach.core.messages import printable
from posecoach.core.translation import tr
from posecoach.records import database, routine_files

log = logging.getLogger(__name__)

_STEP = TypeAdapter(Step)
_RESULT = TypeAdapter(Result)
_CURVES = TypeAdapter(tuple[Trace, ...])
_TAUGHT = 2  # sessions that begin with how to pause and to stop
_Felt = Annotated[int, Field(ge=0, le=10)] | None
_Length = Annotated[FiniteFloat, Field(ge=0)]
_Count = Annotated[int, Field(ge=0)]
_Days = Annotated[int, Field(ge=0, le=7)] | None
_ROW = TypeAdapter(tuple[str, str, str, _Count, str | None, _Length, _Felt, _Felt, int | None, _Days])
_FEELING = TypeAdapter(tuple[str, _Felt, _Felt, int | None])


@dataclass(frozen=True)
class Done:
    """One exercise of a session: the step that asked for it, what was found, and its curves."""

    asked: Step
    result: Result
    curves: tuple[Trace, ...] = ()


@dataclass(frozen=True)
class Session:
    """One session, as far as it went.

    id                 None until it is in the history
    started            with its offset from UTC, so that the day is the person's own
    steps              exercises that the routine has
    ended              "finished", "quit", "lost" or "source ended"; None when it was cut off
    duration_s         by the frames' own clock
    before, after      how much it hurt, 0..10; `pain`: whether pain came; None where nothing was said
    days_a_week        on which the routine was prescribed, 0: nobody did; None: nothing was kept of that
    """

    started: datetime
    routine: str
    title: str
    steps: int
    exercises: tuple[Done, ...] = ()
    ended: str | None = None
    duration_s: float = 0.0
    before: int | None = None
    after: int | None = None
    pain: bool | None = None
    days_a_week: int | None = None
    id: int | None = None

    @property
    def day(self) -> date:
        """The day on which it began, where the person was."""
        return self.started.date()

    @property
    def prescribed(self) -> int:
        """On how many days a week its routine was prescribed; 0 where nobody did, or it is not known."""
        return routine_files.prescribed(self.routine) if self.days_a_week is None else self.days_a_week

    @property
    def exercised(self) -> bool:
        """Whether it makes its day one of exercise."""
        return any(tally.exercised(done.result) for done in self.exercises)

    @property
    def done(self) -> int:
        """How many of its exercises were done, as the coach counts them."""
        return sum(tally.done(done.result) for done in self.exercises)

    @property
    def by_clock(self) -> int:
        """How many of its exercises the clock led, as too little was seen."""
        return sum(tally.by_clock(done.result) for done in self.exercises)

    @property
    def unjudged(self) -> int:
        """How many of its exercises could not be judged."""
        return sum(tally.unjudged(done.result) for done in self.exercises)

    @property
    def cut_off(self) -> bool:
        """True where it was cut off before its first exercise was over: how far it went is not known."""
        return self.ended is None and not self.exercises

    @property
    def feeling(self) -> Feeling:
        """How it felt."""
        return Feeling(self.day, self.before, self.after, self.pain)


# -- writing -------------------------------------------------------------------------------------------


class Store:
    """The history, open for writing; a damaged file is set aside under another name, never removed.

    set_aside  where a damaged file that was found has gone
    rescued    how many sessions of it could be read, and are in the new file
    """

    def __init__(self, connect: Callable[[Path], sqlite3.Connection] = database.begun) -> None:
        """`connect` opens the file at a path, or begins one there."""
        self._connect = connect
        self._connection: sqlite3.Connection | None = None
        self.set_aside: Path | None = None
        self.rescued = 0

    def open(self) -> None:
        """Open the history, or begin one, unless it is open.

        Raises OutputError where that is not possible now: its folder, another program, a newer posecoach.
        """
        if self._connection is not None:
            return
        target = database.path()
        files.private_folder(target.parent)
        try:
            try:
                self._connection = self._connect(target)
            except sqlite3.Error as error:
                if not database.is_broken(error):
                    raise
                self.set_aside = database.set_aside(target)
                self._connection = self._connect(target)
                self.rescued = database.restore(self.set_aside, self._connection)
        except sqlite3.Error as error:
            raise OutputError(
                tr("The history in {file} cannot be opened ({why}).", file=target, why=database.why(error))
            ) from error
        except OSError as error:
            raise OutputError(
                tr("The damaged history {file} cannot be set aside ({why}).", file=target, why=error.strerror)
            ) from error

    def write(self, session: Session) -> Session:
        """Write a session as it is now, and return it with its number; raises OutputError.

        All or nothing is written: after a failure the same may be tried again, and the file is opened anew.
        """
        before = self.set_aside
        self.open()
        assert self._connection is not None
        try:
            with self._connection as connection:
                connection.execute("BEGIN IMMEDIATE")
                if self.set_aside != before and not _has(connection, session.id):
                    session = replace(session, id=None)  # it went with the damaged file
                number = _write(connection, session)
        except sqlite3.Error as error:
            self.close()
            raise OutputError(
                tr(
                    "The history in {file} cannot be written ({why}).",
                    file=database.path(),
                    why=database.why(error),
                )
            ) from error
        return replace(session, id=number)

    def close(self) -> None:
        """Close the file; may be called more than once."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _has(connection: sqlite3.Connection, number: int | None) -> bool:
    return connection.execute("SELECT 1 FROM sessions WHERE id = ?", (number,)).fetchone() is not None


def _write(connection: sqlite3.Connection, session: Session) -> int:
    values = {
        "started": session.started.isoformat(timespec="seconds"),
        "routine": session.routine,
        "title": session.title,
        "steps": session.steps,
        "ended": session.ended,
        "duration_s": session.duration_s,
        "before": session.before,
        "after": session.after,
        "pain": session.pain,
        "days_a_week": session.days_a_week,
    }
    if session.id is None:
        named = ", ".join(f":{name}" for name in values)
        row = connection.execute(f"INSERT INTO sessions ({', '.join(values)}) VALUES ({named})", values)
        number = row.lastrowid
        assert number is not None
    else:
        number = session.id
        named = ", ".join(f"{name} = :{name}" for name in values)
        row = connection.execute(f"UPDATE sessions SET {named} WHERE id = :id", {**values, "id": number})
        if not row.rowcount:
            raise sqlite3.IntegrityError("the session was forgotten meanwhile")
    (kept,) = connection.execute("SELECT count(*) FROM exercises WHERE session = ?", (number,)).fetchone()
    connection.executemany(
        "INSERT INTO exercises VALUES (?, ?, ?, ?, ?)",
        (
            (
                number,
                step,
                _STEP.dump_json(done.asked).decode(),
                _RESULT.dump_json(done.result).decode(),
                _CURVES.dump_json(done.curves).decode(),
            )
            for step, done in list(enumerate(session.exercises))[kept:]
        ),
    )
    return number


# -- reading -------------------------------------------------------------------------------------------


def sessions(since: date | None = None) -> list[Session]:
    """Every session, or those from the day `since` on, in the order in which they took place, whatever the
    clock said; none without a file.

    Raises InputError when the file cannot be read.
    """
    with database.reading() as connection:
        if connection is None:
            return []
        from_day = since.isoformat() if since else ""
        exercises, unclear = _exercises(connection, from_day)
        found = []
        days = "days_a_week" if database.has_days(connection) else "NULL"
        for number, *row in connection.execute(
            f"SELECT id, started, routine, title, steps, ended, duration_s, before, after, pain, {days}"
            " FROM sessions WHERE substr(started, 1, 10) >= ? ORDER BY id",
            (from_day,),
        ):
            try:
                found.append(_session(number, row, tuple(exercises.get(number, ()))))
            except ValueError:  # no date, or a value of another type
                unclear += 1
        if unclear:
            log.warning("%d entries in the history cannot be understood and are left out.", unclear)
        return found


def numbered(known: Sequence[Session], number: int) -> Session:
    """The session with this number among those that are known; raises InputError when there is none."""
    found = next((one for one in known if one.id == number), None)
    if found is None:
        raise no_session(number)
    return found


def no_session(number: int) -> InputError:
    """That there is no session with this number."""
    return InputError(tr("There is no session {number}: 'posecoach history' lists them.", number=number))


def feelings() -> list[Feeling]:
    """How each session felt, in the order in which they took place; raises InputError as `sessions` does."""
    with database.reading() as connection:
        if connection is None:
            return []
        felt = []
        for row in connection.execute("SELECT started, before, after, pain FROM sessions ORDER BY id"):
            with contextlib.suppress(ValueError):  # pydantic's errors are of these
                started, before, after, pain = _FEELING.validate_python(row)
                felt.append(Feeling(datetime.fromisoformat(started).date(), before, after, _yes(pain)))
        return felt


def is_new() -> bool:
    """Whether there were so few sessions that it is said how to pause and to stop."""
    with contextlib.suppress(InputError):
        return len(feelings()) < _TAUGHT
    return True


def _exercises(connection: sqlite3.Connection, from_day: str) -> tuple[dict[int, list[Done]], int]:
    """The exercises of the sessions from a day on, by session, and how many cannot be understood."""
    exercises: dict[int, list[Done]] = {}
    unclear = 0
    for number, asked, result, curves in connection.execute(
        "SELECT session, asked, result, curves FROM exercises JOIN sessions ON id = session"
        " WHERE substr(started, 1, 10) >= ? ORDER BY session, step",
        (from_day,),
    ):
        try:
            done = Done(
                _STEP.validate_json(asked), _RESULT.validate_json(result), _CURVES.validate_json(curves)
            )
            _refuse_what_cannot_be_shown(done)
        except ValueError:  # pydantic's errors are of these
            unclear += 1
            continue
        exercises.setdefault(number, []).append(done)
    return exercises, unclear


def _refuse_what_cannot_be_shown(done: Done) -> None:
    """Raises ValueError where a word holds what a terminal would obey, a number is infinite or none, or a
    curve has not one time for each value."""
    result = done.result
    notes = (note if isinstance(note, str) else "".join(note.arguments.values()) for note in result.notes)
    words = (done.asked.exercise, result.exercise or "", *(fault.name for fault in result.faults), *notes)
    if not "".join(words).isprintable():
        raise ValueError("not printable")
    result.as_json("")  # refuses such numbers
    for curve in done.curves:
        if len(curve.t_s) != len(curve.value):
            raise ValueError("not one time for each value")
        if not math.isfinite(
            sum(value for value in (curve.enter, curve.back, *curve.t_s, *curve.value) if value)
        ):
            raise ValueError("not finite")


def _session(number: int, row: Sequence[Any], exercises: tuple[Done, ...]) -> Session:
    """A session from its row; raises ValueError where that makes no sense."""
    started, routine, title, steps, ended, duration_s, before, after, pain, days = _ROW.validate_python(row)
    return Session(
        started=datetime.fromisoformat(started),
        routine=printable(routine),
        title=_in_english(printable(title)),
        steps=steps,
        exercises=exercises,
        ended=ended,
        duration_s=duration_s,
        before=before,
        after=after,
        pain=_yes(pain),
        days_a_week=days,
        id=number,
    )


def _in_english(title: str) -> str:
    """The title of a session; version 0.1.0 kept that of a shipped routine in the language of the session."""
    return _translated_titles().get(title, title)


@cache
def _translated_titles() -> dict[str, str]:
    """The titles that come with posecoach, by those in other languages."""
    found = {}
    for one in language.LANGUAGES:
        said = language.catalogue(one).gettext
        for name in routine_files.available():
            title = routine_files.load(name).title
            found[said(title)] = title
            found[said(GENTLE).format(title=said(title))] = GENTLE.format(title=title)
    return found


def _yes(stored: int | None) -> bool | None:
    return None if stored is None else bool(stored)
