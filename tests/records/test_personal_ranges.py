"""A person's own limits: the file, what follows from it, and which limit wins."""

import tomllib
from datetime import date
from pathlib import Path

import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching.targets import Range, Ranges
from posecoach.core.errors import InputError
from posecoach.core.types import Side
from posecoach.records import personal_ranges
from tests.conftest import GOOD_CLIP, Run

KNEE = CATALOGUE["knee_to_chest"]
MEASURED = [exercise for exercise in CATALOGUE.values() if not exercise.timed_only]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.core.paths.config_dir", lambda: tmp_path / "config")


def ranges(exercise: str, side: Side, rest: float, *peaks: float) -> Ranges:
    entries = tuple(Range(date=date(2025, 1, day + 1), rest=rest, peak=p) for day, p in enumerate(peaks))
    return {exercise: {side: entries}}


OWN = ranges("knee_to_chest", "left", 60, 96)


def test_a_file_where_the_settings_folder_should_be(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config").write_text("in the way", "utf-8")
    monkeypatch.setattr("posecoach.core.paths.config_dir", lambda: tmp_path / "config")
    for command in (("calibrate", "--show"), ("calibrate", "--forget"), ("routines",)):
        status, _, errors = posecoach(*command)
        assert (status, "unforeseen" in errors) == (0, False)


def test_what_is_recorded_comes_back_and_what_was_there_stays() -> None:
    first, second = (Range(date=date(2025, month, 1), rest=12.5, peak=80 + month) for month in (1, 2))
    personal_ranges.record({("hamstring", "left"): first, ("bridge", "both"): first})
    personal_ranges.record({("hamstring", "left"): second, ("hamstring", "right"): second})
    assert personal_ranges.load() == {
        "hamstring": {"left": (first, second), "right": (second,)},
        "bridge": {"both": (first,)},
    }


def test_the_file_can_be_read_by_a_person_and_keeps_what_it_does_not_know() -> None:
    personal_ranges.path().parent.mkdir()
    entry = "date = 2024-05-01\nrest = 1.0\npeak = 2.0\n"
    personal_ranges.path().write_text(f'[["tai chi".left]]\n{entry}', "utf-8")
    personal_ranges.record({("press_up", "both"): Range(date=date(2025, 1, 2), rest=0, peak=14)})
    text = personal_ranges.path().read_text("utf-8")
    assert text.startswith("# ")
    assert tomllib.loads(text) == {
        "tai chi": {"left": [{"date": date(2024, 5, 1), "rest": 1, "peak": 2}]},
        "press_up": {"both": [{"date": date(2025, 1, 2), "rest": 0, "peak": 14}]},
    }
    assert [path.name for path in personal_ranges.path().parent.iterdir()] == [personal_ranges.path().name]


@pytest.mark.parametrize(
    "content",
    [
        "knee = [",
        "knee_to_chest = 3",
        "[[knee_to_chest.left]]\npeak = 80.0",
        "[[knee_to_chest.up]]\ndate = 2024-05-01\nrest = 1.0\npeak = 2.0",
        "[[knee_to_chest.left]]\ndate = 2024-05-01\nrest = nan\npeak = 2.0",
        "knee_to_chest.left = []",
        "[[knee_to_chest.left]]\ndate = 2024-05-01\nrest = 1.0\npeak = 1e9",
        "[[knee_to_chest.left]]\ndate = 2024-05-01\nrest = true\npeak = 80.0",
        '[[knee_to_chest.left]]\ndate = 2024-05-01\nrest = 1.0\npeak = "80"',
        "knee_to_chest = " + "[" * 5000,
        "\x00",
    ],
)
def test_a_damaged_file_is_named_and_never_written_over(content: str) -> None:
    personal_ranges.path().parent.mkdir()
    personal_ranges.path().write_text(content, "utf-8")
    with pytest.raises(InputError, match="cannot be understood"):
        personal_ranges.load()
    with pytest.raises(InputError, match="cannot be understood"):
        personal_ranges.record({("press_up", "both"): Range(date=date(2025, 1, 2), rest=0, peak=14)})
    assert personal_ranges.path().read_text("utf-8") == content


# -- the commands --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--limit", "enter"), "NAME=VALUE"),
        (("--limit", "enter=far"), "NAME=VALUE"),
        (("--limit", "enter=nan"), "NAME=VALUE"),
        (("--limit", "entr=95"), "did you mean 'enter'?"),
        (("--limit", "enter=20"), "--limit enter of knee_to_chest must be between 85 and 150"),
        (("--limit", "enter=-95"), "between 85 and 150"),
        (
            ("--limit", "shallow=130", "--limit", "enter=110"),
            "--limit shallow of knee_to_chest is 130, beyond the target enter, which is 110",
        ),
        (("--limit", "shallow=101"), "beyond the target enter, which is 100: lower shallow, or raise enter"),
        (("--limit", "bridge.enter=-30"), "another exercise"),
        (("--limit", "knees.enter=95"), "no exercise 'knees'"),
    ],
)
def test_a_bad_limit_is_one_sentence(posecoach: Run, options: tuple[str, ...], words: str) -> None:
    status, output, errors = posecoach("check", GOOD_CLIP, "--exercise", "knee_to_chest", *options)
    assert (status, output) == (2, "")
    assert words in errors
    assert errors.count("\n") == 1


@pytest.mark.parametrize("command", [("live",), ("check", GOOD_CLIP, "--routine")])
def test_with_a_routine_a_limit_names_its_exercise(posecoach: Run, command: tuple[object, ...]) -> None:
    for option, words in (("enter=95", "EXERCISE.NAME=VALUE"), ("fetal.enter=75", "has no fetal")):
        status, _, errors = posecoach(*command, "lower_back_basics", "--limit", option)
        assert status == 2
        assert words in errors


def test_live_shows_and_uses_the_limits_in_force(posecoach: Run, weights: bytes, short_clip: Path) -> None:
    personal_ranges.record({("knee_to_chest", "left"): OWN["knee_to_chest"]["left"][0]})
    arguments = ("live", "lower_back_basics", "--camera", short_clip, "--no-window")
    status, output, _ = posecoach(*arguments, "--limit", "spinal_twist.enter=40")
    assert status == 0
    assert "91°" in output
    assert "40°" in output
    assert "100°" in posecoach(*arguments, "--limit", "knee_to_chest.enter=100")[1]


def test_check_says_when_own_limits_apply(posecoach: Run, weights: bytes, short_clip: Path) -> None:
    check = ("check", short_clip, "--exercise", "knee_to_chest", "--rotate", "0")
    assert "own limits" not in posecoach(*check)[2]
    personal_ranges.record({("knee_to_chest", "left"): OWN["knee_to_chest"]["left"][0]})
    assert "Your own limits apply" in posecoach(*check)[2]
    assert "own limits" not in posecoach(*check, "--side", "right")[2]
    assert "own limits" not in posecoach(*check, "--limit", "enter=100")[2]
