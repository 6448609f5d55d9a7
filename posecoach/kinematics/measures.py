"""The measures of one frame: angles, lifts and distances, each unseen where one of its joints is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import Array
from posecoach.kinematics.baseline import HEIGHT_NOISE, Baseline
from posecoach.kinematics.skeleton_fit import AT, NAMES
from posecoach.kinematics.spatial import SIDES, Shape, both, nose_ahead, sagittal

Measures = Mapping[str, float | None]

#: Every measure, with its unit and meaning.
MEASURES: Mapping[str, str] = {
    "hip_flexion": "degrees; 180 minus the angle shoulder-hip-knee in space, and 2 for the skin; one a side",
    "hip_flexion_by_fit": "degrees; by the kinematic fit alone, which follows fast moves; one a side",
    "knee_flexion": "degrees; 180 minus the angle hip-knee-ankle in space; one a side",
    "trunk_inclination": "degrees; the trunk against the mattress",
    "trunk_rotation": "degrees; pelvis and knees turned against their rest, + to the body's left",
    "knees_lowered": "degrees; how far the bent knees have sunk, to either side, by their height alone",
    "shoulder_abduction": "degrees; the upper arm against the line from shoulder to hip; one a side",
    "arm_tilt": "degrees; the arm, shoulder to wrist, against the vertical: 0 straight up; one a side",
    "elbow_flexion": "degrees; 180 minus the angle shoulder-elbow-wrist in space; one a side",
    "hand_to_leg": "torso lengths from the wrist to the nearer leg, depth left out; one a side",
    "shoulder_lift": "torso lengths above its rest; one a side",
    "heel_lift": "torso lengths above its rest; one a side",
    "pelvis_lift": "torso lengths above its rest",
    "head_lift": "torso lengths above its rest",
    "nose_nearer": "torso lengths by which the nose is nearer to the shoulders, along the bed, than at rest",
    "shoulders_across": "torso lengths from the right shoulder to the left one, across the bed as at rest",
    "rolled": "1 where this frame by itself shows a body on a side, 0 where it does not",
    "hip_sagittal": "degrees; the hip angle seen from the side, negative: thigh behind the trunk; one a side",
    "ankle_on_thigh": "torso lengths from the ankle to the other thigh; one a side",
    "shin_rise": "torso lengths of the ankle above the knee; one a side",
    "hand_ahead": "torso lengths of the wrist beyond the shoulder, toward the head; one a side",
    "shin_tilt": "degrees; the shin against the vertical, along the bed; one a side",
    "hand_to_foot": "torso lengths from the wrist to the nearer of ankle and toes; one a side",
    "pelvic_tilt": "degrees by which the pelvis has turned back since rest, as both hips show it",
    "knees_height": "torso lengths of the knees' middle above the hips",
    "legs_apart": "torso lengths between the legs as the picture shows them, at knees or ankles, where more",
    "knee_gap": "torso lengths between the knees",
    "knee_spread": "torso lengths between the knees as far as the picture shows it, depth left out",
}

#: The measures that are 0 at rest and whose sign is a direction.
DIRECTED = ("trunk_rotation",)

#: Those that go round, without their side: 180 degrees and -180 are the same.
GOING_ROUND = ("hip_sagittal",)

#: All of them by their full names, as where nothing can be measured.
UNSEEN: Measures = {
    name: None
    for base, meaning in MEASURES.items()
    for name in ([f"{base}_{side}" for side in SIDES] if meaning.endswith("one a side") else [base])
}

#: By the name of a measure whose speed is judged, that of the fit's own value: the body model takes a fast
#: swing for less than it is.
BY_FIT: Mapping[str, str] = {f"hip_flexion_{side}": f"hip_flexion_by_fit_{side}" for side in SIDES}

#: Those that are heights above the rest.
LIFTS = (
    *(f"{part}_lift_{side}" for part in ("shoulder", "heel") for side in SIDES),
    *("pelvis_lift", "head_lift"),
)

#: Those of where bent knees lean.
LEANING = ("trunk_rotation", "knees_lowered", "knees_height")

#: The measures that need a baseline taken at rest.
SINCE_REST = (*LIFTS, "nose_nearer", "pelvic_tilt", "trunk_inclination")

#: Degrees added to hip flexion. The network marks the hip between the joint's centre and the skin: the angle
#: reads 4 degrees less than between joint centres and as much as between points on the skin. Half of that is
#: nearest to both.
HIP_OFFSET = 2.0
_MISFIT = 4.0  # standard deviations by which a trusted bone may miss its length
# Knees further apart in depth than this (torso lengths) mean that the network took one for behind the other.
_DEPTH_APART = 0.8

_TRUNK = tuple(f"{side}_{joint}" for side in SIDES for joint in ("shoulder", "hip"))
_TRUNK_AND_KNEES = (*_TRUNK, "left_knee", "right_knee")
# What has to be seen for each measure: joints, of one side or of the other, and bones of about their length.
# The hands' way to the legs, and what needs the value of another measure, are in `_unite`.
_NEEDS: Mapping[str, tuple[str, ...]] = {
    "hip_flexion": ("shoulder", "hip", "knee", "trunk", "thigh"),
    "knee_flexion": ("hip", "knee", "ankle", "thigh", "shank"),
    "shoulder_abduction": ("elbow", "shoulder"),
    "arm_tilt": ("wrist", "shoulder"),
    "elbow_flexion": ("wrist", "elbow", "shoulder"),
    "shoulder_lift": ("shoulder",),
    "heel_lift": ("heel",),
    "hip_sagittal": ("shoulder", "hip", "knee"),
    "ankle_on_thigh": ("ankle", "other hip", "other knee"),
    "shin_rise": ("knee", "ankle"),
    "hand_ahead": ("wrist", "shoulder"),
    "shin_tilt": ("knee", "ankle"),
    "hand_to_foot": ("wrist", "ankle"),
    "trunk_inclination": _TRUNK,
    # A leg whose ankle is lost may have been put on whoever is beside: then its knee is as well.
    "knee_gap": (*_TRUNK_AND_KNEES, "left_ankle", "right_ankle"),
    "knee_spread": _TRUNK_AND_KNEES,
    "shoulders_across": ("left_shoulder", "right_shoulder"),
    "pelvis_lift": ("left_hip", "right_hip"),
    "head_lift": ("nose", "left_ear", "right_ear"),
    "nose_nearer": ("nose", "left_shoulder", "right_shoulder"),
}
# Which bones of a fit, left and right, have these names.
_BONES: Mapping[str, tuple[int, int]] = {"trunk": (2, 3), "thigh": (4, 5), "shank": (6, 7)}
_BONE_COUNT = 12


@cache
def without_side(name: str) -> str:
    """A measure's name as `MEASURES` has it: `heel_lift` for `heel_lift_left`."""
    return name.removesuffix("_left").removesuffix("_right")


