"""Writing results: a folder is tried before the work starts, and a file appears whole or not at all."""

import tempfile
from pathlib import Path

from posecoach.errors import OutputError


def ready(path: Path) -> Path:
    """`path`, once it is certain that a file can be written there; raises OutputError otherwise."""
    if path.is_dir():
        raise OutputError(f"{path} is a folder: name a file in it.")
    _try(path.parent, path)
    return path


def ready_folder(folder: Path) -> Path:
    """`folder`, made when it is missing and known to be writable; raises OutputError otherwise."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder {folder} cannot be made ({error.strerror}): name another.") from error
    _try(folder, folder)
    return folder


def write(path: Path, content: str | bytes) -> None:
    """Write `content` to `path` in one step; raises OutputError when that is not possible."""
    partial: Path | None = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}-", delete=False) as file:
            partial = Path(file.name)
            file.write(content.encode() if isinstance(content, str) else content)
        partial.chmod(0o644)  # a temporary file is its owner's alone
        partial.replace(path)
    except OSError as error:
        if partial is not None:
            partial.unlink(missing_ok=True)
        raise OutputError(f"{path} cannot be written ({error.strerror}): name another place.") from error


def _try(folder: Path, what: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(
            f"{what} cannot be written because {folder} is not a folder you may write to "
            f"({error.strerror}): name another."
        ) from error
