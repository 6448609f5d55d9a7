"""Train the body model: landmarks and the kinematic fit in, the fit's errors with their deviations out.

    python -m training.train --landmarks landmarks.npz --joints joints.npz --out body_model.npz

First every body is held out once, in four parts: that gives the errors that are printed, and by how much the
deviations have to be stretched to agree with them. Then the ensemble that ships is trained on all bodies.
With `--folds FOLDER` the ensembles of the four parts are kept too, so that clips can be judged by one that
has not seen their body (`training.evaluate`). The same data and seed give the same weights on one machine.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from posecoach.core.pose import Array
from posecoach.kinematics.body_model import MIRRORED, OUTPUTS, BodyModel, inputs
from posecoach.kinematics.ensemble import Single
from posecoach.kinematics.landmarks import Landmarks
from training import synthesis, truth
from training.table import Table, fits, landmarks, shares

Weights = dict[str, NDArray[np.float32]]

FOLDS = 4
_HIDDEN = 256
_DROPOUT = 0.15
_BATCH = 256
_TRACKED, _SYNTHETIC = 28000, 24000  # examples that are drawn, before mirroring
_POSED = ("joints", "surface")
_CAMERAS = 2  # views of each posed body
_DEVIATION_SHARE = 0.3  # of the loss
_ROBUST = 0.3  # see `ensemble`
_POWERS = np.arange(0.8, 2.01, 0.02)  # of the deviations that are tried
_ROUNDS, _OUTLIER = 12, 9.0  # until the factor has settled; squared deviations that count at most
# What augmentation draws from: rotation in the picture (degrees), noise of image and world in shares of the
# body's spread and metres, shift in shares of the picture, scale, visibility.
_TILT, _IMAGE_NOISE, _WORLD_NOISE, _SHIFT, _ZOOM, _STRETCH, _DIMMED = (
    9.0,
    0.04,
    0.04,
    0.04,
    0.15,
    0.05,
    0.08,
)


class Network(nn.Module):
    """Two hidden layers; the fit's error and the logarithm of its deviation for each output."""

    def __init__(self, inputs: int, outputs: int, hidden: int) -> None:
        super().__init__()
        self.outputs = outputs
        self.layers = nn.Sequential(
            nn.Linear(inputs, hidden),
            nn.ReLU(),
            nn.Dropout(_DROPOUT),
            nn.Linear(hidden, hidden),
            nn.ReLU(),
            nn.Dropout(_DROPOUT),
            nn.Linear(hidden, 2 * outputs),
        )

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        y = self.layers(x)
        return y[:, : self.outputs], y[:, self.outputs :].clamp(-4, 2)


@dataclass(frozen=True)
class Frames:
    """Landmarks with what is true of them (n, m), and how often each is drawn (n,)."""

    bodies: Landmarks
    measures: Array
    share: Array


@dataclass(frozen=True)
class Examples:
    """What the networks see (n, k), and by how much the fit is off (n, m)."""

    seen: Single
    errors: Array


def examples(frames: Frames, count: int, rng: np.random.Generator) -> Examples:
    """Random frames, each seen a little otherwise, as they are and mirrored."""
    rows = rng.choice(len(frames.share), count, p=frames.share)
    bodies, _ = augmented(taken(frames.bodies, rows), rng)
    found = fits(bodies)
    errors = found - frames.measures[rows]
    return Examples(np.concatenate(inputs(bodies, found)), np.concatenate([errors, errors[:, MIRRORED]]))


def tracked(table: Table) -> Frames:
    """The tracked frames; a clip counts by the square root of its distinct pictures."""
    joints, torso, surface = (table[name].astype(float) for name in ("joints", "torso", "surface"))
    share = shares(table)
    return Frames(landmarks(table), truth.measures(joints, torso, surface), share / share.sum())


def synthetic(posed: Table, table: Table, rng: np.random.Generator) -> Frames:
    """Frames of bodies that were only posed, with the errors of the tracked ones."""
    joints, surface = (np.repeat(posed[name].astype(float), _CAMERAS, axis=0) for name in _POSED)
    bodies, _ = synthesis.tracked(joints, synthesis.measured_errors(table), rng)
    measures = truth.measures(joints, truth.torso_lengths(joints), surface)
    return Frames(bodies, measures, np.full(len(measures), 1 / len(measures)))


def fitted(table: Table, posed: Table, seed: int, networks: int, epochs: int) -> Weights:
    """The weights of an ensemble, for `BodyModel`."""
    rng = np.random.default_rng(seed)
    parts = (
        examples(tracked(table), _TRACKED, rng),
        examples(synthetic(posed, table, rng), _SYNTHETIC, rng),
    )
    return ensemble(parts, _HIDDEN, seed, networks, epochs)


