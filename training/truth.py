"""The measures of a body whose joints are known exactly, and the camera that saw it."""

import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import Array
from posecoach.core.types import POSTURES
from posecoach.kinematics.body_model import OUTPUTS
from posecoach.kinematics.spatial import SIDES

_LEANS_BACK = -0.2  # how far up a chest faces at the least of who sits, sine


def torso_lengths(joints: Array) -> Array:
    """(n,) metres from the shoulders' midpoint to that of the hips; joints (n, 33, 3)."""
    trunk = joints[:, 11] + joints[:, 12] - joints[:, 23] - joints[:, 24]
    return _length(trunk) / 2


def measures(joints: Array, torso: Array, surface: Array) -> Array:
    """(n, m) the model's `OUTPUTS` for joints (n, 33, 3) in metres; torso (n,) metres.

    Hip and knee flexion, `surface` (n, 4), hip left and right, knee left and right, are taken between points
    on the surface, which pose networks and people mark: 5 to 6 degrees less than between the joints' centres.
    """
    found = dict(zip(OUTPUTS, surface.T, strict=False))
    for index, side in enumerate(SIDES):
        shoulder, elbow, wrist, hip, ankle, toes = (joints[:, i + index] for i in (11, 13, 15, 23, 27, 31))
        reach = np.minimum(_length(wrist - ankle), _length(wrist - toes))
        crossed = _to_segment(ankle, joints[:, 24 - index], joints[:, 26 - index])
        found[f"shoulder_abduction_{side}"] = angle(elbow, shoulder, hip)
        found[f"ankle_on_thigh_{side}"] = crossed / torso
        found[f"hand_to_foot_{side}"] = reach / torso
    return np.stack([found[name] for name in OUTPUTS], axis=-1)


def knees(joints: Array, torso: Array) -> Array:
    """(n, 3) the `turn_model.OUTPUTS` for joints (n, 33, 3) in metres, x to the head of the bed, z up; torso
    (n,) metres.
    """
    away = (joints[:, 25:27].mean(axis=1) - joints[:, 23:25].mean(axis=1)) / torso[:, None]
    return np.stack([-away[:, 1], np.abs(away[:, 1]), away[:, 2]], axis=1)


def postures(joints: Array) -> NDArray[np.int64]:
    """(n,) the numbers in `POSTURES` of how bodies lie, from joints (n, 33, 3) with z up."""
    trunk = _unit(joints[:, 11] + joints[:, 12] - joints[:, 23] - joints[:, 24])
    across = joints[:, 11] - joints[:, 12]
    across = _unit(across - _dot(across, trunk)[:, None] * trunk)
    front = np.cross(across, trunk)
    leans = {"supine": front, "prone": -front, "left_side": -across, "right_side": across, "upright": trunk}
    found: NDArray[np.int64] = np.stack([leans[name][:, 2] for name in POSTURES], axis=1).argmax(axis=1)
    # Who presses the chest up over legs that lie on the bed still lies on the front.
    pressed = (found == POSTURES.index("upright")) & (front[:, 2] < _LEANS_BACK)
    return np.where(pressed, POSTURES.index("prone"), found)


def angle(a: Array, b: Array, c: Array) -> Array:
    """(n,) degrees at `b` between `a` and `c`, points (n, 3)."""
    u, v = _unit(a - b), _unit(c - b)
    degrees: Array = np.degrees(np.arccos(np.clip(_dot(u, v), -1, 1)))
    return degrees


def camera(points: Array, pixels: Array) -> tuple[Array, Array, float]:
    """The pinhole camera that shows `points` (n, 3) at `pixels` (n, 2).

    Returns the axes (3, 3), rows right, down and forward; the place (3,); the focal length in pixels. Raises
    ValueError where no camera fits them to a pixel.
    """
    projection = _projection(points, pixels)
    left = projection[:, :3]
    if np.linalg.det(left) < 0:
        projection, left = -projection, -left
    place = -np.linalg.solve(left, projection[:, 3])
    orthogonal, upper = np.linalg.qr(np.linalg.inv(left))
    inner = np.linalg.inv(upper)
    signs = np.diag(np.sign(np.diag(inner)))
    inner, axes = inner @ signs, signs @ orthogonal.T
    inner = inner / inner[2, 2]
    seen = ((points - place) @ axes.T) @ inner.T
    if np.abs(seen[:, :2] / seen[:, 2:] - pixels).max() > 1:
        raise ValueError("no pinhole camera shows these points at these pixels")
    return np.asarray(axes, np.float64), np.asarray(place, np.float64), float(inner[0, 0])


def _projection(points: Array, pixels: Array) -> Array:
    """(3, 4) the projection by direct linear transformation."""
    centre, spread, middle, extent = points.mean(0), points.std(), pixels.mean(0), pixels.std()
    x = np.c_[(points - centre) / spread, np.ones(len(points))]
    u = (pixels - middle) / extent
    rows = np.zeros((2 * len(points), 12))
    rows[::2, :4], rows[::2, 8:] = x, -u[:, :1] * x
    rows[1::2, 4:8], rows[1::2, 8:] = x, -u[:, 1:] * x
    inner = np.linalg.eigh(rows.T @ rows)[1][:, 0].reshape(3, 4)
    to_pixels = np.array([[extent, 0, middle[0]], [0, extent, middle[1]], [0, 0, 1]])
    to_unit = np.eye(4) / spread
    to_unit[:3, 3], to_unit[3, 3] = -centre / spread, 1
    projection: Array = to_pixels @ inner @ to_unit
    return projection


def _to_segment(point: Array, start: Array, end: Array) -> Array:
    along = end - start
    share = np.clip(_dot(point - start, along) / (along**2).sum(-1), 0, 1)
    return _length(point - start - share[:, None] * along)


def _unit(vector: Array) -> Array:
    return vector / np.maximum(_length(vector), 1e-9)[:, None]


def _dot(a: Array, b: Array) -> Array:
    product: Array = np.einsum("ni,ni->n", a, b)
    return product


def _length(vector: Array) -> Array:
    length: Array = np.linalg.norm(vector, axis=-1)
    return length
