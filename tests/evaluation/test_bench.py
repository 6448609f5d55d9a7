"""The benchmark: every figure that it promises, from a real run made short."""

import json
from pathlib import Path

import pytest

from posecoach.evaluation import bench
from posecoach.evaluation.soak import soak
from tests.conftest import Run


def test_the_benchmark_measures_all_that_it_promises(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "ROUNDS", 1)
    monkeypatch.setattr(bench, "LIVE_S", 1.0)
    out = tmp_path / "bench.json"
    status, output, _ = posecoach("bench", short_clip, "--soak", 0.1, "--json", out)
    assert status == 0
    figures = json.loads(out.read_text("utf-8"))
    for name in (
        "bare_fps",
        "score_fps",
        "score_jobs_fps",
        "overlay_fps",
        "score_vs_bare",
        "score_jobs_vs_bare",
        "overlay_vs_bare",
        "judge_ms",
        "rss_mb",
        "start_s",
    ):
        assert figures[name] > 0
    assert figures["soak"]["sessions"] == 1
    assert figures["soak"]["shown"] > 0
    assert set(figures["soak"]) >= {"slope_mb_per_h", "handles", "oldest_ms"}
    for size in ("640x480", "1280x720"):
        live = figures[f"live_{size}"]
        assert set(live) == {"shown", "dropped", "age_p50_ms", "age_p95_ms", "cpu"}
        assert live["shown"] > 0
        assert live["age_p95_ms"] >= live["age_p50_ms"] > 0
        assert size in output


def test_a_session_that_shows_no_picture_is_no_mistake(short_clip: Path, weights: bytes) -> None:
    found = soak(short_clip, weights, 0.0005, "demo", lambda _: None)
    assert found.sessions >= 1
    assert found.oldest_ms == 0
