"""How a body is framed: whether it is in the picture all along, whole, and large enough to be measured."""

from collections.abc import Iterable, Sequence

import numpy as np

from posecoach.assessment.results import Note
from posecoach.core.pose import INDEX, Pose

TOO_SMALL = Note("picture_too_small")

FEET = tuple(INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("heel", "foot_index"))
HEAD = tuple(INDEX[part] for part in ("nose", "left_ear", "right_ear"))

# Of the longer side of the picture, that a body reaches where it reaches far: in rendered and real recordings
# (250) 0.35 or more; of some shrunk to less than 0.26, one verdict in nine was wrong.
_SMALL, _WIDEST = 0.28, 0.9
_AWAY_S = 2.0  # in no recording in which somebody stays (250) were they lost for 1.5 s


def outside(pose: Pose, landmarks: Sequence[int]) -> bool:
    """True where half of the landmarks or more lie outside the picture."""
    places = pose.image[list(landmarks)]
    out = np.logical_or(places < 0, places > pose.size).any(axis=1)
    return bool(2 * out.sum() >= len(landmarks))


def badly_framed(poses: Iterable[Pose | None]) -> tuple[Note, ...]:
    """The notes that the body is too small, or in most pictures in which somebody was found not whole."""
    found = [pose for pose in poses if pose is not None]
    if not found:
        return ()
    reaches = [float(np.ptp(pose.image, axis=0).max()) / max(pose.size) for pose in found]
    cut = sum(outside(pose, FEET) or outside(pose, HEAD) for pose in found)
    small = float(np.quantile(reaches, _WIDEST)) < _SMALL
    return (TOO_SMALL,) * small + (Note("picture_cuts"),) * (2 * cut > len(found))


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
