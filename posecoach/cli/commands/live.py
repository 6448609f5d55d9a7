"""`posecoach live` and `posecoach demo`: a session in front of a camera."""

import logging
from contextlib import suppress
from functools import partial
from pathlib import Path

from posecoach.cli import options
from posecoach.cli.commands import questions
from posecoach.cli.inputs import parsed_limits, remembered, selected
from posecoach.cli.sessions import choose, load_routine, sound_target
from posecoach.coaching import safety, tailoring, targets
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step
from posecoach.coaching.view import View
from posecoach.core import files, interrupts, paths
from posecoach.core.errors import InputError, OutputError
from posecoach.core.translation import marked, tr
from posecoach.feedback import tables, terminal
from posecoach.feedback.window import display_available
from posecoach.records import history, personal_ranges
from posecoach.records.session_recorder import SessionRecorder, keeping
from posecoach.session import live as session
from posecoach.session.live import Stage
from posecoach.vision import model_bundle
from posecoach.vision.camera import is_camera, paced
from posecoach.vision.video_file import VideoFile

log = logging.getLogger(__name__)

_TAUGHT = 2  # sessions that begin with how to pause and to stop

_DEMO_CLIP = "knee_to_chest/knee_to_chest-good-left-side-la.mp4"
_DEMO_VIDEO = Path("posecoach-demo.mp4")
_DEMO_ROUTINE = Routine(
    name="demo",
    title=marked("Demo: a knee drawn to the chest"),
    steps=(Step(exercise="knee_to_chest", side="left", hold_s=10),),
)


def live(given: options.Live) -> int:
    """Coach a routine; what is left out is as last time.

    Before a camera, questions about safety come first (with `ask` those of the first session, too), and the
    session is kept in the history unless `history` says otherwise; a video in its place is a trial.
    The exit status is 1 when the camera was lost or a recording failed, 0 when the person ended early.
    """
    chosen = choose(given)
    limits = parsed_limits(given.limit)
    wanted = selected(load_routine(given, chosen), given.only, given.skip)
    routine = targets.applied(wanted, personal_ranges.load(), limits)
    if given.gentle:
        routine = tailoring.gentler(routine, limits)
    spoken = sound_target(given, chosen, given.voice_out)
    person = is_camera(chosen.camera)
    hurts = questions.before(given.ask) if person or given.ask else None
    keeps = person if given.history is None else given.history
    with keeping(routine, hurts, keeps) as kept:
        coach = Coach(routine, kept.step_done, chosen.words, teach=person and _is_new())

        def follow(view: View) -> None:
            kept.follow(view.session_s)

        stage = Stage(
            chosen,
            tables.routine(routine),
            given.window,
            given.record,
            spoken,
            given.model,
            follow,
            # A camera can be moved; a video cannot.
            set_up=partial(session.placement, routine) if person else None,
        )
        with interrupts.only_first():
            summary = session.before_camera(coach, stage)
            kept.end(summary.ended)
        if person and keeps and summary.frames_shown:
            _look_back(kept)
    return int(bool(summary.problems))


def _is_new() -> bool:
    """True in the first sessions, in which it is said how to pause and to stop."""
    with suppress(InputError):
        return len(history.feelings()) < _TAUGHT
    return True


def _look_back(kept: SessionRecorder) -> None:
    """Ask how it felt, keep that, and give the advice that follows from it and the sessions before."""
    kept.felt(*questions.after())
    felt = [kept.session.feeling]
    if kept.saved:
        with suppress(InputError):  # then this session has to do
            felt = history.feelings()
    advice = safety.advice(felt)
    if advice:
        terminal.console().print(advice, markup=False)
    if kept.saved:
        told = tr("This was session {number}: 'posecoach report' draws its page.", number=kept.session.id)
        terminal.console().print(told)


def demo(given: options.Demo) -> int:
    """A short session with a sample video in the camera's place; recorded where there is no display."""
    chosen = remembered({"rotate": "0", "mirror": False, "language": given.language})
    routine = _DEMO_ROUTINE
    weights = model_bundle.load(given.model, log.info)
    clip = paths.shipped("sample_videos") / _DEMO_CLIP
    window = display_available()
    record = None if window else _demo_video()
    stage = Stage(chosen, tables.routine(routine), window, record)
    with interrupts.only_first(), paced(VideoFile(clip)) as source:
        summary = session.before(source, Coach(routine), stage, weights)
        return int(bool(summary.problems))


def _demo_video() -> Path | None:
    """Where the demo is recorded; None in a folder that cannot be written to, which costs only the video."""
    try:
        return files.ready(_DEMO_VIDEO)
    except OutputError:
        log.warning("This folder cannot be written to, so the demo leaves no video: run it in another one.")
        return None
