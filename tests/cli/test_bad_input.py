"""Bad input to every command: one sentence, and a status."""

import re
from collections.abc import Callable
from pathlib import Path

import av
import pytest

from tests.conftest import GOOD_CLIP, Run

ROUTINE = 'title = "Mine"\n[[steps]]\nexercise = "knee_to_chest"\nside = "left"\nhold_s = 10\n'


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
        (("check", GOOD_CLIP, "--routine", typo), 2, "step 1: holds is not a known key"),
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


def test_what_is_wrong_in_a_routine_is_told_in_german_alone(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    monkeypatch.chdir(tmp_path)
    Path("mine.toml").write_text('[[steps]]\nexercise = "bridgge"\nreps = 2\n', "utf-8")
    _, _, errors = posecoach("routines", "check", "mine.toml")
    assert "(meintest du 'bridge'?)" in errors
    assert not re.search("step|must|got|missing", errors)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (
            ("check", GOOD_CLIP, "--exercise", "bridge", "--side", "both"),
            "'--side': 'both' is not one of 'left'",
        ),
        (("live", "--rotate", "45"), "'--rotate': '45' is not one of 'auto'"),
    ],
)
def test_what_is_none_of_the_choices_is_told_with_them(
    posecoach: Run, arguments: tuple[object, ...], words: str
) -> None:
    status, _, errors = posecoach(*arguments)
    told = " ".join(errors.replace("│", " ").split())
    assert (status, f"Invalid value for {words}" in told) == (2, True)
