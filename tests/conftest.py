"""What the tests share: a home of their own, the sample clips, and results that are slow to get."""

import itertools
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from posecoach.cli import app
from posecoach.core import translation
from posecoach.vision import model_bundle
from tests.support.sound import Loudspeaker, engine

# A runner in the background may ignore interrupt signals, and its children would inherit that.
for _name, _handler in (("SIGINT", signal.default_int_handler), ("SIGHUP", signal.SIG_DFL)):
    if hasattr(signal, _name) and signal.getsignal(getattr(signal, _name)) is signal.SIG_IGN:
        signal.signal(getattr(signal, _name), _handler)

SAMPLES = Path(__file__).parent.parent / "sample_videos"
GOOD_CLIP = SAMPLES / "knee_to_chest" / "knee_to_chest-good-left-side-la.mp4"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder that is nobody's."""
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="session")
def environment(home: Path) -> dict[str, str]:
    """An environment without the user's own settings and without a display."""
    hidden = ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME", "DISPLAY", "WAYLAND_DISPLAY")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {
        "HOME": str(home),
        "USERPROFILE": str(home),
        "APPDATA": str(home),
        "LOCALAPPDATA": str(home),
        "LANGUAGE": "en",
    }


@pytest.fixture(autouse=True)
def _away_from_home(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or changes the user's own settings, or opens a window."""
    for name in set(os.environ) - set(environment):
        monkeypatch.delenv(name)
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA", "LANGUAGE"):
        monkeypatch.setenv(name, environment[name])


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Every test begins in English, whatever it ends in."""
    yield
    translation.use("en", translation.English())


@pytest.fixture(autouse=True)
def loudspeaker(monkeypatch: pytest.MonkeyPatch) -> type[Loudspeaker]:
    """No test is heard, or needs a voice or a sound device: both are played here."""
    monkeypatch.setattr("posecoach.feedback.voice.ENGINE", engine("speaks"))
    monkeypatch.setattr("posecoach.feedback.speaker.Player", Loudspeaker)
    Loudspeaker.made.clear()
    return Loudspeaker


class AtEase:
    """Somebody to whom nothing applies, and who skips what may be skipped."""

    def tell(self, text: str) -> None: ...

    def yes(self, question: str) -> bool:
        return False

    def perhaps(self, question: str) -> bool | None:
        return None

    def number(self, question: str) -> int | None:
        return None

    def finish(self) -> None: ...


@pytest.fixture(autouse=True)
def nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera is a test's own, and nobody sits before it; what is asked is in `test_questions`."""
    monkeypatch.setattr("posecoach.cli.asking.somebody", lambda *_: nullcontext(AtEase()))


@pytest.fixture(scope="session")
def weights() -> bytes:
    """The pose model, which `make test` has fetched before."""
    path = model_bundle.default_path()
    if not model_bundle.is_whole(path):
        pytest.exit(f"The pose model is not at {path}: run 'posecoach model fetch' first.", returncode=2)
    return path.read_bytes()


@pytest.fixture(scope="session")
def short_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two seconds of somebody lying still, for tests that need a video and not what is in it."""
    from posecoach.feedback.video import VideoWriter
    from posecoach.vision.video_file import VideoFile

    path = tmp_path_factory.mktemp("clips") / "short.mp4"
    with VideoFile(GOOD_CLIP) as source, VideoWriter(path, source.fps) as writer:
        for frame in itertools.islice(source, 24):
            writer.write(frame.image, frame.t_s)
    return path


@pytest.fixture
def posecoach(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command through the entry point in this process: arguments to (status, output, errors)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["posecoach", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            app.main()
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


@pytest.fixture(scope="session")
def posecoach_process(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Runs a command in a process of its own, from a folder of its own."""
    folder = tmp_path_factory.mktemp("elsewhere")

    def run(*arguments: object) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "posecoach", *map(str, arguments)]
        done = subprocess.run(
            command, capture_output=True, encoding="utf-8", env=environment | {"PYTHONUTF8": "1"}, cwd=folder
        )
        return done.returncode, done.stdout, done.stderr

    return run
