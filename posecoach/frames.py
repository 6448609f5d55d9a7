"""Where frames come from: a video file, the same at its own pace, or a camera.

    with open_camera("0") as source:
        for frame in source:
            ...

Every source is a context manager and can be iterated once. A file gives every frame; a live source
gives the newest one and drops those that came too late, so nothing ever queues up.
"""

import math
import queue
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import av
import numpy as np
from numpy.typing import NDArray

from posecoach.errors import SourceError
from posecoach.native import cv2

Image = NDArray[np.uint8]

DEFAULT_FPS = 30.0
CAMERA_SIZE = (1280, 720)
FAILURES_IN_A_ROW = 10
SILENCE_S = 5.0  # a camera that gives nothing for so long is lost, though its driver may wait longer
LONGEST_GAP_S = 10.0  # between two frames of one file; more than that is a broken stamp
PREVIEW_STEP_S, PREVIEW_S = 1.0, 30.0
LONGEST_SIDE = 1920  # pixels; the network looks at a few hundred, so more only costs time
_PICTURES = {"image2", "tty"}  # libav opens still pictures and text files as "videos" too


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture: `image` (height, width, 3) in BGR, `t_s` seconds since the source began."""

    image: Image
    t_s: float
    index: int


class Source(ABC):
    """Frames with strictly rising time stamps, once.

    size         (width, height) in pixels
    fps          nominal frames a second
    frame_count  how many frames the source promises, or None
    live         True when frames come at the pace of the world and late ones are dropped
    dropped      frames that were dropped so far
    note         a sentence about what was wrong with the source, or None
    """

    size: tuple[int, int]
    fps: float
    frame_count: int | None = None
    live: bool = False
    dropped: int = 0
    note: str | None = None

    @property
    def ended_early(self) -> bool:
        """True once the source has ended before the end that it promised."""
        return self.note is not None

    @abstractmethod
    def __iter__(self) -> Generator[Frame, None, None]: ...

    def preview(self) -> Iterator[Frame]:
        """Some frames from the beginning of the source, seen ahead where that is possible."""
        return iter(())

    @abstractmethod
    def close(self) -> None:
        """Lets go of the file or device; may be called more than once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class VideoFile(Source):
    """A video file, every frame of it, as fast as it decodes, upright and with square pixels.

    Raises SourceError when there is no such file, it is no video, or not one frame can be read. A file
    whose end is missing or damaged gives the frames until there, and then a `note`.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        if not self.path.exists():
            raise SourceError(f"There is no file {self.path}: check the name and the folder.")
        if self.path.is_dir():
            raise SourceError(f"{self.path} is a folder: name a video file in it.")
        not_a_video = SourceError(
            f"{self.path} is not a video that can be read: try another file, or export it as MP4."
        )
        try:
            # The prefix keeps a colon in the name from being taken for a network protocol.
            self._container = av.open(f"file:{self.path}")
        except PermissionError:
            raise SourceError(f"{self.path} may not be read: change its permissions.") from None
        except (av.FFmpegError, OSError, ValueError):
            raise not_a_video from None
        videos = self._container.streams.video
        format_name = self._container.format.name
        if not videos or format_name in _PICTURES or format_name.endswith("_pipe"):
            self._container.close()
            raise not_a_video
        self._stream = videos[0]
        self._stream.thread_type = "AUTO"
        self.fps = _plausible_fps(self._stream)
        self.frame_count = self._stream.frames or None
        self._broken = False
        self._frames: Iterator[Frame] = self._decode()
        self._first = next(self._frames, None)
        if self._first is None:
            self._container.close()
            raise SourceError(f"{self.path} holds no frame that can be read: record or export it again.")
        height, width = self._first.image.shape[:2]
        self.size = (width, height)

    def __iter__(self) -> Generator[Frame, None, None]:
        frame, self._first = self._first, None
        last_t_s, count = 0.0, 0
        while frame is not None:
            last_t_s, count = frame.t_s, frame.index + 1
            yield frame
            frame = next(self._frames, None)
        if count:
            self.note = self._missing_end(last_t_s, count)

    def preview(self) -> Iterator[Frame]:
        """A frame about every second of the first half minute; leaves the source where it is."""
        with VideoFile(self.path) as ahead:
            yield from ahead._decode(every_s=PREVIEW_STEP_S, until_s=PREVIEW_S)

    def close(self) -> None:
        self._container.close()

    def _decode(self, every_s: float = 0.0, until_s: float = math.inf) -> Iterator[Frame]:
        begin: float | None = None  # the container's stamp that stands for 0
        last_t_s = due_s = 0.0
        pixel_aspect = float(self._stream.sample_aspect_ratio or 1)
        for index, decoded in enumerate(self._pictures()):
            stamp = math.nan if decoded.time is None else float(decoded.time)
            if begin is None:
                begin, t_s = (0.0 if math.isnan(stamp) else stamp), 0.0
            else:
                t_s = stamp - begin
                if not 0 < t_s - last_t_s <= LONGEST_GAP_S:  # NaN too
                    leap = abs(t_s - last_t_s) > 1
                    t_s = last_t_s + 1 / self.fps
                    if leap:  # a clock that was set anew: go on from here
                        begin = stamp - t_s
            last_t_s = t_s
            if t_s > until_s:
                return
            if t_s >= due_s:
                due_s = t_s + every_s
                yield Frame(_upright(decoded, pixel_aspect), t_s, index)

    def _pictures(self) -> Iterator[Any]:
        """Decoded pictures; damaged packets are passed over and remembered."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                pictures = packet.decode() if packet is not None else []
            except (av.FFmpegError, OSError):
                self._broken = True
                continue
            if packet is None:
                return
            yield from pictures

    def _missing_end(self, last_t_s: float, count: int) -> str | None:
        if self._stream.duration is not None and self._stream.time_base is not None:
            promised_s = float(self._stream.duration * self._stream.time_base)
        else:
            promised_s = (self._container.duration or 0) / av.time_base
        got_s = last_t_s + 1 / self.fps
        # An edit list may hide frames that are counted, so the count alone proves nothing.
        short = self.frame_count is None or self.frame_count - count > 2
        if short and promised_s - got_s > (1.5 / self.fps if self._broken else 0.5):
            return f"{self.path.name} ends early: {got_s:.1f} s of {promised_s:.1f} s could be read."
        return None


