"""Tracked frames of bodies that were never rendered: their joints, seen by a random camera, with the errors
that the pose network makes on bodies which lie alike.

Rendering a picture takes seconds, posing a body a hundredth of that. What a picture would add, the errors of
the network, is taken from the tracked frame whose joints, seen from its camera, are nearest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import LANDMARKS_MIRRORED, Array
from posecoach.kinematics.landmarks import Landmarks
from training import truth

_NEAREST = 3  # one of so many nearest frames lends its errors
_COMPARED = np.array([0, *range(11, 17), *range(23, 29), 31, 32])
_WEIGHT = np.sqrt([0.4, 1, 1, 0.4, 0.4, 0.3, 0.3, 1, 1, 1.2, 1.2, 1, 1, 0.4, 0.4])
# The network's pelvis follows the shoulders: its hip line lags behind a pelvis that turns, by any share.
_LAGGING = 0.7  # share of frames
_FLATTENED = (0.5, 1.0)  # share of the depth that a network tells which errs in nothing else
_WIDTH, _HEIGHT = 640, 480


@dataclass(frozen=True)
class Errors:
    """The network's errors on n tracked frames, all in torso lengths of the body.

    joints      (n, 33, 3) the true joints from the hips' midpoint, camera axes: right, down, forward
    image       (n, 33, 2) error in the picture, at the distance of the hips
    world       (n, 33, 3) error of the world coordinates
    visibility  (n, 33) as tracked
    """

    joints: Array
    image: Array
    world: Array
    visibility: Array


def measured_errors(table: dict[str, NDArray[np.generic]]) -> Errors:
    """The errors of the rows that `training.extract` wrote."""
    rows = {name: np.asarray(value, float) for name, value in table.items() if value.dtype.kind in "fiu"}
    seen = np.einsum("nij,nkj->nki", rows["axes"], rows["joints"] - rows["place"][:, None])
    torso = rows["torso"][:, None, None]
    hips = (seen[:, 23:24] + seen[:, 24:25]) / 2
    distance = hips[:, 0, 2] / rows["torso"]
    pixels = seen[..., :2] / seen[..., 2:] * rows["focal"][:, None, None] + rows["size"][:, None] / 2
    scale = (rows["focal"] / distance)[:, None, None]
    world = rows["world"] / torso
    world = world - (world[:, 23:24] + world[:, 24:25]) / 2
    joints = (seen - hips) / torso
    return Errors(joints, (rows["image"] - pixels) / scale, world - joints, rows["visibility"])


def tracked(
    joints: Array, errors: Errors | None, rng: np.random.Generator, around: float = 0.0
) -> tuple[Landmarks, Array]:
    """Landmarks of bodies with `joints` (n, 33, 3), metres, each from a random camera; and the cameras' axes
    (n, 3, 3), rows right, down and forward. A share of the cameras is anywhere `around` the bed. Without
    `errors` the joints are seen as they are, but for a depth that seems less.
    """
    count = len(joints)
    torso = truth.torso_lengths(joints)
    axes, place = _cameras(joints, rng, around)
    seen = np.einsum("nij,nkj->nki", axes, joints - place[:, None])
    hips = (seen[:, 23:24] + seen[:, 24:25]) / 2
    relative = (seen - hips) / torso[:, None, None]
    if errors is None:
        relative[..., 2] *= rng.uniform(*_FLATTENED, (count, 1))
        return _pictured(seen, relative * torso[:, None, None], np.ones(seen.shape[:2]), rng), axes
    image_error, world_error, visibility = _lend(relative, errors, rng)
    half, shoulders = (relative[:, 23] - relative[:, 24]) / 2, relative[:, 11] - relative[:, 12]
    unturned = shoulders * (np.linalg.norm(half, axis=-1) / np.linalg.norm(shoulders, axis=-1))[:, None]
    share = rng.uniform(0, 1, count) * (rng.random(count) < _LAGGING)
    lag = share[:, None] * (unturned - half)
    for landmark, sign in ((23, 1), (24, -1)):
        world_error[:, landmark] += sign * lag
        image_error[:, landmark] += sign * lag[:, :2]
    distance = (hips[:, 0, 2] / torso)[:, None]
    seen[..., :2] += image_error * seen[..., 2:] / distance[..., None]
    return _pictured(seen, (relative + world_error) * torso[:, None, None], visibility, rng), axes


def _pictured(seen: Array, world: Array, visibility: Array, rng: np.random.Generator) -> Landmarks:
    """Landmarks of joints (n, 33, 3) in camera axes, in pictures that show all of each body."""
    count = len(seen)
    image = seen[..., :2] / seen[..., 2:]
    fits = np.maximum(
        np.abs(image[..., 0]).max(1) / (_WIDTH / 2), np.abs(image[..., 1]).max(1) / (_HEIGHT / 2)
    )
    scale = (1 / fits / rng.uniform(1.05, 1.45, count))[:, None, None]
    size = np.tile(np.array([_WIDTH, _HEIGHT], float), (count, 1))
    return Landmarks(image * scale + size[:, None] / 2, world, visibility, size)


def _lend(relative: Array, errors: Errors, rng: np.random.Generator) -> tuple[Array, Array, Array]:
    """Errors of one of the nearest frames, as they are or mirrored, for each body (n, 33, 3)."""
    flipped = errors.joints[:, LANDMARKS_MIRRORED] * np.array([-1, 1, 1])
    library = _signature(np.concatenate([errors.joints, flipped]))
    wanted = _signature(relative)
    squares = (library**2).sum(axis=1)
    picked = np.empty(len(wanted), int)
    for start in range(0, len(wanted), 2000):
        part = wanted[start : start + 2000]
        nearest = np.argpartition(squares - 2 * part @ library.T, _NEAREST, axis=1)[:, :_NEAREST]
        picked[start : start + 2000] = nearest[np.arange(len(part)), rng.integers(0, _NEAREST, len(part))]
    mirrored, row = picked >= len(errors.joints), picked % len(errors.joints)
    image, world, visibility = errors.image[row], errors.world[row], errors.visibility[row]
    image[mirrored] = image[mirrored][:, LANDMARKS_MIRRORED] * np.array([-1, 1])
    world[mirrored] = world[mirrored][:, LANDMARKS_MIRRORED] * np.array([-1, 1, 1])
    visibility[mirrored] = visibility[mirrored][:, LANDMARKS_MIRRORED]
    return image, world, visibility


def _signature(joints: Array) -> NDArray[np.float32]:
    """What has to be alike for the network to err alike: joints, and lines of hips, shoulders and knees."""
    places = (joints[:, _COMPARED] * _WEIGHT[:, None]).reshape(len(joints), -1)
    lines = [
        3 * (joints[:, 23] - joints[:, 24]),
        1.5 * (joints[:, 11] - joints[:, 12]),
        joints[:, 25] - joints[:, 26],
    ]
    return np.concatenate([places, *lines], axis=-1).astype(np.float32)


def _cameras(joints: Array, rng: np.random.Generator, around: float) -> tuple[Array, Array]:
    """Axes (n, 3, 3) and places (n, 3) of cameras beside, at the foot end of and above the bed, and, of a
    share, anywhere around it.
    """
    count, draw = len(joints), rng.uniform
    view, side = rng.choice(3, count, p=[0.45, 0.35, 0.2]), rng.choice([-1, 1], count)
    away, turn = draw(1.5, 3.3, count), np.radians(draw(-24, 24, count))
    beside = np.stack([away * np.sin(turn), side * away * np.cos(turn), draw(0.25, 1.15, count)], -1)
    away, turn = draw(1.9, 3.0, count), np.radians(draw(30, 64, count))
    foot_end = np.stack([-away * np.cos(turn), side * away * np.sin(turn), draw(0.75, 1.6, count)], -1)
    away, down = draw(2.1, 3.0, count), np.radians(draw(48, 74, count))
    above = np.stack([draw(-0.3, 0.3, count), side * away * np.cos(down), away * np.sin(down) + 0.1], -1)
    offset = np.choose(view[:, None], [beside, foot_end, above])
    if around:
        away, turn, down = draw(1.5, 3.3, count), draw(-np.pi, np.pi, count), np.radians(draw(2, 60, count))
        flat = away * np.cos(down)
        anywhere = np.stack([flat * np.cos(turn), flat * np.sin(turn), away * np.sin(down) + 0.1], -1)
        offset = np.where(draw(0, 1, (count, 1)) < around, anywhere, offset)
    middle = (joints.min(axis=1) + joints.max(axis=1))[:, :1] / 2 * np.array([1, 0, 0])
    place = middle + offset
    target = middle + np.stack([draw(-0.12, 0.12, count), draw(-0.1, 0.1, count), draw(0.08, 0.3, count)], -1)
    back = _unit(place - target)
    right = _unit(np.cross([0.0, 0.0, 1.0], back))
    return np.stack([right, np.cross(right, back), -back], axis=1), place


def _unit(vector: Array) -> Array:
    unit: Array = vector / np.linalg.norm(vector, axis=-1, keepdims=True)
    return unit
