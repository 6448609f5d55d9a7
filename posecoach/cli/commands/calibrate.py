"""`posecoach calibrate`: a session that records how far somebody comfortably goes."""

import logging
from collections.abc import Mapping
from datetime import date

from rich.table import Table

from posecoach.assessment.exercises import CATALOGUE
from posecoach.cli import asking, options
from posecoach.cli.commands import questions
from posecoach.cli.inputs import remembered
from posecoach.cli.sessions import choose, load_routine, sound_target
from posecoach.coaching import phrases, targets
from posecoach.coaching.plan import Routine
from posecoach.coaching.range_of_motion import Calibration, Trial, trials
from posecoach.coaching.targets import Range, Ranges
from posecoach.core import interrupts
from posecoach.core.errors import InputError
from posecoach.core.translation import humanise, tr
from posecoach.core.types import Side
from posecoach.feedback import terminal
from posecoach.records import personal_ranges, settings
from posecoach.session.live import Opened, Stage, controls, opened, run
from posecoach.vision.camera import is_camera

log = logging.getLogger(__name__)


def calibrate(given: options.Calibrate) -> int:
    """Measure the exercises of a routine; what is left out is as in the last live session.

    What was measured counts, however the session ends; the exit status is 1 when the camera was lost or the
    recording failed. Before a camera, the questions about safety come first, as in `live`.
    """
    with asking.visible(given.camera):
        return _calibrate(given)


def _calibrate(given: options.Calibrate) -> int:
    chosen = choose(given)
    trials = trials_of(load_routine(given, chosen))
    spoken = sound_target(given, chosen)
    personal_ranges.load()  # a file that cannot be added to is known before anybody moves
    kept = chosen.model_copy(update={"routine": settings.load().routine})
    stage = Stage(kept, _plan(trials), given.window, given.record, spoken, given.model)
    with interrupts.only_first(), opened(kept, given.model) as there:
        if is_camera(chosen.camera):
            with asking.somebody(chosen.fullscreen) as asks:
                questions.before(asks, again=False)
        log.info("%s", tr("Go only as far as is comfortable, and stop whenever you like."))
        log.info("%s", tr("What was seen until then counts."))
        return _measure(Calibration(trials, controls(given.window)), there, stage)


def _measure(coach: Calibration, there: Opened, stage: Stage) -> int:
    """The session, and what was found in it recorded and printed."""
    summary = run(there, coach, stage)
    found = coach.ranges(date.today())
    for exercise, side in coach.missed:
        what = phrases.sided(tr(exercise.title), side)
        log.info("%s", tr("{what} was not seen, so its limits stay as they were.", what=what))
    if found:
        personal_ranges.record(found)
        terminal.console().print(_ranges(personal_ranges.load(), found))
        log.info("%s", tr("Your own limits are in {file}.", file=personal_ranges.path()))
    return int(bool(summary.problems))


def show() -> int:
    """Print a person's own ranges and the targets that follow from them."""
    remembered(tell=False)
    ranges = personal_ranges.load()
    known = {(name, side): entries[-1] for name, sides in ranges.items() for side, entries in sides.items()}
    if known:
        terminal.console().print(_ranges(ranges, known))
        log.info("%s", tr("Your own limits are in {file}.", file=personal_ranges.path()))
    else:
        log.info("%s", tr("There are no limits of your own yet: 'posecoach calibrate' finds them."))
    return 0


def forget() -> int:
    """Remove a person's own limits."""
    remembered(tell=False)
    if personal_ranges.forget():
        log.info("%s", tr("Your own limits are forgotten, and the usual ones hold again."))
    else:
        log.info("%s", tr("There are no limits of your own to forget."))
    return 0


def trials_of(chosen: Routine) -> list[Trial]:
    """Each exercise and side of a routine once, but for what the camera cannot judge.

    Raises InputError when nothing is left.
    """
    wanted = trials(chosen)
    if not wanted:
        raise InputError(
            tr(
                "The routine '{routine}' has no exercise that can be measured: name another.",
                routine=chosen.name,
            )
        )
    return wanted


def _plan(trials: list[Trial]) -> Table:
    table = Table(title=tr("How far is comfortable?"))
    for heading in ("", tr("exercise"), tr("side")):
        table.add_column(heading)
    for number, trial in enumerate(trials, start=1):
        table.add_row(str(number), tr(trial.exercise.title), humanise(trial.side))
    return table


def _ranges(ranges: Ranges, shown: Mapping[tuple[str, Side], Range]) -> Table:
    """A row for each exercise and side: what was comfortable, the target that follows, and the usual one."""
    table = Table(title=tr("Your own limits, degrees"))
    for heading in (tr("exercise"), tr("side"), tr("on")):
        table.add_column(heading)
    for heading in (tr("comfortable"), tr("target"), tr("usual")):
        table.add_column(heading, justify="right")
    for (name, side), comfortable in shown.items():
        exercise = CATALOGUE.get(name)
        if exercise is not None:
            usual, target = targets.entries(exercise, side, ranges)
            row = (f"{comfortable.peak:.0f}", f"{target:.0f}", f"{usual:.0f}")
            table.add_row(tr(exercise.title), humanise(side), f"{comfortable.date:%Y-%m-%d}", *row)
    return table
