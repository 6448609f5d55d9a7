"""Kept landmarks judged again: those of many clips side by side, which takes a fraction of the time."""

import gc
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from posecoach.core import messages
from posecoach.kinematics.measurement_requests import Asking, answered_together
from posecoach.session import landmarks
from posecoach.session.batch import DIED, Scored, Task, judging, share_out
from posecoach.session.landmarks import Kept
from posecoach.session.recorded import PoseTrack
from posecoach.session.stopwatch import Stopwatch

Group = tuple[Task, ...]
"""Tasks of kept landmarks that are judged side by side."""

Show = Callable[[Scored, PoseTrack], Scored]
"""Adds what is to be shown of a clip."""

_SIDE_BY_SIDE = 64  # clips; more take no less time
_GROUP = 4 * _SIDE_BY_SIDE  # so that the next clip takes the place of one that has ended


def rejudge_all(
    tasks: Sequence[Task],
    jobs: int,
    done: Callable[[Scored], None],
    work: Callable[[Group, bytes, int | None], list[Scored]],
) -> None:
    """Judge kept landmarks of clips again, `jobs` groups at a time, and hand each to `done`.

    A clip that ends its worker is found by halving its group, so that the others get their results.
    """

    def all_done(group: Sequence[Scored]) -> None:
        for one in group:
            done(one)

    size = max(1, min(_GROUP, -(-len(tasks) // jobs)))
    groups = [tuple(tasks[begin : begin + size]) for begin in range(0, len(tasks), size)]
    share_out(groups, b"", jobs, all_done, work, _died, _halves)


def _died(group: Group) -> list[Scored]:
    return [Scored(task, failure=DIED) for task in group]


def _halves(group: Group) -> Sequence[Group]:
    middle = len(group) // 2
    return (group[:middle], group[middle:]) if middle else ()


def rejudged_together(group: Group, finished: frozenset[str], show: Show) -> list[Scored]:
    """Judge kept landmarks again, but for clips that are `finished`. A failure is part of the answer."""
    scored, judging_s = [], time.thread_time()
    with _uncollected():
        for one in answered_together((_attempted(task, finished, show) for task in group), _SIDE_BY_SIDE):
            begin_s, judging_s = judging_s, time.thread_time()
            one.watch.spent_s["judge"] = judging_s - begin_s
            scored.append(one)
    return scored


@contextmanager
def _uncollected() -> Iterator[None]:
    """For a while nobody looks for objects that refer to one another in a circle: the many of the clips under
    way would be gone through again and again, for a tenth of the time, and judging leaves no circles.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _attempted(task: Task, finished: frozenset[str], show: Show) -> Asking[Scored]:
    try:
        kept = landmarks.load(task.clip)
        if kept.content in finished:
            return Scored(task, content=kept.content, skipped=True)
        scored = yield from rejudging(task, kept)
        return show(scored, kept.seen)
    except Exception as error:  # one bad file must not cost the others their results
        return Scored(task, failure=messages.sentence(error), details=traceback.format_exc())


def rejudging(task: Task, kept: Kept) -> Asking[Scored]:
    """Judge the landmarks of one clip, asking for what is measured in each frame."""
    judged = yield from judging(task, kept.seen, detailed=False)
    results = tuple(kept.noted(judged.results))
    watch = Stopwatch(frames=len(kept.seen))
    return Scored(task, results, watch=watch, content=kept.content, clip=kept.clip)
