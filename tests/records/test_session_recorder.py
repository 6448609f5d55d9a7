"""A session on its way into the history: what has ended is there, whatever happens next."""

import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posecoach.coaching.coach import Coach
from posecoach.core.errors import OutputError
from posecoach.records import database, history
from posecoach.records.history import Session, Store
from posecoach.records.session_recorder import SessionRecorder, keeping
from tests.conftest import Run
from tests.support.sessions import ROUTINE, moments, shots


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.core.paths.data_dir", lambda: tmp_path / "posecoach")


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is said."""
    said: list[str] = []
    monkeypatch.setattr(
        "posecoach.records.session_recorder.log.warning", lambda text, *args: said.append(text % args)
    )
    return said


def go_through(kept: SessionRecorder) -> None:
    for view, ended in moments():
        for done in ended:
            kept.step_done(done)
        kept.follow(view.session_s)
    kept.end("finished")


def test_each_exercise_is_there_the_moment_it_ends(logged: list[str]) -> None:
    seen = list[int]()
    with keeping(ROUTINE, before=4) as kept:
        for view, ended in moments():
            for done in ended:
                kept.step_done(done)
                (so_far,) = history.sessions()
                seen.append(len(so_far.exercises))
                assert so_far.ended is None
            kept.follow(view.session_s)
        kept.end("finished")
        kept.felt(2, False)
        assert kept.saved
    assert seen == [1, 2, 3]
    (session,) = history.sessions()
    assert session == kept.session
    assert (session.routine, session.title, session.steps) == ("short", ROUTINE.title, 3)
    assert (session.ended, session.before, session.after, session.pain) == ("finished", 4, 2, False)
    assert session.duration_s == pytest.approx(view.session_s, abs=0.01)
    left, right, tilt = session.exercises
    assert [done.asked for done in session.exercises] == [s for s in ROUTINE.steps if s.exercise]
    assert [done.result for done in session.exercises] == [d.result for _, ended in moments() for d in ended]
    assert tilt.curves == ()
    for kept_exercise in (left, right):
        (curve,) = kept_exercise.curves
        (position,) = kept_exercise.result.positions
        held = [
            v for t, v in zip(curve.t_s, curve.value, strict=True) if position.start_s < t < position.end_s
        ]
        assert len(held) >= 9
        assert all(value is not None and value > curve.enter - curve.back for value in held)
    assert logged == []


def test_what_was_under_way_is_kept_when_the_session_ends_early() -> None:
    with keeping(ROUTINE, before=None) as kept:
        coach = Coach(ROUTINE, kept.step_done)
        for shot in shots()[:40]:
            kept.follow(coach.update(shot.pose, shot.t_s).session_s)
        assert kept.session.exercises == ()
        coach.finish()
        kept.end("quit")
    (session,) = history.sessions()
    assert (session.ended, len(session.exercises)) == ("quit", 1)


def test_a_session_that_never_came_to_its_first_step_is_not_kept() -> None:
    with keeping(ROUTINE, before=4) as kept:
        for _ in range(3):
            kept.follow(0.0)
        kept.end("quit")
        kept.felt(2, False)
    assert history.sessions() == []


def test_a_clock_that_jumps_changes_the_day_and_nothing_else() -> None:
    times = iter([datetime(2026, 1, 1, tzinfo=UTC), datetime(1999, 1, 1, tzinfo=UTC)])
    with Store() as store:
        go_through(SessionRecorder(store, ROUTINE, now=lambda: next(times)))
    (session,) = history.sessions()
    assert session.started.year == 1999
    assert session.duration_s == pytest.approx(moments()[-1][0].session_s, abs=0.01)


def test_a_history_that_fails_is_said_once_and_tried_again(
    logged: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(store: Store, session: Session) -> Session:
        tried.append(len(session.exercises))
        if len(session.exercises) < 3:
            raise OutputError("The disk is full.")
        return write(store, session)

    tried, write = list[int](), Store.write
    monkeypatch.setattr(Store, "write", fails)
    with keeping(ROUTINE, before=None) as kept:
        go_through(kept)
        assert kept.saved
    assert tried == [0, 1, 2, 3, 3]
    assert logged == ["The disk is full. The session goes on without it for now."]
    assert len(history.sessions()[0].exercises) == 3


def test_a_session_that_could_not_be_kept_says_so_at_its_end(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "data").write_text("in the way", "utf-8")
    monkeypatch.setattr("posecoach.core.paths.data_dir", lambda: tmp_path / "data")
    status, _, errors = posecoach("live", "in_bed", "--camera", short_clip, "--no-window", "--history")
    assert status == 1
    assert "is a file, but must be a folder" in errors
    assert errors.rstrip().endswith("is not in the history.")


def test_a_damaged_history_is_said_once(logged: list[str]) -> None:
    database.path().parent.mkdir()
    database.path().write_bytes(b"no database, " * 1000)
    with keeping(ROUTINE, before=None) as kept:
        go_through(kept)
    (said,) = logged
    assert "history-damaged-1.db" in said
    assert "the 0 sessions that could be read" in said
    assert len(history.sessions()[0].exercises) == 3


def test_a_locked_history_lets_the_session_go_on(logged: list[str]) -> None:
    with Store() as store:
        store.open()
    other = sqlite3.connect(database.path(), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with keeping(ROUTINE, before=None) as kept:
        for view, ended in moments():
            for done in ended:
                kept.step_done(done)
                if done.result.step == 3:
                    other.close()
            kept.follow(view.session_s)
        kept.end("finished")
    assert len(logged) == 1
    assert len(history.sessions()[0].exercises) == 3


def test_nothing_is_kept_that_was_not_wanted() -> None:
    with keeping(ROUTINE, before=None, wanted=False) as kept:
        go_through(kept)
        kept.felt(3, True)
        assert not kept.saved
    assert not database.path().exists()


_SESSION = """
import sys
from tests.support.sessions import ROUTINE, shots
from posecoach.coaching.coach import Coach
from posecoach.records.session_recorder import keeping

with keeping(ROUTINE, before=None) as kept:
    coach = Coach(ROUTINE, kept.step_done)
    for shot in shots():
        view = coach.update(shot.pose, shot.t_s)
        kept.follow(view.session_s)
        for event in view.events:
            print(event.kind, flush=True)
            if event.kind in sys.argv[1:]:
                sys.stdin.read()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(("at", "finished"), [("in_position", 0), ("step_done", 1)])
def test_a_session_that_is_killed_leaves_every_exercise_that_had_ended(
    environment: dict[str, str], at: str, finished: int, tmp_path: Path
) -> None:
    paths = str(Path(__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", _SESSION, at],
        env=environment | {"PYTHONPATH": paths, "XDG_DATA_HOME": str(tmp_path)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if line.strip() == at:
                running.send_signal(signal.SIGKILL)
    assert running.returncode == -signal.SIGKILL
    (session,) = history.sessions()
    assert (len(session.exercises), session.ended) == (finished, None)
