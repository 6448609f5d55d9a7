"""What a live session remembers for the next one: a small TOML file in the user's settings folder."""

import logging
from pathlib import Path

import tomli_w
from pydantic import BaseModel, ConfigDict, Field

from posecoach.coaching.utterances import RATE
from posecoach.core import files, paths
from posecoach.core.choices import SPEECH_RATES, VOLUMES, RotationChoice, SoundChoice, WordsChoice
from posecoach.core.errors import OutputError
from posecoach.core.language import LanguageChoice
from posecoach.core.translation import tr

log = logging.getLogger(__name__)


class Settings(BaseModel):
    """The choices of the last live session. `routine` is a name or the absolute path of a TOML file.

    `rate` is in words a minute, `volume` in percent; `voice_name` "" is the system's own voice, and
    `language` "" that of the machine; `words` is how much the coach says.
    """

    model_config = ConfigDict(frozen=True)

    routine: str = "lower_back_basics"
    camera: str = "0"
    rotate: RotationChoice = "auto"
    mirror: bool = True
    fullscreen: bool = False
    sound: SoundChoice = "voice"
    rate: int = Field(default=RATE, ge=SPEECH_RATES[0], le=SPEECH_RATES[1])
    volume: int = Field(default=80, ge=VOLUMES[0], le=VOLUMES[1])
    voice_name: str = ""
    language: LanguageChoice = ""
    words: WordsChoice = "normal"


def path() -> Path:
    """Where the settings are kept."""
    return paths.config_dir() / "settings.toml"


def load(tell: bool = True) -> Settings:
    """The remembered settings; the defaults, with one sentence unless `tell` is False, when the file cannot
    be understood."""
    settings = _read()
    if settings is None and tell:
        told = tr(
            "The settings in {file} cannot be understood: fix or delete the file; until then choices are not "
            "saved.",
            file=path(),
        )
        log.warning("%s", told)
    return settings or Settings()


def understood() -> bool:
    """True when there is a settings file that can be read, or none yet."""
    return _read() is not None


def save(settings: Settings) -> None:
    """Remember `settings`. A file that cannot be understood is left as it is, and failing is only noted."""
    if not understood():
        return
    target = path()
    try:
        files.ready_folder(target.parent)
        files.write(target, tomli_w.dumps(settings.model_dump()), private=True)  # a password may be in it
    except OutputError as error:
        log.warning("%s", tr("The settings are not remembered: {why}", why=error))


def _read() -> Settings | None:
    """The settings in the file, the defaults when there is none, None when it cannot be understood."""
    try:
        return Settings.model_validate(files.toml(path()))
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except (OSError, ValueError):  # pydantic's errors are of the latter
        return None
