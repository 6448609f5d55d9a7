"""What a command was given, checked and put into the types that the rooms below take."""

import math
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from posecoach.core import files
from posecoach.core.errors import InputError
from posecoach.core.messages import cut, did_you_mean, quoted
from posecoach.core.translation import marked, tr

if TYPE_CHECKING:
    from posecoach.coaching.plan import Routine
    from posecoach.records.settings import Settings

_OWN = marked("{file} is a file of posecoach's own: name another file to write.")
_READ = marked("{file} is read as well: name another file to write.")
_WRITTEN = marked("{file} is written as well: name another file to write.")
_LIMIT = marked("--limit must be EXERCISE.NAME=VALUE, such as knee_to_chest.enter=95, but got {got}.")
_OWN_LIMIT = marked("--limit must be NAME=VALUE, such as enter=95, but got {got}.")


def check_exercise(exercise: str, side: str | None = None) -> None:
    """Raises InputError when there is no such exercise, or it has no sides and one is given."""
    from posecoach.assessment.exercises import CATALOGUE

    if exercise not in CATALOGUE:
        hint = did_you_mean(exercise, CATALOGUE, translated=True)
        raise InputError(
            tr(
                "There is no exercise {exercise}{hint}: 'posecoach exercises' lists them.",
                exercise=quoted(exercise),
                hint=hint,
            )
        )
    if side and not CATALOGUE[exercise].sided:
        raise InputError(
            tr(
                "{title} is done with both sides at once: leave --side out.",
                title=tr(CATALOGUE[exercise].title),
            )
        )


def check_toml(path: Path) -> None:
    """Raises InputError for a routine file to be written whose name does not end in `.toml`."""
    if path.suffix != ".toml":
        raise InputError(
            tr(
                "A routine file ends in .toml, but got {file}: name it {name}.toml.",
                file=path,
                name=path.name,
            )
        )


def distinct(outputs: Iterable[Path | None], inputs: Iterable[Path | None]) -> None:
    """Raises InputError when a file to be written is one that is read, one that is written already, or one
    that posecoach itself keeps.

    Devices and pipes keep nothing that could be lost, so they may be named as often as you like.
    """
    wanted = [path for path in outputs if path is not None]
    if not wanted:
        return
    taken = {_identity(path): _OWN for path in _own()}
    taken |= {_identity(path): _READ for path in inputs if path is not None}
    for path in wanted:
        found = files.there(path)
        if found is not None and not stat.S_ISREG(found.st_mode):
            continue
        key = _identity(path)
        if key in taken:
            raise InputError(tr(taken[key], file=path))
        taken[key] = _WRITTEN


def _own() -> Iterator[Path]:
    """The files that posecoach keeps."""
    from posecoach.records import database, personal_ranges, routine_files, safety_answers, settings
    from posecoach.vision import model_bundle

    for kept in (database, personal_ranges, safety_answers, settings):
        yield kept.path()
    yield model_bundle.default_path()
    yield from (routine_files.own_folder() / f"{name}.toml" for name in routine_files.own())


def _identity(path: Path) -> object:
    """The same for two names of one file, whether it is there or not."""
    found = files.there(path)
    if found is not None:
        return found.st_dev, found.st_ino
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):  # no file can be called that
        return path


def parsed_limits(
    given: Sequence[str] | None, exercise: str | None = None, alone: bool = True
) -> dict[str, dict[str, float]]:
    """The `--limit` options, `EXERCISE.NAME=VALUE`, by exercise and name.

    With `exercise` they may leave theirs out. They are `alone` where no routine sets any. Raises InputError
    for what is no such option, no such limit, out of its bounds or beyond the target.
    """
    from posecoach.assessment.exercises import CATALOGUE
    from posecoach.coaching.targets import check_limit, check_target

    found: dict[str, dict[str, float]] = {}
    for option in given or ():
        key, _, text = option.partition("=")
        before, _, name = key.rpartition(".")
        named = before or exercise
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not named or not math.isfinite(value):
            raise InputError(tr(_OWN_LIMIT if exercise else _LIMIT, got=quoted(option)))
        check_exercise(named)
        if exercise and named != exercise:
            raise InputError(
                tr(
                    "--limit {limit} is about another exercise than {exercise}: leave it out.",
                    limit=cut(option),
                    exercise=exercise,
                )
            )
        check_limit(CATALOGUE[named], name, value)
        found.setdefault(named, {})[name] = value
    for named, values in found.items() if alone else ():
        check_target(CATALOGUE[named], values, values)
    return found


def selected(chosen: "Routine", only: Sequence[str] | None, skip: Sequence[str] | None) -> "Routine":
    """The routine with the exercises that `--only` and `--skip` leave; raises InputError.

    Exercises may be given one by one, or with commas between them.
    """
    from posecoach.coaching import tailoring

    wanted, unwanted = _single(only or ()), _single(skip or ())
    for name in (*wanted, *unwanted):
        check_exercise(name)
    return tailoring.selected(chosen, wanted, unwanted)


def _single(names: Iterable[str]) -> list[str]:
    return [one.strip() for name in names for one in name.split(",") if one.strip()]


def remembered(given: Mapping[str, object] | None = None, tell: bool = True) -> "Settings":
    """What is `given`, and for the rest what was chosen for a session last; its language is spoken from now
    on. Another language than before comes with its own voice, unless one is given.

    `tell` as in `settings.load`.
    """
    from posecoach.core import language
    from posecoach.records import settings

    given = {key: value for key, value in (given or {}).items() if value is not None}
    last = settings.load(tell)
    before = language.use(last.language)
    chosen = last.model_copy(update=given)
    if language.use(chosen.language) != before and "voice_name" not in given:
        chosen = chosen.model_copy(update={"voice_name": ""})
    return chosen
