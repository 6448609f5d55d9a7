"""`posecoach routines new`: a routine put together by questions and answers."""

import logging
import re
from pathlib import Path

import typer
from rich.table import Table

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.cli.inputs import check_toml, remembered
from posecoach.coaching import plan
from posecoach.core import files
from posecoach.core.choices import LONGEST_HOLD_S
from posecoach.core.errors import InputError
from posecoach.core.messages import quoted
from posecoach.core.translation import decimal, marked, tr
from posecoach.feedback import tables, terminal
from posecoach.records import routine_files

log = logging.getLogger(__name__)

_SIDES = {"l": "left", "r": "right", "left": "left", "right": "right"} | dict.fromkeys(
    ("e", "b", "each", "both"), "each"
)


def new(path: Path | None) -> int:
    """Ask for a routine and write it: to `path`, or among the person's own under the name they give it.

    What is there already is never overwritten. Raises InputError when the questions are not answered to
    their end.
    """
    remembered(tell=False)
    if path is not None:
        check_toml(path)
        if files.there(path) is not None:
            raise InputError(tr("{file} is there already: name a file that is not.", file=path))
        files.ready(path)
    try:
        title, target = _ask_name(path)
        steps = _ask_steps()
    except typer.Abort:
        raise InputError(
            tr("The questions were not answered to their end, so nothing was written: start again.")
        ) from None
    files.ready_folder(target.parent)
    files.write(target, routine_files.as_toml(title, steps))
    written = routine_files.load(str(target.absolute()))
    terminal.console().print(tables.routine(written))
    name = written.name if path is None else str(target)
    log.info("%s", tr("It is in {file}.\nTo begin: posecoach live {name}", file=target, name=name))
    return 0


def _tell(text: str) -> None:
    typer.echo(terminal.wrapped(text))


def _ask(question: str, usual: str | None = None) -> str:
    """The answer to a question; the usual one where nothing is given."""
    answer: str = typer.prompt(terminal.wrapped(question), default=usual, prompt_suffix=" ")
    return answer


def _ask_name(path: Path | None) -> tuple[str, Path]:
    """The title of the routine, and the file it goes to."""
    while True:
        title = " ".join(_ask(tr("What is it called?")).split())
        if path is not None:
            return title, path
        name = routine_files.name_for(title)
        try:
            routine_files.check_free(name)
        except InputError as error:
            _tell(str(error))
        else:
            return title, routine_files.own_folder() / f"{name}.toml"


def _ask_steps() -> list[dict[str, str | float]]:
    """The steps, an exercise each, in the order in which they are to come."""
    table = Table(title=tr("Exercises"))
    for heading in ("", tr("exercise"), tr("usual dose")):
        table.add_column(heading)
    numbered = dict(enumerate(CATALOGUE.values(), start=1))
    for number, exercise in numbered.items():
        held = tr("hold {seconds} s", seconds=decimal(exercise.hold_s, "g"))
        usual = held if exercise.hold_s else tr("repetitions")
        table.add_row(str(number), tr(exercise.title), usual)
    terminal.console().print(table)
    return [_ask_dose(exercise) for exercise in _ask_exercises(numbered)]


def _ask_exercises(numbered: dict[int, Exercise]) -> list[Exercise]:
    while True:
        answer = _ask(tr("Which exercises, in which order? (their numbers, such as 7 1 10)"))
        words = re.split(r"[\s,;]+", answer.strip(" ,;"))
        known = {str(number): one for number, one in numbered.items()} | dict(CATALOGUE)
        unknown = [word for word in words if word not in known]
        if words and not unknown:
            return [known[word] for word in words]
        text = marked("{word} is none of them: give numbers from 1 to {most}.")
        _tell(tr(text, word=quoted(unknown[0]), most=len(numbered)))


def _ask_dose(exercise: Exercise) -> dict[str, str | float]:
    _tell(f"\n{tr(exercise.title)}: {tr(exercise.summary)}")
    step: dict[str, str | float] = {"exercise": exercise.id}
    if exercise.sided:
        step["side"] = _ask_side()
    if exercise.hold_s:
        step["hold_s"] = _ask_number(tr("How many seconds to hold?"), exercise.hold_s, 1, LONGEST_HOLD_S)
    usual = 4 if not exercise.hold_s else 1
    question = marked("How many times?")
    if exercise.sided:
        question = marked("How many times per side?")
    elif exercise.alternating:
        question = marked("How many times in all, the sides in turn?")
    step["reps"] = _ask_number(tr(question), usual, 1, plan.MOST_REPS)
    return step


def _ask_side() -> str:
    sides = {tr(side): side for side in ("left", "right", "each", "both")}
    while True:
        answer = _ask(tr("Which side: left, right, or each (left, then right)?"), tr("each")).strip().lower()
        answer = sides.get(answer, answer)
        if answer in _SIDES:
            return _SIDES[answer]
        _tell(tr("Please answer left, right or each."))


def _ask_number(question: str, usual: float, least: int, most: int) -> int:
    while True:
        answer = _ask(question, f"{usual:g}").strip()
        if answer.isdecimal() and least <= int(answer[:9]) <= most:
            return int(answer)
        _tell(tr("Please give a whole number from {least} to {most}.", least=least, most=most))
