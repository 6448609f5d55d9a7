"""The commands through their real entry point, with good input and bad."""

import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from dataclasses import replace
from pathlib import Path

import av
import pytest

import posecoach as package
from posecoach.assessment.exercises import CATALOGUE
from posecoach.core import paths, translation
from posecoach.core.errors import OutputError, SourceError
from posecoach.core.types import Image
from posecoach.feedback.video import VideoWriter
from posecoach.records import settings
from posecoach.vision.source import Frame
from posecoach.vision.video_file import VideoFile
from tests.conftest import GOOD_CLIP, Run

ROUTINE = 'title = "Mine"\n[[steps]]\nexercise = "knee_to_chest"\nside = "left"\nhold_s = 10\n'


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "config_dir", lambda: tmp_path / "config")


# -- what needs no camera, no model and no video ------------------------------------------------------------


def test_version_and_help_come_from_a_process_without_the_native_libraries(posecoach_process: Run) -> None:
    assert posecoach_process("--version") == (0, f"posecoach {package.__version__}\n", "")
    status, output, _ = posecoach_process("--help")
    assert status == 0
    for command in (
        "live",
        "check",
        "score",
        "exercises",
        "routines",
        "demo",
        "doctor",
        "model",
        "history",
        "report",
    ):
        assert command in output


def test_importing_the_commands_loads_no_native_library(environment: dict[str, str]) -> None:
    code = "import sys, posecoach.cli; sys.exit(bool({'cv2', 'mediapipe', 'av', 'numpy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0


def test_exercises_are_listed_with_their_faults_and_limits(posecoach: Run) -> None:
    status, output, errors = posecoach("exercises")
    assert (status, errors) == (0, "")
    for exercise in CATALOGUE.values():
        assert exercise.id in output
        for name in (*exercise.faults, *exercise.limits):
            assert name in output


def test_routines_are_listed_and_shown_with_their_doses(posecoach: Run, tmp_path: Path) -> None:
    assert "lower_back_basics" in posecoach("routines")[1]
    status, output, _ = posecoach("routines", "lower_back_basics")
    assert status == 0
    assert "hold 30 s" in output
    assert "about" in output
    own = tmp_path / "own.toml"
    own.write_text(ROUTINE.replace("Mine", "Slow [and] easy"), "utf-8")
    assert "Slow [and] easy" in posecoach("routines", own)[1]


def test_quiet_leaves_only_what_was_asked_for(posecoach: Run) -> None:
    assert posecoach("-q", "exercises") == (0, "", "")
    assert posecoach("-q", "model", "fetch") == (0, "", "")


def test_a_model_that_is_here_is_not_fetched_again(posecoach: Run, weights: bytes) -> None:
    status, _, errors = posecoach("model", "fetch")
    assert (status, "already here" in errors) == (0, True)


def test_doctor_has_a_line_for_each_part(posecoach: Run, weights: bytes) -> None:
    status, output, _ = posecoach("doctor")
    assert status == 0
    for part in ("libraries", "pip", "pose model", "camera", "display", "video writer", "settings"):
        assert part in output
    assert "hecking videos" in output.splitlines()[-1]


def test_doctor_tries_the_chosen_voice_and_stays_in_one_language(posecoach: Run) -> None:
    settings.save(settings.Settings(language="de"))
    try:
        posecoach("doctor")
        assert translation.language() == "en"
    finally:
        settings.path().unlink()


