import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import posecoach
from posecoach.core.errors import PosecoachError
from posecoach.vision import native

PACKAGE = Path(posecoach.__file__).parent


def imports(path: Path) -> Iterator[str]:
    """Full names of what a file imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def test_the_native_libraries_are_imported_in_one_place_only() -> None:
    others = [path for path in PACKAGE.rglob("*.py") if path.name != "native.py"]
    assert [path.name for path in others if {"cv2", "av"} & set(imports(path))] == []


@pytest.mark.parametrize(
    "first", ["vision.video_file", "feedback.video", "vision.camera", "session.batch", "feedback.window"]
)
def test_opencv_is_loaded_before_pyav_or_no_window_ever_opens_on_linux(first: str) -> None:
    code = f"import sys, posecoach.{first}; loaded = list(sys.modules); " + (
        "sys.exit(loaded.index('cv2') > loaded.index('av'))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_missing_system_library_names_the_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    error = native.missing_library(OSError("libEGL.so.1: cannot open shared object file: No such file"))
    assert isinstance(error, PosecoachError)
    assert "libEGL.so.1" in str(error)
    assert "apt-get install libgl1 libegl1 libgles2" in str(error)


def test_errors_pass_through_the_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> Iterator[None]:
        with native.quiet():
            subprocess.run([sys.executable, "-c", "import sys; sys.stderr.write('noise')"], check=True)
            raise ValueError("real")
        yield

    with pytest.raises(ValueError, match="real"):
        next(work())
    assert capfd.readouterr().err == ""
