import pytest

from posecoach.feedback.svg import Scale, pieces


def test_a_scale_maps_and_stays_inside() -> None:
    up = Scale(0, 100, 108, 14)
    assert [up(value) for value in (0, 50, 100, 400, -3)] == [108, 61, 14, 14, 108]
    assert Scale(5, 5, 0, 10)(5) == 5


@pytest.mark.parametrize(
    ("low", "high", "about", "expected"),
    [
        (0, 41, 5, [0, 10, 20, 30, 40]),
        (43, 122, 4, [60, 80, 100, 120]),
        (0, 0.9, 4, [0, 0.5]),
        (-48, 6, 4, [-40, -20, 0]),
        (3, 3, 4, [3]),
    ],
)
def test_ticks_are_round(low: float, high: float, about: int, expected: list[float]) -> None:
    assert Scale(low, high, 0, 1).ticks(about) == expected


def test_a_curve_breaks_where_nothing_is_seen() -> None:
    scale = Scale(0, 10, 0, 10)
    times = list(range(7))
    lines, gaps = pieces(scale, scale, times, [None, 1, 2, None, None, 5, None])
    assert lines == [[(1, 1), (2, 2)], [(5, 5)]]
    assert gaps == [(0, 1), (3, 5), (6, 6)]
    assert pieces(scale, scale, [], []) == ([], [])
