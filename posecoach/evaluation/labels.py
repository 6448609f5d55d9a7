"""Labels and truth: CSV files that say what clips show, read and validated row by row."""

import csv
import difflib
import math
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posecoach.assessment.exercises import CATALOGUE
from posecoach.core import files
from posecoach.core.choices import LONGEST_HOLD_S
from posecoach.core.errors import InputError
from posecoach.core.messages import did_you_mean, printable, quoted
from posecoach.core.pose import Array
from posecoach.session.measurement_log import ANGLES
from posecoach.vision.video_file import frame_times

#: What a label calls another movement, which is not to be taken for an exercise.
NONE = "none"

#: The columns that a labels file needs, and those that it may have.
NEEDED = ("clip", "exercise", "verdict")
OPTIONAL = ("truth", "side", "view", "near_side", "hold_target_s", "reps", "holds_s", "faults")
_SIDES = ("left", "right", "both", "")
_NEAR = ("left", "right", "")
_VERDICTS = ("good", "fault", "not_performed", "")
_ALIKE = 0.75  # of two names that are likely meant to be one
_SLACK = 2.5  # frames by which a truth file may be off: a clip's last frames are easily lost


@dataclass(frozen=True)
class Label:
    """One row of a labels file.

    `name` is the clip as the file writes it and `clip` where it is. An empty `verdict` is not to be judged.
    `exercise` is an identifier of the catalogue or `NONE`. `hold_target_s` is the dose in seconds, `holds_s`
    the seconds in position of each hold, `faults` the names of the labelled faults, `fault_times` when each
    of them shows as (name, start, end), where the label says so; `near_side` is the body side nearer the
    camera (empty: unknown).
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
    fault_times: tuple[tuple[str, float, float], ...] = ()


def load(path: Path, exercise: str | None = None, view: str | None = None, clips: bool = True) -> list[Label]:
    """The rows of a labels file, only those of `exercise` and `view` when given, in the file's order; without
    `clips`, neither these nor their truth files have to be there.

    Raises InputError naming file and line when a column is missing or misspelt, a value cannot be understood
    or contradicts another, an exercise or fault is unknown (every such line), two rows are about the same
    exercise in the same clip, or a clip or truth file of a row that is asked for is not there.
    """
    found = files.there(path)
    if found is not None and stat.S_ISCHR(found.st_mode):
        raise InputError(f"{path} is a device, not a labels file.")
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            _refuse_columns(reader.fieldnames or (), path)
            rows = list(_labels(reader, path))
    except FileNotFoundError:
        raise InputError(f"There is no labels file {path}: check the path.") from None
    except OSError as error:
        raise InputError(f"The labels file {path} cannot be read ({error.strerror}).") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The labels file {path} is not a CSV file in UTF-8.") from error
    _refuse_twins(rows, path)
    wanted = [
        (line, label)
        for line, label in rows
        if exercise in (None, label.exercise) and view in (None, label.view)
    ]
    for line, label in wanted if clips else ():
        for what, place in (("clip", label.clip), ("truth file", label.truth)):
            if place is not None and not files.is_file(place):
                raise InputError(f"{path}, line {line}: the {what} {place} is not there.")
    if not wanted:
        chosen = " ".join(filter(None, (exercise and f"exercise '{exercise}'", view and f"view '{view}'")))
        raise InputError(f"{path} has no rows{' of ' + chosen if chosen else ''}.")
    return [label for _, label in wanted]


def _refuse_columns(names: Sequence[str], path: Path) -> None:
    if len(names) == 1 and ";" in names[0]:
        raise InputError(
            f"{path}, line 1: there are semicolons between the columns: save it as CSV with commas."
        )
    for column in NEEDED:
        if column not in names:
            raise InputError(
                f"{path}, line 1: the column '{column}' is missing{did_you_mean(column, names)}."
            )
    for name in names:
        # What is left out is empty: a name that is nearly known must not be left out by mistake.
        meant = difflib.get_close_matches(name, [one for one in OPTIONAL if one not in names], 1, _ALIKE)
        if meant and name not in NEEDED + OPTIONAL:
            raise InputError(
                f"{path}, line 1: posecoach knows no column {quoted(name)} (did you mean '{meant[0]}'?)."
            )


def _labels(reader: "csv.DictReader[str]", path: Path) -> Iterator[tuple[int, Label]]:
    """The lines and labels of all rows; raises one InputError about every line that is wrong."""
    mistakes = []
    for row in reader:
        try:
            yield _label(row, path, reader.line_num)
        except InputError as error:
            mistakes.append(str(error))
    if mistakes:
        raise InputError(" ".join(mistakes))


def _refuse_twins(rows: Iterable[tuple[int, Label]], path: Path) -> None:
    lines: dict[tuple[Path, str], int] = {}
    for line, label in rows:
        before = lines.setdefault((label.clip, label.exercise), line)
        if before != line:
            raise InputError(
                f"{path}, line {line}: {label.exercise} in {label.name} is labelled in line {before} "
                "already: leave one of the two out."
            )


def truth(path: Path, clip: Path | None = None) -> dict[str, Array]:
    """The columns of numbers of a truth file by name, `t_s` among them, each of shape (frames,).

    Values that are not there come back as NaN. Raises InputError naming file and line when the file cannot be
    understood, or does not fit `clip`: a row for each frame, at its time.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            names = [name for name in reader.fieldnames or () if name != "phase"]
            for needed in ("t_s", *ANGLES):
                if needed not in names:
                    raise InputError(f"{path}, line 1: the column '{needed}' is missing.")
            columns: dict[str, list[float]] = {name: [] for name in names}
            for row in reader:
                _truth_row(row, columns, f"{path}, line {reader.line_num}")
    except OSError as error:
        raise InputError(f"The truth file {path} cannot be read ({error.strerror}).") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise InputError(f"The truth file {path} is not a CSV file in UTF-8.") from error
    if not columns["t_s"]:
        raise InputError(f"{path} has no rows.")
    if clip is not None:
        _fit(columns["t_s"], path, clip)
    return {name: np.array(values) for name, values in columns.items()}


