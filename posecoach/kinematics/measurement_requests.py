"""Work that asks for measurements as it goes, answered one frame at a time or for many clips at once.

What is measured in a frame depends on what was judged of the frames before: they tell when the body rests. So
the frames of one clip follow one another. Those of many clips do not, and measuring a frame of each at once
takes a small part of the time.
"""

from collections.abc import Generator, Iterable, Iterator
from typing import TypeVar

from posecoach.core.pose import Pose
from posecoach.kinematics.body import Body, Measurements, measure_all

T = TypeVar("T")

#: Yields a body with its next pose, gets what was measured, and returns its result in the end.
Asking = Generator[tuple[Body, Pose], Measurements, T]


def answered(asking: Asking[T]) -> T:
    """The result of work whose poses are measured one after the other."""
    [result] = answered_together([asking], 1)
    return result


def answered_together(works: Iterable[Asking[T]], at_once: int) -> Iterator[T]:
    """The results of works as they end, `at_once` of them under way. Their bodies have one model."""
    waiting = iter(works)
    running: list[tuple[Asking[T], tuple[Body, Pose]]] = []
    while True:
        while len(running) < at_once and (work := next(waiting, None)) is not None:
            try:
                running.append((work, next(work)))
            except StopIteration as end:
                yield end.value
        if not running:
            return
        measured = measure_all(*zip(*(asked for _, asked in running), strict=True))
        still: list[tuple[Asking[T], tuple[Body, Pose]]] = []
        for (work, _), found in zip(running, measured, strict=True):
            try:
                still.append((work, work.send(found)))
            except StopIteration as end:
                yield end.value
        running = still
