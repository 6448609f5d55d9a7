"""The pose networks of a model bundle, loaded with OpenVINO and run on pictures."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from posecoach.core.errors import ModelError, OutputError
from posecoach.core.pose import Array
from posecoach.core.types import Image
from posecoach.vision.native import cv2

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Form:
    """What a network of the bundle looks like.

    entry        its name in the bundle
    side         pixels of the square picture that it takes
    outputs      shapes of the outputs that are used
    mean, scale  its input is (pixel - mean) / scale
    """

    entry: str
    side: int
    outputs: tuple[Shape, ...]
    mean: float
    scale: float


class Inference:
    """One inference request of a network. Not for two threads at once, unlike the network itself."""

    def __init__(self, openvino: Any, network: Any) -> None:
        self._request = network.create_infer_request()
        self._input: Image = np.zeros(tuple(network.inputs[0].shape), np.uint8)
        self._request.set_input_tensor(openvino.Tensor(self._input, shared_memory=True))
        self._outputs = [self._request.get_output_tensor(index).data for index in range(len(network.outputs))]

    def __call__(self, picture: Image, transform: Array, flags: int, border: int) -> list[Any]:
        """The network's outputs for part of a picture (height, width, 3; BGR), valid until the next call.

        `transform`, (2, 3), `flags` and `border` say which part, in the terms of `cv2.warpAffine`.
        """
        square = self._input[0]
        cv2.warpAffine(picture, transform, square.shape[:2], square, flags=flags, borderMode=border)
        cv2.cvtColor(square, cv2.COLOR_BGR2RGB, square)
        self._request.infer(share_outputs=True)
        return self._outputs


class Compiled:
    """A network that several trackers may share; `inference` gives each a request of its own."""

    def __init__(self, openvino: Any, network: Any) -> None:
        self._openvino, self._network = openvino, network

    def inference(self) -> Inference:
        """A new inference request."""
        return Inference(self._openvino, self._network)


def compiled(openvino: Any, bundle: bytes, forms: Iterable[Form], threads: int) -> list[Compiled]:
    """The networks in `bundle`, the bytes of a model bundle; an inference may use `threads` cores.

    Raises ModelError when the bundle does not hold them, and RuntimeError when OpenVINO cannot load them.
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
    try:
        with zipfile.ZipFile(io.BytesIO(bundle)) as files, TemporaryDirectory() as folder:
            networks = []
            for form in forms:
                path = Path(folder) / form.entry
                path.write_bytes(files.read(form.entry))
                network = _prepared(openvino, core.read_model(str(path)), form)
                networks.append(Compiled(openvino, core.compile_model(network, "CPU", settings)))
            return networks
    except (zipfile.BadZipFile, KeyError) as error:
        raise ModelError.unusable() from error
    except OSError as error:
        raise OutputError(
            f"The pose model cannot be unpacked into the folder for temporary files ({error.strerror}): "
            "free some space there, or name another with TMPDIR."
        ) from error


def _prepared(openvino: Any, network: Any, form: Form) -> Any:
    """The network with only the outputs of `form`, taking pixels as bytes.

    The landmark network also draws a mask of the body, which costs a third of its time and is not used.
    """
    results = {tuple(port.shape): port.get_node() for port in network.outputs}
    if tuple(network.input().shape) != (1, form.side, form.side, 3) or not set(form.outputs) <= set(results):
        raise ModelError.unusable()
    network = openvino.Model([results[shape] for shape in form.outputs], network.get_parameters(), form.entry)
    steps = openvino.preprocess.PrePostProcessor(network)
    steps.input().tensor().set_element_type(openvino.Type.u8)
    steps.input().preprocess().convert_element_type(openvino.Type.f32).mean(form.mean).scale(form.scale)
    return steps.build()
