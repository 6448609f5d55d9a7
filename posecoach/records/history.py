"""The history: every session and each of its exercises, in an SQLite file of the user's own.

    with Store() as store:
        session = store.write(session)  # the whole session as it is now; may be said again at any time
    for session in sessions(): ...

A write is one transaction that is on the disk when it returns, so whatever ends the program, what was written
is there. Nothing here asks the clock: sessions bring their own times.
"""

import contextlib
import logging
import sqlite3
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Self

from pydantic import TypeAdapter

from posecoach.assessment.results import Result
from posecoach.assessment.trace import Trace
from posecoach.coaching.plan import Step
from posecoach.coaching.safety import Feeling
from posecoach.core import files, paths
from posecoach.core.errors import InputError, OutputError

log = logging.getLogger(__name__)

_VERSION = 1
_SCHEMA = (
    "CREATE TABLE sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL,"
    " routine TEXT NOT NULL, title TEXT NOT NULL, steps INTEGER NOT NULL, ended TEXT,"
    " duration_s REAL NOT NULL, before INTEGER, after INTEGER, pain INTEGER)",
    "CREATE TABLE exercises (session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,"
    " step INTEGER NOT NULL, asked TEXT NOT NULL, result TEXT NOT NULL, curves TEXT NOT NULL,"
    " PRIMARY KEY (session, step))",
)
_BUSY_S = 0.25  # to wait for another program: longer would be a picture that stands still
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_BESIDE = ("-journal", "-wal", "-shm")  # what SQLite keeps beside a file while it is written

_STEP = TypeAdapter(Step)
_RESULT = TypeAdapter(Result)
_CURVES = TypeAdapter(tuple[Trace, ...])


@dataclass(frozen=True)
class Done:
    """One exercise of a session: the step that asked for it, what was found, and its curves."""

    asked: Step
    result: Result
    curves: tuple[Trace, ...] = ()

    @property
    def performed(self) -> bool:
        """True unless it was not done at all. What the camera could not see counts: that is not the person's
        fault."""
        result = self.result
        return result.verdict != "not_performed" and result.duration_s > 0 and result.seen > 0