def _columns() -> Mapping[str, slice]:
    """Where the values of each measure are: left and right, or one."""
    places, begin = {}, 0
    for name, meaning in MEASURES.items():
        end = begin + (2 if meaning.endswith("one a side") else 1)
        places[name], begin = slice(begin, end), end
    return places


_AT = _columns()
#: The measures by their full names, in the order of their columns.
COLUMNS = tuple(UNSEEN)


def _needs() -> Array:
    """(31, m) 1 where a measure needs a joint or a bone."""
    needs = np.zeros((len(NAMES) + _BONE_COUNT, len(COLUMNS)))
    for name, parts in _NEEDS.items():
        for side, column in enumerate(range(*_AT[name].indices(len(COLUMNS)))):
            for part in parts:
                if part in _BONES:
                    needs[len(NAMES) + _BONES[part][side], column] = 1
                elif part in AT:
                    needs[AT[part], column] = 1
                else:
                    of_side = SIDES[1 - side] if part.startswith("other ") else SIDES[side]
                    needs[AT[f"{of_side}_{part.removeprefix('other ')}"], column] = 1
    return needs


#: (31, measures) 1 where a measure needs a joint, in the order of `skeleton_fit.NAMES`, or a bone.
NEEDED = _needs()
_OF_LEG = np.zeros((len(NAMES), 2))
for _side, _joints in enumerate(both("hip", "knee", "ankle", "foot_index").T):
    _OF_LEG[_joints, _side] = 1


def _mean(*joints: str) -> Array:
    """(19,) the weights that give the mean of some joints."""
    return np.isin(NAMES, joints) / len(joints)


