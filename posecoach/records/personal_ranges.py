"""A person's comfortable ranges of motion, by date: a TOML file in the settings folder."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated

import tomli_w
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from posecoach.coaching.targets import Range, Ranges
from posecoach.core import files, paths
from posecoach.core.errors import InputError
from posecoach.core.translation import tr
from posecoach.core.types import Side

_HEADER = """\
# How far you comfortably go, as 'posecoach calibrate' saw it, in degrees of what each exercise is judged by.
# The last entry of an exercise and side counts; the earlier ones show change.

"""
_Degrees = Annotated[float, Field(ge=-360, le=360)]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    date: date
    rest: _Degrees
    peak: _Degrees

    def range(self) -> Range:
        return Range(self.date, self.rest, self.peak)


_FILE = TypeAdapter(dict[str, dict[Side, Annotated[tuple[_Entry, ...], Field(min_length=1)]]])


def path() -> Path:
    """Where a person's ranges are kept."""
    return paths.config_dir() / "ranges.toml"


def load() -> Ranges:
    """The ranges that were recorded; none without a file. Raises InputError when it cannot be understood."""
    try:
        known = _FILE.validate_python(files.toml(path()))
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, ValueError) as error:  # pydantic's errors are of the latter
        raise InputError(
            tr(
                "Your own limits in {file} cannot be understood: fix the file, or forget them, in the "
                "browser under 'My own limits' or with 'posecoach calibrate --forget'.",
                file=path(),
            )
        ) from error
    return {
        exercise: {side: tuple(entry.range() for entry in entries) for side, entries in sides.items()}
        for exercise, sides in known.items()
    }


def record(found: Mapping[tuple[str, Side], Range]) -> None:
    """Add ranges by exercise and side to those on file, in one step; raises OutputError."""
    known = {exercise: dict(sides) for exercise, sides in load().items()}
    for (exercise, side), comfortable in found.items():
        sides = known.setdefault(exercise, {})
        sides[side] = (*sides.get(side, ()), comfortable)
    tables = {
        exercise: {side: [asdict(entry) for entry in entries] for side, entries in sides.items()}
        for exercise, sides in known.items()
    }
    files.ready_folder(path().parent)
    files.write(path(), _HEADER + tomli_w.dumps(tables))


def forget() -> bool:
    """Remove the file; False when there is none. Raises OutputError when it cannot be removed."""
    return files.remove(path())
