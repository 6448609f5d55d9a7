"""One recorded video, tracked and judged from its first frame to its last, with progress on the terminal."""

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import typer

from posecoach.assessment.results import Result
from posecoach.coaching.coach import Coach
from posecoach.coaching.timeline import Timeline
from posecoach.coaching.watcher import Watcher
from posecoach.core.choices import RotationChoice, degrees
from posecoach.core.errors import OutputError
from posecoach.core.translation import tr
from posecoach.core.types import Image
from posecoach.feedback import terminal
from posecoach.feedback.soundtrack import Narrator
from posecoach.feedback.video import VideoWriter
from posecoach.session import pipeline
from posecoach.session.doubts import Doubts
from posecoach.session.drawing import drawn
from posecoach.session.measurement_log import MeasurementLog
from posecoach.session.pipeline import Follows, Moment
from posecoach.session.recorded import Recorded
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """What was found in a video, and what was measured frame by frame; `interrupted` by Ctrl-C.

    `whole` is False where the annotated video could not be written to its end.
    """

    results: list[Result]
    frames: MeasurementLog = field(default_factory=MeasurementLog)
    interrupted: bool = False
    whole: bool = True


class _Overlay:
    """Writes the annotated video. A failure is reported once; the judging goes on without it."""

    def __init__(self, writer: VideoWriter) -> None:
        self.failed = False
        self._writer = writer

    def write(self, image: Image, t_s: float) -> None:
        if not self.failed:
            self._attempt(lambda: self._writer.write(image, t_s))

    def close(self) -> None:
        self._attempt(self._writer.close)

    def _attempt(self, write: Callable[[], None]) -> None:
        try:
            write()
        except OutputError as error:
            self.failed = True
            log.error("%s %s", error, tr("What was written before is kept."))


@dataclass(frozen=True)
class Checker:
    """How videos are looked at.

    weights   the bytes of the pose model
    every     only each so-many-th frame is judged
    watch     measures what each stage costs
    speed, mirrored  see `VideoFile`
    """

    weights: bytes
    rotate: RotationChoice = "auto"
    every: int = 1
    watch: Stopwatch = field(default_factory=Stopwatch)
    speed: float | None = None
    mirrored: bool = False

    def _opened(self, video: Path) -> VideoFile:
        return VideoFile(video, self.every, self.speed, self.mirrored)

    def track(self, video: Path) -> Recorded:
        """The bodies of a whole video, to be judged afterwards."""
        with (
            self._opened(video) as source,
            Tracker(self.weights, degrees(self.rotate)) as tracker,
            terminal.progress("frames") as progress,
        ):
            bar = progress.add_task("tracking", total=source.frame_count)
            return Recorded(source, tracker, self.watch, lambda: progress.advance(bar))

    def judge(
        self,
        video: Path,
        coach: Coach | Watcher | Timeline,
        seen: Recorded | None = None,
        overlay: Path | None = None,
        narrator: Narrator | None = None,
    ) -> Checked:
        """Let `coach` judge a video, or the bodies that were `seen` in it before.

        The annotated picture goes to `overlay`, and `narrator` hears every view.
        """
        frames = MeasurementLog()

        def keep(moment: Moment) -> None:
            frames.add(moment.seen.t_s, moment.view.phase, moment.view.measures)
            progress.advance(bar)
            if narrator is not None:
                narrator.hear(moment.view)

        interrupted = False
        with ExitStack() as stack:
            again = seen.without_pictures() if seen is not None and overlay is None else None
            source = stack.enter_context(again or self._opened(video))
            follower: Follows = seen or stack.enter_context(Tracker(self.weights, degrees(self.rotate)))
            fps = source.fps / self.every
            recorder = _Overlay(VideoWriter(overlay, fps)) if overlay else None
            if recorder is not None:
                stack.callback(recorder.close)
            doubts = Doubts(source)
            if not source.timed:
                coach.mistrust_times()
            progress = stack.enter_context(terminal.progress("frames"))
            bar = progress.add_task("checking", total=source.frame_count)
            try:
                results = pipeline.check(
                    source, follower, coach, recorder, keep, self.watch, drawn, doubts=doubts
                )
            except KeyboardInterrupt:
                interrupted = True
                results = doubts.noted(coach.finish())
        if source.note:
            log.warning("%s %s", source.note, tr("It was judged as far as it goes."))
        whole = recorder is None or not recorder.failed
        if overlay and frames.t_s and whole:
            log.info("%s", tr("The annotated video is in {file}.", file=overlay))
        return Checked(results, frames, interrupted, whole)


@contextmanager
def timing(stats: bool) -> Iterator[Stopwatch]:
    """A stopwatch for the work of the `with` block, printed at its end when `stats` are asked for."""
    watch, begin_s = Stopwatch(), time.perf_counter()
    yield watch
    if stats:
        typer.echo(watch.in_words(time.perf_counter() - begin_s), err=True)
