"""`posecoach report`: the page of a session."""

import logging
import webbrowser
from pathlib import Path

from posecoach.cli import options
from posecoach.cli.commands.history import exported
from posecoach.cli.inputs import distinct, remembered
from posecoach.core import files
from posecoach.core.errors import InputError
from posecoach.core.translation import tr
from posecoach.feedback import pdf
from posecoach.feedback import session_page as page
from posecoach.feedback.outputs import LinesTarget
from posecoach.records import history

log = logging.getLogger(__name__)

_SUFFIXES = (".html", ".htm", ".pdf")


def report(given: options.Report) -> int:
    """Write the page of a session, by default the last one with an exercise in it, and open it if asked."""
    remembered(tell=False)
    as_json = LinesTarget(given.json)
    if given.out is not None and given.out.suffix.lower() not in _SUFFIXES:
        raise InputError(
            tr(
                "A report is a page or a PDF file: give {file} a name that ends in .html or .pdf.",
                file=given.out,
            )
        )
    known = history.sessions()
    if not known:
        raise InputError(tr("There is no session to draw yet: 'posecoach live' begins one."))
    if given.session is None:
        chosen = next((one for one in reversed(known) if one.exercised), known[-1])
    else:
        chosen = history.numbered(known, given.session)
    target = given.out or Path(f"posecoach-report-{chosen.id}.html")
    printed = target.with_suffix(".pdf") if given.pdf else None
    if target.suffix.lower() == ".pdf":
        printed, target = target, target.with_suffix(".html")
    distinct([target, printed, as_json.file], [])
    files.write(files.ready(target), page.page(known, chosen, given.name))
    as_json.write([exported(chosen)])
    log.info("%s", tr("The page of session {number} is {file}.", number=chosen.id, file=target.resolve()))
    if printed is not None:
        pdf.write(target, files.ready(printed), pdf.browser())
        log.info("%s", tr("The PDF file is {file}.", file=printed.resolve()))
    if given.open and not webbrowser.open(target.resolve().as_uri()):
        log.warning("%s", tr("No browser was found to open it with."))
    return 0
