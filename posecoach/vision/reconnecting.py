"""A camera that may go away and come back: the frames go on, and say while there is no picture."""

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, wait
from dataclasses import replace
from itertools import chain, repeat

import numpy as np

from posecoach.core.errors import SourceError
from posecoach.core.translation import tr
from posecoach.vision.capture_formats import shown
from posecoach.vision.real_time import REAL_TIME, RealTime
from posecoach.vision.source import Frame, Source

_TICK_S = 0.1  # between two frames while the picture is lost
_LONGEST_DELAY_S = 300.0
ANSWER_S = 10.0  # a camera that does not answer for so long is given up
_WORD_S = 2.0  # until it is said that it is waited for


def backoff() -> Iterator[float]:
    """Seconds before each attempt to open a camera again, from half a second up to 5 minutes.

    They grow so slowly that waiting takes at most a quarter longer than the camera was away, and a second.
    """
    delay_s = 0.5
    while True:
        yield delay_s
        delay_s = min(1.25 * delay_s, _LONGEST_DELAY_S)


def answering(
    opener: Callable[[], Source],
    spec: str,
    within_s: float = ANSWER_S,
    tell: Callable[[str], None] = lambda _: None,
    word_s: float = _WORD_S,
) -> Source:
    """What `opener` returns, opened on a thread of its own, so that Ctrl-C ends the waiting at once. After
    `word_s` seconds `tell` gets a sentence about the waiting.

    Raises what it raises, and SourceError when it has not returned after `within_s` seconds; what it opens
    later is closed.
    """
    result: Future[Source] = Future()

    def work() -> None:
        source: Source | None = None
        failure: BaseException | None = None
        try:
            source = opener()
        except BaseException as error:  # raised again where it is waited for
            failure = error
        if not result.set_running_or_notify_cancel():
            if source is not None:
                source.close()
        elif source is not None:
            result.set_result(source)
        else:
            result.set_exception(failure)

    threading.Thread(target=work, name="posecoach-open", daemon=True).start()
    begin_s, told = time.monotonic(), False
    deadline = begin_s + within_s
    try:
        # In short waits, because Windows delivers Ctrl-C only between them.
        while not wait([result], timeout=min(0.1, within_s)).done:
            if not told and time.monotonic() > begin_s + word_s:
                told = True
                tell(
                    tr(
                        "Waiting for camera {camera}, up to {seconds} seconds; Ctrl-C ends it.",
                        camera=shown(spec),
                        seconds=round(within_s),
                    )
                )
            if time.monotonic() > deadline and result.cancel():
                raise SourceError(
                    tr(
                        "Camera {camera} does not answer: check its cable or network, and close any other "
                        "program that uses it.",
                        camera=shown(spec),
                    )
                )
    except KeyboardInterrupt:
        result.cancel()
        raise
    return result.result()


class Reconnecting(Source):
    """A live source that is opened again when it is lost, for as long as it is iterated.

    While it is lost it yields ten frames a second with the last picture and `Frame.lost` set, so that whoever
    iterates keeps time and the window stays alive. Times go on rising across a loss; the size of the picture
    may change. An error that ends the source for another reason than a loss is raised.

    opener  opens the source; raises SourceError while that is not possible
    delays  seconds before each attempt, anew after each loss
    first   the source, where it is open already
    """

    live = True

    def __init__(
        self,
        opener: Callable[[], Source],
        delays: Callable[[], Iterable[float]] = backoff,
        first: Source | None = None,
        clock: RealTime = REAL_TIME,
    ) -> None:
        self._open, self._delays, self._clock = opener, delays, clock
        self._source = opener() if first is None else first
        self._closing = threading.Event()
        self._dropped = 0  # by sources that were lost
        self.size, self.fps = self._source.size, self._source.fps

    @property
    def dropped(self) -> int:  # type: ignore[override]
        """Frames dropped so far."""
        return self._dropped + self._source.dropped

    def start(self) -> None:
        self._source.start()

    def __iter__(self) -> Generator[Frame, None, None]:
        begin_s = self._clock.now()
        last: Frame | None = None
        while not self._closing.is_set():
            try:
                for frame in self._source:
                    last = self._following(frame, last, begin_s)
                    yield last
                return
            except SourceError:
                last = last or self._following(self._black(), None, begin_s)
            for frame in self._lost(last, begin_s):
                last = frame
                yield last

    def _lost(self, last: Frame, begin_s: float) -> Iterator[Frame]:
        """Frames without a picture of now, until the source is open again."""
        attempt = _Attempt(self._open, self._delays(), self._source, self._clock)
        try:
            while not self._clock.wait(self._closing, _TICK_S):
                if (opened := attempt.opened()) is not None:
                    self._dropped += self._source.dropped
                    self._source = opened
                    return
                last = self._following(replace(last, lost=True), last, begin_s)
                yield last
        finally:
            attempt.end()

    def _following(self, frame: Frame, last: Frame | None, begin_s: float) -> Frame:
        """`frame` with the next number, and its time on the clock of this source."""
        if last is None:
            return replace(frame, t_s=0.0, index=0)
        return replace(frame, t_s=max(self._clock.now() - begin_s, last.t_s + 1e-3), index=last.index + 1)

    def _black(self) -> Frame:
        """What stands for a picture where it was lost before the first one was asked for."""
        width, height = self.size
        return Frame(np.zeros((height, width, 3), np.uint8), 0.0, 0, lost=True)

    def close(self) -> None:
        self._closing.set()
        self._source.close()


class _Attempt:
    """Closes what was lost and opens it again, on a thread of its own: a driver may take long over both."""

    def __init__(
        self, opener: Callable[[], Source], delays: Iterable[float], lost: Source, clock: RealTime
    ) -> None:
        self._open, self._lost, self._clock = opener, lost, clock
        self._delays = chain(delays, repeat(_LONGEST_DELAY_S))
        self._ended = threading.Event()
        self._lock = threading.Lock()
        self._opened: Source | None = None
        threading.Thread(target=self._work, name="posecoach-reopen", daemon=True).start()

    def _work(self) -> None:
        self._lost.close()
        for delay_s in self._delays:
            if self._clock.wait(self._ended, delay_s):
                return
            try:
                source = self._open()
            except SourceError:
                continue
            with self._lock:
                if not self._ended.is_set():
                    self._opened = source
                    return
            source.close()
            return

    def opened(self) -> Source | None:
        """The source, once it is open again."""
        with self._lock:
            opened, self._opened = self._opened, None
            return opened

    def end(self) -> None:
        """Stop trying; what is opened later is closed."""
        with self._lock:
            self._ended.set()
            late, self._opened = self._opened, None
        if late is not None:
            late.close()
