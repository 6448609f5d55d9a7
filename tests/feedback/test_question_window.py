"""Questions in a window: answered by keys and clicks, and left by one of them."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pytest

from posecoach.coaching import safety
from posecoach.core import language
from posecoach.core.types import Image
from posecoach.feedback import question_page
from posecoach.feedback.question_page import Button
from posecoach.feedback.question_window import QuestionWindow
from posecoach.feedback.window import Pressed

Presses = Callable[[Image], Pressed | None]
ENTER, ESCAPE, ERASE = Pressed(13), Pressed(27), Pressed(8)


class Sheet:
    """A window whose keys are pressed one after the other, as told."""

    def __init__(self, *pressed: Pressed | str | None) -> None:
        self.left = [Pressed(ord(one)) if isinstance(one, str) else one for one in pressed]
        self.shown: list[Image] = []
        self.closed = False

    def press(self, image: Image, wait_ms: int = 1) -> Pressed | None:
        self.shown.append(image)
        return self.left.pop(0) if self.left else None

    def close(self) -> None:
        self.closed = True


def asking(sheet: Sheet) -> QuestionWindow:
    return QuestionWindow(make=lambda _: sheet)  # type: ignore[arg-type, return-value]


def clicked(number: int, buttons: int) -> Pressed:
    """A click into a button of a page with yes, no and perhaps more."""
    page = [Button("Yes", "y"), Button("No", "n"), Button("Skip", "Enter")][: buttons - 1]
    _, boxes = question_page.draw(["A question?"], [*page, Button("Stop", "Esc", aside=True)])
    left, top, right, bottom = boxes[number]
    return Pressed(at=((left + right) // 2, (top + bottom) // 2))


def test_yes_and_no_are_keys_or_clicks_and_anything_else_is_no_answer() -> None:
    assert asking(Sheet("y")).yes("Really?")
    assert not asking(Sheet("x", Pressed(), ENTER, Pressed(at=(3, 3)), "n")).yes("Really?")
    assert asking(Sheet(clicked(0, 3))).yes("A question?")
    assert not asking(Sheet(clicked(1, 3))).yes("A question?")


@pytest.mark.parametrize("left", [ESCAPE, None, clicked(2, 3)])
def test_one_action_leaves(left: Pressed | None) -> None:
    with pytest.raises(KeyboardInterrupt):
        asking(Sheet("x", left)).yes("A question?")


def test_what_may_be_skipped_is_skipped_with_enter() -> None:
    assert asking(Sheet(ENTER)).perhaps("Any?") is None
    assert asking(Sheet("y")).perhaps("Any?") is True
    assert asking(Sheet(ENTER)).number("How much?") is None


@pytest.mark.parametrize(("typed", "number"), [("4", 4), ("10", 10), ("0", 0), ("37", 7), ("12", 2)])
def test_numbers_are_typed_and_taken_with_enter(typed: str, number: int) -> None:
    assert asking(Sheet(*typed, ENTER)).number("How much?") == number
    assert asking(Sheet(*typed, ERASE, ERASE, ENTER)).number("How much?") is None


def test_in_german_j_is_yes() -> None:
    language.use("de")
    assert asking(Sheet("j")).yes("Wirklich?")
    assert asking(Sheet("y")).yes("Wirklich?")


def test_what_is_told_stands_on_the_page_of_the_next_question_only() -> None:
    sheet = Sheet("n", "n")
    window = asking(sheet)
    window.tell("Something to know first.")
    window.yes("Really?")
    window.yes("Really?")
    assert not np.array_equal(sheet.shown[0], sheet.shown[1])
    again = Sheet("n")
    asking(again).yes("Really?")
    assert np.array_equal(sheet.shown[1], again.shown[0])


def test_the_last_words_wait_until_they_are_read() -> None:
    sheet = Sheet(Pressed(), ENTER)
    with asking(sheet) as window:
        window.finish()
        assert sheet.shown == []
        window.tell("Stop at once.")
        window.finish()
    assert len(sheet.shown) == 2
    assert sheet.closed


@pytest.mark.parametrize("spoken", ["en", "de"])
def test_the_longest_page_fits_without_touching_its_buttons(spoken: str) -> None:
    language.use(spoken)
    from posecoach.core.translation import tr

    for group in safety.GROUPS:
        words = [tr(safety.BY_ITSELF), tr(safety.QUESTION), *(f"- {tr(sign)}" for sign in group.signs), "?"]
        image, boxes = question_page.draw(words, [Button("Yes", "y"), Button("Stop", "Esc", aside=True)])
        above = image[boxes[0][1] - 20 : boxes[0][1] - 4]
        assert np.array_equal(above, np.broadcast_to(image[0, 0], above.shape))


@pytest.mark.parametrize("skip", ["Skip", "Überspringen"])
def test_eleven_numbers_and_the_way_out_keep_apart(skip: str) -> None:
    numbers = [Button(str(number)) for number in range(11)]
    buttons = [*numbers, Button(skip, "Enter"), Button("Aufhören", "Esc", aside=True)]
    _, boxes = question_page.draw(["How much?"], buttons)
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    assert all(left >= 0 and right <= question_page.SIZE[0] for left, _, right, _ in boxes)
