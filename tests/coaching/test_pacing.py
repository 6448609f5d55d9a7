from itertools import pairwise

import pytest

from posecoach.coaching.pacing import IN_S, OUT_S, Pace, lungs
from posecoach.coaching.view import Kind


def said(
    target_s: float, fps: float = 12, gap: tuple[float, float] = (0, 0)
) -> list[tuple[float, Kind, str]]:
    """What is said through a hold, and when; nothing is seen in the gap."""
    pace, told = Pace(target_s), list[tuple[float, Kind, str]]()
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


@pytest.mark.parametrize(
    ("target_s", "kinds"),
    [(0, []), (2, ["hold_done"]), (3, ["hold_done"]), (4, ["count", "count", "count", "hold_done"])],
)
def test_a_short_hold_has_less(target_s: float, kinds: list[str]) -> None:
    assert [kind for _, kind, _ in said(target_s)] == kinds
    assert Pace(target_s).breath(1) is None


@pytest.mark.parametrize("target_s", [8, 12, 20, 25, 30, 60])
def test_breaths_are_slow_and_out_is_longer_and_they_leave_room_for_other_words(target_s: float) -> None:
    told = said(target_s)
    breaths = [at_s for at_s, kind, _ in told if kind == "breath"]
    assert all(b - a >= IN_S - 0.1 for a, b in pairwise(breaths))
    assert OUT_S > IN_S
    others = [at_s for at_s, kind, _ in told if kind != "breath"]
    assert all(abs(breath - other) > 0.9 for breath in breaths for other in others)
    assert all(2 < at_s < target_s - 3 for at_s in breaths)


def test_lungs_fill_and_empty_without_a_jump() -> None:
    course = [lungs(t / 10) for t in range(300)]
    assert min(course) == pytest.approx(0, abs=0.01)
    assert max(course) == pytest.approx(1, abs=0.01)
    assert all(abs(b - a) < 0.1 for a, b in pairwise(course))
    assert lungs(0) == lungs(IN_S + OUT_S) == 0
    assert lungs(IN_S) == 1


def test_what_was_missed_is_not_made_up_for_but_the_end_is() -> None:
    assert [kind for _, kind, _ in said(20, gap=(9, 18.7))][-2:] == ["count", "hold_done"]
    assert "Three" not in [text for _, _, text in said(20, gap=(9, 18.7))]
    assert [kind for _, kind, _ in said(20, gap=(5, 21.5))][-1] == "hold_done"
