"""What is damaged, and what is then done with it."""

import csv
import io
import itertools
import json
import random
import shutil
import sqlite3
import tempfile
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from random import Random

import numpy as np
import pytest

from posecoach.assessment.exercises import CATALOGUE
from posecoach.coaching.targets import Range
from posecoach.core import files, paths
from posecoach.core.errors import PosecoachError
from posecoach.records import database, history, personal_ranges, routine_files, safety_answers, settings
from posecoach.records.history import Store
from posecoach.session import batch, landmarks
from posecoach.session.batch import Scored, Task
from posecoach.session.study import Study
from posecoach.vision import model_bundle
from posecoach.vision.video_file import VideoFile, frame_times
from tests.support import sessions
from tests.support.fuzz import mutations
from tests.support.fuzz.outcomes import Outcome, call, command

SAMPLES = Path(__file__).parents[3] / "sample_videos"
CLIP = SAMPLES / "knee_to_chest" / "knee_to_chest-shallow-left-side-rc.mp4"

_TOLD = ("knee_to_chest", "auto")
_FRAMES = 20  # of a damaged video that are looked at, mostly
_WHOLE, _JUDGED = 10, 100  # one in so many videos is decoded to its end, and judged


@dataclass(frozen=True)
class Target:
    """One kind of input. `run` makes and uses the input with a number, in a folder that is emptied after
    it; `count` is how many are tried by default."""

    count: int
    run: Callable[[Random, int, Path], Outcome]


@cache
def clips() -> Sequence[Path]:
    return sorted(SAMPLES.glob("*/*.mp4"))


@cache
def _bytes_of(path: Path) -> bytes:
    return path.read_bytes()


def _video(random: Random, number: int, folder: Path) -> Outcome:
    """A sample clip that is cut, or has bytes flipped, or both."""
    data = _bytes_of(clips()[number % len(clips())])
    if number % 2:
        data = mutations.flipped(data, random)
    if not number % 2 or random.random() < 0.3:
        data = mutations.cut(data, random)
    path = folder / "clip.mp4"
    path.write_bytes(data)
    turn = number // len(clips())
    if turn % _JUDGED == 1:
        return command("score", str(path), "--exercise", "auto", "--jobs", "1", "--json", "-")
    frames = None if turn % _WHOLE == 1 else _FRAMES

    def look() -> str | None:
        frame_times(path)
        with VideoFile(path) as video:
            assert all(frame.image.size for frame in itertools.islice(video, frames))
            return video.note

    return call(look)


def _routine(random: Random, number: int, folder: Path) -> Outcome:
    names = routine_files.available()
    text = paths.shipped("routines").joinpath(f"{random.choice(names)}.toml").read_text("utf-8")
    path = folder / "own.toml"
    path.write_bytes(mutations.retyped(text, random))
    done = (
        ("routines", "check", str(path)),
        ("routines", "show", str(path)),
        ("routines", "show", str(path), "--json", "-"),
        ("routines", "share", str(path), str(folder / "out.toml")),
        ("routines", "add", str(path)),
        ("live", str(path), "--camera", str(folder / "none.mp4"), "--no-window"),
    )
    return command(*done[number % len(done)])


def _labels_text(truth: Path) -> str:
    """Labels of six clips; `truth` is that of one of them."""
    with (SAMPLES / "labels.csv").open(encoding="utf-8", newline="") as file:
        known = list(csv.DictReader(file))
    text = ",".join(known[0]) + "\n"
    for row in known:
        clip = SAMPLES / row["clip"]
        if row["exercise"] in ("knee_to_chest", "bridge", "press_up"):
            places = {"clip": str(clip), "truth": str(truth) if clip == CLIP else ""}
            text += ",".join((row | places).values()) + "\n"
    return text


@cache
def _judged_once() -> Scored:
    return batch.score(Task("clip", CLIP, "knee_to_chest"), model_bundle.load(None, lambda _: None))


def _without_judging(
    tasks: Sequence[Task], model: bytes, jobs: int, done: Callable[[Scored], None], *_: object
) -> None:
    """Every clip gets the result of one: what is tried here is what is read and written around it."""
    known = _judged_once()
    for task in tasks:
        done(Scored(task, known.results, known.frames, known.bodies, content="1"))


