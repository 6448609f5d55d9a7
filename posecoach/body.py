"""The body on its bed: axes, a baseline from the starting position, and measurements with their trust.

Bed axes (right-handed up to the mirror of a prone body): x along the trunk toward the head, z up from the
mattress, y to the person's left when supine. Lengths are torso lengths (shoulder midpoint to hip midpoint),
angles degrees, times seconds.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from math import acos, asin, atan2, cos, degrees, hypot, radians, sin, sqrt
from typing import Literal

import numpy as np

from posecoach.pose import INDEX, Array, Pose
from posecoach.skeleton import AT, NAMES, Skeleton, fit

Posture = Literal["supine", "prone", "left_side", "right_side", "upright"]
Measures = Mapping[str, float | None]

SIDES = ("left", "right")

# A baseline is taken from this much time without movement; when nothing is still for
# `_PATIENCE_S`, from what there is.
_STILL_S = 0.5
_PATIENCE_S = 2.0
# Movement of any trunk or leg joint within the still time: three times the frame-to-frame noise of a
# lying body (0.015 torso lengths on the side-view clips).
_STILL = 0.05
# A rest that differs by more than this (torso lengths) is believed after this much stillness.
_SHIFTED = 0.06
_SHIFTED_S = 3.0
# Mean bend of an angle's curve (second difference, degrees a frame) over this time that no trusted angle
# shows: fast real moves reach 9 at 12 frames a second, a guessing network 15 to 40.
_FLICKER = 12.0
_FLICKER_S = 0.7
_FLICKER_STEP_S = 0.07  # a camera's faster frames are skipped, so that a frame means the same everywhere
# A tracker that has lost the body this long is believed to have found it afresh.
_FORGET_S = 1.0

# The camera looks down at the bed: "up" is expected between straight up in the picture (a level camera) and
# leaning toward the camera (a high one).
_UP = np.array([0.0, -cos(radians(30)), -sin(radians(30))])

_SEEN = 0.1  # network visibility below this is never trusted; above, it says little (it lags and flatters)
_MARGIN = 0.02  # share of the picture beyond its edge up to which a landmark may be guessed
_MISFIT = 4.0  # standard deviations by which a trusted bone may miss its length

# Noise of a height (torso lengths): the picture's own, and the fitted depth's, of which a camera that
# looks down sees more.
_HEIGHT_NOISE = 0.03
_DEPTH_NOISE = 0.12


# Beyond this many degrees off the side view, joints flicker by more than a bounce or a hasty move.
_SIDE_ON = 25.0

# Knees further apart in depth than this (torso lengths) mean that the network took one for behind the other.
_DEPTH_APART = 0.8

# Shoulder and hip line of a body at rest differ by less than this many degrees.
_TWISTED = 30.0

# A flat trunk and the thighs make less than this angle (5 degrees on the clips); more is a raised trunk.
_RAISED = 10.0


@dataclass(frozen=True, eq=False)
class Baseline:
    """The body at rest, which lifts and turns are measured against.

    axes         (3, 3) rows are the bed's x, y, z in camera axes
    origin       (3,) the hips' midpoint, camera axes
    rest         (19, 3) the joints at rest in bed axes, order of `skeleton.NAMES`
    posture      how the body lies
    elevation    degrees by which the camera looks down on the mattress
    azimuth      degrees between the picture's plane and the body's long axis (0: seen from the side)
    near_side    the person's side nearer to the camera
    trunk_depth  distance of the trunk from the camera
    height_noise expected error of a height in this view, torso lengths
    """

    axes: Array
    origin: Array
    rest: Array
    posture: Posture
    elevation: float
    azimuth: float
    near_side: Literal["left", "right"]
    trunk_depth: float
    height_noise: float

    @property
    def side_on(self) -> bool:
        """True where the camera sees the body from the side, the view in which angles are sure."""
        return self.azimuth < _SIDE_ON and self.elevation < _SIDE_ON

    def in_bed(self, skeleton: Skeleton) -> Array:
        """(19, 3) the skeleton's joints in bed axes."""
        return (skeleton.points - self.origin) @ self.axes.T


