"""The body model on tracked frames of bodies whose joints are known (`training/landmarks.npz`)."""

import tomllib
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest

from posecoach.core.pose import INDEX, Array
from posecoach.kinematics.body import Body
from posecoach.kinematics.body_model import MIRRORED, OUTPUTS, BodyModel, body_model, inputs
from posecoach.kinematics.landmarks import Landmarks
from tests.support.synthetic import CROOK, VIEWS, film
from training import truth
from training.table import fits, landmarks

ROOT = Path(__file__).parents[2]
LANDMARKS = ROOT / "training" / "landmarks.npz"


@cache
def frames() -> tuple[Landmarks, Array, Array]:
    """A few hundred frames of all kinds, the measures of their fits, and the true ones."""
    table = {name: column[::20] for name, column in np.load(LANDMARKS).items()}
    bodies = landmarks(table)
    exact = truth.measures(*(table[name].astype(float) for name in ("joints", "torso", "surface")))
    return bodies, fits(bodies), exact


@pytest.mark.parametrize("measure", OUTPUTS)
def test_a_measure_is_nearer_to_the_truth_than_the_fit_alone(measure: str) -> None:
    bodies, fit_alone, exact = frames()
    column = OUTPUTS.index(measure)
    corrected, _ = body_model().estimates(inputs(bodies, fit_alone), fit_alone)
    before, after = (np.abs(found - exact)[:, column].mean() for found in (fit_alone, corrected))
    assert after < 0.8 * before


@pytest.mark.parametrize("model", ["body_model", "bed_model", "turn_model"])
def test_the_manifest_names_the_weights_that_ship(model: str) -> None:
    named = tomllib.loads((ROOT / "models" / "manifest.toml").read_text("utf-8"))[model]
    weights = (ROOT / named["file"]).read_bytes()
    assert sha256(weights).hexdigest() == named["sha256"]
    assert len(weights) <= 2_000_000


def test_the_deviations_tell_the_errors() -> None:
    """They were stretched to agree with the errors on bodies held out; here there are others too."""
    bodies, fit_alone, exact = frames()
    values, deviations = body_model().estimates(inputs(bodies, fit_alone), fit_alone)
    assert (np.abs(values - exact) < 2 * deviations).mean(axis=0).min() > 0.9


@pytest.mark.parametrize(
    ("visible", "off_by", "known"), [(0.2, 20.0, True), (0.2, 30.0, False), (0.05, 20.0, False)]
)
def test_a_hidden_joint_counts_with_its_deviation_unless_it_may_be_anywhere(
    monkeypatch: pytest.MonkeyPatch, visible: float, off_by: float, known: bool
) -> None:
    said = np.full((1, len(OUTPUTS)), 80.0), np.full((1, len(OUTPUTS)), off_by, np.float32)
    monkeypatch.setattr(BodyModel, "corrected", lambda *_: said)
    pose = film(CROOK, [(0.1, CROOK)], camera=VIEWS["side"])[0].pose
    visibility = pose.visibility.copy()
    visibility[[INDEX["left_ankle"], INDEX["right_ankle"]]] = visible
    found = Body().measure(replace(pose, visibility=visibility))
    assert (found.values["knee_flexion_left"] is not None) == known
    assert found.deviations.get("knee_flexion_left") == (off_by if known else None)


def test_a_mirrored_body_measures_mirrored() -> None:
    bodies, fit_alone, _ = frames()
    values, deviations = body_model().estimates(inputs(bodies, fit_alone), fit_alone)
    mirrored, mirrored_deviations = body_model().estimates(
        inputs(bodies.mirrored(), fit_alone[:, MIRRORED]), fit_alone[:, MIRRORED]
    )
    assert mirrored[:, MIRRORED] == pytest.approx(values, abs=0.05)
    assert mirrored_deviations[:, MIRRORED] == pytest.approx(deviations, abs=0.05)


def test_the_size_of_the_picture_does_not_matter() -> None:
    bodies, fit_alone, _ = frames()
    large = Landmarks(bodies.image * 3, bodies.world, bodies.visibility, bodies.size * 3)
    values, _ = body_model().estimates(inputs(bodies, fit_alone), fit_alone)
    assert body_model().estimates(inputs(large, fit_alone), fit_alone)[0] == pytest.approx(values, abs=0.05)


