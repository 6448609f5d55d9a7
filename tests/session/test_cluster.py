"""Scoring on a Dask cluster: workers in processes of their own, two tiny clips, and workers that die."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from posecoach.core.errors import InputError
from posecoach.session.batch import Scored, Task
from tests.conftest import Run

if TYPE_CHECKING:
    from distributed import LocalCluster

pytest.importorskip("distributed")
# Dask closes what belongs to a worker that was killed when it is collected, and Tornado tells of it.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


@pytest.fixture(scope="module")
def cluster() -> "Iterator[LocalCluster]":
    """Two workers, each a process that is started again when it dies."""
    import dask
    from distributed import LocalCluster

    # On a busy machine a worker takes longer to start again, and to answer, than it is waited for by default.
    patient = {
        "distributed.scheduler.allowed-failures": 1,
        "distributed.deploy.lost-worker-timeout": "1 hour",
    }
    with pytest.MonkeyPatch.context() as patch, dask.config.set(patient):
        running = LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=":0", silence_logs=50)
        for limit in ("_CONNECT_S", "_WORKERS_S"):
            patch.setattr(f"posecoach.session.cluster.{limit}", 600)
        yield running
        # Dask 2026.6 now and then waits for ever for a worker that was killed; it ends with this process.
        with suppress(TimeoutError):
            running.close(timeout=30)


@dataclass(frozen=True)
class Deadly:
    """Ends its process for a clip called `always`, and for the first worker that gets one called `once`."""

    folder: Path

    def __call__(self, task: Task, model: bytes, threads: int | None = None) -> Scored:
        before = self.folder / "before"
        if task.name == "always" or (task.name == "once" and not before.exists()):
            before.touch()
            os._exit(9)
        return Scored(task, note=f"{model.decode()} {threads}")


def test_rows_are_those_of_this_machine(
    posecoach: Run, cluster: "LocalCluster", short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.mp4").write_bytes(short_clip.read_bytes())
    Path("b.mp4").write_text("no video", "utf-8")
    address = (tmp_path / "a.mp4").as_uri()

    def rows(*where: object) -> list[dict[str, Any]]:
        out = ("--json", "out.jsonl", "--frames", "frames")
        status, _, errors = posecoach("score", "a.mp4", "b.mp4", "--exercise", "bridge", *out, *where)
        assert (status, "is not a video" in errors) == (1, True)
        found = [json.loads(line) for line in Path("out.jsonl").read_text("utf-8").splitlines()]
        return sorted(found, key=lambda row: str(row["clip"]))

    here = rows("--jobs", 1)
    measured = Path("frames/a.csv").read_bytes()
    assert rows("--cluster", cluster.scheduler_address) == here
    assert Path("frames/a.csv").read_bytes() == measured
    out = ("--json", "out.jsonl", "--cluster", cluster.scheduler_address)
    assert posecoach("score", address, "--exercise", "bridge", *out)[0] == 0
    assert json.loads(Path("out.jsonl").read_text("utf-8")) == here[0] | {"clip": address}


def test_workers_with_another_version_are_refused(
    cluster: "LocalCluster", monkeypatch: pytest.MonkeyPatch
) -> None:
    from posecoach.session.cluster import score_on

    monkeypatch.setattr("posecoach.session.cluster.__version__", "9.9.9")
    with pytest.raises(InputError, match=r"cannot judge .* 9\.9\.9"):
        score_on(cluster.scheduler_address, [Task("a", Path("a"), None)], b"", lambda _: None)


def test_a_worker_that_is_killed_loses_nothing(cluster: "LocalCluster", tmp_path: Path) -> None:
    from posecoach.session.cluster import score_on

    names = ["a", "b", "once", "c", "always", "d", "e"]
    finished: list[Scored] = []
    tasks = [Task(name, Path(name), None) for name in names]
    score_on(cluster.scheduler_address, tasks, b"model", finished.append, Deadly(tmp_path))
    assert sorted(one.task.name for one in finished) == sorted(names)
    assert {one.task.name for one in finished if one.failure} == {"always"}
    assert {one.note for one in finished if not one.failure} == {"model 1"}
    assert {one.task for one in finished} == {replace(one, clip=Path(one.name)) for one in tasks}


def _one(task: Task, model: bytes, threads: int | None = None) -> Scored:
    return Scored(task, note=str(os.getpid()))


def test_a_result_that_dies_with_its_worker_is_judged_again(cluster: "LocalCluster") -> None:
    from posecoach.session.cluster import score_on

    scheduler = cluster.scheduler
    assert scheduler is not None
    finished: list[Scored] = []
    killed = set[int]()

    def done(one: Scored) -> None:
        if not finished:  # those that were under way, too, are judged by now, or will be, and kept there
            while any(task.state != "memory" for task in list(scheduler.tasks.values())):
                time.sleep(0.01)
            killed.update(worker.pid for worker in scheduler.workers.values())
            for pid in killed:
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
            while any(worker.pid in killed for worker in list(scheduler.workers.values())):
                time.sleep(0.01)
        finished.append(one)

    tasks = [Task(name, Path(name), None) for name in "abcdef"]
    score_on(cluster.scheduler_address, tasks, b"model", done, _one)
    assert sorted(one.task.name for one in finished) == list("abcdef")
    assert not [one.failure for one in finished if one.failure]
    assert all(int(one.note or 0) not in killed for one in finished[1:])


def test_it_is_said_once_when_all_workers_are_gone(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from posecoach.session import cluster

    looks = [{"one": 1}, {}, {}, {"two": 1}, {}]
    seen = threading.Event()

    class Changing:
        def nthreads(self) -> dict[str, int]:
            if len(looks) == 1:
                seen.set()
            return looks.pop(0) if len(looks) > 1 else looks[0]

    monkeypatch.setattr(cluster, "_LOOK_S", 0.01)
    changing: Any = Changing()
    with cluster.watched(changing, "tcp://here"):
        assert seen.wait(60)
    said = [record.message for record in caplog.records if "no workers any more" in record.message]
    assert 1 <= len(said) <= 2
    assert "'dask worker tcp://here'" in said[0]


def test_a_cluster_that_is_not_there_is_told_by_one_sentence(
    posecoach: Run, short_clip: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.session.cluster._CONNECT_S", 0.2)
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        status, _, errors = posecoach("score", short_clip, "--exercise", "bridge", "--cluster", address)
        assert (status, errors.count("\n")) == (2, 1)
        assert f"no Dask scheduler at {address}" in errors


def test_a_cluster_that_is_not_there_is_not_told_again_by_python(
    environment: dict[str, str], short_clip: Path
) -> None:
    """Dask's own words would come at the end of the process."""
    command = ("-m", "posecoach", "score", short_clip, "--exercise", "bridge", "--cluster", "nonsense")
    folder = str(Path(__file__).parents[2])
    done = subprocess.run(
        [sys.executable, *command], env=environment | {"PYTHONPATH": folder}, capture_output=True, check=False
    )
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1)


def test_what_answers_in_another_way_is_no_cluster(posecoach: Run, short_clip: Path) -> None:
    """As a page does, whose port stands beside the scheduler's."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            caller, _ = server.accept()
            with caller:
                caller.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                caller.recv(1000)

        answering = threading.Thread(target=answer)
        answering.start()
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        status, _, errors = posecoach("score", short_clip, "--exercise", "bridge", "--cluster", address)
        answering.join()
    assert (status, f"no Dask scheduler at {address}" in errors) == (2, True)


def test_jobs_are_those_of_the_cluster(posecoach: Run) -> None:
    status, _, errors = posecoach("score", "a.mp4", "--exercise", "bridge", "--cluster", "x", "--jobs", 2)
    assert (status, "--jobs cannot be combined with --cluster" in errors) == (2, True)
