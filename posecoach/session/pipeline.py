"""The loop: frames to tracker to coach, and on to whoever watches. Live sessions and files share it."""

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal, Protocol

from posecoach.assessment.results import Result
from posecoach.coaching.coach import Coaches
from posecoach.coaching.view import Event, View
from posecoach.core.errors import OutputError, SourceError
from posecoach.core.observation import Observation, PictureState
from posecoach.core.translation import tr
from posecoach.core.types import Image
from posecoach.feedback.keys import Action
from posecoach.session.doubts import Doubts
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.source import Frame, Source, prefetched

Ended = Literal["finished", "quit", "lost", "source ended"]

_BURST = 8  # frames of a file that are judged one right after the other,
_BURST_BYTES = 8_000_000  # and how much their pictures may take
_FAREWELL_S = 4.0  # a recording goes on after the last step, so that the last words can be read
_SUMMARY_S = 120.0  # a window stays until a key is pressed; after that long, nobody is there


class Follows(Protocol):
    """What the loop needs of a tracker."""

    def settle(self, frames: Iterable[Frame]) -> None: ...
    def track(self, frame: Frame) -> Observation: ...


class Shows(Protocol):
    """What the loop needs of a window."""

    def show(self, image: Image) -> Action | None: ...


class Records(Protocol):
    """What the loop needs of a recorder."""

    def write(self, image: Image, t_s: float) -> None: ...
    def close(self) -> None: ...


@dataclass(frozen=True, eq=False)
class Moment:
    """One frame and what became of it: what was seen in it, and the coach's view."""

    seen: Observation
    view: View


#: Makes the picture of a moment.
Draws = Callable[[Moment], Image]


def undrawn(moment: Moment) -> Image:
    """The picture as it is."""
    return moment.seen.image


@dataclass(frozen=True)
class LiveSummary:
    """How a live session went.

    results         one per step begun
    frames_shown    frames that went through the coach;  frames_dropped  those that came too late for it
    ended           why it ended
    problems        sentences about what went wrong: a camera that was lost, a recording that had to stop
    note            a sentence about the source that is no problem of the session: a video that ends early
    """

    results: list[Result]
    frames_shown: int
    frames_dropped: int
    ended: Ended
    problems: tuple[str, ...] = ()
    note: str | None = None


def moments(
    source: Source,
    tracker: Follows,
    coach: Coaches,
    watch: Stopwatch | None = None,
    linger_s: float = 0.0,
    ahead: bool = True,
    doubts: Doubts | None = None,
) -> Generator[Moment, None, None]:
    """Each frame of `source` with its body and view, until it is at its end or the coach has been at the end
    for `linger_s` seconds; timed by `watch`. What is doubtful about it is added to `doubts`.

    A file is decoded a few frames `ahead` by a thread and tracked ahead by another, which only costs time
    where each core has a clip of its own; a live source has a thread of its own.
    """
    watch, doubts = watch or Stopwatch(), doubts or Doubts()
    done_s: float | None = None
    state: PictureState = "there"
    tracker.settle(source.preview())
    with closing(_bursts(source, tracker, watch, ahead and not source.live)) as bursts:
        for burst in bursts:
            judged: list[tuple[Moment, bool]] = []
            for seen in burst:
                with watch("judge"):
                    if seen.state != state:
                        state = seen.state
                        coach.picture(state, seen.frozen_since_s)
                    view = coach.update(seen.pose, seen.t_s)
                    doubts.add(seen, view.step_under_way)
                judged.append((Moment(seen, view), coach.finished))
            for moment, finished in judged:
                watch.frames += 1
                yield moment
                if finished:
                    done_s = moment.seen.t_s if done_s is None else done_s
                    if moment.seen.t_s - done_s >= linger_s:
                        return


