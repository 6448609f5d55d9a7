"""The house rule: the rooms that think are arithmetic on time-stamped numbers, and nothing else."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import posecoach

PACKAGE = Path(posecoach.__file__).parent
THINKING = (
    "pose",
    "geometry",
    "smooth",
    "sides",
    "skeleton",
    "baseline",
    "turn",
    "measures",
    "body",
    "recognise",
    "checks",
    "motion",
    "rules",
    "tempo",
    "judge",
    "gestures",
    "setup",
    "unseen",
    "phrases",
    "pace",
    "speech",
    "events",
    "results",
    "exercises",
    "curve",
    "safety",
    "habit",
    "sketch",
    "words",
)
EXERCISES = sorted(f"exercises.{path.stem}" for path in (PACKAGE / "exercises").glob("[!_]*.py"))

#: What a thinking room may import besides other thinking rooms.
ARITHMETIC = {"collections", "dataclasses", "functools", "itertools", "json", "math", "numpy", "typing"}
#: The catalogue finds the exercises in its own folder; days are numbers with names, told and not asked for.
ALSO = {
    "exercises": {"importlib", "pkgutil"},
    "curve": {"statistics"},
    "tempo": {"statistics"},
    "safety": {"datetime", "statistics"},
    "habit": {"datetime"},
}
#: A routine is a file; the coach takes from it what a routine is, and is kept from the rest by this list.
NO_COACH = {"cv2", "mediapipe", "av", "time", "datetime", "threading", "pathlib", "os", "io"}


def source(room: str) -> ast.Module:
    path = PACKAGE / f"{room.replace('.', '/')}.py"
    if not path.exists():
        path = PACKAGE / room / "__init__.py"
    return ast.parse(path.read_text("utf-8"))


def imported(room: str) -> Iterator[str]:
    """Full names of the modules that a room imports, wherever in the file."""
    for node in ast.walk(source(room)):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{room} imports relatively"
            assert node.module is not None
            if node.module == "posecoach":
                yield from (f"posecoach.{name.name}" for name in node.names)
            else:
                yield node.module


def foreign(room: str) -> set[str]:
    """Top-level names of what comes from outside the package."""
    return {name.split(".")[0] for name in imported(room)} - {"posecoach"}


def own(room: str) -> set[str]:
    return {name.removeprefix("posecoach.") for name in imported(room) if name.startswith("posecoach.")}


@pytest.mark.parametrize("room", [*THINKING, *EXERCISES])
def test_a_thinking_room_imports_arithmetic_only(room: str) -> None:
    assert foreign(room) <= ARITHMETIC | ALSO.get(room, set())


@pytest.mark.parametrize("room", [*THINKING, *EXERCISES])
def test_a_thinking_room_imports_thinking_rooms_only(room: str) -> None:
    assert own(room) <= {*THINKING, *EXERCISES}


@pytest.mark.parametrize("room", ["coach", "timed"])
def test_the_coach_knows_no_camera_no_screen_and_no_clock(room: str) -> None:
    assert foreign(room) <= ARITHMETIC
    assert own(room) <= {*THINKING, "routine", "timed"}
    assert not {name for known in (room, *own(room)) for name in foreign(known)} & (NO_COACH - {"pathlib"})


@pytest.mark.parametrize("room", ["coach", "timed", *THINKING, *EXERCISES])
def test_a_thinking_room_neither_opens_nor_prints(room: str) -> None:
    called = {
        node.func.id
        for node in ast.walk(source(room))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"open", "print", "input", "exec", "eval", "__import__"}


@pytest.mark.parametrize("room", [*THINKING, *EXERCISES])
def test_a_thinking_room_does_not_ask_what_time_it_is(room: str) -> None:
    asked = {node.attr for node in ast.walk(source(room)) if isinstance(node, ast.Attribute)}
    assert not asked & {"today", "now", "utcnow", "monotonic", "perf_counter"}


@pytest.mark.parametrize("room", EXERCISES)
def test_an_exercise_is_data(room: str) -> None:
    """A reader who knows the exercise and no Python can check it: no functions, no classes, no branches."""
    forbidden = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.If, ast.For, ast.While, ast.Try)
    assert not [node for node in ast.walk(source(room)) if isinstance(node, forbidden)]
