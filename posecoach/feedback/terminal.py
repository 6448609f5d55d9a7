"""What the terminal gets: tables on standard output, notes and progress on standard error."""

import codecs
import contextlib
import errno
import io
import logging
import os
import shutil
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from posecoach.core.errors import OutputError
from posecoach.core.messages import printable, without_login

# Piped output has no width of its own; tables that fold into 80 columns are hard to read and to search.
_PIPED_WIDTH = 160

#: What writing to standard output fails with where it goes to a full disk or a terminal that is gone. What
#: fails in writing a file names the file, or is an OutputError by the time it gets here.
_UNWRITABLE = {errno.ENOSPC, errno.EIO, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}

_NOTE_WIDTH = 80  # columns, on a terminal that is as wide or wider

#: What stands in for signs that the encoding of a stream lacks; anything else becomes a question mark.
_PLAIN = {"✓": "+", "✗": "x", "·": "-", "–": "-", "—": "-", "−": "-", "×": "x", "→": "->", "…": "..."}
_PLAIN |= {"°": "", "“": '"', "”": '"', "„": '"', "’": "'", "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"}
_PLAIN |= {"Ä": "Ae", "Ö": "Oe", "Ü": "Ue"}

_LEVELS = {True: logging.DEBUG, False: logging.INFO}


def set_up(quiet: bool, verbose: bool) -> None:
    """Send posecoach's notes to standard error: only errors when `quiet`, tracebacks too when `verbose`."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed, as by `>&-`, or never there, as under pythonw
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115 - for good
    codecs.register_error("posecoach", _fitted)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="posecoach")
    log = logging.getLogger("posecoach")
    log.handlers[:] = [handler := logging.StreamHandler()]
    handler.setFormatter(_Wrapping("%(message)s"))
    log.setLevel(logging.ERROR if quiet else _LEVELS[verbose])
    log.propagate = False


def _fitted(error: UnicodeError) -> tuple[str, int]:
    """What a stream gets for signs that its encoding lacks: results must not be lost for a tick."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign, "?") for sign in text), error.end


class _Wrapping(logging.Formatter):
    """Notes that break between words, without the control characters that a file's name may hold, and without
    the password that an address may hold."""

    def format(self, record: logging.LogRecord) -> str:
        return "\n".join(printable(line) for line in without_login(super().format(record)).split("\n"))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - as logging calls it
        return wrapped(super().formatMessage(record))


def wrapped(text: str) -> str:
    """`text` with its lines broken between words where they would not fit a terminal on standard error.

    Where it is none, one line stays one line: easy to search.
    """
    if not sys.stderr.isatty():
        return text
    width = min(_NOTE_WIDTH, shutil.get_terminal_size().columns) - 1
    return "\n".join(
        "\n".join(
            textwrap.wrap(
                line,
                width,
                subsequent_indent=" " * (len(line) - len(line.lstrip())),
                break_long_words=False,
                break_on_hyphens=False,
            )
        )
        for line in text.split("\n")
    )


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


def verbose() -> bool:
    """True when the user asked for more than is usually said."""
    return logging.getLogger("posecoach").getEffectiveLevel() <= logging.DEBUG


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
