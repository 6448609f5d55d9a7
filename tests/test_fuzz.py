"""A few damaged inputs of each kind; `make fuzz` tries thousands."""

from pathlib import Path
from random import Random

import pytest

from tests.support.fuzz import mutations, outcomes, targets
from tests.support.fuzz.__main__ import table, tried
from tests.support.fuzz.outcomes import GOOD


@pytest.mark.parametrize("kind", [kind for kind in targets.TARGETS if kind != "landmarks"])
def test_what_is_damaged_is_understood_or_told(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, weights: bytes
) -> None:
    for number in range(4):
        folder = tmp_path / str(number) / "here"
        folder.mkdir(parents=True)
        for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
            monkeypatch.setenv(name, str(folder.parent))
        outcome = targets.run(kind, number, 7, folder)
        assert outcome.kind in GOOD, (kind, number, outcome.detail)


def test_inputs_are_the_same_for_the_same_seed() -> None:
    text = (targets.SAMPLES / "labels.csv").read_text("utf-8")
    first, again, other = (mutations.misspelt(text, Random(seed)) for seed in (1, 1, 2))
    assert first == again != other


def test_what_goes_wrong_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails() -> None:
        raise KeyError("x")

    monkeypatch.setattr("posecoach.cli.app.app", fails)
    assert outcomes.command("routines").kind == "unforeseen"
    monkeypatch.setattr("posecoach.cli.app.app", lambda: print("\x1b[31m"))
    assert outcomes.command("routines").kind == "control characters"
    monkeypatch.setattr("posecoach.cli.app.messages.sentence", lambda _: 1 / 0)
    monkeypatch.setattr("posecoach.cli.app.app", fails)
    assert outcomes.command("routines").kind == "traceback"


def test_a_process_that_dies_or_hangs_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    from collections import Counter

    from tests.support.fuzz import workers

    monkeypatch.setattr(workers, "_serve", _dies)
    [(one, outcome)] = tried(iter([("routine", 1)]), 1, 1)
    assert (one, outcome.kind) == (("routine", 1), "crash")
    assert "| routine | 1 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 1 | 0 |" in table(Counter({("routine", "crash"): 1}))
    monkeypatch.setattr(workers, "_serve", _hangs)
    monkeypatch.setattr(workers, "_WAITING_S", 0.0)
    [(_, outcome)] = tried(iter([("routine", 1)]), 1, 1)
    assert outcome.kind == "hang"


def _dies(*_: object) -> None:
    raise SystemExit(3)


def _hangs(*_: object) -> None:
    import time

    time.sleep(600)