def _truth_row(row: Mapping[str, str | None], columns: Mapping[str, list[float]], where: str) -> None:
    times = columns["t_s"]
    _refuse_surplus(row, where)
    for name, values in columns.items():
        text = row[name]
        if text is None:
            raise InputError(f"{where}: the row has fewer values than the file has columns.")
        values.append(_number(text, name, where) if text or name == "t_s" else math.nan)
    if len(times) > 1 and times[-1] <= times[-2]:
        raise InputError(f"{where}: 't_s' must rise, but {times[-1]:g} follows {times[-2]:g}.")


def _refuse_surplus(row: Mapping[str, str | None], where: str) -> None:
    if None in row:  # where the csv module keeps what belongs to no column
        raise InputError(f"{where}: the row has more values than the file has columns.")


def _fit(t_s: list[float], path: Path, clip: Path) -> None:
    """Raises InputError when a truth file's times are not those of its clip's frames."""
    frames = frame_times(clip)
    if frames is None or len(frames) < 2:
        return  # judging will say what is wrong with the clip
    if abs(len(t_s) - len(frames)) > _SLACK:
        raise InputError(
            f"{path} does not fit its clip {clip}: it has {len(t_s)} rows for {len(frames)} frames."
        )
    slack = _SLACK * frames[-1] / (len(frames) - 1)
    for line, (row, frame) in enumerate(zip(t_s, frames, strict=False), start=2):
        if abs(row - frame) > slack:
            raise InputError(
                f"{path}, line {line}: the truth does not fit its clip {clip}, where frame {line - 2} is "
                f"shown at {frame:.3f} s, not at {row:.3f} s."
            )