def _labels(random: Random, number: int, folder: Path) -> Outcome:
    path = folder / "labels.csv"
    path.write_bytes(mutations.misspelt(_labels_text(CLIP.with_suffix(".csv")), random))
    options = ("--json", str(folder / "out.jsonl")) if number % 3 else ("--view", "side")
    return command("score", "--labels", str(path), *options)


def _truth(random: Random, number: int, folder: Path) -> Outcome:
    truth, labels = folder / "truth.csv", folder / "labels.csv"
    truth.write_bytes(mutations.misspelt(CLIP.with_suffix(".csv").read_text("utf-8"), random))
    labels.write_text(_labels_text(truth), "utf-8")
    return command("score", "--labels", str(labels), "--exercise", "knee_to_chest")


def _settings(random: Random, number: int, folder: Path) -> Outcome:
    settings.save(settings.Settings(language="de", voice_name="anna"))
    settings.path().write_bytes(mutations.retyped(settings.path().read_text("utf-8"), random))
    none = ("--camera", str(folder / "none.mp4"), "--no-window")
    done = (("routines",), ("history",), ("exercises",), ("practise", *none), ("live", *none))
    return command(*done[number % len(done)])


def _ranges(random: Random, number: int, folder: Path) -> Outcome:
    seen = Range(date(2026, 3, 6), 40.0, 105.0)
    personal_ranges.record({("knee_to_chest", "left"): seen, ("bridge", "both"): seen})
    personal_ranges.path().write_bytes(mutations.retyped(personal_ranges.path().read_text("utf-8"), random))
    none = str(folder / "none.mp4")
    done = (
        ("calibrate", "--show"),
        ("live", "in_bed", "--camera", none, "--no-window"),
        ("check", none, "--routine", "wake_up"),
    )
    return command(*done[number % len(done)])


def _answers(random: Random, number: int, folder: Path) -> Outcome:
    files.ready_folder(safety_answers.path().parent)
    text = 'date = 2026-11-20\nyes = ["look_first"]\ncleared = ["look_first"]\n'
    safety_answers.path().write_bytes(mutations.retyped(text, random))
    return command(
        "live", "--camera", str(folder / "none"), "--ask", answer=random.choice(("n", "y", "", "\x1b", "7"))
    )


@cache
def _whole_history() -> bytes:
    with Store() as store:
        for one in (*sessions.weeks(4), sessions.session(sessions.knee(), before=None)):
            store.write(one)
    return database.path().read_bytes()


def _history(random: Random, number: int, folder: Path) -> Outcome:
    data = _whole_history()
    shutil.rmtree(database.path().parent, ignore_errors=True)
    files.private_folder(database.path().parent)
    database.path().write_bytes(data if number % 2 else mutations.damaged(data, random))
    if number % 2:
        _change_values(random)
    done = (
        ("history",),
        ("history", "--json", "-"),
        ("history", "--csv", "-"),
        ("report", "--out", str(folder / "page.html")),
        ("report", "2", "--json", "--out", str(folder / "page.html")),
        ("history", "forget", "1", "--yes"),
        ("history", "forget", "--all", "--yes"),
    )
    chosen = random.randrange(len(done) + 1)
    if chosen < len(done):
        return command(*done[chosen])

    def write() -> str | None:
        with Store() as store:
            written = store.write(sessions.session(sessions.knee()))
            assert written.id in {one.id for one in history.sessions()}
            return str(store.set_aside) if store.set_aside else None

    return call(write)


def _change_values(random: Random) -> None:
    """Values of other types and JSON that is misspelt, in a file that is whole."""
    with closing(sqlite3.connect(database.path())) as connection, connection:
        for _ in range(random.randint(1, 4)):
            table = random.choice(("sessions", "exercises"))
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            column = random.choice(columns)
            rows = connection.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
            row, known = random.choice(rows)
            kinds: tuple[object, ...] = (None, -1, 0, 11, 2**62, 1e300, float("inf"), b"\xff\x00", "abc")
            new = random.choice((*kinds, random.choice(mutations.NASTY)))
            short = isinstance(known, str) and len(known) < 10**6  # misspelling longer ones takes gigabytes
            if short and random.random() < 0.6:
                new = mutations.misspelt(known, random).decode("utf-8", "replace")
            try:
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (new, row))
            except sqlite3.IntegrityError:
                continue  # SQLite itself does not let it in


