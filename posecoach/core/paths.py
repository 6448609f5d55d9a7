"""Where the files that ship with posecoach and the folders of its user are."""

import sys
from pathlib import Path

import platformdirs

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parent
_APP = "posecoach"


def in_checkout() -> bool:
    """True when the package runs from a source checkout rather than from an installed wheel."""
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "routines").is_dir()


def checkout() -> Path:
    """The folder of the source checkout that the package runs from."""
    return _CHECKOUT


def installs(extra: str) -> str:
    """The command that adds an extra where this runs: the environment's own pip knows which that is."""
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    # No index has posecoach, but an installed one is there already: only what the extra needs is fetched.
    what = f'-e "{checkout()}[{extra}]"' if in_checkout() else f'"posecoach[{extra}]"'
    return f"{python} -m pip install {what}"


def shipped(folder: str) -> Path:
    """The folder `routines`, `models`, `sample_videos` or `docs` that came with this installation."""
    return (_CHECKOUT if in_checkout() else _PACKAGE / "shipped") / folder


def sample_clip() -> Path:
    """The sample video that stands for a camera, or for a clip where none is given."""
    return shipped("sample_videos") / "knee_to_chest" / "knee_to_chest-good-left-side-la.mp4"


def cache_dir() -> Path:
    """The folder for files that can be had again: `models/` of a checkout, or the user's cache."""
    return shipped("models") if in_checkout() else Path(platformdirs.user_cache_dir(_APP))


def data_dir() -> Path:
    """The folder for what is kept of a person: answers and history."""
    return Path(platformdirs.user_data_dir(_APP))


def config_dir() -> Path:
    """The user's settings folder."""
    return Path(platformdirs.user_config_dir(_APP))
