"""The pose model: fetched on first need, verified at each load.

The published MediaPipe library ships no weights. They are taken from an older wheel of the same library,
which `models/manifest.toml` names with its checksums, and put together by `model_build`.
"""

import contextlib
import errno
import hashlib
import importlib.util
import lzma
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

from posecoach.core import files, paths
from posecoach.core.errors import ModelError, OutputError
from posecoach.core.translation import tr
from posecoach.vision.model_build import write_bundle
from posecoach.vision.model_manifest import WheelSource, manifest

# What reading a zip file of any content can end in; RuntimeError: it is encrypted, or compressed in an
# unknown way.
_DAMAGE = (
    zipfile.BadZipFile,
    RuntimeError,
    EOFError,
    ValueError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
_FETCHING = "fetch-"  # begins the names of folders that a download is put together in
_ABANDONED_S = 3600.0  # a folder older than that belongs to a download that was killed


def default_path() -> Path:
    """Where the bundle is kept once it was fetched."""
    return paths.cache_dir() / "pose_landmarker_full.task"


def load(path: Path | None = None, say: Callable[[str], None] = lambda _: None) -> bytes:
    """The model bundle as bytes.

    Without a `path` it is the bundle in its default place, fetched when it is missing, damaged or changed. A
    `path` names a bundle of the user's own, which is never fetched. Raises ModelError when there is no usable
    model, with the ways out.
    """
    given = path is not None
    path = path or default_path()
    data = _whole(path, verified=not given)
    if data is None and not given:
        if files.is_file(path):
            say("The pose model is damaged or was changed.")
        fetch(say)
        data = _whole(path, verified=True)
    if data is not None:
        return data
    if files.is_folder(path):
        raise ModelError(f"{path} is a folder: name a model file in it, or leave --model out.")
    if not files.is_file(path):
        raise ModelError(f"There is no pose model at {path}: check the path, or leave --model out.")
    raise ModelError(
        f"The pose model {path} is damaged: run 'posecoach model fetch' to get it again, and leave --model "
        "out."
    )


def is_whole(path: Path) -> bool:
    """True when there is a usable model bundle at `path`; in the default place it must have its checksums."""
    return _whole(path, verified=path == default_path()) is not None


def _whole(path: Path, verified: bool) -> bytes | None:
    """The bundle at `path`, or None when it is missing or damaged, or `verified` and not what was fetched."""
    try:
        data = path.read_bytes()
        if verified and _noted(path) == hashlib.sha256(data).hexdigest():
            return data
        with zipfile.ZipFile(path) as bundle:
            found = {name: hashlib.sha256(bundle.read(name)).hexdigest() for name in bundle.namelist()}
    except OSError as error:
        if isinstance(error, IsADirectoryError | PermissionError) and path.is_dir():  # as Windows calls it
            return None
        if error.errno in (None, errno.ENOENT, errno.ENOTDIR):  # without a number it is about the content
            return None
        raise ModelError(f"The pose model {path} cannot be read ({error.strerror}).") from error
    except _DAMAGE:
        return None
    networks = manifest().networks
    if verified:
        return data if all(found.get(one.entry) == one.bundled_sha256 for one in networks) else None
    return data if all(one.entry in found for one in networks) else None


def _note_file(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _noted(path: Path) -> str | None:
    """The checksum of the bundle that was fetched; None where the manifest knows it."""
    try:
        return _note_file(path).read_text("ascii").strip()
    except (OSError, ValueError):
        return None


def fetch(say: Callable[[str], None] = lambda _: None) -> Path:
    """Download, verify and bundle the model into its default place; returns that place.

    Nothing changes at the default place until the bundle is whole, so running it again after an interruption
    is always safe.
    """
    facts, target = manifest(), default_path()
    if target.is_dir():
        raise ModelError(
            f"There is a folder in the place of the pose model, {target}: move it away, then run 'posecoach "
            "model fetch'."
        )
    say(f"Getting the pose model ({facts.source.size_mb} MB, {facts.licence}), once ...")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _tidy(target.parent)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=_FETCHING) as folder:
            wheel = download(facts.source, Path(folder))
            bundle = Path(folder) / target.name
            write_bundle(wheel, facts.networks, bundle)
            bundle.replace(target)
        # Another version of the library that writes the metadata may write it differently.
        _note_file(target).unlink(missing_ok=True)
        if not is_whole(target):
            files.write(_note_file(target), hashlib.sha256(target.read_bytes()).hexdigest())
    except OSError as error:
        raise OutputError(
            f"The pose model cannot be written to {target.parent} ({error.strerror}): free some space or "
            "make the folder writable, then run 'posecoach model fetch' again."
        ) from error
    say(f"The pose model is ready: {target}")
    return target


def _tidy(folder: Path) -> None:
    """Remove what downloads left behind that were killed."""
    for left in folder.glob(f"{_FETCHING}*"):
        with contextlib.suppress(OSError):
            if left.is_dir() and time.time() - left.stat().st_mtime > _ABANDONED_S:
                shutil.rmtree(left)


def download(source: WheelSource, folder: Path) -> Path:
    """Download the wheel into `folder` with pip and check it; raises ModelError."""
    if importlib.util.find_spec("pip") is None:
        raise ModelError(
            "The pose model is fetched with pip, which this environment lacks: run 'python -m ensurepip', "
            "then 'posecoach model fetch', or give a model you have with --model FILE."
        )
    # pip brings the user's own index, proxy and certificates along, shows progress, and is only
    # unzipping here: nothing of the wheel is installed.
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--no-deps"]
    command += ["--only-binary=:all:", "--platform", source.platform, "--dest", str(folder)]
    command += ["--python-version", source.python_version, "--implementation", source.implementation]
    command += [f"{source.package}=={source.version}"]
    # Its progress goes where posecoach's own does, standard error; what it complains of, into the cause.
    run = subprocess.run(
        command,
        stdout=2,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        check=False,
        # This wheel is unzipped, never installed: what holds for installing does not concern it.
        env={name: value for name, value in os.environ.items() if name != "PIP_CONSTRAINT"},
    )
    wheels = sorted(folder.glob("*.whl"))
    if run.returncode != 0 or not wheels:
        raise ModelError(
            tr(
                "The pose model could not be downloaded: when you are online run 'posecoach model fetch',"
                " or give a model you have with --model FILE."
            )
        ) from RuntimeError(run.stderr.strip())
    if hashlib.sha256(wheels[0].read_bytes()).hexdigest() != source.sha256:
        raise ModelError(
            f"The download of {source.package} {source.version} does not match its checksum and was thrown "
            "away: run 'posecoach model fetch' again."
        )
    return wheels[0]
