"""Labels and truth: CSV files that say what clips show, read and validated row by row."""

import csv
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posecoach.errors import InputError
from posecoach.pose import Array

COLUMNS = (
    "clip",
    "truth",
    "exercise",
    "side",
    "view",
    "near_side",
    "hold_target_s",
    "reps",
    "holds_s",
    "verdict",
    "faults",
)
_SIDES = ("left", "right", "both", "")
_NEAR = ("left", "right", "")
_VERDICTS = ("good", "fault", "not_performed", "")


@dataclass(frozen=True)
class Label:
    """One row of a labels file.

    `name` is the clip as the file writes it and `clip` where it is. An empty `verdict` is not to be judged.
    `hold_target_s` is the dose in seconds, `holds_s` the seconds in position of each hold, `faults` the
    names of the labelled faults, `near_side` the body side nearer the camera (empty: unknown).
    """

    name: str
    clip: Path
    truth: Path | None
    exercise: str
    side: str
    view: str
    near_side: str
    hold_target_s: float
    reps: int | None
    holds_s: tuple[float, ...]
    verdict: str
    faults: tuple[str, ...]


def load(path: Path, exercise: str | None = None, view: str | None = None) -> list[Label]:
    """The rows of a labels file, only those of `exercise` and `view` when given, in the file's order.

    Raises InputError naming file and line when a column is missing, a value cannot be understood, or a clip
    or truth file of a row that is asked for is not there.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [column for column in COLUMNS if column not in (reader.fieldnames or ())]
            if missing:
                raise InputError(f"{path}, line 1: the column '{missing[0]}' is missing.")
            rows = [_label(row, path, reader.line_num) for row in reader]
    except FileNotFoundError:
        raise InputError(f"There is no labels file {path}: check the path.") from None
    except OSError as error:
        raise InputError(f"The labels file {path} cannot be read ({error.strerror}).") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The labels file {path} is not a CSV file in UTF-8.") from error
    wanted = [
        (line, label)
        for line, label in rows
        if exercise in (None, label.exercise) and view in (None, label.view)
    ]
    for line, label in wanted:
        for what, place in (("clip", label.clip), ("truth file", label.truth)):
            if place is not None and not place.is_file():
                raise InputError(f"{path}, line {line}: the {what} {place} is not there.")
    if not wanted:
        chosen = " ".join(filter(None, (exercise and f"exercise '{exercise}'", view and f"view '{view}'")))
        raise InputError(f"{path} has no rows{' of ' + chosen if chosen else ''}.")
    return [label for _, label in wanted]


def truth(path: Path) -> dict[str, Array]:
    """The columns of numbers of a truth file by name, `t_s` among them, each of shape (frames,).

    Values that are not there come back as NaN. Raises InputError when the file cannot be understood.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            columns: dict[str, list[float]] = {
                name: [] for name in reader.fieldnames or () if name != "phase"
            }
            if "t_s" not in columns:
                raise InputError(f"{path}, line 1: the column 't_s' is missing.")
            for row in reader:
                for name, values in columns.items():
                    where = f"{path}, line {reader.line_num}"
                    values.append(_number(row[name], name, where) if row[name] else math.nan)
    except OSError as error:
        raise InputError(f"The truth file {path} cannot be read ({error.strerror}).") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The truth file {path} is not a CSV file in UTF-8.") from error
    return {name: np.array(values) for name, values in columns.items()}


def _label(row: Mapping[str, str], path: Path, line: int) -> tuple[int, Label]:
    where = f"{path}, line {line}"
    if any(row[column] is None for column in COLUMNS):
        raise InputError(f"{where}: the row has fewer values than the file has columns.")
    for column in ("clip", "exercise"):
        if not row[column]:
            raise InputError(f"{where}: '{column}' is empty.")
    dose = _number(row["hold_target_s"], "hold_target_s", where)
    if dose < 0:
        raise InputError(f"{where}: 'hold_target_s' must be 0 or more, but got '{row['hold_target_s']}'.")
    return line, Label(
        name=row["clip"],
        clip=path.parent / row["clip"],
        truth=path.parent / row["truth"] if row["truth"] else None,
        exercise=row["exercise"],
        side=_one_of(_SIDES, row["side"], "side", where),
        view=row["view"],
        near_side=_one_of(_NEAR, row["near_side"], "near_side", where),
        hold_target_s=dose,
        reps=int(_number(row["reps"], "reps", where)) if row["reps"] else None,
        holds_s=tuple(_number(part, "holds_s", where) for part in row["holds_s"].split(";") if part),
        verdict=_one_of(_VERDICTS, row["verdict"], "verdict", where),
        faults=tuple(dict.fromkeys(part.split("@")[0] for part in row["faults"].split(";") if part)),
    )


def _one_of(choices: Iterable[str], text: str, column: str, where: str) -> str:
    if text not in choices:
        expected = ", ".join(choice or "nothing" for choice in choices)
        raise InputError(f"{where}: '{column}' must be one of {expected}, but got '{text}'.")
    return text


def _number(text: str | None, column: str, where: str) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{where}: '{column}' must be a number, but got '{text or ''}'.")
    return value
