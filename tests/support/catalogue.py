"""What is said and shown, collected for those who translate it.

    python -m tests.support.catalogue

brings the catalogues in `posecoach/locale` up to date: new sentences come in without a translation, those
that are said no more go, and the files that `gettext` reads are written anew. Needs Babel.
"""

import contextlib
import io
import re
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.judge import ALWAYS_SHOWN

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "posecoach"
LOCALE = PACKAGE / "locale"

Message = str | tuple[str, ...]

_PATTERNS = [("templates/report.html", "jinja2"), ("**.py", "python"), ("web/static/js/**.js", "javascript")]
_OPTIONS = {"web/static/js/**.js": {"parse_template_string": "true"}}
_KEYWORDS = {"tr": None, "marked": None, "several": (1, 2)}
_HEADER = """\
# What posecoach says and shows. 'python -m tests.support.catalogue' brings this file up to date.
msgid ""
msgstr ""
"Language: {}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: {}\\n"

"""
_NO_TIME = datetime(2026, 1, 1, tzinfo=UTC)  # a file that says the same is the same
_VERDICTS = ("good", "fault", "unseen", "not_performed")
_SIDES = ("left", "right", "both", "each")


@cache
def said() -> dict[Message, str]:
    """All that can be said or shown, as a catalogue has it, and where it comes from."""
    found: dict[Message, str] = {}
    for message, origin in (*_in_sources(), *_in_exercises(), *_in_routines(), *_identifiers()):
        for one in _by_side(message):
            if one:
                found.setdefault(one, origin)
    return found


def _in_sources() -> Iterator[tuple[Message, str]]:
    # Babel warns of every f-string near a sentence, also of those that are only put into one.
    with contextlib.redirect_stderr(io.StringIO()):
        found = list(
            extract_from_dir(
                PACKAGE, _PATTERNS, _OPTIONS, keywords=_KEYWORDS, directory_filter=lambda _: True
            )
        )
    for file, _, message, _, _ in found:
        yield message, f"posecoach/{file}"


def _in_exercises() -> Iterator[tuple[Message, str]]:
    """Exercises are data without marks: their sentences are known by where they stand."""
    for exercise in CATALOGUE.values():
        limits = [limit.help for limit in exercise.limits.values()]
        shown = exercise.limits[exercise.motions[0].enter].help.removesuffix(", degrees")  # on the report
        texts = (exercise.title, exercise.summary, exercise.start, exercise.move, exercise.release)
        for text in (*texts, exercise.timed_only, shown, *exercise.cues.values(), *limits):
            yield text, f"posecoach/assessment/exercises/{exercise.id}.py"


def _in_routines() -> Iterator[tuple[Message, str]]:
    for path in sorted((ROOT / "routines").glob("*.toml")):
        routine = tomllib.loads(path.read_text("utf-8"))
        for text in (
            routine["title"],
            routine["source"],
            *(step.get("say", "") for step in routine["steps"]),
        ):
            yield text, f"routines/{path.name}"


def _identifiers() -> Iterator[tuple[Message, str]]:
    """What is shown of names that files and JSON use as they are."""
    names = {*_VERDICTS, *_SIDES}
    for exercise in CATALOGUE.values():
        names |= {*exercise.faults} | {rule.limit for rule in exercise.rules}
        names |= {re.sub("_(left|right)$", "", name) for name in (*exercise.measures, *ALWAYS_SHOWN)}
    for name in sorted(names):
        yield name.replace("_", " "), "identifiers"


def _by_side(message: Message) -> list[Message]:
    if isinstance(message, str) and "{side}" in message:
        return [message.replace("{side}", side) for side in ("left", "right")]
    return [message]


def languages() -> list[str]:
    """The languages that have a catalogue."""
    return sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/posecoach.po"))


def po_file(language: str) -> Path:
    """The catalogue of a language, as translators have it."""
    return LOCALE / language / "LC_MESSAGES" / "posecoach.po"


def mo_file(language: str) -> Path:
    """The same as `gettext` reads it."""
    return po_file(language).with_suffix(".mo")


def catalogue(language: str) -> Catalog:
    """What there is of a language."""
    with po_file(language).open("rb") as file:
        return read_po(file, locale=language)


def compiled(known: Catalog) -> bytes:
    """A catalogue as `gettext` reads it."""
    file = io.BytesIO()
    write_mo(file, known)
    return file.getvalue()


def update(language: str) -> None:
    """Bring a catalogue up to date, and its compiled form."""
    before, now = catalogue(language), Catalog(locale=language, project="posecoach")
    now.creation_date = now.revision_date = _NO_TIME
    for message, origin in said().items():
        known = before.get(message)
        now.add(message, known.string if known is not None else None, locations=[(origin, 0)])
    text = io.BytesIO()
    write_po(text, now, width=110, include_lineno=False, sort_by_file=True, omit_header=True)
    po_file(language).write_bytes(_HEADER.format(language, now.plural_forms).encode() + text.getvalue())
    mo_file(language).write_bytes(compiled(now))


if __name__ == "__main__":
    for one in languages():
        update(one)
