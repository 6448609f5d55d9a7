"""3D points as plain tuples: for a handful of joints per frame, far faster than arrays."""

from math import sqrt

Point = tuple[float, float, float]


def minus(a: Point, b: Point) -> Point:
    """The vector from `b` to `a`."""
    return a[0] - b[0], a[1] - b[1], a[2] - b[2]


def times(factor: float, a: Point) -> Point:
    """A vector made longer."""
    return factor * a[0], factor * a[1], factor * a[2]


def dot(a: Point, b: Point) -> float:
    """The scalar product."""
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]


def length(a: Point) -> float:
    """The length of a vector."""
    return sqrt(dot(a, a))


def middle(a: Point, b: Point) -> Point:
    """The midpoint."""
    return (a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2


def cross(a: Point, b: Point) -> Point:
    """The vector product."""
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def unit(a: Point) -> Point:
    """The vector of length 1 in the same direction."""
    return times(1 / max(length(a), 1e-9), a)
