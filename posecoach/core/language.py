"""The languages there are, which one is wanted, and where its sentences are."""

import gettext
import locale
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal, get_args

from posecoach.core import translation

Language = Literal["en", "de"]
LANGUAGES: tuple[Language, ...] = get_args(Language)

#: One of them, or "" for that of the machine; of a browser, where one asks.
LanguageChoice = Literal["", Language]

#: What a language is called: in messages and help.
NAMES: Mapping[str, str] = {"en": translation.marked("English"), "de": translation.marked("German")}

#: What it is called by those who speak it.
OWN_NAMES: Mapping[str, str] = {"en": "English", "de": "Deutsch"}

#: Catalogues as gettext keeps them: de/LC_MESSAGES/posecoach.mo.
FOLDER = Path(__file__).parents[1] / "locale"

_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")  # in the order in which gettext asks them


def use(name: str = "") -> Language:
    """Speak the language of this name from now on, or else that of this machine; returns which it is."""
    chosen = wanted(name)
    translation.use(chosen, catalogue(chosen))
    return chosen


def wanted(name: str = "") -> Language:
    """The language of this name, or else that of this machine; nothing is spoken otherwise than before."""
    return next((one for one in LANGUAGES if one == name), None) or of_machine()


def catalogue(language: Language) -> translation.Catalogue:
    """The sentences of a language."""
    return gettext.translation("posecoach", FOLDER, [language], fallback=True)


def of_machine() -> Language:
    """The language that this machine is set to; English where there is no catalogue of it."""
    names = next((value for name in _VARIABLES if (value := os.environ.get(name))), "")
    if not names and sys.platform == "win32":
        import ctypes

        names = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    return first_known(names.split(":")) or "en"


def first_known(names: Iterable[str]) -> Language | None:
    """The first of these languages, as systems and browsers name them, that there is a catalogue of."""
    for name in names:
        code = name.replace("-", "_").partition("_")[0].strip().lower()
        found = next((one for one in LANGUAGES if one == code), None)
        if found is not None:
            return found
    return None
