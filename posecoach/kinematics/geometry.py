"""3D points as plain tuples: for a handful of joints per frame, far faster than arrays."""

from collections.abc import Mapping
from math import acos, degrees, sqrt

Point = tuple[float, float, float]
Joints = Mapping[str, Point]


def minus(a: Point, b: Point) -> Point:
    """The vector from `b` to `a`."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def dot(a: Point, b: Point) -> float:
    """The scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def length(a: Point) -> float:
    """The length of a vector."""
    return sqrt(dot(a, a))


def middle(a: Point, b: Point) -> Point:
    """The midpoint."""
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2


def angle(a: Point, b: Point, c: Point) -> float:
    """Degrees at `b` between the points `a` and `c`."""
    u, v = minus(a, b), minus(c, b)
    cosine = dot(u, v) / max(length(u) * length(v), 1e-9)
    return degrees(acos(min(1.0, max(-1.0, cosine))))


def to_segment(point: Point, start: Point, end: Point) -> float:
    """Distance of a point from the stretch between two others."""
    along = minus(end, start)
    share = min(1.0, max(0.0, dot(minus(point, start), along) / max(dot(along, along), 1e-9)))
    foot = start[0] + share * along[0], start[1] + share * along[1], start[2] + share * along[2]
    return length(minus(point, foot))
