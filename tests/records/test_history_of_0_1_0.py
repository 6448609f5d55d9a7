"""A history as version 0.1.0 wrote it, in a German session: it opens, reads in any language, and goes on."""

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from posecoach.coaching import phrases
from posecoach.coaching.safety import Feeling
from posecoach.core import language
from posecoach.records import database, history
from posecoach.records.history import Store
from tests.support.sessions import knee, session

_SCHEMA = """
CREATE TABLE sessions (id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, routine TEXT NOT NULL,
    title TEXT NOT NULL, steps INTEGER NOT NULL, ended TEXT, duration_s REAL NOT NULL, before INTEGER,
    after INTEGER, pain INTEGER);
CREATE TABLE exercises (session INTEGER NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    step INTEGER NOT NULL, asked TEXT NOT NULL, result TEXT NOT NULL, curves TEXT NOT NULL,
    PRIMARY KEY (session, step));
PRAGMA user_version = 1;
"""
_ASKED = {
    "exercise": "knee_to_chest",
    "pause_s": 0.0,
    "side": "left",
    "hold_s": 2.0,
    "reps": 1,
    "limits": {"enter": 92.5, "shallow": 82.5},
    "say": "Beginne beim Ausatmen, und zuerst ganz klein",
}
_RESULT = {
    "exercise": "knee_to_chest",
    "side": "left",
    "duration_s": 5.5,
    "frames": 45,
    "seen": 1.0,
    "verdict": "good",
    "faults": [],
    "positions": [{"side": "left", "start_s": 3.375, "end_s": 7.0}],
    "reps": 1,
    "peaks": {"hip_flexion_left": 118.78, "knee_flexion_left": 128.12},
    "score": 100,
    "notes": ["Der Körper war eine Weile nicht zu sehen"],
    "step": 2,
}
_CURVES = [
    {
        "side": "left",
        "enter": 92.5,
        "back": 10.0,
        "above": None,
        "t_s": [1.62, 1.88, 2.12, 3.12],
        "value": [52.8, None, 78.0, 120.8],
    }
]


@pytest.fixture(autouse=True)
def _old_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posecoach.core.paths.data_dir", lambda: tmp_path)
    begun = ("2026-11-26T01:26:20+00:00", "wake_up", "Aufwachen (sanft)", 1, "finished", 7.25, 3, 2, 0)
    exercise = (1, 0, *(json.dumps(one) for one in (_ASKED, _RESULT, _CURVES)))
    with closing(sqlite3.connect(database.path(), isolation_level=None)) as connection:
        connection.executescript(_SCHEMA)
        connection.execute("INSERT INTO sessions VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?)", begun)
        connection.execute("INSERT INTO exercises VALUES (?, ?, ?, ?, ?)", exercise)


def test_it_is_read() -> None:
    (found,) = history.sessions()
    assert (found.id, found.routine, found.steps, found.ended) == (1, "wake_up", 1, "finished")
    assert (found.duration_s, found.before, found.after, found.pain) == (7.25, 3, 2, False)
    (done,) = found.exercises
    assert (done.asked.exercise, done.asked.side, done.asked.hold_s) == ("knee_to_chest", "left", 2.0)
    assert done.asked.limits == {"enter": 92.5, "shallow": 82.5}
    assert (done.result.verdict, done.result.reps, done.result.step) == ("good", 1, 2)
    assert done.curves[0].peak == 120.8
    assert history.feelings() == [Feeling(date(2026, 11, 26), 3, 2, False)]


@pytest.mark.parametrize(("spoken", "title"), [("en", "Wake up (gentle)"), ("de", "Aufwachen (sanft)")])
def test_its_title_is_shown_in_the_language_that_is_spoken(spoken: str, title: str) -> None:
    language.use(spoken)
    (found,) = history.sessions()
    assert phrases.routine_title(found.title) == title


def test_it_is_added_to() -> None:
    with Store() as store:
        store.write(session(knee()))
        assert store.set_aside is None
    assert [one.id for one in history.sessions()] == [1, 2]


def test_what_it_does_not_tell_is_kept_of_the_next_session() -> None:
    assert [one.days_a_week for one in history.sessions()] == [None]
    with Store() as store:
        store.write(replace(session(knee()), days_a_week=4))
    assert [one.days_a_week for one in history.sessions()] == [None, 4]


def test_it_is_rescued_where_it_is_damaged() -> None:
    content = bytearray(database.path().read_bytes())
    content[18:20] = b"\xff\xff"
    database.path().write_bytes(content)
    with Store() as store:
        store.write(session(knee()))
        assert store.rescued == 1
    assert [one.id for one in history.sessions()] == [1, 2]


def test_only_what_is_asked_for_is_read() -> None:
    with Store() as store:
        store.write(session(knee()))
    assert [one.id for one in history.sessions(since=date(2026, 11, 1))] == [1]
    assert len(history.feelings()) == 2