def take_baseline(points: Array) -> Baseline:
    """The baseline of a body at rest; `points` (19, 3) are its joints in camera axes."""

    def at(name: str) -> Array:
        point: Array = points[AT[name]]
        return point

    hips = (at("left_hip") + at("right_hip")) / 2
    shoulders = (at("left_shoulder") + at("right_shoulder")) / 2
    trunk = x = _unit(shoulders - hips)
    across, pelvis = at("left_shoulder") - at("right_shoulder"), at("left_hip") - at("right_hip")
    if angle(across, np.zeros(3), pelvis) < _TWISTED:  # else the pelvis is turned, and the shoulders lie flat
        across = across + pelvis
    across = _unit(across - x * (across @ x))
    front = np.cross(across, x)  # the way the chest faces
    leans: dict[Posture, float] = {
        "supine": front @ _UP,
        "prone": -front @ _UP,
        "left_side": -across @ _UP,
        "right_side": across @ _UP,
        "upright": x @ _UP,
    }
    posture = max(leans, key=lambda name: leans[name])
    up = {
        "supine": front,
        "prone": -front,
        "left_side": -across,
        "right_side": across,
        "upright": x,
    }[posture]
    y = across if posture in ("supine", "prone") else front
    if posture == "upright":
        x, y = front, across
    elif posture == "prone":
        # A baseline may have to be taken with the chest raised: the legs still lie along the mattress.
        x, up = _along_legs(trunk, up, hips - (at("left_knee") + at("right_knee")) / 2)
    axes = np.array([x, y, up])
    elevation = degrees(asin(min(1.0, max(-1.0, float(-up[2])))))
    near_left = (
        sum(float(at(f"left_{joint}")[2] - at(f"right_{joint}")[2]) for joint in ("shoulder", "hip")) < 0
    )
    return Baseline(
        axes=axes,
        origin=hips,
        rest=(points - hips) @ axes.T,
        posture=posture,
        elevation=elevation,
        azimuth=degrees(asin(min(1.0, abs(float(x[2]))))),
        near_side="left" if near_left else "right",
        trunk_depth=float((hips[2] + shoulders[2]) / 2),
        height_noise=hypot(_HEIGHT_NOISE, _DEPTH_NOISE * abs(float(up[2]))),
    )


def _along_legs(trunk: Array, up: Array, thighs: Array) -> tuple[Array, Array]:
    """The bed's x and z, turned in the plane of `trunk` and `up` so that x follows the thighs."""
    along, above = float(thighs @ trunk), float(thighs @ up)
    tilt = atan2(above, along)
    if along < 0.5 or degrees(tilt) > -_RAISED:  # the legs are not stretched out, or the trunk lies as flat
        return trunk, up
    return trunk * cos(tilt) + up * sin(tilt), up * cos(tilt) - trunk * sin(tilt)


@dataclass(frozen=True, eq=False)
class Measurements:
    """One frame's measurements.

    values    by name, None where unseen: `hip_flexion_left`, … as `MEASURES` describes
    hidden    names of the joints that cannot be believed in this frame
    moved     torso lengths that trunk or legs have moved in the last half second; infinite until then
    baseline  what lifts and turns were measured against; None until the body was seen at rest
    """

    t_s: float
    values: Measures
    hidden: frozenset[str]
    moved: float
    baseline: Baseline | None

    @property
    def still(self) -> bool:
        """True while nothing has moved by more than noise."""
        return self.moved < _STILL


#: Every measure, with its unit and meaning.
MEASURES: Mapping[str, str] = {
    "hip_flexion": "degrees; 180 minus the angle shoulder-hip-knee in space; one a side",
    "knee_flexion": "degrees; 180 minus the angle hip-knee-ankle in space; one a side",
    "trunk_inclination": "degrees; the trunk against the mattress",
    "trunk_rotation": "degrees; pelvis and knees turned against their rest, + to the body's left",
    "knees_lowered": "degrees; how far the bent knees have sunk, to either side, by their height alone",
    "shoulder_abduction": "degrees; the upper arm against the long axis of the trunk; one a side",
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
    "knee_gap": "torso lengths between the knees",
    "knee_spread": "torso lengths between the knees as far as the picture shows it, depth left out",
}


