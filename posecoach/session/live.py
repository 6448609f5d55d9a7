"""A live session: everything between a coach and a person before the camera, opened, run and closed."""

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.table import Table

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Result
from posecoach.coaching import phrases, tally
from posecoach.coaching.captions import Captions
from posecoach.coaching.coach import Coaches
from posecoach.coaching.placement import CameraPlacement
from posecoach.coaching.plan import Routine, Step, exercises_in
from posecoach.coaching.view import Event, View
from posecoach.core import files, translation
from posecoach.core.choices import degrees
from posecoach.core.errors import OutputError
from posecoach.core.translation import tr
from posecoach.feedback import everyday, keys, tables, terminal
from posecoach.feedback.outputs import SoundTarget
from posecoach.feedback.speaker import Speaker
from posecoach.feedback.video import VideoWriter
from posecoach.feedback.voice import Voice
from posecoach.feedback.window import Window, display_available
from posecoach.records import settings
from posecoach.records.settings import Settings
from posecoach.session import pipeline
from posecoach.session.doubts import Doubts
from posecoach.session.drawing import drawn
from posecoach.session.pipeline import LiveSummary
from posecoach.vision import model_bundle
from posecoach.vision.backend import PoseBackend
from posecoach.vision.camera import is_camera, open_camera
from posecoach.vision.source import Source
from posecoach.vision.tracker import Tracker

log = logging.getLogger(__name__)

#: Puts something before a coach, which may ask how bright the picture is.
SettingUp = Callable[[Coaches, Callable[[], float | None]], Coaches]

_ONLY_HEARD = ("breath", "count")  # what would flood the terminal


def _ignore(_: View) -> None: ...


@dataclass(frozen=True)
class Stage:
    """What surrounds a coach in a live session.

    chosen    camera, rotation, mirror and sound
    table     printed at the beginning
    window    whether to open one; None: if there is a display
    record    where the annotated picture goes as a video, if anywhere
    spoken    where what is said goes
    model     the pose model, if it is not the fetched one
    follow    gets every view before anything of it is heard: what is praised has been kept
    set_up    puts something before the coach
    steps     those of the routine that is coached
    doubts    as in `pipeline.run`
    """

    chosen: Settings
    table: Table
    window: bool | None = None
    record: Path | None = None
    spoken: SoundTarget = field(default_factory=lambda: SoundTarget(None))
    model: Path | None = None
    follow: Callable[[View], None] = _ignore
    set_up: SettingUp | None = None
    steps: Sequence[Step] = ()
    doubts: Doubts | None = None


@dataclass(frozen=True, eq=False)
class Opened:
    """A source that gives pictures, and the pose model's bytes, or what is to find bodies in its place."""

    source: Source
    model: bytes | PoseBackend


@contextmanager
def opened(chosen: Settings, model: Path | None = None) -> Iterator[Opened]:
    """Open the chosen camera and remember what is chosen; from then on it is known that there is a picture.

    A video in the camera's place is a trial, of which nothing is remembered.
    """
    weights = model_bundle.load(model, log.info)
    with open_camera(chosen.camera, reopen=True) as source:
        if is_camera(chosen.camera):
            settings.save(chosen)
            source.start()  # while questions are answered: nobody wants to see the picture of before
        yield Opened(source, weights)


def before_camera(coach: Coaches, stage: Stage) -> LiveSummary:
    """Open what is chosen, remember it, and run a session."""
    with opened(stage.chosen, stage.model) as there:
        return run(there, coach, stage)


def controls(window: bool | None) -> phrases.Controls:
    """What a session is steered by besides gestures, with `window` as in a `Stage`."""
    if display_available() if window is None else window:
        return phrases.BY_KEYS
    return phrases.BY_TERMINAL if keys.readable() else phrases.BY_INTERRUPT


def _opens_window(stage: Stage) -> bool:
    if stage.window is not None:
        return stage.window
    available = display_available()
    if not available and not stage.record:
        text = tr("There is no display, so no window opens; --record FILE would keep the picture.")
        log.info("%s", text)
    return available


