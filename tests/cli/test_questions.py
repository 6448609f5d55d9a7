"""What is asked before and after a session, what the answers lead to, and that nobody is asked in vain."""

import os
import sys
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest
import typer

from posecoach.cli import asking
from posecoach.cli.asking import Terminal
from posecoach.cli.commands import questions
from posecoach.coaching import safety
from posecoach.coaching.safety import GROUPS
from posecoach.core.errors import InputError, SafetyError
from posecoach.records import safety_answers
from posecoach.records.safety_answers import Answers
from posecoach.session.pipeline import LiveSummary
from posecoach.vision.video_file import VideoFile
from tests.conftest import GOOD_CLIP, Run

NOW, LOOKED_AT, ASK = GROUPS
NO = "n n n"  # to the three questions of the first session

Type = Callable[[str], list[str]]


@pytest.fixture
def nobody_is_asked() -> None:
    """Here somebody is."""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.core.paths.data_dir", lambda: tmp_path / "data")
    monkeypatch.setattr("posecoach.core.paths.config_dir", lambda: tmp_path / "config")


@pytest.fixture
def types(monkeypatch: pytest.MonkeyPatch) -> Type:
    """A person at the terminal who types words, `-` for Enter alone; what they were asked."""

    def sit_down(typed: str) -> list[str]:
        asked, words = list[str](), iter(typed.split())

        def answer(question: str, **_: object) -> str:
            asked.append(question)
            word = next(words, None)
            if word is None:
                raise typer.Abort
            return "" if word == "-" else word

        monkeypatch.setattr(asking, "at_terminal", lambda: True)
        monkeypatch.setattr(typer, "prompt", answer)
        return asked

    return sit_down


def answered(days: int, yes: Iterable[str] = (), cleared: Iterable[str] = ()) -> Answers:
    given = Answers(date=date.today() - timedelta(days=days), yes=tuple(yes), cleared=tuple(cleared))
    safety_answers.save(given)
    return given


