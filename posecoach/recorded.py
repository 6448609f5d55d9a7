"""A video gone through twice: tracked once, to find out what it shows, and then judged for that."""

from collections.abc import Callable, Iterable
from contextlib import closing

from posecoach.body import Body
from posecoach.frames import Frame, Image, Source, prefetched
from posecoach.live import Follows
from posecoach.pose import Pose
from posecoach.recognise import Recogniser
from posecoach.stopwatch import Stopwatch
from posecoach.tracker import Tracker, turned


class Recorded(Follows):
    """The bodies of a whole video: a tracker that remembers, for a second way through the same video."""

    def __init__(
        self, source: Source, tracker: Tracker, watch: Stopwatch, on_frame: Callable[[], None] = lambda: None
    ) -> None:
        """Track every frame of `source`; `watch` notes the cost."""
        self._seen: list[tuple[Pose | None, int]] = []
        self._turn = 0
        tracker.settle(source.preview())
        with closing(prefetched(watch.each("decode", source))) as frames:
            for frame in frames:
                with watch("track"):
                    self._seen.append((tracker.track(frame), tracker.rotation))
                on_frame()

    def settle(self, frames: Iterable[Frame]) -> None:
        """Nothing is to be found out any more."""

    def track(self, frame: Frame) -> Pose | None:
        """The body in the frame."""
        pose, self._turn = self._seen[frame.index]
        return pose

    def upright(self, image: Image) -> Image:
        """The picture of the frame that was asked for last, upright."""
        return turned(image, self._turn)

    def exercise(self) -> str | None:
        """The identifier of the exercise that the video shows; None where it cannot be told."""
        body, recogniser = Body(), Recogniser()
        for pose, _ in self._seen:
            if pose is not None:
                recogniser.update(body.measure(pose))
        return recogniser.exercise()
