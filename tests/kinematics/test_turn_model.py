"""The model of turns on tracked frames of bodies whose joints are known (`training/landmarks.npz`)."""

from functools import cache

import numpy as np
import pytest

from posecoach.core.pose import Array
from posecoach.kinematics.landmarks import Landmarks
from posecoach.kinematics.turn_model import OUTPUTS, SIGNS, by_fit, in_bed, turn_model
from tests.kinematics.test_body_model import LANDMARKS
from training import truth
from training.table import landmarks, told


@cache
def frames() -> tuple[Landmarks, Array, Array, Array]:
    """A few hundred frames of all kinds; where their knees are; as it is learned, with the deviations."""
    table = {name: column[::20] for name, column in np.load(LANDMARKS).items()}
    bodies = landmarks(table)
    exact = truth.knees(table["joints"].astype(float), table["torso"].astype(float))
    return bodies, exact, *turn_model().read(*told(bodies))


@pytest.mark.parametrize("output", OUTPUTS)
def test_where_knees_are_is_nearer_to_the_truth_than_the_fit_alone(output: str) -> None:
    bodies, exact, learned, _ = frames()
    _, points, up, along = told(bodies)
    column = OUTPUTS.index(output)
    before, after = (
        np.abs(of - exact)[:, column].mean() for of in (by_fit(in_bed(points, up, along)), learned)
    )
    assert after < 0.6 * before


def test_the_deviations_tell_the_errors() -> None:
    """They were stretched to agree with the errors on bodies held out; here there are others too."""
    _, exact, learned, deviations = frames()
    assert (np.abs(learned - exact) < 2 * deviations).mean(axis=0).min() > 0.9


def test_a_mirrored_body_leans_to_the_other_side() -> None:
    bodies, _, learned, deviations = frames()
    mirrored, of_mirrored = turn_model().read(*told(bodies.mirrored()))
    assert np.abs(mirrored * SIGNS - learned).mean() < 0.01
    assert np.abs(of_mirrored - deviations).mean() < 0.01
