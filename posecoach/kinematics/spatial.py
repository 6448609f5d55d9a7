"""Angles and distances between the joints of many bodies, in whatever axes.

Arrays have a leading axis for the bodies, and the order of `skeleton_fit.NAMES` in the next one. Left comes
before right.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import Array
from posecoach.kinematics.skeleton_fit import AT, NAMES

SIDES = ("left", "right")

Indexes = NDArray[np.intp]


def both(*joints: str) -> Indexes:
    """(joints, 2) where joints are, left and right."""
    return np.array([[AT[f"{side}_{joint}"] for side in SIDES] for joint in joints])


# What is bent at each middle joint, (3, 8): hips, knees, elbows, shoulders.
_BENT = np.concatenate(
    [
        both("shoulder", "hip", "knee"),
        both("hip", "knee", "ankle"),
        both("shoulder", "elbow", "wrist"),
        both("elbow", "shoulder", "hip"),
    ],
    axis=1,
)
_THIGH, _REACH = both("hip", "knee")[:, ::-1], both("wrist", "ankle", "foot_index")
_SAGITTAL = both("shoulder", "hip", "knee")
_SHOULDERS = both("shoulder")[0]
_LEG = both("hip", "knee", "ankle", "foot_index")
# From each hand to each bone of each leg: (2, 2, 3) points.
_HANDS = np.broadcast_to(both("wrist")[0][:, None, None], (2, 2, 3)).ravel()
_LEG_STARTS, _LEG_ENDS = (
    np.broadcast_to(_LEG[part].T, (2, 2, 3)).ravel() for part in (slice(3), slice(1, 4))
)
# All distances from bones: of each ankle from the other thigh in space, of the hands from the legs in the
# picture, whose points follow those in space.
_POINTS, _STARTS, _ENDS = (
    np.concatenate([in_space, in_picture + len(NAMES)])
    for in_space, in_picture in (
        (both("ankle")[0], _HANDS),
        (_THIGH[0], _LEG_STARTS),
        (_THIGH[1], _LEG_ENDS),
    )
)


@dataclass(frozen=True)
class Shape:
    """How bodies are bent and stretched; (n, 2) each, left and right. Degrees, and torso lengths.

    hand_to_legs  (n, 2, 2) from each hand to each leg, depth left out
    """

    hip_flexion: Array
    knee_flexion: Array
    elbow_flexion: Array
    shoulder_abduction: Array
    ankle_on_thigh: Array
    hand_to_foot: Array
    hand_to_legs: Array


def shape(points: Array) -> Shape:
    """The shape of bodies with joints (n, 19, 3) in camera axes."""
    angles = _angles(points)
    flat = points.copy()
    flat[:, :, 2] = 0
    from_bones = _to_segments(np.concatenate([points, flat], axis=1))
    reach = points.take(_REACH[0], axis=1)[:, None] - points.take(_REACH[1:], axis=1)
    flexed = 180 - angles[:, :6]
    return Shape(
        hip_flexion=flexed[:, :2],
        knee_flexion=flexed[:, 2:4],
        elbow_flexion=flexed[:, 4:],
        shoulder_abduction=angles[:, 6:],
        ankle_on_thigh=from_bones[:, :2],
        hand_to_foot=np.sqrt(np.vecdot(reach, reach)).min(axis=1),
        hand_to_legs=from_bones[:, 2:].reshape(-1, 2, 2, 3).min(axis=3),
    )


def sagittal(bed: Array) -> Array:
    """(n, 2) degrees of hip flexion in the bed's x-z plane; negative: the thigh behind the trunk's line.

    Of a prone body it is the other way round.
    """
    shoulder, hip, knee = (bed.take(joint, axis=1) for joint in _SAGITTAL)
    trunk, thigh = hip - shoulder, knee - hip
    across = trunk[:, :, 2] * thigh[:, :, 0] - trunk[:, :, 0] * thigh[:, :, 2]
    along = trunk[:, :, 0] * thigh[:, :, 0] + trunk[:, :, 2] * thigh[:, :, 2]
    bend: Array = np.degrees(np.arctan2(across, along))
    return bend


def nose_ahead(bed: Array) -> Array:
    """How far noses are ahead of the shoulders, along the bed; joints (…, 19, 3) in bed axes."""
    left, right = _SHOULDERS
    along = bed[..., 0]
    ahead: Array = along[..., AT["nose"]] - (along[..., left] + along[..., right]) / 2
    return ahead


def _angles(points: Array) -> Array:
    """(n, 8) degrees at the middle joints of `_BENT`."""
    middle = points.take(_BENT[1], axis=1)
    one, other = points.take(_BENT[0], axis=1) - middle, points.take(_BENT[2], axis=1) - middle
    lengths = np.sqrt(np.vecdot(one, one) * np.vecdot(other, other))
    cosine = np.vecdot(one, other) / np.maximum(lengths, 1e-9)
    angles: Array = np.degrees(np.arccos(np.minimum(np.maximum(cosine, -1), 1)))
    return angles


def _to_segments(points: Array) -> Array:
    """(n, k) distances of the `_POINTS` from the stretches between `_STARTS` and `_ENDS`."""
    start = points.take(_STARTS, axis=1)
    along, away = points.take(_ENDS, axis=1) - start, points.take(_POINTS, axis=1) - start
    share = np.vecdot(away, along) / np.maximum(np.vecdot(along, along), 1e-9)
    left = away - np.minimum(np.maximum(share, 0), 1)[:, :, None] * along
    distances: Array = np.sqrt(np.vecdot(left, left))
    return distances
