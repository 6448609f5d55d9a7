"""`python -m tests.support.signals`: stop what runs at random moments, and look at what is left.

A live session (with a video in the camera's place), `check --overlay`, `score` and `serve` get SIGINT,
SIGTERM, SIGHUP or SIGKILL. Afterwards recordings must decode, result files be whole, the history open with
every exercise that had ended, no process be left, and nothing unforeseen have been said. Prints a table; the
exit status is 1 when something was not so.
"""

import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import av
import psutil

SAMPLES = Path(__file__).parents[2] / "sample_videos"
CLIP = SAMPLES / "knee_to_chest" / "knee_to_chest-good-left-side-la.mp4"
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGKILL")
_DONE = "is complete"
_ROUTINE = """title = "Short"
[[steps]]
exercise = "knee_to_chest"
side = "left"
hold_s = 2
[[steps]]
exercise = "knee_to_chest"
side = "left"
hold_s = 2
"""
_START_S, _END_S, _CHILDREN_S = 60.0, 120.0, 20.0  # at most, for each, however busy the machine


@dataclass(frozen=True)
class Scenario:
    """What is run in a folder, how long it is let run at most, and what must be whole afterwards."""

    command: Callable[[Path], list[str]]
    longest_s: float
    begun: str  # in its output, once its work has begun; "" where nothing tells
    problems: Callable[[Path, str, bool], Iterator[str]]


def _live(folder: Path) -> list[str]:
    (folder / "short.toml").write_text(_ROUTINE, "utf-8")
    camera = ("--camera", str(CLIP), "--rotate", "0", "--no-window", "--sound", "off", "--language", "en")
    return ["live", "short.toml", *camera, "--history", "--record", "live.mp4"]


def _check(folder: Path) -> list[str]:
    return ["check", str(CLIP), "--exercise", "knee_to_chest", "--overlay", "seen.mp4", "--json", "out.jsonl"]


def _score(folder: Path) -> list[str]:
    for number in range(4):
        shutil.copy(CLIP, folder / f"{number}.mp4")
        with (folder / f"{number}.mp4").open("ab") as file:
            file.write(bytes([number]))  # contents of its own
    outputs = ("--json", "rows.jsonl", "--csv", "rows.csv", "--report", "page.html", "--landmarks", "kept")
    return ["score", ".", "--exercise", "knee_to_chest", "--jobs", "2", *outputs]


def _serve(folder: Path) -> list[str]:
    return ["serve", "--no-open", "--port", str(random.SystemRandom().randrange(20_000, 60_000))]


def _after_live(folder: Path, output: str, killed: bool) -> Iterator[str]:
    yield from _video(folder / "live.mp4", killed)
    ended = output.count(_DONE)
    kept = 0
    path = folder / "data" / "posecoach" / "history.db"
    if path.exists():
        with closing(sqlite3.connect(path)) as connection:
            if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                yield "the history is damaged"
            begun = "SELECT count(*) FROM sqlite_master WHERE name = 'exercises'"
            if connection.execute(begun).fetchone()[0]:
                kept = connection.execute("SELECT count(*) FROM exercises").fetchone()[0]
    if kept < ended:
        yield f"{ended} exercises had ended, {kept} are in the history"


def _after_check(folder: Path, output: str, killed: bool) -> Iterator[str]:
    yield from _video(folder / "seen.mp4", killed)
    yield from _lines(folder / "out.jsonl")


def _after_score(folder: Path, output: str, killed: bool) -> Iterator[str]:
    yield from _lines(folder / "rows.jsonl")
    page = folder / "page.html"
    if page.exists() and not page.read_text("utf-8").rstrip().endswith("</html>"):
        yield "the page is cut off"
    for path in folder.glob("kept/*.npz"):
        from posecoach.session import landmarks

        landmarks.load(path)
    left = [one.name for one in folder.glob(".posecoach-*")]
    if left and not killed:
        yield f"{left} are left"


def _after_serve(folder: Path, output: str, killed: bool) -> Iterator[str]:
    yield from ()


SCENARIOS: Mapping[str, Scenario] = {
    "live": Scenario(_live, 26.0, "Short", _after_live),
    "check": Scenario(_check, 12.0, "", _after_check),
    "score": Scenario(_score, 20.0, "", _after_score),
    "serve": Scenario(_serve, 8.0, "", _after_serve),
}


def _video(path: Path, killed: bool) -> Iterator[str]:
    """A recording is not there, or decodes from its first frame to its last."""
    if not path.exists() or (killed and not path.stat().st_size):
        return
    try:
        with av.open(str(path)) as container:
            frames = sum(1 for _ in container.decode(video=0))
        if not frames and not killed:
            yield f"{path.name} holds no frame"
    except av.FFmpegError as error:
        if not killed or b"mdat" in path.read_bytes():  # killed before the first half second was written
            yield f"{path.name} does not decode: {error}"


