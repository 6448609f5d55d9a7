"""The poses of a recording, kept until it is over."""

from array import array
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from posecoach.core.pose import COUNT, Pose
from posecoach.core.types import Rotation

_COORDINATES = 6 * COUNT  # of the picture, of space, and how visible each landmark is


def lasted_s(times: Sequence[float]) -> float:
    """How long a recording lasted, in seconds, from the times of its frames; 0 without a frame."""
    return times[-1] - times[0] if times else 0.0


class _Kept(NamedTuple):
    """What of a pose is no coordinate; `place` is that of its numbers among all."""

    place: int
    in_space: bool
    visibility: np.dtype[np.float64]
    size: tuple[int, int]
    rotation: Rotation


class PoseLog:
    """Poses with the times of their frames; None where nobody was found.

    Their numbers stand in one block. Kept as they are, the small arrays of each frame would lie between the
    memory of its pictures, which could not be used as a whole again: 40 MB in 240 frames.
    """

    def __init__(self) -> None:
        self.times: list[float] = []
        self._numbers = array("d")
        self._kept: list[_Kept | None] = []

    def __len__(self) -> int:
        return len(self.times)

    def append(self, t_s: float, pose: Pose | None) -> None:
        """Keep the next frame."""
        self.times.append(t_s)
        if pose is None:
            self._kept.append(None)
            return
        world = np.zeros((COUNT, 3)) if pose.world is None else pose.world
        known = _Kept(
            len(self._numbers), pose.world is not None, pose.visibility.dtype, pose.size, pose.rotation
        )
        self._kept.append(known)
        parts = pose.image.ravel(), world.ravel(), pose.visibility
        self._numbers.frombytes(np.concatenate(parts, dtype=np.float64).tobytes())

    def __iter__(self) -> Iterator[tuple[float, Pose | None]]:
        for t_s, kept in zip(self.times, self._kept, strict=True):
            yield t_s, None if kept is None else self._pose(t_s, kept)

    def _pose(self, t_s: float, kept: _Kept) -> Pose:
        numbers = np.array(self._numbers[kept.place : kept.place + _COORDINATES])
        image, world, visibility = np.split(numbers, (2 * COUNT, 5 * COUNT))
        return Pose(
            t_s,
            image.reshape(COUNT, 2),
            world.reshape(COUNT, 3) if kept.in_space else None,
            visibility.astype(kept.visibility),
            kept.size,
            kept.rotation,
        )
