"""`posecoach routines`: a routine of one's own, asked for, kept, found again and checked."""

import io
import json
import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from posecoach.cli.app import routines_app
from posecoach.core import paths
from posecoach.feedback import terminal
from posecoach.records import routine_files, settings
from posecoach.records.history import Store
from posecoach.records.session_recorder import keeping
from posecoach.records.settings import Settings
from posecoach.session.live import Stage
from posecoach.session.pipeline import LiveSummary
from tests.conftest import GOOD_CLIP, Run
from tests.support.sessions import knee, session


@pytest.fixture
def answering(posecoach: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `posecoach routines new` with answers, and a file where one is given."""

    def run(answers: object, *file: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "stdin", io.StringIO(str(answers)))
        return posecoach("routines", "new", *file)

    return run


def test_a_few_answers_make_a_routine_that_is_found_by_its_name(answering: Run, posecoach: Run) -> None:
    status, output, errors = answering("My Mornings!\n7 press_up,1\nleft\n15\n2\n\n3\n5\n")
    assert status == 0
    assert "posecoach live my_mornings" in errors
    assert "about" in output
    made = routine_files.load("my_mornings")
    assert made.title == "My Mornings!"
    assert [(step.exercise, step.side, step.hold_s, step.reps) for step in made.steps] == [
        ("knee_to_chest", "left", 15, 2),
        ("press_up", "both", 2, 3),
        ("bridge", "both", 0, 5),
    ]
    assert "my_mornings" in posecoach("routines")[1]
    assert "2 × hold 15 s" in posecoach("routines", "my_mornings")[1]
    assert posecoach("routines", "check", "my_mornings")[0] == 0


def test_answers_that_make_no_sense_are_asked_for_again(answering: Run) -> None:
    status, output, _ = answering("wake up\n?!\nnew\nMine\n99\n7\nboth of them\nboth\n0\n20\nmany\n1\n")
    assert status == 0
    for words in ("'wake_up' already", "letters or digits", "posecoach needs itself", "'99' is none"):
        assert words in output
    assert [step.side for step in routine_files.load("mine").steps] == ["left", "right"]


def test_the_names_that_nothing_gets_are_the_commands() -> None:
    commands = {command.name for command in routines_app.registered_commands}
    assert commands == {*routine_files.RESERVED}


def test_a_name_with_quotes_and_signs_is_written_as_it_was_given(answering: Run) -> None:
    assert answering('Gran\'s "slow" \\ früh\n1\n\n')[0] == 0
    assert routine_files.load("gran_s_slow_früh").title == 'Gran\'s "slow" \\ früh'


def test_answers_that_end_early_write_nothing(answering: Run, tmp_path: Path) -> None:
    status, _, errors = answering("Mine\n7\n")
    assert (status, errors.count("\n")) == (2, 1)
    assert "nothing was written" in errors
    assert not list(tmp_path.rglob("*.toml"))


def test_a_file_may_be_named_and_is_never_overwritten(answering: Run, tmp_path: Path) -> None:
    target = tmp_path / "mine.toml"
    assert answering("Wake up\n1\n\n", target)[0] == 0
    assert routine_files.load(str(target)).title == "Wake up"
    before = target.read_bytes()
    for file, words in ((target, "is there already"), (tmp_path / "mine.txt", "ends in .toml")):
        status, _, errors = answering("Other\n1\n\n", file)
        assert (status, words in errors) == (2, True)
    assert target.read_bytes() == before


def places(errors: str) -> list[str]:
    """Where each mistake is said to be, with the first word of what it is."""
    return [line[: line.index(" ", line.index(": ") + 2)] for line in errors.splitlines()]


def test_all_that_is_wrong_in_a_file_is_told_with_its_line(posecoach: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        'title = "Own"\ntittle = 3\n\n[[steps]]\nexercise = "knee_to_chets"\n\n'
        '[[steps]]\nexercise = "press_up"\nside = "left"\nlimits = { enter = 99, foo = 2 }\n\n'
        '[[steps]]\nexercise = "bridge"\nreps = 0\n\n[[steps]]\npause_s = 3\n',
        "utf-8",
    )
    status, output, errors = posecoach("routines", "check", file)
    assert (status, output) == (2, "")
    assert places(errors) == [
        "Line 2: tittle",
        "Line 5, step 1: exercise",
        "Line 9, step 2: side",
        "Line 10, step 2: limits.enter",
        "Line 10, step 2: limits",
        "Line 14, step 3: reps",
        "Line 16, step 4: say",
    ]


def test_a_mistake_in_a_step_hides_no_other_and_makes_none_up(posecoach: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        'title = "Own"\n[[steps]]\nexercise = "knee_to_chest"\nhold_s = -3\nlimits = { enter = 20 }\n'
        '[[steps]]\nexercise = "bridg"\nsied = "left"\n',
        "utf-8",
    )
    status, _, errors = posecoach("routines", "check", file)
    assert (status, places(errors)) == (
        2,
        [
            "Line 4, step 1: hold_s",
            "Line 5, step 1: limits.enter",
            "Line 7, step 2: exercise",
            "Line 8, step 2: sied",
        ],
    )


def test_the_lines_of_steps_in_a_list_are_told_too(posecoach: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        'title = "Own"  # steps = [{}]\n'
        "steps = [  # in [brackets]\n"
        '  { exercise = "knee_to_chest", limits = { enter = 20 }, side = "both" }, { exercise = "bridg" },\n'
        """  { pause_s = 5, say = 'Roll over, then "}" or ]' },\n"""
        '  { exercise = "press_up", reps = 0 },\n'
        "]\n"
        "days_a_week = 9\n",
        "utf-8",
    )
    assert places(posecoach("routines", "check", file)[2]) == [
        "Line 3, step 1: limits.enter",
        "Line 3, step 1: side",
        "Line 3, step 2: exercise",
        "Line 5, step 4: reps",
        "Line 7: days_a_week",
    ]


def test_a_limit_in_a_table_of_its_own_is_found(posecoach: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(
        f"{PRESCRIBED}\n[steps.limits]\nenter = 20\n".replace("limits = { enter = 95 }\n", ""), "utf-8"
    )
    [line] = places(posecoach("routines", "check", file)[2])
    number = file.read_text("utf-8").splitlines().index("[steps.limits]") + 1
    assert line == f"Line {number}, step 1: limits.enter"


def test_what_is_wrong_in_a_file_is_told_in_german(posecoach: Run, tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text('[[steps]]\nexercise = "bridge"\nside = "left"\nlimits = { enter = 99 }\n', "utf-8")
    settings.save(Settings(language="de"))
    told = posecoach("routines", "check", file)[2].splitlines()
    assert told[:2] == [
        "title fehlt.",
        "Zeile 3, Schritt 1: side muss bei bridge 'both' sein oder fehlen, ist aber 'left'.",
    ]
    assert told[2].startswith("Zeile 4, Schritt 1: limits.enter von bridge muss zwischen -40 und 10 liegen")


@pytest.mark.parametrize("answer", ["", "each", "both"])
def test_both_sides_are_one_after_the_other(answering: Run, tmp_path: Path, answer: str) -> None:
    target = tmp_path / "own.toml"
    status, _, errors = answering(f"Own\nknee_to_chest\n{answer}\n10\n1\n", target)
    assert (status, errors.count("Please answer")) == (0, 0)
    assert [step.side for step in routine_files.load(str(target)).steps] == ["left", "right"]


def test_an_own_routine_that_is_broken_costs_no_other(posecoach: Run) -> None:
    routine_files.own_folder().mkdir(parents=True)
    (routine_files.own_folder() / "broken.toml").write_text("title = ", "utf-8")
    status, output, errors = posecoach("routines")
    assert (status, "wake_up" in output) == (0, True)
    assert "broken.toml is not valid TOML" in errors


def test_what_is_wanted_today_is_shown_before_the_session_begins(
    posecoach: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def session(_: object, __: object, stage: Stage) -> LiveSummary:
        terminal.console().print(stage.table)
        return LiveSummary([], 0, 0, "quit")

    there = SimpleNamespace(source=SimpleNamespace(doubts=frozenset(), timed=True))
    monkeypatch.setattr("posecoach.session.live.opened", lambda *_: nullcontext(there))
    monkeypatch.setattr("posecoach.session.live.run", session)
    wanted = ("--only", "knee_to_chest,press_up", "--skip", "press_up", "--gentle")
    status, output, _ = posecoach("live", "lower_back_basics", *wanted)
    assert status == 0
    assert "Lower back basics (gentle)" in output
    assert "about 48 s" in output
    assert "hold 10 s" in output
    assert "Press-up" not in output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--routine", "wake_up", "--only", "bridge"), "'wake_up' has no bridge"),
        (("--routine", "wake_up", "--skip", "knee_to_chets"), "did you mean 'knee_to_chest'?"),
        (("--exercise", "bridge", "--gentle"), "require --routine"),
    ],
)
def test_what_cannot_be_wanted_is_a_sentence(posecoach: Run, options: tuple[str, ...], words: str) -> None:
    status, _, errors = posecoach("check", GOOD_CLIP, *options)
    assert status == 2
    assert words in errors


PRESCRIBED = """
title = "For Anna"
days_a_week = 4
note = "Slowly, and ring me on Friday"
[[steps]]
exercise = "knee_to_chest"
side = "left"
hold_s = 15
limits = { enter = 95 }
"""


def test_a_routine_is_handed_over(posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("for_anna.toml").write_text(PRESCRIBED, "utf-8")
    status, output, errors = posecoach("routines", "add", "for_anna.toml")
    assert (status, "posecoach live for_anna" in errors) == (0, True)
    shown = " ".join(output.split())
    assert "4 days a week" in shown
    assert "ring me on Friday" in shown
    assert "hip bent by 95°" in shown
    assert routine_files.prescribed("for_anna") == 4
    assert posecoach("routines", "add", "for_anna.toml")[0] == 0, "the same file once more does no harm"
    Path("for_anna.toml").unlink()
    status, _, errors = posecoach("routines", "share", "for_anna")
    assert (status, "posecoach routines add for_anna.toml" in " ".join(errors.split())) == (0, True)
    assert Path("for_anna.toml").read_text("utf-8") == PRESCRIBED
    assert posecoach("routines", "share", "wake_up", "mine.toml")[0] == 0
    assert routine_files.load("mine.toml").title == "Wake up"


def test_all_that_is_wrong_in_a_file_is_told_alike_whether_it_is_checked_or_added(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    wrong = (
        PRESCRIBED.replace("= 4", "= 8").replace("chest", "chst") + "[[steps]]\npause_s = 15\nsai = 'Roll'\n"
    )
    Path("typo.toml").write_text(wrong, "utf-8")
    checked, added = (posecoach("routines", command, "typo.toml") for command in ("check", "add"))
    assert checked == added
    assert added[0] == 2
    assert added[2].count("Line ") >= 3


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("wake_up.toml", PRESCRIBED, "ships with posecoach"),
        ("new.toml", PRESCRIBED, "posecoach needs itself"),
        ("taken.toml", PRESCRIBED, "of your own already"),
        (
            "wrong.toml",
            PRESCRIBED.replace("= 4", "= 8"),
            "days_a_week must be a whole number from 1 to 7, but got 8",
        ),
        ("none.toml", None, "no routine file"),
    ],
)
def test_what_cannot_be_added_is_a_sentence(
    posecoach: Run, tmp_path: Path, name: str, content: str | None, words: str
) -> None:
    routine_files.own_folder().mkdir(parents=True)
    taken = routine_files.own_folder() / "taken.toml"
    taken.write_text(PRESCRIBED.replace("Anna", "Bert"), "utf-8")
    if content is not None:
        (tmp_path / name).write_text(content, "utf-8")
    status, output, errors = posecoach("routines", "add", tmp_path / name)
    assert (status, output) == (2, "")
    assert words in " ".join(errors.split())
    assert [path.name for path in routine_files.own_folder().iterdir()] == ["taken.toml"]
    assert "Bert" in taken.read_text("utf-8")


def test_the_history_counts_against_what_is_prescribed(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "data_dir", lambda: tmp_path / "data")
    given = tmp_path / "for_anna.toml"
    given.write_text(PRESCRIBED, "utf-8")
    posecoach("routines", "add", given)
    with Store() as store:
        store.write(replace(session(knee()), routine="for_anna"))
    assert "of the 4 days that were prescribed" in " ".join(posecoach("history")[1].split())


def test_the_history_knows_what_a_routine_prescribed_that_was_given_by_its_path(
    posecoach: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "data_dir", lambda: tmp_path / "data")
    given = tmp_path / "for_anna.toml"
    given.write_text(PRESCRIBED, "utf-8")
    with keeping(routine_files.load(str(given)), before=3) as kept:
        kept.follow(12.0)
        kept.end("quit")
    given.unlink()
    assert "of the 4 days that were prescribed" in " ".join(posecoach("history")[1].split())
    assert json.loads(posecoach("history", "--json")[1])["days_a_week"] == 4


def test_what_cannot_be_shared_is_a_sentence(posecoach: Run, tmp_path: Path) -> None:
    there = tmp_path / "there.toml"
    there.write_text("", "utf-8")
    for arguments, words in (
        (("wake_upp",), "did you mean 'wake_up'"),
        (("wake_up", there), "is there already"),
        (("wake_up", tmp_path / "a.txt"), "ends in .toml"),
    ):
        status, _, errors = posecoach("routines", "share", *arguments)
        assert (status, words in " ".join(errors.split())) == (2, True)
    assert there.read_text("utf-8") == ""


def test_that_the_questions_were_cut_short_is_said_in_the_language_they_were_asked_in(
    answering: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    status, _, errors = answering("Mein Morgen\n")
    assert (status, "Fang noch einmal an" in errors) == (2, True)