def ensemble(
    parts: Sequence[Examples], hidden: int, seed: int, networks: int, epochs: int, robust: float = _ROBUST
) -> Weights:
    """The weights of networks with layers of `hidden` units, trained on some examples, for `Ensemble`; means
    are meant for errors up to `robust` times their spread, medians beyond.
    """
    x, y = (np.concatenate([getattr(part, name) for part in parts]) for name in ("seen", "errors"))
    outputs = y.shape[1]
    weights = {
        "input_mean": x.mean(axis=0),
        "input_scale": x.std(axis=0) + 1e-2,
        "output_scale": np.sqrt((y**2).mean(axis=0)),
        "deviation_factor": np.ones(outputs),
        "deviation_power": np.ones(outputs),
    }
    x = np.clip((x - weights["input_mean"]) / weights["input_scale"], -5, 5)
    drawn = Examples(x.astype(np.float32), y / weights["output_scale"])
    trained = [_network(drawn, hidden, seed * 100 + k, epochs, robust) for k in range(networks)]
    for layer, index in (("1", 0), ("2", 3), ("3", 6)):
        layers = [network.layers[index] for network in trained]
        weights[f"w{layer}"] = np.stack([part.weight.detach().numpy().T for part in layers])
        weights[f"b{layer}"] = np.stack([part.bias.detach().numpy() for part in layers])
    return {name: array.astype(np.float32) for name, array in weights.items()}


def _network(drawn: Examples, hidden: int, seed: int, epochs: int, robust: float) -> Network:
    torch.manual_seed(seed)
    network = Network(drawn.seen.shape[1], drawn.errors.shape[1], hidden)
    seen, errors = torch.from_numpy(drawn.seen), torch.from_numpy(drawn.errors.astype(np.float32))

    def loss(batch: torch.Tensor) -> torch.Tensor:
        mean, log_deviation = network(seen[batch])
        return _loss(mean, log_deviation, errors[batch], robust)

    optimise(network, loss, len(seen), epochs, decay=1e-3)
    return network


