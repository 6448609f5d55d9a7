"""How long each part of the work takes.

Judging and drawing run on one thread and are measured by that thread's own processor time, so that a busy
machine does not count. Decoding, tracking and encoding have threads inside their libraries and are measured
by the clock; decoding runs beside the rest.
"""

import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeVar, get_args

T = TypeVar("T")

Stage = Literal["decode", "track", "judge", "draw", "encode"]
_ONE_THREAD = ("judge", "draw")


@dataclass
class Stopwatch:
    """Seconds spent by stage, over so many frames that were judged."""

    frames: int = 0
    spent_s: dict[Stage, float] = field(default_factory=dict)

    @contextmanager
    def __call__(self, stage: Stage) -> Iterator[None]:
        """Count the time of the `with` block for `stage`."""
        clock = time.thread_time if stage in _ONE_THREAD else time.perf_counter
        begin = clock()
        try:
            yield
        finally:
            self.spent_s[stage] = self.spent_s.get(stage, 0.0) + clock() - begin

    def each(self, stage: Stage, items: Iterable[T]) -> Generator[T, None, None]:
        """The `items`, with the time that it takes to get each counted for `stage`."""
        waiting = iter(items)
        while True:
            with self(stage):
                try:
                    item = next(waiting)
                except StopIteration:
                    return
            yield item

    def add(self, other: "Stopwatch") -> None:
        """Take in what another one counted."""
        self.frames += other.frames
        for stage, seconds in other.spent_s.items():
            self.spent_s[stage] = self.spent_s.get(stage, 0.0) + seconds

    def per_frame_ms(self) -> dict[Stage, float]:
        """Milliseconds a frame for each stage that there was; empty where no frame was judged."""
        if not self.frames:
            return {}
        return {one: 1000 * self.spent_s[one] / self.frames for one in get_args(Stage) if one in self.spent_s}

    def in_words(self, elapsed_s: float) -> str:
        """Milliseconds a frame for each stage that there was, and frames a second over `elapsed_s`."""
        if not self.frames:
            return "No frame was judged, so there is nothing to time."
        stages = ", ".join(f"{stage} {ms:.2f} ms" for stage, ms in self.per_frame_ms().items())
        return (
            f"{self.frames} frames in {elapsed_s:.1f} s, {self.frames / elapsed_s:.0f} frames/s; "
            f"on average a frame took: {stages}."
        )
