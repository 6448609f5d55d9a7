"""What the terminal gets: tables on standard output, notes and progress on standard error."""

import logging
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

# Piped output has no width of its own; tables that fold into 80 columns are hard to read and to search.
_PIPED_WIDTH = 160

_LEVELS = {True: logging.DEBUG, False: logging.INFO}


def set_up(quiet: bool, verbose: bool) -> None:
    """Send posecoach's notes to standard error: only errors when `quiet`, tracebacks too when `verbose`."""
    log = logging.getLogger("posecoach")
    log.handlers[:] = [handler := logging.StreamHandler()]
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.setLevel(logging.ERROR if quiet else _LEVELS[verbose])
    log.propagate = False


def quiet() -> bool:
    """True when only errors, and results that were asked for, should be printed."""
    return logging.getLogger("posecoach").getEffectiveLevel() >= logging.ERROR


def console(to_stderr: bool = False) -> Console:
    """The console for tables; it prints nothing when the user asked for quiet."""
    stream = sys.stderr if to_stderr else sys.stdout
    width = None if stream.isatty() else _PIPED_WIDTH
    return Console(file=stream, width=width, quiet=quiet(), highlight=False, soft_wrap=False)


def progress(unit: str) -> Progress:
    """A progress bar on standard error, gone when the work is done and silent where nobody watches."""
    watched = sys.stderr.isatty() and not quiet()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(unit),
        TimeRemainingColumn(),
        console=Console(file=sys.stderr),
        transient=True,
        disable=not watched,
    )
