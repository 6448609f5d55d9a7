"""Clips judged by the workers of a Dask cluster that runs already, as `batch.score_all` does here."""

import contextlib
import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from posecoach import __version__
from posecoach.core import paths
from posecoach.core.errors import InputError, SourceError
from posecoach.session.batch import DIED, Scored, Task, Work, score

try:
    from distributed import Client, Future, KilledWorker, Worker, WorkerPlugin, as_completed, get_worker
except ImportError:
    raise InputError(f"--cluster needs Dask. This installs it: {paths.installs('cluster')}") from None

log = logging.getLogger(__name__)

_NAME = "posecoach"
_CONNECT_S, _WORKERS_S = 10, 30  # how long a scheduler may take to answer, and workers to appear
_LOOK_S = 10.0  # how often it is looked whether there are workers
_AHEAD = 2  # clips for each thread of the workers, so that none waits for one


class JudgePlugin(WorkerPlugin):
    """What each worker gets once, also one that starts later: the networks, and how clips are judged.

    A worker judges one clip at a time, on as many cores as it has threads.
    """

    name = _NAME
    lock: threading.Lock

    def __init__(self, model: bytes, work: Work) -> None:
        self.model, self.work, self.version = model, work, __version__
        self.threads = 1

    def setup(self, worker: Worker) -> None:
        """Begin on a worker; raises RuntimeError where another version of posecoach is installed."""
        if self.version != __version__:
            raise RuntimeError(f"posecoach {__version__} is installed there, and {self.version} here")
        self.threads, self.lock = worker.state.nthreads, threading.Lock()


def score_on(
    address: str, tasks: Sequence[Task], model: bytes, done: Callable[[Scored], None], work: Work = score
) -> None:
    """Judge all clips on the cluster at `address`, and hand each to `done` as it is ready, in no fixed order.

    A clip whose worker dies is judged by another. One that Dask gives up, for several workers died with it,
    is tried once more by itself, and has failed when that ends the same way. Raises InputError where there is
    no cluster that can be used, and SourceError where it is lost.
    """
    with _connected(address) as client:
        try:
            client.register_plugin(JudgePlugin(model, work))
        except Exception as error:
            raise InputError(
                f"The workers of {address} cannot judge ({error}): install posecoach {__version__} there."
            ) from error
        with watched(client, address):
            suspects = _judged(client, address, iter(tasks), done)
            for task in suspects:
                for killed in _judged(client, address, iter([task]), done):
                    done(Scored(killed, failure=DIED))


class _Client(Client):
    """A client that is closed where it could not be started.

    Dask closes it only after some failures. Of others a client is left that the end of the process tries to
    close, for many seconds and with a traceback.
    """

    def start(self, **options: Any) -> None:
        try:
            super().start(**options)
        except BaseException:
            self.close()
            raise


@contextlib.contextmanager
def _connected(address: str) -> Iterator[Client]:
    logging.getLogger("distributed").setLevel(logging.CRITICAL)  # what matters of it is said here
    try:
        client = _Client(address, timeout=_CONNECT_S, set_as_default=False)
    except (OSError, ValueError, MemoryError) as error:  # the last: what answers there is no Dask
        raise InputError(
            f"There is no Dask scheduler at {address}: start one with 'dask scheduler', and name its address."
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_WORKERS_S)
        except TimeoutError:
            raise InputError(
                f"The cluster at {address} has no workers: start some with 'dask worker {address}'."
            ) from None
        yield client


@contextlib.contextmanager
def watched(client: Client, address: str) -> Iterator[None]:
    """Say it when the cluster has no workers any more: the `with` block waits until there are some."""
    over = threading.Event()

    def watch() -> None:
        gone = False
        while not over.wait(_LOOK_S):
            try:
                before, gone = gone, not client.nthreads()
            except Exception:  # the cluster is lost, which is told elsewhere
                return
            if gone and not before:
                log.warning(
                    "The cluster at %s has no workers any more: start some with 'dask worker %s', or stop "
                    "with Ctrl-C and go on later with --resume.",
                    address,
                    address,
                )

    watching = threading.Thread(target=watch, name="posecoach-workers", daemon=True)
    watching.start()
    try:
        yield
    finally:
        over.set()
        watching.join()


def _judged(
    client: Client, address: str, waiting: Iterator[Task], done: Callable[[Scored], None]
) -> list[Task]:
    """Judge what waits; returns the clips that Dask has given up."""
    running: dict[Future[Any], Task] = {}
    ended, given_up = as_completed(loop=client.loop), list[Task]()

    @_in_reach(address)
    def fill() -> None:
        free = _AHEAD * max(1, sum(client.nthreads().values())) - len(running)
        for task in islice(waiting, max(0, free)):
            there = task if task.address else replace(task, clip=task.clip.absolute())
            future = client.submit(_work, there, pure=False)
            running[future] = task
            ended.add(future)

    fill()
    for future in ended:
        task = running.pop(future)
        try:
            with _in_reach(address):
                # The worker that holds a result may have died since: another then judges the clip again.
                scored: Scored = future.result()
        except KilledWorker:
            given_up.append(task)
        else:
            failure = scored.failure and scored.failure.replace(str(task.clip.absolute()), str(task.clip))
            done(replace(scored, task=task, failure=failure))
        future.release()
        fill()
    return given_up


@contextlib.contextmanager
def _in_reach(address: str) -> Iterator[None]:
    try:
        yield
    except KilledWorker:
        raise
    except Exception as error:
        raise SourceError(
            f"The cluster at {address} was lost ({error}): start it again, and go on with --resume."
        ) from error


def _work(task: Task) -> Scored:
    judge = get_worker().plugins[_NAME]
    assert isinstance(judge, JudgePlugin)
    with judge.lock:
        return judge.work(task, judge.model, judge.threads)
