"""`posecoach bench`: how fast posecoach is on this machine."""

import json
import logging
from pathlib import Path

from rich.table import Table

from posecoach.cli.inputs import distinct
from posecoach.core import paths
from posecoach.evaluation import bench as measuring
from posecoach.evaluation.bench import Bench
from posecoach.evaluation.soak import Soak, soak
from posecoach.feedback import terminal
from posecoach.feedback.outputs import LinesTarget
from posecoach.vision import model_bundle as models

log = logging.getLogger(__name__)

_ROUTINE = "wake_up"


def bench(clip: Path | None, soak_minutes: float | None, json_target: str | None, model: Path | None) -> int:
    """Measure, and print a table."""
    target = LinesTarget(json_target)
    clip = clip or paths.sample_clip()
    distinct([target.file], [clip, model])
    weights = models.load(model, log.info)
    result = measuring.run(clip, weights, log.info)
    if soak_minutes:
        result.soak = soak(clip, weights, soak_minutes, _ROUTINE, log.info)
    terminal.console(to_stderr=target.to_terminal).print(_table(result))
    target.write([json.dumps(_rounded(result.to_json()))])
    return 0


def _table(result: Bench) -> Table:
    cores = f"{result.cores} cores, {result.memory_gb:.0f} GB"
    table = Table("", "measured", "beside bare", title=f"posecoach on {cores}", title_justify="left")
    rows = (
        ("bare: read and MediaPipe", result.bare_fps, 1.0),
        ("score", result.score_fps, result.score_vs_bare),
        (f"score with {result.cores} jobs", result.score_jobs_fps, result.score_jobs_vs_bare),
        ("score with overlay", result.overlay_fps, result.overlay_vs_bare),
    )
    for name, fps, ratio in rows:
        table.add_row(name, f"{fps:.1f} frames/s", f"{ratio:.2f}")
    for stage, ms in result.stages_ms.items():
        table.add_row(f"  {stage}", f"{ms:.2f} ms a frame", "")
    for name, one in result.lives.items():
        age = f"{one.shown} shown, {one.dropped} dropped"
        table.add_row(f"live {name}, 30 frames/s", age, "")
        table.add_row(
            "  age when shown", f"{one.age_p50_ms:.0f} ms, at most {one.age_p95_ms:.0f} in 95 %", ""
        )
        table.add_row("  all cores busy", f"{100 * one.cpu:.0f} %", "")
    table.add_row("start to first judged frame", f"{result.start_s:.1f} s", "")
    table.add_row("memory of a scoring process", f"{result.rss_mb:.0f} MB", "")
    if result.soak is not None:
        _add_soak(table, result.soak)
    return table


def _add_soak(table: Table, soak: Soak) -> None:
    shown = f"{soak.shown} shown, {soak.dropped} dropped"
    table.add_row(f"live for {soak.minutes:g} minutes, {soak.sessions} sessions", shown, "")
    table.add_row("  memory grows by", f"{soak.slope_mb_per_h:.1f} MB an hour", "")
    table.add_row("  handles, settled and at the end", f"{soak.handles[0]}, {soak.handles[1]}", "")
    table.add_row("  oldest frame when shown", f"{soak.oldest_ms:.0f} ms", "")


def _rounded(value: object) -> object:
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, tuple):
        return [_rounded(one) for one in value]
    if isinstance(value, dict):
        return {name: _rounded(one) for name, one in value.items()}
    return value
