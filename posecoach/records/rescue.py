"""What can be read of a damaged history. The damaged file itself is only read: the work is done on a copy."""

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

_MAGIC = b"SQLite format 3\0"
#: Bytes of the header that are the same in every history: where they begin, and what they are.
_HEADER = ((0, _MAGIC), (18, b"\x01\x01"), (44, b"\x00\x00\x00\x04"), (56, b"\x00\x00\x00\x01"))

#: How SQLite tells that it cannot go on; Python cannot read a message that quotes a damaged name.
_UNREADABLE = (sqlite3.Error, UnicodeDecodeError)

Row = tuple[object, ...]


def rescued(damaged: Path, schema: Sequence[str], tables: Sequence[str]) -> dict[str, list[Row]]:
    """The rows of `tables` that can be read, whole, in the order of their numbers; `schema` is the SQL that
    made the tables."""
    found: dict[str, list[Row]] = {}
    with tempfile.TemporaryDirectory(prefix="posecoach-") as folder:
        copy = Path(folder) / "copy.db"
        with contextlib.suppress(OSError):
            shutil.copyfile(damaged, copy)
            _repair_header(copy)
            _repair_schema(copy, schema, tables)
        for table in tables:
            rows: dict[int, Row] = {}
            for order in ("ASC", "DESC"):  # up to the damage from both ends
                rows |= dict(_scan(copy, table, order))
            found[table] = [rows[number] for number in sorted(rows)]
    return found


def _scan(copy: Path, table: str, order: str) -> Iterator[tuple[int, Row]]:
    """The rows of a table with their numbers, until one cannot be read."""
    with contextlib.suppress(*_UNREADABLE), contextlib.closing(_opened(copy)) as connection:
        # Without an index: that may be what is damaged.
        query = f"SELECT rowid, * FROM {table} NOT INDEXED ORDER BY rowid {order}"
        for number, *row in connection.execute(query):
            yield number, tuple(row)


def _opened(copy: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(copy, isolation_level=None)
    connection.text_factory = lambda text: text.decode("utf-8", "replace")
    return connection


def _repair_header(copy: Path) -> None:
    with copy.open("r+b") as file:
        if not file.read(1):
            return
        for begins, expected in _HEADER:
            file.seek(begins)
            file.write(expected)


def _repair_schema(copy: Path, schema: Sequence[str], tables: Sequence[str]) -> None:
    """Write how the tables were made once more, where that cannot be understood."""
    with contextlib.suppress(*_UNREADABLE), contextlib.closing(_opened(copy)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        for table, statement in zip(tables, schema, strict=True):
            connection.execute(
                "UPDATE sqlite_master SET type = 'table', name = ?, tbl_name = ?, sql = ?"
                " WHERE name = ? OR (tbl_name = ? AND sql IS NOT NULL)",
                (table, table, statement, table, table),
            )
