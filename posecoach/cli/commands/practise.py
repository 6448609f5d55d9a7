"""`posecoach practise`: the gestures that pause and end a session, tried out."""

import logging

from rich.table import Table

from posecoach.cli import asking, options
from posecoach.cli.sessions import choose
from posecoach.coaching.phrases import BY_INTERRUPT
from posecoach.coaching.practice import Practice
from posecoach.core import interrupts
from posecoach.core.translation import marked, tr
from posecoach.records import settings
from posecoach.session.live import Stage, before_camera, controls

log = logging.getLogger(__name__)

_NOT_SEEN_BUT_KEYS = marked("Not every gesture was seen. Keys work too: space pauses, q ends.")


def practise(given: options.Practise) -> int:
    """Let somebody try the gestures, with the camera of the last session unless another is given.

    The exit status is 1 when the camera was lost.
    """
    with asking.visible(given.camera):
        return _practise(given)


def _practise(given: options.Practise) -> int:
    chosen = choose(given).model_copy(update={"routine": settings.load().routine})
    steered = controls(given.window)
    practice = Practice(steered, chosen.rate)
    stage = Stage(chosen, _gestures(), given.window, model=given.model)
    with interrupts.only_first():
        summary = before_camera(practice, stage)
    if len(practice.seen) < 3:
        keys = steered is not BY_INTERRUPT
        log.info("%s", tr(_NOT_SEEN_BUT_KEYS) if keys else f"{tr('Not every gesture was seen')}.")
    return int(bool(summary.problems))


def _gestures() -> Table:
    table = Table(title=tr("Without hands on the keyboard"))
    for heading in (tr("gesture"), tr("what it does"), tr("key")):
        table.add_column(heading)
    table.add_row(tr("one arm up for two seconds"), tr("pauses, and goes on"), tr("space"))
    table.add_row(tr("both arms up for two seconds"), tr("ends the session"), "q, Esc")
    return table
