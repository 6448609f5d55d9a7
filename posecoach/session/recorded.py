"""A video gone through twice: tracked once, to find out what it shows, and then judged for that."""

from collections.abc import Callable, Iterable
from contextlib import closing

from posecoach.assessment.recognition import recognise
from posecoach.assessment.results import Note, Result
from posecoach.core.observation import Observation
from posecoach.core.pose import Pose
from posecoach.core.types import Rotation
from posecoach.session.pipeline import Follows
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.orientation import turned
from posecoach.vision.source import Frame, Source, prefetched
from posecoach.vision.tracker import Tracker


class Recorded(Follows):
    """The bodies of a whole video: a tracker that remembers, for a second way through the same video."""

    def __init__(
        self, source: Source, tracker: Tracker, watch: Stopwatch, on_frame: Callable[[], None] = lambda: None
    ) -> None:
        """Track every frame of `source`; `watch` notes the cost."""
        self._seen: list[tuple[Pose | None, Rotation]] = []  # without the pictures
        self._last_s = 0.0
        tracker.settle(source.preview())
        with closing(prefetched(watch.each("decode", source))) as frames:
            for frame in frames:
                with watch("track"):
                    seen = tracker.track(frame)
                self._seen.append((seen.pose, seen.rotation))
                self._last_s = frame.t_s
                on_frame()

    def settle(self, frames: Iterable[Frame]) -> None:
        """Nothing is to be found out any more."""

    def track(self, frame: Frame) -> Observation:
        """What was seen in the frame the first time."""
        pose, rotation = self._seen[frame.index]
        return Observation(frame.t_s, turned(frame.image, rotation), rotation, pose)

    def exercise(self) -> str | None:
        """The identifier of the exercise that the video shows; None where it cannot be told."""
        return recognise(pose for pose, _ in self._seen).exercise()

    def unrecognised(self) -> Result:
        """What is to be said of the video when its exercise cannot be told."""
        found = [pose for pose, _ in self._seen if pose is not None]
        seen = len(found) / len(self._seen) if self._seen else 0.0
        return Result(
            exercise=None,
            side="both",
            duration_s=self._last_s,
            frames=len(self._seen),
            seen=seen,
            verdict="not_performed" if seen >= 0.5 else "unseen",
            notes=(Note("not_recognised"),),
        )
