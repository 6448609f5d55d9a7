"""`posecoach live` and `posecoach demo`: a session in front of a camera."""

import logging
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path

from posecoach.cli import asking, options
from posecoach.cli.commands import questions
from posecoach.cli.inputs import distinct, parsed_limits, remembered, selected
from posecoach.cli.sessions import choose, load_routine, sound_target
from posecoach.coaching import tailoring, targets
from posecoach.coaching.coach import Coach
from posecoach.core import files, interrupts, paths
from posecoach.core.errors import InputError, OutputError
from posecoach.core.translation import tr
from posecoach.feedback import tables, terminal
from posecoach.feedback.window import display_available
from posecoach.records import history, personal_ranges, routine_files
from posecoach.records.session_recorder import SessionRecorder, keeping
from posecoach.records.settings import Settings
from posecoach.session import live as session
from posecoach.session.doubts import Doubts
from posecoach.session.live import Opened, Stage
from posecoach.vision import model_bundle
from posecoach.vision.camera import Paced, is_camera
from posecoach.vision.video_file import VideoFile

log = logging.getLogger(__name__)

_DEMO_VIDEO = Path("posecoach-demo.mp4")


def live(given: options.Live) -> int:
    """Coach a routine; what is left out is as last time.

    Before a camera, questions about safety come first (with `ask` those of the first session, too) and how it
    felt is asked afterwards, and the session is kept in the history unless `history` says otherwise; a video
    in its place is a trial, in which only `ask` has anything asked.
    The exit status is 1 when the camera was lost, a recording failed or the session could not be kept, 0 when
    the person ended early.
    """
    with asking.visible(given.camera):
        return _live(given)


def _live(given: options.Live) -> int:
    chosen = choose(given)
    limits = parsed_limits(given.limit, alone=False)
    wanted = selected(load_routine(given, chosen), given.only, given.skip)
    routine = targets.applied(wanted, personal_ranges.load(), limits)
    if given.gentle:
        routine = tailoring.gentler(routine, limits)
    spoken = sound_target(given, chosen, given.voice_out)
    person = is_camera(chosen.camera)
    keeps, asks = person if given.history is None else given.history, person or given.ask
    controls = session.controls(given.window)
    stage = Stage(
        chosen,
        tables.routine(routine),
        given.window,
        given.record,
        spoken,
        given.model,
        # A camera can be moved; a video cannot.
        set_up=partial(session.placement, routine, controls=controls) if person else None,
        steps=routine.steps,
    )
    with ExitStack() as stack:
        with interrupts.only_first(), session.opened(chosen, given.model) as there:
            hurts = _asked(given.ask, chosen) if asks else None
            kept = stack.enter_context(keeping(routine, hurts, keeps))
            doubts = Doubts(there.source)
            told, teach = doubts.noting(kept.step_done), person and history.is_new()
            coach = Coach(routine, told, chosen.words, teach, controls, chosen.rate)
            if not there.source.timed:
                coach.mistrust_times()
            stage = replace(stage, follow=lambda view: kept.follow(view.session_s), doubts=doubts)
            summary = session.run(there, coach, stage)
            kept.end(summary.ended)
        if person:
            problems = [*summary.problems, *([kept.problem] if kept.problem else [])]
            asking.show(problems, chosen.fullscreen)
        if asks and summary.frames_shown:
            _look_back(kept, chosen)
        if kept.problem:
            log.error("%s", kept.problem)
    return int(bool(summary.problems or kept.problem))


def _asked(again: bool, chosen: Settings) -> int | None:
    with asking.somebody(chosen.fullscreen) as asks:
        return questions.before(asks, again)


def _look_back(kept: SessionRecorder, chosen: Settings) -> None:
    """Ask how it felt, keep that, and give the advice that follows from it and the sessions before."""
    try:
        with asking.somebody(chosen.fullscreen) as asks:
            advice = kept.felt(*questions.after(asks))
            if advice:
                asks.tell(advice)
                asks.finish()
    except (KeyboardInterrupt, InputError):  # what was said until then has been kept
        pass
    if kept.saved:
        told = tr("This was session {number}: 'posecoach report' draws its page.", number=kept.session.id)
        terminal.console().print(told)


def demo(given: options.Demo) -> int:
    """A short session with a sample video in the camera's place; recorded where there is no display."""
    clip = paths.sample_clip()
    trial = {"camera": str(clip), "rotate": "0", "mirror": False, "language": given.language}
    chosen, tour = remembered(trial), routine_files.load("demo")
    routine = replace(tour, steps=tour.steps[:1])  # what the video shows of it
    weights = model_bundle.load(given.model, log.info)
    window = display_available()
    record = None if window else _demo_video()
    distinct([record], [given.model])
    stage = Stage(chosen, tables.routine(routine), window, record, steps=routine.steps)
    coach = Coach(routine, controls=session.controls(window), rate=chosen.rate)
    with interrupts.only_first(), Paced(VideoFile(clip)) as source:
        summary = session.run(Opened(source, weights), coach, stage)
        return int(bool(summary.problems))


def _demo_video() -> Path | None:
    """Where the demo is recorded; None in a folder that cannot be written to, which costs only the video."""
    try:
        return files.ready(_DEMO_VIDEO)
    except OutputError:
        log.warning(
            "%s", tr("This folder cannot be written to, so the demo leaves no video: run it in another one.")
        )
        return None