class Body:
    """Poses in, measurements out: keeps the last skeleton and the baseline of one session."""

    def __init__(self) -> None:
        self.baseline: Baseline | None = None
        self._skeleton: Skeleton | None = None
        self._recent: deque[Skeleton] = deque()
        self._first_seen: float | None = None
        self._still_since: float | None = None
        self._flicker = {f"{joint}_flexion_{side}": _Flicker() for joint in ("hip", "knee") for side in SIDES}

    def rebase(self) -> None:
        """Forget the baseline: the next still moment, in whatever posture, gives a new one."""
        self.baseline = self._skeleton = None
        self._first_seen = None
        self._recent.clear()

    def renew(self, shifted: bool = False) -> None:
        """Take the baseline anew from the last half second; for one who rests in the starting position.

        A body that has shifted has to lie still for longer: a slow start of a move must not pass for rest;
        unless `shifted` says that it is known to lie otherwise than before.
        """
        if not self._spans_still_time() or self._still_since is None:
            return
        recent = take_baseline(np.median([s.points for s in self._recent], axis=0))
        if self.baseline is not None and not shifted:
            moved = np.abs(self.baseline.in_bed(self._recent[-1]) - self.baseline.rest)[_WATCHED].max()
            if moved > _SHIFTED and self._recent[-1].t_s - self._still_since < _SHIFTED_S:
                return
        self.baseline = recent

    def measure(self, pose: Pose) -> Measurements:
        """Measure one pose; times rise strictly."""
        if self._skeleton is not None and pose.t_s - self._skeleton.t_s > _FORGET_S:
            self._skeleton = None
            self._recent.clear()
        depth = self.baseline.trunk_depth if self.baseline is not None else None
        skeleton = fit(pose, self._skeleton, depth)
        self._skeleton = skeleton
        self._recent.append(skeleton)
        while len(self._recent) > 2 and self._recent[1].t_s <= pose.t_s - _STILL_S:
            self._recent.popleft()
        if self._first_seen is None:
            self._first_seen = pose.t_s
        moved = self._moved()
        still = moved < _STILL
        if not still:
            self._still_since = None
        elif self._still_since is None:
            self._still_since = pose.t_s
        if self.baseline is None and (still or pose.t_s - self._first_seen >= _PATIENCE_S):
            self.baseline = take_baseline(np.median([s.points for s in self._recent], axis=0))
        trusted = _trusted_landmarks(pose)
        # Until the body was seen at rest, this very moment has to do: angles against the bed are roughly
        # right from the start, what is measured since rest is not known yet.
        values = _measure(skeleton, trusted, self.baseline or take_baseline(skeleton.points))
        if self.baseline is None:
            values |= dict.fromkeys(_SINCE_REST)
        for name, flicker in self._flicker.items():
            if flicker.shaken(pose.t_s, values[name]):
                values[name] = None
        hidden = frozenset(name for name, known in zip(NAMES, trusted, strict=True) if not known)
        return Measurements(pose.t_s, values, hidden, moved, self.baseline)

    def _spans_still_time(self) -> bool:
        recent = self._recent
        return len(recent) > 2 and recent[-1].t_s - recent[0].t_s >= _STILL_S * 0.8

    def _moved(self) -> float:
        if not self._spans_still_time():
            return float("inf")
        first, last = self._recent[0].points, self._recent[-1].points
        return float(np.abs(last[_WATCHED, :2] - first[_WATCHED, :2]).max())


_SINCE_REST = (
    *(f"{part}_lift_{side}" for part in ("shoulder", "heel") for side in SIDES),
    *("pelvis_lift", "head_lift", "pelvic_tilt"),
)


