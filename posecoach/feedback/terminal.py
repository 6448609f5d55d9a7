"""What the terminal gets: tables on standard output, notes and progress on standard error."""

import contextlib
import errno
import logging
import os
import sys
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from posecoach.core.errors import OutputError

# Piped output has no width of its own; tables that fold into 80 columns are hard to read and to search.
_PIPED_WIDTH = 160

#: What writing to standard output fails with where it goes to a full disk or a terminal that is gone. What
#: fails in writing a file names the file, or is an OutputError by the time it gets here.
_UNWRITABLE = {errno.ENOSPC, errno.EIO, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}

_LEVELS = {True: logging.DEBUG, False: logging.INFO}


def set_up(quiet: bool, verbose: bool) -> None:
    """Send posecoach's notes to standard error: only errors when `quiet`, tracebacks too when `verbose`."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed, as by `>&-`, or never there, as under pythonw
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for good
    log = logging.getLogger("posecoach")
    log.handlers[:] = [handler := logging.StreamHandler()]
    handler.setFormatter(logging.Formatter("%(message)s"))
    log.setLevel(logging.ERROR if quiet else _LEVELS[verbose])
    log.propagate = False


@contextlib.contextmanager
def flushed() -> Iterator[None]:
    """What is printed in here has been written when it ends, or an OutputError is raised.

    Left to the end of the process, a failure would be told by Python, in its own words.
    """
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        if error.filename is not None or error.errno not in {errno.EPIPE, *_UNWRITABLE}:
            raise
        _discard_output()
        if error.errno == errno.EPIPE:
            raise
        raise OutputError(
            f"Standard output cannot be written ({error.strerror}): free some space or send it elsewhere."
        ) from error


def _discard_output() -> None:
    """Let what could not be written go nowhere, so that the end of the process does not try again."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


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
