"""Sample clips joined into one video: somebody who does what the routine `demo` asks for.

    python -m tests.support.joined session.mp4

Afterwards `posecoach live demo --camera session.mp4 --voice-out session.wav` is a session without a person,
and so, without waiting, is `posecoach check session.mp4 --routine demo --voice-out session.wav`.
"""

import sys
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from posecoach.core.types import Image
from posecoach.feedback.video import VideoWriter
from posecoach.vision.video_file import VideoFile

SAMPLES = Path(__file__).parents[2] / "sample_videos"

#: The clips that go with the steps of `routines/demo.toml`.
DEMO = (
    SAMPLES / "knee_to_chest" / "knee_to_chest-good-left-side-la.mp4",
    SAMPLES / "bridge" / "bridge-good-both-side-la.mp4",
    SAMPLES / "spinal_twist" / "spinal_twist-shoulder_lifted-left-side-la.mp4",
)

#: How long each lies still at first, as somebody does who listens to what comes next.
LISTENS_S = 12.0


def join(clips: Iterable[Path], target: Path) -> None:
    """Write `clips`, all of one size, one after the other; in each somebody listens before moving."""
    begins_s = 0.0
    writer: VideoWriter | None = None
    for clip in clips:
        with VideoFile(clip) as source:
            writer = writer or VideoWriter(target, source.fps)
            last_s = 0.0
            for frame in source:
                if frame.index == 0:
                    for step in range(round(LISTENS_S * source.fps)):
                        writer.write(_stirred(frame.image, step), begins_s + step / source.fps)
                    begins_s += LISTENS_S
                writer.write(frame.image, begins_s + frame.t_s)
                last_s = frame.t_s
            begins_s += last_s + 1 / source.fps
    if writer is not None:
        writer.close()


def _stirred(image: Image, step: int) -> Image:
    """The picture with a little noise: one that stands still would be taken for a camera that hangs."""
    grain = np.random.default_rng(step).normal(0, 5, (image.shape[0] // 4 + 1, image.shape[1] // 4 + 1, 1))
    larger = grain.repeat(4, axis=0).repeat(4, axis=1)[: image.shape[0], : image.shape[1]]
    return np.clip(image + larger, 0, 255).astype(np.uint8)


if __name__ == "__main__":
    join(DEMO, Path(sys.argv[1]))