class _Flicker:
    """Notices an angle that jumps to and fro faster than any limb moves: the network is guessing."""

    def __init__(self) -> None:
        self._recent: deque[tuple[float, float]] = deque()  # times and sizes of the bends of the curve
        self._last: list[tuple[float, float]] = []

    def shaken(self, t_s: float, value: float | None) -> bool:
        """Take the next value, degrees; True while the curve bends by more than `_FLICKER` a frame."""
        if value is None:
            self._last.clear()
            return False
        if self._last and t_s - self._last[-1][0] < _FLICKER_STEP_S:
            return self._shaken()
        self._last = [*self._last[-2:], (t_s, value)]
        if len(self._last) == 3:
            before, middle, now = (v for _, v in self._last)
            self._recent.append((t_s, abs(now - 2 * middle + before)))
        while self._recent and self._recent[0][0] < t_s - _FLICKER_S:
            self._recent.popleft()
        return self._shaken()

    def _shaken(self) -> bool:
        bends = [bend for _, bend in self._recent]
        return len(bends) > 2 and sum(bends) / len(bends) > _FLICKER


_WATCHED = [AT[f"{side}_{joint}"] for side in SIDES for joint in ("shoulder", "hip", "knee", "ankle")]
_BONE_OF = {"left": {"trunk": 2, "thigh": 4, "shank": 6}, "right": {"trunk": 3, "thigh": 5, "shank": 7}}
_IN_PICTURE = np.array([INDEX[name] for name in NAMES])


def _measure(skeleton: Skeleton, trusted: Array, baseline: Baseline) -> dict[str, float | None]:
    points = skeleton.points
    values: dict[str, float | None] = {}

    def seen(*names: str) -> bool:
        return all(trusted[AT[name]] for name in names)

    def fits(side: str, *bones: str) -> bool:
        return all(abs(skeleton.misfit[_BONE_OF[side][bone]]) < _MISFIT for bone in bones)

    for side in SIDES:
        shoulder, hip, knee, ankle = (f"{side}_{joint}" for joint in ("shoulder", "hip", "knee", "ankle"))
        values[f"hip_flexion_{side}"] = (
            180 - angle(points[AT[shoulder]], points[AT[hip]], points[AT[knee]])
            if seen(shoulder, hip, knee) and fits(side, "trunk", "thigh")
            else None
        )
        values[f"knee_flexion_{side}"] = (
            180 - angle(points[AT[hip]], points[AT[knee]], points[AT[ankle]])
            if seen(hip, knee, ankle) and fits(side, "thigh", "shank")
            else None
        )
    _measure_on_bed(values, baseline.in_bed(skeleton), baseline, trusted)
    return values


def _measure_on_bed(values: dict[str, float | None], bed: Array, baseline: Baseline, trusted: Array) -> None:
    """Add what is measured against the bed and the rest; `bed` (19, 3) joints in bed axes."""
    rest = baseline.rest

    def seen(*names: str) -> bool:
        return all(trusted[AT[name]] for name in names)

    def lift(*names: str) -> float | None:
        if not seen(*names):
            return None
        rows = [AT[name] for name in names]
        return float((bed[rows, 2] - rest[rows, 2]).mean())

    for side in SIDES:
        values[f"shoulder_lift_{side}"] = lift(f"{side}_shoulder")
        values[f"heel_lift_{side}"] = lift(f"{side}_heel")
        # Against the bed's long axis: the trunk's own direction is less sure while it twists.
        arm = bed[AT[f"{side}_elbow"]] - bed[AT[f"{side}_shoulder"]]
        values[f"shoulder_abduction_{side}"] = (
            degrees(atan2(hypot(float(arm[1]), float(arm[2])), -float(arm[0])))
            if seen(f"{side}_elbow", f"{side}_shoulder")
            else None
        )
    values["pelvis_lift"] = lift("left_hip", "right_hip")
    # The nose alone would rise and fall as the head turns.
    values["head_lift"] = lift("nose", "left_ear", "right_ear")
    shoulders, hips, knees = (
        (bed[AT[f"left_{joint}"]] + bed[AT[f"right_{joint}"]]) / 2 for joint in ("shoulder", "hip", "knee")
    )
    trunk = shoulders - hips
    seen_trunk = seen("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    values["trunk_inclination"] = (
        degrees(asin(min(1.0, max(-1.0, float(trunk[2] / np.sqrt(trunk @ trunk)))))) if seen_trunk else None
    )
    seen_knees = seen_trunk and seen("left_knee", "right_knee")
    gap = bed[AT["left_knee"]] - bed[AT["right_knee"]]
    values["knee_gap"] = float(np.linalg.norm(gap)) if seen_knees else None
    in_depth = float(gap @ baseline.axes[:, 2])
    believable = seen_knees and abs(in_depth) < _DEPTH_APART
    values["knee_spread"] = sqrt(max(0.0, float(gap @ gap) - in_depth**2)) if believable else None
    _measure_legs(values, bed, baseline, trusted)
    values["trunk_rotation"] = _rotation(bed, baseline) if seen_knees else None
    reach = float((rest[AT["left_knee"], 2] + rest[AT["right_knee"], 2]) / 2)
    values["knees_lowered"] = (
        degrees(acos(min(1.0, max(-1.0, float(knees[2] - hips[2]) / reach))))
        if seen_knees and reach > _BENT
        else None
    )


