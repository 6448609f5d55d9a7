"""Where the clips of `posecoach score` are judged, and what is said and kept of each."""

import logging
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from posecoach.cli import options
from posecoach.core import files, messages
from posecoach.feedback.outputs import attempt
from posecoach.session.batch import Scored, Task, score, score_all
from posecoach.session.frames_files import frames_file
from posecoach.session.rejudging import rejudge_all
from posecoach.session.study import Study
from posecoach.vision import model_bundle

log = logging.getLogger(__name__)


def of_landmarks(given: options.Score) -> bool:
    """Whether kept landmarks are judged, and no videos."""
    return given.landmarks is not None and not given.clips


def model_for(given: options.Score) -> bytes:
    """The pose model; nothing where there is no picture to find anybody in."""
    return b"" if of_landmarks(given) else model_bundle.load(given.model, log.info)


def judge_all(
    given: options.Score,
    tasks: Sequence[Task],
    model: bytes,
    done: Callable[[Scored], None],
    work: Study | None = None,
) -> None:
    """Judge all clips where it was asked for, and hand each to `done` as it is ready, in no fixed order.

    They are judged as `work` says; None: with all that is measured in each frame of a video.
    """
    jobs = given.jobs or os.cpu_count() or 1
    if given.cluster is not None:
        from posecoach.session import cluster  # not everybody has Dask

        cluster.score_on(given.cluster, tasks, model, done, work or score)
    elif of_landmarks(given) and not any(task.address for task in tasks):
        rejudge_all(tasks, jobs, done, (work or Study()).together)
    else:
        score_all(tasks, model, jobs, done, work or score)


def tell(one: Scored) -> None:
    """Say why a clip could not be judged, or what was wrong with it."""
    name = messages.printable(one.name)
    if one.failure:
        log.error("%s", messages.about(name, one.failure))
        log.debug("%s", one.details)
    if one.note:
        log.warning("%s It was judged as far as it goes.", messages.about(name, one.note))


def keep_frames(one: Scored, folder: Path | None) -> bool:
    """Write the frames file of a clip into `folder`, if any; False where that failed, which is said."""
    frames = one.frames
    if folder is None or frames is None or one.failure:
        return True
    return attempt(lambda: files.write(frames_file(one.task, folder), frames.as_csv()))
