"""Text on a picture, rendered once and then laid over each frame.

A tile is (colour times opacity, 1 - opacity), both uint8 (height, width, 3) in BGR, so that laying it on a
picture is one multiplication and one addition. All sizes are in pixels.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from posecoach.core.types import Image
from posecoach.feedback.palette import INK, WHITE, Colour
from posecoach.vision.native import cv2

Tile = tuple[Image, Image]

_FONT = Path(__file__).with_name("fonts") / "DejaVuSansCondensed.ttf"
_DARK = 0.62  # how opaque the dark ground of words is
_STEP = 1.15  # from line to line, in letter sizes


def lay(canvas: Image, tile: Tile, left: int, top: int) -> None:
    """Lay `tile` on `canvas` at (left, top), cut off at the edges of the canvas."""
    colour, rest = tile
    height, width = colour.shape[:2]
    y0, x0 = max(0, top), max(0, left)
    y1, x1 = min(canvas.shape[0], top + height), min(canvas.shape[1], left + width)
    if y0 >= y1 or x0 >= x1:
        return
    inside = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    under = canvas[y0:y1, x0:x1]
    canvas[y0:y1, x0:x1] = cv2.add(cv2.multiply(under, rest[inside], scale=1 / 255), colour[inside])


# -- letters -------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(_FONT, max(8, size))


def _bold(size: int) -> float:
    """The font is light; an outline of this width in its own colour makes it bold."""
    return size / 55


def text_width(text: str, size: int) -> int:
    """How wide `text` is."""
    return round(font(size).getlength(text) + 2 * _bold(size))


def shortened(text: str, width: int, size: int, lines: int) -> tuple[int, tuple[str, ...]]:
    """The lines of `text` in letters of `size`, and that size.

    A text that needs more than `lines` loses whole sentences or clauses from its end, and words only where
    that is not enough. Letters become smaller only for a single word that is wider than `width`.
    """
    widest = max((text_width(word, size) for word in text.split()), default=0)
    if widest > width:
        size = max(10, int(size * width / widest))
    for part in _parts(text):
        wrapped = _wrapped(part, width, size, lines)
        if wrapped is not None:
            return size, wrapped
    return size, (text,)  # one word that does not fit at all


def _parts(text: str) -> list[str]:
    """`text`, and what is left of it when it is cut at ever earlier places."""
    words = text.split()
    ends = range(len(words) - 1, 0, -1)
    sentences = [" ".join(words[:end]) for end in ends if words[end - 1][-1] in ".!?"]
    clauses = [" ".join(words[:end]).rstrip(",;:") for end in ends if words[end - 1][-1] in ",;:"]
    return [text, *sentences, *clauses, *(" ".join(words[:end]) + " …" for end in ends)]


def _wrapped(text: str, width: int, size: int, lines: int) -> tuple[str, ...] | None:
    """`text` in as few lines as it needs, of nearly equal length; None when it needs more than `lines`."""
    split = filled(text, width, size, lines)
    if split is None:
        return None
    low, high = 0, width  # the narrowest column with as many lines makes them equal
    while high - low > 1:
        middle = (low + high) // 2
        narrower = filled(text, middle, size, len(split))
        split, low, high = (split, middle, high) if narrower is None else (narrower, low, middle)
    return split


def filled(text: str, width: int, size: int, lines: int) -> tuple[str, ...] | None:
    """`text` with as many words a line as fit into `width`; None when it needs more than `lines`."""
    filled = [""]
    for word in text.split():
        longer = f"{filled[-1]} {word}".lstrip()
        if text_width(longer, size) <= width:
            filled[-1] = longer
        elif len(filled) == lines or text_width(word, size) > width:
            return None
        else:
            filled.append(word)
    return tuple(filled)


# -- tiles ---------------------------------------------------------------------------------------------


@lru_cache(maxsize=32)
def top_bar(title: str, side: str, reps: str, width: int, free: int, tall: int, margin: int) -> Tile:
    """The bar on top, `width` by `tall`, with its words in the `free` pixels from the left: the title, the
    side on a light ground, the repetitions at the right."""
    picture = Pillow.new("RGBA", (width, tall), _rgba(INK, _DARK))
    pen = ImageDraw.Draw(picture)
    size = round(tall * 0.56)
    right = free - margin
    if reps:
        _write(pen, (right, tall / 2), reps, size, WHITE, "rm")
        right -= text_width(reps, size) + 2 * margin
    room = right - margin - (text_width(side, size) + 2 * margin if side else 0)
    smaller = max(size * 2 // 3, min(size, int(size * room / max(1, text_width(title, size)))))
    smaller, (line, *_) = shortened(title, max(1, room), smaller, 1)
    _write(pen, (margin, tall / 2), line, smaller, WHITE, "lm")
    if side:
        left = margin + text_width(line, smaller) + margin
        box = (left, tall * 0.16, left + text_width(side, size) + margin, tall * 0.84)
        pen.rounded_rectangle(box, radius=tall * 0.2, fill=_rgba(WHITE))
        _write(pen, ((box[0] + box[2]) / 2, tall / 2), side, size, INK, "mm")
    return _tile(picture)


@lru_cache(maxsize=32)
def band(text: str, width: int, lines: int, size: int, margin: int, accent: Colour) -> Tile:
    """A message on a dark ground `width` wide, edged with its colour."""
    size, split = shortened(text, width - 3 * margin, size, lines)
    step = round(size * _STEP)
    tall = step * len(split) + round(1.4 * margin)
    picture = Pillow.new("RGBA", (width, tall), _rgba(INK, _DARK + 0.1))
    pen = ImageDraw.Draw(picture)
    if accent != WHITE:
        pen.rectangle((0, 0, round(margin * 0.7), tall), fill=_rgba(accent))
    for index, line in enumerate(split):
        y = tall / 2 + (index - (len(split) - 1) / 2) * step
        _write(pen, (width / 2, y), line, size, accent, "mm")
    return _tile(picture)


@lru_cache(maxsize=64)
def word(text: str, size: int, colour: Colour) -> Tile:
    """One word without a ground, cut to its own size."""
    left, top, right, bottom = font(size).getbbox(text, anchor="mm", stroke_width=_bold(size))
    picture = Pillow.new("RGBA", (round(right - left) + 2, round(bottom - top) + 2), _rgba(colour, 0))
    _write(ImageDraw.Draw(picture), (1 - left, 1 - top), text, size, colour, "mm")
    return _tile(picture)


@lru_cache(maxsize=8)
def disc(radius: int) -> Tile:
    """A dark disc, the ground of the ring."""
    picture = Pillow.new("RGBA", (8 * radius, 8 * radius), _rgba(INK, 0))
    ImageDraw.Draw(picture).ellipse((0, 0, 8 * radius - 1, 8 * radius - 1), fill=_rgba(INK, _DARK))
    return _tile(picture.resize((2 * radius + 1, 2 * radius + 1), Pillow.Resampling.LANCZOS))


def _tile(picture: Pillow.Image) -> Tile:
    """A Pillow picture, RGBA, as a tile."""
    pixels = np.asarray(picture, np.float32)
    opacity = pixels[:, :, 3:] / 255
    colour = (pixels[:, :, 2::-1] * opacity).round().astype(np.uint8)
    rest = np.repeat(((1 - opacity) * 255).round(), 3, axis=2).astype(np.uint8)
    return colour, rest


def _rgba(colour: Colour, opacity: float = 1.0) -> tuple[int, int, int, int]:
    return colour[2], colour[1], colour[0], round(255 * opacity)


def _write(
    pen: ImageDraw.ImageDraw, at: tuple[float, float], text: str, size: int, colour: Colour, anchor: str
) -> None:
    fill = _rgba(colour)
    pen.text(at, text, fill, font(size), anchor, stroke_width=_bold(size), stroke_fill=fill)