def optimise(
    network: nn.Module, loss_of: Callable[[torch.Tensor], torch.Tensor], count: int, epochs: int, decay: float
) -> None:
    """Train a network on `count` examples; `loss_of` is its loss on those with some numbers."""
    optimiser = torch.optim.AdamW(network.parameters(), weight_decay=decay)
    steps = epochs * -(-count // _BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=steps)
    for _ in range(epochs):
        for batch in torch.randperm(count).split(_BATCH):
            loss = loss_of(batch)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
    network.eval()


def _loss(
    mean: torch.Tensor, log_deviation: torch.Tensor, wanted: torch.Tensor, robust: float
) -> torch.Tensor:
    """A robust loss of the means, and the likelihood of the deviations given them."""
    error = nn.functional.smooth_l1_loss(mean, wanted, beta=robust)
    likelihood = (mean.detach() - wanted) ** 2 / 2 * torch.exp(-2 * log_deviation) + log_deviation
    return error + _DEVIATION_SHARE * likelihood.mean()


def stretched(errors: Array, deviations: Array, mirrored: NDArray[Any]) -> Weights:
    """The factor and the power (m,) by which deviations (n, m) become those of the errors (n, m): the same
    for left and right, which are `mirrored`, and such that the errors are as likely as possible.

    What a network has learned by heart it is too sure of, most of all where it is least sure.
    """
    factor, power = np.empty(len(mirrored)), np.empty(len(mirrored))
    for pair in {tuple(sorted({index, other})) for index, other in enumerate(mirrored.tolist())}:
        error, log_deviation = errors[:, pair].ravel(), np.log(deviations[:, pair].ravel())
        of_power = {}
        for tried in _POWERS:
            log_factor = 0.0
            for _ in range(_ROUNDS):
                squares = (error * np.exp(-tried * log_deviation - log_factor)) ** 2
                log_factor += np.log(squares.clip(max=_OUTLIER).mean()) / 2
            cost = (squares.clip(max=_OUTLIER) / 2).mean() + tried * log_deviation.mean() + log_factor
            of_power[float(tried)] = (cost, log_factor)
        best = min(of_power, key=lambda tried: of_power[tried])
        factor[[*pair]], power[[*pair]] = np.exp(of_power[best][1]), best
    return {"deviation_factor": factor.astype(np.float32), "deviation_power": power.astype(np.float32)}


def taken(bodies: Landmarks, rows: NDArray[Any]) -> Landmarks:
    """Some of the bodies."""
    return Landmarks(bodies.image[rows], bodies.world[rows], bodies.visibility[rows], bodies.size[rows])


def augmented(bodies: Landmarks, rng: np.random.Generator) -> tuple[Landmarks, Array]:
    """The same bodies from a camera that is tilted, nearer or further, with other noise; and the turns
    (n, 2, 2) of the pictures.
    """
    count = len(bodies.image)
    tilt = np.radians(rng.uniform(-_TILT, _TILT, count))
    turn = np.stack(
        [np.stack([np.cos(tilt), -np.sin(tilt)], -1), np.stack([np.sin(tilt), np.cos(tilt)], -1)], -2
    )
    middle = bodies.image.mean(axis=1, keepdims=True)
    image = np.einsum("nij,nkj->nki", turn, bodies.image - middle)
    extent = np.sqrt((image**2).sum(-1).mean(-1))[:, None, None]
    image = image + rng.normal(0, _IMAGE_NOISE, image.shape) * extent + middle
    image += rng.uniform(-_SHIFT, _SHIFT, (count, 1, 2)) * bodies.size[:, None]
    centre = bodies.size[:, None] / 2
    image = (image - centre) * rng.uniform(1 - _ZOOM, 1 + _ZOOM, (count, 1, 1)) + centre
    world = bodies.world.copy()
    world[..., :2] = np.einsum("nij,nkj->nki", turn, world[..., :2])
    world += rng.normal(0, _WORLD_NOISE, world.shape)
    world *= rng.uniform(1 - _STRETCH, 1 + _STRETCH, (count, 1, 1))
    visibility = np.clip(bodies.visibility + rng.normal(0, _DIMMED, bodies.visibility.shape), 0, 1)
    return Landmarks(image, world, visibility, bodies.size), turn


def parts(table: Table, seed: int) -> NDArray[np.int64]:
    """(n,) the part, 0 to `FOLDS` - 1, in which each row is held out: all rows of a body in the same, and
    bodies with many rows in different ones.
    """
    bodies, rows = np.unique(table["body"], return_counts=True)
    order = np.random.default_rng(seed).permutation(len(bodies))
    order = order[np.argsort(-rows[order], kind="stable")]
    part = {body: index % FOLDS for index, body in enumerate(bodies[order])}
    return np.array([part[body] for body in table["body"]])


def main() -> None:
    """Train, report and write."""
    parser = options_of(__doc__, networks=2, epochs=12)
    parser.add_argument("--folds", type=Path, help="folder for the ensembles that were held back a part each")
    options = parser.parse_args()
    torch.set_num_threads(1)
    table = dict(np.load(options.landmarks))
    posed = dict(np.load(options.joints))
    exact = tracked(table).measures
    part, values, deviations = parts(table, options.seed), np.empty_like(exact), np.empty_like(exact)
    uncorrected = fits(landmarks(table))
    held_back = []
    for k in range(FOLDS):
        rest = {name: column[part != k] for name, column in table.items()}
        held_back.append(fitted(rest, posed, options.seed, options.networks, options.epochs))
        out = landmarks({name: column[part == k] for name, column in table.items()})
        fit = uncorrected[part == k]
        values[part == k], deviations[part == k] = BodyModel(held_back[k]).estimates(inputs(out, fit), fit)
        print(f"part {k + 1} of {FOLDS} held out", flush=True)
    stretch = stretched(values - exact, deviations, MIRRORED)
    deviations = stretch["deviation_factor"] * deviations ** stretch["deviation_power"]
    report(table, uncorrected - exact, values - exact, deviations)
    if options.folds is not None:
        options.folds.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(options.folds / "held_out.npz", values=values, deviations=deviations)
        for k, weights in enumerate(held_back):
            names = np.unique(table["name"][part == k])
            write(options.folds / f"part{k}.npz", weights | stretch, held_out=names)
    weights = fitted(table, posed, options.seed, options.networks, options.epochs)
    write(options.out, weights | stretch)


def options_of(doc: str | None, networks: int, epochs: int) -> argparse.ArgumentParser:
    """The options of a command that trains, with the defaults of the weights that ship."""
    parser = argparse.ArgumentParser(description=(doc or "").splitlines()[0])
    parser.add_argument("--landmarks", type=Path, required=True, help="what training.extract wrote")
    parser.add_argument("--joints", type=Path, required=True, help="joints of posed bodies")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--networks", type=int, default=networks)
    parser.add_argument("--epochs", type=int, default=epochs)
    return parser


def write(path: Path, weights: Table, **more: NDArray[Any]) -> None:
    """Write weights, those of the layers with half the digits."""
    half = {
        name: array.astype(np.float16 if array.ndim > 1 else np.float32) for name, array in weights.items()
    }
    np.savez_compressed(path, **half, **more)  # type: ignore[arg-type]


def report(table: Table, before: Array, after: Array, deviations: Array) -> None:
    """Print mean absolute errors on held-out bodies, of the fit and as corrected, and the deviations."""
    for view in np.unique(table["view"]):
        of_view = table["view"] == view
        for exercise in ("all", *np.unique(table["exercise"][of_view])):
            rows = of_view if exercise == "all" else of_view & (table["exercise"] == exercise)
            line = f"{view:8} {exercise:22}"
            for name in ("hip_flexion", "knee_flexion"):
                columns = [OUTPUTS.index(f"{name}_{side}") for side in ("left", "right")]
                errors = (np.abs(of[rows][:, columns]).mean() for of in (before, after))
                line += f" {name} " + " to ".join(f"{error:5.1f}" for error in errors)
            print(line)
    for index, name in enumerate(OUTPUTS):
        z = np.abs(after[:, index]) / deviations[:, index]
        change = " to ".join(f"{np.abs(of[:, index]).mean():.3f}" for of in (before, after))
        within = ", ".join(f"{np.mean(z < many):.2f}" for many in (1, 2, 3))
        deviation = f"deviation {deviations[:, index].mean():.3f}"
        print(f"{name:26} {change}, {deviation}; within 1, 2, 3: {within}")


if __name__ == "__main__":
    main()
