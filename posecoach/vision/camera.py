"""Live sources: a camera, or a file that stands for one.

    with open_camera("0") as source:
        for frame in source:
            ...

A live source gives the newest frame and drops those that came too late, so nothing ever queues up. With
`reopen` a camera that is lost is opened again; see `reconnecting`.
"""

import logging
import sys
import threading
from abc import abstractmethod
from collections.abc import Callable, Generator, Iterator
from math import inf
from pathlib import Path
from typing import Any

from posecoach.core.errors import SourceError
from posecoach.core.translation import tr
from posecoach.core.types import Image
from posecoach.vision.capture_formats import as_bgr, shown
from posecoach.vision.exposure import ExposureControl
from posecoach.vision.native import cv2
from posecoach.vision.real_time import REAL_TIME, RealTime
from posecoach.vision.reconnecting import Reconnecting, answering
from posecoach.vision.source import DEFAULT_FPS, Frame, Source
from posecoach.vision.video_file import VideoFile

log = logging.getLogger(__name__)

CAMERA_SIZE = (1280, 720)
FAILURES_IN_A_ROW = 10
_DIGITS = 3  # of the highest camera number
SILENCE_S = 5.0  # a camera that gives nothing for so long is lost, though its driver may wait longer
REOPENED_SILENCE_S = 2.0  # the same where it is opened again afterwards


class _Live(Source):
    """A source whose thread keeps only the newest frame; a frame that nobody took in time is dropped."""

    live = True

    def __init__(self, silence_s: float = SILENCE_S, clock: RealTime = REAL_TIME) -> None:
        self._silence_s, self._clock = silence_s, clock
        self._changed = threading.Condition()
        self._newest: Frame | None = None
        self._ended = False
        self._error: BaseException | None = None
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None
        self._iterated = False

    @abstractmethod
    def _frames(self) -> Iterator[Frame]:
        """Frames when they are due; runs in the thread and ends soon after `_closing` is set."""

    def _pump(self) -> None:
        try:
            for frame in self._frames():
                with self._changed:
                    self.dropped += self._iterated and self._newest is not None
                    self._newest = frame
                    self._changed.notify()
                if self._closing.is_set():
                    break
        except BaseException as error:  # handed to whoever iterates
            self._error = error
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify()

    def __iter__(self) -> Generator[Frame, None, None]:
        self._begin()
        self._iterated = True
        while True:
            frame = self._take()
            if frame is None:
                break
            yield frame
        if self._error is not None:
            raise self._error

    def _begin(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._pump, name="posecoach-frames", daemon=True)
            self._thread.start()

    def _take(self) -> Frame | None:
        deadline = self._clock.now() + self._silence_s
        with self._changed:
            while self._newest is None and not self._ended:
                # In short waits, because Windows delivers Ctrl-C only between them.
                self._changed.wait(timeout=0.1)
                if self._clock.now() > deadline:
                    raise self._silent()
            frame, self._newest = self._newest, None
            return frame

    def _silent(self) -> SourceError:
        return SourceError(
            tr("No picture has come for {seconds:.0f} seconds: start again.", seconds=self._silence_s)
        )

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join(timeout=2)


class Paced(_Live):
    """A file played as a camera would show it: at its own pace, the newest frame only. However slowly it is
    read, it ends where the file does.

    start_s  when its first frame was due, on the clock `time.monotonic`
    """

    start_s = 0.0

    def __init__(self, source: Source, clock: RealTime = REAL_TIME) -> None:
        super().__init__(inf, clock)
        self._source = source
        self.size, self.fps, self.frame_count = source.size, source.fps, source.frame_count
        self.doubts, self.capture_fps = source.doubts, source.capture_fps

    def _frames(self) -> Iterator[Frame]:
        self.start_s = self._clock.now()
        for frame in self._source:
            if self._clock.wait(self._closing, max(0.0, self.start_s + frame.t_s - self._clock.now())):
                return
            yield frame
        self.note, self.doubts = self._source.note, self._source.doubts

    def preview(self) -> Iterator[Frame]:
        return self._source.preview()

    def close(self) -> None:
        super().close()
        self._source.close()


