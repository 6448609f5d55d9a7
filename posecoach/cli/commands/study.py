"""`posecoach score CLIP…`: any number of clips, or kept landmarks, judged without labels."""

import logging
import shlex
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Literal

import typer

from posecoach.assessment.results import Result
from posecoach.cli import options
from posecoach.cli.inputs import check_exercise, distinct, parsed_limits
from posecoach.cli.judging import judge_all, keep_frames, model_for, of_landmarks, tell
from posecoach.core import files, messages
from posecoach.core.errors import InputError, PosecoachError
from posecoach.evaluation import tables
from posecoach.evaluation.study_page import StudyPage
from posecoach.feedback import rows, terminal
from posecoach.feedback.outputs import LinesTarget, attempt
from posecoach.feedback.rows import CsvRows, JsonLines, ParquetRows, Sink
from posecoach.session import landmarks, remote
from posecoach.session.batch import Scored, Task
from posecoach.session.frames_files import frames_files
from posecoach.session.stopwatch import Stopwatch
from posecoach.session.study import Study, clips_of

log = logging.getLogger(__name__)

_SHOWN = 100  # clips of which each gets a row in the terminal; of more, only the sums are shown


@dataclass
class _Tally:
    """What has come of the clips so far; of many clips, only how many results there were of which kind."""

    sinks: list[Sink]
    page: StudyPage | None
    frames: Path | None
    detailed: bool
    complete: bool = True
    judged: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    results: dict[Task, list[tuple[str, Result]]] = field(default_factory=dict)
    watch: Stopwatch = field(default_factory=Stopwatch)

    def take(self, one: Scored) -> None:
        """Write the rows of a clip, and count them."""
        self.judged += not one.failure
        if one.skipped:
            self.counts["skipped"] += 1
            return
        self._write(one)
        self.complete &= not one.failure and keep_frames(one, self.frames)
        tell(one)
        self.counts.update(["failed"] if one.failure else [result.verdict for result in one.results])
        if self.detailed:
            self.results[one.task] = [(one.name, each) for each in one.results]
        self.watch.add(one.watch)

    def _write(self, one: Scored) -> None:
        found = rows.of_clip(one.name, one.content, one.task.settings, one.results, one.failure)
        for sink in list(self.sinks):
            if not attempt(partial(_each, sink.write, found)):
                self.sinks.remove(sink)
                self.complete = False
        page, shown = self.page, one.stills or ((),) * len(found)
        if page is not None and not attempt(partial(_each, page.add, found, shown)):
            self.page, self.complete = None, False

    def close(self) -> None:
        """Finish every file."""
        for sink in (*self.sinks, *([self.page] if self.page else ())):
            self.complete &= attempt(sink.close)


def _each(write: Callable[..., None], *columns: Sequence[object]) -> None:
    for values in zip(*columns, strict=True):
        write(*values)


def study(given: options.Score) -> int:
    """Judge clips as far as Ctrl-C lets them be judged, each a row as soon as it is known.

    The exit status is 1 when a clip could not be judged, or a row not be written.
    """
    with files.Claims() as claims:
        return _studied(given, claims)


def _studied(given: options.Score, claims: files.Claims) -> int:
    tasks = _tasks(given)
    page = _page(given, tasks)
    target, sinks, finished = _outputs(given, tasks, page, claims)
    weights = model_for(given)
    tally = _Tally(sinks, page, given.frames, len(tasks) <= _SHOWN)
    kept = None if given.landmarks is None or of_landmarks(given) else given.landmarks.absolute()
    shown: Literal["figures", "pictures"] = "pictures" if given.pictures else "figures"
    work = Study(finished, kept, given.frames is not None, shown if page else None)
    begin_s, stopped = time.perf_counter(), False
    with terminal.progress("clips") as progress:
        bar = progress.add_task("judging", total=len(tasks))

        def done(one: Scored) -> None:
            tally.take(one)
            progress.advance(bar)

        try:
            judge_all(given, tasks, weights, done, work)
        except KeyboardInterrupt:
            stopped = True
            log.error("Stopped: %d of %d clips were judged.", tally.judged, len(tasks))
        except PosecoachError:  # the cluster was lost
            tally.close()
            raise
    if given.stats:
        typer.echo(tally.watch.in_words(time.perf_counter() - begin_s), err=True)
    tally.close()
    console = terminal.console(to_stderr=target.to_terminal)
    found = [row for task in tasks for row in tally.results.get(task, ())]
    if found:
        console.print(tables.clips(found, console.width < tables.NARROW))
        for line in tables.notes(found):
            console.print(line)
    elif not tally.detailed or tally.counts["skipped"]:
        console.print(", ".join(f"{count} {kind.replace('_', ' ')}" for kind, count in tally.counts.items()))
    return 130 if stopped else int(not tally.complete)


def _tasks(given: options.Score) -> list[Task]:
    exercise = None if given.exercise == "auto" else given.exercise
    if exercise is not None:
        check_exercise(exercise, given.side)
    limits = parsed_limits(given.limit, exercise)
    if given.landmarks is not None and not given.clips:
        clips = clips_of([given.landmarks], {landmarks.SUFFIX})
    else:
        clips = clips_of([one if remote.is_address(one) else Path(one) for one in given.clips or []])
    told = (exercise, given.side, given.hold, given.every, limits)
    return [
        Task(one, Path(remote.name_of(one)), *told, address=one)
        if isinstance(one, str)
        else Task(str(one), one, *told)
        for one in clips
    ]


def _read(given: options.Score, tasks: Sequence[Task]) -> Iterator[Path | None]:
    """The files of this machine that are read: what was named, such as a list, and the clips."""
    for one in (*(given.clips or ()), *(task.address or str(task.clip) for task in tasks)):
        yield remote.local_file(one) if remote.is_address(one) else Path(one)


def _page(given: options.Score, tasks: Sequence[Task]) -> StudyPage | None:
    if given.report is None:
        return None
    typed = ["posecoach", *sys.argv[1:]]
    command = messages.encodable(shlex.join(typed))
    names = [messages.encodable(task.name) for task in tasks]
    return StudyPage(files.ready(given.report), command, given.pictures, names)


def _outputs(
    given: options.Score, tasks: Sequence[Task], page: StudyPage | None, claims: files.Claims
) -> tuple[LinesTarget, list[Sink], frozenset[str]]:
    """Where the rows go, and the clips that an earlier run has finished."""
    if given.json == given.csv == "-":
        raise InputError("Only one of --json and --csv can go to the terminal: name a file for the other.")
    target, table = LinesTarget(given.json), LinesTarget(given.csv)
    parquet = files.ready(given.parquet) if given.parquet is not None else None
    frames = frames_files(tasks, given.frames)
    distinct([target.file, table.file, parquet, given.report, *frames], [*_read(given, tasks), given.model])
    for folder in (given.frames, given.landmarks if given.clips else None):
        if folder is not None:
            files.ready_folder(folder)
    for file in (target.file, table.file):
        if file is not None:
            claims.claim(file)
    sinks: list[Sink] = []
    if table:
        sinks.append(CsvRows(table.file))
    if parquet is not None:
        sinks.append(ParquetRows(parquet))
    finished = frozenset[str]()
    if given.resume and target.file is not None:
        others = [*sinks, *([page] if page else [])]
        finished = rows.carry_over(target.file, tasks[0].settings, others, claims)
    if target:
        sinks.append(JsonLines(target.file, begun=bool(finished)))
    return target, sinks, finished