@dataclass(frozen=True)
class Session:
    """One session, as far as it went.

    id                 None until it is in the history
    started            with its offset from UTC, so that the day is the person's own
    steps              exercises that the routine has
    ended              "finished", "quit", "lost" or "source ended"; None when it was cut off
    duration_s         by the frames' own clock
    before, after      how much it hurt, 0..10; `pain`: whether pain came; None where nothing was said
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
    id: int | None = None

    @property
    def day(self) -> date:
        """The day on which it began, where the person was."""
        return self.started.date()

    @property
    def performed(self) -> int:
        """How many of its exercises were done."""
        return sum(done.performed for done in self.exercises)

    @property
    def feeling(self) -> Feeling:
        """How it felt."""
        return Feeling(self.day, self.before, self.after, self.pain)


def path() -> Path:
    """Where the history is kept."""
    return paths.data_dir() / "history.db"


# -- writing -------------------------------------------------------------------------------------------


class Store:
    """The history, open for writing; a damaged file is set aside under another name, never removed.

    set_aside  where a damaged file that was found has gone
    """

    def __init__(self) -> None:
        self._connection: sqlite3.Connection | None = None
        self.set_aside: Path | None = None

    def open(self) -> None:
        """Open the history, or begin one, unless it is open.

        Raises OutputError where that is not possible now: its folder, another program, a newer posecoach.
        """
        if self._connection is not None:
            return
        target = path()
        files.private_folder(target.parent)
        try:
            try:
                self._connection = _begun(target)
            except sqlite3.Error as error:
                if not _is_broken(error):
                    raise
                self.set_aside = _set_aside(target)
                self._connection = _begun(target)
        except sqlite3.Error as error:
            raise OutputError(f"The history in {target} cannot be opened ({_why(error)}).") from error
        except OSError as error:
            raise OutputError(
                f"The damaged history {target} cannot be set aside ({error.strerror})."
            ) from error

    def write(self, session: Session) -> Session:
        """Write a session as it is now, and return it with its number; raises OutputError.

        All or nothing is written: after a failure the same may be tried again, and the file is opened anew.
        """
        before = self.set_aside
        self.open()
        assert self._connection is not None
        if self.set_aside != before:  # its number went with the damaged file
            session = replace(session, id=None)
        try:
            with self._connection as connection:
                connection.execute("BEGIN IMMEDIATE")
                number = _write(connection, session)
        except sqlite3.Error as error:
            self.close()
            raise OutputError(f"The history in {path()} cannot be written ({_why(error)}).") from error
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


def _begun(target: Path) -> sqlite3.Connection:
    """A connection to the history, which is begun for its owner alone where there is none."""
    if not target.exists():
        with contextlib.suppress(OSError):  # SQLite says better what is wrong
            target.touch(mode=0o600)
    return _connected(target)


def _connected(target: Path) -> sqlite3.Connection:
    """A connection to a file that is whole and of this version; raises sqlite3.Error, OutputError."""
    connection = sqlite3.connect(target, timeout=_BUSY_S, isolation_level=None)
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is forgotten leaves the file
        connection.execute("PRAGMA synchronous = FULL")
        _checked(connection, target)
        if _version(connection) == 0:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                if _version(connection) == 0:  # nobody else was quicker
                    for statement in _SCHEMA:
                        connection.execute(statement)
                    connection.execute(f"PRAGMA user_version = {_VERSION}")
    except BaseException:
        connection.close()
        raise
    return connection


def _checked(connection: sqlite3.Connection, target: Path) -> None:
    if _version(connection) > _VERSION:
        raise OutputError(
            f"The history in {target} was written by a newer posecoach and is left as it is: update "
            "posecoach to add to it."
        )
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        error = sqlite3.DatabaseError(found)
        error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise error


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _is_broken(error: sqlite3.Error) -> bool:
    # The primary code is in the lower byte; an error of Python's own has none.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN


def _set_aside(target: Path) -> Path:
    """Give a damaged file, and what belongs to it, a name of its own."""
    taken = _aside(target)
    number = 1 + max((int(one.stem.rpartition("-")[2]) for one in taken), default=0)
    aside = target.with_name(f"{target.stem}-damaged-{number}{target.suffix}")
    target.rename(aside)
    for ending in _BESIDE:
        with contextlib.suppress(FileNotFoundError):
            target.with_name(target.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def _aside(target: Path) -> list[Path]:
    """The damaged files that were set aside."""
    found = target.parent.glob(f"{target.stem}-damaged-*{target.suffix}")
    return sorted(one for one in found if one.stem.rpartition("-")[2].isdecimal())


def _why(error: sqlite3.Error) -> str:
    busy = getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
    return "another program is using it" if busy else str(error)


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


# -- reading and forgetting ----------------------------------------------------------------------------


def sessions() -> list[Session]:
    """Every session, in the order in which they took place, whatever the clock said; none without a file.

    Raises InputError when the file cannot be read.
    """
    with _opened() as connection:
        if connection is None:
            return []
        exercises: dict[int, list[Done]] = {}
        unclear = 0
        for number, asked, result, curves in connection.execute(
            "SELECT session, asked, result, curves FROM exercises ORDER BY session, step"
        ):
            try:
                done = Done(
                    _STEP.validate_json(asked),
                    _RESULT.validate_json(result),
                    _CURVES.validate_json(curves),
                )
            except ValueError:  # pydantic's errors are of these
                unclear += 1
                continue
            exercises.setdefault(number, []).append(done)
        if unclear:
            log.warning("%d exercises in the history cannot be understood and are left out.", unclear)
        rows = connection.execute(
            "SELECT id, started, routine, title, steps, ended, duration_s, before, after, pain"
            " FROM sessions ORDER BY id"
        )
        return [
            Session(
                datetime.fromisoformat(started),
                *(routine, title, steps, tuple(exercises.get(number, ())), ended, duration_s, before, after),
                pain=None if pain is None else bool(pain),
                id=number,
            )
            for number, started, routine, title, steps, ended, duration_s, before, after, pain in rows
        ]


def check(numbers: Collection[int]) -> None:
    """Raises InputError when one of these sessions is not there."""
    with _opened() as connection:
        rows = connection.execute("SELECT id FROM sessions") if connection is not None else ()
        missing = sorted(set(numbers) - {number for (number,) in rows})
    if missing:
        raise InputError(f"There is no session {missing[0]}: 'posecoach history' lists them.")


def forget(numbers: Collection[int]) -> None:
    """Remove these sessions for good; raises InputError when the file cannot be used."""
    with _opened() as connection:
        if connection is not None:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany("DELETE FROM sessions WHERE id = ?", ((one,) for one in numbers))
            connection.execute("VACUUM")


def forget_all() -> None:
    """Remove every session, also of a file that cannot be read, and the damaged files that were set aside.

    Raises InputError while another program uses it, and OutputError when a file cannot be removed.
    """
    target = path()
    damaged = _aside(target)
    try:
        with _opened() as connection:
            if connection is not None:
                with connection:
                    connection.execute("DELETE FROM sessions")
                connection.execute("VACUUM")
    except InputError as error:
        cause = error.__cause__
        if isinstance(cause, sqlite3.Error) and not _is_broken(cause):
            raise
        damaged.append(target)
    try:
        for one in damaged:
            for name in (one.name, *(one.name + ending for ending in _BESIDE)):
                one.with_name(name).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(f"{error.filename} cannot be removed ({error.strerror}).") from error


@contextlib.contextmanager
def _opened() -> Iterator[sqlite3.Connection | None]:
    """The history that is there, or None; every failure inside is an InputError that names the way out."""
    target = path()
    if not target.exists():
        yield None
        return
    try:
        connection = _connected(target)
        try:
            yield connection
        finally:
            connection.close()
    except OutputError as error:  # a newer version
        raise InputError(str(error)) from error
    except sqlite3.Error as error:
        if not _is_broken(error):
            raise InputError(f"The history in {target} cannot be read now ({_why(error)}).") from error
        raise InputError(
            f"The history in {target} is damaged: the next session sets it aside and begins a new one, and "
            "'posecoach history forget --all' removes it."
        ) from error
