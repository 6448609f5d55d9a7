"""The body at rest: how it lies, where the mattress is and which way is up.

Bed axes (right-handed, but mirrored for a prone body): x along the trunk toward the head, z up from the
mattress, y to the person's left when supine. Lengths are torso lengths (shoulder midpoint to hip midpoint),
angles degrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import asin, atan2, cos, degrees, hypot, nan, radians, sin
from typing import NamedTuple, get_args

import numpy as np

from posecoach.core.choices import OneSide
from posecoach.core.pose import Array
from posecoach.core.types import Posture
from posecoach.kinematics.geometry import Point, angle, cross, dot, middle, minus, plus, times, unit
from posecoach.kinematics.skeleton_fit import AT
from posecoach.kinematics.spatial import both, sagittal

# The camera looks down at the bed: "up" is expected between straight up in the picture (a level camera) and
# leaning toward the camera (a high one).
_UP: Point = (0.0, -cos(radians(30)), -sin(radians(30)))

# Noise of a height (torso lengths): the picture's own, and the fitted depth's, of which a camera that
# looks down sees more.
HEIGHT_NOISE = 0.03
_DEPTH_NOISE = 0.12

#: Degrees off the side view beyond which joint angles flicker by more than a bounce or a rushed move.
SIDE_ON = 25.0

#: Degrees of elevation from which the camera sees the body from above, where a height is a depth.
FROM_ABOVE = 45.0

# Shoulder and hip line of a body at rest differ by less than this many degrees.
_TWISTED = 30.0

# A flat trunk and the thighs make less than this angle (5 degrees on the clips); more is a raised trunk.
_RAISED = 10.0

#: Left and right shoulder, left and right hip: what tells how a body lies.
TRUNK = both("shoulder", "hip").ravel()
#: Left and right knee, left and right hip.
KNEES = both("knee", "hip").ravel()
_HEELS = both("heel").ravel()
_FOOT_RESTS = 0.25  # torso lengths above the hips up to which a heel may rest on the bed, or on a pillow
_POSTURES: tuple[Posture, ...] = get_args(Posture)
#: Postures in which the hips lie flat on the bed.
FACING: tuple[Posture, ...] = ("supine", "prone")
#: Postures that are never mistaken for one another.
OPPOSITE: Mapping[Posture, Posture] = {
    **{"supine": "prone", "prone": "supine"},
    **{"left_side": "right_side", "right_side": "left_side"},
}
_ORIGIN: Point = (0.0, 0.0, 0.0)
_BEND_SIGNS: Mapping[Posture, float] = {"supine": 1.0, "prone": -1.0, "upright": -1.0}


@dataclass(frozen=True, eq=False)
class Baseline:
    """The body at rest, the reference for lifts and turns.

    axes         (3, 3) rows are the bed's x, y, z in camera axes
    origin       (3,) the hips' midpoint, camera axes
    rest         (19, 3) the joints at rest in bed axes, order of `skeleton_fit.NAMES`
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
    near_side: OneSide
    trunk_depth: float
    height_noise: float

    @cached_property
    def side_on(self) -> bool:
        """True where the camera sees the body from the side, the view in which angles are sure."""
        return self.azimuth < SIDE_ON and self.elevation < SIDE_ON

    @property
    def from_above(self) -> bool:
        """True where the camera looks down so steeply that a raised limb only points at it."""
        return self.elevation >= FROM_ABOVE

    def on_a_side(self) -> "Baseline":
        """The same rest of a body that lies on a side after all."""
        return take_baseline(self.rest @ self.axes + self.origin, ("left_side", "right_side"))

    def in_bed(self, points: Array) -> Array:
        """(19, 3) joints in bed axes; `points` are in camera axes."""
        return (points - self.origin) @ self.axes.T

    @cached_property
    def along(self) -> Point:
        """The bed's x in camera axes."""
        return _point(self.axes[0])

    @cached_property
    def up(self) -> Point:
        """The bed's z in camera axes."""
        return _point(self.axes[2])

    @cached_property
    def hips_height(self) -> float:
        """How far up the hips were at rest, along the bed's z from the camera."""
        return dot(_point(self.origin), self.up)

    @cached_property
    def shoulders_lie(self) -> float:
        """How far above the hips the shoulders' middle was at rest."""
        return float(self.rest[TRUNK[:2], 2].mean())

    @property
    def bend_sign(self) -> float:
        """1 where hips bend in the bed's x-z plane as they do of a body on its back, -1 where the other way;
        NaN of a body on a side, whose hips bend in another plane.
        """
        return _BEND_SIGNS.get(self.posture, nan)

    @cached_property
    def knees(self) -> "Knees":
        """The knees at rest."""
        return knees(self.rest[KNEES])

    @cached_property
    def reference(self) -> Array:
        """(34,) what the measures of a frame refer to; see `measures.References`."""
        bend = self.bend_sign * sagittal(self.rest[None])[0]
        heights = self.rest[:, 2].copy()
        if self.posture == "supine":
            # A foot that was in the air then did not rest: it is lifted above the bed, not above that.
            heights[_HEELS] = np.minimum(heights[_HEELS], _FOOT_RESTS + 3 * self.height_noise)
        return np.concatenate([self.axes.ravel(), self.origin, heights, bend, [self.bend_sign]])


class Knees(NamedTuple):
    """The knees in bed axes: their middle from the hips' middle, the left one above the right one, and the
    hips' roll in degrees.
    """

    middle: Point
    above: float
    roll: float


