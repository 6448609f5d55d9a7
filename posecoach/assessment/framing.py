"""How a body is framed: whether it is whole in the picture, and large enough to be measured."""

from collections.abc import Iterable, Sequence

import numpy as np

from posecoach.assessment.results import Note
from posecoach.core.pose import INDEX, Pose

FEET = tuple(INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("heel", "foot_index"))
HEAD = tuple(INDEX[part] for part in ("nose", "left_ear", "right_ear"))

_SMALL = 0.2  # of the longer side of the picture; in all clips that are judged a body reaches over 0.31


def outside(pose: Pose, landmarks: Sequence[int]) -> bool:
    """True where half of the landmarks or more lie outside the picture."""
    places = pose.image[list(landmarks)]
    out = np.logical_or(places < 0, places > pose.size).any(axis=1)
    return bool(2 * out.sum() >= len(landmarks))


def badly_framed(poses: Iterable[Pose | None]) -> tuple[Note, ...]:
    """The notes that in most pictures in which somebody was found, the body is too small or not whole."""
    found = [pose for pose in poses if pose is not None]
    small = sum(float(np.ptp(pose.image, axis=0).max()) < _SMALL * max(pose.size) for pose in found)
    cut = sum(outside(pose, FEET) or outside(pose, HEAD) for pose in found)
    notes = {"picture_too_small": small, "picture_cuts": cut}
    return tuple(Note(code) for code, times in notes.items() if 2 * times > len(found))
