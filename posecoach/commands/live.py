"""`posecoach live` and `posecoach demo`: a session in front of a camera."""

import logging
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.table import Table

from posecoach import interrupts, personal, resources, routine, settings, tables, terminal
from posecoach import live as loop
from posecoach import model as models
from posecoach.camera import open_camera, paced
from posecoach.coach import Coach
from posecoach.commands import parsed_limits, refuse_overwriting, turn
from posecoach.errors import InputError
from posecoach.events import Event
from posecoach.feedback.window import Window, display_available
from posecoach.frames import Source, VideoFile
from posecoach.live import LiveSummary
from posecoach.routine import Routine, Step
from posecoach.settings import Rotation, Settings
from posecoach.tracker import Tracker
from posecoach.video import VideoWriter

log = logging.getLogger(__name__)

_DEMO_CLIP = "knee_to_chest/knee_to_chest-good-left-side-la.mp4"
_DEMO_VIDEO = Path("posecoach-demo.mp4")
_DEMO_ROUTINE = Routine(
    name="demo",
    title="Demo: a knee drawn to the chest",
    steps=(Step(exercise="knee_to_chest", side="left", hold_s=10),),
)


def live(
    routine_name: str | None,
    camera: str | None,
    rotate: Rotation | None,
    mirror: bool | None,
    window: bool | None,
    record: Path | None,
    limits: Sequence[str],
    model: Path | None,
) -> int:
    """Coach a routine; what is left out is as last time.

    The exit status is 1 when the camera was lost or the recording failed, 0 when the person ended early.
    """
    chosen = choose(routine_name, camera, rotate, mirror)
    session = personal.applied(load_routine(routine_name, chosen), personal.load(), parsed_limits(limits))
    table = tables.routine(session)
    with interrupts.only_first():
        return int(bool(before_camera(Coach(session), chosen, table, window, record, model).problems))


def choose(
    routine_name: str | None, camera: str | None, rotate: Rotation | None, mirror: bool | None
) -> Settings:
    """What is given, and for the rest what was chosen the last time."""
    given = {"routine": routine_name, "camera": camera, "rotate": rotate, "mirror": mirror}
    chosen = settings.load().model_copy(
        update={key: value for key, value in given.items() if value is not None}
    )
    return chosen.model_copy(update={"routine": _lasting(chosen.routine), "camera": _lasting(chosen.camera)})


def load_routine(given: str | None, chosen: Settings) -> Routine:
    """The routine that is chosen; when it cannot be had and was not `given`, the InputError says whence the
    name comes."""
    try:
        return routine.load(chosen.routine)
    except InputError as error:
        if given is not None:
            raise
        raise InputError(
            f"The routine used last cannot be used ({str(error).rstrip('.')}): name another, as in "
            "'posecoach live lower_back_basics'."
        ) from error


def before_camera(
    coach: loop.Coaches,
    chosen: Settings,
    table: Table,
    window: bool | None,
    record: Path | None,
    model: Path | None,
) -> LiveSummary:
    """Open what is chosen, remember it, and run a session; `table` is printed at its beginning."""
    if record:
        refuse_overwriting(record, Path(chosen.camera))
    weights = models.load(model, log.info)
    with open_camera(chosen.camera) as source:
        settings.save(chosen)
        if window is None:
            window = display_available()
            if not window and not record:
                log.info("There is no display, so no window opens; --record FILE would keep the picture.")
        return _session(coach, table, source, weights, chosen.rotate, chosen.mirror, window, record)


def demo(model: Path | None) -> int:
    """A short session with a sample video in the camera's place; recorded where there is no display."""
    weights = models.load(model, log.info)
    window = display_available()
    clip = resources.shipped("sample_videos") / _DEMO_CLIP
    with interrupts.only_first(), paced(VideoFile(clip)) as source:
        table = tables.routine(_DEMO_ROUTINE)
        record = None if window else _DEMO_VIDEO
        summary = _session(Coach(_DEMO_ROUTINE), table, source, weights, "0", False, window, record)
        return int(bool(summary.problems))


def _session(
    coach: loop.Coaches,
    table: Table,
    source: Source,
    weights: bytes,
    rotate: Rotation,
    mirror: bool,
    window: bool,
    record: Path | None,
) -> LiveSummary:
    console = terminal.console()

    def say(event: Event) -> None:
        if event.text:
            console.print(f"{int(event.t_s) // 60}:{event.t_s % 60:04.1f}  {event.text}", markup=False)

    with ExitStack() as stack:
        shown = stack.enter_context(Window()) if window else None
        recorder = stack.enter_context(VideoWriter(record, None, source.fps)) if record else None
        tracker = stack.enter_context(Tracker(weights, turn(rotate)))
        console.print(table)
        summary = loop.run(source, tracker, coach, shown, recorder, mirror, say)
    for found in tables.results(summary.results):
        console.print(found)
    for problem in summary.problems:
        log.error("%s", problem)
    if summary.note:
        log.warning("%s", summary.note)
    if record and record.exists():
        log.info("The annotated video is in %s.", record.resolve())
    return summary


def _lasting(name: str) -> str:
    """A path to a file as it can be found again from another folder; anything else as it is."""
    path = Path(name)
    return str(path.resolve()) if path.is_file() else name