@pytest.mark.parametrize("tilt", [-8, 8])
def test_a_tilted_camera_hardly_matters(tilt: float) -> None:
    bodies, fit_alone, _ = frames()
    across, along = np.cos(np.radians(tilt)), np.sin(np.radians(tilt))
    turn = np.array([[across, -along], [along, across]])
    centre, world = bodies.size[:, None] / 2, bodies.world.copy()
    world[..., :2] = world[..., :2] @ turn.T
    tilted = Landmarks((bodies.image - centre) @ turn.T + centre, world, bodies.visibility, bodies.size)
    straight, _ = body_model().estimates(inputs(bodies, fit_alone), fit_alone)
    moved = np.abs(body_model().estimates(inputs(tilted, fit_alone), fit_alone)[0] - straight).mean(axis=0)
    assert moved[: OUTPUTS.index("ankle_on_thigh_left")].max() < 4


def test_the_networks_see_a_mirrored_body_as_if_its_landmarks_were_mirrored() -> None:
    bodies, fit_alone, _ = frames()
    [_, mirrored] = inputs(bodies, fit_alone)
    [plain, _] = inputs(bodies.mirrored(), fit_alone[:, MIRRORED])
    assert mirrored == pytest.approx(plain, abs=1e-4)


def one(bodies: Landmarks, row: int) -> Landmarks:
    """One of some bodies."""
    at = slice(row, row + 1)
    return Landmarks(bodies.image[at], bodies.world[at], bodies.visibility[at], bodies.size[at])


def test_one_pose_measures_as_it_does_among_many() -> None:
    bodies, fit_alone, _ = frames()
    values, deviations = body_model().estimates(inputs(bodies, fit_alone), fit_alone)
    assert fits(one(bodies, 3)) == pytest.approx(fit_alone[3:4])
    alone, alone_deviations = body_model().estimates(inputs(one(bodies, 3), fit_alone[3:4]), fit_alone[3:4])
    assert alone == pytest.approx(values[3:4], abs=1e-3)
    assert alone_deviations == pytest.approx(deviations[3:4], abs=1e-3)


def test_where_a_leg_is_seen_to_move_in_the_picture_only_what_is_surely_wrong_is_corrected() -> None:
    """That is what exceeds ten degrees of the hip, and one and a half deviations."""
    bodies, fit_alone, _ = frames()
    column, leg = OUTPUTS.index("hip_flexion_left"), [23, 25, 27]
    values, deviations = body_model().estimates(inputs(bodies, fit_alone), fit_alone)
    in_plane = np.ones(len(fit_alone), bool)
    found = (body_model().corrected(bodies, inputs(bodies, fit_alone), fit_alone, in_plane)[0] - fit_alone)[
        :, column
    ]
    wanted, least = (values - fit_alone)[:, column], np.maximum(10, 1.5 * deviations[:, column])
    seen = bodies.visibility[:, leg].min(axis=1) >= 0.5
    assert found[seen] == pytest.approx((np.sign(wanted) * (np.abs(wanted) - least).clip(0))[seen], abs=0.05)
    assert np.abs(found[seen]).max() > 10


@pytest.mark.parametrize("in_plane", [True, False])
def test_a_leg_that_is_hardly_seen_is_corrected_in_full(in_plane: bool) -> None:
    bodies, fit_alone, _ = frames()
    hidden = bodies.visibility.copy()
    hidden[:, 27] = 0.3
    dim = Landmarks(bodies.image, bodies.world, hidden, bodies.size)
    values, _ = body_model().estimates(inputs(dim, fit_alone), fit_alone)
    found, _ = body_model().corrected(
        dim, inputs(dim, fit_alone), fit_alone, np.full(len(fit_alone), in_plane)
    )
    for name in ("hip_flexion_left", "knee_flexion_left"):
        column = OUTPUTS.index(name)
        assert found[:, column] == pytest.approx(values[:, column], abs=0.05)


def test_a_body_is_measured_with_deviations_and_without_the_model_with_none() -> None:
    pose = film(CROOK, [(0.1, CROOK)], camera=VIEWS["side"])[0].pose
    with_model, without = Body().measure(pose), Body(None).measure(pose)
    learned = (*OUTPUTS, "trunk_rotation")
    assert set(with_model.deviations) == {name for name in learned if with_model.values[name] is not None}
    assert not without.deviations
    assert with_model.values["hip_flexion_by_fit_left"] == without.values["hip_flexion_left"]
