"""A recording of several exercises, each watched in its own span of time."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf

from posecoach.assessment.results import DetectedSpan, Note, Result
from posecoach.assessment.spans import Span
from posecoach.coaching.view import View
from posecoach.coaching.watcher import Keeps, Unled, Watcher
from posecoach.core.observation import PictureState
from posecoach.core.pose import Pose
from posecoach.kinematics.measurement_requests import Asking


class Timeline(Unled):
    """Judges the exercises of a recording one after the other; it leads nobody."""

    def __init__(self, spans: Sequence[Span], watcher_of: Callable[[str], Watcher]) -> None:
        """`spans` are what was detected, at least one, in the order of their times; `watcher_of` makes the
        watcher of an exercise from its identifier.
        """
        self._spans = tuple(spans)
        self._watcher_of = watcher_of
        self._timed = True
        self._state: PictureState = "there"
        self._results: list[Result] = []
        self._watcher = self._next()

    @property
    def finished(self) -> bool:
        """True once `finish` was called: a clip is over when it is over."""
        return len(self._results) == len(self._spans)

    def mistrust_times(self) -> None:
        """As of a `Watcher`."""
        self._timed = False
        self._watcher.mistrust_times()

    def picture(self, state: PictureState, frozen_since_s: float = inf) -> None:
        """As of a `Watcher`."""
        self._state = state
        self._watcher.picture(state)

    def update(self, pose: Pose | None, t_s: float) -> View:
        """Take the next frame; `t_s` rises strictly; `pose` is None when nobody was found."""
        while t_s > self._span.end_s and len(self._results) < len(self._spans) - 1:
            self._close()
            self._watcher = self._next()
        return self._watcher.update(pose, t_s)

    def finish(self) -> list[Result]:
        """End the clip; a result for each exercise that was reached."""
        if not self.finished:
            self._close()
            self._spans = self._spans[: len(self._results)]
        return list(self._results)

    def watching(
        self, seen: Sequence[tuple[float, Pose | None]], keep: Keeps | None = None
    ) -> Asking[list[Result]]:
        """The results of a whole clip, frames with their times, asking for what is measured in each pose.

        `keep` hears of each frame.
        """
        times, begin = [t_s for t_s, _ in seen], 0
        for span in self._spans[:-1]:
            end = bisect_right(times, span.end_s, begin)
            yield from self._watcher.watching(seen[begin:end], keep)
            self._close()
            self._watcher, begin = self._next(), end
        yield from self._watcher.watching(seen[begin:], keep)
        return self.finish()

    @property
    def _span(self) -> Span:
        return self._spans[len(self._results)]

    def _next(self) -> Watcher:
        exercise = self._span.recognition.exercise
        assert exercise is not None  # a span is one of an exercise
        watcher = self._watcher_of(exercise)
        watcher.picture(self._state)
        if not self._timed:
            watcher.mistrust_times()
        return watcher

    def _close(self) -> None:
        span = self._span
        [result] = self._watcher.finish()
        recognition = span.recognition
        # What was measured in a position may come too late for the exercise to be told from its start on.
        own = [(one.start_s, one.end_s) for one in result.positions]
        own += [(one.start_s, one.end_s) for one in result.faults]
        start_s = min([span.start_s, *(from_s for from_s, _ in own)])
        end_s = max([span.end_s, *(until_s for _, until_s in own)])
        detection = DetectedSpan(start_s, end_s, recognition.certainty, recognition.runner_up)
        besides = (
            Note("something_else", {"from_s": f"{from_s:.0f}", "until_s": f"{until_s:.0f}"})
            for from_s, until_s in span.besides
            if not any(begin_s < until_s and from_s < done_s for begin_s, done_s in own)
        )
        self._results.append(replace(result, notes=(*result.notes, *besides), detection=detection))
