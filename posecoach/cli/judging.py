"""Where the clips of `posecoach score` are judged: on this machine, or on a cluster."""

import os
from collections.abc import Callable, Sequence

from posecoach.cli import options
from posecoach.session.batch import Scored, Task, Work, score, score_all


def judge_all(
    given: options.Score,
    tasks: Sequence[Task],
    model: bytes,
    done: Callable[[Scored], None],
    work: Work = score,
) -> None:
    """Judge all clips where it was asked for, and hand each to `done` as it is ready, in no fixed order."""
    if given.cluster is None:
        score_all(tasks, model, given.jobs or os.cpu_count() or 1, done, work)
        return
    from posecoach.session import cluster  # not everybody has Dask

    cluster.score_on(given.cluster, tasks, model, done, work)
