"""What the commands print, how much of it, and where to."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import Run


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
