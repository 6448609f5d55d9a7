from itertools import pairwise

import pytest

from posecoach.coaching.pacing import IN_S, OUT_S, Pace, lungs
from posecoach.coaching.verbosity import VERBOSITY
from posecoach.coaching.view import Kind
from posecoach.core.choices import WordsChoice


def said(
    target_s: float, words: WordsChoice = "many", gap: tuple[float, float] = (0, 0), reps: int = 0
) -> list[tuple[float, Kind, str]]:
    """What is said through a hold, and when; nothing is seen in the gap."""
    pace, told, fps = Pace(target_s, VERBOSITY[words], reps), list[tuple[float, Kind, str]](), 12
    for frame in range(round((target_s + 2) * fps)):
        t_s = frame / fps
        if not gap[0] < t_s < gap[1]:
            told += [(t_s, kind, text) for kind, text in pace.due(t_s)]
    return told


def test_a_long_hold_has_a_half_three_counts_and_an_end() -> None:
    told = [(round(at_s, 1), kind, text) for at_s, kind, text in said(20) if kind != "breath"]
    assert [(kind, text) for _, kind, text in told] == [
        ("halfway", "Half way"),
        ("count", "Three"),
        ("count", "Two"),
        ("count", "One"),
        ("hold_done", "Done. Release slowly"),
    ]
    assert [at_s for at_s, _, _ in told] == pytest.approx([10, 17, 18, 19, 20], abs=0.1)


def test_with_few_words_there_are_tones_and_the_release() -> None:
    assert [text for _, _, text in said(30, "few") if text] == ["Done. Release slowly"]
    assert [kind for _, kind, _ in said(30, "few")].count("breath") == 4


def test_breaths_come_in_whole_pairs_beginning_with_the_exhale() -> None:
    told = [(round(at_s), text) for at_s, kind, text in said(30, "normal") if kind == "breath"]
    assert told == [
        (10, "Breathe slowly out"),
        (16, "Breathe slowly in"),
        (20, "Breathe slowly out"),
        (26, "Breathe slowly in"),
    ]
    for target_s in (8, 12, 20, 25, 30, 47):
        pairs = [text for _, kind, text in said(target_s, "normal") if kind == "breath"]
        assert len(pairs) % 2 == 0


def test_whoever_knows_the_exercise_hears_tones() -> None:
    assert {text for _, kind, text in said(30, "normal", reps=1) if kind == "breath"} == {""}
    assert [text for _, _, text in said(2, "normal", reps=2)] == [""]
    assert [text for _, _, text in said(2, "many", reps=2)] == ["Release"]


@pytest.mark.parametrize(
    ("target_s", "kinds"),
    [(0, []), (2, ["hold_done"]), (3, ["hold_done"]), (4, ["count", "count", "count", "hold_done"])],
)
def test_a_short_hold_has_less(target_s: float, kinds: list[str]) -> None:
    assert [kind for _, kind, _ in said(target_s)] == kinds
    assert Pace(target_s, VERBOSITY["many"]).breath(1) is None


@pytest.mark.parametrize("words", ["normal", "many"])
@pytest.mark.parametrize("target_s", [8, 12, 20, 25, 30, 60])
def test_breaths_are_slow_and_leave_room_for_other_words(target_s: float, words: WordsChoice) -> None:
    told = said(target_s, words)
    breaths = [at_s for at_s, kind, _ in told if kind == "breath"]
    assert all(b - a >= IN_S - 0.1 for a, b in pairwise(breaths))
    assert 4 <= IN_S <= OUT_S <= 6
    others = [at_s for at_s, kind, _ in told if kind != "breath"]
    assert all(abs(breath - other) > 0.9 for breath in breaths for other in others)
    assert all(2 < at_s < target_s - 1 for at_s in breaths)


def test_lungs_fill_and_empty_without_a_jump() -> None:
    course = [lungs(t / 10) for t in range(300)]
    assert min(course) == pytest.approx(0, abs=0.01)
    assert max(course) == pytest.approx(1, abs=0.01)
    assert all(abs(b - a) < 0.1 for a, b in pairwise(course))
    assert lungs(0) == lungs(IN_S + OUT_S) == 1
    assert lungs(OUT_S) == 0


def test_what_was_missed_is_not_made_up_for_but_the_end_is() -> None:
    assert [kind for _, kind, _ in said(20, gap=(9, 18.7))][-2:] == ["count", "hold_done"]
    assert "Three" not in [text for _, _, text in said(20, gap=(9, 18.7))]
    assert [kind for _, kind, _ in said(20, gap=(5, 21.5))][-1] == "hold_done"
