"""What a person answered about safety, and when: a small TOML file in the user's data folder."""

from datetime import date
from pathlib import Path

import tomli_w
from pydantic import BaseModel, ConfigDict

from posecoach.coaching import safety
from posecoach.core import files, paths


class Answers(BaseModel):
    """The answers of one day: the groups of `safety.GROUPS` of which a sign is there, and those that a
    professional has looked at since."""

    model_config = ConfigDict(frozen=True)

    date: date
    yes: tuple[str, ...] = ()
    cleared: tuple[str, ...] = ()


def path() -> Path:
    """Where the answers are kept."""
    return paths.data_dir() / "answers.toml"


def load() -> Answers | None:
    """The last answers, however old; None where there are none that can be understood."""
    try:
        return Answers.model_validate(files.toml(path()))
    except (OSError, ValueError):  # pydantic's errors are of the latter
        return None


def current(today: date) -> Answers | None:
    """The last answers, as long as they hold; None where all of the questions are to be asked."""
    known = load()
    return None if known is None or safety.due(known.date, today) else known


def save(answers: Answers) -> None:
    """Keep the answers in the place of those before; raises OutputError."""
    files.private_folder(path().parent)
    files.write(path(), tomli_w.dumps(answers.model_dump()))


def forget() -> None:
    """Remove the answers, if there are any; raises OutputError when they cannot be removed."""
    files.remove(path())
