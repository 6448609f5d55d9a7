"""What the commands do, a file for each; `cli` declares their options and imports them only when they run."""

import difflib
import logging
import math
import stat
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from posecoach.core import files
from posecoach.core.errors import InputError, OutputError
from posecoach.core.messages import cut, quoted, sentence
from posecoach.core.translation import tr

if TYPE_CHECKING:
    from posecoach.coaching.plan import Routine
    from posecoach.coaching.utterances import Utterance
    from posecoach.feedback.voice import Voice
    from posecoach.records.settings import Settings

log = logging.getLogger(__name__)

_LIMIT = "EXERCISE.NAME=VALUE, such as knee_to_chest.enter=95"


def check_exercise(exercise: str, side: str | None = None) -> None:
    """Raises InputError when there is no such exercise, or it has no sides and one is given."""
    from posecoach.assessment.exercises import CATALOGUE

    if exercise not in CATALOGUE:
        close = difflib.get_close_matches(exercise, CATALOGUE, n=1)
        hint = f" (did you mean '{close[0]}'?)" if close else ""
        raise InputError(f"There is no exercise {quoted(exercise)}{hint}: 'posecoach exercises' lists them.")
    if side and not CATALOGUE[exercise].sided:
        raise InputError(f"{exercise} is done with both sides at once: leave --side out.")


def distinct(outputs: Iterable[Path | None], inputs: Iterable[Path | None]) -> None:
    """Raises InputError when a file to be written is one that is read, or one that is written already.

    Devices and pipes keep nothing that could be lost, so they may be named as often as you like.
    """
    taken = {_identity(path): "read" for path in inputs if path is not None}
    for path in outputs:
        if path is None:
            continue
        found = files.there(path)
        if found is not None and not stat.S_ISREG(found.st_mode):
            continue
        key = _identity(path)
        if key in taken:
            raise InputError(f"{path} is {taken[key]} as well: name another file to write.")
        taken[key] = "written"


def _identity(path: Path) -> object:
    """The same for two names of one file, whether it is there or not."""
    found = files.there(path)
    if found is not None:
        return found.st_dev, found.st_ino
    try:
        return path.resolve()
    except (OSError, ValueError, RuntimeError):  # no file can be called that
        return path


def attempt(write: Callable[[], None]) -> bool:
    """Write one of several outputs: a failure is told of and answered with False, and costs no other."""
    try:
        write()
    except OutputError as error:
        log.error("%s", sentence(error))
        return False
    return True


def parsed_limits(given: Sequence[str], exercise: str | None = None) -> dict[str, dict[str, float]]:
    """The `--limit` options, `EXERCISE.NAME=VALUE`, by exercise and name.

    With `exercise` they may leave theirs out. Raises InputError for what is no such option, no such limit
    or out of its bounds.
    """
    from posecoach.assessment.exercises import CATALOGUE
    from posecoach.coaching.targets import check_limit

    found: dict[str, dict[str, float]] = {}
    for option in given:
        key, _, text = option.partition("=")
        before, _, name = key.rpartition(".")
        named = before or exercise
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not named or not math.isfinite(value):
            form = "NAME=VALUE, such as enter=95" if exercise else _LIMIT
            raise InputError(f"--limit must be {form}, but got {quoted(option)}.")
        check_exercise(named)
        if exercise and named != exercise:
            raise InputError(
                f"--limit {cut(option)} is about another exercise than {exercise}: leave it out."
            )
        check_limit(CATALOGUE[named], name, value, "--limit")
        found.setdefault(named, {})[name] = value
    return found


@dataclass(frozen=True)
class Today:
    """How a routine is wanted today, as `--only`, `--skip` and `--gentle` say; exercises may be given one by
    one or with commas between them."""

    only: Sequence[str] = ()
    skip: Sequence[str] = ()
    gentle: bool = False

    def selected(self, chosen: "Routine") -> "Routine":
        """The routine with the exercises that are wanted; raises InputError."""
        from posecoach.coaching import tailoring

        only, skip = _single(self.only), _single(self.skip)
        for name in (*only, *skip):
            check_exercise(name)
        return tailoring.selected(chosen, only, skip)

    def gentler(self, chosen: "Routine", given: Mapping[str, Mapping[str, float]]) -> "Routine":
        """The routine, gentler where that is wanted, with the limits that are `given` as they are."""
        from posecoach.coaching import tailoring

        return tailoring.gentler(chosen, given) if self.gentle else chosen


def _single(names: Iterable[str]) -> list[str]:
    return [one.strip() for name in names for one in name.split(",") if one.strip()]


def turn(rotate: str) -> Literal["auto", 0, 90, 180, 270]:
    """The value of `--rotate` as the tracker takes it."""
    turns: dict[str, Literal[0, 90, 180, 270]] = {"0": 0, "90": 90, "180": 180, "270": 270}
    return turns.get(rotate, "auto")


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


class SoundTarget:
    """Where `--voice-out` goes: a sound file, known to be writable, with its transcript; or nowhere."""

    def __init__(self, target: Path | None) -> None:
        self.sound: Path | None = None
        self.transcript: Path | None = None
        if target is not None:
            if target.suffix.lower() != ".wav":
                raise InputError(f"--voice-out writes a WAV file: name one that ends in .wav, not {target}.")
            self.sound, self.transcript = files.ready(target), files.ready(target.with_suffix(".txt"))

    @property
    def files(self) -> list[Path]:
        """What will be written."""
        return [path for path in (self.sound, self.transcript) if path is not None]

    def write(self, said: Sequence["Utterance"], voice: "Voice", volume: int, lasts_s: float = 0.0) -> None:
        """Write what was said in `lasts_s` seconds; raises OutputError."""
        from posecoach.feedback.soundtrack import soundtrack

        if self.sound is None or self.transcript is None:
            return
        track = soundtrack(said, voice.say, volume, lasts_s)
        files.write(self.transcript, track.transcript())
        files.write(self.sound, track.wav())
        text = tr("What was said is in {sound} and {text}.", sound=self.sound, text=self.transcript)
        log.info("%s", text)


class JsonTarget:
    """Where `--json` or `--csv` goes: a file known to be writable, the terminal for `-`, or nowhere."""

    def __init__(self, target: str | None) -> None:
        self.to_terminal = target == "-"
        self.file = files.ready(Path(target)) if target and not self.to_terminal else None

    def write(self, lines: list[str]) -> None:
        """Write the lines, each a JSON object or a row."""
        text = "".join(line + "\n" for line in lines)
        if self.to_terminal:
            typer.echo(text, nl=False)
        elif self.file:
            files.write(self.file, text)
