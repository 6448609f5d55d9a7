"""Days in words, in the language that is spoken."""

from datetime import date

from posecoach.core.translation import marked, tr

_WEEKDAYS = (
    marked("Monday"),
    marked("Tuesday"),
    marked("Wednesday"),
    marked("Thursday"),
    marked("Friday"),
    marked("Saturday"),
    marked("Sunday"),
)
_MONTHS = (
    marked("January"),
    marked("February"),
    marked("March"),
    marked("April"),
    marked("May"),
    marked("June"),
    marked("July"),
    marked("August"),
    marked("September"),
    marked("October"),
    marked("November"),
    marked("December"),
)
_LETTERS = 3  # of a month that is cut


def weekday(day: date) -> str:
    """`Friday`."""
    return tr(_WEEKDAYS[day.weekday()])


def long(day: date) -> str:
    """`6 March 2026`."""
    return tr("{day} {month} {year}", day=day.day, month=_month(day), year=day.year)


def short(day: date) -> str:
    """`6 Mar 2026`."""
    return tr("{day} {month} {year}", day=day.day, month=_month(day)[:_LETTERS], year=day.year)


def of_year(day: date) -> str:
    """`6 Mar`."""
    return tr("{day} {month}", day=day.day, month=_month(day)[:_LETTERS])


def _month(day: date) -> str:
    return tr(_MONTHS[day.month - 1])