def _label(written: Mapping[str, str], path: Path, line: int) -> tuple[int, Label]:
    where = f"{path}, line {line}"
    row = {**dict.fromkeys(OPTIONAL, ""), **written}
    if any(row[column] is None for column in NEEDED + OPTIONAL):
        raise InputError(f"{where}: the row has fewer values than the file has columns.")
    _refuse_surplus(row, where)
    for column in ("clip", "exercise"):
        if not row[column]:
            raise InputError(f"{where}: '{column}' is empty.")
    dose = _number(row["hold_target_s"] or "0", "hold_target_s", where)
    if not 0 <= dose <= LONGEST_HOLD_S:
        raise InputError(
            f"{where}: 'hold_target_s' must be between 0 and {LONGEST_HOLD_S}, but got "
            f"{quoted(row['hold_target_s'])}."
        )
    if row["exercise"] not in (*CATALOGUE, NONE):
        hint = did_you_mean(row["exercise"], CATALOGUE)
        raise InputError(f"{where}: there is no exercise {quoted(row['exercise'])}{hint}.")
    times = tuple(_fault(part, row["exercise"], where) for part in row["faults"].split(";") if part)
    verdict = _one_of(_VERDICTS, row["verdict"], "verdict", where)
    if verdict == "fault" and not times and "faults" in written:
        raise InputError(f"{where}: the verdict is 'fault', so 'faults' must name one.")
    if verdict in ("good", "not_performed") and times:
        raise InputError(f"{where}: the verdict is '{verdict}', so 'faults' must be empty.")
    return line, Label(
        name=row["clip"],
        clip=path.parent / row["clip"],
        truth=path.parent / row["truth"] if row["truth"] else None,
        exercise=row["exercise"],
        side=_one_of(_SIDES, row["side"], "side", where),
        view=printable(row["view"]),
        near_side=_one_of(_NEAR, row["near_side"], "near_side", where),
        hold_target_s=dose,
        reps=_count(row["reps"], "reps", where) if row["reps"] else None,
        holds_s=tuple(_duration(part, "holds_s", where) for part in row["holds_s"].split(";") if part),
        verdict=verdict,
        faults=tuple(dict.fromkeys(name for name, _ in times)),
        fault_times=tuple((name, *span) for name, span in times if span is not None),
    )


def _fault(text: str, exercise: str, where: str) -> tuple[str, tuple[float, float] | None]:
    """A labelled fault, `name` or `name@start-end`, as its name and its start and end in seconds."""
    name, _, span = text.partition("@")
    known = CATALOGUE[exercise].faults if exercise in CATALOGUE else ()
    if name not in known:
        raise InputError(f"{where}: {exercise} has no fault {quoted(name)}{did_you_mean(name, known)}.")
    if not span:
        return name, None
    first, _, last = span.partition("-")
    start, end = _number(first, "faults", where), _number(last, "faults", where)
    if end < start:
        raise InputError(f"{where}: {name} ends at {end:g} s, before it begins at {start:g} s.")
    return name, (start, end)


def _one_of(choices: Iterable[str], text: str, column: str, where: str) -> str:
    if text not in choices:
        expected = ", ".join(choice or "nothing" for choice in choices)
        raise InputError(f"{where}: '{column}' must be one of {expected}, but got {quoted(text)}.")
    return text


def _number(text: str | None, column: str, where: str) -> float:
    try:
        value = float(text or "")
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise InputError(f"{where}: '{column}' must be a number, but got {quoted(text or '')}.")
    return value


def _duration(text: str, column: str, where: str) -> float:
    value = _number(text, column, where)
    if value < 0:
        raise InputError(f"{where}: '{column}' must be 0 or more, but got {quoted(text)}.")
    return value


def _count(text: str, column: str, where: str) -> int:
    value = _number(text, column, where)
    if value < 0 or not value.is_integer():
        raise InputError(f"{where}: '{column}' must be a whole number, 0 or more, but got {quoted(text)}.")
    return int(value)
