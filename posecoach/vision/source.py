"""Frames and where they come from: what every source promises, and video files; cameras are in `camera`.

    with VideoFile("clip.mp4") as source:
        for frame in source:
            ...

Every source is a context manager and can be iterated once.
"""

import math
import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from posecoach.core.errors import SourceError
from posecoach.core.types import Image as Image
from posecoach.vision.native import av

DEFAULT_FPS = 30.0
LEAST_FPS = 10.0  # with fewer frames a second a rushed move is not told from a calm one
_TOLERANCE_S = 2e-3  # of a time stamp
LONGEST_GAP_S = 10.0  # between two frames of one file; more than that is a broken stamp
PREVIEW_STEP_S, PREVIEW_S = 1.0, 30.0
LONGEST_SIDE = 1920  # pixels; the network looks at a few hundred, so more only costs time
_PICTURES = {"image2", "tty"}  # libav opens still pictures and text files as "videos" too


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture: `image` (height, width, 3) in BGR, `t_s` seconds since the beginning, `index` from 0."""

    image: Image
    t_s: float
    index: int


_Decoded = tuple[Any, float]  # a picture as PyAV has it, and its time in seconds


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

    every  only each so-many-th frame is given, the first and those that follow, but never fewer than ten a
           second where the file has them
    """

    def __init__(self, path: str | Path, every: int = 1) -> None:
        self.path = Path(path)
        if not self.path.exists():
            raise SourceError(f"There is no file {self.path}: check the name and the folder.")
        if self.path.is_dir():
            raise SourceError(f"{self.path} is a folder: name a video file in it.")
        if not self.path.is_file():  # a pipe may never give anything
            raise SourceError(f"{self.path} is a pipe or a device: name a video file.")
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
        self.frame_count = (self._stream.frames or None) if every == 1 else None
        self._broken = False
        self._read = 0, 0.0  # frames so far, and when the last of them was shown
        self._frames: Iterator[Frame] = self._pictured(_thinned(self._decode(), every))
        self._first = next(self._frames, None)
        if self._first is None:
            self._container.close()
            raise SourceError(f"{self.path} holds no frame that can be read: record or export it again.")
        height, width = self._first.image.shape[:2]
        self.size = (width, height)

    def __iter__(self) -> Generator[Frame, None, None]:
        frame, self._first = self._first, None
        while frame is not None:
            yield frame
            frame = next(self._frames, None)
        self.note = self._missing_end(*self._read)

    def preview(self) -> Iterator[Frame]:
        """A frame about every second of the first half minute; leaves the source where it is."""
        with VideoFile(self.path) as ahead:
            due_s = 0.0
            for decoded, t_s in ahead._decode():
                if t_s > PREVIEW_S:
                    return
                if t_s >= due_s:
                    due_s = t_s + PREVIEW_STEP_S
                    yield from ahead._pictured([(decoded, t_s)])

    def close(self) -> None:
        self._container.close()
        # The iterator refers back to this: until both are collected, the decoder would keep its threads.
        self._frames = iter(())

    def _pictured(self, decoded: Iterable[_Decoded]) -> Iterator[Frame]:
        pixel_aspect = float(self._stream.sample_aspect_ratio or 1)
        for index, (picture, t_s) in enumerate(decoded):
            yield Frame(_upright(picture, pixel_aspect), t_s, index)

    def _decode(self) -> Iterator[_Decoded]:
        """Every picture as PyAV has it, with its time."""
        begin: float | None = None  # the container's stamp that stands for 0
        last_t_s = 0.0
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
            self._read = index + 1, t_s
            yield decoded, t_s

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

    def _missing_end(self, read: int, last_t_s: float) -> str | None:
        if self._stream.duration is not None and self._stream.time_base is not None:
            promised_s = float(self._stream.duration * self._stream.time_base)
        else:
            promised_s = (self._container.duration or 0) / av.time_base
        got_s = last_t_s + 1 / self.fps
        # An edit list may hide frames that are counted, so the count alone proves nothing.
        short = not self._stream.frames or self._stream.frames - read > 2
        if short and promised_s - got_s > (1.5 / self.fps if self._broken else 0.5):
            return f"{self.path.name} ends early: {got_s:.1f} s of {promised_s:.1f} s could be read."
        return None


def frame_times(path: Path) -> list[float] | None:
    """When the frames of a video are shown, seconds from the first, read without decoding; None where the
    file does not say or is no video."""
    try:
        with av.open(f"file:{path}") as container:
            packets = [packet for packet in container.demux(video=0) if packet.size and not packet.is_discard]
    except (av.FFmpegError, OSError, ValueError, IndexError):
        return None
    stamps = sorted(float(p.pts * p.time_base) for p in packets if p.pts is not None and p.time_base)
    return [stamp - stamps[0] for stamp in stamps] if stamps and len(stamps) == len(packets) else None


def _thinned(decoded: Iterator[_Decoded], every: int) -> Iterator[_Decoded]:
    """Each `every`-th picture, and those besides without which there were fewer than `LEAST_FPS`."""
    waiting: _Decoded | None = None
    passed, given_s = every, -math.inf
    for one in decoded:
        if waiting is not None and one[1] - given_s > 1 / LEAST_FPS + _TOLERANCE_S:
            yield waiting
            passed, given_s, waiting = 1, waiting[1], None
        if passed >= every:
            yield one
            passed, given_s, waiting = 1, one[1], None
        else:
            waiting = one
            passed += 1


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


def prefetched(source: Iterable[Frame], ahead: int = 4) -> Generator[Frame, None, None]:
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
