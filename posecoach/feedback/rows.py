"""The rows of a study, one for each exercise of a clip, as they come: as JSON lines, CSV and Parquet."""

import contextlib
import csv
import io
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import IO, Any, Protocol

import typer

from posecoach.assessment.results import Position, Result, in_position_s
from posecoach.core import files, paths
from posecoach.core.errors import InputError
from posecoach.core.messages import encodable, inert

Row = Mapping[str, Any]

#: The columns of CSV and Parquet: strings, whole numbers and decimal numbers by their names' kind.
COLUMNS: Mapping[str, type] = {
    "clip": str,
    "content": str,
    "part": int,
    "parts": int,
    "exercise": str,
    "start_s": float,
    "end_s": float,
    "certainty": float,
    "runner_up": str,
    "side": str,
    "verdict": str,
    "score": int,
    "reps": int,
    "in_position_s": float,
    "faults": str,
    "duration_s": float,
    "frames": int,
    "seen": float,
    "confidence": float,
    "notes": str,
    "error": str,
}

_GROUP = 1000  # rows of Parquet that are written together


class Sink(Protocol):
    """Takes rows; each is safe once `write` has returned."""

    def write(self, row: Row) -> None: ...
    def close(self) -> None: ...


def of_clip(
    clip: str, content: str, settings: Row, results: Sequence[Result], failure: str | None
) -> list[dict[str, Any]]:
    """The rows of a clip with this SHA-256: one for each result, or why it could not be judged.

    `settings` are what the judge was told: what is found under others answers another question.
    Of several each says which it is, and of how many: a journal that ends between them is known by that.
    """
    if failure:
        return [{"clip": encodable(clip), "content": content, "error": failure}]
    rows = [result.as_dict(clip) | {"settings": settings, "content": content} for result in results]
    if len(rows) > 1:
        rows = [row | {"part": part, "parts": len(rows)} for part, row in enumerate(rows, start=1)]
    return rows


def finished(journal: Path) -> Iterator[list[dict[str, Any]]]:
    """The rows of each clip of an earlier run that need not be made again, from its JSON lines.

    A line that was cut off or changed, a clip that failed, and one that lacks a row are left out. Raises
    InputError when the file cannot be read.
    """
    try:
        with journal.open(encoding="utf-8") as lines:
            for _, rows in groupby(_finished(lines), lambda row: (row["content"], row.get("clip"))):
                whole = list(rows)
                parts = [(row.get("part", 1), row.get("parts", 1)) for row in whole]
                if parts == [(part, len(whole)) for part in range(1, len(whole) + 1)]:
                    yield whole
    except FileNotFoundError:
        return
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{journal} cannot be read to resume: name another --json file.") from error


