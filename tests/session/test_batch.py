"""Scoring: the sample clips end to end, and what becomes of clips that cannot be judged."""

import csv
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posecoach.coaching.timeline import Timeline
from posecoach.coaching.watcher import Watcher
from posecoach.feedback.video import VideoWriter
from posecoach.session import batch
from posecoach.session.batch import Bodies, Scored, Task, score_all
from posecoach.session.measurement_log import ANGLES, MeasurementLog
from posecoach.session.pipeline import Moment, check
from posecoach.session.recorded import Recorded
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile
from tests.conftest import GOOD_CLIP, SAMPLES, Run
from tests.session.conftest import ScoredSamples

KEYS = [
    "clip",
    "exercise",
    "side",
    "duration_s",
    "frames",
    "seen",
    "verdict",
    "faults",
    "positions",
    "reps",
    "peaks",
    "score",
    "confidence",
    "notes",
]


def rows() -> list[dict[str, str]]:
    with (SAMPLES / "labels.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_sample_clips_are_judged_right_and_come_back_in_order(samples: ScoredSamples) -> None:
    assert [result["clip"] for result in samples.results] == [row["clip"] for row in rows()]
    for result, row in zip(samples.results, rows(), strict=True):
        assert list(result) == KEYS
        expected = row["verdict"]
        assert (result["verdict"], result["side"]) == (expected, row["side"]), row["clip"]
        named = {fault.split("@")[0] for fault in row["faults"].split(";") if fault}
        assert named <= {fault["name"] for fault in result["faults"]}
        if expected == "good":
            held = [position["end_s"] - position["start_s"] for position in result["positions"]]
            # The way into a tilt and back is most of it.
            near_s = 1.3 if row["exercise"] == "pelvic_tilt" else 0.7
            assert held == pytest.approx([float(hold) for hold in row["holds_s"].split(";")], abs=near_s)
            assert result["reps"] == int(row["reps"])
            assert result["score"] > 90
    assert "0 wrong" in samples.tables


def test_labelled_clips_are_compared_with_the_angles_of_their_truth(posecoach: Run) -> None:
    status, output, _ = posecoach(
        "score", "--labels", SAMPLES / "labels.csv", "--exercise", "knee_to_chest", "--jobs", 2
    )
    assert status == 0
    assert "2 right, 0 wrong" in output
    assert "hip_flexion" in output


def test_the_frames_files_have_the_angles_of_every_frame(posecoach: Run, tmp_path: Path) -> None:
    status, output, _ = posecoach(
        "score", GOOD_CLIP, "--exercise", "knee_to_chest", "--json", "-", "--frames", tmp_path
    )
    assert status == 0
    with (tmp_path / f"{GOOD_CLIP.stem}.csv").open(encoding="utf-8", newline="") as file:
        frames = list(csv.DictReader(file))
    assert len(frames) == json.loads(output)["frames"]
    assert list(frames[0])[:6] == ["t_s", "phase", *ANGLES]
    assert {frame["phase"] for frame in frames} == {"rest", "moving", "hold"}
    times = [float(frame["t_s"]) for frame in frames]
    assert times == sorted(set(times))


def test_a_bad_clip_is_reported_and_costs_the_others_nothing(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    bad, other, out = tmp_path / "bad.mp4", tmp_path / "other.mp4", tmp_path / "out.jsonl"
    bad.write_text("no video", "utf-8")
    shutil.copy(short_clip, other)
    status, _, errors = posecoach(
        "score", short_clip, bad, other, "--exercise", "knee_to_chest", "--jobs", 2, "--json", out
    )
    assert status == 1
    assert errors.count(str(bad)) >= 1
    rows = {row["clip"]: row for row in map(json.loads, out.read_text("utf-8").splitlines())}
    assert set(rows) == {str(short_clip), str(bad), str(other)}
    assert "is not a video" in rows[str(bad)]["error"]
    assert "error" not in rows[str(other)]


def write_labels(folder: Path, clip: Path, *changes: dict[str, str]) -> Path:
    """A labels file with the first sample's row once for each of `changes`, about `clip`."""
    path = folder / "labels.csv"
    first = rows()[0] | {"clip": str(clip), "truth": ""}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, first)
        writer.writeheader()
        writer.writerows(first | change for change in changes)
    return path


def test_a_wrong_verdict_is_marked_and_sets_the_status(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    labels = write_labels(tmp_path, short_clip, {"verdict": "good"})
    status, output, _ = posecoach("score", "--labels", labels)
    assert status == 1
    assert "0 right, 1 wrong" in output


def test_unlabelled_verdicts_and_other_movements_are_not_wrong(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    labels = write_labels(
        tmp_path, short_clip, {"verdict": ""}, {"exercise": "none", "verdict": "", "faults": ""}
    )
    status, output, _ = posecoach("score", "--labels", labels)
    assert status == 0
    assert "1 right, 0 wrong, 0 unseen, 1 without a labelled verdict" in output
    assert posecoach("score", "--labels", labels, "--view", "moon")[0] == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"exercise": "handstand"}, "line 2: there is no exercise 'handstand'."),
        ({"exercise": "knee_to_chst"}, "line 2: there is no exercise 'knee_to_chst' (did you mean"),
        ({"verdict": "fault", "faults": "to_high@1-2"}, "line 2: knee_to_chest has no fault 'to_high'"),
        ({"truth": "truth.csv"}, "truth.csv does not fit its clip"),
        ({"clip": "none.mp4"}, "line 2: the clip"),
    ],
)
def test_bad_labels_are_one_sentence_and_nothing_is_written(
    posecoach: Run, short_clip: Path, tmp_path: Path, change: dict[str, str], sentence: str
) -> None:
    labels = write_labels(tmp_path, short_clip, change)
    truth = GOOD_CLIP.with_suffix(".csv").read_text("utf-8").splitlines()[:20]
    (tmp_path / "truth.csv").write_text("\n".join(truth) + "\n", "utf-8")
    before = sorted(tmp_path.iterdir())
    status, output, errors = posecoach(
        *("score", "--labels", labels, "--json", tmp_path / "out.jsonl", "--frames", tmp_path / "frames"),
        *("--report", tmp_path / "out.html"),
    )
    assert (status, output) == (2, "")
    assert sentence in errors
    assert errors.count("\n") == 1
    assert sorted(tmp_path.iterdir()) == before


