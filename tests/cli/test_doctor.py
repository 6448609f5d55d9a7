"""`posecoach doctor`: a line for each part of the machine, and what to do about what is broken."""

from pathlib import Path

import pytest

import posecoach as package
from posecoach.core import translation
from posecoach.records import settings
from tests.conftest import GOOD_CLIP, Run


def test_version_and_help_come_from_a_process_without_the_native_libraries(posecoach_process: Run) -> None:
    assert posecoach_process("--version") == (0, f"posecoach {package.__version__}\n", "")
    status, output, _ = posecoach_process("--help")
    assert status == 0
    for command in (
        "live",
        "check",
        "score",
        "exercises",
        "routines",
        "demo",
        "doctor",
        "model",
        "history",
        "report",
    ):
        assert command in output


def test_doctor_has_a_line_for_each_part(posecoach: Run, weights: bytes) -> None:
    status, output, _ = posecoach("doctor")
    assert status == 0
    for part in ("libraries", "pip", "pose model", "camera", "display", "video writer", "settings"):
        assert part in output
    assert "hecking videos" in output.splitlines()[-1]


def test_doctor_tries_the_chosen_voice_and_stays_in_one_language(posecoach: Run) -> None:
    settings.save(settings.Settings(language="de"))
    try:
        posecoach("doctor")
        assert translation.language() == "en"
    finally:
        settings.path().unlink()


def test_doctor_says_what_to_do_about_what_is_broken(posecoach: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.vision.model_bundle.default_path", lambda: Path("nowhere.task"))
    status, output, _ = posecoach("doctor")
    assert status == 0
    assert "the first use downloads it" in output
    assert "Checking videos" in output.splitlines()[-1], "which it does after the download"
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    status, output, _ = posecoach("doctor")
    assert status == 1
    assert "run 'python -m ensurepip'" in output
    assert "Neither checking videos nor live sessions work" in output.splitlines()[-1]


def test_doctor_looks_through_a_camera_and_keeps_a_picture_only_where_asked(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    status, output, _ = posecoach("doctor", "--camera", short_clip)
    assert status == 0
    assert [line.split()[0] for line in output.splitlines()] == ["ok"] * 9
    assert not list(tmp_path.iterdir())
    picture = tmp_path / "seen.png"
    assert str(picture) in posecoach("doctor", "--camera", short_clip, "--picture", picture)[2]
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_raised_hips_are_no_tilted_camera(posecoach: Run) -> None:
    clip = GOOD_CLIP.parents[1] / "bridge" / "bridge-good-both-side-la.mp4"
    status, output, _ = posecoach("doctor", "--camera", clip)
    assert status == 0, output
