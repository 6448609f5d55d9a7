"""The measures of one frame: angles, lifts and distances, each None where it is unseen."""

from collections.abc import Mapping
from itertools import pairwise
from math import acos, asin, atan2, degrees, hypot, sqrt

from posecoach.kinematics.axial_rotation import BENT, Turning
from posecoach.kinematics.baseline import Baseline, joints
from posecoach.kinematics.geometry import Joints, angle, length, middle, minus, to_segment
from posecoach.kinematics.skeleton_fit import Skeleton

Measures = Mapping[str, float | None]

SIDES = ("left", "right")

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
    "hip_sagittal": "degrees; the hip angle seen from the side, negative: thigh behind the trunk; one a side",
    "ankle_on_thigh": "torso lengths from the ankle to the other thigh; one a side",
    "shin_rise": "torso lengths of the ankle above the knee; one a side",
    "hand_ahead": "torso lengths of the wrist beyond the shoulder, toward the head; one a side",
    "shin_tilt": "degrees; the shin against the vertical; one a side",
    "hand_to_foot": "torso lengths from the wrist to the nearer of ankle and toes; one a side",
    "pelvic_tilt": "degrees by which both hips open since rest: all that shows of a pelvis turning back",
    "knees_height": "torso lengths of the knees' middle above the hips",
    "legs_apart": "torso lengths between the legs as the picture shows them, at knees or ankles, where more",
    "knee_gap": "torso lengths between the knees",
    "knee_spread": "torso lengths between the knees as far as the picture shows it, depth left out",
}

#: The measures that are 0 at rest and whose sign is a direction.
DIRECTED = ("trunk_rotation",)

#: All of them by their full names, as where nothing can be measured.
UNSEEN: Measures = {
    name: None
    for base, meaning in MEASURES.items()
    for name in ([f"{base}_{side}" for side in SIDES] if meaning.endswith("one a side") else [base])
}

#: By the name of a measure whose speed is judged, that of the fit's own value: the body model takes a fast
#: swing for less than it is.
BY_FIT: Mapping[str, str] = {f"hip_flexion_{side}": f"hip_flexion_by_fit_{side}" for side in SIDES}

#: The measures that need a baseline taken at rest.
SINCE_REST = (
    *(f"{part}_lift_{side}" for part in ("shoulder", "heel") for side in SIDES),
    *("pelvis_lift", "head_lift", "pelvic_tilt"),
)

#: Degrees added to hip flexion. The network marks the hip between the joint's centre and the skin: the angle
#: reads 4 degrees less than between joint centres and as much as between points on the skin. Half of that is
#: nearest to both.
HIP_OFFSET = 2.0
_LEG = ("hip", "knee", "ankle", "foot_index")
_MISFIT = 4.0  # standard deviations by which a trusted bone may miss its length
_BONE_OF = {"left": {"trunk": 2, "thigh": 4, "shank": 6}, "right": {"trunk": 3, "thigh": 5, "shank": 7}}
# Knees further apart in depth than this (torso lengths) mean that the network took one for behind the other.
_DEPTH_APART = 0.8
_TRUNK = [f"{side}_{joint}" for side in SIDES for joint in ("shoulder", "hip")]


def measure(
    skeleton: Skeleton, hidden: frozenset[str], baseline: Baseline, turning: Turning
) -> dict[str, float | None]:
    """All measures of one frame; those that need a joint of `hidden` are None.

    `turning` has followed the frames before.
    """
    bed = joints(baseline.in_bed(skeleton))
    values: dict[str, float | None] = {}
    for side, other in (SIDES, SIDES[::-1]):
        _measure_side(values, side, other, bed, hidden, baseline)
        for flexion, bones in (("hip_flexion", ("trunk", "thigh")), ("knee_flexion", ("thigh", "shank"))):
            if any(abs(skeleton.misfit[_BONE_OF[side][bone]]) > _MISFIT for bone in bones):
                values[f"{flexion}_{side}"] = None
    _measure_middle(values, bed, hidden, baseline)
    knees_seen = hidden.isdisjoint((*_TRUNK, "left_knee", "right_knee"))
    values["trunk_rotation"] = turning.follow(bed, baseline, skeleton.t_s) if knees_seen else None
    _measure_flat(values, skeleton, hidden)
    return values


