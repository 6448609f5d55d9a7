"""A page of a window that asks something: words, and buttons below them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw

from posecoach.core.types import Image
from posecoach.feedback import text_tiles
from posecoach.feedback.palette import GREEN, GREY, INK, WHITE, Colour

SIZE = (1280, 720)
_MARGIN = 44
_LETTERS = range(58, 19, -1)  # sizes of the letters, the largest that fits is taken
_LINE, _PARAGRAPH = 1.28, 0.45  # steps, in letter sizes
_BUTTON = 92  # its height
_GAP = 16


@dataclass(frozen=True)
class Button:
    """What can be pressed: what stands on it, the key that does the same, and whether it is lit up.

    aside  it stands apart, at the right end
    """

    label: str
    key: str = ""
    lit: bool = False
    aside: bool = False


Box = tuple[int, int, int, int]


def draw(paragraphs: Sequence[str], buttons: Sequence[Button]) -> tuple[Image, list[Box]]:
    """The page, and where each button is: left, top, right, bottom in pixels. A paragraph that begins with
    "- " is one of a list, the last one stands out."""
    picture = Pillow.new("RGB", SIZE, _rgb(INK))
    pen = ImageDraw.Draw(picture)
    boxes = _boxes(buttons)
    size, lines = _fitting(paragraphs, min(top for _, top, _, _ in boxes) - 2 * _MARGIN)
    y = float(_MARGIN)
    for text, column, is_last in lines:
        if not text:
            y += size * _PARAGRAPH
            continue
        colour = WHITE if is_last or not column else GREY
        font = text_tiles.font(size)
        pen.text((_MARGIN + column, y), text, _rgb(colour), font, stroke_width=size / 40 if is_last else 0)
        y += size * _LINE
    for button, box in zip(buttons, boxes, strict=True):
        _draw_button(pen, button, box)
    return np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]), boxes


def hit(boxes: Sequence[Box], at: tuple[int, int]) -> int | None:
    """The number of the button at a pixel; None beside them all."""
    x, y = at
    found = (i for i, (x0, y0, x1, y1) in enumerate(boxes) if x0 <= x < x1 and y0 <= y < y1)
    return next(found, None)


def _fitting(paragraphs: Sequence[str], room: int) -> tuple[int, list[tuple[str, int, bool]]]:
    """The largest letters with which the paragraphs fit, and their lines: text, column, and whether it is of
    the last paragraph; an empty text is a gap."""
    for size in _LETTERS:
        lines = list[tuple[str, int, bool]]()
        for index, text in enumerate(paragraphs):
            column = size if text.startswith("- ") else 0
            if lines and not column:
                lines.append(("", 0, False))
            wide = SIZE[0] - 2 * _MARGIN - column
            for line in text_tiles.filled(text, wide, size, 99) or (text,):
                lines.append((line, column, index == len(paragraphs) - 1))
        tall = sum(size * (_LINE if text else _PARAGRAPH) for text, _, _ in lines)
        if tall <= room:
            break
    return size, lines


def _boxes(buttons: Sequence[Button]) -> list[Box]:
    """Buttons from left to right in as many rows as they need; one that stands aside ends the last row."""
    width, height = SIZE
    aside = sum(_width(button) + _GAP for button in buttons if button.aside)
    places, left, row = list[tuple[int, int]](), _MARGIN, 0
    for button in buttons:
        if button.aside:
            left = width - _MARGIN - _width(button)
        elif left > _MARGIN and left + _width(button) > width - _MARGIN - aside:
            left, row = _MARGIN, row + 1
        places.append((left, row))
        left += _width(button) + _GAP
    boxes = list[Box]()
    for button, (left, above) in zip(buttons, places, strict=True):
        top = height - _MARGIN - _BUTTON - (row - above) * (_BUTTON + _GAP)
        boxes.append((left, top, left + _width(button), top + _BUTTON))
    return boxes


def _width(button: Button) -> int:
    label = text_tiles.text_width(button.label, 38)
    return max(64, label + 26, text_tiles.text_width(button.key, 24) + 26)


def _draw_button(pen: ImageDraw.ImageDraw, button: Button, box: Box) -> None:
    left, top, right, bottom = box
    ground, ink = (INK, WHITE) if button.aside else (GREEN if button.lit else WHITE, INK)
    pen.rounded_rectangle(box, radius=14, fill=_rgb(ground), outline=_rgb(WHITE), width=3)
    middle, y = (left + right) / 2, (top + bottom) / 2
    if button.key:
        pen.text((middle, bottom - 22), button.key, _rgb(ink), text_tiles.font(24), "mm")
        y -= 12
    pen.text((middle, y), button.label, _rgb(ink), text_tiles.font(38), "mm", stroke_width=0.7)


def _rgb(colour: Colour) -> Colour:
    return colour[2], colour[1], colour[0]
