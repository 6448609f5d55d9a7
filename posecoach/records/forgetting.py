"""Removing sessions from the history for good."""

import contextlib
import sqlite3
from collections.abc import Collection, Sequence

from posecoach.core.errors import InputError, OutputError
from posecoach.core.translation import tr
from posecoach.records import database
from posecoach.records.history import Store


def check(numbers: Collection[int]) -> None:
    """Raises InputError when one of these sessions is not there."""
    with database.reading() as connection:
        rows = connection.execute("SELECT id FROM sessions") if connection is not None else ()
        missing = sorted(set(numbers) - {number for (number,) in rows})
    if missing:
        raise InputError(
            tr("There is no session {number}: 'posecoach history' lists them.", number=missing[0])
        )


def forget(numbers: Collection[int]) -> None:
    """Remove these sessions for good; raises InputError when the file cannot be used, and OutputError when
    it cannot be changed, as on a full disk."""
    _repair()
    failed = _removed("DELETE FROM sessions WHERE id = ?", [(one,) for one in numbers])
    if failed is not None:
        raise OutputError(
            tr(
                "The history in {file} cannot be changed ({why}), and nothing was removed: free some "
                "space and try again.",
                file=database.path(),
                why=database.why(failed),
            )
        ) from failed


def _removed(statement: str, each: Sequence[tuple[int, ...]]) -> sqlite3.Error | None:
    """Remove rows for good; returns why the file cannot be changed, where it cannot. Raises InputError while
    another program uses it."""
    with database.reading() as connection:
        if connection is None:
            return None
        try:
            with connection:
                connection.execute("BEGIN IMMEDIATE")
                connection.executemany(statement, each)
        except sqlite3.Error as error:
            if database.is_busy(error):
                raise
            return error
        with contextlib.suppress(sqlite3.Error):  # it only makes the file smaller
            connection.execute("VACUUM")
    return None


def _repair() -> None:
    """Set a damaged history aside, so that what is left of it can be changed; raises InputError."""
    if database.path().exists():
        try:
            with Store() as store:
                store.open()
        except OutputError as error:
            cause = error.__cause__
            raise InputError(str(error)) from (cause if isinstance(cause, sqlite3.Error) else error)


def forget_all() -> None:
    """Remove every session, also of a file that cannot be read, and the damaged files that were set aside.

    Raises InputError while another program uses it, and OutputError when a file cannot be removed.
    """
    target = database.path()
    try:
        _repair()
        damaged = database.set_aside_before(target)
        if _removed("DELETE FROM sessions", [()]) is not None:  # a full disk: the file itself can go
            damaged.append(target)
    except InputError as error:
        if isinstance(error.__cause__, sqlite3.Error):
            raise
        damaged = [*database.set_aside_before(target), target]  # of a newer version
    try:
        for one in damaged:
            for name in (one.name, *(one.name + ending for ending in database.BESIDE)):
                one.with_name(name).unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            tr("{file} cannot be removed ({why}).", file=error.filename, why=error.strerror)
        ) from error
