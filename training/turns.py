"""Train the model of turns: landmarks and the kinematic fit in, how far off it has the knees out.

    python -m training.turns --landmarks landmarks.npz --joints joints.npz --out turn_model.npz

First every body is held out once, in four parts: that gives the errors that are printed, and by how much the
deviations have to be stretched to agree with them. Then the ensemble that ships is trained on all bodies. The
model of the bed has to be there, as its reading says where the bed's axes are. The same data and seed give
the same weights on one machine.
"""

from itertools import pairwise

import numpy as np
import torch

from posecoach.core.pose import Array
from posecoach.kinematics.turn_model import MIRRORED, OUTPUTS, SIGNS, TurnModel, by_fit, in_bed, seen
from training import synthesis, truth
from training.table import Table, landmarks, shares, told
from training.train import (
    FOLDS,
    Examples,
    Frames,
    Weights,
    augmented,
    ensemble,
    options_of,
    parts,
    stretched,
    taken,
    write,
)

_HIDDEN = 256
_ROBUST = 10.0  # errors, in their own spread, up to which means are meant: one side of two is no outlier
_TRACKED, _SYNTHETIC, _EXACT = 40000, 64000, 20000  # examples that are drawn, before mirroring
_LEANS = 0.15  # torso lengths off the middle from which knees are on a side
_CAMERAS = 2  # views of each posed body
_AROUND = 0.3  # share of them that are anywhere around the bed


def tracked(table: Table) -> Frames:
    """The tracked frames; a clip counts by the square root of its distinct pictures."""
    joints, torso = table["joints"].astype(float), table["torso"].astype(float)
    share = shares(table)
    return Frames(landmarks(table), truth.knees(joints, torso), share / share.sum())


def synthetic(posed: Table, errors: synthesis.Errors | None, rng: np.random.Generator) -> Frames:
    """Frames of bodies that were only posed, with the `errors` of the tracked ones, or none: a network that
    errs less is understood as well.
    """
    joints = np.repeat(posed["joints"].astype(float), _CAMERAS, axis=0)
    bodies, _ = synthesis.tracked(joints, errors, rng, _AROUND)
    knees = truth.knees(joints, truth.torso_lengths(joints))
    return Frames(bodies, knees, np.full(len(knees), 1 / len(knees)))


def examples(frames: Frames, count: int, rng: np.random.Generator) -> Examples:
    """Random frames, each seen a little otherwise, as they are and mirrored."""
    rows = rng.choice(len(frames.share), count, p=frames.share)
    bodies, _ = augmented(taken(frames.bodies, rows), rng)
    of_body, points, up, along = told(bodies)
    bed = in_bed(points, up, along)
    errors = by_fit(bed) - frames.measures[rows]
    mirrored = errors[:, MIRRORED] * SIGNS
    return Examples(np.concatenate(seen(of_body, bed, up, along)), np.concatenate([errors, mirrored]))


def fitted(table: Table, posed: Table, seed: int, networks: int, epochs: int) -> Weights:
    """The weights of an ensemble, for `TurnModel`."""
    rng = np.random.default_rng(seed)
    drawn = (
        examples(tracked(table), _TRACKED, rng),
        examples(synthetic(posed, synthesis.measured_errors(table), rng), _SYNTHETIC, rng),
        examples(synthetic(posed, None, rng), _EXACT, rng),
    )
    return ensemble(drawn, _HIDDEN, seed, networks, epochs, _ROBUST)


def report(table: Table, before: Array, after: Array, deviations: Array) -> None:
    """Print mean absolute errors on held-out bodies, of the fit and as corrected, and the deviations."""
    for view in np.unique(table["view"]):
        rows = table["view"] == view
        z = np.abs(after[rows]) / deviations[rows]
        for index, name in enumerate(OUTPUTS):
            change = " to ".join(f"{np.abs(of[rows, index]).mean():.3f}" for of in (before, after))
            within = ", ".join(f"{np.mean(z[:, index] < many):.2f}" for many in (1, 2, 3))
            print(f"{view:8} {name:12} {rows.sum():5} frames: {change}; within 1, 2, 3: {within}")


def report_sides(table: Table, exact: Array, values: Array) -> None:
    """Print how often the likelier side is the one that the knees are on, by how likely it is said to be."""
    lean = (exact[:, 1] > _LEANS) & (values[:, 1] > _LEANS)
    likely = (1 + np.abs(values[:, 0]) / np.maximum(values[:, 1], _LEANS)) / 2
    right = values[:, 0] * exact[:, 0] > 0
    for view in np.unique(table["view"]):
        for low, high in pairwise((0.5, 0.6, 0.7, 0.8, 0.9, 0.95, np.inf)):
            rows = lean & (table["view"] == view) & (likely >= low) & (likely < high)
            if rows.any():
                print(f"{view:8} {low:.2f} sure: {right[rows].mean():.2f} of {rows.sum():5} right")


def main() -> None:
    """Train, report and write."""
    options = options_of(__doc__, networks=2, epochs=12).parse_args()
    torch.set_num_threads(1)
    table, posed = dict(np.load(options.landmarks)), dict(np.load(options.joints))
    exact, part = tracked(table).measures, parts(table, options.seed)
    before, values, deviations = (np.empty_like(exact) for _ in range(3))
    for k in range(FOLDS):
        rest = {name: column[part != k] for name, column in table.items()}
        model = TurnModel(fitted(rest, posed, options.seed, options.networks, options.epochs))
        of_body, points, up, along = told(
            landmarks({name: column[part == k] for name, column in table.items()})
        )
        before[part == k] = by_fit(in_bed(points, up, along))
        values[part == k], deviations[part == k] = model.read(of_body, points, up, along)
        print(f"part {k + 1} of {FOLDS} held out", flush=True)
    stretch = stretched(values - exact, deviations, MIRRORED)
    deviations = stretch["deviation_factor"] * deviations ** stretch["deviation_power"]
    report(table, before - exact, values - exact, deviations)
    report_sides(table, exact, values)
    write(options.out, fitted(table, posed, options.seed, options.networks, options.epochs) | stretch)


if __name__ == "__main__":
    main()
