"""Pictures of a recording left out while nothing moves in it, told from small grey copies of them."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posecoach.native import cv2

_SIZE = (64, 48)  # pixels, so few that each averages away most of the noise
_LEAST, _OVER_NOISE = 4.0, 6.0  # grey levels of change that count, and times the median change
_PIXELS = 6  # that change at least: the outline of a hand that has moved by its own breadth

Timed = tuple[Any, float]  # a picture as PyAV decodes it, and its time in seconds


def thinned(pictures: Iterable[Timed], still: int, moving: int) -> Iterator[Timed]:
    """Of `pictures` each `still`-th while nothing moves, and each `moving`-th while something does."""
    waiting: list[Timed] = []
    before: NDArray[np.uint8] | None = None
    for one in pictures:
        waiting.append(one)
        if before is not None and len(waiting) < still:
            continue
        small = _small(one[0])
        moved = before is not None and _differ(before, small)
        yield from waiting[::-moving][::-1] if moved else waiting[-1:]
        before = small
        waiting.clear()
    yield from waiting[-1:]


def _small(picture: Any) -> NDArray[np.uint8]:
    return np.asarray(
        picture.to_ndarray(format="gray", width=_SIZE[0], height=_SIZE[1], interpolation="AREA"), np.uint8
    )


def _differ(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> bool:
    change = cv2.absdiff(one, other)
    return int((change > max(_LEAST, _OVER_NOISE * float(np.median(change)))).sum()) >= _PIXELS
