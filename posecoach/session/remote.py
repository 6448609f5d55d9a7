"""Clips that are not on a disk of this machine: addresses that fsspec understands, such as `s3://clips/a.mp4`."""

import contextlib
import shutil
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path, PurePosixPath
from types import ModuleType

from posecoach.core import paths
from posecoach.core.errors import InputError, PosecoachError, SourceError


def is_address(name: object) -> bool:
    """Whether a clip is named by an address rather than by a path."""
    return isinstance(name, str) and "://" in name


def name_of(address: str) -> str:
    """The file's own name at the end of an address."""
    return PurePosixPath(address.partition("://")[2].partition("?")[0]).name or "clip"


def local_file(address: str) -> Path | None:
    """The file of this machine that an address names; None where it is about another place."""
    scheme, _, path = address.partition("://")
    return Path(path) if scheme.rpartition("::")[2] in ("file", "local") else None


def found(address: str, suffixes: Collection[str]) -> list[str]:
    """The clips that an address names: itself, or all in the folder or of the pattern that it is.

    Raises SourceError where that cannot be told.
    """
    if PurePosixPath(name_of(address)).suffix.lower() in suffixes and not _is_pattern(address):
        return [address]
    with _told(address):
        files, path = _fsspec().url_to_fs(address)
        if _is_pattern(address):
            names = files.glob(path)
        elif files.isdir(path):
            names = [one for one in files.find(path) if PurePosixPath(one).suffix.lower() in suffixes]
        else:
            return [address]
        return [str(files.unstrip_protocol(one)) for one in sorted(names)]


@contextlib.contextmanager
def downloaded(address: str) -> Iterator[Path]:
    """A copy of the file at an address, which is removed again; raises SourceError where there is none."""
    with tempfile.TemporaryDirectory(prefix="posecoach-") as folder:
        path = Path(folder) / name_of(address)
        with _told(address), _fsspec().open(address, "rb") as source, path.open("wb") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        yield path


@contextlib.contextmanager
def _told(address: str) -> Iterator[None]:
    """Every failure in here as a SourceError: each kind of address has failures of its own library."""
    try:
        yield
    except PosecoachError:
        raise
    except Exception as error:
        why = " ".join(str(error).split()) or type(error).__name__
        raise SourceError(f"{address} cannot be read ({why}): check the address.") from error


def _fsspec() -> ModuleType:
    try:
        import fsspec
    except ImportError:
        raise InputError(
            f"Addresses of clips need fsspec. This installs it: {paths.installs('cluster')}"
        ) from None
    return fsspec  # type: ignore[no-any-return]


def _is_pattern(address: str) -> bool:
    return any(sign in address for sign in "*[")
