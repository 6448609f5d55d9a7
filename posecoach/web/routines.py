"""The routines, as the page asks for them: chosen, built, handed over, taken up and removed."""

import base64
import tempfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from posecoach.coaching import tailoring, targets
from posecoach.coaching.plan import Routine
from posecoach.core import files
from posecoach.core.errors import InputError
from posecoach.core.messages import sentence
from posecoach.core.translation import tr
from posecoach.records import personal_ranges, routine_files
from posecoach.web import wire
from posecoach.web.wire import Json

#: The largest routine file that is taken, in characters: the longest routine has a fifth of that.
LARGEST = 50_000


def known() -> list[Json]:
    """The routines that ship and the person's own; one that cannot be used says why."""
    found: list[Json] = []
    own = routine_files.own()
    for name in routine_files.names():
        try:
            found.append(wire.routine(routine_files.load(name), name in own))
        except InputError as error:
            found.append({"name": name, "problem": sentence(error), "own": True})
    return found


def wanted(name: str, only: Sequence[str] = (), skip: Sequence[str] = (), gentle: bool = False) -> Routine:
    """A routine as it is wanted today, with the person's own limits in force; raises InputError."""
    _check_known(name)
    chosen = tailoring.selected(routine_files.load(name), only, skip)
    applied = targets.applied(chosen, personal_ranges.load(), {})
    return tailoring.gentler(applied, {}) if gentle else applied


def _check_known(name: str) -> None:
    # A path is for the person at the keyboard alone.
    if name not in routine_files.names():
        raise InputError(tr("There is no such routine: choose another."))


def build(title: str, steps: Sequence[Mapping[str, str | float]]) -> Json:
    """Write a routine among the person's own; raises InputError for what is wrong in it."""
    title = " ".join(title.split())
    name = routine_files.name_for(title)
    routine_files.check_free(name)
    wrong = routine_files.mistakes_in(title, steps)
    if wrong:
        raise InputError(wrong[0])
    target = routine_files.own_folder() / f"{name}.toml"
    files.ready_folder(target.parent)
    files.write(target, routine_files.as_toml(title, steps))
    try:
        return wire.routine(routine_files.load(name), own=True)
    except InputError as error:
        target.unlink(missing_ok=True)
        raise InputError(sentence(error).replace(str(target), name)) from error


def remove(name: str) -> None:
    """Remove a routine of the person's own; raises InputError when it is none."""
    path = routine_files.file_of(name) if name in routine_files.own() else None
    if path is None:
        raise InputError(tr("There is no such routine of your own: reload the page."))
    path.unlink(missing_ok=True)


# -- handed over ---------------------------------------------------------------------------------------


def text(name: str) -> str:
    """The file of a routine, to be handed over; raises InputError when there is none."""
    _check_known(name)
    return routine_files.text(name)


def packed(name: str) -> str:
    """A routine as the last part of a link, which no browser sends anywhere; raises InputError as `text`."""
    compressor = zlib.compressobj(9, wbits=-zlib.MAX_WBITS)
    data = compressor.compress(f"{name}\n{text(name)}".encode()) + compressor.flush()
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def unpacked(link: str) -> tuple[str, str]:
    """The name and the file in a link, or in its last part; raises InputError when there is none in it."""
    part = link.strip().rpartition("/")[2]
    try:
        data = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        # A few bytes must not unfold into gigabytes.
        unfolded = zlib.decompressobj(wbits=-zlib.MAX_WBITS).decompress(data, LARGEST).decode()
        name, content = unfolded.split("\n", 1)
    except (ValueError, zlib.error) as error:
        raise InputError(
            tr("There is no routine in this link: copy all of it, or ask for the file.")
        ) from error
    return name, content


# -- taken up ------------------------------------------------------------------------------------------


def offered(name: str, content: str) -> Json:
    """A routine that somebody sent, as it would be kept; `replaces` one of the person's own where that has
    its name. Raises InputError with what is wrong in it."""
    with _received(name, content) as path:
        there = path.stem in routine_files.own() and text(path.stem) != content
        return {**wire.routine(routine_files.load(str(path)), own=True), "replaces": there}


def take_up(name: str, content: str, replace: bool) -> Json:
    """Keep a routine that somebody sent; raises InputError with what is wrong in it, or when one of the
    person's own has its name and is not to be replaced."""
    with _received(name, content) as path:
        kept = path.stem
        if replace and kept in routine_files.own():
            files.write(routine_files.own_folder() / path.name, content)
        else:
            routine_files.add(path)
    return wire.routine(routine_files.load(kept), own=True)


@contextmanager
def _received(name: str, content: str) -> Iterator[Path]:
    """What was sent as a file with the name that it is to have, checked for mistakes."""
    name = routine_files.name_for(name.removesuffix(".toml"))[: routine_files.LONGEST_NAME] or "routine"
    if name in (*routine_files.available(), *routine_files.RESERVED):  # those names are taken
        name += "_2"
    with tempfile.TemporaryDirectory(prefix="posecoach-") as folder:
        path = Path(folder) / f"{name}.toml"
        path.write_text(content, "utf-8")
        try:
            wrong = routine_files.mistakes(path)
        except InputError as error:
            wrong = [sentence(error).replace(str(path), path.name)]
        if wrong:
            told = tr("This file cannot be used. {wrong} Ask whoever sent it for another.", wrong=wrong[0])
            raise InputError(told)
        yield path
