"""A kinematic fit that turns poses into joints in three dimensions.

The picture gives the ray on which each joint lies precisely. The network's estimate of depth along that ray
is poor, and poorest for a lying body. But bones keep their length, and proportions vary little between
people once lengths are in torso lengths. The fit finds the depth of each joint that agrees best with the
bone lengths, with the network's depth (weakly), and with the depth at which the trunk lay before: a
nonlinear least-squares problem of twelve unknowns, solved by a few Gauss-Newton steps. Any number of poses
is fitted at once, each by itself.
"""

from dataclasses import dataclass

import numpy as np

from posecoach.core.pose import INDEX, Array
from posecoach.kinematics.landmarks import Landmarks

#: Joints that the fit solves for; the others are attached to the nearest of them.
JOINTS = (
    "left_shoulder",
    "right_shoulder",
    "left_elbow",
    "right_elbow",
    "left_wrist",
    "right_wrist",
    "left_hip",
    "right_hip",
    "left_knee",
    "right_knee",
    "left_ankle",
    "right_ankle",
)
_HANGING = {
    "nose": "shoulders",
    "left_ear": "shoulders",
    "right_ear": "shoulders",
    "left_heel": "left_ankle",
    "right_heel": "right_ankle",
    "left_foot_index": "left_ankle",
    "right_foot_index": "right_ankle",
}
NAMES = JOINTS + tuple(_HANGING)
AT = {name: index for index, name in enumerate(NAMES)}

# Length and relative spread of each bone, in torso lengths (shoulder midpoint to hip midpoint), between
# the points that pose networks call joints. The legs follow adult segment tables (Drillis & Contini 1966,
# in Winter, Biomechanics and Motor Control of Human Movement: thigh and shank 0.85 of the trunk between
# shoulder and hip) and the shoulders, hips and arms their joint centres rather than outer breadths; the
# spread covers sexes and builds.
_BONES = (
    ("left_shoulder", "right_shoulder", 0.74, 0.08),
    ("left_hip", "right_hip", 0.47, 0.10),
    ("left_shoulder", "left_hip", 1.01, 0.05),
    ("right_shoulder", "right_hip", 1.01, 0.05),
    ("left_hip", "left_knee", 0.88, 0.07),
    ("right_hip", "right_knee", 0.88, 0.07),
    ("left_knee", "left_ankle", 0.90, 0.07),
    ("right_knee", "right_ankle", 0.90, 0.07),
    ("left_shoulder", "left_elbow", 0.57, 0.10),
    ("right_shoulder", "right_elbow", 0.57, 0.10),
    ("left_elbow", "left_wrist", 0.52, 0.12),
    ("right_elbow", "right_wrist", 0.52, 0.12),
)
_FROM = np.array([JOINTS.index(a) for a, _, _, _ in _BONES])
_TO = np.array([JOINTS.index(b) for _, b, _, _ in _BONES])
_LENGTH = np.array([length for _, _, length, _ in _BONES])
_PER_SIGMA = 1 / (_LENGTH * np.array([spread for _, _, _, spread in _BONES]))
_EXPECTED = _LENGTH * _PER_SIGMA
_TRUNK = [JOINTS.index(f"{side}_{joint}") for joint in ("shoulder", "hip") for side in ("left", "right")]
_LANDMARK = np.array([INDEX[name] for name in NAMES])
# For each point that is attached the two whose middle it is attached to.
_PARENTS = np.array(
    [
        (AT["left_shoulder"], AT["right_shoulder"]) if parent == "shoulders" else (AT[parent], AT[parent])
        for parent in _HANGING.values()
    ]
).T

# The network underestimates depth differences, and their error grows with their size.
_DEPTH_SIGMA = 0.12
_DEPTH_SIGMA_PER_LENGTH = 0.35
# Torso lengths by which the trunk's distance from the camera varies within an exercise.
_TRUNK_SIGMA = 0.1
_TRUNK_WEIGHT = 1 / (4 * _TRUNK_SIGMA) ** 2
_STEPS = 2  # of Gauss-Newton
_MAX_STEP = 0.5  # torso lengths

