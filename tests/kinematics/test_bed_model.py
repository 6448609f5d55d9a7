"""The model of the bed on tracked frames of bodies whose joints are known (`training/landmarks.npz`)."""

from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray

from posecoach.core.pose import Array
from posecoach.core.types import POSTURES
from posecoach.kinematics.bed_model import MIRRORED_POSTURES, SIGNS, bed_model
from posecoach.kinematics.body_model import inputs
from posecoach.kinematics.ensemble import Single
from posecoach.kinematics.landmarks import Landmarks
from tests.kinematics.test_body_model import LANDMARKS
from training import truth
from training.table import fits, landmarks


@cache
def frames() -> tuple[Landmarks, Single, Array, NDArray[np.int64]]:
    """A few hundred frames of all kinds, what the networks see of them, their cameras' axes and postures."""
    table = {name: column[::20] for name, column in np.load(LANDMARKS).items()}
    bodies = landmarks(table)
    return bodies, inputs(bodies, fits(bodies)), table["axes"], truth.postures(table["joints"].astype(float))


def apart(a: Array, b: Array) -> Array:
    """Degrees between unit vectors."""
    degrees: Array = np.degrees(np.arccos(np.clip(np.vecdot(a, b), -1, 1)))
    return degrees


def test_up_and_the_head_of_the_bed_are_where_they_are() -> None:
    _, seen, axes, _ = frames()
    up, along, _ = bed_model().read(seen)
    for found, exact in ((up, axes[:, :, 2]), (along, axes[:, :, 0])):
        assert apart(found, exact).mean() < 5
        assert np.percentile(apart(found, exact), 95) < 15


@pytest.mark.parametrize("posture", ["supine", "prone", "left_side", "right_side"])
def test_the_posture_is_told_from_the_whole_body(posture: str) -> None:
    _, seen, _, postures = frames()
    _, _, leans = bed_model().read(seen)
    lies = postures == POSTURES.index(posture)
    assert (leans.argmax(axis=1) == postures)[lies].mean() > 0.95


def test_a_mirrored_body_lies_mirrored() -> None:
    bodies, seen, _, _ = frames()
    up, along, leans = bed_model().read(seen)
    mirrored = bodies.mirrored()
    other_up, other_along, other_leans = bed_model().read(inputs(mirrored, fits(mirrored)))
    for found, other in ((up, other_up), (along, other_along)):
        assert apart(found, other * SIGNS[:3]).mean() < 1
    assert (leans.argmax(axis=1) == other_leans[:, MIRRORED_POSTURES].argmax(axis=1)).mean() > 0.99


@pytest.mark.parametrize("share", [0.4, 0.7])
def test_how_large_a_body_is_in_the_picture_hardly_matters(share: float) -> None:
    bodies, seen, _, _ = frames()
    centre = bodies.size[:, None] / 2
    small = Landmarks((bodies.image - centre) * share + centre, bodies.world, bodies.visibility, bodies.size)
    up, along, _ = bed_model().read(seen)
    small_up, small_along, _ = bed_model().read(inputs(small, fits(small)))
    assert max(apart(up, small_up).mean(), apart(along, small_along).mean()) < 4
