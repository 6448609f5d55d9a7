"""The rules of the house that a linter of imports cannot see: what judges opens nothing and asks no clock."""

import ast
from pathlib import Path

import pytest

import posecoach

PACKAGE = Path(posecoach.__file__).parent
JUDGING = ("kinematics", "assessment", "coaching")
MODULES = sorted(
    path.relative_to(PACKAGE).as_posix() for room in JUDGING for path in (PACKAGE / room).rglob("*.py")
)
EXERCISES = [name for name in MODULES if name.startswith("assessment/exercises/") and "__" not in name]


def source(module: str) -> ast.Module:
    return ast.parse((PACKAGE / module).read_text("utf-8"))


@pytest.mark.parametrize("module", MODULES)
def test_what_judges_neither_opens_nor_prints(module: str) -> None:
    called = {
        node.func.id
        for node in ast.walk(source(module))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"open", "print", "input", "exec", "eval", "__import__"}


@pytest.mark.parametrize("module", MODULES)
def test_what_judges_does_not_ask_what_time_it_is(module: str) -> None:
    tree = source(module)
    attributes = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    clocks = {f"{clock}.{ask}" for clock in ("date", "datetime") for ask in ("today", "now", "utcnow")}
    assert not {one.removeprefix("datetime.") for one in attributes} & clocks
    assert not imported & {"time", "monotonic", "perf_counter"}


@pytest.mark.parametrize("module", EXERCISES)
def test_an_exercise_is_data(module: str) -> None:
    """A reader who knows the exercise and no Python can check it: no functions, no classes, no branches."""
    forbidden = (ast.FunctionDef, ast.ClassDef, ast.Lambda, ast.If, ast.For, ast.While, ast.Try)
    assert not [node for node in ast.walk(source(module)) if isinstance(node, forbidden)]