def _plausible_fps(stream: Any) -> float:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 1 <= rate <= 240:
            return float(rate)
    return DEFAULT_FPS


def _upright(decoded: Any, pixel_aspect: float) -> Image:
    """The picture as it is meant to be seen: pixels made square, size limited, turned as the file says."""
    width, height = decoded.width * pixel_aspect, decoded.height
    shrink = min(1.0, LONGEST_SIDE / max(width, height))
    image = decoded.to_ndarray(
        format="bgr24", width=max(1, round(width * shrink)), height=max(1, round(height * shrink))
    )
    quarter_turns = round(decoded.rotation / 90) % 4  # counter-clockwise, as rot90 turns
    return np.ascontiguousarray(np.rot90(image, quarter_turns))


class _Live(Source):
    """A source whose thread keeps only the newest frame; a frame that nobody took in time is dropped."""

    live = True

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._newest: Frame | None = None
        self._ended = False
        self._error: BaseException | None = None
        self._closing = threading.Event()
        self._thread: threading.Thread | None = None

    @abstractmethod
    def _frames(self) -> Iterator[Frame]:
        """Frames when they are due; runs in the thread and ends soon after `_closing` is set."""

    def _pump(self) -> None:
        try:
            for frame in self._frames():
                with self._changed:
                    self.dropped += self._newest is not None
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
        self._thread = threading.Thread(target=self._pump, name="posecoach-frames", daemon=True)
        self._thread.start()
        while True:
            frame = self._take()
            if frame is None:
                break
            yield frame
        if self._error is not None:
            raise self._error

    def _take(self) -> Frame | None:
        deadline = time.monotonic() + SILENCE_S
        with self._changed:
            while self._newest is None and not self._ended:
                # In short waits, because Windows delivers Ctrl-C only between them.
                self._changed.wait(timeout=0.1)
                if time.monotonic() > deadline:
                    raise self._silent()
            frame, self._newest = self._newest, None
            return frame

    def _silent(self) -> SourceError:
        return SourceError(f"No picture has come for {SILENCE_S:.0f} seconds: start again.")

    def close(self) -> None:
        self._closing.set()
        if self._thread is not None:
            self._thread.join(timeout=2)