@cache
def _kept_landmarks() -> bytes:
    with tempfile.TemporaryDirectory() as name:
        work = Study(landmarks=Path(name))
        work(Task("clip", CLIP, "knee_to_chest"), model_bundle.load(None, lambda _: None))
        return next(Path(name).iterdir()).read_bytes()


def _landmarks(random: Random, number: int, folder: Path) -> Outcome:
    path = folder / f"kept{landmarks.SUFFIX}"
    if number % 2:
        path.write_bytes(mutations.damaged(_kept_landmarks(), random))
    else:
        with np.load(io.BytesIO(_kept_landmarks())) as archive:
            columns = {name: archive[name] for name in archive.files}
        mutations.reshape(columns, random)
        np.savez(path, **columns)
    return command("score", "--landmarks", str(folder), "--exercise", random.choice(_TOLD), "--jobs", "1")


def _journal(random: Random, number: int, folder: Path) -> Outcome:
    [result] = _judged_once().results
    told = Task("a.mp4", CLIP, "knee_to_chest").settings
    rows = [result.as_dict("a.mp4") | {"settings": told, "content": content} for content in ("1", "2", "3")]
    lines = [json.dumps(row) + "\n" for row in rows]
    path, table = folder / "out.jsonl", folder / "out.csv"
    path.write_bytes(mutations.misspelt("".join(lines), random))
    again = ("--resume", "--json", str(path), "--csv", str(table), "--parquet", str(folder / "out.parquet"))
    return command("score", str(CLIP), "--exercise", "knee_to_chest", *again)


def _arguments(random: Random, number: int, folder: Path) -> Outcome:
    def odd() -> str:
        return random.choice(mutations.NASTY).replace("\0", "") or "-"

    none = str(folder / "none.mp4")
    exercise = random.choice(list(CATALOGUE))
    done = (
        ("check", odd(), "--exercise", odd()),
        ("check", none, "--exercise", exercise, "--limit", f"{exercise}.{odd()}={odd()}"),
        ("check", none, "--rotate", odd()),
        ("score", odd(), "--exercise", exercise, "--hold", odd()),
        ("score", odd(), odd(), "--exercise", "auto", "--jobs", odd()),
        ("score", "--labels", odd(), "--view", odd()),
        ("live", odd(), "--camera", none, "--no-window"),
        ("live", "in_bed", "--camera", odd() + ".mp4", "--only", odd()),
        ("history", "forget", odd()),
        ("report", odd()),
        ("routines", odd()),
        ("serve", "--host", odd(), "--no-open"),
        (odd(),),
        (f"--{odd()}",),
        ("live", f"--{odd()}={odd()}"),
    )
    chosen = done[number % len(done)]
    if any(one.startswith("/dev/") for one in chosen):
        return Outcome("ok", "a device is a pipe that never ends")
    return command(*chosen)


TARGETS: Mapping[str, Target] = {
    "video": Target(200 * 22, _video),
    "routine": Target(1200, _routine),
    "labels": Target(800, _labels),
    "truth": Target(800, _truth),
    "settings": Target(800, _settings),
    "ranges": Target(800, _ranges),
    "answers": Target(600, _answers),
    "history": Target(1600, _history),
    "landmarks": Target(500, _landmarks),
    "journal": Target(400, _journal),
    "arguments": Target(600, _arguments),
}


def prepare() -> None:
    """Make what the inputs are made from, once, so that it is not taken for what they leave behind."""
    _judged_once()
    _kept_landmarks()
    _whole_history()


def run(kind: str, number: int, seed: int, folder: Path) -> Outcome:
    """Make the input of a kind with a number, and use it, with settings and history in the folder that is
    home now: it has to be one of its own."""
    chance = random.Random(f"{seed}:{kind}:{number}")
    try:
        with pytest.MonkeyPatch.context() as patched:
            if kind in ("labels", "truth", "journal"):
                patched.setattr("posecoach.cli.judging.score_all", _without_judging)
            return TARGETS[kind].run(chance, number, folder)
    except PosecoachError as error:
        return Outcome("clear error", str(error))
    except Exception:
        return Outcome("traceback", traceback.format_exc())