_SHOULDERS, _HIPS = (_mean(f"left_{joint}", f"right_{joint}") for joint in ("shoulder", "hip"))
# What is lifted, by the names of the measures, and the (19, 6) weights of the joints that show it. The nose
# alone would rise and fall as the head turns.
_LIFTED = slice(_AT["shoulder_lift"].start, _AT["head_lift"].stop)
_LIFTED_BY = np.stack(
    [
        *(_mean(f"{side}_{joint}") for joint in ("shoulder", "heel") for side in SIDES),
        *(_HIPS, _mean("nose", "left_ear", "right_ear")),
    ],
    axis=1,
)
# What a body lies on, never all of it off the bed: (2, 19, 4) weights of the joints that show it, on the
# front and on the back.
_LIES_ON = np.stack(
    [
        np.stack([_HIPS, *parts], axis=1)
        for parts in (
            (_mean("left_knee"), _mean("right_knee"), _mean("left_heel", "right_heel")),
            (_mean("left_shoulder"), _mean("right_shoulder"), _mean("nose", "left_ear", "right_ear")),
        )
    ]
)
_SHOWS_IT = (_LIES_ON > 0).astype(float)
# Upper arm, shin and reach of the hand: (3, 2) where they end and where they begin.
_LIMB_ENDS, _LIMB_STARTS = both("elbow", "ankle", "wrist"), both("shoulder", "knee", "shoulder")
# Of each limb the two axes across to a third, and this one, in rows of 18: three limbs, two sides, x, y, z.
_LIMBS = 6 * np.arange(3)[:, None] + np.array([0, 3])
_ACROSS, _ACROSS_TOO, _TO = (_LIMBS + np.array(axes)[:, None] for axes in ((1, 0, 0), (2, 1, 1), (0, 2, 2)))
_APART = both("knee", "ankle")
# Share of a raised chest's depth that the network tells: chests that six bodies raised by 20 to 26 degrees,
# seen from 45 to 64 degrees above, read 5 to 12.
_DEPTH_SEEN = 0.15


@dataclass(frozen=True)
class References:
    """What the measures of n bodies refer to.

    axes    (n, 3, 3) rows are the bed's x, y, z in camera axes
    origin  (n, 1, 3) the hips' middle at rest
    rest    (n, 19) heights of the joints at rest
    ahead   (n,) how far the nose was ahead of the shoulders at rest, along the bed
    sign    (n, 1) that of the hips' bend in the bed's axes
    slope   (n, 1) degrees by which the mattress seems to rise toward the head
    """

    axes: Array
    origin: Array
    rest: Array
    ahead: Array
    sign: Array
    slope: Array

    @classmethod
    def of(cls, baselines: Sequence[Baseline]) -> "References":
        """Those of bodies with these baselines."""
        rows = np.array([baseline.reference for baseline in baselines])
        axes, origin = rows[:, :9].reshape(-1, 3, 3), rows[:, None, 9:12]
        return cls(axes, origin, rows[:, 12:31], rows[:, 31], rows[:, 32:33], rows[:, 33:])


def measure(
    points: Array, bed: Array, bent: Shape, misfit: Array, hidden: NDArray[np.bool_], to: References
) -> tuple[Array, Array]:
    """(n, m) the measures of bodies in the order of `COLUMNS`, NaN where they are unseen; and (n,) how far
    the picture has moved since rest, which the lifts are without and may be off by.

    points  (n, 19, 3) joints in camera axes, `bed` the same in bed axes;  bent  their `shape`
    misfit  (n, 12) see `Fits`;  hidden  (n, 19) joints that cannot be believed

    What `LEANING` names and `pelvic_tilt` are left to whoever follows the body in time, and `rolled` to
    whoever knows the model of the bed.
    """
    values = np.empty((len(points), len(COLUMNS)))
    values[:, _AT["hip_flexion"]] = bent.hip_flexion + HIP_OFFSET
    values[:, _AT["knee_flexion"]] = bent.knee_flexion
    values[:, _AT["elbow_flexion"]] = bent.elbow_flexion
    values[:, _AT["ankle_on_thigh"]] = bent.ankle_on_thigh
    values[:, _AT["hand_to_foot"]] = bent.hand_to_foot
    values[:, _AT["hip_sagittal"]] = to.sign * sagittal(bed)
    for name in LEANING:
        values[:, _AT[name]] = np.nan
    _measure_limbs(values, bed)
    moved = _measure_heights(values, bed, hidden, to)
    values[:, _AT["rolled"]] = values[:, _AT["pelvic_tilt"]] = np.nan
    left, right = bed[:, AT["left_shoulder"], 1], bed[:, AT["right_shoulder"], 1]
    values[:, _AT["shoulders_across"]] = (left - right)[:, None]
    values[:, _AT["nose_nearer"]] = (to.ahead - nose_ahead(bed))[:, None]
    _measure_legs_apart(values, points)
    unseen = np.concatenate([hidden, np.abs(misfit) > _MISFIT], axis=1) @ NEEDED > 0
    values[unseen] = np.nan
    _unite(values, bent, hidden)
    return values, np.abs(moved)