class Paced(_Live):
    """A file played as a camera would show it: at its own pace, the newest frame only."""

    def __init__(self, source: Source) -> None:
        super().__init__()
        self._source = source
        self.size, self.fps, self.frame_count = source.size, source.fps, source.frame_count

    def _frames(self) -> Iterator[Frame]:
        start = time.monotonic()
        for frame in self._source:
            if self._closing.wait(max(0.0, start + frame.t_s - time.monotonic())):
                return
            yield frame
        self.note = self._source.note

    def preview(self) -> Iterator[Frame]:
        return self._source.preview()

    def close(self) -> None:
        super().close()
        self._source.close()


def paced(source: Source) -> Paced:
    """`source` at its own pace, late frames dropped."""
    return Paced(source)


class Camera(_Live):
    """A camera by its number, device path or address, read by a thread of its own.

    Opens at once, on the calling thread (macOS asks for the main one), and raises SourceError when there
    is no such camera or it gives no picture. Losing it while iterating raises SourceError too.
    """

    def __init__(self, spec: int | str) -> None:
        super().__init__()
        self.spec = spec
        self._capture = cv2.VideoCapture()
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
            raise SourceError(self._no_camera())
        self._start_s = time.monotonic()
        height, width = first.shape[:2]
        self.size = (width, height)
        rate = self._capture.get(cv2.CAP_PROP_FPS)
        self.fps = rate if 1 <= rate <= 240 else DEFAULT_FPS

    def _no_camera(self) -> str:
        if isinstance(self.spec, str) and _is_url(self.spec):
            return f"No picture comes from {self.spec}: check the address and that the camera is reachable."
        return (
            f"Camera {self.spec} gives no picture: run 'posecoach doctor' to list the cameras, and close any "
            "other program that uses it."
        )

    def _read(self) -> Image | None:
        """The next picture (height, width, 3), or None after ten failures in a row."""
        for _ in range(FAILURES_IN_A_ROW):
            if not self._capture.isOpened():
                return None
            ok, image = self._capture.read()
            if ok and image is not None:
                return np.asarray(image, np.uint8)
            if self._closing.wait(0.05):
                return None
        return None

    def _frames(self) -> Iterator[Frame]:
        index = 0
        last_t_s = -1.0
        while not self._closing.is_set():
            image = self._read()
            if self._closing.is_set():
                return
            if image is None:
                raise self._silent()
            t_s = max(time.monotonic() - self._start_s, last_t_s + 1e-3)
            yield Frame(image, t_s, index)
            index, last_t_s = index + 1, t_s

    def _silent(self) -> SourceError:
        return SourceError(
            f"Camera lost: {self.spec} gives no more pictures; check its cable or network and start again."
        )

    def close(self) -> None:
        super().close()
        # A read that never returns holds the device; releasing it underneath would crash.
        if self._thread is None or not self._thread.is_alive():
            self._capture.release()


def open_camera(spec: str) -> Source:
    """The live source that `spec` names: a camera number, a device path, an address, or a video file."""
    if spec.isdecimal():
        return Camera(int(spec))
    if _is_url(spec) or (spec.startswith("/dev/") and Path(spec).exists()):
        return Camera(spec)
    return paced(VideoFile(spec))


def _is_url(spec: str) -> bool:
    return "://" in spec


def prefetched(source: Source, ahead: int = 4) -> Generator[Frame, None, None]:
    """The frames of `source`, decoded up to `ahead` frames in advance by a thread; none is dropped."""
    waiting: queue.Queue[Frame | BaseException | None] = queue.Queue(ahead)
    stop = threading.Event()

    def put(item: Frame | BaseException | None) -> None:
        while not stop.is_set():
            try:
                waiting.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def decode() -> None:
        try:
            for frame in source:
                put(frame)
                if stop.is_set():
                    return
            put(None)
        except BaseException as error:  # raised again where the frames are used
            put(error)

    thread = threading.Thread(target=decode, name="posecoach-decode", daemon=True)
    thread.start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        thread.join()
