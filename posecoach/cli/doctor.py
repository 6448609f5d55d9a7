"""What works on this machine, and what to do about the rest."""

import importlib.util
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Literal

from rich.text import Text

from posecoach.cli.inputs import distinct
from posecoach.core import files, language, messages
from posecoach.core.errors import PosecoachError
from posecoach.feedback import terminal
from posecoach.feedback.outputs import LinesTarget
from posecoach.records import settings
from posecoach.vision import model_bundle

State = Literal["ok", "warning", "problem"]
Check = tuple[State, str]

_STYLES: dict[State, str] = {"ok": "green", "warning": "yellow", "problem": "bold red"}
_CAMERAS_TRIED = 5


def report(json_target: str | None) -> int:
    """Print a line for each part, or write them for other programs.

    The exit status is 1 when a part that is needed does not work.
    """
    target = LinesTarget(json_target)
    distinct([target.file], [])
    console = terminal.console(to_stderr=target.to_terminal)
    states: dict[str, State] = {}
    rows = []
    for part, examine in _PARTS.items():
        try:
            state, text = examine()
        except Exception as error:  # reporting what is broken, whatever it is, is the purpose here
            state, text = "problem", messages.sentence(error)
        states[part] = state
        rows.append(json.dumps({"part": part, "state": state, "text": text}))
        console.print(Text.assemble((f"{state:8}", _STYLES[state]), f" {part}: {text}"), soft_wrap=True)
    console.print(_summary(states), soft_wrap=True)
    target.write(rows)
    return int("problem" in states.values())


def _summary(states: Mapping[str, State]) -> str:
    """What works, in one line."""
    if "problem" in (states["system libraries"], states["pip"], states["pose model"]):
        return "Neither checking videos nor live sessions work until the problems above are solved."
    if states["camera"] != "ok":
        return "Checking videos works; live sessions need a camera, or a video or an address in its place."
    return "Checking videos and live sessions work."


def cameras() -> list[str]:
    """The cameras that give a picture, by the number that `--camera` takes."""
    from posecoach.vision.native import cv2, quiet

    numbers: Iterable[int] = range(_CAMERAS_TRIED)
    if sys.platform.startswith("linux"):
        numbers = [number for number in numbers if Path(f"/dev/video{number}").exists()]
    found = []
    for number in numbers:
        with quiet():
            capture = cv2.VideoCapture(number)
            works, picture = capture.read()
            capture.release()
        if works:
            found.append(f"{number} ({picture.shape[1]}×{picture.shape[0]})")
    return found


def _model() -> Check:
    path = model_bundle.default_path()
    if model_bundle.is_whole(path):
        return "ok", str(path)
    return (
        "warning",
        "not here or damaged; the first use downloads it, 'posecoach model fetch' does so now",
    )


def _pip() -> Check:
    if importlib.util.find_spec("pip"):
        return "ok", "can fetch the pose model"
    if model_bundle.is_whole(model_bundle.default_path()):
        return "warning", "missing, but the model is already here"
    return "problem", "missing, and needed to fetch the pose model; run 'python -m ensurepip'"


def _libraries() -> Check:
    from posecoach.vision import native

    native.mediapipe()
    from mediapipe.tasks.python.core import mediapipe_c_bindings

    try:
        with native.quiet():
            mediapipe_c_bindings.load_raw_library()
    except OSError as error:
        raise native.missing_library(error) from error
    return "ok", f"OpenCV {native.cv2.__version__} and MediaPipe load"


def _camera() -> Check:
    found = cameras()
    if found:
        return "ok", ", ".join(found)
    return "warning", "none gives a picture; connect one, or give --camera a video file or an address"


def _display() -> Check:
    from posecoach.feedback.window import display_available

    if display_available():
        return "ok", "a window can be opened"
    return "warning", "none; live sessions run without a window, and --record keeps the picture"


def _voice() -> Check:
    from posecoach.feedback.voice import Voice

    chosen = settings.load() if settings.understood() else settings.Settings()
    spoken = language.wanted(chosen.language)  # each part is told in the language of the others
    with closing(Voice(chosen.rate, chosen.voice_name, spoken)) as voice:
        try:
            return "ok", voice.test()
        except PosecoachError as error:
            return "warning", str(error)


def _sound() -> Check:
    from posecoach.feedback.player import Player, device

    try:
        name = device()
        Player().close()
    except PosecoachError as error:
        return "warning", str(error)
    return "ok", name


def _video_writer() -> Check:
    import numpy as np

    from posecoach.feedback.video import VideoWriter
    from posecoach.vision.native import av

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "test.mp4"
        with VideoWriter(path, 30) as writer:
            for index in range(2):
                writer.write(np.full((48, 64, 3), 80 * index, np.uint8), index / 30)
        with av.open(str(path)) as video:
            frames = sum(1 for _ in video.decode(video=0))
            codec = video.streams.video[0].codec_context.name
    if frames != 2:
        return "problem", f"wrote 2 frames and read {frames}; install posecoach again with pip"
    return "ok", f"{codec} videos can be written"


def _settings() -> Check:
    path = settings.path()
    if not settings.understood():
        return "warning", f"{path} cannot be understood; fix or delete it"
    try:
        files.ready_folder(path.parent)
    except PosecoachError as error:
        return "warning", f"choices will not be remembered: {error}"
    return "ok", str(path)


_PARTS: dict[str, Callable[[], Check]] = {
    "system libraries": _libraries,
    "pip": _pip,
    "pose model": _model,
    "camera": _camera,
    "display": _display,
    "voice": _voice,
    "sound": _sound,
    "video writer": _video_writer,
    "settings": _settings,
}