def _measure_limbs(values: Array, bed: Array) -> None:
    limbs = bed.take(_LIMB_ENDS, axis=1) - bed.take(_LIMB_STARTS, axis=1)
    flat = limbs.reshape(len(bed), -1)
    across = np.hypot(flat.take(_ACROSS, axis=1), flat.take(_ACROSS_TOO, axis=1))
    along = flat.take(_TO, axis=1)
    # Against the bed's long axis: the trunk's own direction is less sure while it twists.
    along[:, 0] *= -1
    # Along the bed: what tilts across it tilts toward the camera, where nobody sees how much.
    shin = limbs[:, 1]
    across[:, 1], along[:, 1] = np.abs(shin[..., 0]), np.abs(shin[..., 2])
    angles = np.degrees(np.arctan2(across, along))
    values[:, _AT["shoulder_abduction"]], values[:, _AT["shin_tilt"]] = angles[:, 0], angles[:, 1]
    values[:, _AT["arm_tilt"]] = angles[:, 2]
    values[:, _AT["shin_rise"]], values[:, _AT["hand_ahead"]] = limbs[:, 1, :, 2], limbs[:, 2, :, 0]


def _measure_heights(values: Array, bed: Array, hidden: NDArray[np.bool_], to: References) -> Array:
    """Fill in what heights tell; (n,) how far the picture has moved since rest."""
    height = bed[:, :, 2]
    rise = height - to.rest
    moved = _of_the_camera(rise, hidden, to.sign[:, 0])
    values[:, _LIFTED] = rise @ _LIFTED_BY - moved[:, None]
    trunk = np.vecmat(_SHOULDERS - _HIPS, bed)
    raised = trunk[:, 2] / np.maximum(np.sqrt(np.vecdot(trunk, trunk)), 1e-9)
    inclination = np.degrees(np.arcsin(_within_one(raised)))[:, None] - to.slope
    values[:, _AT["trunk_inclination"]] = np.clip(inclination / _rise_seen(to), -90, 90)
    return moved


def _rise_seen(to: References) -> Array:
    """(n, 1) the share of a chest's rise that the fit tells: of one that faces the bed, and lies across the
    picture, it hardly sees what rises toward the camera.
    """
    across, toward = 1 - np.square(to.axes[:, 0, 2:]), np.square(to.axes[:, 2, 2:])
    return np.where(to.sign < 0, 1 - (1 - _DEPTH_SEEN) * across * toward, 1.0)


def _of_the_camera(rise: Array, hidden: NDArray[np.bool_], sign: Array) -> Array:
    """(n,) torso lengths that bodies seem to have left the bed as a whole, or sunk into it, beyond the noise
    of a height: the camera sags, or was moved. 0 of a body on a side.

    rise  (n, 19) of the joints since rest;  sign  (n,) see `References`
    """
    on_back = (sign > 0).astype(int)
    unseen = np.vecmat(hidden, _SHOWS_IT[on_back]) > 0
    raised = np.vecmat(rise, _LIES_ON[on_back])
    raised = np.where(unseen, raised[:, :1], raised)
    common = np.maximum(raised.min(axis=1) - HEIGHT_NOISE, 0) + np.minimum(
        raised.max(axis=1) + HEIGHT_NOISE, 0
    )
    # The hips alone, or what is above or below them, are not the whole.
    whole = np.logical_not(unseen[:, 0] | unseen[:, 1:3].all(axis=1) | np.isnan(sign))
    return np.where(whole, common, 0.0)


def _within_one(cosines: Array) -> Array:
    """Without what rounding has put beyond -1 and 1."""
    within: Array = np.minimum(np.maximum(cosines, -1), 1)
    return within


def _measure_legs_apart(values: Array, points: Array) -> None:
    """How far the legs are from each other, in space and as the picture shows it."""
    left, right = _APART.T
    apart = points.take(left, axis=1) - points.take(right, axis=1)
    in_picture, gap = np.hypot(apart[:, :, 0], apart[:, :, 1]), apart[:, 0]
    values[:, _AT["legs_apart"]] = in_picture.max(axis=1, keepdims=True)
    values[:, _AT["knee_gap"]] = np.sqrt(np.vecdot(gap, gap))[:, None]
    believable = np.abs(gap[:, 2:]) < _DEPTH_APART
    values[:, _AT["knee_spread"]] = np.where(believable, in_picture[:, :1], np.nan)


def _unite(values: Array, bent: Shape, hidden: NDArray[np.bool_]) -> None:
    """What is measured on either side, as far as it is seen: a hand that holds a leg covers it."""
    legs = np.where((hidden @ _OF_LEG > 0)[:, None], np.nan, bent.hand_to_legs)
    nearest = np.fmin(legs[:, :, 0], legs[:, :, 1])
    unseen = hidden.take(both("wrist")[0], axis=1)
    values[:, _AT["hand_to_leg"]] = np.where(unseen, np.nan, nearest)
    values[:, _AT["hip_flexion_by_fit"]] = values[:, _AT["hip_flexion"]]