def _bursts(
    source: Source, tracker: Follows, watch: Stopwatch, ahead: bool
) -> Generator[list[Observation], None, None]:
    """What is seen in the frames, of a file several at a time: each run of the networks drives the judge's
    code and numbers out of the processor's cache, and fetching them again takes as long as judging.

    With `ahead`, threads decode and track the next frames while these are judged, drawn and written.
    """
    burst: list[Observation] = []
    many = _burst_size(source)
    tracked = observed(source, tracker, watch, ahead)
    waiting = prefetched(tracked, max(1, many // 2), "track") if ahead else tracked
    with closing(tracked), closing(waiting):
        try:
            for seen in waiting:
                burst.append(seen)
                if len(burst) >= many:
                    yield burst
                    burst = []
        except KeyboardInterrupt:
            yield burst  # what was tracked until then counts
            raise
    if burst:
        yield burst


def observed(
    source: Source, tracker: Follows, watch: Stopwatch, ahead: bool
) -> Generator[Observation, None, None]:
    """What is seen in each frame.

    Of a file, what is seen in a picture that stands still waits until it is known whether it is frozen: then
    nobody is believed to be seen from its beginning on. A live picture cannot wait.
    """
    with closing(_tracked(source, tracker, watch, ahead)) as tracked:
        yield from tracked if source.live else _settled(tracked)


def _settled(tracked: Iterable[Observation]) -> Iterator[Observation]:
    waiting: deque[Observation] = deque()
    try:
        for seen in tracked:
            while waiting and waiting[0].t_s <= seen.still_since_s:
                yield waiting.popleft()
            if "frozen" in seen.doubts:
                yield from (replace(one, pose=None, doubts=one.doubts | {"frozen"}) for one in waiting)
                waiting.clear()
            elif waiting and seen.alike_since_s <= waiting[-1].t_s:
                seen = replace(seen, image=waiting[-1].image)  # seconds of pictures would fill the memory
            waiting.append(seen)
    except KeyboardInterrupt:
        yield from waiting  # what was seen until then counts
        raise
    yield from waiting


def _tracked(
    source: Source, tracker: Follows, watch: Stopwatch, ahead: bool
) -> Generator[Observation, None, None]:
    """What is seen in each frame."""
    with closing(decoded(source, watch, ahead)) as frames:
        for frame in frames:
            with watch("track"):
                seen = tracker.track(frame)
            yield seen


def decoded(source: Source, watch: Stopwatch, ahead: bool) -> Generator[Frame, None, None]:
    """The frames of a source, timed by `watch` where they do not come by themselves.

    A thread decodes them `ahead`. Without it a burst of them is decoded at a time, for the same reason as it
    is judged at a time.
    """
    if source.live:
        return iter(source)
    frames = watch.each("decode", source)
    return prefetched(frames) if ahead else _in_batches(frames, _burst_size(source))


def _in_batches(frames: Iterator[Frame], many: int) -> Generator[Frame, None, None]:
    while batch := list(islice(frames, many)):
        yield from batch


def _burst_size(source: Source) -> int:
    width, height = source.size
    return 1 if source.live else max(1, min(_BURST, _BURST_BYTES // (3 * width * height)))


def check(
    source: Source,
    tracker: Follows,
    coach: Coaches,
    recorder: Records | None = None,
    on_moment: Callable[[Moment], None] = lambda _: None,
    watch: Stopwatch | None = None,
    draw: Draws = undrawn,
    ahead: bool = True,
    doubts: Doubts | None = None,
) -> list[Result]:
    """Judge a recorded video as fast as it decodes; what `draw` makes of each moment goes to `recorder`,
    and `watch` measures what each stage costs. `ahead` as in `moments`; `doubts` as in `run`.

    Afterwards `source.note` says whether the video ended early.
    """
    watch, doubts = watch or Stopwatch(), doubts or Doubts(source)
    with closing(moments(source, tracker, coach, watch, ahead=ahead, doubts=doubts)) as following:
        for moment in following:
            if recorder is not None:
                with watch("draw"):
                    picture = draw(moment)
                with watch("encode"):
                    recorder.write(picture, moment.seen.t_s)
            on_moment(moment)
    doubts.of_source(source)
    return doubts.noted(coach.finish())


def run(
    source: Source,
    tracker: Follows,
    coach: Coaches,
    window: Shows | None = None,
    recorder: Records | None = None,
    draw: Draws = undrawn,
    say: Callable[[Event], None] = lambda _: None,
    hear: Callable[[View], View] = lambda view: view,
    pressed: Callable[[], Action | None] = lambda: None,
    mirror: Draws | None = None,
    doubts: Doubts | None = None,
) -> LiveSummary:
    """A live session; call it on the main thread, where windows live. `draw` makes the picture that is
    recorded, and shown too unless `mirror` makes another for the window; without a window, `pressed` tells
    what keys asked for. `hear` gets every view and returns it with its caption; then `say` gets each of its
    events. These must return at once. `doubts` are those about the source, by which the coach's steps may be
    noted as they end; new ones where none are given.

    Ctrl-C ends it like the q key. A lost camera or a recording that fails ends in the summary's problems,
    never in an exception: what was done until then counts. Closes the recorder.
    """
    session = _Live(coach, window, recorder, draw, pressed, mirror)
    doubts = doubts or Doubts(source)
    ended: Ended = "source ended"
    linger_s = _SUMMARY_S if window is not None else _FAREWELL_S if recorder is not None else 0.0
    try:
        with closing(moments(source, tracker, coach, linger_s=linger_s, doubts=doubts)) as following:
            for moment in following:
                moment = replace(moment, view=hear(moment.view))
                for event in moment.view.events:
                    say(event)
                if not session.go_on(moment):
                    ended = "quit"
                    break
    except KeyboardInterrupt:
        ended = "quit"
    except SourceError as error:
        if not coach.finished:  # after the last step nobody misses it
            ended = "lost"
            session.problems.append(str(error))
    if coach.finished:
        ended = "finished"
    session.end_recording()
    problems = tuple(session.problems)
    results = doubts.noted(coach.finish())
    return LiveSummary(results, session.shown, source.dropped, ended, problems, source.note)


class _Live:
    """What is shown and recorded of a session, and what its keys do.

    shown     moments so far
    problems  sentences about what went wrong
    """

    def __init__(
        self,
        coach: Coaches,
        window: Shows | None,
        recorder: Records | None,
        draw: Draws,
        pressed: Callable[[], Action | None],
        mirror: Draws | None,
    ) -> None:
        self.shown = 0
        self.problems: list[str] = []
        self._coach = coach
        self._window = window
        self._recorder = recorder
        self._draw, self._mirror = draw, mirror
        self._pressed = pressed
        self._done_s: float | None = None

    def go_on(self, moment: Moment) -> bool:
        """Show and record a moment, and obey the key that was pressed.

        False when the person quits, or has pressed a key after the last step.
        """
        self.shown += 1
        picture = self._draw(moment) if self._recorder is not None else None
        if picture is not None:
            self._record(picture, moment)
        if self._window is None:
            action = self._pressed()
        elif picture is None or self._mirror is not None:
            action = self._window.show((self._mirror or self._draw)(moment))
        else:
            action = self._window.show(picture)
        if self._coach.finished:
            return action is None
        if action == "pause" or (action == "stop" and not self._coach.paused):
            self._coach.toggle_pause()
        elif action == "next":
            self._coach.next_step()
        return action != "quit"

    def _record(self, picture: Image, moment: Moment) -> None:
        if self._coach.finished and self._done_s is None:
            self._done_s = moment.seen.t_s
        if self._recorder is None or (
            self._done_s is not None and moment.seen.t_s - self._done_s > _FAREWELL_S
        ):
            return
        try:
            self._recorder.write(picture, moment.seen.t_s)
        except OutputError as error:
            told = tr("The session went on; what was recorded before is kept.")
            self.problems.append(f"{error} {told}")
            self._recorder = None

    def end_recording(self) -> None:
        """Finish the file now: a disk that fills up must not cost the results."""
        if self._recorder is None:
            return
        try:
            self._recorder.close()
        except OutputError as error:
            self.problems.append(str(error))
