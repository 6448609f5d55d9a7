"""The file of the history: opened, checked, and set aside where it is damaged.

A damaged file is never removed or written into: it gets another name beside the new one, which has what can
be read of it.
"""

import contextlib
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from posecoach.core import paths
from posecoach.core.errors import InputError, OutputError
from posecoach.core.translation import tr
from posecoach.records.rescue import rescued

log = logging.getLogger(__name__)

_VERSION = 1
_SCHEMA = (
    "CREATE TABLE sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL,"
    " routine TEXT NOT NULL, title TEXT NOT NULL, steps INTEGER NOT NULL, ended TEXT,"
    " duration_s REAL NOT NULL, before INTEGER, after INTEGER, pain INTEGER, days_a_week INTEGER)",
    "CREATE TABLE exercises (session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,"
    " step INTEGER NOT NULL, asked TEXT NOT NULL, result TEXT NOT NULL, curves TEXT NOT NULL,"
    " PRIMARY KEY (session, step))",
)
_TABLES = ("sessions", "exercises")
_DAYS = "days_a_week"  # a column that older files lack
_BUSY_S = 0.25  # to wait for another program: longer would be a picture that stands still
_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
BESIDE = ("-journal", "-wal", "-shm")  # what SQLite keeps beside a file while it is written


def path() -> Path:
    """Where the history is kept."""
    return paths.data_dir() / "history.db"


def begun(target: Path) -> sqlite3.Connection:
    """A connection to the history, which is begun for its owner alone where there is none."""
    if not target.exists():
        with contextlib.suppress(OSError):  # SQLite says better what is wrong
            target.touch(mode=0o600)
    connection = _connected(target)
    if not has_days(connection):
        with contextlib.suppress(sqlite3.OperationalError):  # another program was quicker
            connection.execute(f"ALTER TABLE sessions ADD COLUMN {_DAYS} INTEGER")
    return connection


def has_days(connection: sqlite3.Connection) -> bool:
    """False for an older file, which does not tell on how many days a week a routine was prescribed."""
    return _DAYS in {row[1] for row in connection.execute("PRAGMA table_info(sessions)")}


def _connected(target: Path) -> sqlite3.Connection:
    """A connection to a file that is whole and of this version; raises sqlite3.Error, OutputError."""
    connection = sqlite3.connect(target, timeout=_BUSY_S, isolation_level=None)
    # A byte that is no UTF-8 spoils its word, not the rest.
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is forgotten leaves the file
        connection.execute("PRAGMA synchronous = FULL")
        _checked(connection, target)
        if _version(connection) == 0:
            _begin(connection)
    except UnicodeDecodeError as error:  # SQLite's message quotes a name that is damaged
        connection.close()
        raise _damaged("a table's name is no text") from error
    except BaseException:
        connection.close()
        raise
    return connection


def _begin(connection: sqlite3.Connection) -> None:
    """Make the tables of a new file."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        if _version(connection) == 0:  # nobody else was quicker
            for statement in _SCHEMA:
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {_VERSION}")


def _checked(connection: sqlite3.Connection, target: Path) -> None:
    if _version(connection) > _VERSION:
        raise OutputError(
            tr(
                "The history in {file} was written by a newer posecoach and is left as it is: update "
                "posecoach to add to it.",
                file=target,
            )
        )
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        raise _damaged(found)


def _damaged(how: str) -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError(how)
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def is_broken(error: sqlite3.Error) -> bool:
    """Whether the file itself is damaged."""
    # The primary code is in the lower byte; an error of Python's own has none.
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in _BROKEN or "unsupported file format" in str(error)


def set_aside(target: Path) -> Path:
    """Give a damaged file, and what belongs to it, a name of its own."""
    taken = set_aside_before(target)
    number = 1 + max((int(one.stem.rpartition("-")[2]) for one in taken), default=0)
    aside = target.with_name(f"{target.stem}-damaged-{number}{target.suffix}")
    target.rename(aside)
    for ending in BESIDE:
        with contextlib.suppress(FileNotFoundError):
            target.with_name(target.name + ending).rename(aside.with_name(aside.name + ending))
    return aside


def set_aside_before(target: Path) -> list[Path]:
    """The damaged files that were set aside."""
    found = target.parent.glob(f"{target.stem}-damaged-*{target.suffix}")
    return sorted(one for one in found if one.stem.rpartition("-")[2].isdecimal())


def restore(damaged: Path, connection: sqlite3.Connection) -> int:
    """Copy what can be read of a damaged file into a new one; how many sessions that are."""
    found = rescued(damaged, _SCHEMA, _TABLES)
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("PRAGMA defer_foreign_keys = ON")  # until the exercises without a session are gone
        for table, rows in found.items():
            for row in rows:  # one that breaks a rule of its table is left out
                marks = ", ".join("?" * len(row))
                connection.execute(f"INSERT OR IGNORE INTO {table} VALUES ({marks})", row)
        connection.execute("DELETE FROM exercises WHERE session NOT IN (SELECT id FROM sessions)")
    (count,) = connection.execute("SELECT count(*) FROM sessions").fetchone()
    return int(count)


def why(error: sqlite3.Error) -> str:
    return tr("another program is using it") if is_busy(error) else str(error)


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another program is using the file now."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


@contextlib.contextmanager
def reading() -> Iterator[sqlite3.Connection | None]:
    """The history that is there, or None; of a damaged one what can be read, which is said.

    Every failure inside is an InputError that names the way out.
    """
    target = path()
    if not target.exists():
        yield None
        return
    try:
        with contextlib.closing(_readable(target)) as connection:
            yield connection
    except OutputError as error:  # a newer version
        raise InputError(str(error)) from error
    except sqlite3.Error as error:
        raise InputError(
            tr("The history in {file} cannot be read now ({why}).", file=target, why=why(error))
        ) from error


def _readable(target: Path) -> sqlite3.Connection:
    """A connection to the history; where that is damaged, to a copy in memory of what can be read."""
    try:
        return _connected(target)
    except sqlite3.Error as error:
        if not is_broken(error):
            raise
    copy = sqlite3.connect(":memory:", isolation_level=None)
    _begin(copy)
    count = restore(target, copy)
    told = tr(
        "The history in {file} is damaged; {count} sessions could be read. The next session keeps the "
        "damaged file under another name and goes on with these.",
        file=target,
        count=count,
    )
    log.warning("%s", told)
    return copy
