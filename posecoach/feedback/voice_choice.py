"""Which of a machine's voices speaks, and what to do where there is none."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass

from posecoach.core.errors import InputError
from posecoach.core.messages import cut, quoted
from posecoach.core.translation import marked, tr

_PREFERRED = ("samantha", "daniel", "karen", "anna")  # some systems list their joke voices first
_NAMED = 6  # voices that a message lists

#: How to get a voice, by what Python calls the system.
_REMEDIES = {
    "win32": marked("add a voice in your language under Settings, Time & language, Speech"),
    "darwin": marked("add a voice in your language under System Settings, Accessibility, Spoken Content"),
}
_LINUX = marked("'sudo apt-get install espeak-ng' brings one on Debian and Ubuntu")


@dataclass(frozen=True)
class InstalledVoice:
    """A voice of the machine: its identifier there, its name, and language tags such as "en-GB"."""

    id: str
    name: str
    languages: tuple[str, ...] = ()

    @property
    def tags(self) -> list[str]:
        """The language tags in one spelling."""
        return [tag.casefold().replace("_", "-") for tag in self.languages]

    def speaks(self, language: str) -> bool:
        """Whether `language` ("en", "de") is one of its languages."""
        return any(tag.split("-")[0] == language for tag in self.tags)

    def foreign(self, language: str) -> bool:
        """Whether it is known not to speak `language`."""
        return any(tag[:2].isalpha() for tag in self.tags) and not self.speaks(language)


def chosen_voice(
    voices: Sequence[InstalledVoice], default: str | None, name: str, language: str
) -> InstalledVoice | None:
    """The voice with that name, identifier or language; without a name the system's own if it speaks
    `language`, else one that does. None where there is none; raises InputError for a name that is unknown."""
    if name:
        return _named(voices, name, language)
    own = next((voice for voice in voices if voice.id == default), None)
    able = [voice for voice in voices if voice.speaks(language)]
    if own is None or (able and own not in able):
        pleasant = [voice for voice in able if voice.name.casefold() in _PREFERRED]
        return next(iter([*pleasant, *able, *voices]), None)
    return own


def _named(voices: Sequence[InstalledVoice], name: str, language: str) -> InstalledVoice:
    wanted = name.casefold()
    fitting = [
        *(voice for voice in voices if wanted in (voice.id.casefold(), voice.name.casefold())),
        *(voice for voice in voices if wanted.replace("_", "-") in voice.tags),
        *(voice for voice in voices if wanted in voice.name.casefold()),
    ]
    if fitting:
        return fitting[0]
    speaking = [voice.name for voice in voices if voice.speaks(language)]
    listed = ", ".join(cut(one) for one in speaking[:_NAMED]) or tr("none")
    raise InputError(
        tr("There is no voice {name} here; voices that fit are {listed}.", name=quoted(name), listed=listed)
    )


def remedy() -> str:
    """How this machine gets a voice, as part of a sentence."""
    return tr(_REMEDIES.get(sys.platform, _LINUX))
