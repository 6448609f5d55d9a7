"""The body at rest: how it lies, where the mattress is and which way is up.

Bed axes (right-handed, but mirrored for a prone body): x along the trunk toward the head, z up from the
mattress, y to the person's left when supine. Lengths are torso lengths (shoulder midpoint to hip midpoint),
angles degrees.
"""

from dataclasses import dataclass
from functools import cached_property
from math import asin, atan2, cos, degrees, hypot, radians, sin
from typing import Literal

import numpy as np

from posecoach.core.pose import Array
from posecoach.core.types import Posture
from posecoach.kinematics.geometry import Joints, angle
from posecoach.kinematics.skeleton_fit import AT, NAMES, Skeleton

# The camera looks down at the bed: "up" is expected between straight up in the picture (a level camera) and
# leaning toward the camera (a high one).
_UP = np.array([0.0, -cos(radians(30)), -sin(radians(30))])

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


@dataclass(frozen=True, eq=False)
class Baseline:
    """The body at rest, the reference for lifts and turns.

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
        return self.azimuth < SIDE_ON and self.elevation < SIDE_ON

    @property
    def from_above(self) -> bool:
        """True where the camera looks down so steeply that a raised limb only points at it."""
        return self.elevation >= FROM_ABOVE

    def in_bed(self, skeleton: Skeleton) -> Array:
        """(19, 3) the skeleton's joints in bed axes."""
        return (skeleton.points - self.origin) @ self.axes.T

    @cached_property
    def joints(self) -> Joints:
        """The joints at rest by name, in bed axes."""
        return joints(self.rest)


def take_baseline(points: Array) -> Baseline:
    """The baseline of a body at rest; `points` (19, 3) are its joints in camera axes."""

    def at(name: str) -> Array:
        point: Array = points[AT[name]]
        return point

    hips = (at("left_hip") + at("right_hip")) / 2
    shoulders = (at("left_shoulder") + at("right_shoulder")) / 2
    trunk = x = _unit(shoulders - hips)
    across, pelvis = at("left_shoulder") - at("right_shoulder"), at("left_hip") - at("right_hip")
    if _between(across, pelvis) < _TWISTED:  # else the pelvis is turned, and the shoulders lie flat
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
        height_noise=hypot(HEIGHT_NOISE, _DEPTH_NOISE * abs(float(up[2]))),
    )


def _along_legs(trunk: Array, up: Array, thighs: Array) -> tuple[Array, Array]:
    """The bed's x and z, turned in the plane of `trunk` and `up` so that x follows the thighs."""
    along, above = float(thighs @ trunk), float(thighs @ up)
    tilt = atan2(above, along)
    if along < 0.5 or degrees(tilt) > -_RAISED:  # the legs are not stretched out, or the trunk lies as flat
        return trunk, up
    return trunk * cos(tilt) + up * sin(tilt), up * cos(tilt) - trunk * sin(tilt)


def joints(points: Array) -> Joints:
    """Joints by name from (19, 3) points in the order of `skeleton.NAMES`."""
    return {name: (x, y, z) for name, (x, y, z) in zip(NAMES, points.tolist(), strict=True)}


def _between(first: Array, second: Array) -> float:
    """Degrees between two directions."""
    return angle(tuple(first.tolist()), (0.0, 0.0, 0.0), tuple(second.tolist()))


def _unit(vector: Array) -> Array:
    return vector / max(float(np.sqrt(vector @ vector)), 1e-9)
