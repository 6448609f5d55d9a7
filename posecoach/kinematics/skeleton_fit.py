"""A kinematic fit that turns one pose into joints in three dimensions.

The picture gives the ray on which each joint lies precisely. The network's estimate of depth along that ray
is poor, and poorest for a lying body. But bones keep their length, and proportions vary little between
people once lengths are in torso lengths. The fit finds the depth of each joint that agrees best with the
bone lengths, with the network's depth (weakly), and with the depth at which the trunk lay before: a
nonlinear least-squares problem of twelve unknowns, solved by a few Gauss-Newton steps.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from posecoach.core.pose import INDEX, Array, Pose

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
_SIGMA = _LENGTH * np.array([spread for _, _, _, spread in _BONES])
# Which joint each bone starts and ends at, as (12, 12) matrices of 0 and 1.
_STARTS, _ENDS = np.eye(len(JOINTS))[_FROM], np.eye(len(JOINTS))[_TO]
_DAMPING = 1e-3 * np.eye(len(JOINTS))
_TRUNK = np.array(
    [JOINTS.index(name) for name in ("left_shoulder", "right_shoulder", "left_hip", "right_hip")]
)
_LANDMARK = np.array([INDEX[name] for name in JOINTS])

# The network underestimates depth differences, and their error grows with their size.
_DEPTH_SIGMA = 0.12
_DEPTH_SIGMA_PER_LENGTH = 0.35
# Torso lengths by which the trunk's distance from the camera varies within an exercise.
_TRUNK_SIGMA = 0.1
_TRUNK_WEIGHT = 1 / (4 * _TRUNK_SIGMA) ** 2
_STEPS = 2  # of Gauss-Newton
_MAX_STEP = 0.5  # torso lengths


@dataclass(frozen=True, eq=False)
class Skeleton:
    """The joints of one body in three dimensions.

    t_s      seconds on the source's clock
    points   (19, 3) torso lengths in camera axes (x right, y down, z away from the camera), in the order
             of `NAMES`; the camera is the origin
    misfit   (12,) how far each bone is from its expected length, in standard deviations; bones in the
             order shoulders, hips, trunk left and right, thighs, shanks, upper arms, forearms
    cost     sum of squares that the fit came down to; of two fits to one pose the lower is the better
    """

    t_s: float
    points: Array
    misfit: Array
    cost: float

    def __getitem__(self, name: str) -> Array:
        """The (3,) point of a joint by name."""
        point: Array = self.points[AT[name]]
        return point

    @cached_property
    def shoulders(self) -> Array:
        """(3,) midpoint of the shoulders."""
        return self.middle("shoulder")

    @cached_property
    def hips(self) -> Array:
        """(3,) midpoint of the hips."""
        return self.middle("hip")

    def middle(self, joint: str) -> Array:
        """(3,) midpoint of a joint's left and right."""
        return (self[f"left_{joint}"] + self[f"right_{joint}"]) / 2


def focal_length(size: tuple[int, int]) -> float:
    """The assumed focal length in pixels of the (width, height) picture.

    Webcams and phones see 50 to 70 degrees across; the fit needs the perspective only roughly.
    """
    return float(max(size))


def fit(pose: Pose, before: Skeleton | None = None, trunk_depth: float | None = None) -> Skeleton:
    """Fit a skeleton to one pose.

    The fit starts twice, from the network's depths and from the previous frame, and the result of lower cost
    is kept: from one start alone a limb may end up on the wrong side of the image plane.

    before       the skeleton of the frame before; None where there is none
    trunk_depth  distance of the trunk from the camera, torso lengths, where it is known from rest
    """
    ray_all = np.empty((len(pose.image), 3))
    ray_all[:, :2] = (pose.image - np.asarray(pose.size) / 2) / focal_length(pose.size)
    ray_all[:, 2] = 1
    ray = ray_all[_LANDMARK]
    if pose.world is None:
        raise ValueError("a pose without world coordinates cannot be fitted")
    world = pose.world / _torso_m(pose.world)
    joint = world[_LANDMARK]
    problem = _Problem(ray, joint[_TO, 2] - joint[_FROM, 2], trunk_depth)
    starts = [_first_depth(ray, joint) + joint[:, 2]]
    if before is not None:
        starts.append(before.points[: len(JOINTS), 2])
    depth, misfit, cost = problem.solve(np.array(starts))
    points = np.empty((len(NAMES), 3))
    points[: len(JOINTS)] = ray * depth[:, None]
    _hang(points, ray_all, world)
    return Skeleton(pose.t_s, points, misfit, cost)


