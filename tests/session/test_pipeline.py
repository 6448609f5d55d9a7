from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from posecoach.assessment.results import Note, Result
from posecoach.coaching.view import Event, Phase, View
from posecoach.core.errors import OutputError, SourceError
from posecoach.core.observation import Doubt, Observation, PictureState
from posecoach.core.pose import Pose
from posecoach.core.types import Image
from posecoach.feedback.keys import Action
from posecoach.feedback.video import VideoWriter
from posecoach.session.pipeline import Moment, check, run
from posecoach.vision.camera import open_camera
from posecoach.vision.source import Frame, Source
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile

SAMPLE = Path(__file__).parents[2] / "sample_videos" / "knee_to_chest" / "knee_to_chest-good-left-side-la.mp4"


class Feed(Source):
    """Ten frames a second; `after` is called when they are over."""

    def __init__(self, count: int, after: Callable[[], None] = lambda: None, live: bool = True) -> None:
        self.size, self.fps, self.live, self._count, self._after = (64, 48), 10.0, live, count, after

    def __iter__(self) -> Iterator[Frame]:  # type: ignore[override]
        for index in range(self._count):
            yield Frame(np.full((48, 64, 3), index % 256, np.uint8), index / 10, index)
        self._after()

    def close(self) -> None: ...


class Nobody:
    """A tracker that sees nobody."""

    def settle(self, frames: Iterable[Frame]) -> None: ...

    def track(self, frame: Frame) -> Observation:
        return Observation(frame.t_s, frame.image)


class FakeCoach:
    """Finishes after `lasts` frames; says something every frame; remembers what it was told."""

    def __init__(self, lasts: int = 1000) -> None:
        self.lasts, self.frames, self.told, self.seen = lasts, 0, list[str](), 0

    @property
    def finished(self) -> bool:
        return self.frames >= self.lasts

    @property
    def paused(self) -> bool:
        return self.told.count("pause") % 2 == 1

    def update(self, pose: Pose | None, t_s: float) -> View:
        self.frames += 1
        self.seen += pose is not None
        news = (Event(t_s, "cue", f"frame {self.frames}"),)
        return View(t_s, 1, 1, "Knee to chest", "left", "waiting", "Lie down", events=news)

    def toggle_pause(self) -> None:
        self.told.append("pause")

    def next_step(self) -> None:
        self.told.append("next")

    def picture(self, state: PictureState, frozen_since_s: float = 0.0) -> None:
        self.told.append(state)

    def finish(self) -> list[Result]:
        return [Result("knee_to_chest", "left", self.frames / 10, self.frames, 1.0, "good")]


class Keys:
    """A window in which keys are pressed, one a frame."""

    def __init__(self, *actions: Action | None) -> None:
        self._actions = iter(actions)
        self.shown = 0
        self.last: Image | None = None

    def show(self, image: Image) -> Action | None:
        self.shown += 1
        self.last = image
        return next(self._actions, None)


def fail(error: BaseException) -> Callable[[], None]:
    def after() -> None:
        raise error

    return after


def test_a_step_has_no_doubts_about_what_came_after_it_or_in_a_pause() -> None:
    class Dark(Nobody):
        def track(self, frame: Frame) -> Observation:
            doubts = frozenset[Doubt]({"dark"} if frame.index >= 3 else ())
            return Observation(frame.t_s, frame.image, doubts=doubts)

    class Steps(FakeCoach):
        def update(self, pose: Pose | None, t_s: float) -> View:
            view = super().update(pose, t_s)
            phase: Phase = "waiting" if self.frames < 4 or self.frames > 5 else "paused"
            return replace(view, step=1 if self.frames < 6 else 2, phase=phase)

        def finish(self) -> list[Result]:
            [result] = super().finish()
            return [replace(result, step=1), replace(result, step=2)]

    first, second = run(Feed(9), Dark(), Steps()).results
    assert (first.notes, second.notes) == ((), (Note("picture_dark"),))


def test_any_other_key_or_a_click_only_ever_pauses() -> None:
    coach = FakeCoach()
    run(Feed(7), Nobody(), coach, Keys("stop", "stop", "stop", "pause", "stop"))
    assert coach.told == ["pause", "pause", "pause"]
    assert coach.paused


def test_without_a_window_keys_come_from_elsewhere() -> None:
    coach = FakeCoach()
    pressed: Iterator[Action | None] = iter(("pause", None, "next", "quit"))
    summary = run(Feed(7), Nobody(), coach, pressed=lambda: next(pressed))
    assert (coach.told, summary.ended, summary.frames_shown) == (["pause", "next"], "quit", 4)


def test_a_session_runs_until_the_source_ends() -> None:
    said: list[Event] = []
    summary = run(Feed(7), Nobody(), FakeCoach(), say=said.append)
    assert (summary.ended, summary.frames_shown, summary.problems) == ("source ended", 7, ())
    assert [event.text for event in said] == [f"frame {i}" for i in range(1, 8)]
    assert summary.results[0].frames == 7


def test_a_view_is_seen_before_anything_of_it_is_said() -> None:
    def heard(view: View) -> View:
        order.append(f"seen {round(10 * view.t_s) + 1}")
        return view

    order: list[str] = []
    run(
        *(Feed(2), Nobody(), FakeCoach()),
        say=lambda event: order.append(event.text),
        hear=heard,
    )
    assert order == ["seen 1", "frame 1", "seen 2", "frame 2"]


def test_a_session_runs_until_the_coach_is_done() -> None:
    summary = run(Feed(100), Nobody(), FakeCoach(lasts=5))
    assert (summary.ended, summary.frames_shown) == ("finished", 5)


