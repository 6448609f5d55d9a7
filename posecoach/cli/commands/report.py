"""`posecoach report`: the page of a session."""

import logging
import webbrowser
from pathlib import Path

from posecoach.cli.inputs import distinct, remembered
from posecoach.core import files
from posecoach.core.errors import InputError
from posecoach.core.translation import tr
from posecoach.feedback import session_page as page
from posecoach.records import history, safety_answers

log = logging.getLogger(__name__)


def report(number: int | None, out: Path | None, show: bool) -> int:
    """Write the page of a session, by default the last one with an exercise in it; with `show`, open it."""
    remembered(tell=False)
    known = history.sessions()
    if not known:
        raise InputError("There is no session to draw yet: 'posecoach live' begins one.")
    if number is None:
        chosen = next((one for one in reversed(known) if one.performed), known[-1])
    else:
        chosen = next((one for one in known if one.id == number), None) or _missing(number)
    target = out or Path(f"posecoach-report-{chosen.id}.html")
    distinct([target], [history.path(), safety_answers.path()])
    files.write(files.ready(target), page.page(known, chosen))
    log.info("%s", tr("The page of session {number} is {file}.", number=chosen.id, file=target.resolve()))
    if show and not webbrowser.open(target.resolve().as_uri()):
        log.warning("No browser was found to open it with.")
    return 0


def _missing(number: int) -> history.Session:
    raise InputError(f"There is no session {number}: 'posecoach history' lists them.")
