"""The history: what is written comes back, whatever is wrong with the file, and what is forgotten is gone."""

import contextlib
import csv
import io
import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from posecoach.assessment.notes import sentences
from posecoach.assessment.results import Note
from posecoach.core import translation
from posecoach.core.errors import InputError, OutputError
from posecoach.records import database, forgetting, history, personal_ranges, safety_answers
from posecoach.records.history import Session, Store
from tests.conftest import Run
from tests.support.sessions import knee, session, weeks


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("posecoach.core.paths.data_dir", lambda: tmp_path / "data")
    return tmp_path / "data"


def write(*sessions: Session) -> list[Session]:
    with Store() as store:
        return [store.write(one) for one in sessions]


class Shouted(translation.English):
    """Another language."""

    def gettext(self, message: str) -> str:
        return message.upper()


@pytest.fixture
def locked() -> Iterator[None]:
    """Another program has the history."""
    connection = sqlite3.connect(database.path(), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    yield
    connection.close()


def damage(content: bytes = b"no database, " * 1000) -> None:
    database.path().parent.mkdir(exist_ok=True)
    database.path().write_bytes(content)


def newer() -> None:
    connection = sqlite3.connect(database.path())
    connection.execute("PRAGMA user_version = 99")
    connection.close()


# -- writing and reading -------------------------------------------------------------------------------


def test_without_a_file_there_are_no_sessions_and_none_is_made() -> None:
    assert history.sessions() == []
    assert not database.path().exists()


def test_what_is_written_comes_back() -> None:
    first = session(knee("left", fault="head_lifted"), knee("right"))
    (kept,) = write(first)
    assert kept == replace(first, id=1)
    assert history.sessions() == [kept]
    if os.name == "posix":
        assert database.path().stat().st_mode & 0o077 == 0


def test_a_session_grows_while_it_goes_on() -> None:
    with Store() as store:
        begun = store.write(replace(session(), ended=None, after=None, pain=None))
        assert history.sessions() == [begun]
        for more in ((knee("left"),), (knee("left"), knee("right"))):
            begun = store.write(replace(begun, exercises=more))
            assert history.sessions() == [begun]
        ended = store.write(replace(begun, ended="quit", after=1, pain=True))
    assert history.sessions() == [ended]


def test_sessions_come_in_the_order_in_which_they_took_place_whatever_the_clock_said() -> None:
    write(session(days_ago=1), session(days_ago=-300), session(days_ago=400))
    assert [one.id for one in history.sessions()] == [1, 2, 3]


def test_notes_are_kept_as_codes_and_shown_in_the_language_of_today() -> None:
    note = Note("fault_not_judged", {"fault": "head_lifted"})
    done = knee("left")
    translation.use("xx", Shouted())
    write(session(replace(done, result=replace(done.result, notes=(note,)))))
    translation.use("en", translation.English())
    ((kept,),) = (one.exercises for one in history.sessions())
    assert kept.result.notes == (note,)
    assert sentences(kept.result.notes) == ("Head lifted could not be judged from this view",)


def test_notes_of_a_history_of_version_0_1_0_are_shown_as_they_are() -> None:
    write(session(knee("left")))
    with contextlib.closing(sqlite3.connect(database.path(), isolation_level=None)) as connection:
        (result,) = connection.execute("SELECT result FROM exercises").fetchone()
        old = json.loads(result) | {"notes": ["Die Haltung war nicht gut zu sehen"]}
        connection.execute("UPDATE exercises SET result = ?", (json.dumps(old),))
    ((kept,),) = (one.exercises for one in history.sessions())
    assert sentences(kept.result.notes) == ("Die Haltung war nicht gut zu sehen",)


def test_an_exercise_that_cannot_be_understood_is_left_out(posecoach: Run) -> None:
    write(session(knee("left"), knee("right")))
    connection = sqlite3.connect(database.path())
    connection.execute("UPDATE exercises SET result = '{}' WHERE step = 0")
    connection.commit()
    connection.close()
    (found,) = history.sessions()
    assert [done.result.side for done in found.exercises] == ["right"]
    assert "1 entries in the history cannot be understood" in posecoach("history")[2]


# -- what is wrong with the file -----------------------------------------------------------------------


def spoil(content: bytes, pattern: bytes, becomes: bytes) -> bytes:
    """The content with one place changed."""
    assert pattern in content
    return content.replace(pattern, becomes, 1)


def without_index(content: bytes) -> bytes:
    """A history whose index of the exercises lacks its entries."""
    with contextlib.closing(sqlite3.connect(database.path(), isolation_level=None)) as connection:
        query = "SELECT rootpage FROM sqlite_master WHERE type = 'index'"
        (root,) = connection.execute(query).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    page = bytearray(content)
    page[(root - 1) * size + 3 : (root - 1) * size + 5] = b"\0\0"  # how many entries the page has
    return bytes(page)


#: What happens to a file with eight sessions, and how many of them are left at least.
DAMAGES: dict[str, tuple[Callable[[bytes], bytes], int]] = {
    "no database": (lambda content: b"no database, " * 1000, 0),
    "index": (without_index, 8),
    "schema": (lambda content: spoil(content, b"CREATE TABLE exercises", b"CREATE TABZE exercises"), 8),
    "schema, no text": (
        lambda content: spoil(content, b"CREATE TABLE exercises", b"CREATE TAB\xeeE exercises"),
        8,
    ),
    "schema format": (lambda content: content[:47] + b"\xff" + content[48:], 8),
    "header": (lambda content: b"x" * 16 + content[16:], 8),
    "pages": (lambda content: content[:24576] + b"x" * 8192 + content[32768:], 1),
    "end": (lambda content: content[: len(content) // 8192 * 4096], 1),
}


@pytest.mark.parametrize("kind", DAMAGES)
def test_of_a_damaged_file_what_can_be_read_is_read_and_the_file_is_kept(
    folder: Path, kind: str, posecoach: Run
) -> None:
    whole = write(*weeks(8))
    spoiled, least = DAMAGES[kind]
    damage(spoiled(database.path().read_bytes()))
    bad = database.path().read_bytes()
    status, _, errors = posecoach("history")
    assert status == 0
    assert "is damaged" in errors
    assert "forget" not in errors
    assert database.path().read_bytes() == bad, "reading changes nothing"
    with Store() as store:
        store.open()
        assert store.set_aside == folder / "history-damaged-1.db"
        assert store.set_aside.read_bytes() == bad
        assert store.rescued >= least
        kept = store.write(session(knee()))
    found = history.sessions()
    assert found[-1] == kept
    assert len(found) == store.rescued + 1
    assert {one.id for one in found[:-1]} <= {one.id for one in whole}
    if least == len(whole):
        assert found[:-1] == whole
    damage()
    with Store() as store:
        store.open()
    assert (folder / "history-damaged-1.db").read_bytes() == bad
    assert (folder / "history-damaged-2.db").exists()


def test_a_byte_that_is_no_text_and_a_date_that_is_none_cost_no_other_session(posecoach: Run) -> None:
    first, second, third = write(*weeks(3))
    content = database.path().read_bytes()
    assert second.started.isoformat()[:10] != first.started.isoformat()[:10]
    content = spoil(content, first.started.isoformat()[:10].encode(), b"2026-02-31")
    damage(content.replace(b"Short & <easy>", b"Short \xff <easy>"))
    found = history.sessions()
    assert [one.id for one in found] == [second.id, third.id]
    assert found[0].title == "Short \ufffd <easy>"
    assert len(history.feelings()) == 2
    assert "1 entries in the history cannot be understood" in posecoach("history")[2]


@pytest.mark.parametrize("content", [b"no database, " * 1000, b""])
def test_a_file_that_is_damaged_while_it_is_open_costs_no_exercise(content: bytes) -> None:
    with Store() as store:
        kept = store.write(session(knee("left")))
        store.write(kept)
        store.close()
        damage(content or b"x" * 16 + database.path().read_bytes()[16:])
        again = store.write(replace(kept, exercises=(knee("left"), knee("right"))))
        assert store.set_aside is not None
    assert history.sessions() == [again]


def test_a_newer_file_is_left_as_it_is() -> None:
    write(session())
    newer()
    before = database.path().read_bytes()
    with Store() as store, pytest.raises(OutputError, match="update posecoach"):
        store.write(session())
    with pytest.raises(InputError, match="update posecoach"):
        history.sessions()
    assert database.path().read_bytes() == before


def test_a_locked_file_is_tried_again() -> None:
    (kept,) = write(session())
    other = sqlite3.connect(database.path(), isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with Store() as store:
        with pytest.raises(OutputError, match="another program is using it"):
            store.write(kept)
        with pytest.raises(InputError, match="another program is using it"):
            history.sessions()
        other.close()
        assert store.write(replace(kept, after=0)).id == 1
    assert [one.after for one in history.sessions()] == [0]


def test_a_file_that_is_locked_while_it_is_open_is_tried_again() -> None:
    with Store() as store:
        kept = store.write(session())
        with contextlib.closing(sqlite3.connect(database.path(), isolation_level=None)) as other:
            other.execute("BEGIN EXCLUSIVE")
            with pytest.raises(OutputError, match="another program is using it"):
                store.write(kept)
        assert store.write(replace(kept, after=0)).id == kept.id
    assert [one.after for one in history.sessions()] == [0]


def test_a_full_disk_costs_what_does_not_fit_and_nothing_else() -> None:
    def crowded(target: Path) -> sqlite3.Connection:
        """A disk that is full, until the file is opened again."""
        connection = database.begun(target)
        if not opened:
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages}")
        opened.append(target)
        return connection

    opened = list[Path]()
    with Store(crowded) as store:
        kept = store.write(session(knee("left")))
        more = replace(kept, exercises=tuple(knee("left") for _ in range(9)))
        with pytest.raises(OutputError, match="full"):
            store.write(more)
        assert history.sessions() == [kept]
        assert store.write(more) == more  # opened anew, there is space again
    assert history.sessions() == [more]


@pytest.mark.skipif(os.name != "posix", reason="links to nowhere as POSIX has them")
def test_a_folder_that_cannot_be_made_is_a_sentence(folder: Path) -> None:
    folder.write_text("in the way", "utf-8")
    with Store() as store, pytest.raises(OutputError, match="data"):
        store.write(session())


def test_a_session_that_is_forgotten_while_it_goes_on_stays_forgotten() -> None:
    with Store() as store:
        kept = store.write(session())
        forgetting.forget_all()
        with pytest.raises(OutputError, match="forgotten meanwhile"):
            store.write(replace(kept, exercises=(knee(),)))
    assert history.sessions() == []


# -- the command ---------------------------------------------------------------------------------------


def test_the_command_shows_the_last_sessions_within_80_columns(
    posecoach: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "no session yet" in posecoach("history")[2]
    write(*weeks(12))
    monkeypatch.setattr("posecoach.feedback.terminal._PIPED_WIDTH", 80)
    status, output, errors = posecoach("history")
    assert (status, errors) == (0, "")
    assert "│ 12 │  6 Mar 2026, 06:58 │ Short & <easy> │ 2 of 2 │" in output
    assert "3 → 2" in output
    assert "│  2 │" not in output
    assert "at least 2 to 3 days are recommended" in " ".join(output.split())


def test_everything_can_be_exported(posecoach: Run, tmp_path: Path) -> None:
    write(*weeks(3))
    status, output, _ = posecoach("history", "--json", "-", "--csv", tmp_path / "out.csv")
    assert status == 0
    found = [json.loads(line) for line in output.splitlines()]
    assert [one["session"] for one in found] == [1, 2, 3]
    assert found[0]["started"] == "2026-02-28T06:58:00+01:00"
    first, second = found[0]["exercises"]
    assert (first["exercise"], first["verdict"], first["peak"]) == ("knee_to_chest", "good", {"left": 92.0})
    assert second["faults"][0]["name"] == "head_lifted"
    rows = list(csv.DictReader(io.StringIO((tmp_path / "out.csv").read_text("utf-8"))))
    assert len(rows) == 6
    assert (rows[1]["session"], rows[1]["side"], rows[1]["faults"]) == ("1", "right", "head_lifted")
    assert (rows[1]["hold_s"], rows[1]["in_position_s"], rows[1]["pain"]) == ("20.0", "20.0", "no")
    assert posecoach("history", "--json", "-", "--csv", "-")[0] == 2
    status, _, errors = posecoach("history", "--json", database.path())
    assert (status, "name another file" in errors) == (2, True)
    assert len(history.sessions()) == 3


def test_forgetting_asks_first_and_leaves_no_trace(
    posecoach: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(*weeks(3), replace(session(), title="A private matter"))
    monkeypatch.setattr("posecoach.cli.commands.questions.sure", lambda _: False)
    assert "Nothing was removed" in posecoach("history", "forget", 4)[2]
    assert len(history.sessions()) == 4
    monkeypatch.setattr("posecoach.cli.commands.questions.sure", lambda _: True)
    assert posecoach("history", "forget", 4, 2)[0] == 0
    assert [one.id for one in history.sessions()] == [1, 3]
    assert b"private" not in database.path().read_bytes()
    status, _, errors = posecoach("history", "forget", 1, 4)
    assert (status, "no session 4" in errors) == (2, True)
    assert write(session())[0].id == 5, "numbers are not given twice"


@pytest.mark.parametrize("state", ["whole", "damaged", "newer", "none"])
def test_everything_can_be_forgotten_whatever_the_file_is_like(
    posecoach: Run, folder: Path, state: str
) -> None:
    safety_answers.save(safety_answers.Answers(date=session().day))
    if state != "none":
        write(*weeks(2))
        damage()
        write(*weeks(2))
    if state == "damaged":
        damage()
    elif state == "newer":
        newer()
    status, _, errors = posecoach("history", "forget", "--all", "--yes")
    assert (status, "Removed every session" in errors) == (0, True)
    assert history.sessions() == []
    assert [path.name for path in folder.iterdir()] in ([], ["history.db"])
    assert personal_ranges.path().parent != folder


def test_what_cannot_be_removed_is_named_and_everything_else_is_gone(posecoach: Run) -> None:
    write(*weeks(2))
    safety_answers.path().mkdir()  # no file, so it cannot be removed as one
    status, _, errors = posecoach("history", "forget", "--all", "--yes")
    assert (status, str(safety_answers.path()) in errors) == (1, True)
    assert "Everything else was removed" in errors
    assert history.sessions() == []


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file grows beyond a page, as on a full disk; there are no such limits on Windows."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (512, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.fixture
def four_sessions() -> None:
    write(*weeks(4))


def test_on_a_full_disk_one_session_is_not_forgotten_and_that_is_said(
    posecoach: Run, four_sessions: None, full_disk: None
) -> None:
    status, _, errors = posecoach("history", "forget", 2, "--yes")
    assert (status, errors.count("\n")) == (1, 1)
    assert "nothing was removed: free some space" in errors
    assert len(history.sessions()) == 4


def test_on_a_full_disk_everything_can_be_forgotten(
    posecoach: Run, four_sessions: None, full_disk: None
) -> None:
    status, _, errors = posecoach("history", "forget", "--all", "--yes")
    assert (status, "Removed every session" in errors) == (0, True)
    assert not database.path().exists()


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("before", "much"),
        ("after", 99),
        ("steps", "many"),
        ("duration_s", float("inf")),
        ("pain", b"\xff\xfe"),
        ("started", 7),
        ("title", b"\xff"),
    ],
)
def test_a_session_with_a_value_of_another_type_costs_no_other(
    posecoach: Run, tmp_path: Path, column: str, value: object
) -> None:
    write(*weeks(3))
    with contextlib.closing(sqlite3.connect(database.path())) as connection, connection:
        connection.execute(f"UPDATE sessions SET {column} = ? WHERE id = 2", (value,))
    for command in (("history",), ("history", "--json", "-"), ("report", "--out", tmp_path / "page.html")):
        status, _, errors = posecoach(*command)
        assert status == 0
        assert "unforeseen" not in errors
        assert "1 entries in the history cannot be understood" in errors
    assert [one.id for one in history.sessions()] == [1, 3]
    history.feelings()


def test_what_a_history_holds_reaches_no_terminal_as_an_escape_code(posecoach: Run) -> None:
    fault = knee("left", fault="\x1b[31mred")
    write(
        replace(session(), routine="\x1b[31mred", title="\x1b]0;title\x07"), session(fault), session(knee())
    )
    for options in ((), ("--json", "-"), ("--csv", "-")):
        status, output, errors = posecoach("history", *options)
        assert status == 0
        assert "\x1b" not in output + errors
    assert [len(one.exercises) for one in history.sessions()] == [0, 0, 1]


def test_a_curve_without_a_time_for_each_value_costs_no_other(posecoach: Run, tmp_path: Path) -> None:
    write(session(knee()), session(knee()))
    with contextlib.closing(sqlite3.connect(database.path())) as connection, connection:
        (curves,) = connection.execute("SELECT curves FROM exercises WHERE session = 1").fetchone()
        [curve, *_] = shorter = json.loads(curves)
        curve["t_s"].pop()
        connection.execute("UPDATE exercises SET curves = ? WHERE session = 1", (json.dumps(shorter),))
    assert "unforeseen" not in posecoach("report", "1", "--out", tmp_path / "page.html")[2]
    assert [len(one.exercises) for one in history.sessions()] == [0, 1]


def test_a_file_where_the_folder_of_the_history_should_be(posecoach: Run, folder: Path) -> None:
    folder.write_text("in the way", "utf-8")
    assert posecoach("history")[0] == 0
    assert posecoach("history", "forget", "--all", "--yes")[0] == 0
    with Store() as store, pytest.raises(OutputError, match="is a file, but must be a folder: move it"):
        store.write(session())


def test_a_history_in_use_is_not_forgotten_in_part(posecoach: Run) -> None:
    write(session())
    connection = sqlite3.connect(database.path(), isolation_level=None)
    connection.execute("BEGIN EXCLUSIVE")
    for command in (("history",), ("history", "forget", "--all", "--yes"), ("report",)):
        status, output, errors = posecoach(*command)
        assert (status, output, errors.count("\n")) == (2, "", 1)
        assert "another program is using it" in errors
    connection.close()
    assert len(history.sessions()) == 1


@pytest.mark.parametrize("arguments", [("forget",), ("forget", 1, "--all"), ("forget", "one")])
def test_forget_wants_to_know_what(posecoach: Run, arguments: tuple[object, ...]) -> None:
    status, _, errors = posecoach("history", *arguments)
    assert (status, "Usage" in errors) == (2, True)
