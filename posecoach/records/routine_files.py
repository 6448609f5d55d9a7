"""Routine files: TOML that a person or a therapist writes, read with validation, and written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import tomli_w
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, FiniteFloat, ValidationError

from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching.plan import MOST_REPS, MOST_STEPS, Routine, Step
from posecoach.coaching.targets import wrong_limit
from posecoach.core import files, paths
from posecoach.core.choices import LONGEST_HOLD_S, SHORTEST_HOLD_S
from posecoach.core.errors import InputError
from posecoach.core.messages import cut, did_you_mean, printable, quoted
from posecoach.core.translation import tr

#: Letters of a routine's name, at most.
LONGEST_NAME = 60

#: Names that nothing new gets: after `posecoach routines` these are commands.
RESERVED = ("add", "check", "new", "share", "show")

#: Words that are shown and spoken: on one line, and nothing that a terminal would obey.
_Words = Annotated[str, AfterValidator(lambda text: printable(" ".join(text.split())))]


class _StepTable(BaseModel):
    """A `[[steps]]` table; what it leaves out is filled in by `_unfold`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    exercise: str = ""
    pause_s: float = Field(default=0, ge=0, le=600, strict=True)
    side: Literal["left", "right", "both", "each"] = "both"
    hold_s: float = Field(default=0, ge=0, le=LONGEST_HOLD_S, strict=True)
    reps: int = Field(default=1, ge=1, le=MOST_REPS, strict=True)
    limits: dict[str, Annotated[FiniteFloat, Field(strict=True)]] = {}
    say: _Words = ""
    breathe: bool = Field(default=False, strict=True)


class _RoutineTable(BaseModel):
    """A whole routine file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: _Words = ""  # of files of version 0.1.0, and no longer used: a routine has the name of its file
    title: _Words
    source: _Words = ""
    days_a_week: int = Field(default=0, ge=1, le=7, strict=True)
    note: _Words = ""
    steps: tuple[_StepTable, ...] = Field(min_length=1)


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
    table = _RoutineTable.model_validate(data)
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
    data = _data(path)
    found: list[str] = []
    try:
        _RoutineTable.model_validate(data)
    except ValidationError as error:
        found += _wrong(error)
    steps = data.get("steps")
    for index, step in enumerate(steps if isinstance(steps, list) else []):
        try:
            known = _StepTable.model_validate(step)
        except ValidationError as error:
            rest = _without(step, error)
            if rest is None:
                continue  # what is wrong in it is among the above already
            known = rest
        found += _wrong_in(known, f"steps[{index}]")
    lines = _Lines(path.read_text("utf-8-sig"))
    placed = sorted(((lines.of(wrong), wrong) for wrong in found), key=lambda one: one[0] or 0)
    return [f"Line {line}: {wrong}." if line else f"{wrong}." for line, wrong in placed]


def _without(step: object, error: ValidationError) -> _StepTable | None:
    """The step without the keys that `error` names; None where too little is left to tell more of it."""
    bad = {detail["loc"][0] for detail in error.errors(include_url=False) if detail["loc"]}
    if not isinstance(step, dict) or not bad or "exercise" not in step.keys() - bad:
        return None
    return _StepTable.model_validate({key: value for key, value in step.items() if key not in bad})


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


def _wrong(error: ValidationError) -> list[str]:
    """What is wrong, by key, with what was expected and what came."""
    details = error.errors(include_url=False)
    # Steps with a mistake do not count as steps there: that none is left is no mistake of its own.
    return [_told(one) for one in details if one["type"] != "too_short" or not one["input"]]


def _told(detail: Mapping[str, Any]) -> str:
    key, kind, got = _key(detail["loc"]), detail["type"], detail["input"]
    if kind == "extra_forbidden":
        model = _StepTable if len(detail["loc"]) > 1 else _RoutineTable
        return f"{key} is not a known key{did_you_mean(str(detail['loc'][-1]), model.model_fields)}"
    if kind == "missing":
        return f"{key} is missing"
    if kind == "too_short":
        return f"{key} must list at least one step"
    message = detail["msg"].removeprefix("Input ").replace("tuple", "list")  # as TOML calls it
    return f"{key} {message}, but got {quoted(got)}"


def _key(location: Iterable[int | str]) -> str:
    """A key the way it is found in the file: `steps[2].hold_s`, counted from 0 as in TOML tools."""
    key = ""
    for part in location:
        key += f"[{part}]" if isinstance(part, int) else f".{cut(part)}" if key else cut(part)
    return key


def _wrong_in(step: _StepTable, where: str) -> Iterator[str]:
    """What is wrong in a step that is well-formed: what its exercise does not allow."""
    if not step.exercise:
        if step.pause_s and not step.say:
            yield f"{where}.say is missing: what the coach says in the pause"
        elif not step.pause_s or step.model_fields_set - {"pause_s", "say", "breathe"}:
            yield f"{where} must have an 'exercise', or else just 'pause_s' and 'say'"
        return
    if step.breathe:
        yield f"{where}.breathe is for steps without an exercise: the breath is led in every hold"
    if step.pause_s:
        yield f"{where}.pause_s is for steps without an exercise: leave one of the two out"
    exercise = CATALOGUE.get(step.exercise)
    if exercise is None:
        yield (
            f"{where}.exercise must be one of the exercises that 'posecoach exercises' lists, but got "
            f"{quoted(step.exercise)}{did_you_mean(step.exercise, CATALOGUE)}"
        )
        return
    if 0 < step.hold_s < SHORTEST_HOLD_S:
        yield (
            f"{where}.hold_s must be at least {SHORTEST_HOLD_S}, or 0 for repetitions alone, but got "
            f"{quoted(step.hold_s)}"
        )
    for name, value in step.limits.items():
        wrong = wrong_limit(exercise, name, value, f"{where}.limits")
        if wrong is not None:
            yield wrong
    if "side" in step.model_fields_set and exercise.sided == (step.side == "both"):
        expected = "'left', 'right' or 'each'" if exercise.sided else "'both', or left out"
        yield f"{where}.side must be {expected} for {step.exercise}, but got '{step.side}'"


def _unfold(table: _StepTable) -> list[Step]:
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


class _Lines:
    """Where the keys of a routine file stand; TOML's reader does not say."""

    def __init__(self, text: str) -> None:
        self._lines = text.splitlines()
        self._steps = [n for n, line in enumerate(self._lines) if re.match(r"\s*\[\[\s*steps\s*\]\]", line)]

    def of(self, wrong: str) -> int | None:
        """The line (from 1) of what a sentence that begins with a key is about; None where not clear."""
        found = re.match(r"steps\[(\d+)\](?:\.(\w+))?|(\w+)", wrong)
        if found is None:
            return None
        number, key, top = found.groups()
        if number is None:
            begin, end = 0, self._steps[0] if self._steps else len(self._lines)
        elif int(number) < len(self._steps):
            begin = self._steps[int(number)]
            end = next((line for line in self._steps if line > begin), len(self._lines))
        else:
            return None
        named = re.compile(rf"\s*{re.escape(key or top or '')}\s*[.=]")
        at = next((n for n in range(begin, end) if named.match(self._lines[n])), None)
        if at is None:
            at = begin if number is not None else None
        return None if at is None else at + 1