def test_doctor_says_what_to_do_about_what_is_broken(posecoach: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.vision.model_bundle.default_path", lambda: Path("nowhere.task"))
    status, output, _ = posecoach("doctor")
    assert status == 0
    assert "the first use downloads it" in output
    assert "Checking videos" in output.splitlines()[-1], "which it does after the download"
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    status, output, _ = posecoach("doctor")
    assert status == 1
    assert "run 'python -m ensurepip'" in output
    assert "Neither checking videos nor live sessions work" in output.splitlines()[-1]


def test_doctor_looks_through_a_camera_and_keeps_a_picture_only_where_asked(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    status, output, _ = posecoach("doctor", "--camera", short_clip)
    assert status == 0
    assert [line.split()[0] for line in output.splitlines()] == ["ok"] * 9
    assert not list(tmp_path.iterdir())
    picture = tmp_path / "seen.png"
    assert str(picture) in posecoach("doctor", "--camera", short_clip, "--picture", picture)[2]
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_raised_hips_are_no_tilted_camera(posecoach: Run) -> None:
    clip = GOOD_CLIP.parents[1] / "bridge" / "bridge-good-both-side-la.mp4"
    status, output, _ = posecoach("doctor", "--camera", clip)
    assert status == 0, output


# -- bad input ----------------------------------------------------------------------------------------------


def not_a_video(folder: Path) -> Path:
    path = folder / "notes.mp4"
    path.write_text("no video at all", "utf-8")
    return path


def zero_frames(folder: Path) -> Path:
    path = folder / "empty.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=12)
        stream.width = stream.height = 64
        container.start_encoding()
    return path


def typo(folder: Path) -> Path:
    path = folder / "typo.toml"
    path.write_text(ROUTINE.replace("hold_s", "holds"), "utf-8")
    return path


def in_the_way(folder: Path) -> Path:
    """A file where a folder is needed."""
    (folder / "file").touch()
    return folder / "file" / "out.mp4"


def no_header(folder: Path) -> Path:
    path = folder / "labels.csv"
    path.write_text("clip,exercise\n", "utf-8")
    return path


@pytest.mark.parametrize(
    ("arguments", "expected_status", "words"),
    [
        (("check", "none.mp4", "--exercise", "knee_to_chest"), 1, "no file none.mp4"),
        (("check", not_a_video, "--exercise", "knee_to_chest"), 1, "notes.mp4 is not a video"),
        (("check", zero_frames, "--exercise", "knee_to_chest"), 1, "empty.mp4"),
        (("check", GOOD_CLIP, "--exercise", "knee_to_chets"), 2, "did you mean 'knee_to_chest'?"),
        (("check", GOOD_CLIP, "--exercise", "press_up", "--side", "left"), 2, "leave --side out"),
        (("check", GOOD_CLIP, "--routine", "lower_back"), 2, "no routine 'lower_back'"),
        (("doctor", "--camera", GOOD_CLIP, "--picture", "a.jpg"), 2, "ends in .png"),
        (("doctor", "--camera", "none.mp4"), 1, "no file none.mp4"),
        (("check", GOOD_CLIP, "--routine", typo), 2, "steps[0].holds is not a known key"),
        (("check", GOOD_CLIP, "--exercise", "knee_to_chest", "--overlay", in_the_way), 1, "out.mp4"),
        (("check", GOOD_CLIP, "--exercise", "knee_to_chest", "--overlay", GOOD_CLIP), 2, "name another file"),
        (("check", GOOD_CLIP, "--exercise", "knee_to_chest", "--json", in_the_way), 1, "cannot be written"),
        (
            ("check", GOOD_CLIP, "--exercise", "knee_to_chest", "--model", "none.task"),
            1,
            "no pose model at none.t",
        ),
        (
            ("check", GOOD_CLIP, "--exercise", "knee_to_chest", "--model", not_a_video),
            1,
            "notes.mp4 is damaged",
        ),
        (("score", "none.mp4", "--exercise", "knee_to_chest"), 1, "There is no file none.mp4"),
        (("score", "none", "--exercise", "knee_to_chest"), 2, "There is no folder or file none"),
        (("score", "--landmarks", "none", "--exercise", "bridge"), 2, "There is no folder or file none"),
        (("score", GOOD_CLIP, "--exercise", "knees"), 2, "no exercise 'knees'"),
        (("score", GOOD_CLIP, "--exercise", "press_up", "--frames", in_the_way), 1, "cannot be made"),
        (
            ("score", GOOD_CLIP, GOOD_CLIP, "--exercise", "press_up", "--frames", "frames"),
            2,
            "runs of their own",
        ),
        (("score", "--labels", "none.csv"), 2, "no labels file none.csv"),
        (("score", "--labels", no_header), 2, "labels.csv, line 1: the column 'verdict' is missing"),
        (("routines", "nothing"), 2, "no routine 'nothing'"),
        (("routines", "none.toml"), 2, "no routine file none.toml"),
        (("live", "nothing"), 2, "no routine 'nothing'"),
        (("live", "--camera", "63"), 1, "Camera 63"),
        (("live", "--camera", "99999999999999999999"), 1, "Camera 99999999999999999999 gives no picture"),
        (("live", "--camera", "none.mp4"), 1, "no file none.mp4"),
        (("live", "--camera", "9" * 5000), 1, "gives no picture"),
        (("live", "9" * 5000), 2, "no routine"),
        (("check", "9" * 5000), 1, "There is no file"),
        (("bench", "9" * 5000), 1, "There is no file"),
        (("live", "--camera", GOOD_CLIP, "--window"), 1, "no display"),
        (("live", "--camera", GOOD_CLIP, "--record", in_the_way), 1, "out.mp4"),
        (("live", "--camera", GOOD_CLIP, "--record", GOOD_CLIP), 2, "name another file"),
    ],
)
def test_bad_input_gets_one_sentence_and_a_status(
    posecoach: Run,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[object | Callable[[Path], Path], ...],
    expected_status: int,
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, _, errors = posecoach(*(a(tmp_path) if callable(a) else a for a in arguments))
    assert status == expected_status
    assert errors.count("\n") == 1
    assert words in errors


@pytest.mark.parametrize(
    "arguments",
    [
        ("nonsense",),
        ("check", GOOD_CLIP, "--exercise", "press_up", "--routine", "lower_back_basics"),
        ("check", GOOD_CLIP, "--routine", "lower_back_basics", "--side", "left"),
        ("check", GOOD_CLIP, "--exercise", "press_up", "--rotate", "45"),
        ("score",),
        ("score", GOOD_CLIP),
        ("score", GOOD_CLIP, "--exercise", "press_up", "--jobs", "0"),
        ("score", GOOD_CLIP, "--exercise", "press_up", "--view", "side"),
        ("score", GOOD_CLIP, "--labels", "labels.csv"),
        ("score", GOOD_CLIP, "--exercise", "press_up", "--hold", "301"),
        ("score", GOOD_CLIP, "--exercise", "press_up", "--hold", "inf"),
        ("score", GOOD_CLIP, "--exercise", "press_up", "--hold", "nan"),
    ],
)
def test_options_that_do_not_go_together_are_usage_errors(
    posecoach: Run, arguments: tuple[object, ...]
) -> None:
    status, output, errors = posecoach(*arguments)
    assert (status, output) == (2, "")
    assert "Usage" in errors


@pytest.mark.parametrize("arguments", [("report", "abc"), ("history", "forget", "abc")])
def test_what_is_no_number_is_said_in_plain_words(posecoach: Run, arguments: tuple[str, ...]) -> None:
    status, _, errors = posecoach(*arguments)
    assert status == 2
    assert "whole number" in errors or "not a valid int" in errors  # as typer says it by itself, or said it


def test_bad_input_in_a_process_of_its_own_shows_no_traceback(posecoach_process: Run) -> None:
    status, output, errors = posecoach_process("check", "none.mp4", "--exercise", "knee_to_chest")
    assert (status, output) == (1, "")
    assert errors == "There is no file none.mp4: check the name and the folder.\n"


def test_the_unforeseen_is_a_sentence_too_with_the_traceback_only_when_verbose(
    posecoach: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: str) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("posecoach.records.routine_files.load", fail)
    status, _, errors = posecoach("routines", "any")
    assert status == 1
    assert errors.count("\n") == 1
    assert "a bug" in errors
    assert "Traceback" in posecoach("-v", "routines", "any")[2]


# -- a recorded video ---------------------------------------------------------------------------------------


def test_check_prints_a_summary_and_writes_json_and_a_video_that_plays_everywhere(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    overlay, results = tmp_path / "out.mp4", tmp_path / "out.json"
    status, output, errors = posecoach(
        "check", short_clip, "--exercise", "knee_to_chest", "--overlay", overlay, "--json", results
    )
    assert status == 0
    assert "Knee to chest: not done" in output
    assert str(overlay) in errors
    [line] = results.read_text("utf-8").splitlines()
    found = json.loads(line)
    assert (found["clip"], found["frames"], found["verdict"]) == (str(short_clip), 24, "not_performed")
    with av.open(str(overlay)) as video:
        stream = video.streams.video[0]
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert sum(1 for _ in video.decode(stream)) == 24


def test_check_follows_a_routine_and_numbers_its_steps(posecoach: Run, short_clip: Path) -> None:
    status, output, errors = posecoach(
        "check", short_clip, "--routine", "lower_back_basics", "--json", "-", "--rotate", "0"
    )
    assert status == 0
    results = [json.loads(line) for line in output.splitlines()]
    assert [result["step"] for result in results] == list(range(1, len(results) + 1))
    assert errors.startswith("Knee to chest, left side: ended early")


def test_a_video_that_ends_early_is_judged_as_far_as_it_goes(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    cut = tmp_path / "cut.mp4"
    data = short_clip.read_bytes()
    cut.write_bytes(data[: len(data) * 3 // 4])
    status, output, errors = posecoach("check", cut, "--exercise", "knee_to_chest")
    assert status == 0
    assert "not done" in output
    assert "A part of this video is missing or damaged" in output
    assert "ends early" in errors
    for way in ("check", "score"):
        found = json.loads(posecoach(way, cut, "--exercise", "knee_to_chest", "--json", "-")[1])
        assert {"code": "source_incomplete"} in found["notes"], way


def test_it_is_said_whose_clock_times_are_of_where_it_is_not_that_of_the_video(
    posecoach: Run, short_clip: Path
) -> None:
    check = ("check", short_clip, "--exercise", "knee_to_chest")
    assert posecoach(*check, "--speed", 0.25)[2] == (
        "All times are of the real world: multiply them by 4 to find them in the video.\n"
    )
    assert posecoach(*check, "--speed", 1)[2] == ""


def test_the_numbers_come_only_when_asked_for(posecoach: Run, short_clip: Path) -> None:
    check = ("check", short_clip, "--exercise", "knee_to_chest")
    assert "frames" not in posecoach(*check)[1]
    _, output, _ = posecoach("-v", *check)
    assert output.index("not done") < output.index("24 frames")


def test_ctrl_c_keeps_what_was_checked_until_then(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    overlay, results = tmp_path / "out.mp4", tmp_path / "out.json"

    def interrupt(self: VideoFile) -> Generator[Frame, None, None]:
        for frame in original(self):
            if frame.index == 12:
                raise KeyboardInterrupt
            yield replace(frame, t_s=frame.t_s + 5 * (frame.index > 6))

    original = VideoFile.__iter__
    monkeypatch.setattr(VideoFile, "__iter__", interrupt)
    status, _, errors = posecoach(
        "check", short_clip, "--exercise", "knee_to_chest", "--overlay", overlay, "--json", results
    )
    assert status == 130
    assert "Stopped" in errors
    found = json.loads(results.read_text("utf-8"))
    assert found["frames"] == 12
    assert {"code": "picture_gap"} in found["notes"]
    with av.open(str(overlay)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 12


# -- a live session -----------------------------------------------------------------------------------------


def test_live_plays_a_file_as_a_camera_prints_what_is_said_and_changes_no_settings(
    posecoach: Run, short_clip: Path, tmp_path: Path
) -> None:
    record, own = tmp_path / "session.mp4", tmp_path / "own.toml"
    own.write_text(ROUTINE, "utf-8")
    status, output, errors = posecoach(
        "live", own, "--camera", short_clip, "--rotate", "0", "--no-mirror", "--record", record
    )
    assert status == 0
    assert "Mine" in output
    assert "0:00.0  Knee to chest, left side" in output
    assert str(record) in errors
    assert record.stat().st_size > 0
    assert not settings.path().exists()
    status, output, errors = posecoach("live", own, "--camera", short_clip)
    assert (status, "no display" in errors) == (0, True)


def test_what_was_chosen_before_a_camera_is_remembered(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.session.live.open_camera", lambda _, reopen: VideoFile(short_clip))
    own = tmp_path / "own.toml"
    own.write_text(ROUTINE, "utf-8")
    assert posecoach("live", own, "--camera", "2", "--rotate", "0", "--no-mirror")[0] == 0
    assert settings.load() == settings.Settings(routine=str(own), camera="2", rotate="0", mirror=False)
    assert "Mine" in posecoach("live")[1]


def test_a_camera_that_is_lost_ends_in_a_sentence_a_summary_and_a_playable_recording(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lost(VideoFile):
        live = True

        def __iter__(self) -> Generator[Frame, None, None]:
            for frame in super().__iter__():
                if frame.index == 12:
                    raise SourceError("Camera lost: 0 gives no pictures any more.")
                yield frame

    monkeypatch.setattr("posecoach.session.live.open_camera", lambda _, reopen: Lost(short_clip))
    record = tmp_path / "session.mp4"
    status, output, errors = posecoach("live", "lower_back_basics", "--no-window", "--record", record)
    assert status == 1
    assert "Camera lost" in errors
    assert "I will tell you when I can see you well" in output  # a camera is set up first
    with av.open(str(record)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 12


def test_a_recording_that_fails_ends_in_a_status_with_the_results_still_printed(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FullDisk(VideoWriter):
        def write(self, image: Image, t_s: float) -> None:
            if t_s > 0.5:
                raise OutputError("The disk is full.")
            super().write(image, t_s)

    monkeypatch.setattr("posecoach.session.live.VideoWriter", FullDisk)
    record = tmp_path / "session.mp4"
    status, output, errors = posecoach("live", "--camera", short_clip, "--no-window", "--record", record)
    assert status == 1
    assert "The disk is full. The session went on" in errors
    assert "done. Rest a moment, and get up slowly." in output
    with av.open(str(record)) as video:
        assert sum(1 for _ in video.decode(video=0)) in range(1, 8)  # a busy machine drops some


def test_ctrl_c_ends_a_session_as_q_does(
    posecoach: Run, short_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(VideoFile):
        live = True

        def __iter__(self) -> Generator[Frame, None, None]:
            yield next(super().__iter__())
            raise KeyboardInterrupt

    monkeypatch.setattr("posecoach.session.live.open_camera", lambda _, reopen: Interrupted(short_clip))
    status, output, errors = posecoach("live", "lower_back_basics", "--no-window")
    assert (status, errors) == (0, "")
    assert "Lower back basics" in output


def test_a_corrupt_settings_file_does_not_stop_a_session(posecoach: Run, short_clip: Path) -> None:
    settings.path().parent.mkdir()
    settings.path().write_text("camera = [", "utf-8")
    status, _, errors = posecoach("live", "--camera", short_clip, "--no-window")
    assert status == 0
    assert "cannot be understood" in errors
    assert settings.path().read_text("utf-8") == "camera = ["


def test_a_session_runs_without_a_window_in_a_process_of_its_own(
    posecoach_process: Run, short_clip: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own.toml"
    own.write_text(ROUTINE, "utf-8")
    arguments = ("live", own, "--camera", short_clip, "--no-window", "--sound", "off")
    status, output, errors = posecoach_process(*arguments)
    assert (status, errors) == (0, "")
    assert "0:00.0  Knee to chest, left side" in output
    assert "0 of 1 done. Rest a moment, and get up slowly." in output


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_whatever_ends_a_session_twice_leaves_a_summary_and_a_recording(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    class Ended(VideoFile):
        live = True

        def __iter__(self) -> Generator[Frame, None, None]:
            for frame in super().__iter__():
                if frame.index == 12:
                    os.kill(os.getpid(), getattr(signal, name))
                yield frame

        def close(self) -> None:
            super().close()
            os.kill(os.getpid(), getattr(signal, name))

    monkeypatch.setattr("posecoach.session.live.open_camera", lambda _, reopen: Ended(short_clip))
    # It begins with the first step, before which there is nothing to keep.
    monkeypatch.setattr("posecoach.session.live.placement", lambda _, coach, *__, **___: coach)
    record = tmp_path / "session.mp4"
    status, output, errors = posecoach("live", "lower_back_basics", "--no-window", "--record", record)
    assert (status, str(record) in errors) == (0, True)
    assert "This was session" in output  # and it is in the history
    with av.open(str(record)) as video:
        assert sum(1 for _ in video.decode(video=0)) == 12


def test_a_remembered_routine_that_is_gone_is_said_to_be_the_one_used_last(posecoach: Run) -> None:
    settings.save(settings.Settings(routine="/gone/own.toml", camera="63"))
    for command in ("live", "calibrate"):
        status, _, errors = posecoach(command)
        assert (status, errors.count("\n")) == (2, 1)
        assert "The routine used last" in errors
        assert "/gone/own.toml" in errors


# -- where it is printed ------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["live", "calibrate", "score", "check"])
def test_help_shows_what_stands_in_for_an_option(posecoach_process: Run, command: str) -> None:
    words = {"score": "[one per processor]", "check": "[this folder]"}.get(command, "[the one used last]")
    output = posecoach_process(command, "--help")[1]
    assert words in " ".join(output.replace("│", " ").split())


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    ("redirect", "expected", "words"),
    [
        (">&-", 0, ""),
        (">&- 2>&-", 0, ""),
        pytest.param(
            "> /dev/full",
            1,
            "Standard output cannot be written",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full"),
        ),
    ],
)
@pytest.mark.parametrize("command", ["exercises", "--help", "--version"])
def test_output_that_cannot_be_written_is_one_sentence_at_most(
    environment: dict[str, str], command: str, redirect: str, expected: int, words: str
) -> None:
    line = f'"{sys.executable}" -m posecoach {command} {redirect}'
    done = subprocess.run(["sh", "-c", line], env=environment, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == expected
    assert words in done.stderr
    assert done.stderr.count("\n") == int(bool(words))


def test_notes_go_to_the_terminal_and_not_to_other_loggers(posecoach: Run) -> None:
    posecoach("exercises")
    assert logging.getLogger("posecoach").propagate is False


# -- JSON, and how much is printed --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "key"),
    [
        (("exercises",), "exercise"),
        (("routines",), "routine"),
        (("routines", "wake_up"), "routine"),
        (("routines", "show", "wake_up"), "routine"),
        (("doctor",), "part"),
    ],
)
def test_json_without_a_value_goes_to_the_terminal_and_with_one_to_a_file(
    posecoach: Run, tmp_path: Path, command: tuple[str, ...], key: str
) -> None:
    def rows(text: str) -> list[str]:
        return [json.loads(line)[key] for line in text.splitlines()]

    bare = posecoach(*command, "--json")
    named = posecoach(*command, "--json", "-")
    posecoach(*command, "--json", tmp_path / "out.jsonl")
    assert rows(bare[1])
    assert rows(bare[1]) == rows(named[1]) == rows((tmp_path / "out.jsonl").read_text("utf-8"))


@pytest.mark.parametrize(
    "order", [("--json", "--exercise", "knee_to_chest"), ("--exercise", "knee_to_chest", "--json")]
)
@pytest.mark.parametrize("command", ["check", "score"])
def test_json_without_a_value_may_stand_before_another_option(
    posecoach: Run, short_clip: Path, command: str, order: tuple[str, ...]
) -> None:
    status, output, _ = posecoach(command, short_clip, *order)
    assert (status, json.loads(output)["exercise"]) == (0, "knee_to_chest")


def test_an_export_of_the_routines_has_their_steps(posecoach: Run) -> None:
    exported = json.loads(posecoach("routines", "wake_up", "--json")[1])
    assert exported["steps"][0].keys() >= {"exercise", "side", "hold_s", "reps"}
    assert exported["estimated_s"] > 0


def test_quiet_and_verbose_are_taken_after_the_command_too(
    posecoach: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert posecoach("exercises", "-q") == (0, "", "")
    assert posecoach("routines", "--quiet") == (0, "", "")
    assert posecoach("routines", "wake_up", "-q") == (0, "", "")
    assert posecoach("history", "-q") == (0, "", "")
    assert posecoach("model", "fetch", "-q") == (0, "", "")

    def fail(_: str) -> None:
        raise RuntimeError("a bug")

    monkeypatch.setattr("posecoach.records.routine_files.load", fail)
    assert "Traceback" in posecoach("routines", "any", "-v")[2]
    assert "Traceback" not in posecoach("routines", "any")[2]


@pytest.mark.parametrize(
    "command", [(), ("live",), ("score",), ("history", "forget"), ("serve",), ("model",)]
)
def test_help_shows_no_value_for_a_switch(posecoach: Run, command: tuple[str, ...]) -> None:
    output = posecoach(*command, "--help")[1]
    assert "--help" in output
    assert "bool" not in output


@pytest.mark.parametrize(
    "arguments",
    [
        ("\x1b[31mred",),
        ("live", "--\x1b]0;title\x07=1"),
        ("score", "a.mp4", "--hold", "\x1b[31m"),
        ("check", "a.mp4", "--rotate", "\x1b[31m"),
        ("check", "\x1b[31m.mp4", "--exercise", "\x1b[31m"),
        ("score", "a.mp4", "--exercise", "bridge", "--limit", "\x1b[31m=1"),
        ("history", "forget", "\x1b[31m"),
        ("routines", "\x1b[31m"),
    ],
)
def test_what_was_typed_reaches_no_terminal_as_an_escape_code(
    posecoach: Run, arguments: tuple[str, ...]
) -> None:
    status, output, errors = posecoach(*arguments)
    assert status == 2 or "check" in arguments
    assert "\x1b" not in output + errors
    assert "\x07" not in output + errors


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (("live", "none"), "Es gibt keine Routine 'none'"),
        (("live", "--camera", "none.mp4"), "Es gibt keine Datei none.mp4"),
        (("check", "none.mp4"), "Es gibt keine Datei none.mp4"),
        (("check", "none.mp4", "--exercise", "bridg"), "(meintest du 'bridge'?)"),
        (("check", "broken.mp4", "--exercise", "bridge"), "ist kein lesbares Video"),
        (("routines", "none.toml"), "Es gibt keine Routinendatei none.toml"),
        (("routines", "new", "broken.toml"), "broken.toml gibt es schon"),
        (("report",), "Es gibt noch keine Sitzung zum Zeichnen"),
        (("report", "--json", "none/out"), "denn es gibt keinen Ordner none"),
        (("history", "--json", "."), ". ist ein Ordner"),
        (("history", "forget", "7", "--yes"), "Es gibt keine Sitzung 7"),
    ],
)
def test_a_german_speaker_is_told_in_german_what_went_wrong(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], said: str
) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))  # without the sessions of other tests
    monkeypatch.chdir(tmp_path)
    for name in ("broken.mp4", "broken.toml"):
        Path(name).write_text("nothing of the kind", "utf-8")
    status, _, errors = posecoach(*command)
    assert status in (1, 2)
    assert said in errors


def test_what_is_wrong_inside_a_file_is_told_in_english_alone(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text('[[steps]]\nexercise = "bridgge"\nreps = 2\n', "utf-8")
    _, _, errors = posecoach("routines", "check", "mine.toml")
    assert "did you mean 'bridge'?" in errors