def _measure_legs(values: dict[str, float | None], bed: Array, baseline: Baseline, trusted: Array) -> None:
    for side, other in (SIDES, SIDES[::-1]):
        knee, ankle, wrist = (bed[AT[f"{side}_{joint}"]] for joint in ("knee", "ankle", "wrist"))
        foot, far_hip, far_knee = (
            bed[AT[f"{side}_foot_index"]],
            bed[AT[f"{other}_hip"]],
            bed[AT[f"{other}_knee"]],
        )

        def seen(*joints: str, side: str = side) -> bool:
            return all(trusted[AT[f"{side}_{joint}"]] for joint in joints)

        values[f"hip_sagittal_{side}"] = (
            _sagittal(bed, side, baseline) if seen("shoulder", "hip", "knee") else None
        )
        legs = seen("ankle") and seen("hip", "knee", side=other)
        values[f"ankle_on_thigh_{side}"] = _to_segment(ankle, far_hip, far_knee) if legs else None
        shin = ankle - knee
        values[f"shin_tilt_{side}"] = (
            degrees(atan2(hypot(float(shin[0]), float(shin[1])), float(abs(shin[2]))))
            if seen("knee", "ankle")
            else None
        )
        values[f"shin_rise_{side}"] = float(shin[2]) if seen("knee", "ankle") else None
        shoulder = bed[AT[f"{side}_shoulder"]]
        values[f"hand_ahead_{side}"] = float(wrist[0] - shoulder[0]) if seen("wrist", "shoulder") else None
        reach = min(float(np.linalg.norm(wrist - ankle)), float(np.linalg.norm(wrist - foot)))
        values[f"hand_to_foot_{side}"] = reach if seen("wrist", "ankle") else None
    bends = [values[f"hip_sagittal_{side}"] for side in SIDES]
    at_rest = [_sagittal(baseline.rest, side, baseline) for side in SIDES]
    opened = [before - now for before, now in zip(at_rest, bends, strict=True) if now is not None]
    values["pelvic_tilt"] = sum(opened) / len(opened) if opened else None


def _sagittal(bed: Array, side: str, baseline: Baseline) -> float:
    """Degrees of hip flexion in the bed's x-z plane; negative: the thigh behind the line of the trunk."""
    shoulder, hip, knee = (bed[AT[f"{side}_{joint}"]] for joint in ("shoulder", "hip", "knee"))
    trunk, thigh = hip - shoulder, knee - hip
    across, along = trunk[2] * thigh[0] - trunk[0] * thigh[2], trunk[0] * thigh[0] + trunk[2] * thigh[2]
    bend = degrees(atan2(float(across), float(along)))
    return bend if baseline.posture == "supine" else -bend


def _to_segment(point: Array, start: Array, end: Array) -> float:
    """Distance of a point from the line between two others."""
    along = end - start
    share = min(1.0, max(0.0, float((point - start) @ along) / max(float(along @ along), 1e-9)))
    return float(np.linalg.norm(point - start - share * along))


