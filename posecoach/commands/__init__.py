"""What the commands do, a file for each; `cli` declares their options and imports them only when they run."""

import difflib
from pathlib import Path
from typing import Literal

import typer

from posecoach import files
from posecoach.errors import InputError


def check_exercise(exercise: str, side: str | None = None) -> None:
    """Raises InputError when there is no such exercise, or it has no sides and one is given."""
    from posecoach.exercises import CATALOGUE

    if exercise not in CATALOGUE:
        close = difflib.get_close_matches(exercise, CATALOGUE, n=1)
        hint = f" (did you mean '{close[0]}'?)" if close else ""
        raise InputError(f"There is no exercise '{exercise}'{hint}: 'posecoach exercises' lists them.")
    if side and not CATALOGUE[exercise].sided:
        raise InputError(f"{exercise} is done with both sides at once: leave --side out.")


def refuse_overwriting(target: Path | None, source: Path) -> None:
    """Raises InputError when the video to be written is the one that is read."""
    if target is not None and target.exists() and source.exists() and target.samefile(source):
        raise InputError(f"{target} is the video that is read: name another file to write.")


def turn(rotate: str) -> Literal["auto", 0, 90, 180, 270]:
    """The value of `--rotate` as the tracker takes it."""
    turns: dict[str, Literal[0, 90, 180, 270]] = {"0": 0, "90": 90, "180": 180, "270": 270}
    return turns.get(rotate, "auto")


class JsonTarget:
    """Where `--json` goes: a file that is known to be writable, the terminal for `-`, or nowhere."""

    def __init__(self, target: str | None) -> None:
        self.to_terminal = target == "-"
        self._file = files.ready(Path(target)) if target and not self.to_terminal else None

    def write(self, lines: list[str]) -> None:
        """Write the lines, each a JSON object."""
        text = "".join(line + "\n" for line in lines)
        if self.to_terminal:
            typer.echo(text, nl=False)
        elif self._file:
            files.write(self._file, text)
