"""The pose networks of a model bundle, loaded with OpenVINO and run on pictures."""

import hashlib
import io
import logging
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.core import files
from posecoach.core.errors import ModelError, OutputError
from posecoach.core.pose import Array
from posecoach.core.types import Image
from posecoach.vision.native import cv2

log = logging.getLogger(__name__)

Shape = tuple[int, ...]

_DIGEST_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True)
class Form:
    """What a network of the bundle looks like.

    entry    its name in the bundle
    side     pixels of the square picture that it takes
    outputs  shapes of the outputs that are used
    scale    its input is pixel / scale + offset
    """

    entry: str
    side: int
    outputs: tuple[Shape, ...]
    scale: float
    offset: float


class Inference:
    """One inference request of a network. Not for two threads at once, unlike the network itself."""

    def __init__(self, openvino: Any, network: Any, form: Form) -> None:
        self._request = network.create_infer_request()
        self._square: Image = np.zeros((form.side, form.side, 3), np.uint8)
        self._values = np.arange(256, dtype=np.float32) / form.scale + form.offset  # of each grey level
        self._input: NDArray[np.float32] = np.zeros((1, *self._square.shape), np.float32)
        self._request.set_input_tensor(openvino.Tensor(self._input, shared_memory=True))
        self._outputs = [self._request.get_output_tensor(index).data for index in range(len(network.outputs))]

    def __call__(self, picture: Image, transform: Array, flags: int, border: int) -> list[Any]:
        """The network's outputs for part of a picture (height, width, 3; BGR), valid until the next call.

        `transform`, (2, 3), `flags` and `border` say which part, in the terms of `cv2.warpAffine`.
        """
        square = self._square
        cv2.warpAffine(picture, transform, square.shape[:2], square, flags=flags, borderMode=border)
        cv2.cvtColor(square, cv2.COLOR_BGR2RGB, square)
        cv2.LUT(square, self._values, self._input[0])
        self._request.infer(share_outputs=True)
        return self._outputs


class Compiled:
    """A network that several trackers may share; `inference` gives each a request of its own."""

    def __init__(self, openvino: Any, network: Any, form: Form) -> None:
        self._openvino, self._network, self._form = openvino, network, form

    def inference(self) -> Inference:
        """A new inference request."""
        return Inference(self._openvino, self._network, self._form)


def compiled(
    openvino: Any, bundle: bytes, forms: Iterable[Form], threads: int, cache: Path | None = None
) -> list[Compiled]:
    """The networks in `bundle`, the bytes of a model bundle; an inference may use `threads` cores.

    With a `cache` folder what is compiled is kept there, and the next process starts a second sooner. Raises
    ModelError when the bundle does not hold the networks, and RuntimeError when OpenVINO cannot load them.
    """
    core = openvino.Core()
    settings = {
        "PERFORMANCE_HINT": "LATENCY",
        "INFERENCE_NUM_THREADS": threads,
        # With pinning, two processes would share the first core and leave the second idle.
        "ENABLE_CPU_PINNING": False,
        # The same on every processor. Some would compute in bfloat16 by default, which moves landmarks by
        # more than a pixel and the world coordinates by centimetres.
        "INFERENCE_PRECISION_HINT": "f32",
    }
    version = f"{openvino.__version__} {core.get_property('CPU', 'FULL_DEVICE_NAME')}".encode()
    of_bundle = hashlib.sha256(bundle + version)

    def load(form: Form) -> Any:
        key = of_bundle.copy()
        key.update(repr(form).encode())
        kept = _Kept(cache / f"{Path(form.entry).stem}-{key.hexdigest()[:16]}.blob") if cache else None
        network = kept.load(core, settings) if kept else None
        if network is None:
            network = _prepared(openvino, _read(core, bundle, form), form)
            network = core.compile_model(network, "CPU", settings)
            if kept:
                kept.save(network)
        return Compiled(openvino, network, form)

    return [load(form) for form in forms]


class _Kept:
    """A compiled network in a file, after its checksum: what is damaged is compiled again."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def load(self, core: Any, settings: dict[str, object]) -> Any | None:
        try:
            data = self._path.read_bytes()
            digest, network = data[:_DIGEST_BYTES], data[_DIGEST_BYTES:]
            if hashlib.sha256(network).digest() == digest:
                return core.import_model(io.BytesIO(network), "CPU", settings)
        except (OSError, RuntimeError) as error:
            log.debug("%s", error)
        return None

    def save(self, network: Any) -> None:
        data = network.export_model()
        content = bytes(data.getvalue() if isinstance(data, io.BytesIO) else data)
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            for old in self._path.parent.glob(f"{self._path.name.split('-')[0]}-*.blob"):
                old.unlink(missing_ok=True)  # of another model or version
            files.write(self._path, hashlib.sha256(content).digest() + content)
        except (OSError, OutputError) as error:  # then the next start is as slow as this one
            log.debug("%s", error)


def _read(core: Any, bundle: bytes, form: Form) -> Any:
    """The network of `bundle` that `form` names, as OpenVINO reads it: from a file only."""
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as entries, TemporaryDirectory() as folder:
            path = Path(folder) / form.entry
            path.write_bytes(entries.read(form.entry))
            return core.read_model(str(path))
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelError.unusable() from error
    except OSError as error:
        raise OutputError(
            f"The pose model cannot be unpacked into the folder for temporary files ({error.strerror}): "
            "free some space there, or name another with TMPDIR."
        ) from error


def _prepared(openvino: Any, network: Any, form: Form) -> Any:
    """The network with only the outputs of `form`.

    The landmark network also draws a mask of the body, which costs a third of its time and is not used. What
    is left computes the same to the last bit. The input stays float: converting it inside the graph is
    rounded otherwise by a thousandth of a pixel, which the next frame's square makes a third of a pixel of.
    """
    results = {tuple(port.shape): port.get_node() for port in network.outputs}
    if tuple(network.input().shape) != (1, form.side, form.side, 3) or not set(form.outputs) <= set(results):
        raise ModelError.unusable()
    return openvino.Model([results[shape] for shape in form.outputs], network.get_parameters(), form.entry)