def _lines(path: Path) -> Iterator[str]:
    """Every line is a JSON object."""
    for line in path.read_text("utf-8").splitlines() if path.exists() else ():
        try:
            json.loads(line)
        except ValueError:
            yield f"{path.name} has a line that was cut off"


def stopped(name: str, sent: str, chance: random.Random, at_s: float | None = None) -> list[str]:
    """Run a scenario, stop it by a signal after a random time (or `at_s` after it has begun), and return what
    is wrong afterwards."""
    scenario, number = SCENARIOS[name], getattr(signal, sent)
    with tempfile.TemporaryDirectory(prefix="posecoach-signals-") as place:
        folder = Path(place)
        with (folder / "output.log").open("wb") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "posecoach", *scenario.command(folder)],
                cwd=folder,
                env=_environment(folder),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        delay_s = chance.uniform(0, scenario.longest_s) if at_s is None else at_s
        _wait(process, folder / "output.log", scenario.begun if at_s is not None else "", delay_s)
        problems = []
        if process.poll() is None:
            if sent == "SIGINT" and chance.random() < 0.5:  # as a terminal sends it: to all of them
                os.killpg(process.pid, number)
            else:
                process.send_signal(number)
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGABRT)  # tells where it is
            process.wait()
            said = (folder / "output.log").read_text("utf-8", "replace")
            problems.append(f"it did not end: {said}")
        problems += [f"process {one} is left" for one in _left(process.pid)]
        output = (folder / "output.log").read_text("utf-8", "replace")
        # Python's own children complain when their parent is killed while it starts them.
        if sent != "SIGKILL" and ("Traceback" in output or "unforeseen" in output):
            problems.append(f"said: {output}")
        try:
            problems += scenario.problems(folder, output, sent == "SIGKILL")
        except Exception as error:
            problems.append(f"{type(error).__name__}: {error}")
    return problems


def _environment(folder: Path) -> dict[str, str]:
    hidden = ("DISPLAY", "WAYLAND_DISPLAY")
    places = {"XDG_DATA_HOME": "data", "XDG_CONFIG_HOME": "config", "HOME": "."}
    known = {name: value for name, value in os.environ.items() if name not in hidden}
    root = str(Path(__file__).parents[2])
    return (
        known
        | {name: str(folder / to) for name, to in places.items()}
        | {"PYTHONPATH": root, "LANGUAGE": "en", "PYTHONFAULTHANDLER": "1"}
    )


def _wait(process: "subprocess.Popen[bytes]", log: Path, begun: str, delay_s: float) -> None:
    until_s = time.monotonic() + _START_S
    while begun and process.poll() is None and time.monotonic() < until_s:
        if begun in log.read_text("utf-8", "replace"):
            break
        time.sleep(0.05)
    time.sleep(delay_s)


def _left(session: int) -> list[int]:
    """Processes of a session that do not end by themselves soon; they are ended here."""
    until_s = time.monotonic() + _CHILDREN_S
    while True:
        left = [one for one in psutil.pids() if one != os.getpid() and _session_of(one) == session]
        if not left or time.monotonic() > until_s:
            break
        time.sleep(0.1)
    for one in left:
        os.kill(one, signal.SIGKILL)
    return left


def _session_of(process: int) -> int | None:
    try:
        return None if psutil.Process(process).status() == psutil.STATUS_ZOMBIE else os.getsid(process)
    except (OSError, psutil.Error):
        return None


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.signals")
    parser.add_argument("--rounds", type=int, default=10, help="of each scenario with each signal")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=[*SCENARIOS])
    given = parser.parse_args()
    for name in ("SIGINT", "SIGHUP"):  # what runs in the background ignores them, and so would its children
        signal.signal(getattr(signal, name), signal.default_int_handler)
    chance = random.Random(given.seed)
    wrong: Counter[tuple[str, str]] = Counter()
    names = [given.only] if given.only else [*SCENARIOS]
    for _ in range(given.rounds):
        for name in names:
            for sent in SIGNALS:
                problems = stopped(name, sent, chance)
                wrong[name, sent] += bool(problems)
                for problem in problems:
                    print(f"{name}, {sent}: {problem}", file=sys.stderr, flush=True)
    print(f"| stopped {given.rounds} times each | " + " | ".join(SIGNALS) + " |")
    print("|---" * (len(SIGNALS) + 1) + "|")
    for name in names:
        print(f"| {name} | " + " | ".join(f"{wrong[name, sent]} wrong" for sent in SIGNALS) + " |")
    return int(any(wrong.values()))


if __name__ == "__main__":
    sys.exit(main())
