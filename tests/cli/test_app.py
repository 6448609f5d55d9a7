"""The commands through their real entry point: what needs no camera, no model and no video."""

import subprocess
import sys
from pathlib import Path

from posecoach.assessment.exercises import CATALOGUE
from tests.conftest import Run

ROUTINE = 'title = "Mine"\n[[steps]]\nexercise = "knee_to_chest"\nside = "left"\nhold_s = 10\n'


def test_importing_the_commands_loads_no_native_library(environment: dict[str, str]) -> None:
    code = "import sys, posecoach.cli; sys.exit(bool({'cv2', 'mediapipe', 'av', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


def test_exercises_are_listed_with_their_faults_and_limits(posecoach: Run) -> None:
    status, output, errors = posecoach("exercises")
    assert (status, errors) == (0, "")
    for exercise in CATALOGUE.values():
        assert exercise.id in output
        for name in (*exercise.faults, *exercise.limits):
            assert name in output


def test_routines_are_listed_and_shown_with_their_doses(posecoach: Run, tmp_path: Path) -> None:
    assert "lower_back_basics" in posecoach("routines")[1]
    status, output, _ = posecoach("routines", "lower_back_basics")
    assert status == 0
    assert "hold 30 s" in output
    assert "about" in output
    own = tmp_path / "own.toml"
    own.write_text(ROUTINE.replace("Mine", "Slow [and] easy"), "utf-8")
    assert "Slow [and] easy" in posecoach("routines", own)[1]


def test_quiet_leaves_only_what_was_asked_for(posecoach: Run) -> None:
    assert posecoach("-q", "exercises") == (0, "", "")
    assert posecoach("-q", "model", "fetch") == (0, "", "")


def test_a_model_that_is_here_is_not_fetched_again(posecoach: Run, weights: bytes) -> None:
    status, _, errors = posecoach("model", "fetch")
    assert (status, "already here" in errors) == (0, True)
