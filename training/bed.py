"""Train the model of the bed: landmarks and the kinematic fit in, which way is up and how the body lies out.

    python -m training.bed --landmarks landmarks.npz --joints joints.npz --out bed_model.npz

First every body is held out once, in four parts: that gives the errors that are printed. Then the networks
that ship are trained on all bodies. The same data and seed give the same weights on one machine.
"""

from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from posecoach.core.pose import Array
from posecoach.core.types import POSTURES
from posecoach.kinematics.bed_model import MIRRORED_POSTURES, OUTPUTS, SIGNS, BedModel
from posecoach.kinematics.body_model import inputs
from posecoach.kinematics.ensemble import Single
from posecoach.kinematics.landmarks import Landmarks
from training import synthesis, truth
from training.table import Table, fits, landmarks, shares
from training.train import FOLDS, Weights, augmented, optimise, options_of, parts, taken, write

_HIDDEN = 128
_DROPOUT = 0.1
_TRACKED, _SYNTHETIC, _TURNED = 30000, 24000, 20000  # examples that are drawn, before mirroring
_CAMERAS = 2  # views of each posed body
_AROUND = 0.5  # share of them that are anywhere around the bed
# Shoulders, and what is on the arm.
_ARMS = ((11, [13, 15, 17, 19, 21]), (12, [14, 16, 18, 20, 22]))
_ARMS_ELSEWHERE = 0.3  # share of the posed bodies whose arms are put anywhere
_ZOOM = (0.35, 1.1)  # sizes of a body in the picture, beside those of the frames
_POSTURE_SHARE = 0.05  # of the loss
_SMOOTHING = 0.02


@dataclass(frozen=True)
class Frames:
    """Landmarks, which way is up and to the head of the bed in camera axes (n, 6), the number of the posture
    (n,), and how often each is drawn (n,).
    """

    bodies: Landmarks
    bed: Array
    posture: NDArray[np.int64]
    share: Array


def _drawn(bodies: Landmarks, axes: Array, joints: Array, share: Array) -> Frames:
    posture = truth.postures(joints)
    share = share / share.sum()
    of_posture = np.bincount(posture, share, len(POSTURES))
    share = share / np.sqrt(of_posture[posture])
    return Frames(
        bodies, np.concatenate([axes[:, :, 2], axes[:, :, 0]], axis=1), posture, share / share.sum()
    )


def tracked(table: Table) -> Frames:
    """The tracked frames; a clip counts by the square root of its distinct pictures, as does a posture."""
    axes, joints = (table[name].astype(float) for name in ("axes", "joints"))
    return _drawn(landmarks(table), axes, joints, shares(table))


def synthetic(posed: Table, table: Table, rng: np.random.Generator) -> Frames:
    """Frames of bodies that were only posed, with the errors of the tracked ones."""
    joints = np.repeat(posed["joints"].astype(float), _CAMERAS, axis=0)
    joints = _with_arms_elsewhere(joints, rng)
    bodies, axes = synthesis.tracked(joints, synthesis.measured_errors(table), rng, _AROUND)
    return _drawn(bodies, axes, joints, np.ones(len(joints)))


def turned(posed: Table, rng: np.random.Generator) -> Frames:
    """The same bodies in any posture, seen without errors: how somebody lies is not told by what the limbs
    do, and a network that errs less is understood as well.
    """
    joints = _with_arms_elsewhere(posed["joints"].astype(float), rng)
    quarters, sits = rng.integers(0, 4, len(joints)) * np.pi / 2, rng.random(len(joints)) < 1 / 5
    c, s, zero, one = np.cos(quarters), np.sin(quarters), np.zeros(len(joints)), np.ones(len(joints))
    rolls = np.stack([one, zero, zero, zero, c, -s, zero, s, c], axis=1).reshape(-1, 3, 3)
    rolls[sits] = [[0, 0, -1], [0, 1, 0], [1, 0, 0]]
    joints = np.einsum("nij,nkj->nki", rolls, joints)
    joints[..., 2] -= joints[..., 2].min(axis=1, keepdims=True)
    bodies, axes = synthesis.tracked(joints, None, rng, _AROUND)
    return _drawn(bodies, axes, joints, np.ones(len(joints)))


def _with_arms_elsewhere(joints: Array, rng: np.random.Generator) -> Array:
    """The same bodies, of some of them either arm turned about its shoulder in any direction."""
    moved, elsewhere = joints.copy(), rng.random(len(joints)) < _ARMS_ELSEWHERE
    for shoulder, arm in _ARMS:
        turns, _ = np.linalg.qr(rng.normal(size=(len(joints), 3, 3)))
        turns[~elsewhere] = np.eye(3)
        away = joints[:, arm] - joints[:, [shoulder]]
        moved[:, arm] = np.einsum("nij,nkj->nki", turns, away) + joints[:, [shoulder]]
    return moved