# What each residual is of the depths of the twelve joints: of a bone's end, its start, their difference, and
# of the whole trunk.
_END, _START = np.eye(len(JOINTS))[_TO], np.eye(len(JOINTS))[_FROM]
_ON_TRUNK = np.isin(np.arange(len(JOINTS)), _TRUNK).astype(float)[None]
_LINEAR = np.concatenate([_END - _START, _ON_TRUNK])


def _products(one: Array, other: Array) -> Array:
    """(n, 144) the outer product of each pair of rows (n, 12)."""
    return (one[:, :, None] * other[:, None, :]).reshape(len(one), -1)


# How residuals add up to the gradient, and their products to the normal matrix.
_STRETCHES = np.concatenate([_END, -_START])
_STRETCH_PRODUCTS = np.concatenate(
    [_products(_END, _END), _products(_START, _START), -_products(_END, _START) - _products(_START, _END)]
)
_LINEAR_PRODUCTS = _products(_LINEAR, _LINEAR)
_DAMPING = 1e-3 * np.eye(len(JOINTS)).ravel()


@dataclass(frozen=True)
class Fits:
    """The joints of n bodies in three dimensions.

    points  (n, 19, 3) torso lengths in camera axes (x right, y down, z away from the camera), in the order of
            `NAMES`; the camera is the origin
    misfit  (n, 12) how far each bone is from its expected length, in standard deviations; bones in the order
            shoulders, hips, trunk left and right, thighs, shanks, upper arms, forearms
    """

    points: Array
    misfit: Array


def fit_all(bodies: Landmarks, before: Array | None, trunk_depth: Array) -> Fits:
    """Fit a skeleton to each of n bodies.

    Each fit starts twice, from the network's depths and from the previous frame, and the result of lower cost
    is kept: from one start alone a limb may end up on the wrong side of the image plane.

    before       (n, 12) depths of the frame before, NaN where there is none; None where no body has any
    trunk_depth  (n,) distance of the trunk from the camera, torso lengths; NaN where it is not known
    """
    # Webcams and phones see 50 to 70 degrees across; the fit needs the perspective only roughly.
    focal = bodies.size.max(axis=1)
    ray = np.ones((len(focal), len(NAMES), 3))
    ray[:, :, :2] = (bodies.image.take(_LANDMARK, axis=1) - bodies.size[:, None] / 2) / focal[:, None, None]
    world = bodies.world.take(_LANDMARK, axis=1)
    world /= _torso_m(world)[:, None, None]
    solved, joints = ray[:, : len(JOINTS)], world[:, : len(JOINTS)]
    starts = (_first_depth(solved, joints)[:, None] + joints[:, :, 2])[None]
    if before is not None:
        starts = np.concatenate([starts, np.where(np.isnan(before), starts, before)])
    depths, misfit = _Problems(solved, joints[:, :, 2], trunk_depth).solve(starts)
    points = np.empty_like(ray)
    points[:, : len(JOINTS)] = solved * depths[:, :, None]
    _hang(points, ray, world[:, :, 2])
    return Fits(points, misfit)


def _torso_m(world: Array) -> Array:
    trunk = world[:, AT["left_shoulder"]] + world[:, AT["right_shoulder"]]
    trunk = trunk - world[:, AT["left_hip"]] - world[:, AT["right_hip"]]
    lengths: Array = np.sqrt(np.vecdot(trunk, trunk)) / 2
    return np.maximum(lengths, 1e-3)


def _first_depth(ray: Array, joints: Array) -> Array:
    """The distances at which the network's bodies, flat on, would look as large as in the picture."""
    seen, body = (
        (points[:, :, :2] - points[:, :, :2].sum(axis=1, keepdims=True) / len(JOINTS)).reshape(len(ray), -1)
        for points in (ray, joints)
    )
    first: Array = np.sqrt(np.vecdot(body, body) / np.maximum(np.vecdot(seen, seen), 1e-9))
    return first


