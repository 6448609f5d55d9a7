"""`posecoach live` and `posecoach demo`: a session in front of a camera."""

import logging
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from rich.table import Table

from posecoach.assessment.exercises import CATALOGUE
from posecoach.cli.commands import questions
from posecoach.cli.inputs import SoundTarget, Today, distinct, parsed_limits, remembered, turn
from posecoach.coaching import phrases, safety, targets
from posecoach.coaching.coach import Coach
from posecoach.coaching.placement import CameraPlacement
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.view import Event, View
from posecoach.core import interrupts, paths, translation
from posecoach.core.errors import InputError, OutputError
from posecoach.core.translation import marked, tr
from posecoach.feedback import tables, terminal
from posecoach.feedback.speaker import Speaker
from posecoach.feedback.video import VideoWriter
from posecoach.feedback.voice import Voice
from posecoach.feedback.window import Window, display_available
from posecoach.records import history, personal_ranges, routine_files, settings
from posecoach.records.session_recorder import SessionRecorder, keeping
from posecoach.records.settings import Rotation, Settings
from posecoach.session import pipeline as loop
from posecoach.session.pipeline import LiveSummary
from posecoach.vision import model_bundle as models
from posecoach.vision.camera import is_camera, open_camera, paced
from posecoach.vision.source import Source, VideoFile
from posecoach.vision.tracker import Tracker

#: Puts something before a coach, which may ask how bright the picture is.
SettingUp = Callable[[loop.Coaches, Callable[[], float | None]], loop.Coaches]

log = logging.getLogger(__name__)

_ONLY_HEARD = ("breath", "count")  # what would flood the terminal
_DEMO_CLIP = "knee_to_chest/knee_to_chest-good-left-side-la.mp4"
_DEMO_VIDEO = Path("posecoach-demo.mp4")
_DEMO_ROUTINE = Routine(
    name="demo",
    title=marked("Demo: a knee drawn to the chest"),
    steps=(Step(exercise="knee_to_chest", side="left", hold_s=10),),
)


def live(
    routine_name: str | None,
    camera: str | None,
    rotate: Rotation | None,
    mirror: bool | None,
    window: bool | None,
    record: Path | None,
    today: Today,
    limits: Sequence[str],
    ask: bool,
    keep: bool | None,
    model: Path | None,
    heard: Mapping[str, object],
    voice_out: Path | None,
) -> int:
    """Coach a routine; what is left out is as last time.

    Before a camera, questions about safety come first (with `ask` those of the first session, too), and the
    session is kept in the history unless `keep` says otherwise; a video in its place is a trial.
    The exit status is 1 when the camera was lost or a recording failed, 0 when the person ended early.
    """
    chosen = choose(routine_name, camera, rotate, mirror, heard)
    given = parsed_limits(limits)
    wanted = today.selected(load_routine(routine_name, chosen))
    session = today.gentler(targets.applied(wanted, personal_ranges.load(), given), given)
    target = outputs(record, voice_out, chosen, model)
    person = is_camera(chosen.camera)
    hurts = questions.before(ask) if person or ask else None
    kept_too = person if keep is None else keep
    coach, table = Coach(session), tables.routine(session)
    # A camera can be moved; a video cannot.
    set_up = partial(_set_up, session) if person else None
    with keeping(session, hurts, kept_too) as kept:

        def follow(view: View) -> None:
            kept.follow(view, coach.results)

        with interrupts.only_first():
            summary = before_camera(coach, chosen, table, window, record, model, target, follow, set_up)
            kept.end(summary.ended, summary.results)
        if person and kept_too and summary.frames_shown:
            _look_back(kept)
    return int(bool(summary.problems))


def _look_back(kept: SessionRecorder) -> None:
    """Ask how it felt, keep that, and give the advice that follows from it and the sessions before."""
    kept.felt(*questions.after())
    felt = [kept.session.feeling]
    if kept.saved:
        with suppress(InputError):  # then this session has to do
            felt = [one.feeling for one in history.sessions()]
    advice = safety.advice(felt)
    if advice:
        terminal.console().print(advice, markup=False)
    if kept.saved:
        told = tr("This was session {number}: 'posecoach report' draws its page.", number=kept.session.id)
        terminal.console().print(told)


def outputs(record: Path | None, voice_out: Path | None, chosen: Settings, model: Path | None) -> SoundTarget:
    """Where the sound goes; raises InputError when one of the outputs would overwrite something."""
    target = SoundTarget(voice_out)
    distinct([record, *target.files], [Path(chosen.camera), model, routine_files.file_of(chosen.routine)])
    return target


def choose(
    routine_name: str | None,
    camera: str | None,
    rotate: Rotation | None,
    mirror: bool | None,
    heard: Mapping[str, object],
) -> Settings:
    """What is given, and for the rest what was chosen the last time; its language is spoken from now on.

    Raises InputError when a voice is named that is not there.
    """
    given = {"routine": routine_name, "camera": camera, "rotate": rotate, "mirror": mirror, **heard}
    chosen = remembered(given)
    if heard.get("voice_name"):
        with closing(_voice(chosen)) as voice, suppress(OutputError):
            voice.open()
    return chosen.model_copy(update={"routine": _lasting(chosen.routine), "camera": _lasting(chosen.camera)})


