"""What the tests of sessions share: the sample clips, judged once."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import SAMPLES, Run


@dataclass(frozen=True)
class ScoredSamples:
    """The sample clips, tracked once and judged against their labels: results, tables, and the folder of the
    landmarks that were kept.
    """

    results: list[dict[str, Any]]
    tables: str
    landmarks: Path


@pytest.fixture(scope="session")
def samples(posecoach_process: Run, tmp_path_factory: pytest.TempPathFactory) -> ScoredSamples:
    kept = tmp_path_factory.mktemp("landmarks")
    status, _, errors = posecoach_process(
        *("score", SAMPLES, "--exercise", "auto", "--jobs", 2, "--landmarks", kept)
    )
    assert status == 0, errors
    status, output, errors = posecoach_process(
        *("score", "--labels", SAMPLES / "labels.csv", "--landmarks", kept, "--json", "-")
    )
    assert status == 0, errors
    return ScoredSamples([json.loads(line) for line in output.splitlines()], errors, kept)
