"""What the tests of sessions share: the sample clips, judged once."""

import json
import time
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
def samples(
    posecoach_process: Run, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str
) -> ScoredSamples:
    """Scored by the first process that needs them: no test takes as long, and others wait for its results."""
    shared = tmp_path_factory.getbasetemp().parent / f"samples-{testrun_uid}"
    kept, scored = shared / "landmarks", shared / "scored.json"
    try:
        shared.mkdir()
    except FileExistsError:
        until_s = time.monotonic() + 300
        while not scored.exists() and time.monotonic() < until_s:
            time.sleep(0.2)
        output, errors = json.loads(scored.read_text("utf-8"))
    else:
        output, errors = _scored(posecoach_process, kept)
        part = scored.with_suffix(".part")
        part.write_text(json.dumps([output, errors]), "utf-8")
        part.rename(scored)
    return ScoredSamples([json.loads(line) for line in output.splitlines()], errors, kept)


def _scored(posecoach_process: Run, kept: Path) -> tuple[str, str]:
    """What is printed of the samples, whose landmarks are kept in a folder: results and tables."""
    status, _, errors = posecoach_process(
        *("score", SAMPLES, "--exercise", "auto", "--jobs", 2, "--landmarks", kept)
    )
    assert status == 0, errors
    status, output, errors = posecoach_process(
        *("score", "--labels", SAMPLES / "labels.csv", "--landmarks", kept, "--json", "-")
    )
    assert status == 0, errors
    return output, errors