class Camera(_Live):
    """A camera by its number, device path or address, read by a thread of its own.

    Opens at once, on the calling thread (macOS asks for the main one), and raises SourceError when there
    is no such camera or it gives no picture. Losing it while iterating raises SourceError too.

    silence_s  without a picture until it counts as lost
    capture    makes what reads the camera, in place of OpenCV's
    """

    def __init__(
        self,
        spec: int | str,
        silence_s: float = SILENCE_S,
        capture: Callable[[], Any] = lambda: cv2.VideoCapture(),
        clock: RealTime = REAL_TIME,
    ) -> None:
        super().__init__(silence_s, clock)
        self.spec = spec
        self._capture = capture()
        self._capture.setExceptionMode(False)
        self._capture.open(spec)
        if isinstance(spec, int) or not _is_url(spec):
            # Asked for, not demanded: what the camera really gives is read off the first picture.
            self._capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
            self._capture.set(cv2.CAP_PROP_FRAME_WIDTH, CAMERA_SIZE[0])
            self._capture.set(cv2.CAP_PROP_FRAME_HEIGHT, CAMERA_SIZE[1])
            self._capture.set(cv2.CAP_PROP_FPS, DEFAULT_FPS)
        first = self._read()
        if first is None:
            self._capture.release()
            raise _no_picture(spec)
        self._start_s = self._clock.now()
        # What comes from the network is somebody else's to set.
        self._exposure = None if _is_url(str(spec)) else ExposureControl(self._capture)
        height, width = first.shape[:2]
        self.size = (width, height)
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = rate if 1 <= rate <= 240 else DEFAULT_FPS

    def start(self) -> None:
        self._begin()

    def _read(self) -> Image | None:
        """The next picture (height, width, 3), or None after ten failures in a row."""
        for _ in range(FAILURES_IN_A_ROW):
            if not self._capture.isOpened():
                return None
            try:
                ok, picture = self._capture.read()
            except Exception as error:  # whatever a driver raises
                log.debug("%s", error)
                ok, picture = False, None
            image = as_bgr(picture) if ok and picture is not None else None
            if image is not None:
                return image
            if self._clock.wait(self._closing, 0.05):
                return None
        return None

    def _frames(self) -> Iterator[Frame]:
        index = 0
        last_t_s = -1.0
        while not self._closing.is_set():
            image = self._read()
            if self._closing.is_set():
                break
            if image is None:
                raise self._silent()
            t_s = max(self._clock.now() - self._start_s, last_t_s + 1e-3)
            if self._exposure is not None:
                self._exposure.see(image, t_s)
            yield Frame(image, t_s, index)
            index, last_t_s = index + 1, t_s
        self._let_go()  # whoever closes may not have waited for a read that took long

    def _silent(self) -> SourceError:
        return SourceError(
            tr(
                "Camera lost: {camera} gives no more pictures; check its cable or network and start again.",
                camera=shown(self.spec),
            )
        )

    def close(self) -> None:
        super().close()
        # A read that never returns holds the device; releasing it underneath would crash.
        if self._thread is None or not self._thread.is_alive():
            self._let_go()

    def _let_go(self) -> None:
        if self._exposure is not None:
            self._exposure.restore()
        self._capture.release()


def is_camera(spec: str) -> bool:
    """True for what shows a person now: a camera number, a device path or an address; False for a file."""
    # A device for pictures and nothing else: what is a pipe or a file in /dev is not.
    return spec.isdecimal() or _is_url(spec) or (spec.startswith("/dev/") and Path(spec).is_char_device())


def open_camera(spec: str, reopen: bool = False) -> Source:
    """The live source that `spec` names: a camera number, a device path, an address, or a video file.

    With `reopen` a camera that is lost while it is iterated is opened again. Raises SourceError when there is
    no such source, and when a camera does not answer within 10 seconds.
    """
    if not is_camera(spec):
        return Paced(VideoFile(spec))
    if spec.isdecimal() and len(spec) > _DIGITS:
        raise _no_picture(spec)
    camera = int(spec) if spec.isdecimal() else spec
    if sys.platform == "darwin" and isinstance(camera, int):
        return Camera(camera)  # macOS asks for the main thread, and so only once
    if not reopen:
        return answering(lambda: Camera(camera), spec, tell=log.info)
    first = answering(lambda: Camera(camera, REOPENED_SILENCE_S), spec, tell=log.info)
    return Reconnecting(lambda: answering(lambda: Camera(camera, REOPENED_SILENCE_S), spec), first=first)


def open_source(source: str | Path | int) -> Source:
    """Frames from a video file (a path), or from a camera (a number, a device path or an address).

    A file gives every frame as fast as it decodes; a camera drops those that come too late. Use it as a
    context manager. Raises SourceError when there is no picture.
    """
    spec = str(source)
    return VideoFile(spec) if isinstance(source, Path) or not is_camera(spec) else open_camera(spec)


def _no_picture(spec: int | str) -> SourceError:
    if isinstance(spec, str) and _is_url(spec):
        return SourceError(
            tr(
                "No picture comes from {camera}: check the address and that the camera is reachable.",
                camera=shown(spec),
            )
        )
    return SourceError(
        tr(
            "Camera {camera} gives no picture: run 'posecoach doctor' to list the cameras, and close "
            "any other program that uses it.",
            camera=spec,
        )
    )


def _is_url(spec: str) -> bool:
    return "://" in spec
