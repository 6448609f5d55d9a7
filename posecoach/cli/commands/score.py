"""`posecoach score`: clips judged offline, alone or against labels."""

import logging
import shlex
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import typer
from rich.console import Console

from posecoach.assessment.results import Result
from posecoach.cli import options
from posecoach.cli.commands import study
from posecoach.cli.inputs import distinct, parsed_limits
from posecoach.cli.judging import judge_all, keep_frames, model_for, tell
from posecoach.core import files
from posecoach.core.errors import InputError
from posecoach.core.pose import Array
from posecoach.evaluation import labels as label_files
from posecoach.evaluation import tables
from posecoach.evaluation.agreement import (
    Agreement,
    AngleError,
    Measured,
    beside_truth,
    compare,
    tally,
)
from posecoach.evaluation.failure_cases import Case
from posecoach.evaluation.labels import Label
from posecoach.feedback import terminal
from posecoach.feedback.outputs import LinesTarget, attempt
from posecoach.session import landmarks
from posecoach.session.batch import Scored, Task
from posecoach.session.frames_files import frames_files
from posecoach.session.stopwatch import Stopwatch

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Batch:
    """The clips that were judged, in the order of their tasks.

    `stopped` by Ctrl-C, `complete` when every task got its result and its frames file was written.
    """

    scored: list[Scored]
    stopped: bool
    complete: bool

    @property
    def judged(self) -> list[tuple[str, Result]]:
        """The results that there are, by the clip's name."""
        return [(one.task.name, result) for one in self.scored for result in one.results]

    @property
    def empty(self) -> bool:
        """True when Ctrl-C came before there was a result."""
        return self.stopped and not self.judged


def score(given: options.Score) -> int:
    """Judge clips, alone or against labels."""
    if given.labels is None:
        return study.study(given)
    if given.landmarks is None:
        return _labelled(given, given.labels)
    return _again(given, given.labels, given.landmarks)


def _labelled(given: options.Score, path: Path) -> int:
    """Judge the clips of a labels file, told only what each is and its dose, and compare.

    The exit status is 1 when a verdict is wrong, or a clip could not be judged or written.
    """
    target, report = LinesTarget(given.json), given.report
    if report is not None:
        files.ready(report)
    labels = label_files.load(path, given.exercise, given.view)
    rows = _tasks(((row, row.clip) for row in labels), given)
    read = [path, given.model, *(place for row in rows.values() for place in (row.clip, row.truth))]
    distinct([target.file, report, *frames_files(list(rows), given.frames)], read)
    truths = {row.truth: label_files.truth(row.truth, row.clip) for row in rows.values() if row.truth}
    batch = _judge(list(rows), given)
    if batch.empty:
        return 130
    cases = list(_cases(rows, batch.scored, truths))
    written = attempt(lambda: _write(target, batch))
    if report is not None:
        from posecoach.evaluation import accuracy_page  # matplotlib takes a while to load

        failures = [(one.task.name, one.failure) for one in batch.scored if one.failure]
        page = accuracy_page.page(path.name, cases, failures, _command(given, path, report))
        written &= attempt(lambda: files.write(report, page))
        log.info("The report is in %s.", report)
    compared = [case.agreement for case in cases]
    measured = [(case.label, [one.error for one in case.measured]) for case in cases if case.measured]
    _print_agreement(compared, measured, terminal.console(to_stderr=target.to_terminal))
    return _status(batch, compared, written)


def _again(given: options.Score, path: Path, folder: Path) -> int:
    """The same with the landmarks kept in `folder` in place of the clips, which tell nothing of angles."""
    target, kept = LinesTarget(given.json), landmarks.clips_in(folder)
    labels = label_files.load(path, given.exercise, given.view, clips=False)
    rows = _tasks(((row, kept[row.clip.name]) for row in labels if row.clip.name in kept), given)
    if not rows:
        raise InputError(f"{folder} holds landmarks of no clip in {path}: name the folder that does.")
    if len(rows) < len(labels):
        log.warning("%s holds no landmarks of %d of the clips.", folder, len(labels) - len(rows))
    distinct([target.file], [path, *kept.values()])
    batch = _judge(list(rows), given)
    if batch.empty:
        return 130
    compared = [compare(rows[one.task], result) for one in batch.scored for result in one.results]
    written = attempt(lambda: _write(target, batch))
    _print_agreement(compared, [], terminal.console(to_stderr=target.to_terminal))
    return _status(batch, compared, written)