def load_routine(given: str | None, chosen: Settings) -> Routine:
    """The routine that is chosen; when it cannot be had and was not `given`, the InputError says whence the
    name comes."""
    try:
        return routine_files.load(chosen.routine)
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
    target: SoundTarget,
    follow: Callable[[View], None] = lambda _: None,
    set_up: SettingUp | None = None,
) -> LiveSummary:
    """Open what is chosen, remember it, and run a session; `table` is printed at its beginning.

    `follow` gets every view before anything of it is heard: what is praised has been kept. `set_up` puts
    something before the coach.
    """
    weights = models.load(model, log.info)
    with open_camera(chosen.camera) as source:
        # A video in the camera's place is a trial: tomorrow's session is not to begin with it.
        camera = chosen.camera if is_camera(chosen.camera) else settings.load().camera
        settings.save(chosen.model_copy(update={"camera": camera}))
        if window is None:
            window = display_available()
            if not window and not record:
                text = tr("There is no display, so no window opens; --record FILE would keep the picture.")
                log.info("%s", text)
        return _session(coach, table, source, weights, chosen, window, record, target, follow, set_up)


def demo(language: str | None, model: Path | None) -> int:
    """A short session with a sample video in the camera's place; recorded where there is no display."""
    chosen = remembered({"rotate": "0", "mirror": False, "language": language})
    session = replace(_DEMO_ROUTINE, title=tr(_DEMO_ROUTINE.title))
    weights = models.load(model, log.info)
    window = display_available()
    clip = paths.shipped("sample_videos") / _DEMO_CLIP
    with interrupts.only_first(), paced(VideoFile(clip)) as source:
        table = tables.routine(session)
        record = None if window else _DEMO_VIDEO
        summary = _session(Coach(session), table, source, weights, chosen, window, record, SoundTarget(None))
        return int(bool(summary.problems))


def _session(
    coach: loop.Coaches,
    table: Table,
    source: Source,
    weights: bytes,
    chosen: Settings,
    window: bool,
    record: Path | None,
    target: SoundTarget,
    follow: Callable[[View], None] = lambda _: None,
    set_up: SettingUp | None = None,
) -> LiveSummary:
    console = terminal.console()

    def say(event: Event) -> None:
        if event.text and event.kind not in _ONLY_HEARD:
            console.print(f"{int(event.t_s) // 60}:{event.t_s % 60:04.1f}  {event.text}", markup=False)

    def hear(view: View) -> None:
        follow(view)
        if speaker is not None:
            speaker.hear(view)

    with ExitStack() as stack:
        shown = stack.enter_context(Window()) if window else None
        recorder = stack.enter_context(VideoWriter(record, None, source.fps)) if record else None
        tracker = stack.enter_context(Tracker(weights, turn(chosen.rotate)))
        if set_up is not None:
            coach = set_up(coach, lambda: tracker.light)
        voice = stack.enter_context(closing(_voice(chosen)))
        speaker = _speaker(chosen, voice, target)
        console.print(table)
        summary = loop.run(source, tracker, coach, shown, recorder, chosen.mirror, say, hear)
        for found in tables.results(summary.results):
            console.print(found)
        if speaker is not None:
            speaker.close(last_words=summary.ended == "finished")
            try:
                target.write(speaker.said, voice, chosen.volume)
            except OutputError as error:
                summary = replace(summary, problems=(*summary.problems, str(error)))
    for problem in summary.problems:
        log.error("%s", problem)
    if summary.note:
        log.warning("%s", summary.note)
    if record and record.exists():
        log.info("%s", tr("The annotated video is in {file}.", file=record.resolve()))
    return summary


def _set_up(session: Routine, coach: loop.Coaches, light: Callable[[], float | None]) -> loop.Coaches:
    """The set-up before the first exercise of a routine."""
    step = next((step for step in session.steps if step.exercise), None)
    if step is None:
        return coach
    exercise, side = CATALOGUE[step.exercise], step.side if step.side != "each" else "both"
    start = phrases.start(exercise, side)
    opening = f"{session.title}, {phrases.about(session.estimated_s)}. {start}. {tr(phrases.LOOKING)}"
    joints = [joint for m in exercise.motions if side in ("both", m.side) for joint in m.limb]
    return CameraPlacement(coach, opening, exercise.lying(side)[0], joints, light)


def _voice(chosen: Settings) -> Voice:
    return Voice(chosen.rate, chosen.voice_name, translation.language())


def _speaker(chosen: Settings, voice: Voice, target: SoundTarget) -> Speaker | None:
    """Whoever speaks in a session; None where nothing is to be heard or kept."""
    if chosen.sound == "off" and target.sound is None:
        return None
    return Speaker(voice, chosen.volume, chosen.sound, recorded=target.sound is not None)


def _lasting(name: str) -> str:
    """A path to a file as it can be found again from another folder; anything else as it is."""
    path = Path(name)
    return str(path.resolve()) if path.is_file() else name
