"""Questions in a window of their own, for somebody who has no terminal: answered by a key or a click."""

import time
from collections.abc import Callable, Sequence
from typing import Self

from posecoach.core.translation import tr
from posecoach.feedback import question_page
from posecoach.feedback.question_page import Button
from posecoach.feedback.window import Pressed, Window

_WAIT_MS = 40  # between two looks at the keys
_ENTER = (10, 13)
_ESCAPE = 27
_ERASE = 8
_LEAVE = "leave"
_SKIP = "skip"


class QuestionWindow:
    """Asks in a window, which opens with the first question. Use as a context manager, on the main thread.

    Esc, or closing the window, leaves at any time: that raises KeyboardInterrupt.

    make  makes the window
    """

    def __init__(self, fullscreen: bool = False, make: Callable[[bool], Window] = Window) -> None:
        self._fullscreen, self._make = fullscreen, make
        self._window: Window | None = None
        self._told: list[str] = []

    def tell(self, text: str) -> None:
        """Shown with the next question."""
        self._told += [line.strip() for line in text.splitlines() if line.strip()]

    def yes(self, question: str) -> bool:
        """Whether the answer is yes."""
        return self._choose(question, self._yes_or_no()) == "y"

    def perhaps(self, question: str) -> bool | None:
        """Yes or no; None where that was skipped."""
        answer = self._choose(question, self._yes_or_no() | {_SKIP: self._skip()})
        return None if answer == _SKIP else answer == "y"

    def number(self, question: str) -> int | None:
        """A number from 0 to 10; None where that was skipped. A typed one is taken with Enter."""
        typed = ""
        while True:
            buttons = {str(number): Button(str(number), lit=typed == str(number)) for number in range(11)}
            taken = Button(tr("Take {number}", number=typed), tr("Enter"))
            answer = self._choose(question, buttons | {_SKIP: taken if typed else self._skip()}, typed)
            if answer == _SKIP:
                return int(typed) if typed else None
            if not answer.startswith("typed"):
                return int(answer)
            typed = answer.removeprefix("typed")

    def finish(self, within_s: float = float("inf")) -> None:
        """Show what was told last until a key is pressed, or for so long."""
        if self._told:
            self._choose("", {_SKIP: Button(tr("Go on"), tr("Enter"))}, within_s=within_s)

    def _yes_or_no(self) -> dict[str, Button]:
        return {"y": Button(tr("Yes"), tr("y")), "n": Button(tr("No"), tr("n"))}

    def _skip(self) -> Button:
        return Button(tr("Skip"), tr("Enter"))

    def _choose(
        self,
        question: str,
        buttons: dict[str, Button],
        typed: str | None = None,
        within_s: float = float("inf"),
    ) -> str:
        """The name of the button that is pressed; "typed" and what is typed so far where `typed` is given."""
        buttons = buttons | {_LEAVE: Button(tr("Stop"), "Esc", aside=True)}
        words = [*self._told, question] if question else self._told
        image, boxes = question_page.draw(words, list(buttons.values()))
        if self._window is None:
            self._window = self._make(self._fullscreen)
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline:
            pressed = self._window.press(image, _WAIT_MS)
            answer = _LEAVE if pressed is None else _answer(pressed, buttons, boxes, typed)
            if answer == _LEAVE:
                raise KeyboardInterrupt
            if answer:
                if not answer.startswith("typed"):
                    self._told = []
                return answer
        return _LEAVE

    def close(self) -> None:
        """Close the window; may be called more than once."""
        if self._window is not None:
            self._window.close()
            self._window = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _answer(
    pressed: Pressed, buttons: dict[str, Button], boxes: Sequence[question_page.Box], typed: str | None
) -> str:
    """The name of the button that was pressed, "typed" and what is typed so far, or "" for nothing."""
    names = list(buttons)
    if pressed.at is not None and (index := question_page.hit(boxes, pressed.at)) is not None:
        return names[index]
    key = pressed.key
    if key == _ESCAPE:
        return _LEAVE
    if key in _ENTER and _SKIP in buttons:
        return _SKIP
    sign = chr(key) if key else ""
    if typed is not None and (sign.isdecimal() or key == _ERASE):
        longer = typed[:-1] if key == _ERASE else typed + sign
        return f"typed{longer if longer in buttons or not longer else sign}"
    return next((name for name in names if sign and sign in (name, buttons[name].key)), "")
