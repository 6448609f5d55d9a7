"""What the documents say about the code is true."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

import posecoach as posecoach_package
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import SENTENCES
from posecoach.assessment.results import Result
from posecoach.cli.app import app
from posecoach.kinematics.measures import MEASURES
from posecoach.records import routine_files
from tests.conftest import Run

PACKAGE = Path(posecoach_package.__file__).parent
ROOT = PACKAGE.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted(ROOT.glob("docs/**/*.md")), ROOT / "sample_videos" / "README.md"]

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def blocks(text: str, language: str) -> list[str]:
    """The fenced blocks of one language; "" is a block without one."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def section(text: str, title: str) -> str:
    return text.split(f"\n## {title}\n")[1].split("\n## ")[0]


def commands(command: Any = None, name: str = "") -> Iterator[tuple[str, set[str]]]:
    """Every command with its options."""
    command = command or typer.main.get_command(app)
    yield (
        name,
        {option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)},
    )
    for one, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {one}".strip())


COMMANDS = dict(commands())
SHOWN = {"-h", "--help"}

# -- the README ------------------------------------------------------------------------------------------


def test_the_readme_is_short_and_begins_with_the_two_commands() -> None:
    text = read("README.md")
    assert len(text.splitlines()) <= 200
    first = blocks(text, "")[0].splitlines()
    assert [line.split("#")[0].strip() for line in first[1:]] == ["make demo", "make test"]
    assert first[0].startswith("git clone ")


def test_the_readme_pictures_every_exercise() -> None:
    text = section(read("README.md"), "The exercises")
    assert set(re.findall(r"images/exercises/(\w+)\.png", text)) == set(CATALOGUE)
    for exercise in CATALOGUE.values():
        assert f"**{exercise.title}** `{exercise.id}`" in text


# -- links -----------------------------------------------------------------------------------------------


def anchors(text: str) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)
    targets = [*re.findall(r"\]\(([^)\s]+)\)", text), *re.findall(r'src="([^"]+)"', text)]
    for target in targets:
        if re.match(r"https?://", target):
            continue
        path, _, anchor = target.partition("#")
        there = page.parent / path if path else page
        assert there.exists(), f"{target} is not there"
        if anchor:
            assert anchor in anchors(there.read_text("utf-8")), f"{target} is no heading"


def test_pictures_are_small() -> None:
    for picture in (ROOT / "docs" / "images").rglob("*.*"):
        assert picture.stat().st_size < 300_000, picture


def test_every_page_is_in_the_site() -> None:
    listed = set(re.findall(r": ([\w/.-]+\.md)$", read("mkdocs.yml"), re.MULTILINE))
    assert listed == {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}


# -- commands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in COMMANDS if name])
def test_every_command_and_option_is_explained(name: str) -> None:
    text = read("docs/using.md")
    assert re.search(rf"\b{name}\b", text)
    for option in COMMANDS[name] - SHOWN:
        if option.startswith("-"):
            assert re.search(rf"(?<![\w-]){option}(?![\w-])", text), f"{name} {option}"


@each_page
def test_commands_in_examples_have_the_options_that_they_name(page: Path) -> None:
    for block in blocks(page.read_text("utf-8"), ""):
        for line in block.splitlines():
            words = shlex.split(line.removeprefix("$ "), comments=True) if "posecoach " in line else []
            if not words or words[0] != "posecoach" or "│" in line:
                continue
            names = [" ".join(words[1:end]) for end in range(len(words), 0, -1)]
            known = COMMANDS[next(name for name in names if name in COMMANDS)] | COMMANDS[""] | SHOWN
            assert {word for word in words if re.match(r"--?[a-z]", word)} <= known, line


def test_lists_are_printed_as_they_are_shown(posecoach: Run) -> None:
    shown = [block.splitlines() for block in blocks(read("docs/routines.md"), "") if block.startswith("$ ")]
    assert len(shown) == 2
    for command, *lines in shown:
        status, output, _ = posecoach(*command.removeprefix("$ posecoach ").split())
        printed = [line.rstrip() for line in output.splitlines()]
        assert status == 0
        for part in "\n".join(lines).split("...\n"):
            assert part.rstrip("\n.") in "\n".join(printed), "as it is printed, with nothing left out"


# -- formats ---------------------------------------------------------------------------------------------


def test_every_key_of_a_result_and_every_measure_is_explained() -> None:
    text = read("docs/results.md")
    result = Result("bridge", "both", duration_s=1.0, frames=1, seen=1.0, verdict="good", step=1)
    for key in (*result.as_dict("clip.mp4"), *MEASURES):
        assert f"`{key}`" in text, key


def test_every_note_is_explained_by_its_sentence() -> None:
    text = read("docs/results.md")
    for code, sentence in SENTENCES.items():
        words = sentence.replace("{", "*").replace("}", "*")
        assert f"| `{code}` | {words} |" in text, code


@pytest.mark.parametrize("exercise", CATALOGUE.values(), ids=lambda exercise: exercise.id)
def test_the_faults_of_each_exercise_are_listed(exercise: Any) -> None:
    [row] = re.findall(rf"^\| .*`{exercise.id}` \|.*$", read("docs/routines.md"), re.MULTILINE)
    named = set(re.findall(r"`(\w+)`", row)) - {exercise.id}
    assert named == set(exercise.faults) - {"bouncing", "rushed", "short_hold"}


def test_the_routine_in_the_documents_can_be_used(tmp_path: Path) -> None:
    [text] = blocks(read("docs/routines.md"), "toml")
    (tmp_path / "mine.toml").write_text(text, "utf-8")
    assert routine_files.load(str(tmp_path / "mine.toml")).title == "My morning"


def test_the_example_of_an_exercise_is_the_exercise() -> None:
    [code] = blocks(read("docs/adding-an-exercise.md"), "python")
    known = dict[str, Any]()
    exec(code, known)
    assert known["EXERCISE"] == CATALOGUE["press_up"]


def test_the_examples_of_the_library_are_the_examples_that_run() -> None:
    shown = blocks(read("docs/library.md"), "python")
    assert sorted(shown) == sorted(path.read_text("utf-8") for path in (ROOT / "examples").glob("*.py"))


def test_the_five_lines_in_the_readme_judge_a_clip(
    short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(short_clip, tmp_path / "clip.mp4")
    monkeypatch.chdir(tmp_path)
    [code] = blocks(read("README.md"), "python")
    assert len([line for line in code.splitlines() if line]) <= 5
    exec(code, {})
    assert capsys.readouterr().out.startswith("not_performed 0 0\n")


def test_the_public_names_are_described() -> None:
    for name in posecoach_package.__all__:
        assert f"::: posecoach.{name}\n" in read("docs/api/posecoach.md")
        assert re.search(rf"^\| `{name}[`(]", read("docs/library.md"), re.MULTILINE), name


# -- architecture ----------------------------------------------------------------------------------------


def test_the_architecture_names_every_room_and_no_other() -> None:
    table = section(read("docs/architecture.md"), "Rooms")
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == rooms
    assert {path.stem for path in (ROOT / "docs" / "api").glob("*.md")} >= rooms


@each_page
def test_modules_and_folders_that_are_named_are_there(page: Path) -> None:
    for name in re.findall(r"`((?:\w+/)+(?:\w+\.(?:py|toml|html))?)`", page.read_text("utf-8")):
        assert (ROOT / name).exists() or (PACKAGE / name).exists(), f"{name} is not there"
