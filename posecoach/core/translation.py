"""In which language things are said. The sources are English; a catalogue has the sentences of another one.

    tr("Step {number} of {count}", number=1, count=3)    # what is said now
    marked("Half way")                                   # a sentence that `tr` gets later

A sentence with `{side}` is a whole sentence for each side in the catalogue: other languages bend more than
one word for it. What a catalogue lacks stays English. The catalogue is chosen once, before anything is said.
"""

from typing import Protocol


class Catalogue(Protocol):
    """Sentences of one language, as `gettext` has them."""

    def gettext(self, message: str) -> str: ...
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str: ...


class English:
    """The language of the sources."""

    def gettext(self, message: str) -> str:
        """The sentence itself."""
        return message

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """The first for one, the second for any other number."""
        return msgid1 if n == 1 else msgid2


class _Spoken:
    language: str = "en"
    catalogue: Catalogue = English()


def use(language: str, catalogue: Catalogue) -> None:
    """Speak `language` ("en", "de") from now on, with the sentences of `catalogue`."""
    _Spoken.language, _Spoken.catalogue = language, catalogue


def language() -> str:
    """The language that is spoken: "en", "de"."""
    return _Spoken.language


def marked(text: str) -> str:
    """The text itself, to be found by whoever fills a catalogue."""
    return text


def tr(text: str, side: str | None = None, /, **values: object) -> str:
    """`text` in the language that is spoken, about `side`, with `values` put in."""
    if not text:
        return ""  # for which a catalogue answers with its own description
    asked = text.replace("{side}", side or "")
    said = _Spoken.catalogue.gettext(asked)
    return said.format(**values) if values else said


def several(one: str, many: str, count: int, **values: object) -> str:
    """`one` or `many` in the language that is spoken, as `count` asks for, with it and `values` put in."""
    return _Spoken.catalogue.ngettext(one, many, count).format(count=count, **values)


def humanise(identifier: str) -> str:
    """An identifier, such as that of a fault or a measure, in words."""
    return tr(identifier.replace("_", " "))


def decimal(value: float, form: str = ".1f") -> str:
    """A number with the decimal sign of the language."""
    return format(value, form).replace(".", tr("."))


def percent(share: float) -> str:
    """A share (0..1) in whole percent, the sign as the language sets it."""
    return tr("{number}%", number=f"{100 * share:.0f}")
