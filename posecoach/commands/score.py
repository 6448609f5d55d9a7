"""`posecoach score`: clips judged offline, alone or against labels."""

import logging
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from rich.console import Console

from posecoach import files, tables, terminal
from posecoach import labels as label_files
from posecoach import model as models
from posecoach.agreement import angle_errors, compare
from posecoach.commands import JsonTarget, check_exercise
from posecoach.errors import InputError
from posecoach.exercises import CATALOGUE
from posecoach.labels import Label
from posecoach.results import Result
from posecoach.score import Scored, Task, score_all

log = logging.getLogger(__name__)


def clips(
    paths: Sequence[Path],
    exercise: str,
    side: Literal["left", "right"] | None,
    hold_s: float,
    jobs: int | None,
    json: str | None,
    frames: Path | None,
    model: Path | None,
) -> int:
    """Judge clips that all show one exercise; the exit status is 1 when one could not be judged."""
    check_exercise(exercise, side)
    target = JsonTarget(json)
    tasks = [Task(str(path), path, exercise, side, hold_s) for path in paths]
    scored, interrupted = _judge(tasks, jobs, model, frames)
    judged = _write(target, scored)
    terminal.console(to_stderr=target.to_terminal).print(tables.clips(judged))
    return 130 if interrupted else int(len(judged) < len(tasks))


def labelled(
    path: Path,
    exercise: str | None,
    view: str | None,
    jobs: int | None,
    json: str | None,
    frames: Path | None,
    model: Path | None,
) -> int:
    """Judge the clips of a labels file, told only what each is and its dose, and compare.

    The exit status is 1 when a verdict is wrong or a clip could not be judged.
    """
    target = JsonTarget(json)
    rows = {
        Task(row.name, row.clip, row.exercise, hold_s=row.hold_target_s): row
        for row in label_files.load(path, exercise, view)
        if _known(row)
    }
    scored, interrupted = _judge(list(rows), jobs, model, frames)
    judged = _write(target, scored)
    console = terminal.console(to_stderr=target.to_terminal)
    right = _print_agreement(rows, scored, console)
    return 130 if interrupted else int(not right or len(judged) < len(rows))


def _known(row: Label) -> bool:
    if row.exercise in CATALOGUE:
        return True
    log.warning("%s is not judged: this version does not know the exercise '%s'.", row.name, row.exercise)
    return False


def _judge(
    tasks: Sequence[Task], jobs: int | None, model: Path | None, frames: Path | None
) -> tuple[list[Scored], bool]:
    """The clips in the order of the tasks, as far as Ctrl-C let them be judged, and whether it came."""
    if frames is not None:
        _refuse_twins(tasks)
        files.ready_folder(frames)
    finished: dict[Task, Scored] = {}
    interrupted = False
    weights = models.load(model, log.info)
    with terminal.progress("clips") as progress:
        bar = progress.add_task("judging", total=len(tasks))

        def done(one: Scored) -> None:
            finished[one.task] = one
            if one.failure:
                log.error("%s: %s", one.task.name, one.failure)
                log.debug("%s", one.details)
            elif frames is not None and one.track:
                files.write(frames / f"{one.task.clip.stem}.csv", one.track.as_csv())
            if one.note:
                log.warning("%s: %s It was judged as far as it goes.", one.task.name, one.note)
            progress.advance(bar)

        try:
            score_all(tasks, weights, jobs or os.cpu_count() or 1, done)
        except KeyboardInterrupt:
            interrupted = True
            log.error("Stopped: %d of %d clips were judged.", len(finished), len(tasks))
    return [finished[task] for task in tasks if task in finished], interrupted


def _refuse_twins(tasks: Sequence[Task]) -> None:
    for stem, count in Counter(task.clip.stem for task in tasks).items():
        if count > 1:
            raise InputError(
                f"{count} of the clips are called {stem}, so one --frames file would overwrite another: "
                "judge them in runs of their own."
            )


def _write(target: JsonTarget, scored: Sequence[Scored]) -> list[tuple[str, Result]]:
    """The results that there are, by the clip's name, written where `--json` says."""
    judged = [(one.task.name, one.result) for one in scored if one.result]
    target.write([result.as_json(name) for name, result in judged])
    return judged


def _print_agreement(rows: Mapping[Task, Label], scored: Sequence[Scored], console: Console) -> bool:
    """Print how results agree with labels; True when no verdict is wrong."""
    compared, angles = [], []
    for one in scored:
        label = rows[one.task]
        if one.result is None or one.track is None:
            continue
        compared.append(compare(label, one.result))
        if label.truth is not None:
            truth = label_files.truth(label.truth)
            angles.append((label, angle_errors(one.track.t_s, one.track.measures, truth, label.near_side)))
    if compared:
        console.print(tables.agreements(compared))
        console.print(tables.confusion(compared))
        console.print(tables.timing(compared))
    if angles:
        console.print(tables.angles(angles))
    right = sum(one.right is True for one in compared)
    wrong = sum(one.right is False for one in compared)
    unseen = sum(one.result.verdict == "unseen" for one in compared)
    unjudged = len(compared) - right - wrong - unseen
    console.print(f"{right} right, {wrong} wrong, {unseen} unseen, {unjudged} without a labelled verdict")
    return wrong == 0
