"""The screens of a session in every state, to be looked at.

    python -m tests.support.screens FOLDER
    python -m tests.support.screens --docs docs/images

Each state is drawn on a picture of a sample clip at three sizes, and some of them as people see it who do not
tell some colours apart. With --docs only the pictures of docs/screens.md and the README are made.
"""

import sys
from dataclasses import dataclass, replace
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

SIZES = {"laptop": (1366, 768), "screen": (1920, 1080), "phone": (480, 854)}
_DOCS_SIZE = (960, 540)
_LEG = tuple(INDEX[f"left_{part}"] for part in ("hip", "knee", "ankle"))
_TRUNK = tuple(INDEX[f"{side}_{part}"] for side in ("left", "right") for part in ("shoulder", "hip"))
_KNEE, _PRESS = CATALOGUE["knee_to_chest"], CATALOGUE["press_up"]


@dataclass(frozen=True)
class _Moment:
    """A picture of a sample clip, and the body in it."""

    image: Image
    pose: Pose


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
    hold = replace(moving, phase="hold", hold_s=7.2, instruction=phrases.IN_POSITION)
    last_words = phrases.last_words(phrases.counted(8, 0, 0, 8), phrases.cue(_KNEE, "head_lifted", "left"))
    set_up = View(0, 0, 8, phrases.SET_UP, "both", "waiting", phrases.FEET_OUT, outline="supine")
    return {
        "setup": set_up,
        "teaching": replace(step, caption=phrases.HOW_TO_STOP),
        "waiting": replace(step, outline="supine", t_s=1.8),
        "rest": moving,
        "hold": replace(hold, breath=0.6),
        "cue": replace(hold, highlight_ok=False, cue=phrases.cue(_KNEE, "head_lifted", "left")),
        "unseen": replace(moving, not_seen=str(phrases.cannot_see(["left_knee", "left_ankle"]))),
        "lost": replace(moving, not_seen=str(phrases.no_picture())),
        "timed": replace(hold, not_seen=phrases.keeping_time(phrases.nobody())),
        "tilt": replace(
            hold,
            title=CATALOGUE["pelvic_tilt"].title,
            exercise="pelvic_tilt",
            side="both",
            instruction=phrases.move(CATALOGUE["pelvic_tilt"], "both"),
        ),
        "breathing": View(0, 1, 8, "Breathe", "both", "rest", "Breathe slowly", 12, 36, breath=0.8),
        "paused": replace(hold, phase="paused", instruction=phrases.BY_KEYS.paused),
        "done": replace(hold, phase="done", instruction=last_words, step=8, reps=2),
    }


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    moment = _seen("knee_to_chest/knee_to_chest-good-left-side-la.mp4", 8.0)
    for name, view in states().items():
        for place, size in SIZES.items():
            picture, body = _fitted(moment.image, moment.pose, size)
            cv2.imwrite(str(folder / f"{name}-{place}.png"), overlay.draw(picture, body, view, mirror=True))
    for name in ("hold", "cue", "unseen"):
        for kind in colour_vision.KINDS[1:]:
            drawn = cv2.imread(str(folder / f"{name}-laptop.png"))
            assert drawn is not None
            cv2.imwrite(
                str(folder / f"{name}-{kind}.png"), colour_vision.seen(np.asarray(drawn, np.uint8), kind)
            )


def for_docs(folder: Path) -> None:
    """The pictures of the docs, small enough for a page."""
    shown = states()
    knee = _seen("knee_to_chest/knee_to_chest-good-left-side-la.mp4", 8.0)
    resting = _seen("knee_to_chest/knee_to_chest-good-left-side-la.mp4", 0.5)
    raised = _seen("press_up/press_up-pelvis_lifted-both-side-lb.mp4", 4.0)
    pressing = replace(
        shown["cue"],
        title=_PRESS.title,
        side="both",
        exercise=_PRESS.id,
        cue=phrases.cue(_PRESS, "pelvis_lifted", None),
        hold_s=2.0,
        hold_target_s=4.0,
        highlight=_TRUNK,
    )
    # Nobody is seen in it, so the figure lies with its head at the left, as the body then does.
    dark = replace(resting, image=(resting.image[:, ::-1] * 0.12).astype(np.uint8))
    pictures = {
        "screen-setup": (dark, replace(shown["setup"], instruction=phrases.DARK)),
        "screen-move": (resting, replace(shown["rest"], t_s=2.0)),
        "screen-hold": (knee, shown["hold"]),
        "screen-cue": (raised, pressing),
        "screen-lost": (resting, shown["lost"]),
        "screen-done": (resting, shown["done"]),
    }
    for name, (moment, view) in pictures.items():
        picture, body = _fitted(moment.image, moment.pose, _DOCS_SIZE)
        seen = None if name in ("screen-setup", "screen-lost") else body
        cv2.imwrite(
            str(folder / f"{name}.jpg"),
            overlay.draw(picture, seen, view),
            [cv2.IMWRITE_JPEG_QUALITY, 85],
        )


def _seen(clip: str, at_s: float) -> _Moment:
    """The first moment from `at_s` on in which a body is seen."""
    with Tracker(model_bundle.load()) as tracker:
        for frame in VideoFile(paths.shipped("sample_videos") / clip):
            seen = tracker.track(frame)
            if frame.t_s >= at_s and seen.pose is not None:
                return _Moment(seen.image, seen.pose)
    raise AssertionError(f"nobody is seen in {clip}")


def _fitted(image: Image, pose: Pose, size: tuple[int, int]) -> tuple[Image, Pose]:
    """The middle of the picture, as large as `size`, and the body moved with it."""
    width, height = size
    scale = max(width / image.shape[1], height / image.shape[0])
    larger = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    left, top = ((larger.shape[1] - width) // 2, (larger.shape[0] - height) // 2)
    cut = np.ascontiguousarray(larger[top : top + height, left : left + width], np.uint8)
    return cut, replace(pose, image=pose.image * scale - (left, top), size=size)


if __name__ == "__main__":
    if sys.argv[1] == "--docs":
        for_docs(Path(sys.argv[2]))
    else:
        main(Path(sys.argv[1]))
