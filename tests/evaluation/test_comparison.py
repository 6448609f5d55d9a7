"""Comparing a recording with a sample: curves with known ranges, speeds, holds and gaps."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from posecoach.assessment.results import Position, Result
from posecoach.core.choices import OneSide
from posecoach.core.pose import Array
from posecoach.evaluation import comparison, comparison_text, plots
from posecoach.evaluation.comparison import MotionProfile
from posecoach.vision.video_file import VideoFile
from tests.conftest import GOOD_CLIP, SAMPLES, Run

SHALLOW_CLIP = SAMPLES / "knee_to_chest" / "knee_to_chest-shallow-left-side-rc.mp4"
OTHER_CLIP = SAMPLES / "press_up" / "press_up-good-both-side-la.mp4"


def moves(
    *, peak: float, hold_s: float, move_s: float = 2.0, reps: int = 1, fps: float = 12
) -> tuple[Array, Array]:
    """Times and values that go from 10 to `peak` and back, `reps` times, with rests of 3 s between."""
    corners_s, values = [0.0], [10.0]
    for _ in range(reps):
        for seconds, value in ((3.0, 10.0), (move_s, peak), (hold_s, peak), (move_s, 10.0)):
            corners_s.append(corners_s[-1] + seconds)
            values.append(value)
    t_s = np.arange(0, corners_s[-1] + 3, 1 / fps)
    return t_s, np.interp(t_s, corners_s, values)


def curve_of(t_s: Array, value: Array, side: OneSide = "left") -> MotionProfile:
    held = [Position(side, float(t_s[i]), float(t_s[j])) for i, j in _above(value, 100)]
    result = Result(
        exercise="knee_to_chest",
        side=side,
        duration_s=float(t_s[-1]),
        frames=len(t_s),
        seen=1.0,
        verdict="good",
        positions=tuple(held),
        reps=len(held),
    )
    measures = {f"hip_flexion_{side}": [None if np.isnan(v) else float(v) for v in value]}
    curve = comparison.profile(result, t_s.tolist(), measures)
    assert curve is not None
    return curve


def _above(value: Array, limit: float) -> list[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[0], value >= limit, [0]]).astype(int)))
    return [(int(i), int(j) - 1) for i, j in zip(edges[::2], edges[1::2], strict=True)]


def test_range_speeds_and_movements_are_those_of_the_curve() -> None:
    curve = curve_of(*moves(peak=110, hold_s=10, move_s=2, reps=2))
    assert len(curve.movements) == 2
    assert curve.rest == pytest.approx(10, abs=1)
    assert curve.peak == pytest.approx(110, abs=1)
    assert curve.range == pytest.approx(100, abs=1)
    assert curve.speed_in == pytest.approx(50, rel=0.1)
    assert curve.speed_out == pytest.approx(50, rel=0.1)
    assert curve.begin_s == pytest.approx(4, abs=0.2)


@pytest.mark.parametrize("fps", [8, 12, 30, 60])
def test_the_frame_rate_changes_nothing(fps: float) -> None:
    curve = curve_of(*moves(peak=110, hold_s=10, fps=fps))
    assert curve.peak == pytest.approx(110, abs=1)
    assert curve.speed_in == pytest.approx(50, rel=0.1)


def test_what_was_unseen_is_a_gap_and_never_a_zero() -> None:
    t_s, value = moves(peak=110, hold_s=10)
    value[(t_s > 8) & (t_s < 12)] = np.nan
    value[(t_s > 13) & (t_s < 13.3)] = np.nan
    curve = curve_of(t_s, value)
    gap = (curve.t_s > 8.2) & (curve.t_s < 11.8)
    assert np.isnan(curve.value[gap]).all()
    assert np.isfinite(curve.value[(curve.t_s < 7.9) | (curve.t_s > 12.1)]).all()
    assert np.nanmin(curve.value) > 5
    compared = comparison.compare(curve_of(*moves(peak=110, hold_s=10)), curve)
    assert np.nanmin(compared.yours) > 5
    assert compared.apart == pytest.approx(0, abs=2)


def test_a_sample_with_a_gap_is_compared_only_where_it_was_seen() -> None:
    t_s, value = moves(peak=110, hold_s=10)
    value[(t_s > 8) & (t_s < 12)] = np.nan
    compared = comparison.compare(curve_of(t_s, value), curve_of(*moves(peak=110, hold_s=10)))
    assert np.isnan(compared.yours[np.isnan(compared.sample)]).all()


def test_whoever_lies_still_makes_no_move_of_a_bridge() -> None:
    t_s = np.arange(0, 12, 1 / 12)
    result = Result(
        exercise="bridge", side="both", duration_s=12, frames=len(t_s), seen=1.0, verdict="not_performed"
    )
    breath = (45 + np.sin(t_s)).tolist()
    curve = comparison.profile(
        result, t_s.tolist(), {"hip_sagittal_left": breath, "hip_sagittal_right": breath}
    )
    assert curve is not None
    assert curve.movements == ()


def test_a_side_that_was_never_seen_has_no_curve() -> None:
    t_s, value = moves(peak=110, hold_s=10)
    result = curve_of(t_s, value).result
    assert comparison.profile(result, t_s.tolist(), {"hip_flexion_left": [None] * len(t_s)}) is None
    assert comparison.profile(result, t_s.tolist(), {"hip_flexion_right": value.tolist()}) is None


def test_a_cut_in_the_move_in_leaves_its_speed_unseen() -> None:
    t_s, value = moves(peak=110, hold_s=10)
    value[(t_s > 3.3) & (t_s < 4.6)] = np.nan
    curve = curve_of(t_s, value)
    assert curve.speed_in is None
    assert curve.speed_out == pytest.approx(50, rel=0.1)
    lines = comparison_text.lines(comparison.compare(curve_of(*moves(peak=110, hold_s=10)), curve))
    [line] = [line for line in lines if line.what == "Moving in"]
    assert (line.yours, line.difference) == ("not seen", "")


def test_another_pace_alone_is_no_difference_along_the_way() -> None:
    compared = comparison.compare(
        curve_of(*moves(peak=110, hold_s=10, move_s=1.5)), curve_of(*moves(peak=110, hold_s=6, move_s=4))
    )
    assert compared.apart is not None
    assert compared.apart < 3


def test_the_movements_that_both_show_are_aligned() -> None:
    compared = comparison.compare(
        curve_of(*moves(peak=110, hold_s=4, reps=3)), curve_of(*moves(peak=110, hold_s=4, reps=1))
    )
    assert compared.t_s[-1] < 14
    assert compared.apart == pytest.approx(0, abs=3)


def test_a_shallow_attempt_is_aligned_by_its_shape() -> None:
    compared = comparison.compare(curve_of(*moves(peak=110, hold_s=10)), curve_of(*moves(peak=70, hold_s=10)))
    middle = (compared.t_s > 7) & (compared.t_s < 13)
    np.testing.assert_allclose(compared.sample[middle] - compared.yours[middle], 40, atol=2)


def test_a_recording_of_many_minutes_is_aligned_in_a_moment() -> None:
    t_s, value = moves(peak=110, hold_s=600)
    compared = comparison.compare(curve_of(t_s, value), curve_of(t_s, value))
    assert len(compared.t_s) <= 1500
    assert compared.apart == pytest.approx(0, abs=1)


def test_without_movement_there_is_still_a_picture_of_both() -> None:
    t_s = np.arange(0, 10, 0.1)
    still = curve_of(t_s, np.full(len(t_s), 110.0))
    assert (still.movements, still.rest, still.range) == ((), None, None)
    compared = comparison.compare(still, curve_of(*moves(peak=110, hold_s=10)))
    assert np.isfinite(compared.yours).any()


@pytest.mark.parametrize(
    ("yours", "summary"),
    [
        (
            {"peak": 110, "hold_s": 10},
            "Your thigh came about as far as in the sample, and you held it about as long.",
        ),
        (
            {"peak": 98, "hold_s": 10},
            "Your thigh came 12° less far than in the sample. Go only as far as is comfortable.",
        ),
        (
            {"peak": 122, "hold_s": 10},
            "Your thigh came 12° further than in the sample, and you held it about as long. "
            "Go only as far as is comfortable.",
        ),
        (
            {"peak": 110, "hold_s": 6},
            "Your thigh came about as far as in the sample, and you held it 4.0 s shorter.",
        ),
    ],
)
def test_the_summary_says_what_matters_in_plain_words(yours: dict[str, Any], summary: str) -> None:
    compared = comparison.compare(curve_of(*moves(peak=110, hold_s=10)), curve_of(*moves(**yours)))
    assert comparison_text.summary(compared) == summary


def test_the_lines_name_each_difference() -> None:
    sample = curve_of(*moves(peak=110, hold_s=10, move_s=2))
    yours = curve_of(*moves(peak=98, hold_s=10, move_s=1), side="right")
    assert yours.result.positions == ()
    lines = {
        line.what: (line.sample, line.yours, line.difference)
        for line in comparison_text.lines(comparison.compare(sample, yours))
    }
    assert lines["Side"] == ("left", "right", "the other side")
    assert lines["Furthest point"] == ("110°", "98°", "12° less far")
    assert lines["Where you begin"] == ("10°", "10°", "about the same")
    assert lines["Moving in"][2].endswith("faster")
    assert lines["In position"] == ("10.3 s", "not reached", "")
    assert lines["Repetitions"] == ("1", "0", "1 fewer")


def test_angles_have_a_proper_minus() -> None:
    assert comparison_text.degrees(-12.4) == "−12°"
    assert comparison_text.degrees(-0.2) == "0°"


def test_pictures_are_drawn_with_gaps_several_holds_and_without_any() -> None:
    t_s, value = moves(peak=110, hold_s=4, reps=3)
    value[(t_s > 8) & (t_s < 12)] = np.nan
    compared = comparison.compare(curve_of(t_s, value), curve_of(*moves(peak=70, hold_s=10)))
    assert b"<svg" in plots.comparison(compared, "svg")
    assert plots.comparison(compared, "png").startswith(b"\x89PNG")


# -- the command ---------------------------------------------------------------------------------------------


def test_check_against_a_sample_prints_a_table_and_draws_a_picture_in_the_current_folder(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, output, errors = posecoach(
        *("check", SHALLOW_CLIP, "--against", GOOD_CLIP, "--exercise", "knee_to_chest"),
        *("--json", "out.json", "--overlay", "out.mp4", "--stats"),
    )
    assert status == 0, errors
    assert "less far than in the sample" in output
    assert "not reached" in output
    picture = f"{SHALLOW_CLIP.stem}-against-{GOOD_CLIP.stem}.png"
    assert picture in errors
    assert re.search(r"decode .* track .* judge .* draw .* encode", errors)
    assert Path(picture).read_bytes().startswith(b"\x89PNG")
    assert json.loads(Path("out.json").read_text("utf-8"))["clip"] == str(SHALLOW_CLIP)
    with av.open("out.mp4") as video:
        assert sum(1 for _ in video.decode(video=0)) == 187


@pytest.mark.parametrize(
    ("exercise", "faulty"), [("bridge", "hips_low-both-side-lb"), ("figure_four", "not_crossed-left-side-rc")]
)
def test_the_sample_tells_which_exercise_a_faulty_recording_is_compared_in(
    posecoach: Run, tmp_path: Path, exercise: str, faulty: str
) -> None:
    """By itself the first shows no exercise, and the second another one."""
    folder = SAMPLES / exercise
    [sample] = folder.glob("*-good-*.mp4")
    video, out = folder / f"{exercise}-{faulty}.mp4", tmp_path / "out.json"
    picture = ("--picture", tmp_path / "out.png")
    status, output, errors = posecoach("check", video, "--against", sample, "--json", out, *picture)
    assert (status, "Furthest point" in output) == (0, True), errors
    found = json.loads(out.read_text("utf-8"))
    assert (found["exercise"], found["verdict"]) == (exercise, "fault")


def test_recordings_of_different_exercises_are_one_sentence(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    status, output, errors = posecoach("check", SHALLOW_CLIP, "--against", OTHER_CLIP, "--json", "out.json")
    assert (status, output) == (2, "")
    assert errors.count("\n") == 1
    assert "shows Press-up and" in errors
    assert "shows Knee to chest: compare" in errors
    assert list(tmp_path.iterdir()) == []


def test_what_shows_no_exercise_is_one_sentence(posecoach: Run, short_clip: Path, tmp_path: Path) -> None:
    to = ("--picture", tmp_path / "out.png")
    for given, sentence in (((), "cannot be told"), (("--exercise", "knee_to_chest"), "could not be judged")):
        status, output, errors = posecoach("check", short_clip, "--against", short_clip, *given, *to)
        assert (status, output) == (2, "")
        assert errors.count("\n") == 1
        assert sentence in errors
    assert list(tmp_path.iterdir()) == []


def test_how_fast_a_recording_plays_is_not_told_of_the_sample(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[str, object, object]] = []

    class Opened(VideoFile):
        def __init__(self, path: Path, every: int, speed: float | None, mirrored: bool) -> None:
            super().__init__(path, every, speed, mirrored)
            opened.append((path.name, speed, mirrored))

    monkeypatch.setattr("posecoach.session.checking.VideoFile", Opened)
    sample = shutil.copy(short_clip, tmp_path / "sample.mp4")
    told = ("--exercise", "knee_to_chest", "--speed", 0.25, "--mirrored", "--picture", tmp_path / "out.png")
    posecoach("check", short_clip, "--against", sample, *told)
    assert set(opened) == {("sample.mp4", None, False), (short_clip.name, 0.25, True)}


@pytest.mark.parametrize(
    ("picture", "sentence", "expected"),
    [("out.jpg", "must end in .png or .svg", 2), ("nowhere/out.png", "there is no folder", 1)],
)
def test_a_picture_that_cannot_be_is_refused_before_the_work(
    posecoach: Run, tmp_path: Path, picture: str, sentence: str, expected: int
) -> None:
    status, output, errors = posecoach(
        *("check", GOOD_CLIP, "--against", GOOD_CLIP, "--exercise", "knee_to_chest"),
        *("--picture", tmp_path / picture),
    )
    assert (status, output) == (expected, "")
    assert sentence in errors
    assert errors.count("\n") == 1


def test_a_missing_recording_is_known_before_the_sample_is_judged(posecoach: Run, tmp_path: Path) -> None:
    status, _, errors = posecoach(
        *("check", tmp_path / "none.mp4", "--against", GOOD_CLIP, "--exercise", "knee_to_chest"),
        *("--picture", tmp_path / "out.png"),
    )
    assert status == 1
    assert "There is no file" in errors
    assert list(tmp_path.iterdir()) == []
