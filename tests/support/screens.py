"""The screens of a session in every state, to be looked at.

    python -m tests.support.screens FOLDER

Each state is drawn on a picture of a sample clip at three sizes, and one of them as people see it who do not
tell some colours apart.
"""

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np

from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching import phrases
from posecoach.coaching.view import View
from posecoach.core import paths
from posecoach.core.pose import INDEX, Pose
from posecoach.core.types import Image
from posecoach.feedback import overlay
from posecoach.vision import model_bundle
from posecoach.vision.native import cv2
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile
from tests.support import colour_vision

_CLIP = "knee_to_chest/knee_to_chest-good-left-side-la.mp4"
_AT_S = 8.0
SIZES = {"laptop": (1366, 768), "screen": (1920, 1080), "phone": (480, 854)}
_LEG = tuple(INDEX[f"left_{part}"] for part in ("hip", "knee", "ankle"))
_KNEE = CATALOGUE["knee_to_chest"]


def states() -> dict[str, View]:
    """A view of every state of a session."""
    step = View(
        t_s=0,
        step=2,
        steps=8,
        title=_KNEE.title,
        side="left",
        phase="waiting",
        instruction=phrases.start(_KNEE, "left"),
        hold_target_s=20,
        reps_target=2,
        highlight=_LEG,
        exercise=_KNEE.id,
    )
    moving = replace(step, phase="rest", instruction=phrases.move(_KNEE, "left"), t_s=2.4)
    hold = replace(moving, phase="hold", hold_s=7.2, instruction="Hold it there")
    return {
        "waiting": replace(step, outline="supine", t_s=1.8),
        "rest": moving,
        "hold": replace(hold, breath=0.6),
        "cue": replace(hold, highlight_ok=False, cue=phrases.cue(_KNEE, "head_lifted", "left")),
        "unseen": replace(moving, not_seen="I cannot see your left leg. Move the blanket aside."),
        "tilt": replace(
            hold,
            title=CATALOGUE["pelvic_tilt"].title,
            exercise="pelvic_tilt",
            side="both",
            instruction=phrases.move(CATALOGUE["pelvic_tilt"], "both"),
        ),
        "breathing": View(0, 1, 8, "Breathe", "both", "hold", "Breathe slowly", 12, 36, breath=0.8),
        "paused": replace(hold, phase="paused", instruction="Paused. Hold one arm up to go on."),
        "done": replace(hold, phase="done", instruction="Eight of eight done. Well done."),
    }


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    image, pose = _frame()
    for name, view in states().items():
        for place, size in SIZES.items():
            picture, body = _fitted(image, pose, size)
            cv2.imwrite(str(folder / f"{name}-{place}.png"), overlay.draw(picture, body, view, mirror=True))
    for name in ("hold", "cue", "unseen"):
        for kind in colour_vision.KINDS[1:]:
            drawn = cv2.imread(str(folder / f"{name}-laptop.png"))
            assert drawn is not None
            cv2.imwrite(
                str(folder / f"{name}-{kind}.png"), colour_vision.seen(np.asarray(drawn, np.uint8), kind)
            )


def _frame() -> tuple[Image, Pose]:
    """A picture of a sample clip, and the body in it."""
    with Tracker(model_bundle.load()) as tracker:
        for frame in VideoFile(paths.shipped("sample_videos") / _CLIP):
            seen = tracker.track(frame)
            if frame.t_s >= _AT_S and seen.pose is not None:
                return seen.image, seen.pose
    raise AssertionError(f"nobody is seen in {_CLIP}")


def _fitted(image: Image, pose: Pose, size: tuple[int, int]) -> tuple[Image, Pose]:
    """The middle of the picture, as large as `size`, and the body moved with it."""
    width, height = size
    scale = max(width / image.shape[1], height / image.shape[0])
    larger = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    left, top = ((larger.shape[1] - width) // 2, (larger.shape[0] - height) // 2)
    cut = np.ascontiguousarray(larger[top : top + height, left : left + width], np.uint8)
    return cut, replace(pose, image=pose.image * scale - (left, top), size=size)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
