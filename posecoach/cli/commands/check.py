"""`posecoach check`: a recorded video, judged as fast as it decodes."""

import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import typer
from rich.console import Console

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Result
from posecoach.cli.inputs import (
    JsonTarget,
    SoundTarget,
    Today,
    attempt,
    check_exercise,
    distinct,
    parsed_limits,
    remembered,
    turn,
)
from posecoach.coaching import targets
from posecoach.coaching.coach import Coach
from posecoach.coaching.targets import Limits, Ranges
from posecoach.core import files, translation
from posecoach.core.translation import tr
from posecoach.feedback import tables, terminal
from posecoach.feedback.soundtrack import Narrator
from posecoach.feedback.video import VideoWriter
from posecoach.feedback.voice import Voice
from posecoach.records import personal_ranges, routine_files
from posecoach.session import pipeline
from posecoach.session.measurement_log import MeasurementLog
from posecoach.session.pipeline import Follows, Moment
from posecoach.session.recorded import Recorded
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision import model_bundle as models
from posecoach.vision.source import VideoFile
from posecoach.vision.tracker import Tracker

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """What was found in a video, and what was measured frame by frame; `interrupted` by Ctrl-C."""

    results: list[Result]
    track: MeasurementLog
    interrupted: bool = False


def check(
    video: Path,
    exercise: str | None,
    side: Literal["left", "right"] | None,
    routine_name: str | None,
    overlay: Path | None,
    json: str | None,
    rotate: str,
    every: int,
    stats: bool,
    today: Today,
    limits: Sequence[str],
    model: Path | None,
    voice_out: Path | None = None,
    language: str | None = None,
) -> int:
    """Check one video against an exercise or a routine, or else find out which exercise it shows.

    The exit status is 130 when Ctrl-C cut it short, and 1 when the results cannot be written.
    """
    chosen = remembered({"language": language}, tell=voice_out is not None)
    if exercise is not None:
        check_exercise(exercise, side)
    given, ranges = parsed_limits(limits, exercise), personal_ranges.load()
    coach = None
    if routine_name:
        loaded = today.selected(routine_files.load(routine_name))
        followed = targets.applied(loaded, ranges, given)
        coach = Coach(today.gentler(followed, given))
        _tell_of_own(followed != targets.applied(loaded, {}, given))
    target, spoken = JsonTarget(json), SoundTarget(voice_out)
    followed_file = routine_files.file_of(routine_name) if routine_name else None
    distinct([target.file, overlay, *spoken.files], [video, model, followed_file])
    if overlay is not None:
        files.ready(overlay)
    weights = models.load(model, log.info)
    narrator = Narrator(Voice(chosen.rate, chosen.voice_name, translation.language())) if voice_out else None
    with timing(stats) as timer:
        if exercise is not None:
            coach = _watching(exercise, side, ranges, given)
        if coach is not None:
            with Tracker(weights, turn(rotate)) as tracker:
                checked = watch(video, coach, tracker, overlay, timer, every, narrator)
        else:
            checked = _recognise(video, side, ranges, given, weights, rotate, overlay, timer, every)
    if checked.interrupted and not checked.track.t_s:
        log.error("Stopped: nothing was judged, and nothing written.")
        return 130
    show(checked.results, target)
    written = attempt(lambda: write(video, checked.results, target))
    if narrator is not None:
        with closing(narrator.voice) as voice:
            said, lasts_s = narrator.finish(), checked.track.t_s[-1]
            written &= attempt(lambda: spoken.write(said, voice, chosen.volume, lasts_s))
    if checked.interrupted:
        log.error("Stopped: the video was judged only as far as that.")
        return 130
    return int(not written)


def _recognise(
    video: Path,
    side: Literal["left", "right"] | None,
    ranges: Ranges,
    given: Limits,
    weights: bytes,
    rotate: str,
    overlay: Path | None,
    timer: Stopwatch,
    every: int,
) -> Checked:
    """Find out which exercise a video shows, and judge it."""
    try:
        seen = track(video, weights, rotate, timer, every)
    except KeyboardInterrupt:
        return Checked([], MeasurementLog(), interrupted=True)
    exercise = seen.exercise()
    if exercise is None:
        if overlay is not None:
            log.warning("No annotated video was written: name the exercise with --exercise.")
        return Checked([seen.unrecognised()], MeasurementLog())
    log.info("%s", tr("This looks like {title} ({id}).", title=tr(CATALOGUE[exercise].title), id=exercise))
    return watch(video, _watching(exercise, side, ranges, given), seen, overlay, timer, every)


def _watching(exercise: str, side: Literal["left", "right"] | None, ranges: Ranges, given: Limits) -> Coach:
    """A coach of one exercise, with a person's own limits and those `given` in force."""
    others = given.get(exercise, {})
    limits = targets.in_force(CATALOGUE[exercise], side or "both", ranges, others)
    _tell_of_own(limits != others)
    return Coach.watching(exercise, side, limits=limits)


def _tell_of_own(in_force: bool) -> None:
    if in_force:
        log.info("%s", tr("Your own limits apply: 'posecoach calibrate --show' lists them."))


def track(video: Path, weights: bytes, rotate: str, timer: Stopwatch, every: int = 1) -> Recorded:
    """Track a whole video, to be judged afterwards."""
    with (
        VideoFile(video, every) as source,
        Tracker(weights, turn(rotate)) as tracker,
        terminal.progress("frames") as progress,
    ):
        bar = progress.add_task("tracking", total=source.frame_count)
        return Recorded(source, tracker, timer, lambda: progress.advance(bar))


@contextmanager
def timing(stats: bool) -> Iterator[Stopwatch]:
    """A stopwatch for the work of the `with` block, told of at its end when `stats` are asked for."""
    watch, begin_s = Stopwatch(), time.perf_counter()
    yield watch
    if stats:
        typer.echo(watch.in_words(time.perf_counter() - begin_s), err=True)


def watch(
    video: Path,
    coach: Coach,
    tracker: Follows,
    overlay: Path | None,
    timer: Stopwatch,
    every: int = 1,
    narrator: Narrator | None = None,
) -> Checked:
    """Let `coach` judge a video; with `overlay` the annotated picture is kept, and `narrator` speaks."""
    track = MeasurementLog()

    def keep(moment: Moment) -> None:
        track.add(moment.seen.t_s, moment.view.phase, moment.view.measures)
        progress.advance(bar)
        if narrator is not None:
            narrator.hear(moment.view)

    interrupted = False
    with ExitStack() as stack:
        source = stack.enter_context(VideoFile(video, every))
        recorder = stack.enter_context(VideoWriter(overlay, None, source.fps / every)) if overlay else None
        progress = stack.enter_context(terminal.progress("frames"))
        bar = progress.add_task("checking", total=source.frame_count)
        try:
            results = pipeline.check(source, tracker, coach, recorder, keep, timer)
        except KeyboardInterrupt:
            interrupted = True
            results = coach.finish()
    if source.note:
        log.warning("%s It was judged as far as it goes.", source.note)
    if overlay and track.t_s:
        log.info("%s", tr("The annotated video is in {file}.", file=overlay))
    return Checked(results, track, interrupted)


def show(results: Sequence[Result], target: JsonTarget) -> Console:
    """Print results, and return the console that tables go to: JSON in the terminal has it for itself."""
    console = terminal.console(to_stderr=target.to_terminal)
    for table in tables.results(results):
        console.print(table)
    return console


def write(video: Path, results: Iterable[Result], target: JsonTarget) -> None:
    """Write the results of a video where `--json` says; raises OutputError."""
    target.write([result.as_json(str(video)) for result in results])
