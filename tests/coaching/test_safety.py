"""Who may start, and what advice follows: answers and numbers in, sentences out."""

from datetime import date, timedelta

import pytest

from posecoach.coaching import safety
from posecoach.coaching.safety import GROUPS, Feeling

DAY = date(2026, 3, 2)


def test_every_sign_is_asked_about() -> None:
    said = " ".join(sign for group in GROUPS for sign in group.signs)
    for word in (
        *("severe", "sudden", "fever", "weight", "bladder", "bowel", "shooting", "sharp", "leg"),
        *("numbness", "tingling", "weakness", "injury", "operation", "herniated", "stenosis"),
        *("spondylolisthesis", "long time", "grows over weeks"),
    ):
        assert word in said
    for word in ("new", "severe", "numb", "today"):
        assert word in safety.TODAY
    for word in ("sharp", "shooting", "growing", "numbness", "tingling", "weakness"):
        assert word in safety.STOP


def test_a_red_flag_is_never_cleared_and_the_others_are_by_a_professional() -> None:
    now, looked, ask = (group.key for group in GROUPS)
    assert safety.allowed([], [])
    assert not safety.allowed([now], [now])
    for key in (looked, ask):
        assert not safety.allowed([key], [])
        assert safety.allowed([key], [key])
    assert not safety.allowed([looked, ask], [ask])


@pytest.mark.parametrize(("days", "due"), [(0, False), (89, False), (90, True), (-1, True), (4000, True)])
def test_the_questions_come_again_after_a_while_and_when_the_clock_has_jumped(days: int, due: bool) -> None:
    assert safety.due(DAY, DAY + timedelta(days=days)) is due


def felt(*numbers: tuple[int | None, int | None], pain: str = "", every: int = 2) -> list[Feeling]:
    """Sessions every so many days; `pain` has a y where it came and an n where it did not."""
    came = {"y": True, "n": False}
    return [
        Feeling(DAY + timedelta(days=every * index), *both, came.get(pain[index : index + 1]))
        for index, both in enumerate(numbers)
    ]


@pytest.mark.parametrize(
    ("sessions", "expected"),
    [
        ([], None),
        (felt((None, None)), None),
        (felt((3, 2), (4, 3), (3, 3)), None),
        (felt((2, 1), (2, 2), (2, 1), pain="nny"), safety.CAME),
        (felt((2, 1), (2, 2), (2, 1), pain="ynn"), None),
        (felt((2, 1), pain="y"), safety.CAME),
        (felt((2, 1), (2, 2), (2, 1), pain="yny"), safety.OFTEN),
        (felt((2, 1), (2, 2), (2, 1), (2, 1), pain="ynny"), safety.CAME),
        (felt((2, 4)), safety.GREW),
        (felt((2, 3)), None),
        (felt((2, 8)), safety.SEVERE_AFTER),
        (felt((None, 7)), safety.SEVERE_AFTER),
        (felt((1, 1), (2, 2), (3, 3)), safety.GROWING),
        (felt((1, 1), (1, 1), (2, 2)), None),
        (felt((1, 1), (0, 1), (1, 1), (3, 3), (2, 2), (4, 4)), safety.GROWING),
        (felt((0, 0), (1, 0), (0, 0), (2, 0), (1, 0), (0, 0)), None),
        (felt((4, 3), (5, 4), (4, 4), (5, 5), every=7), safety.LASTING),
        (felt((4, 3), (5, 4), (4, 4), (5, 5), every=3), None),
        (felt((4, 3), (5, 1), (1, 1), (4, 4), every=7), None),
        (felt((3, 3), (3, 3), (3, 3), (3, 3), every=7), None),
    ],
)
def test_pain_that_came_repeats_grows_or_stays_gets_advice_and_nothing_else_does(
    sessions: list[Feeling], expected: str | None
) -> None:
    assert safety.advice(sessions) == expected


def test_advice_sends_to_a_professional_and_diagnoses_nothing() -> None:
    every = [group.advice for group in GROUPS]
    every += [safety.NOT_TODAY, safety.SEVERE_NOW, safety.SEVERE_AFTER]
    every += [safety.OFTEN, safety.GREW, safety.GROWING, safety.LASTING, safety.CAME]
    for text in every:
        assert "doctor" in text
        assert "\n" not in text
        assert not {"you have a", "you suffer", "diagnosis"} & {text.lower()}
