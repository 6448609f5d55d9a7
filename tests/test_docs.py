"""What the documents say about the code is true."""

import importlib
import re
from pathlib import Path

import posecoach
from posecoach.assessment.exercises import CATALOGUE

ROOT = Path(__file__).parent.parent
PACKAGE = Path(posecoach.__file__).parent


def test_the_architecture_names_every_room_and_no_other() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    table = text.split("## Rooms")[1].split("## Rules")[0]
    named = {
        name.rstrip("/")
        for row in table.splitlines()
        if row.startswith("| `")
        for name in re.findall(r"`([a-z_/]+)`", row.split("|")[1])
    }
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert named == rooms


def test_pictures_in_the_readme_are_there_and_small() -> None:
    shown = re.findall(r"docs/images/[a-z_-]+\.png", (ROOT / "README.md").read_text("utf-8"))
    assert shown
    for name in shown:
        assert (ROOT / name).stat().st_size < 300_000


def test_the_example_of_an_exercise_in_the_readme_is_the_exercise() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    [code] = re.findall(r"```python\n(EXERCISE = .*?)```", text, re.DOTALL)
    known = vars(importlib.import_module("posecoach.assessment.exercise")).copy()
    exec(code, known)
    assert known["EXERCISE"] == CATALOGUE["press_up"]