def run(there: Opened, coach: Coaches, stage: Stage) -> LiveSummary:
    """Run a session in front of an open source, which is closed, and tell how it went."""
    chosen, record = stage.chosen, stage.record
    console = terminal.console()
    with ExitStack() as stack:
        source = stack.enter_context(there.source)
        window = stack.enter_context(Window(chosen.fullscreen)) if _opens_window(stage) else None
        typed = stack.enter_context(keys.TerminalKeys()) if window is None and keys.readable() else None
        recorder = stack.enter_context(VideoWriter(record, source.fps)) if record else None
        tracker = stack.enter_context(Tracker(there.model, degrees(chosen.rotate)))
        if stage.set_up is not None:
            coach = stage.set_up(coach, lambda: tracker.light)
        spoken = stack.enter_context(closing(voice(chosen)))
        speaker = _speaker(chosen, spoken, stage.spoken)
        console.print(stage.table)

        captions = Captions(spoken.length_s)

        def hear(view: View) -> View:
            stage.follow(view)
            if view.phase == "done" and view.events and window is not None:
                console.print(tr("Any key closes the window."))
            if speaker is not None:
                speaker.hear(view)
            return captions.add(view)

        summary = pipeline.run(
            source,
            tracker,
            coach,
            window,
            recorder,
            draw=drawn,  # in a mirror's picture left would be right to whoever judges the recording
            say=lambda event: _print(event, console),
            hear=hear,
            pressed=typed.pressed if typed is not None else lambda: None,
            mirror=partial(drawn, mirror=True) if chosen.mirror else None,
            doubts=stage.doubts,
        )
        moved = window is not None and window.fullscreen != chosen.fullscreen
        if window is not None and moved and is_camera(chosen.camera):
            known = settings.load(tell=False)
            settings.save(known.model_copy(update={"fullscreen": window.fullscreen}))
        _tell_how_it_went(summary.results, stage.steps, console)
        if speaker is not None:
            if summary.ended in ("quit", "lost"):
                speaker.stop(tr(phrases.STOPPED))
            steered = window if window is not None else typed
            enough = steered.touched if steered is not None else lambda: False
            speaker.close(last_words=summary.ended != "source ended", enough=enough)
            try:
                stage.spoken.write(speaker.said, spoken, chosen.volume)
            except OutputError as error:
                summary = replace(summary, problems=(*summary.problems, str(error)))
    for problem in summary.problems:
        log.error("%s", problem)
    if summary.note:
        log.warning("%s", summary.note)
    if record and files.is_file(record):
        log.info("%s", tr("The annotated video is in {file}.", file=record.resolve()))
    return summary


def _tell_how_it_went(results: Sequence[Result], steps: Sequence[Step], console: Console) -> None:
    """The last words once more, and a short table; with `-v` all that was measured, too."""
    if not results:
        return
    console.print(f"\n{tally.last_words(results, exercises_in(steps))}.", markup=False)
    console.print(everyday.table(results, steps))
    if terminal.verbose():
        for found in tables.results(results):
            console.print(found)


def placement(
    routine: Routine,
    coach: Coaches,
    light: Callable[[], float | None],
    controls: phrases.Controls = phrases.BY_KEYS,
) -> Coaches:
    """`coach`, with the placement of the camera before the first exercise of a routine."""
    step = next((step for step in routine.steps if step.exercise), None)
    if step is None:
        return coach
    exercise, side = CATALOGUE[step.exercise], step.worked_side
    start = phrases.start(exercise, side)
    title = phrases.routine_title(routine.title)
    opening = f"{title}, {phrases.about(routine.estimated_s)}", start, tr(phrases.LOOKING)
    joints = [joint for motion in exercise.motions_on(side) for joint in motion.limb]
    return CameraPlacement(coach, opening, exercise.lying(side)[0], joints, light, controls)


def voice(chosen: Settings) -> Voice:
    """The voice that is chosen, in the language that is spoken; nothing is opened yet."""
    return Voice(chosen.rate, chosen.voice_name, translation.language())


def _speaker(chosen: Settings, spoken: Voice, target: SoundTarget) -> Speaker | None:
    """Whoever speaks in a session; None where nothing is to be heard or kept."""
    if chosen.sound == "off" and target.sound is None:
        return None
    return Speaker(spoken, chosen.volume, chosen.sound, recorded=target.sound is not None)


def _print(event: Event, console: Console) -> None:
    if event.text and event.kind not in _ONLY_HEARD:
        console.print(f"{int(event.t_s) // 60}:{event.t_s % 60:04.1f}  {event.text}", markup=False)
