"""The native libraries, brought in with their noise off, in an order that works, their absence explained.

Import cv2 and av from here and from nowhere else: OpenCV reads its settings from the environment when it
loads, and where PyAV is loaded before it, opening a window never returns on Linux (both bring a libxcb
of their own). MediaPipe takes half a second to import, so it is loaded on first use.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

from posecoach.core.errors import PosecoachError

# Without the first, opening a camera takes 10-20 s on Windows; the rest keeps the libraries' own logs
# from the user, who gets our sentences instead.
os.environ.setdefault("OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS", "0")
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
os.environ.setdefault("QT_LOGGING_RULES", "*.warning=false")


def missing_library(error: Exception) -> PosecoachError:
    """One sentence for a native library that does not load, with the packages that bring what it needs."""
    what = str(error).split(":", 1)[0] or type(error).__name__
    if not sys.platform.startswith("linux"):
        return PosecoachError(
            f"OpenCV, PyAV or MediaPipe cannot start here ({what}): install posecoach again with pip."
        )
    return PosecoachError(
        f"A system library that OpenCV and MediaPipe need is missing ({what}): on Debian or Ubuntu run "
        "'sudo apt-get install libgl1 libegl1 libgles2 libglib2.0-0', elsewhere install the packages that "
        "bring libGL, libEGL and libGLESv2."
    )


try:
    # isort: off
    import cv2 as cv2
    import av as av
    # isort: on
except (ImportError, OSError) as error:
    raise missing_library(error) from error

# OpenCV's own threads wait for work in a loop, which takes the cores from the networks, and what is asked of
# them here is too small to gain from more than one.
cv2.setNumThreads(1)


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keeps what native code writes to standard error from the terminal; exceptions pass as always."""
    if sys.stderr:
        sys.stderr.flush()
    try:
        kept = os.dup(2)
    except OSError:  # no standard error at all, as under pythonw
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 2)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def mediapipe() -> tuple[Any, Any, Any]:
    """MediaPipe's package, its vision tasks and its BaseOptions."""
    try:
        with quiet():
            import mediapipe
            from mediapipe.tasks.python import BaseOptions, vision
    except (ImportError, OSError) as error:
        raise missing_library(error) from error
    return mediapipe, vision, BaseOptions


def openvino() -> Any | None:
    """OpenVINO, or None where it does not run; without the usage reports of its conversion tools."""
    sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]
    try:
        with quiet():
            import openvino
    except Exception:  # whatever keeps it from starting here
        return None
    return openvino
