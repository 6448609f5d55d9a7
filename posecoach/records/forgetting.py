"""Removing sessions, and all that is known of a person, for good."""

import contextlib
import sqlite3
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import partial
from pathlib import Path

from posecoach.core import files
from posecoach.core.errors import InputError, OutputError
from posecoach.core.translation import tr
from posecoach.records import database, personal_ranges, safety_answers
from posecoach.records.history import Store, no_session


def check(numbers: Collection[int]) -> None:
    """Raises InputError when one of these sessions is not there."""
    with database.reading() as connection:
        rows = connection.execute("SELECT id FROM sessions") if connection is not None else ()
        missing = sorted(set(numbers) - {number for (number,) in rows})
    if missing:
        raise no_session(missing[0])


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


def forget_all(limits: bool = False) -> None:
    """Remove every session, also of a file that cannot be read, the damaged files that were set aside and the
    answers about safety; with `limits`, the person's own as well.

    Raises InputError, and nothing is removed, while the history cannot be used. Otherwise what can be removed
    is; raises OutputError that says what could not be.
    """
    try:
        removals: list[Callable[[], object]] = [partial(files.remove, one) for one in _emptied()]
    except InputError as error:
        raise InputError(f"{error} {tr('Nothing was removed.')}") from error
    removals.append(safety_answers.forget)
    if limits:
        removals.append(personal_ranges.forget)
    left = list[str]()
    for remove in removals:
        try:
            remove()
        except OutputError as error:
            left.append(str(error))
    if left:
        raise OutputError(" ".join([*left, tr("Everything else was removed.")]))


def _emptied() -> Iterator[Path]:
    """Remove every session from the history; the files that have to go, too. Raises InputError while another
    program uses it."""
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
    for one in damaged:
        yield from (one.with_name(one.name + ending) for ending in ("", *database.BESIDE))
