"""The colours of a session's screen, each with one meaning. Blue, green, red: 0 to 255."""

Colour = tuple[int, int, int]

WHITE: Colour = (255, 255, 255)  # words, and the limb that moves
INK: Colour = (28, 22, 18)  # grounds and rims
GREY: Colour = (205, 200, 196)  # the rest of the body

GREEN: Colour = (135, 225, 80)  # held well
AMBER: Colour = (
    40,
    165,
    255,
)  # to be changed; always drawn dashed, too, for those who do not tell it from green
BLUE: Colour = (255, 160, 130)  # not seen


def darker(colour: Colour) -> Colour:
    """A third of the way to INK."""
    blue, green, red = ((2 * c + i) // 3 for c, i in zip(colour, INK, strict=True))
    return blue, green, red