def _tasks(clips: Iterable[tuple[Label, Path]], given: options.Score) -> dict[Task, Label]:
    """What the judge is told of labelled clips; that one shows no exercise, it has to find out."""
    limits = parsed_limits(given.limit, given.exercise)
    return {
        Task(
            row.name,
            clip,
            None if row.exercise == label_files.NONE else row.exercise,
            hold_s=row.hold_target_s,
            every=given.every,
            limits=limits,
            whole=True,
        ): row
        for row, clip in clips
    }


def _status(batch: Batch, compared: Iterable[Agreement], written: bool) -> int:
    if batch.stopped:
        return 130
    wrong = any(one.right is False for one in compared)
    return int(wrong or not (batch.complete and written))


def _cases(
    rows: Mapping[Task, Label], scored: Iterable[Scored], truths: Mapping[Path, Mapping[str, Array]]
) -> Iterator[Case]:
    """What was judged, beside its labels and truth."""
    for one in scored:
        label = rows[one.task]
        if not one.results or one.frames is None or one.bodies is None:
            continue
        [result] = one.results  # a label is about the clip as a whole
        measured: list[Measured] = []
        if label.truth is not None:
            measured = beside_truth(one.frames.t_s, one.frames.measures, truths[label.truth], label.near_side)
        yield Case(label, result, one.frames, one.bodies, compare(label, result), tuple(measured))


def _command(given: options.Score, path: Path, report: Path) -> str:
    """The command line that makes the same report."""
    named = {"--labels": path, "--exercise": given.exercise, "--view": given.view, "--report": report}
    return shlex.join(["posecoach", "score", *(str(part) for o, v in named.items() if v for part in (o, v))])


def _judge(tasks: Sequence[Task], given: options.Score) -> Batch:
    """Judge clips until they are done or Ctrl-C comes, and write their frames files."""
    frames = given.frames
    if frames is not None:
        files.ready_folder(frames)
    finished: dict[Task, Scored] = {}
    stopped, complete = False, True
    weights = model_for(given)
    begin_s = time.perf_counter()
    with terminal.progress("clips") as progress:
        bar = progress.add_task("judging", total=len(tasks))

        def done(one: Scored) -> None:
            nonlocal complete
            finished[one.task] = one
            complete &= not one.failure and keep_frames(one, frames)
            tell(one)
            progress.advance(bar)

        try:
            judge_all(given, tasks, weights, done)
        except KeyboardInterrupt:
            stopped = True
            log.error("Stopped: %d of %d clips were judged.", len(finished), len(tasks))
    if given.stats:
        watch = Stopwatch()
        for one in finished.values():
            watch.add(one.watch)
        typer.echo(watch.in_words(time.perf_counter() - begin_s), err=True)
    return Batch([finished[task] for task in tasks if task in finished], stopped, complete)


def _write(target: LinesTarget, batch: Batch) -> None:
    """Write the results where `--json` says; raises OutputError."""
    target.write([result.as_json(name) for name, result in batch.judged])


def _print_agreement(
    compared: Sequence[Agreement], measured: Sequence[tuple[Label, Sequence[AngleError]]], console: Console
) -> None:
    """Print how results agree with labels."""
    narrow = console.width < tables.NARROW
    if compared:
        console.print(tables.agreements(compared, narrow))
        console.print(tables.confusion(compared))
        console.print(tables.timing(compared, narrow))
    if measured:
        console.print(tables.angles(measured, narrow))
    counted = tally(compared)
    console.print(
        f"{counted.right} right, {counted.wrong} wrong, {counted.unseen} unseen, "
        f"{counted.unlabelled} without a labelled verdict"
    )