def knees(bed: Array) -> Knees:
    """The knees of a body with the joints `KNEES` at `bed` (4, 3)."""
    left, right, left_hip, right_hip = _points(bed)
    across = minus(left_hip, right_hip)
    from_hips = minus(middle(left, right), middle(left_hip, right_hip))
    return Knees(from_hips, left[2] - right[2], degrees(atan2(across[2], across[1])))


class _Lying(NamedTuple):
    """How a trunk lies.

    x       from the hips to the shoulders;  across  to the person's left;  front  the way the chest faces
    """

    hips: Point
    shoulders: Point
    x: Point
    across: Point
    front: Point
    posture: Posture

    @property
    def up(self) -> Point:
        """Away from the mattress."""
        match self.posture:
            case "upright":
                return self.x
            case "supine":
                return self.front
            case "prone":
                return times(-1, self.front)
            case _:
                return times(-1 if self.posture == "left_side" else 1, self.across)


def _lying(trunk: Array, among: Sequence[Posture] = _POSTURES) -> _Lying:
    """Which way of some a body with the joints `TRUNK` (4, 3) lies."""
    left_shoulder, right_shoulder, left_hip, right_hip = _points(trunk)
    hips, shoulders = middle(left_hip, right_hip), middle(left_shoulder, right_shoulder)
    x = unit(minus(shoulders, hips))
    across, pelvis = minus(left_shoulder, right_shoulder), minus(left_hip, right_hip)
    if angle(across, _ORIGIN, pelvis) < _TWISTED:  # else the pelvis is turned, and the shoulders lie flat
        across = plus(across, pelvis)
    across = unit(minus(across, times(dot(across, x), x)))
    front = cross(across, x)
    facing_up, left_up = dot(front, _UP), dot(across, _UP)
    leans: dict[Posture, float] = {
        "supine": facing_up,
        "prone": -facing_up,
        "left_side": -left_up,
        "right_side": left_up,
        "upright": dot(x, _UP),
    }
    lies = _Lying(hips, shoulders, x, across, front, max(among, key=leans.__getitem__))
    return lies._replace(posture="supine") if "supine" in among and _seen_from_below(lies) else lies


def _seen_from_below(lies: _Lying) -> bool:
    """True for a chest that faces a camera which would have to be below the mattress.

    No camera is: it looks down steeply at a body on its back, of which the pose network misjudges the depth.
    On 14,990 rendered pictures that is so for 134 of 147 such bodies that seem to lie on a side.
    """
    return lies.posture != "upright" and lies.front[2] < 0 < lies.up[2]


def posture(trunk: Array) -> Posture:
    """How a body lies whose joints `TRUNK` are at `trunk` (4, 3), camera axes."""
    return _lying(trunk).posture


def take_baseline(points: Array, among: Sequence[Posture] = _POSTURES) -> Baseline:
    """The baseline of a body at rest, which lies in one way of some; `points` (19, 3) are its joints in
    camera axes.
    """
    at = _points(points)
    lies = _lying(points[TRUNK], among)
    x, up, y = _axes(lies, minus(lies.hips, middle(at[AT["left_knee"]], at[AT["right_knee"]])))
    axes, origin = np.array([x, y, up]), np.array(lies.hips)
    behind = (
        at[AT["left_shoulder"]][2]
        - at[AT["right_shoulder"]][2]
        + (at[AT["left_hip"]][2] - at[AT["right_hip"]][2])
    )
    return Baseline(
        axes=axes,
        origin=origin,
        rest=(points - origin) @ axes.T,
        posture=lies.posture,
        elevation=degrees(asin(min(1.0, max(-1.0, -up[2])))),
        azimuth=degrees(asin(min(1.0, abs(x[2])))),
        near_side="left" if behind < 0 else "right",
        trunk_depth=(lies.hips[2] + lies.shoulders[2]) / 2,
        height_noise=hypot(HEIGHT_NOISE, _DEPTH_NOISE * abs(up[2])),
    )


def _axes(lies: _Lying, thighs: Point) -> tuple[Point, Point, Point]:
    """The bed's x, z and y in camera axes; `thighs` is the way from the knees to the hips."""
    if lies.posture == "upright":
        return lies.front, lies.up, lies.across
    if lies.posture == "supine":
        return lies.x, lies.up, lies.across
    if lies.posture == "prone":
        # A baseline may have to be taken with the chest raised: the legs still lie along the mattress.
        return *_along_legs(lies.x, lies.up, thighs), lies.across
    return lies.x, lies.up, lies.front


def _along_legs(trunk: Point, up: Point, thighs: Point) -> tuple[Point, Point]:
    """The bed's x and z, turned in the plane of `trunk` and `up` so that x follows the thighs."""
    along, above = dot(thighs, trunk), dot(thighs, up)
    tilt = atan2(above, along)
    if along < 0.5 or degrees(tilt) > -_RAISED:  # the legs are not stretched out, or the trunk lies as flat
        return trunk, up
    c, s = cos(tilt), sin(tilt)
    return plus(times(c, trunk), times(s, up)), minus(times(c, up), times(s, trunk))


def _points(rows: Array) -> list[Point]:
    return [(x, y, z) for x, y, z in rows.tolist()]


def _point(row: Array) -> Point:
    x, y, z = row.tolist()
    return x, y, z
