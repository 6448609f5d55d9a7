"""The body at rest: how it lies, where the mattress is and which way is up.

Bed axes (right-handed, but mirrored for a prone body): x along the trunk toward the head, z up from the
mattress, y to the person's left when supine. Lengths are torso lengths (shoulder midpoint to hip midpoint),
angles degrees.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import asin, degrees, hypot, nan
from typing import NamedTuple

import numpy as np

from posecoach.core.choices import OneSide
from posecoach.core.pose import Array
from posecoach.core.types import POSTURES, Posture
from posecoach.kinematics.axial_rotation import hinted
from posecoach.kinematics.geometry import Point, cross, dot, middle, minus, times, unit
from posecoach.kinematics.skeleton_fit import AT
from posecoach.kinematics.spatial import both, nose_ahead

_CAMERA: Point = (0.0, 0.0, -1.0)  # toward the camera

# Noise of a height (torso lengths): the picture's own, and the fitted depth's, of which a camera that
# looks down sees more.
HEIGHT_NOISE = 0.03
_DEPTH_NOISE = 0.12

#: Degrees off the side view beyond which joint angles flicker by more than a bounce or a rushed move.
SIDE_ON = 25.0

#: Degrees of elevation from which the camera sees the body from above, where a height is a depth. Of a steep
#: camera it reads 3 to 6 degrees low.
FROM_ABOVE = 40.0

# A flat trunk and the thighs make less than this angle (5 degrees on the clips); more is a raised trunk.
_RAISED = 10.0

#: Left and right shoulder, left and right hip.
TRUNK = both("shoulder", "hip").ravel()
_HEELS = both("heel").ravel()
_FOOT_RESTS = 0.25  # torso lengths above the hips up to which a heel may rest on the bed, or on a pillow
#: Postures in which the hips lie flat on the bed.
FACING: tuple[Posture, ...] = ("supine", "prone")
#: The postures on a side, each with that of the mirrored body.
OTHER_SIDE: Mapping[Posture, Posture] = {"left_side": "right_side", "right_side": "left_side"}
#: Postures that are never mistaken for one another.
OPPOSITE: Mapping[Posture, Posture] = {"supine": "prone", "prone": "supine", **OTHER_SIDE}
# In these postures y points to the person's left, or ahead of who lies on the left side.
_FACE_UP: tuple[Posture, ...] = ("supine", "left_side")
_BEND_SIGNS: Mapping[Posture, float] = {"supine": 1.0, "prone": -1.0, "upright": -1.0}


@dataclass(frozen=True, eq=False)
class Baseline:
    """The body at rest, the reference for lifts and turns.

    axes         (3, 3) rows are the bed's x, y, z in camera axes
    origin       (3,) the hips' midpoint, camera axes
    rest         (19, 3) the joints at rest in bed axes, order of `skeleton_fit.NAMES`
    posture      how the body lies
    slope        degrees by which the mattress seems to rise toward the head
    elevation    degrees by which the camera looks down on the mattress
    azimuth      degrees between the picture's plane and the body's long axis (0: seen from the side)
    near_side    the person's side nearer to the camera
    trunk_depth  distance of the trunk from the camera
    height_noise expected error of a height in this view, torso lengths
    knees        (3,) where they lean at rest, see `turn_model.OUTPUTS`
    """

    axes: Array
    origin: Array
    rest: Array
    posture: Posture
    slope: float
    elevation: float
    azimuth: float
    near_side: OneSide
    trunk_depth: float
    height_noise: float
    knees: Array

    @cached_property
    def side_on(self) -> bool:
        """True where the camera sees the body from the side, the view in which angles are sure."""
        return self.azimuth < SIDE_ON and self.elevation < SIDE_ON

    @property
    def from_above(self) -> bool:
        """True where the camera looks down so steeply that a raised limb only points at it."""
        return self.elevation >= FROM_ABOVE

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

    @cached_property
    def hints(self) -> Array:
        """(2,) which knee lay higher, and how far the hips were rolled; see `axial_rotation.hinted`."""
        hints: Array = hinted(self.rest[None])[0]
        return hints

    @property
    def bend_sign(self) -> float:
        """1 where hips bend in the bed's x-z plane as they do of a body on its back, -1 where the other way;
        NaN of a body on a side, whose hips bend in another plane.
        """
        return _BEND_SIGNS.get(self.posture, nan)

    @cached_property
    def reference(self) -> Array:
        """(34,) what the measures of a frame refer to; see `measures.References`."""
        heights = self.rest[:, 2].copy()
        if self.posture == "supine":
            # A foot that was in the air then did not rest: it is lifted above the bed, not above that.
            heights[_HEELS] = np.minimum(heights[_HEELS], _FOOT_RESTS + 3 * self.height_noise)
        return np.concatenate(
            [self.axes.ravel(), self.origin, heights, [nose_ahead(self.rest), self.bend_sign, self.slope]]
        )


class BedReading(NamedTuple):
    """What the whole of a body tells of how it lies.

    up     (3,) away from the mattress, along  (3,) from the feet to the head of the bed; unit vectors in
           camera axes
    leans  (5,) the logarithms of the likelihoods of `POSTURES`
    posture  the likeliest of them
    knees  (3,) where they lean, see `turn_model.OUTPUTS`
    """

    up: Array
    along: Array
    leans: Array
    posture: Posture
    knees: Array


def mean_reading(readings: Sequence[BedReading]) -> BedReading:
    """What some frames tell together."""
    up, along = (
        np.array(unit(_point(np.sum([getattr(one, name) for one in readings], axis=0))))
        for name in ("up", "along")
    )
    leans, knees = (np.mean([getattr(one, name) for one in readings], axis=0) for name in ("leans", "knees"))
    return BedReading(up, along, leans, POSTURES[int(leans.argmax())], knees)


def take_baseline(points: Array, reading: BedReading) -> Baseline:
    """The baseline of a body at rest that lies as `reading` says; `points` (19, 3) are its joints in camera
    axes.
    """
    at = dict(zip(AT, _points(points), strict=True))
    shoulders, hips, legs = (
        middle(at[f"left_{name}"], at[f"right_{name}"]) for name in ("shoulder", "hip", "knee")
    )
    trunk, lies = minus(shoulders, hips), reading.posture
    up, along = _point(reading.up), _point(reading.along)
    # The trunk lies along the bed; who sits faces its foot end.
    long = times(-1, along) if lies == "upright" else trunk
    x = unit(minus(long, times(dot(long, up), up)))
    y = cross(x, up) if lies in _FACE_UP else cross(up, x)
    axes, origin = np.array([x, y, up]), np.array(hips)
    behind = at["left_shoulder"][2] - at["right_shoulder"][2] + (at["left_hip"][2] - at["right_hip"][2])
    return Baseline(
        axes=axes,
        origin=origin,
        rest=(points - origin) @ axes.T,
        posture=lies,
        slope=0.0 if lies == "upright" else _slope(trunk, minus(hips, legs), up, lies),
        elevation=_inclination(up, _CAMERA),
        azimuth=abs(_inclination(along, _CAMERA)),
        near_side="left" if behind < 0 else "right",
        trunk_depth=(hips[2] + shoulders[2]) / 2,
        height_noise=hypot(HEIGHT_NOISE, _DEPTH_NOISE * abs(up[2])),
        knees=reading.knees,
    )


def _slope(trunk: Point, thighs: Point, up: Point, lies: Posture) -> float:
    """Degrees by which what rests on the mattress seems to rise toward the head: the trunk, or, of a chest
    that is raised, the thighs, which point from the knees to the hips.
    """
    of_trunk, of_thighs = (_inclination(unit(one), up) for one in (trunk, thighs))
    return of_thighs if lies == "prone" and of_trunk - of_thighs > _RAISED else of_trunk


def _inclination(direction: Point, against: Point) -> float:
    """Degrees by which a unit vector is turned toward another, out of the plane across it."""
    return degrees(asin(min(1.0, max(-1.0, dot(direction, against)))))


def _points(rows: Array) -> list[Point]:
    return [(x, y, z) for x, y, z in rows.tolist()]


def _point(row: Array) -> Point:
    x, y, z = row.tolist()
    return x, y, z
