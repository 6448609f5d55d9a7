"""A video gone through twice: tracked once, to find out what it shows, and then judged for that."""

from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import replace
from functools import cached_property
from math import inf

import numpy as np

from posecoach.assessment.framing import badly_framed
from posecoach.assessment.recognition import Recogniser, recognise
from posecoach.assessment.results import Note, Result
from posecoach.assessment.spans import Span
from posecoach.assessment.thresholds import SEEN_SHARE
from posecoach.core.observation import Observation
from posecoach.core.pose import Pose
from posecoach.core.pose_log import lasted_s
from posecoach.core.trunk import mostly_vertical
from posecoach.core.types import Image
from posecoach.session.doubts import Doubts, with_notes
from posecoach.session.pipeline import Follows, observed
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.orientation import turned
from posecoach.vision.source import Frame, Source

_NO_IMAGE: Image = np.empty((0, 0, 3), np.uint8)

PoseTrack = Sequence[tuple[float, Pose | None]]
"""The body in each frame, with the frame's time in seconds; None where nobody was found."""


class Recorded(Follows):
    """The bodies of a whole video: a tracker that remembers, for a second way through the same video.

    seen    what was seen in each frame, without its picture
    doubts  what was doubtful about the pictures
    source  what was tracked
    """

    def __init__(
        self,
        source: Source,
        tracker: Follows,
        watch: Stopwatch,
        on_frame: Callable[[], None] = lambda: None,
        ahead: bool = True,
    ) -> None:
        """Track every frame of `source`; `watch` measures the cost. `ahead` as in `pipeline.moments`."""
        self.source, self.doubts = source, Doubts(source)
        self.seen: list[Observation] = []
        tracker.settle(source.preview())
        with closing(observed(source, tracker, watch, ahead)) as observations:
            for seen in observations:
                self.doubts.add(seen)
                # Pictures would fill the memory, and none has to wait again until it is known to stand still.
                self.seen.append(replace(seen, image=_NO_IMAGE, still_since_s=inf, alike_since_s=inf))
                on_frame()
        self.doubts.of_source(source)

    @property
    def poses(self) -> PoseTrack:
        """What was seen, frame by frame."""
        return [(seen.t_s, seen.pose) for seen in self.seen]

    def without_pictures(self) -> Source:
        """The frames once more, where nobody asks for their pictures: nothing is decoded again."""
        return _Unpictured(self)

    def settle(self, frames: Iterable[Frame]) -> None:
        """The rotation is known already."""

    def track(self, frame: Frame) -> Observation:
        """What was seen in the frame the first time."""
        seen = self.seen[frame.index]
        return replace(seen, image=turned(frame.image, seen.rotation)) if frame.image.size else seen

    def exercise(self) -> str | None:
        """The identifier of the exercise that the video shows; None where none is recognised."""
        return self._recognised.exercise()

    def timeline(self) -> tuple[Span, ...]:
        """The exercises that the video shows, one after the other."""
        return self._recognised.timeline()

    @cached_property
    def _recognised(self) -> Recogniser:
        return recognise(seen.pose for seen in self.seen)

    def unrecognised(self) -> Result:
        """The result of a video whose exercise is not recognised."""
        return with_notes(unrecognised(self.poses, self._recognised), self.doubts.notes)


class _Unpictured(Source):
    """The frames of a recording without their pictures."""

    def __init__(self, recorded: Recorded) -> None:
        source = recorded.source
        self.size, self.fps, self.frame_count = source.size, source.fps, len(recorded.seen)
        self.note, self.doubts, self.capture_fps = source.note, source.doubts, source.capture_fps
        self._seen = recorded.seen

    def __iter__(self) -> Generator[Frame, None, None]:
        for index, seen in enumerate(self._seen):
            yield Frame(seen.image, seen.t_s, index)

    def close(self) -> None: ...


def unrecognised(seen: PoseTrack, shown: Recogniser) -> Result:
    """The result of a clip in which `shown`, its recogniser, recognises no exercise; of one in which hardly a
    body was seen, or one that did not lie, no name would help.
    """
    result = Result(
        exercise=None,
        side="both",
        duration_s=lasted_s([t_s for t_s, _ in seen]),
        frames=len(seen),
        seen=sum(pose is not None for _, pose in seen) / len(seen) if seen else 0.0,
        verdict="unseen",
    )
    return replace(result, notes=_why(result, shown, [pose for _, pose in seen]))


def _why(result: Result, shown: Recogniser, poses: Sequence[Pose | None]) -> tuple[Note, ...]:
    """Why nothing was recognised: a name is asked for only where nothing else is known."""
    framed = badly_framed(poses)
    if result.seen < SEEN_SHARE:
        return (Note("body_unseen"), *framed)
    if shown.upright > SEEN_SHARE:
        return (Note("not_lying"),)
    if result.sparse:
        framed = (Note("too_few_frames"), *framed)
    vertical = (Note("runs_vertically"),) if mostly_vertical(poses) else ()
    return (*(framed or (Note("not_recognised"),)), *vertical)
