"""`posecoach check`: a recorded video, judged as fast as it decodes."""

import logging
from contextlib import ExitStack
from pathlib import Path
from typing import Literal

from posecoach import live, routine, tables, terminal
from posecoach import model as models
from posecoach.coach import Coach
from posecoach.commands import JsonTarget, check_exercise, refuse_overwriting, turn
from posecoach.frames import VideoFile
from posecoach.tracker import Tracker
from posecoach.video import VideoWriter

log = logging.getLogger(__name__)


def check(
    video: Path,
    exercise: str | None,
    side: Literal["left", "right"] | None,
    routine_name: str | None,
    overlay: Path | None,
    json: str | None,
    rotate: str,
    model: Path | None,
) -> int:
    """Check one video against an exercise or a routine; the exit status is 130 when Ctrl-C cut it short."""
    if exercise is not None:
        check_exercise(exercise, side)
        coach = Coach.watching(exercise, side)
    else:
        coach = Coach(routine.load(routine_name or ""))
    target = JsonTarget(json)
    refuse_overwriting(overlay, video)
    interrupted = False
    with ExitStack() as stack:
        source = stack.enter_context(VideoFile(video))
        recorder = stack.enter_context(VideoWriter(overlay, None, source.fps)) if overlay else None
        tracker = stack.enter_context(Tracker(models.load(model, log.info), turn(rotate)))
        progress = stack.enter_context(terminal.progress("frames"))
        bar = progress.add_task("checking", total=source.frame_count)
        try:
            results = live.check(source, tracker, coach, recorder, lambda _: progress.advance(bar))
        except KeyboardInterrupt:
            interrupted = True
            results = coach.finish()
    target.write([result.as_json(str(video)) for result in results])
    console = terminal.console(to_stderr=target.to_terminal)
    for table in tables.results(results):
        console.print(table)
    if source.note:
        log.warning("%s It was judged as far as it goes.", source.note)
    if overlay and overlay.exists():
        log.info("The annotated video is in %s.", overlay)
    if interrupted:
        log.error("Stopped: the video was judged only as far as that.")
    return 130 if interrupted else 0