def test_a_body_stays_in_its_picture_when_the_exercise_is_detected_in_a_turned_clip(
    weights: bytes, tmp_path: Path
) -> None:
    turned = tmp_path / "turned.mp4"
    with VideoFile(GOOD_CLIP) as video, VideoWriter(turned, video.fps) as writer:
        for frame in video:
            writer.write(np.ascontiguousarray(np.rot90(frame.image)), frame.t_s)
    scored = batch.score(Task("turned", turned, None), weights)
    assert scored.results
    assert scored.results[0].exercise == "knee_to_chest"
    assert scored.bodies is not None
    assert set(scored.bodies.turns) == {90}
    body = next(one for one in scored.bodies.landmarks if one is not None)
    assert np.ptp(body[:, 0]) > np.ptp(body[:, 1]), "it lies, in the upright picture"


@pytest.mark.parametrize("exercise", ["knee_to_chest", None])
def test_a_clip_is_judged_by_its_poses_as_it_is_beside_its_pictures(
    exercise: str | None, weights: bytes
) -> None:
    scored = batch.score(Task("clip", GOOD_CLIP, exercise), weights, 1)
    with VideoFile(GOOD_CLIP) as video, Tracker(weights, threads=1) as tracker:
        tracked = Recorded(video, tracker, Stopwatch())
    coach = Timeline(tracked.timeline(), Watcher) if exercise is None else Watcher(exercise)
    frames, bodies = MeasurementLog(), Bodies()

    def keep(moment: Moment) -> None:
        frames.add(moment.seen.t_s, moment.view.phase, moment.view.measures)
        bodies.add(moment.seen)

    with VideoFile(GOOD_CLIP) as video:
        results = check(video, tracked, coach, on_moment=keep)
    assert (list(scored.results), scored.frames) == (results, frames)
    assert scored.bodies is not None
    assert (scored.bodies.turns, scored.bodies.size) == (bodies.turns, bodies.size)
    np.testing.assert_equal(scored.bodies.landmarks, bodies.landmarks)


def test_ctrl_c_keeps_the_clips_that_were_judged(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = batch.score

    def interrupt(task: Task, model: bytes, threads: int | None) -> Scored:
        if task.clip == Path("second.mp4"):
            raise KeyboardInterrupt
        return judge(task, model, threads)

    monkeypatch.setattr("posecoach.session.study.score", interrupt)
    out = tmp_path / "out.jsonl"
    status, _, errors = posecoach(
        "score", short_clip, "second.mp4", "--exercise", "knee_to_chest", "--jobs", 1, "--json", out
    )
    assert status == 130
    assert "1 of 2" in errors
    assert len(out.read_text("utf-8").splitlines()) == 1


def test_a_worker_that_dies_is_reported(short_clip: Path) -> None:
    finished: list[Scored] = []
    tasks = [Task("a", short_clip, "knee_to_chest"), Task("b", short_clip, "knee_to_chest")]
    score_all(tasks, _Fatal(), 2, finished.append)
    assert len(finished) == 2
    assert all("ended without an answer" in (one.failure or "") for one in finished)


def test_a_clip_that_ends_its_worker_costs_the_others_nothing() -> None:
    """As a decoder does that crashes, or a machine that runs out of memory."""
    finished: list[Scored] = []
    names = ["a", "deadly", "b", "c", "d", "deadly too", "e", "f"]
    score_all([Task(name, Path(name), None) for name in names], b"", 2, finished.append, _judge_or_die)
    failed = {one.task.name for one in finished if one.failure}
    assert sorted(one.task.name for one in finished) == sorted(names)
    assert failed == {"deadly", "deadly too"}


def _judge_or_die(task: Task, model: bytes, threads: int | None) -> Scored:
    if task.name.startswith("deadly"):
        os._exit(11)
    return Scored(task)


_JUDGES_FOR_LONG = """
import time
from pathlib import Path
from posecoach.session.batch import Task, score_all

def judge(task, model, threads):
    print("ready", flush=True)
    time.sleep(3600)

if __name__ == "__main__":
    score_all([Task(name, Path(name), None) for name in "ab"], b"", 1, print, judge)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no kill to send")
def test_workers_end_with_a_parent_that_is_killed(environment: dict[str, str], tmp_path: Path) -> None:
    """They hold the pipe that is their standard output, so reading it to its end waits for theirs."""
    script = tmp_path / "judges.py"
    script.write_text(_JUDGES_FOR_LONG, "utf-8")
    folder = str(Path(__file__).parents[2])
    environment = environment | {"PYTHONPATH": folder}
    command = [sys.executable, str(script)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        parent.kill()
        assert parent.communicate(timeout=60)[0] == ""


class _Fatal(bytes):
    """A model that ends the process it is unpacked in, as a crash in native code would."""

    def __reduce__(self) -> tuple[Any, ...]:
        import os

        return os._exit, (7,)