def _measure_side(
    values: dict[str, float | None],
    side: str,
    other: str,
    bed: Joints,
    hidden: frozenset[str],
    baseline: Baseline,
) -> None:
    shoulder, elbow, wrist, hip, knee, ankle, heel, foot = (
        bed[f"{side}_{joint}"]
        for joint in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle", "heel", "foot_index")
    )
    rest = baseline.joints

    def note(name: str, needs: tuple[str, ...], value: float) -> None:
        unseen = any(f"{side}_{joint}" in hidden for joint in needs)
        values[f"{name}_{side}"] = None if unseen else value

    arm, shin, reach = minus(elbow, shoulder), minus(ankle, knee), minus(wrist, shoulder)
    note("hip_flexion", ("shoulder", "hip", "knee"), 180 - angle(shoulder, hip, knee) + HIP_OFFSET)
    note("knee_flexion", ("hip", "knee", "ankle"), 180 - angle(hip, knee, ankle))
    note("hip_sagittal", ("shoulder", "hip", "knee"), _sagittal(bed, side, baseline))
    note("shoulder_lift", ("shoulder",), shoulder[2] - rest[f"{side}_shoulder"][2])
    note("heel_lift", ("heel",), heel[2] - rest[f"{side}_heel"][2])
    # Against the bed's long axis: the trunk's own direction is less sure while it twists.
    note("shoulder_abduction", ("elbow", "shoulder"), degrees(atan2(hypot(arm[1], arm[2]), -arm[0])))
    note("arm_tilt", ("wrist", "shoulder"), degrees(atan2(hypot(reach[0], reach[1]), reach[2])))
    note("elbow_flexion", ("wrist", "elbow", "shoulder"), 180 - angle(shoulder, elbow, wrist))
    note("shin_tilt", ("knee", "ankle"), degrees(atan2(hypot(shin[0], shin[1]), abs(shin[2]))))
    note("shin_rise", ("knee", "ankle"), shin[2])
    note("hand_ahead", ("wrist", "shoulder"), wrist[0] - shoulder[0])
    note("hand_to_foot", ("wrist", "ankle"), min(length(minus(wrist, ankle)), length(minus(wrist, foot))))
    note("ankle_on_thigh", ("ankle",), to_segment(ankle, bed[f"{other}_hip"], bed[f"{other}_knee"]))
    if not hidden.isdisjoint((f"{other}_hip", f"{other}_knee")):
        values[f"ankle_on_thigh_{side}"] = None


def _measure_middle(
    values: dict[str, float | None], bed: Joints, hidden: frozenset[str], baseline: Baseline
) -> None:
    rest = baseline.joints

    def lift(*names: str) -> float | None:
        if not hidden.isdisjoint(names):
            return None
        return sum(bed[name][2] - rest[name][2] for name in names) / len(names)

    values["pelvis_lift"] = lift("left_hip", "right_hip")
    # The nose alone would rise and fall as the head turns.
    values["head_lift"] = lift("nose", "left_ear", "right_ear")
    bends = [(side, values[f"hip_sagittal_{side}"]) for side in SIDES]
    opened = [_sagittal(rest, side, baseline) - bend for side, bend in bends if bend is not None]
    values["pelvic_tilt"] = sum(opened) / len(opened) if opened else None

    trunk_seen = hidden.isdisjoint(_TRUNK)
    knees_seen = trunk_seen and hidden.isdisjoint(("left_knee", "right_knee"))
    hips = middle(bed["left_hip"], bed["right_hip"])
    trunk = minus(middle(bed["left_shoulder"], bed["right_shoulder"]), hips)
    raised = trunk[2] / max(length(trunk), 1e-9)
    values["trunk_inclination"] = degrees(asin(min(1.0, max(-1.0, raised)))) if trunk_seen else None

    gap = minus(bed["left_knee"], bed["right_knee"])
    values["knee_gap"] = length(gap) if knees_seen else None
    in_depth = sum(part * float(axis) for part, axis in zip(gap, baseline.axes[:, 2], strict=True))
    believable = knees_seen and abs(in_depth) < _DEPTH_APART
    values["knee_spread"] = sqrt(max(0.0, length(gap) ** 2 - in_depth**2)) if believable else None
    reach = (rest["left_knee"][2] + rest["right_knee"][2]) / 2
    height = (bed["left_knee"][2] + bed["right_knee"][2]) / 2 - hips[2]
    values["knees_height"] = height if knees_seen else None
    values["knees_lowered"] = (
        degrees(acos(min(1.0, max(-1.0, height / reach)))) if knees_seen and reach > BENT else None
    )


def _measure_flat(values: dict[str, float | None], skeleton: Skeleton, hidden: frozenset[str]) -> None:
    """How far the legs are from each other and each hand from the legs, as the picture shows it: a hand that
    holds a leg covers it.
    """
    apart = [skeleton[f"left_{joint}"][:2] - skeleton[f"right_{joint}"][:2] for joint in ("knee", "ankle")]
    values["legs_apart"] = max(hypot(x, y) for x, y in (way.tolist() for way in apart))
    legs = [
        [(x, y, 0.0) for x, y, _ in (skeleton[f"{side}_{joint}"].tolist() for joint in _LEG)]
        for side in SIDES
        if hidden.isdisjoint(f"{side}_{joint}" for joint in _LEG)
    ]
    for side in SIDES:
        x, y, _ = skeleton[f"{side}_wrist"].tolist()
        away = [to_segment((x, y, 0.0), *bone) for leg in legs for bone in pairwise(leg)]
        values[f"hand_to_leg_{side}"] = min(away) if away and f"{side}_wrist" not in hidden else None


def _sagittal(bed: Joints, side: str, baseline: Baseline) -> float:
    """Degrees of hip flexion in the bed's x-z plane; negative: the thigh behind the line of the trunk."""
    shoulder, hip, knee = (bed[f"{side}_{joint}"] for joint in ("shoulder", "hip", "knee"))
    trunk, thigh = minus(hip, shoulder), minus(knee, hip)
    across, along = trunk[2] * thigh[0] - trunk[0] * thigh[2], trunk[0] * thigh[0] + trunk[2] * thigh[2]
    bend = degrees(atan2(across, along))
    return bend if baseline.posture == "supine" else -bend
