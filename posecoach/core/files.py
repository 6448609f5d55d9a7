"""Files a person names: a place is tried before the work starts, a result appears whole or not at all, and
nothing that a name or a file can hold ends in a traceback."""

import contextlib
import errno
import os
import secrets
import stat
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import IO, Any

from posecoach.core import messages
from posecoach.core.errors import OutputError
from posecoach.core.translation import tr

_NO_LOCKS = {errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS}  # of a file system that has none
_MOST_TOML = 1_000_000  # bytes; reading that many takes a second


def there(path: Path) -> os.stat_result | None:
    """What is at `path`, links followed; None when nothing is, or can be (a name that is too long)."""
    try:
        return path.stat()
    except (OSError, ValueError):
        return None


def is_file(path: Path) -> bool:
    """Whether a file is at `path`; of a name that is too long it is False, where `Path.is_file` raises."""
    found = there(path)
    return found is not None and stat.S_ISREG(found.st_mode)


def is_folder(path: Path) -> bool:
    """Whether a folder is at `path`; of a name that is too long it is False, where `Path.is_dir` raises."""
    found = there(path)
    return found is not None and stat.S_ISDIR(found.st_mode)


def toml(path: Path) -> dict[str, Any]:
    """The TOML file at `path`, with or without a byte order mark.

    Raises OSError when it cannot be read and ValueError, which says what is wrong, when it is not TOML, or
    so large that nobody has written it.
    """
    with open(path, "rb", opener=_at_once) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, tr("it is a pipe or a device, and no file"))
        data = file.read(_MOST_TOML + 1)
    if len(data) > _MOST_TOML:
        raise ValueError("it is larger than a megabyte")
    try:
        return tomllib.loads(data.decode("utf-8-sig"))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _at_once(path: str, flags: int) -> int:
    """Open a file as `open` does; a pipe that nobody writes into, too, is not waited for."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def lock(file: IO[Any]) -> None:
    """Keep other processes from writing `file` until it is closed; raises OSError when one does.

    Windows has no lock that leaves the file open to others: there the last one to finish wins.
    """
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Claims(contextlib.ExitStack):
    """Files that no other run of posecoach writes until the `with` block ends."""

    def claim(self, path: Path) -> None:
        """Keep others from `path`, which is begun where it is missing; raises OutputError when one is at it.

        A pipe or a device is left to whoever made it, and Windows replaces no file that is open.
        """
        found = there(path)
        if sys.platform == "win32" or (found is not None and not stat.S_ISREG(found.st_mode)):
            return
        while True:
            try:
                file = self.enter_context(path.open("ab"))
                lock(file)
            except BlockingIOError as error:
                raise OutputError(
                    f"{path} is being written by another run: wait until that is done, or name another file."
                ) from error
            except OSError as error:
                if error.errno not in _NO_LOCKS:
                    raise unwritable(path, error) from error
            mine, now = os.fstat(file.fileno()), there(path)
            if now is not None and os.path.samestat(mine, now):  # else it went while it was being locked
                break
        if found is None:
            self.callback(_remove_if_empty, path, mine)


def _remove_if_empty(path: Path, mine: os.stat_result) -> None:
    now = there(path)
    if now is not None and os.path.samestat(mine, now) and not now.st_size:
        path.unlink(missing_ok=True)


def ready(path: Path) -> Path:
    """`path`, once it is certain that a file can be written there; raises OutputError otherwise."""
    try:
        mode = path.stat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        _try(path.parent, path)
        return path
    except (OSError, ValueError) as error:
        raise unwritable(path, error) from error
    if stat.S_ISDIR(mode):
        raise OutputError(tr("{file} is a folder: name a file in it.", file=path))
    if not os.access(path, os.W_OK):
        raise OutputError(tr("{file} is there already and may not be changed: name another file.", file=path))
    if stat.S_ISREG(mode):
        _try(path.resolve().parent, path)
    return path


def ready_folder(folder: Path) -> Path:
    """`folder`, made when it is missing and known to be writable; raises OutputError otherwise."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(
            tr("{folder} is a file, but must be a folder: move it, or name another.", folder=folder)
        ) from None
    except (OSError, ValueError) as error:
        raise OutputError(
            tr("The folder {folder} cannot be made ({why}): name another.", folder=folder, why=_why(error))
        ) from error
    _try(folder, folder)
    return folder


def private_folder(folder: Path) -> Path:
    """`folder`, made for its owner alone when it is missing; raises OutputError as `ready_folder` does."""
    if there(folder) is None:
        ready_folder(folder.parent)
        with contextlib.suppress(OSError, ValueError):
            folder.mkdir(mode=0o700)
    return ready_folder(folder)


def write(path: Path, content: str | bytes, private: bool = False) -> None:
    """Write `content` to `path`; raises OutputError when that is not possible.

    A file appears in one step, with the permissions of the one it replaces, or for its owner alone where it
    is `private`; where `path` is a link, it is the file behind it. What is no file (a pipe, a device) is
    written into.
    """
    partial: Path | None = None
    try:
        # A command line or a name may hold what is no text in UTF-8.
        data = messages.encodable(content).encode() if isinstance(content, str) else content
        found = there(path)
        if found is not None and not stat.S_ISREG(found.st_mode):
            with path.open("wb") as opened:
                opened.write(data)
            return
        target = path.resolve()
        temporary = target.with_name(f".posecoach-{secrets.token_hex(8)}")
        with temporary.open("xb") as file:  # a new file has the permissions that the person's umask leaves
            partial = temporary
            if private:  # before anything is in it
                partial.chmod(0o600)
            file.write(data)
        if found is not None and not private:
            partial.chmod(stat.S_IMODE(found.st_mode))
        partial.replace(target)
    except (OSError, ValueError, RuntimeError) as error:  # the last: a link that leads to itself
        if partial is not None:
            partial.unlink(missing_ok=True)
        raise unwritable(path, error) from error


def remove(path: Path) -> bool:
    """Remove the file at `path`; False when there is none. Raises OutputError when it cannot be removed."""
    try:
        path.unlink()
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:
        told = tr("{file} cannot be removed ({why}): remove it by hand.", file=path, why=_why(error))
        raise OutputError(told) from error
    return True


def unwritable(path: Path, error: Exception) -> OutputError:
    return OutputError(
        tr("{file} cannot be written ({why}): name another place.", file=path, why=_why(error))
    )


def _why(error: Exception) -> str:
    return (isinstance(error, OSError) and error.strerror) or str(error)


def _try(folder: Path, what: Path) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        if there(folder) is None:
            raise OutputError(
                tr(
                    "{file} cannot be written because there is no folder {folder}: make it, or name another.",
                    file=what,
                    folder=folder,
                )
            ) from None
        raise OutputError(
            tr(
                "{file} cannot be written because {folder} is not a folder you may write to ({why}): name"
                " another.",
                file=what,
                folder=folder,
                why=error.strerror,
            )
        ) from error
