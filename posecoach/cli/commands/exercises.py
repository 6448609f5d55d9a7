"""`posecoach exercises`: the catalogue."""

import json
from typing import Any

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.cli.inputs import distinct, remembered
from posecoach.feedback import tables, terminal
from posecoach.feedback.outputs import LinesTarget


def listed(json_target: str | None) -> int:
    """Print the exercises, or write them for other programs."""
    target = LinesTarget(json_target)
    distinct([target.file], [])
    if target:
        target.write([json.dumps(_exported(exercise)) for exercise in CATALOGUE.values()])
        return 0
    remembered(tell=False)
    terminal.console().print(tables.exercises())
    return 0


def _exported(exercise: Exercise) -> dict[str, Any]:
    return {
        "exercise": exercise.id,
        "title": exercise.title,
        "summary": exercise.summary,
        "sided": exercise.sided,
        "hold_s": exercise.hold_s,
        "faults": list(exercise.faults),
        "limits": {
            name: {"default": limit.default, "between": list(limit.between), "help": limit.help}
            for name, limit in exercise.limits.items()
        },
    }