def _torso_m(world: Array) -> float:
    trunk = world[INDEX["left_shoulder"]] + world[INDEX["right_shoulder"]]
    trunk = trunk - world[INDEX["left_hip"]] - world[INDEX["right_hip"]]
    return max(float(np.sqrt(trunk @ trunk)) / 2, 1e-3)


def _first_depth(ray: Array, joint: Array) -> float:
    """The distance at which the network's body, flat on, would look as large as in the picture."""
    seen = ray[:, :2] - ray[:, :2].mean(axis=0)
    body = joint[:, :2] - joint[:, :2].mean(axis=0)
    return float(np.sqrt((body * body).sum() / max((seen * seen).sum(), 1e-9)))


class _Problem:
    """The least-squares problem of one pose: the depths along the rays that make the most plausible body.

    ray     (12, 3) where each joint is seen, at depth 1
    wanted  (12,) the network's difference in depth along each bone, torso lengths
    """

    def __init__(self, ray: Array, wanted: Array, trunk_depth: float | None) -> None:
        self._start, self._end = ray[_FROM], ray[_TO]
        self._wanted = wanted
        self._weight = 1 / (_DEPTH_SIGMA + _DEPTH_SIGMA_PER_LENGTH * np.abs(wanted))
        self._trunk_depth = trunk_depth
        # The part of the Jacobian that depth differences make is the same at every step.
        self._differences = differences = self._weight[:, None] * (_ENDS - _STARTS)
        self._normal = differences.T @ differences + _DAMPING
        if trunk_depth is not None:
            # The mean depth of the trunk's four joints stays where it was.
            self._normal[np.ix_(_TRUNK, _TRUNK)] += _TRUNK_WEIGHT

    def solve(self, depths: Array) -> tuple[Array, Array, float]:
        """The best depths (12,) from any of the starts `depths` (k, 12), the bones' misfit, and the cost."""
        for _ in range(_STEPS):
            length, along_start, along_end = self._bones(depths)
            scale = 1 / (length * _SIGMA)
            stretch = (along_end * scale)[:, :, None] * _ENDS - (along_start * scale)[:, :, None] * _STARTS
            strain, drift = self._residuals(depths, length)
            across = stretch.transpose(0, 2, 1)
            gradient = (across @ strain[:, :, None])[:, :, 0] + drift @ self._differences
            if self._trunk_depth is not None:
                off = depths[:, _TRUNK].sum(axis=1) - 4 * self._trunk_depth
                gradient[:, _TRUNK] += _TRUNK_WEIGHT * off[:, None]
            step = np.linalg.solve(across @ stretch + self._normal, -gradient[:, :, None])[:, :, 0]
            depths = depths + np.clip(step, -_MAX_STEP, _MAX_STEP)
        strain, drift = self._residuals(depths, self._bones(depths)[0])
        costs = (strain * strain).sum(axis=1) + (drift * drift).sum(axis=1)
        best = int(np.argmin(costs))
        return depths[best], strain[best], float(costs[best])

    def _bones(self, depths: Array) -> tuple[Array, Array, Array]:
        """(k, 12) lengths of the bones, and their projections on the rays of their two ends."""
        bone = self._end * depths[:, _TO, None] - self._start * depths[:, _FROM, None]
        length = np.sqrt(np.einsum("kbi,kbi->kb", bone, bone)) + 1e-9
        along_start = np.einsum("kbi,bi->kb", bone, self._start)
        return length, along_start, np.einsum("kbi,bi->kb", bone, self._end)

    def _residuals(self, depths: Array, length: Array) -> tuple[Array, Array]:
        """(k, 12) misses of the bone lengths and of the depth differences, in standard deviations."""
        drift = (depths[:, _TO] - depths[:, _FROM] - self._wanted) * self._weight
        return (length - _LENGTH) / _SIGMA, drift


def _hang(points: Array, ray: Array, world: Array) -> None:
    """Place the head and the feet: on their rays, as far from their parent as the network says."""
    for name, parent in _HANGING.items():
        landmark = INDEX[name]
        if parent == "shoulders":
            depth = (points[0, 2] + points[1, 2]) / 2
            reference = (world[INDEX["left_shoulder"], 2] + world[INDEX["right_shoulder"], 2]) / 2
        else:
            depth, reference = points[AT[parent], 2], world[INDEX[parent], 2]
        points[AT[name]] = ray[landmark] * (depth + world[landmark, 2] - reference)