def test_the_summary_stays_in_the_window_until_a_key_is_pressed() -> None:
    for key in ("quit", "pause", "stop", "next"):
        keys, coach = Keys(*[None] * 59, key), FakeCoach(lasts=5)
        summary = run(Feed(100), Nobody(), coach, keys)
        assert (summary.ended, keys.shown) == ("finished", 60)
        assert coach.told == [], "it closes the window, and nothing else"


def test_a_window_that_nobody_closes_does_not_keep_the_camera_for_ever() -> None:
    summary = run(Feed(5000), Nobody(), FakeCoach(lasts=5), Keys())
    assert (summary.ended, summary.frames_shown) == ("finished", 5 + 1200)


def test_a_recording_ends_after_the_last_words_though_the_window_stays() -> None:
    class Tape:
        def __init__(self) -> None:
            self.frames = 0

        def write(self, image: Image, t_s: float) -> None:
            self.frames += 1

        def close(self) -> None: ...

    with_window, alone = Tape(), Tape()
    run(Feed(200), Nobody(), FakeCoach(lasts=5), Keys(), with_window)
    run(Feed(200), Nobody(), FakeCoach(lasts=5), None, alone)
    assert with_window.frames == alone.frames == 45


def test_a_camera_that_is_lost_after_the_last_step_is_no_problem() -> None:
    summary = run(Feed(10, fail(SourceError("Camera lost: 0"))), Nobody(), FakeCoach(lasts=8), Keys())
    assert (summary.ended, summary.problems) == ("finished", ())


def test_keys_reach_the_coach_and_q_ends_with_the_results() -> None:
    coach, keys = FakeCoach(), Keys(None, "pause", "next", None, "quit")
    summary = run(Feed(100), Nobody(), coach, keys)
    assert coach.told == ["pause", "next"]
    assert (summary.ended, keys.shown, summary.results[0].frames) == ("quit", 5, 5)


def test_ctrl_c_ends_kindly() -> None:
    summary = run(Feed(3, fail(KeyboardInterrupt())), Nobody(), FakeCoach())
    assert (summary.ended, summary.results[0].frames) == ("quit", 3)


def test_a_lost_camera_keeps_what_was_done(tmp_path: Path) -> None:
    path = tmp_path / "session.mp4"
    with VideoWriter(path, 10.0) as recorder:
        summary = run(Feed(4, fail(SourceError("Camera lost: 0"))), Nobody(), FakeCoach(), None, recorder)
    assert (summary.ended, summary.problems) == ("lost", ("Camera lost: 0",))
    assert summary.results[0].frames == 4
    with av.open(str(path)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 4


def test_a_window_may_be_a_mirror_and_the_recording_is_none() -> None:
    keys, recorder = Keys(), Kept()

    def drawn(_: Moment) -> Image:
        return np.array([[1, 2]], np.uint8)

    run(Feed(3), Nobody(), FakeCoach(), keys, recorder, drawn, mirror=lambda one: drawn(one)[:, ::-1])
    assert [picture.tolist() for picture in recorder.pictures] == [[[1, 2]]] * 3
    assert keys.last is not None
    assert keys.last.tolist() == [[2, 1]]


class Kept:
    """A recorder that keeps the pictures."""

    def __init__(self) -> None:
        self.pictures = list[Image]()

    def write(self, image: Image, t_s: float) -> None:
        self.pictures.append(image)

    def close(self) -> None: ...


class FullDisk:
    """A recorder that fails at its third picture, or only at its end."""

    def __init__(self, at_end: bool) -> None:
        self.at_end, self.written = at_end, 0

    def write(self, image: Image, t_s: float) -> None:
        self.written += 1
        if self.written == 3 and not self.at_end:
            raise OutputError("The disk is full.")

    def close(self) -> None:
        if self.at_end:
            raise OutputError("The disk is full.")


@pytest.mark.parametrize("at_end", [False, True])
def test_a_recording_that_fails_does_not_end_the_session(at_end: bool) -> None:
    recorder = FullDisk(at_end)
    summary = run(Feed(8), Nobody(), FakeCoach(), None, recorder)
    assert (summary.frames_shown, recorder.written) == (8, 8 if at_end else 3)
    assert summary.results[0].frames == 8
    [problem] = summary.problems
    assert "The disk is full." in problem


def test_other_errors_are_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        run(Feed(1, fail(ZeroDivisionError())), Nobody(), FakeCoach())
    with pytest.raises(SourceError):
        check(Feed(1, fail(SourceError("gone")), live=False), Nobody(), FakeCoach())


def test_check_goes_through_every_frame() -> None:
    seen: list[float] = []
    coach = FakeCoach()
    results = check(
        Feed(9, live=False), Nobody(), coach, on_moment=lambda moment: seen.append(moment.seen.t_s)
    )
    assert seen == [index / 10 for index in range(9)]
    assert results == coach.finish()


def test_the_line_from_a_file_to_an_annotated_video(weights: bytes, tmp_path: Path) -> None:
    coach = FakeCoach(lasts=20)
    with (
        VideoFile(SAMPLE) as source,
        Tracker(weights) as tracker,
        VideoWriter(tmp_path / "out.mp4", source.fps) as recorder,
    ):
        check(source, tracker, coach, recorder)
    assert coach.seen >= 19
    with VideoFile(tmp_path / "out.mp4") as out:
        assert out.size == (640, 480)
        assert [frame.t_s for frame in out] == pytest.approx([i / 12 for i in range(20)], abs=2e-3)


def test_a_file_stands_for_the_camera(weights: bytes) -> None:
    with open_camera(str(SAMPLE)) as source, Tracker(weights) as tracker:
        summary = run(source, tracker, FakeCoach(lasts=6))
    assert (summary.ended, summary.frames_shown) == ("finished", 6)
