"""How a body is framed: whether it is in the picture all along, whole, and large enough to be measured."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from posecoach.assessment.results import Note
from posecoach.core.pose import COUNT, INDEX, Array, Pose

TOO_SMALL = Note("picture_too_small")

FEET = tuple(INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("heel", "foot_index"))
HEAD = tuple(INDEX[part] for part in ("nose", "left_ear", "right_ear"))

# Of the longer side of the picture, that a body reaches where it reaches far: in rendered and real recordings
# (250) 0.35 or more; of some shrunk to less than 0.26, one verdict in nine was wrong.
_SMALL, _WIDEST = 0.28, 0.9
_AWAY_S = 2.0  # in no recording in which somebody stays (250) were they lost for 1.5 s


def outside(pose: Pose, landmarks: Sequence[int]) -> bool:
    """True where half of the landmarks or more lie outside the picture."""
    return bool(_outside(pose.image[None], np.array([pose.size]), landmarks)[0])


def too_small(poses: Iterable[Pose | None]) -> bool:
    """True where the body is too small in the picture to be judged as surely as another."""
    return _too_small(*_found(poses))


def badly_framed(poses: Iterable[Pose | None]) -> tuple[Note, ...]:
    """The notes that the body is too small, or in most pictures in which somebody was found not whole."""
    images, sizes = _found(poses)
    cut = _outside(images, sizes, FEET) | _outside(images, sizes, HEAD)
    is_cut = 2 * int(cut.sum()) > len(images)
    return (TOO_SMALL,) * _too_small(images, sizes) + (Note("picture_cuts"),) * is_cut


def _found(poses: Iterable[Pose | None]) -> tuple[Array, Array]:
    """(n, 33, 2) the landmarks of the n poses in which somebody was found, and (n, 2) the sizes of the
    pictures.
    """
    found = [pose for pose in poses if pose is not None]
    images = np.array([pose.image for pose in found]).reshape(-1, COUNT, 2)
    return images, np.array([pose.size for pose in found], float).reshape(-1, 2)


def _too_small(images: Array, sizes: Array) -> bool:
    reaches = np.ptp(images, axis=1).max(axis=1) / sizes.max(axis=1)
    return bool(len(reaches)) and float(np.quantile(reaches, _WIDEST)) < _SMALL


def _outside(images: Array, sizes: Array, landmarks: Sequence[int]) -> NDArray[np.bool_]:
    """(n,) whether half of the landmarks or more lie outside each picture."""
    places = images[:, list(landmarks)]
    out = ((places < 0) | (places > sizes[:, None])).any(axis=2)
    outside_most: NDArray[np.bool_] = 2 * out.sum(axis=1) >= len(landmarks)
    return outside_most


def been_away(seen: Iterable[tuple[float, Pose | None]]) -> bool:
    """True where for a while there were pictures and nobody in them, between two with somebody."""
    seen_before, gone_s = False, None
    for t_s, pose in seen:
        if pose is None:
            gone_s = t_s if gone_s is None else gone_s
        elif seen_before and gone_s is not None and t_s - gone_s >= _AWAY_S:
            return True
        else:
            seen_before, gone_s = True, None
    return False
