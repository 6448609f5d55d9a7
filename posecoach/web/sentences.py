"""The sentences of the page: they stand in its scripts, as `tr("...")`, and are translated here, as is how
each exercise's position is left."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from posecoach.assessment.exercises import CATALOGUE
from posecoach.core.translation import tr

STATIC = Path(__file__).parent / "static"

_SAID = re.compile(r"""\b(?:tr|marked)\(\s*("(?:[^"\\]|\\.)*")""")


def in_scripts() -> Iterator[str]:
    """Each sentence that a script of the page shows or says."""
    for path in sorted((STATIC / "js").rglob("*.js")):
        for quoted in _SAID.findall(path.read_text("utf-8")):
            yield json.loads(quoted)


@cache
def _all() -> tuple[str, ...]:
    return tuple(dict.fromkeys((*in_scripts(), *(one.release for one in CATALOGUE.values()))))


def translated() -> dict[str, str]:
    """Every sentence of the page in the language that is spoken."""
    return {text: tr(text) for text in _all()}