def _finished(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            continue
        if _is_finished(row):
            yield row


def _is_finished(row: object) -> bool:
    """Whether a line of an earlier run is the row of a clip that was judged, as `Result.as_dict` makes it."""
    if not isinstance(row, dict) or row.get("error") or not isinstance(row.get("content"), str):
        return False
    try:
        cells = _flat(row)
        json.dumps(row, allow_nan=False)  # a number that is none, or infinite, could not be written again
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    right = all(
        value is None or type(value) is COLUMNS[name] or (type(value) is int and COLUMNS[name] is float)
        for name, value in cells.items()
    )
    counted = all(type(row.get(name, 1)) is int for name in ("part", "parts"))
    return bool(row["content"] and row.get("verdict")) and right and counted


class _Growing:
    """A text file that grows, begun with what is written first; in its place the terminal."""

    def __init__(self, path: Path | None, begun: bool = False) -> None:
        """`path` None is the terminal; `begun` goes on with what is in the file."""
        self._path, self._begun = path, begun
        self._file: IO[str] | None = None

    def write(self, text: str) -> None:
        """Append a text; raises OutputError."""
        if self._path is None:
            typer.echo(text, nl=False)
            return
        try:
            if self._file is None:
                self._file = self._path.open("a" if self._begun else "w", encoding="utf-8", newline="")
            self._file.write(text)
            self._file.flush()
        except OSError as error:
            with contextlib.suppress(OSError):
                self.close()
            raise files.unwritable(self._path, error) from error

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()


class JsonLines:
    """A row a line, in a file or on the terminal. The file is begun with the first row."""

    def __init__(self, path: Path | None, begun: bool = False) -> None:
        """`path` None is the terminal; `begun` goes on with what is in the file."""
        self._lines = _Growing(path, begun)

    def write(self, row: Row) -> None:
        """Append a row; raises OutputError."""
        self._lines.write(json.dumps(row, allow_nan=False) + "\n")

    def close(self) -> None:
        """Finish the file."""
        self._lines.close()


class CsvRows:
    """A header and the rows."""

    def __init__(self, path: Path | None) -> None:
        """`path` None is the terminal."""
        self._lines = _Growing(path)
        self._begun = False

    def write(self, row: Row) -> None:
        """Append a row; raises OutputError."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if not self._begun:
            writer.writerow(COLUMNS)
            self._begun = True
        writer.writerow(inert(cell) if isinstance(cell, str) else cell for cell in _flat(row).values())
        self._lines.write(text.getvalue())

    def close(self) -> None:
        """Finish the file."""
        self._lines.close()


class ParquetRows:
    """A Parquet file, which appears whole when it is closed; needs the extra `parquet`."""

    def __init__(self, path: Path) -> None:
        try:
            import pyarrow as arrow
            import pyarrow.parquet as parquet
        except ImportError:
            raise InputError(
                f"--parquet needs pyarrow. This installs it: {paths.installs('parquet')}"
            ) from None
        kinds = {str: arrow.string(), int: arrow.int64(), float: arrow.float64()}
        self._arrow, self._parquet = arrow, parquet
        self._schema = arrow.schema([(name, kinds[kind]) for name, kind in COLUMNS.items()])
        self._path, self._partial = path, path.with_name(f".posecoach-{secrets.token_hex(8)}")
        self._waiting: list[Row] = []
        self._writer: Any = None

    def write(self, row: Row) -> None:
        """Append a row; raises OutputError."""
        self._waiting.append(_flat(row))
        if len(self._waiting) >= _GROUP:
            self._flush()

    def close(self) -> None:
        """Finish the file, if there was a row; raises OutputError."""
        self._flush()
        if self._writer is not None:
            with self._told():
                self._writer.close()
                self._partial.replace(self._path)

    def _flush(self) -> None:
        if not self._waiting:
            return
        with self._told():
            if self._writer is None:
                self._writer = self._parquet.ParquetWriter(self._partial, self._schema)
            self._writer.write_table(self._arrow.Table.from_pylist(self._waiting, schema=self._schema))
        self._waiting.clear()

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        """Remove what was begun and raise OutputError where the `with` block cannot write."""
        try:
            yield
        except OSError as error:
            self._partial.unlink(missing_ok=True)
            raise files.unwritable(self._path, error) from error


def carry_over(journal: Path, settings: Row, others: Sequence[Sink], claims: files.Claims) -> frozenset[str]:
    """Keep the finished rows of an earlier run in `journal`, which is claimed, and write them to `others`.

    Returns the contents that they are about, as `content` has them. Raises InputError, and changes nothing,
    when one was judged with other settings than `settings`.
    """
    for found in finished(journal):
        if (theirs := found[0].get("settings")) != settings:
            told = _told(theirs) if isinstance(theirs, dict) else "which it does not tell"
            raise InputError(
                f"{journal} was made with other settings ({told}): "
                "resume with the same ones, or name another --json file."
            )
    contents = set[str]()
    partial = journal.with_name(f".posecoach-{secrets.token_hex(8)}")
    kept = JsonLines(partial)
    for rows in finished(journal):
        content = rows[0]["content"]
        if content not in contents:
            contents.add(content)
            for sink in (kept, *others):
                for row in rows:
                    sink.write(row)
    kept.close()
    if contents:
        claims.claim(partial)  # so that nobody finds the new journal free
        partial.replace(journal)
    return frozenset(contents)


def _told(settings: Row) -> str:
    """Settings in a few words, but for those that change nothing."""
    return ", ".join(f"{name} {value}" for name, value in settings.items() if value)


def _flat(row: Row) -> dict[str, Any]:
    """A row as cells: faults by their names, positions by how long those of its side were held, notes by
    their codes and what these are about."""
    cells: dict[str, Any] = {name: row.get(name) for name in COLUMNS}
    if row.get("verdict") is not None:
        faults: Iterable[Row] = row["faults"]
        cells["faults"] = " ".join(dict.fromkeys(fault["name"] for fault in faults))
        held = [Position(**position) for position in row["positions"]]
        cells["in_position_s"] = round(in_position_s(row["side"], held), 2)
        cells["notes"] = " ".join(":".join(note.values()) for note in row.get("notes", ()))
    return cells
