"""Routine files: TOML that a person or a therapist writes, read with validation, and written."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import tomli_w

from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching.plan import MOST_STEPS, Routine, Step
from posecoach.core import files, paths
from posecoach.core.errors import InputError
from posecoach.core.messages import did_you_mean, printable, quoted
from posecoach.core.translation import tr
from posecoach.records import routine_mistakes
from posecoach.records.routine_mistakes import RoutineTable, StepTable

#: Letters of a routine's name, at most.
LONGEST_NAME = 60

#: Names that nothing new gets: after `posecoach routines` these are commands.
RESERVED = ("add", "check", "new", "share", "show")


def available() -> list[str]:
    """The names of the routines that ship with this installation."""
    return sorted(path.stem for path in paths.shipped("routines").glob("*.toml"))


def own_folder() -> Path:
    """Where routines of the person's own are kept, to be used by their name."""
    return paths.config_dir() / "routines"


def own() -> list[str]:
    """The names of the person's own routines; of two with one name, the one that ships is used."""
    return sorted({path.stem for path in own_folder().glob("*.toml")} - {*available()})


def names() -> list[str]:
    """The names of all routines: those that ship, then the person's own."""
    return [*available(), *own()]


def name_for(title: str) -> str:
    """The name of a routine with this title: its letters and digits, with `_` for what is between them."""
    return "_".join("".join(sign if sign.isalnum() else " " for sign in title.lower()).split())


def check_free(name: str) -> None:
    """Raises InputError, which asks for another name, where a new routine cannot have this one."""
    if not 0 < len(name) <= LONGEST_NAME:
        raise InputError(tr("Please give it a name of some letters or digits, 60 at most."))
    _check_no_command(name)
    if name in names():
        raise InputError(tr("There is a routine '{name}' already: please take another name.", name=name))


def _check_no_command(name: str) -> None:
    if name in RESERVED:
        raise InputError(
            tr("'{name}' is a word that posecoach needs itself: please take another.", name=name)
        )


def file_of(name: str) -> Path | None:
    """The TOML file of the person that `name` is a path or the name of; None for a routine that ships."""
    path = Path(name)
    if path.suffix == ".toml" or len(path.parts) != 1:
        return path
    return own_folder() / f"{name}.toml" if name in own() else None


def _path_of(name: str) -> Path:
    """The file of the routine called `name`; raises InputError when there is none of that name."""
    path = file_of(name)
    if path is not None:
        return path
    if name not in available():
        raise InputError(
            tr(
                "There is no routine {name}{hint}; 'posecoach routines' lists them, and a path to a TOML "
                "file works too.",
                name=quoted(name),
                hint=did_you_mean(name, names(), translated=True),
            )
        )
    return paths.shipped("routines") / f"{name}.toml"


def load(name: str) -> Routine:
    """The routine called `name`, or the one in the TOML file that `name` is a path of.

    Steps with `side = "each"` come back as two, left then right, and what a step leaves out is filled in from
    its exercise. Its words are those of the file: they are translated where they are said or shown. Raises
    InputError naming the file, the key, what was expected and what came.
    """
    path = _path_of(name)
    data = _data(path)
    wrong = mistakes(path)
    if wrong:
        raise InputError(f"{path}: {wrong[0]}")
    table = RoutineTable.model_validate(data)
    return Routine(
        title=table.title,
        steps=tuple(one for step in table.steps for one in _unfold(step)),
        name=printable(path.stem),
        source=table.source,
        days_a_week=table.days_a_week,
        note=table.note,
    )


def prescribed(name: str) -> int:
    """On how many days a week the routine called `name` is prescribed; 0 where nobody did, or it is gone."""
    try:
        return load(name).days_a_week
    except InputError:
        return 0


def text(name: str) -> str:
    """What is in the file of the routine called `name`; raises InputError when there is none."""
    return _path_of(name).read_text("utf-8-sig")


def share(name: str, target: Path) -> None:
    """Write the file of a routine to `target`, for another machine; raises InputError, OutputError."""
    load(name)  # what is wrong in it is said here, not there
    if files.there(target) is not None:
        raise InputError(tr("{file} is there already: name a file that is not.", file=target))
    files.write(files.ready(target), text(name))


def add(path: Path) -> str:
    """Keep a routine file among the person's own; returns the name it has there.

    Raises InputError when there is something wrong in it, or its name cannot be had.
    """
    load(str(path.absolute()))
    name = path.name.removesuffix(".toml")
    _check_no_command(name)
    target = own_folder() / f"{name}.toml"
    content = path.read_text("utf-8-sig")
    if name in available():
        raise InputError(
            tr("A routine '{name}' ships with posecoach: give the file another name.", name=name)
        )
    if files.there(target) is not None and target.read_text("utf-8-sig") != content:
        raise InputError(
            tr(
                "There is a routine '{name}' of your own already, in {file}: give the new file another "
                "name, or remove the old one.",
                name=name,
                file=target,
            )
        )
    files.ready_folder(target.parent)
    files.write(target, content)
    return name


def mistakes(path: Path) -> list[str]:
    """All that is wrong in a routine file, a sentence each, with its line where that is clear.

    Raises InputError when the file cannot be read or is not TOML.
    """
    return routine_mistakes.mistakes(_data(path), path.read_text("utf-8-sig"))


def mistakes_in(title: str, steps: Iterable[Mapping[str, str | float]]) -> list[str]:
    """All that is wrong in a routine that is in no file yet, a sentence each, without a line."""
    return routine_mistakes.mistakes({"title": title, "steps": list(steps)}, text="")


def as_toml(title: str, steps: Iterable[Mapping[str, str | float]]) -> str:
    """The text of a routine file; each step by its keys and values."""
    return tomli_w.dumps({"title": title, "steps": list(steps)})


def _data(path: Path) -> dict[str, Any]:
    """What is in the file; raises InputError when it cannot be read or is not TOML."""
    try:
        data = files.toml(path)
    except FileNotFoundError:
        raise InputError(tr("There is no routine file {file}: check the path.", file=path)) from None
    except OSError as error:
        raise InputError(
            tr("The routine file {file} cannot be read ({why}).", file=path, why=error.strerror)
        ) from error
    except UnicodeDecodeError as error:
        raise InputError(tr("The routine file {file} is not text in UTF-8.", file=path)) from error
    except ValueError as error:
        raise InputError(
            tr("The routine file {file} is not valid TOML: {why}.", file=path, why=printable(str(error)))
        ) from error
    steps = data.get("steps")
    if isinstance(steps, list) and len(steps) > MOST_STEPS:
        raise InputError(
            tr(
                "{file} has {count} steps, and a routine at most {most}: shorten it.",
                file=path,
                count=len(steps),
                most=MOST_STEPS,
            )
        )
    return data


def _unfold(table: StepTable) -> list[Step]:
    """The step as one or two with a side each, with the dose of its exercise where it names none."""
    step = Step(**table.model_dump())
    if not step.exercise:
        return [step]
    exercise = CATALOGUE[step.exercise]
    given = table.model_fields_set
    if "hold_s" not in given:
        step = replace(step, hold_s=exercise.hold_s)
    side = step.side if "side" in given else "each" if exercise.sided else "both"
    if side == "each":
        return [replace(step, side="left"), replace(step, side="right")]
    return [replace(step, side=side)]
