"""Puts the model bundle together the way MediaPipe's task interface wants it.

Each network gets the normalisation of its input as metadata, and lies uncompressed and aligned in one zip
file.
"""

import hashlib
import struct
import zipfile
from pathlib import Path

from posecoach.core.errors import ModelError
from posecoach.vision.model_manifest import Network

_ALIGNMENT = 4
_PADDING_FIELD = 0xD935
_EPOCH = (1980, 1, 1, 0, 0, 0)  # a fixed date makes the same bundle every time


def write_bundle(wheel: Path, networks: tuple[Network, ...], target: Path) -> None:
    """Write the `networks` of `wheel` to `target`; raises ModelError when one has another checksum."""
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as bundle:
        for network in networks:
            weights = source.read(network.member)
            if hashlib.sha256(weights).hexdigest() != network.sha256:
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