class _Problems:
    """The least-squares problem of each pose: the depths along the rays that make the most plausible body.

    ray          (n, 12, 3) where each joint is seen, at depth 1
    depth        (n, 12) what the network says of their depths, torso lengths
    trunk_depth  (n,) see `fit_all`
    """

    def __init__(self, ray: Array, depth: Array, trunk_depth: Array) -> None:
        end, start = ray.take(_TO, axis=1), ray.take(_FROM, axis=1)
        self._ends, self._across, self._starts = (
            np.vecdot(one, other) for one, other in ((end, end), (end, start), (start, start))
        )
        self._wanted = wanted = depth.take(_TO, axis=1) - depth.take(_FROM, axis=1)
        self._weight = 1 / (_DEPTH_SIGMA + _DEPTH_SIGMA_PER_LENGTH * np.abs(wanted))
        # What the differences of depth cost, and how far the trunk is from where it was, is linear in the
        # depths: that part of the normal matrix and of the gradient is the same at every step.
        known = np.isfinite(trunk_depth)
        squares = np.empty((len(ray), len(_LINEAR)))
        squares[:, :-1] = self._weight * self._weight
        squares[:, -1] = known * _TRUNK_WEIGHT
        targets = np.empty_like(squares)
        targets[:, :-1] = wanted
        targets[:, -1] = np.where(known, 4 * trunk_depth, 0)
        normal = squares @ _LINEAR_PRODUCTS
        self._normal = normal + _DAMPING
        self._linear = normal.reshape(-1, len(JOINTS), len(JOINTS))
        self._target = (squares * targets) @ _LINEAR

    def solve(self, depths: Array) -> tuple[Array, Array]:
        """The best depths (n, 12) from any of the starts `depths` (k, n, 12); the bones' misfit."""
        for _ in range(_STEPS):
            strain, by_end, by_start, _ = self._bones(depths)
            pulls = np.concatenate([by_end * strain, by_start * strain], axis=2)
            gradient = pulls @ _STRETCHES + np.matvec(self._linear, depths) - self._target
            products = np.concatenate([by_end * by_end, by_start * by_start, by_end * by_start], axis=2)
            normal = products @ _STRETCH_PRODUCTS + self._normal
            step = np.linalg.solve(normal.reshape(*depths.shape, -1), gradient[..., None])[..., 0]
            depths = depths - np.minimum(np.maximum(step, -_MAX_STEP), _MAX_STEP)
        strain, _, _, difference = self._bones(depths)
        drift = (difference - self._wanted) * self._weight
        costs = np.vecdot(strain, strain) + np.vecdot(drift, drift)
        best = (costs.argmin(axis=0), np.arange(costs.shape[1]))
        return depths[best], strain[best]

    def _bones(self, depths: Array) -> tuple[Array, Array, Array, Array]:
        """(k, n, 12) misses of the bone lengths in standard deviations, by how much they grow with the depth
        of the bone's end and shrink with that of its start, and the differences of these depths.
        """
        end, start = depths.take(_TO, axis=2), depths.take(_FROM, axis=2)
        # The bone's projections on the rays of its two ends.
        on_end = self._ends * end - self._across * start
        on_start = self._across * end - self._starts * start
        # Rounded, the square of a length near zero may be less than zero.
        length = np.sqrt(np.abs(end * on_end - start * on_start)) + 1e-9
        scale = _PER_SIGMA / length
        return length * _PER_SIGMA - _EXPECTED, on_end * scale, on_start * scale, end - start


def _hang(points: Array, ray: Array, depth: Array) -> None:
    """Place heads and feet: on their rays, as far from their parents as the network says (`depth`)."""
    away = points[:, : len(JOINTS), 2] - depth[:, : len(JOINTS)]
    first, second = _PARENTS
    above = (away.take(first, axis=1) + away.take(second, axis=1)) / 2
    own = slice(len(JOINTS), None)
    points[:, own] = ray[:, own] * (above + depth[:, own])[:, :, None]