def examples(frames: Frames, count: int, rng: np.random.Generator) -> tuple[Single, Array, NDArray[np.int64]]:
    """Random frames, each seen a little otherwise, as they are and mirrored: what the networks see (n, k),
    the bed (n, 6) and the postures (n,).
    """
    rows = rng.choice(len(frames.share), count, p=frames.share)
    bodies, turn = augmented(_zoomed(taken(frames.bodies, rows), rng), rng)
    directions = frames.bed[rows].reshape(-1, 2, 3)
    directions[..., :2] = np.einsum("nij,nkj->nki", turn, directions[..., :2])
    bed = directions.reshape(-1, 6)
    posture = frames.posture[rows]
    seen = inputs(bodies, fits(bodies))
    return (
        np.concatenate(seen),
        np.concatenate([bed, bed * SIGNS[:6]]),
        np.concatenate([posture, MIRRORED_POSTURES[posture]]),
    )


def _zoomed(bodies: Landmarks, rng: np.random.Generator) -> Landmarks:
    """The same bodies in pictures that show more around them."""
    low, high = np.log(_ZOOM)
    zoom = np.exp(rng.uniform(low, high, (len(bodies.image), 1, 1)))
    middle = bodies.size[:, None] / 2
    return replace(bodies, image=(bodies.image - middle) * zoom + middle)


def fitted(table: Table, posed: Table, seed: int, networks: int, epochs: int) -> Weights:
    """The weights of some networks, for `BedModel`."""
    rng = np.random.default_rng(seed)
    drawn = (
        examples(tracked(table), _TRACKED, rng),
        examples(synthetic(posed, table, rng), _SYNTHETIC, rng),
        examples(turned(posed, rng), _TURNED, rng),
    )
    seen = np.concatenate([part[0] for part in drawn])
    bed = np.concatenate([part[1] for part in drawn])
    posture = np.concatenate([part[2] for part in drawn])
    weights = {"input_mean": seen.mean(axis=0), "input_scale": seen.std(axis=0) + 1e-2}
    seen = np.clip((seen - weights["input_mean"]) / weights["input_scale"], -5, 5).astype(np.float32)
    trained = [_network(seen, bed, posture, seed * 100 + k, epochs) for k in range(networks)]
    for layer, index in (("1", 0), ("2", 3)):
        weights[f"w{layer}"] = np.stack([one[index].weight.detach().numpy().T for one in trained])
        weights[f"b{layer}"] = np.stack([one[index].bias.detach().numpy() for one in trained])
    return {name: array.astype(np.float32) for name, array in weights.items()}


def _network(seen: Single, bed: Array, posture: NDArray[np.int64], seed: int, epochs: int) -> nn.Sequential:
    torch.manual_seed(seed)
    last = nn.Linear(_HIDDEN, OUTPUTS)
    network = nn.Sequential(nn.Linear(seen.shape[1], _HIDDEN), nn.ReLU(), nn.Dropout(_DROPOUT), last)
    x, y, c = torch.from_numpy(seen), torch.from_numpy(bed.astype(np.float32)), torch.from_numpy(posture)

    def loss(batch: torch.Tensor) -> torch.Tensor:
        found = network(x[batch])
        leans = nn.functional.cross_entropy(found[:, 6:], c[batch], label_smoothing=_SMOOTHING)
        return nn.functional.smooth_l1_loss(found[:, :6], y[batch], beta=0.1) + _POSTURE_SHARE * leans

    optimise(network, loss, len(x), epochs, decay=1e-2)
    return network


def report(table: Table, up: Array, along: Array, leans: Array) -> None:
    """Print how far off up and the long axis are, degrees, and how many postures are wrong."""
    frames = tracked(table)
    middle = np.zeros_like(up)
    off = [truth.angle(up, middle, frames.bed[:, :3]), truth.angle(along, middle, frames.bed[:, 3:])]
    wrong = leans.argmax(axis=1) != frames.posture
    for view in np.unique(table["view"]):
        for number, name in enumerate(POSTURES):
            rows = (table["view"] == view) & (frames.posture == number)
            if rows.any():
                means = " and ".join(f"{one[rows].mean():4.1f}" for one in off)
                print(f"{view:8} {name:11} {rows.sum():5} frames: off by {means}; {wrong[rows].sum()} wrong")


def main() -> None:
    """Train, report and write."""
    options = options_of(__doc__, networks=4, epochs=16).parse_args()
    torch.set_num_threads(1)
    table, posed = dict(np.load(options.landmarks)), dict(np.load(options.joints))
    part = parts(table, options.seed)
    up, along, leans = (np.empty((len(part), n)) for n in (3, 3, len(POSTURES)))
    for k in range(FOLDS):
        rest = {name: column[part != k] for name, column in table.items()}
        model = BedModel(fitted(rest, posed, options.seed, options.networks, options.epochs))
        out = landmarks({name: column[part == k] for name, column in table.items()})
        up[part == k], along[part == k], leans[part == k] = model.read(inputs(out, fits(out)))
        print(f"part {k + 1} of {FOLDS} held out", flush=True)
    report(table, up, along, leans)
    write(options.out, fitted(table, posed, options.seed, options.networks, options.epochs))


if __name__ == "__main__":
    main()
