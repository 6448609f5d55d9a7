"""A clip that is only watched gives one result."""

from dataclasses import replace
from functools import cache

import pytest

from posecoach.coaching.watcher import Watcher
from tests.support.coached import FPS, LEFT, kinds, nobody, told, watched
from tests.support.synthetic import CROOK, Shot, film, repeat


@cache
def clip() -> list[Shot]:
    return film(CROOK, repeat(CROOK, LEFT.but(head=0.3), 2, 2, 0.7, 1.2), FPS)


def test_watching_gives_one_result_however_many_repetitions() -> None:
    views, coach = watched(clip())
    (result,) = coach.finish()
    assert (result.verdict, result.reps, result.step, result.frames) == ("fault", 2, None, len(clip()))
    assert result.duration_s == pytest.approx(clip()[-1].t_s)
    assert coach.finish() == [result]
    assert set(kinds(views)) <= {"cue", "unseen"}


@pytest.mark.parametrize("frames", [0, 1, 2, 5])
def test_watching_hardly_anything_gives_one_result(frames: int) -> None:
    _, coach = watched(clip()[:frames])
    (result,) = coach.finish()
    assert result.frames == frames
    assert result.verdict in ("unseen", "not_performed")
    assert result.as_json("a.mp4")


def test_watching_nobody_gives_one_result() -> None:
    coach = Watcher("knee_to_chest", side="left", hold_s=4)
    views = [coach.update(pose, t_s) for pose, t_s in nobody(10)]
    (result,) = coach.finish()
    assert (result.verdict, result.seen, result.faults) == ("unseen", 0, ())
    assert views[-1].not_seen


def test_the_same_frames_give_the_same_again() -> None:
    first, second = watched(clip()), watched(clip())
    assert first[1].finish() == second[1].finish()
    assert told(first[0]) == told(second[0])


def test_it_does_not_matter_when_a_session_begins() -> None:
    late = [replace(s, t_s=s.t_s + 5000, pose=replace(s.pose, t_s=s.t_s + 5000)) for s in clip()]
    (early_result,), (late_result,) = (watched(shots)[1].finish() for shots in (clip(), late))
    assert late_result.duration_s == pytest.approx(early_result.duration_s)
    assert [f.name for f in late_result.faults] == [f.name for f in early_result.faults]
    for before, after in zip(early_result.positions, late_result.positions, strict=True):
        assert after.start_s - before.start_s == pytest.approx(5000)


def test_without_a_dose_no_hold_is_short() -> None:
    brief = film(CROOK, repeat(CROOK, LEFT, 0.3), FPS)
    assert [fault.name for fault in watched(brief, 0)[1].finish()[0].faults] == []
    assert [fault.name for fault in watched(brief, 20)[1].finish()[0].faults] == ["short_hold"]