def test_the_first_session_asks_three_groups_today_and_how_it_feels(
    types: Type, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = types(f"{NO} n 4")
    assert questions.before(Terminal(), again=False) == 4
    assert len(asked) == 5
    assert safety_answers.load() == Answers(date=date.today())
    shown = capsys.readouterr()
    assert shown.out == ""
    for group in GROUPS:
        assert all(sign in shown.err for sign in group.signs)
    assert safety.STOP in shown.err


def test_later_sessions_ask_about_today_only_until_it_is_due_or_wanted(types: Type) -> None:
    answered(89)
    assert len(asked := types("n -")) == 0
    assert questions.before(Terminal(), again=False) is None
    assert [safety.TODAY in asked[0], safety.BEFORE in asked[1], len(asked)] == [True, True, 2]
    asked = types(f"{NO} n -")
    questions.before(Terminal(), again=True)
    assert len(asked) == 5
    for days in (90, -2):
        answered(days)
        asked = types(f"{NO} n -")
        questions.before(Terminal(), again=False)
        assert len(asked) == 5


@pytest.mark.parametrize(
    ("typed", "advice", "yes", "cleared"),
    [
        ("y", NOW.advice, {NOW.key}, set()),
        ("n y n", LOOKED_AT.advice, {LOOKED_AT.key}, set()),
        ("n n y n", ASK.advice, {ASK.key}, set()),
        ("n y y y n", ASK.advice, {LOOKED_AT.key, ASK.key}, {LOOKED_AT.key}),
        ("n n n y", safety.NOT_TODAY, set(), set()),
        ("n n n n 7", safety.SEVERE_NOW, set(), set()),
    ],
)
def test_what_speaks_against_a_session_ends_in_advice(
    types: Type, typed: str, advice: str, yes: set[str], cleared: set[str]
) -> None:
    types(typed)
    with pytest.raises(SafetyError) as refused:
        questions.before(Terminal(), again=False)
    assert str(refused.value) == advice
    known = safety_answers.load()
    assert known is not None
    assert (set(known.yes), set(known.cleared)) == (yes, cleared)


def test_a_refusal_is_asked_about_again_and_a_professional_clears_the_way(
    types: Type, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(1, [LOOKED_AT.key])
    asked = types("n y y n n 2")
    assert questions.before(Terminal(), again=False) == 2
    assert len(asked) == 6
    assert LOOKED_AT.gently in capsys.readouterr().err
    types("n 2")
    assert questions.before(Terminal(), again=False) == 2


def test_other_answers_are_asked_for_again(types: Type, capsys: pytest.CaptureFixture[str]) -> None:
    answered(1)
    asked = types("perhaps - N 11 -1 ten 10000 6")
    assert questions.before(Terminal(), again=False) == 6
    assert len(asked) == 8
    assert capsys.readouterr().err.count("Please type") == 6


def test_leaving_the_questions_leaves_everything(types: Type) -> None:
    for typed in ("", "n", NO + " n"):
        types(typed)
        with pytest.raises(KeyboardInterrupt):
            questions.before(Terminal(), again=False)
    known = safety_answers.load()
    assert known is not None
    assert known.yes == ()


def test_after_a_session_everything_can_be_skipped(types: Type) -> None:
    types("2 y")
    assert questions.after(Terminal()) == (2, True)
    types("- -")
    assert questions.after(Terminal()) == (None, None)
    types("")
    assert questions.after(Terminal()) == (None, None)


def test_answers_that_cannot_be_kept_stop_nobody(types: Type, tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    types(f"{NO} n 1")
    assert questions.before(Terminal(), again=False) == 1


# -- the commands --------------------------------------------------------------------------------------


@pytest.fixture
def camera(short_clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A camera that gives pictures."""
    monkeypatch.setattr("posecoach.session.live.open_camera", lambda _, reopen: VideoFile(short_clip))


@pytest.mark.usefixtures("camera")
@pytest.mark.parametrize("command", ["live", "calibrate"])
def test_without_terminal_and_display_there_is_one_sentence_and_no_session(
    posecoach: Run, command: str
) -> None:
    answered(1)
    status, output, errors = posecoach(command, "lower_back_basics")
    assert (status, output, errors.count("\n")) == (2, "", 1)
    assert "start posecoach in a terminal, or run 'posecoach serve'" in errors


@pytest.mark.usefixtures("camera")
@pytest.mark.parametrize("command", ["live", "calibrate"])
def test_advice_has_a_status_of_its_own(posecoach: Run, types: Type, command: str) -> None:
    answered(1)
    types("y")
    status, output, errors = posecoach("-q", command, "lower_back_basics")
    assert (status, output, errors) == (3, "", f"{safety.NOT_TODAY}\n")
    types("")
    assert posecoach(command, "lower_back_basics")[0] == 130


@pytest.mark.parametrize("command", ["live", "calibrate"])
def test_nobody_is_asked_where_there_is_no_picture(posecoach: Run, types: Type, command: str) -> None:
    asked = types(f"{NO} n -")
    status, _, errors = posecoach(command, "lower_back_basics", "--camera", "63")
    assert (status, asked) == (1, [])
    assert "Camera 63 gives no picture" in errors


def test_a_video_asks_nothing(posecoach: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = LiveSummary([], 1, 0, "source ended")
    monkeypatch.setattr("posecoach.session.live.run", lambda *_: seen)
    assert posecoach("live", "lower_back_basics", "--camera", GOOD_CLIP) == (0, "", "")


@pytest.mark.usefixtures("camera")
@pytest.mark.parametrize("given", [("--camera", GOOD_CLIP, "--ask"), ("--no-history",), ("--ask",)])
def test_whoever_was_asked_before_a_session_is_asked_after_it(
    posecoach: Run, types: Type, monkeypatch: pytest.MonkeyPatch, given: tuple[str, ...]
) -> None:
    """Whatever is kept of it, and however it ended: advice follows from the answers."""
    answered(1)
    seen = LiveSummary([], 1, 0, "quit")
    monkeypatch.setattr("posecoach.session.live.run", lambda *_: seen)
    asked = types(f"{NO if '--ask' in given else ''} n 1 5 y")
    status, _, errors = posecoach("live", "lower_back_basics", *given)
    assert (status, [safety.BEFORE in asked[-3], safety.AFTER in asked[-2]]) == (0, [True, True])
    assert safety.PAIN in asked[-1]
    assert "more than before the session: rest now" in " ".join(errors.split())


def test_who_should_not_start_stands_in_the_help(posecoach: Run) -> None:
    _, output, _ = posecoach("live", "--help")
    said = " ".join(output.replace("│", " ").split())
    for word in ("severe", "fever", "bladder", "numbness", "operation", "professional"):
        assert word in said


def test_nobody_is_sure_without_a_terminal() -> None:
    with pytest.raises(InputError, match="--yes"):
        questions.sure("Really?")


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_in_a_terminal_keys_are_typed_and_ctrl_c_leaves(
    environment: dict[str, str], short_clip: Path, tmp_path: Path
) -> None:
    import pty

    where = environment | {"XDG_DATA_HOME": str(tmp_path)}
    child, terminal = pty.fork()
    if child == 0:
        command = ["-m", "posecoach", "live", "demo", "--ask", "--camera", str(short_clip)]
        os.execve(sys.executable, [sys.executable, *command], where)
    shown = b""
    # The newline after Ctrl-C wakes a process that was just about to read when the signal came.
    for key in (b"n\n", b"n\n", b"n\n", b"\x03\n"):
        asked = shown.count(b": ")
        while shown.count(b": ") == asked or not shown.endswith(b": "):
            shown += os.read(terminal, 4096)
        os.write(terminal, key)
    _, status = os.waitpid(child, 0)
    os.close(terminal)
    assert os.waitstatus_to_exitcode(status) == 130
    assert b"Traceback" not in shown
    assert (tmp_path / "posecoach" / "answers.toml").is_file()
