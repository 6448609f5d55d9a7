"""How regularly somebody stretches, against what is recommended. Counts days; knows no clock."""

from collections.abc import Collection
from datetime import date, timedelta

from posecoach.core.translation import several, tr

#: Days a week of flexibility work that are recommended at least.
RECOMMENDED = (2, 3)
SOURCE = "American College of Sports Medicine"

_WEEK = timedelta(days=7)


def monday(day: date) -> date:
    """The first day of the week that `day` is in."""
    return day - timedelta(days=day.weekday())


def days_in_week(days: Collection[date], of: date) -> int:
    """On how many days of the week of `of` there was a session."""
    return len({day for day in days if monday(day) == monday(of)})


def weeks_in_a_row(days: Collection[date], today: date) -> int:
    """Weeks in a row with as many days as are recommended, up to now. The week under way adds to them once it
    has its days, and takes nothing away before."""
    week, count = monday(today), 0
    if days_in_week(days, week) >= RECOMMENDED[0]:
        count = 1
    while days_in_week(days, week - _WEEK) >= RECOMMENDED[0]:
        week -= _WEEK
        count += 1
    return count


def told(days: Collection[date], today: date, prescribed: int = 0) -> list[str]:
    """The week and the weeks before it, in kind words: against the days a week that are `prescribed`, if any,
    else against what is recommended."""
    if prescribed:
        return [_against_prescription(days_in_week(days, today), prescribed)]
    low, high = RECOMMENDED
    count = days_in_week(days, today)
    asked = {"low": low, "high": high, "source": SOURCE}
    week = several("{count} day this week", "{count} days this week", count)
    if count < low:
        week = week if count else tr("This week is still open")
        lines = [tr("{week}; at least {low} to {high} days are recommended ({source}).", week=week, **asked)]
    else:
        lines = [tr("{week}, as is recommended: at least {low} to {high} ({source}).", week=week, **asked)]
    row = weeks_in_a_row(days, today)
    if row > 1:
        lines.append(
            several(
                "{count} week in a row with {low} days or more.",
                "{count} weeks in a row with {low} days or more.",
                row,
                low=low,
            )
        )
    return lines


def _against_prescription(count: int, prescribed: int) -> str:
    if count >= prescribed:
        return several(
            "{count} day this week, as was prescribed: {prescribed} a week.",
            "{count} days this week, as was prescribed: {prescribed} a week.",
            count,
            prescribed=prescribed,
        )
    return tr(
        "{count} of the {prescribed} days that were prescribed for this week.",
        count=count,
        prescribed=prescribed,
    )
