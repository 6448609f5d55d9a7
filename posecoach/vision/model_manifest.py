"""What the pose model is and where it comes from, as `models/manifest.toml` says."""

import tomllib
from dataclasses import dataclass

from posecoach.core import paths


@dataclass(frozen=True)
class Network:
    """One network of the model.

    member          its place in the source wheel;  sha256  its checksum there
    entry           its name in the bundle;  bundled_sha256  its checksum there, with its metadata
    mean, std       its input is (pixel - mean) / std
    """

    member: str
    entry: str
    sha256: str
    bundled_sha256: str
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
