"""A camera that goes away and comes back: the frames go on, and say so."""

import threading
import time
from collections.abc import Callable, Iterator
from itertools import accumulate, islice, pairwise

import numpy as np
import pytest

from posecoach.core.errors import SourceError
from posecoach.vision.reconnecting import Reconnecting, backoff
from posecoach.vision.source import Frame, Source
from posecoach.vision.tracker import Tracker
from tests.support.footage import Listed


def opening(*outcomes: Source | None) -> Callable[[], Source]:
    """Opens one after the other; None: cannot be opened then, as after the last."""
    left = list(outcomes)

    def opener() -> Source:
        source = left.pop(0) if left else None
        if source is None:
            raise SourceError("no such camera")
        return source

    return opener


def soon() -> Iterator[float]:
    while True:
        yield 0.001


def lost(count: int = 3) -> Listed:
    return Listed([0.0] * count, SourceError("Camera lost"))


def test_the_delays_grow_from_half_a_second_to_five_minutes() -> None:
    delays = list(islice(backoff(), 40))
    assert (delays[0], delays[-1]) == (0.5, 300)
    tried_s = list(accumulate(delays[:25]))
    assert all(later <= 1.25 * before + 0.5 for before, later in pairwise(tried_s))


def test_a_camera_that_comes_back_goes_on() -> None:
    first, again = lost(), Listed([0.0, 0.1])
    with Reconnecting(opening(first, None, None, again), soon) as source:
        frames = list(source)
    assert first.closed
    assert again.closed
    states = [frame.lost for frame in frames]
    assert states[:3] == [False] * 3
    assert states[-2:] == [False] * 2
    assert [frame.index for frame in frames] == list(range(len(frames)))
    assert all(np.diff([frame.t_s for frame in frames]) > 0)


def test_while_it_is_lost_the_last_picture_stays_and_time_goes_on() -> None:
    with Reconnecting(opening(lost()), soon) as source:
        frames = list(islice(source, 6))
    assert [frame.lost for frame in frames] == [False] * 3 + [True] * 3
    assert all(frame.image is frames[2].image for frame in frames[3:])
    assert all(np.diff([frame.t_s for frame in frames]) > 0)


def test_one_that_comes_back_after_the_end_is_closed() -> None:
    again, may_open = Listed([0.0]), threading.Event()

    def late() -> Source:
        may_open.wait()
        return again

    openers = iter([lambda: lost(1), late])
    source = Reconnecting(lambda: next(openers)(), soon)
    frames = iter(source)
    assert [next(frames).lost for _ in range(3)] == [False, True, True]
    source.close()
    frames.close()
    may_open.set()
    for _ in range(200):
        if again.closed:
            break
        time.sleep(0.01)
    assert again.closed


def test_one_that_is_lost_before_the_first_picture_was_asked_for_is_waited_for() -> None:
    with Reconnecting(opening(lost(0)), soon) as source:
        frames = list(islice(source, 2))
    assert [frame.lost for frame in frames] == [True, True]
    assert frames[0].image.max() == 0


def test_a_camera_that_is_not_there_at_first_raises() -> None:
    with pytest.raises(SourceError, match="no such camera"):
        Reconnecting(opening())


def test_nobody_is_seen_in_a_lost_picture(weights: bytes) -> None:
    image = np.full((48, 64, 3), 90, np.uint8)
    with Tracker(weights, 90) as tracker:
        seen = tracker.track(Frame(image, 1.0, 0, lost=True))
    assert seen.pose is None
    assert seen.doubts == {"lost"}
    assert seen.image.shape == (64, 48, 3)
