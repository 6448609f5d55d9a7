"""The pose model: where it comes from, how it is checked, and how it is put together.

The published MediaPipe library ships no weights. They are taken from an older wheel of the same
library, named with its checksums in `models/manifest.toml`, and bundled the way the library's task
interface wants them: each network with the normalisation of its input, both uncompressed in one zip.
"""

import errno
import hashlib
import importlib.util
import lzma
import struct
import subprocess
import sys
import tempfile
import tomllib
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from posecoach.core import paths
from posecoach.core.errors import ModelError, OutputError

_ALIGNMENT = 4
_PADDING_FIELD = 0xD935
# What reading a zip file of any content can end in; RuntimeError: it is encrypted, or compressed in a way
# that is not known.
_DAMAGE = (
    zipfile.BadZipFile,
    RuntimeError,
    EOFError,
    ValueError,
    struct.error,
    zlib.error,
    lzma.LZMAError,
)
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed date keeps the bundle the same every time


@dataclass(frozen=True)
class Network:
    """One network of the model: its place in the source wheel and in the bundle, and its input scale."""

    member: str
    entry: str
    sha256: str
    mean: float
    std: float


@dataclass(frozen=True)
class WheelSource:
    """The published wheel that carries the weights."""

    package: str
    version: str
    python_version: str
    implementation: str
    platform: str
    size_mb: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What the model is; read from `models/manifest.toml`."""

    name: str
    licence: str
    source: WheelSource
    networks: tuple[Network, ...]


def manifest() -> Manifest:
    """The manifest that ships with this installation."""
    data = tomllib.loads((paths.shipped("models") / "manifest.toml").read_text("utf-8"))
    return Manifest(
        name=data["name"],
        licence=data["licence"],
        source=WheelSource(**data["source"]),
        networks=tuple(Network(**network) for network in data["networks"]),
    )


def default_path() -> Path:
    """Where the bundle is kept once it was fetched."""
    return paths.cache_dir() / "pose_landmarker_full.task"


def load(path: Path | None = None, say: Callable[[str], None] = lambda _: None) -> bytes:
    """The model bundle as bytes, fetched on first need.

    `path` names a bundle of the user's own, which is never fetched. Raises ModelError when there is no
    usable model, with the ways out.
    """
    if path is None:
        path = default_path()
        if not path.is_file():
            fetch(say)
    try:
        if is_whole(path):
            return path.read_bytes()
    except OSError as error:
        raise ModelError(f"The pose model {path} cannot be read ({error.strerror}).") from error
    if not path.is_file():
        raise ModelError(f"There is no pose model at {path}: check the path, or leave --model out.")
    raise ModelError(
        f"The pose model {path} is damaged: run 'posecoach model fetch' to get it again, and leave --model "
        "out."
    )


def is_whole(path: Path) -> bool:
    """True when there is a model bundle at `path`, with every network that the manifest names undamaged."""
    try:
        with zipfile.ZipFile(path) as bundle:
            return bundle.testzip() is None and {n.entry for n in manifest().networks} <= set(
                bundle.namelist()
            )
    except OSError as error:
        if error.errno in (None, errno.ENOENT):  # without a number it is about the content
            return False
        raise
    except _DAMAGE:
        return False


def fetch(say: Callable[[str], None] = lambda _: None) -> Path:
    """Download, verify and bundle the model into its default place; returns that place.

    Nothing is changed at the default place until the bundle is whole, so running it again after an
    interruption is always safe.
    """
    facts, target = manifest(), default_path()
    say(f"Getting the pose model ({facts.source.size_mb} MB, {facts.licence}), once ...")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetch-") as folder:
            wheel = _download(facts.source, Path(folder))
            bundle = Path(folder) / target.name
            _write_bundle(wheel, facts.networks, bundle)
            bundle.replace(target)
    except OSError as error:
        raise OutputError(
            f"The pose model cannot be written to {target.parent} ({error.strerror}): free some space or "
            "make the folder writable, then run 'posecoach model fetch' again."
        ) from error
    say(f"The pose model is ready: {target}")
    return target


def _download(source: WheelSource, folder: Path) -> Path:
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
    run = subprocess.run(command, stdout=2, stderr=subprocess.PIPE, text=True, errors="replace", check=False)
    wheels = sorted(folder.glob("*.whl"))
    if run.returncode != 0 or not wheels:
        raise ModelError(
            "The pose model could not be downloaded: when you are online run 'posecoach model fetch', or "
            "give a model you have with --model FILE."
        ) from RuntimeError(run.stderr.strip())
    if _sha256(wheels[0].read_bytes()) != source.sha256:
        raise ModelError(
            f"The download of {source.package} {source.version} does not match its checksum and was thrown "
            "away: run 'posecoach model fetch' again."
        )
    return wheels[0]


def _write_bundle(wheel: Path, networks: tuple[Network, ...], target: Path) -> None:
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for network in networks:
            weights = source.read(network.member)
            if _sha256(weights) != network.sha256:
                raise ModelError(
                    f"The network {network.member} does not match its checksum: run 'posecoach model fetch' "
                    "again."
                )
            assert bundle.fp is not None
            info = zipfile.ZipInfo(network.entry, _EPOCH)
            # The library maps each entry in place, so its data has to start on a 4-byte boundary: an
            # extra field (its identifier and length come first) pads the entry's header.
            header_end = bundle.fp.tell() + 30 + len(network.entry) + 4
            padding = -header_end % _ALIGNMENT
            info.extra = struct.pack("<HH", _PADDING_FIELD, padding) + b"\0" * padding
            bundle.writestr(info, _with_normalisation(weights, network.mean, network.std))


def _with_normalisation(weights: bytes, mean: float, std: float) -> bytes:
    """The network with its input normalisation written into it as TensorFlow Lite metadata."""
    import flatbuffers

    from posecoach.vision import native

    native.mediapipe()  # says which system library is missing, where one is
    from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
    from mediapipe.tasks.metadata import schema_py_generated as schema

    scale = metadata_schema.NormalizationOptionsT()
    scale.mean, scale.std = [mean], [std]
    unit = metadata_schema.ProcessUnitT()
    unit.optionsType = metadata_schema.ProcessUnitOptions.NormalizationOptions
    unit.options = scale
    image = metadata_schema.TensorMetadataT()
    image.name = "image"
    image.processUnits = [unit]

    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(weights, 0))
    outputs = []
    for index in range(len(model.subgraphs[0].outputs)):
        output = metadata_schema.TensorMetadataT()
        output.name = f"output_{index}"
        outputs.append(output)
    subgraph = metadata_schema.SubGraphMetadataT()
    subgraph.inputTensorMetadata = [image]
    subgraph.outputTensorMetadata = outputs
    root = metadata_schema.ModelMetadataT()
    root.name = "pose"
    root.subgraphMetadata = [subgraph]
    builder = flatbuffers.Builder(0)
    builder.Finish(root.Pack(builder), b"M001")

    buffer = schema.BufferT()
    buffer.data = bytes(builder.Output())
    entry = schema.MetadataT()
    entry.name = "TFLITE_METADATA"
    entry.buffer = len(model.buffers)
    model.buffers.append(buffer)
    model.metadata = [*(model.metadata or []), entry]
    packed = flatbuffers.Builder(0)
    packed.Finish(model.Pack(packed), b"TFL3")
    return bytes(packed.Output())


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