def _rotation(bed: Array, baseline: Baseline) -> float | None:
    """Turn of pelvis and knees about the body's long axis since rest, + to the body's left.

    Four things show it, each well in some view and badly in another: the height and the sideways place of
    the knees, which of the two knees lies higher, and the roll of the network's hip line, which follows a
    turning pelvis about half way. The angle is the one that agrees best with all of them, each weighed
    by its noise in this view.
    """

    def knees_of(joints: Array) -> tuple[Array, Array]:
        hips = (joints[AT["left_hip"]] + joints[AT["right_hip"]]) / 2
        return joints[AT["left_knee"]] - hips, joints[AT["right_knee"]] - hips

    def roll(joints: Array) -> float:
        pelvis = joints[AT["left_hip"]] - joints[AT["right_hip"]]
        return degrees(atan2(float(pelvis[2]), float(pelvis[1])))

    (left, right), (rest_left, rest_right) = knees_of(bed), knees_of(baseline.rest)
    middle, rest_middle = (left + right) / 2, (rest_left + rest_right) / 2
    reach, rest_sideways, rest_above = (
        float(rest_middle[2]),
        float(rest_middle[1]),
        float((rest_left - rest_right)[2]),
    )
    rest_roll = roll(baseline.rest)
    if reach < _BENT:
        # The knees were not up at rest: seen straight, they show no turn; seen already turned, what is
        # measured is their turn from upright.
        reach, rest_sideways, rest_above, rest_roll = hypot(float(middle[1]), float(middle[2])), 0.0, 0.0, 0.0
        if reach < _BENT + 0.1:
            return None
    sideways, height = float(middle[1]) - rest_sideways, float(middle[2])
    left_above = float(left[2] - right[2]) - rest_above
    left_above = min(_KNEES_WIDTH, max(-_KNEES_WIDTH, left_above))  # knees apart turn no further
    rolled = rest_roll - roll(bed)
    noise_y = hypot(_HEIGHT_NOISE, _SIDEWAYS_NOISE * cos(radians(baseline.elevation)))
    misses = (
        ((reach * _SIN - sideways) / noise_y) ** 2
        + ((reach * _COS - height) / baseline.height_noise) ** 2
        + ((-_KNEES_WIDTH * _SIN - left_above) / _KNEES_NOISE) ** 2
        + ((_PELVIS_SHARE * _TURNS - rolled) / _PELVIS_NOISE) ** 2
    )
    best = int(np.argmin(misses))
    turn = float(_TURNS[best])
    if abs(turn) > _UNTURNED and misses[-1 - best] - misses[best] < _SURE:
        return None  # turned, but to which side?
    return turn if baseline.posture == "supine" else -turn


_BENT = 0.3  # torso lengths of knee height from which the legs are bent
_PELVIS_SHARE = 0.45
_PELVIS_NOISE = 10.0
_KNEES_WIDTH = 0.3  # torso lengths between the middles of two knees held together
_KNEES_NOISE = 0.06
_SIDEWAYS_NOISE = 0.5
_TURNS = np.arange(-120.0, 121.0, 1.0)
_UNTURNED = 10.0  # degrees within which the side does not matter
_SURE = 9.0  # squared standard deviations by which one side has to be the better explanation
_SIN, _COS = np.sin(np.radians(_TURNS)), np.cos(np.radians(_TURNS))


def _trusted_landmarks(pose: Pose) -> Array:
    """(19,) which joints of `skeleton.NAMES` may be believed: inside the picture and not reported hidden."""
    width, height = pose.size
    x, y = pose.image[_IN_PICTURE, 0] / width, pose.image[_IN_PICTURE, 1] / height
    inside = (x > -_MARGIN) & (x < 1 + _MARGIN) & (y > -_MARGIN) & (y < 1 + _MARGIN)
    trusted: Array = inside & (pose.visibility[_IN_PICTURE] > _SEEN)
    return trusted


def angle(a: Array, b: Array, c: Array) -> float:
    """Degrees at `b` between the points `a` and `c`."""
    u, v = a - b, c - b
    cosine = float(u @ v) / max(float(np.sqrt((u @ u) * (v @ v))), 1e-9)
    return degrees(acos(min(1.0, max(-1.0, cosine))))


def _unit(vector: Array) -> Array:
    return vector / max(float(np.sqrt(vector @ vector)), 1e-9)
