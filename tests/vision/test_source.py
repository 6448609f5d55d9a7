import pytest

from posecoach.core.errors import SourceError
from posecoach.vision.source import prefetched
from tests.support.footage import Listed


def test_prefetching_keeps_every_frame_in_order_and_passes_errors_on() -> None:
    assert [frame.index for frame in prefetched(Listed([i * 0.1 for i in range(40)]))] == list(range(40))
    ahead = prefetched(Listed([0.0, 0.1], SourceError("gone")))
    assert [next(ahead).index, next(ahead).index] == [0, 1]
    with pytest.raises(SourceError, match="gone"):
        next(ahead)


def test_prefetching_can_be_left_in_the_middle() -> None:
    ahead = prefetched(Listed([i * 0.1 for i in range(1000)]))
    next(ahead)
    ahead.close()
