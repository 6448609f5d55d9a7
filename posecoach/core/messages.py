"""Any failure as one sentence, the unforeseen ones included."""

import difflib
import re
from collections.abc import Iterable
from pathlib import PurePath

from posecoach.core.errors import PosecoachError
from posecoach.core.translation import marked, tr

_LONGEST = 60
#: Of an address, or of one that a path has made of it.
_LOGIN = re.compile(r"\b([a-zA-Z][\w+.-]+:/{1,2})[^/\s@'\"]*@")


def sentence(error: BaseException) -> str:
    """What went wrong and the way out, for a person, on one line."""
    if isinstance(error, PosecoachError):
        return printable(without_login(str(error)))
    if isinstance(error, MemoryError):
        return tr("There is not enough memory: close other programs or use fewer --jobs.")
    return tr(
        "Something unforeseen went wrong ({what}): 'posecoach -v' before the command shows where, which "
        "helps a report.",
        what=in_brief(error),
    )


def in_brief(error: BaseException) -> str:
    """Which error it is, and what it says."""
    text = printable(without_login(" ".join(str(error).split())))
    return f"{type(error).__name__}{': ' + text if text else ''}"


def status(error: BaseException) -> int:
    """The exit status for `error`."""
    return error.exit_status if isinstance(error, PosecoachError) else 1


def without_login(text: str) -> str:
    """`text` without the user and password of any address in it."""
    return _LOGIN.sub(r"\1", text)


def printable(text: str) -> str:
    """`text` with what is no printable character, a newline or an escape, written the way Python does."""
    return "".join(sign if sign.isprintable() else repr(sign)[1:-1] for sign in text)


def encodable(text: str) -> str:
    """`text` with what a file's name holds that is no text in UTF-8, written as `printable` does."""
    return text.encode(errors="backslashreplace").decode()


def about(name: str, text: str) -> str:
    """What is to be said about a file, with its name once: a text may begin with it, or hold it."""
    if re.search(rf"(?<!\w){re.escape(name)}(?!\.?\w)", text):
        return text
    own = PurePath(name).name
    return name + text.removeprefix(own) if text.startswith(f"{own} ") else f"{name}: {text}"


def cut(text: str) -> str:
    """The beginning of a text that somebody else wrote, as much as fits into a sentence."""
    return text if len(text) <= _LONGEST else text[: _LONGEST - 3] + "..."


def quoted(value: object) -> str:
    """A value that somebody else wrote, as a message shows it: the way Python does, and cut."""
    if isinstance(value, str):
        return repr(cut(value))
    try:
        return cut(repr(value))
    except (RecursionError, ValueError):  # nested too deeply, or a number of thousands of digits
        return tr("something too large to show")


def minutes(seconds: float) -> str:
    """A time of day-to-day length: `45 s` or `4 min 30 s`."""
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02d} s" if whole >= 60 else f"{whole} s"


def did_you_mean(name: str, known: Iterable[str], translated: bool = False) -> str:
    """A half-sentence that offers the known name nearest to `name`, or nothing; `translated` for a sentence
    that is.
    """
    matches = difflib.get_close_matches(name, list(known), n=1)
    if not matches:
        return ""
    offer = marked(" (did you mean '{name}'?)")
    return tr(offer, name=matches[0]) if translated else offer.format(name=matches[0])


def inert(text: str) -> str:
    """A text that somebody else wrote, as a cell of a CSV file that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
