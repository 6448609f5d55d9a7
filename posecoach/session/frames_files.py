"""The files that `--frames` writes: one for each clip, named after it."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from posecoach.core.errors import InputError
from posecoach.session.batch import Task


def frames_file(task: Task, folder: Path) -> Path:
    """Where the measurements of a clip go."""
    return folder / f"{task.clip.stem}.csv"


def frames_files(tasks: Sequence[Task], folder: Path | None) -> list[Path]:
    """All of them; raises InputError when two clips would share a file."""
    if folder is None:
        return []
    for stem, count in Counter(task.clip.stem for task in tasks).items():
        if count > 1:
            raise InputError(
                f"{count} of the clips are called {stem}, so one --frames file would overwrite another: "
                "judge them in runs of their own."
            )
    return [frames_file(task, folder) for task in tasks]
