from datetime import date, timedelta

import pytest

from posecoach.coaching import adherence

FRIDAY = date(2026, 3, 6)


def days(*ago: int) -> set[date]:
    return {FRIDAY - timedelta(days=one) for one in ago}


def test_a_week_begins_on_monday_and_a_day_counts_once() -> None:
    assert adherence.monday(FRIDAY) == date(2026, 3, 2)
    assert adherence.days_in_week(days(0, 4, 5), FRIDAY) == 2


@pytest.mark.parametrize(
    ("ago", "weeks"),
    [
        ((), 0),
        ((0,), 0),
        ((0, 1), 1),
        ((0, 7, 8), 1),  # this week is still open, and takes nothing away
        ((0, 1, 7, 8, 14, 15), 3),
        ((0, 1, 14, 15), 1),
    ],
)
def test_weeks_in_a_row(ago: tuple[int, ...], weeks: int) -> None:
    assert adherence.weeks_in_a_row(days(*ago), FRIDAY) == weeks


def test_days_that_the_clock_puts_ahead_do_no_harm() -> None:
    assert adherence.weeks_in_a_row(days(-400, 0, 1), FRIDAY) == 1


@pytest.mark.parametrize(
    ("ago", "words"),
    [
        ((), "still open; at least 2 to 3 days are recommended"),
        ((0,), "1 day this week; at least 2 to 3"),
        ((0, 2), "2 days this week, as is recommended"),
        ((0, 1, 2, 3, 4), "5 days this week, as is recommended"),
    ],
)
def test_the_week_is_told_kindly(ago: tuple[int, ...], words: str) -> None:
    (line,) = adherence.told(days(*ago), FRIDAY)
    assert words in line
    assert "American College of Sports Medicine" in line
    assert not any(word in line for word in ("only", "missed", "failed", "broken", "lost"))


def test_a_row_is_told_when_it_is_one() -> None:
    assert adherence.told(days(0, 1, 7, 8), FRIDAY)[1] == "2 weeks in a row with 2 days or more."


def test_what_is_prescribed_is_counted_against_in_place_of_what_is_recommended() -> None:
    days = [date(2026, 3, 2), date(2026, 3, 4), date(2026, 3, 6)]
    assert adherence.told(days, days[-1], prescribed=4) == [
        "3 of the 4 days that were prescribed for this week."
    ]
    assert adherence.told(days, days[-1], prescribed=3) == ["3 days this week, as was prescribed: 3 a week."]
