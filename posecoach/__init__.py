"""A camera coach for gentle lower-back stretches done in bed.

A frame becomes a pose, a pose becomes measurements of a body on a bed, measurements become verdicts, and
verdicts and a clock become coaching. `docs/architecture.md` shows the rooms this takes.

    import posecoach

    print(posecoach.check("clip.mp4", "knee_to_chest").verdict)

The names below are loaded on first use, so that `import posecoach` takes no time.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from posecoach.assessment.exercises import CATALOGUE as EXERCISES
    from posecoach.assessment.results import Result
    from posecoach.coaching.coach import Coach
    from posecoach.core.errors import PosecoachError
    from posecoach.core.pose import Pose
    from posecoach.session.library import check
    from posecoach.vision.camera import open_source
    from posecoach.vision.tracker import Tracker

__version__ = "0.2.0"

__all__ = ["EXERCISES", "Coach", "Pose", "PosecoachError", "Result", "Tracker", "check", "open_source"]

_HOMES = {
    "EXERCISES": ("assessment.exercises", "CATALOGUE"),
    "Result": ("assessment.results", "Result"),
    "Coach": ("coaching.coach", "Coach"),
    "PosecoachError": ("core.errors", "PosecoachError"),
    "Pose": ("core.pose", "Pose"),
    "check": ("session.library", "check"),
    "open_source": ("vision.camera", "open_source"),
    "Tracker": ("vision.tracker", "Tracker"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'posecoach' has no attribute {name!r}")
    module, attribute = _HOMES[name]
    found = getattr(import_module(f"posecoach.{module}"), attribute)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
