"""Frames and what every source of them promises. Files are in `video_file`, cameras in `camera`.

    with VideoFile("clip.mp4") as source:
        for frame in source:
            ...

Every source is a context manager and can be iterated once.
"""

import queue
import threading
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Self, TypeVar

from posecoach.core.observation import SourceDoubt
from posecoach.core.types import Image

T = TypeVar("T")

DEFAULT_FPS = 30.0  # where a source does not tell its own


@dataclass(frozen=True, eq=False)
class Frame:
    """One picture: `image` (height, width, 3; BGR), `t_s` seconds since the beginning, `index` from 0.

    `lost` is True while a camera gives nothing: then `image` is the last picture it gave.
    """

    image: Image
    t_s: float
    index: int
    lost: bool = False


class Source(ABC):
    """Frames with strictly rising time stamps, once.

    size         (width, height) in pixels
    fps          nominal frames a second
    frame_count  number of frames that the source announces, or None
    live         True when frames arrive in real time and late ones are dropped
    dropped      frames dropped so far
    note         a sentence about what was wrong with the source, or None
    doubts       reasons not to believe the recording; at its end there may be more
    capture_fps  frames a second at which a recording was made, where it says so
    """

    size: tuple[int, int]
    fps: float
    frame_count: int | None = None
    live: bool = False
    dropped: int = 0
    note: str | None = None
    doubts: frozenset[SourceDoubt] = frozenset()
    capture_fps: float | None = None

    @property
    def timed(self) -> bool:
        """False where its times are not those of what was done."""
        return not self.doubts & {"no_time_stamps", "slow_motion"}

    @abstractmethod
    def __iter__(self) -> Generator[Frame, None, None]: ...

    def start(self) -> None:  # noqa: B027 - most sources have nothing to do then
        """Begin to read a camera, so that the first frame is of the moment in which it is iterated."""

    def preview(self) -> Iterator[Frame]:
        """Some frames of the beginning, read ahead without consuming them; none where that is impossible."""
        return iter(())

    @abstractmethod
    def close(self) -> None:
        """Release the file or device; may be called more than once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def prefetched(items: Iterable[T], ahead: int = 4, thread: str = "decode") -> Generator[T, None, None]:
    """The `items`, got up to `ahead` of them in advance by a thread of that name. Drops none."""
    waiting: queue.Queue[T | BaseException | None] = queue.Queue(ahead)
    stop = threading.Event()

    def put(item: T | BaseException | None) -> None:
        while not stop.is_set():
            try:
                waiting.put(item, timeout=0.1)
                return
            except queue.Full:
                continue

    def get() -> None:
        try:
            for item in items:
                put(item)
                if stop.is_set():
                    return
            put(None)
        except BaseException as error:  # raised again in the consumer's thread
            put(error)

    getting = threading.Thread(target=get, name=f"posecoach-{thread}", daemon=True)
    getting.start()
    try:
        while (item := waiting.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        stop.set()
        getting.join()
