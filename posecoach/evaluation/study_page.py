"""The page of a study without labels: for each result its verdict, its timeline and its telling moments.

It is written clip by clip and appears whole, with the clips in the order in which they were named; of each
only its place is kept in memory. Bodies are drawn from landmarks; a picture of the person is on it only where
one was asked for. How it looks is in `templates/study.html` and `templates/study_clip.html`.
"""

import base64
import contextlib
import secrets
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import IO, Any

import numpy as np

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import sentences
from posecoach.assessment.results import Fault, fault_of, note_of
from posecoach.core import files
from posecoach.core.pose import INDEX
from posecoach.core.translation import humanise
from posecoach.feedback.pages import render
from posecoach.feedback.rows import Row
from posecoach.feedback.svg import Scale
from posecoach.feedback.tables import measured
from posecoach.session.stills import BodyPoints, Still

_HERE = "<!-- clips -->"  # in the template: where they come
_ACROSS = Scale(0.0, 1.0, 8.0, 632.0)  # of a timeline
_LANE = 18  # units a lane of it is high
_FIGURE = (200.0, 120.0)  # the field of a figure, in units
_FAINT = 0.4  # visibility below which a limb is drawn faintly
_LIMBS = (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle", "heel", "foot_index"))


class StudyPage:
    """The page of a study, begun; each clip is on it once `add` has returned."""

    def __init__(self, path: Path, command: str, pictures: bool, order: Sequence[str] = ()) -> None:
        """`command` is what to type to get this page again; `pictures` says that people can be seen on it.
        `order` has the names of clips as they are to come on it; any others come after them, by their names.
        """
        self._path, self._command, self._pictures = path, command, pictures
        self._partial = path.with_name(f".posecoach-{secrets.token_hex(8)}")
        self._clips = 0
        self._counts: Counter[str] = Counter()  # of rows: a clip has one for each of its exercises
        self._places = {name: place for place, name in enumerate(order)}
        self._sections: list[tuple[tuple[int, Path], int, int]] = []  # by clip; from where, so many bytes
        self._file: IO[bytes] | None = None

    def write(self, row: Row) -> None:
        """Add a clip of which only its row is known, as one of an earlier run; raises OutputError."""
        self.add(row, ())

    def add(self, row: Row, stills: Sequence[Still]) -> None:
        """Add a result of a clip; raises OutputError."""
        self._clips += row.get("part", 1) == 1
        self._counts["failed" if row.get("error") else str(row["verdict"])] += 1
        with self._told():
            if self._file is None:
                self._file = self._partial.open("xb")
            section = render("study_clip.html", clip=_clip(row, stills)).encode()
            name = row["clip"]
            place = self._places.get(name, len(self._places)), Path(name)
            self._sections.append((place, self._file.tell(), len(section)))
            self._file.write(section)

    def close(self) -> None:
        """Finish the page, if there is a clip on it; raises OutputError."""
        if self._file is None:
            return
        with self._told():
            self._file.close()
            before, after = self._frame().split(_HERE)
            whole = self._partial.with_name(self._partial.name + "-whole")
            try:
                with whole.open("xb") as target, self._partial.open("rb") as clips:
                    target.write(before.encode())
                    for _, begin, size in sorted(self._sections):
                        clips.seek(begin)
                        target.write(clips.read(size))
                    target.write(after.encode())
                whole.replace(self._path)
            finally:
                whole.unlink(missing_ok=True)
        self._partial.unlink(missing_ok=True)

    def _frame(self) -> str:
        """What is around the clips."""
        return render(
            "study.html",
            counts=[(humanise(kind), count) for kind, count in sorted(self._counts.items())],
            clip_count=self._clips,
            row_count=self._counts.total(),
            date=f"{date.today():%d %B %Y}",
            command=self._command,
            pictures=self._pictures,
        )

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            with contextlib.suppress(OSError):
                if self._file is not None:
                    self._file.close()
            self._partial.unlink(missing_ok=True)
            raise files.unwritable(self._path, error) from error


def _clip(row: Row, stills: Sequence[Still]) -> dict[str, Any]:
    """What the template shows of a clip."""
    if row.get("error"):
        return {"name": row["clip"], "error": row["error"], "verdict": "failed"}
    exercise = CATALOGUE.get(row["exercise"] or "")
    faults = [fault_of(one) for one in row["faults"]]
    return {
        "name": row["clip"],
        "error": "",
        "verdict": row["verdict"],
        "said": humanise(row["verdict"]),
        "exercise": exercise.title if exercise else "no exercise recognised",
        "when": (row["start_s"], row["end_s"]) if "start_s" in row else None,
        "side": "" if row["side"] == "both" else row["side"],
        "score": row["score"],
        "reps": row["reps"],
        "seen": row["seen"],
        "held_s": sum(one["end_s"] - one["start_s"] for one in row["positions"]),
        "faults": [(_named(one), one.start_s, one.end_s, measured(row["exercise"], one)) for one in faults],
        "notes": sentences(tuple(note_of(one) for one in row.get("notes", ()))),
        "timeline": _timeline(row, faults),
        "stills": [_shown(one) for one in stills],
    }


def _named(fault: Fault) -> str:
    return humanise(fault.name) + (f", {fault.side}" if fault.side else "")


def _timeline(row: Row, faults: Iterable[Fault]) -> dict[str, Any]:
    """Lanes of bars: the times in position, then each kind of fault; with ticks of seconds."""
    begin_s, end_s = row.get("start_s", 0.0), row.get("end_s", row["duration_s"])
    across = Scale(begin_s, max(end_s, begin_s + 1e-6), _ACROSS.start, _ACROSS.end)
    lanes: dict[str, list[tuple[float, float]]] = {"in position": []}

    def bar(start_s: float, end_s: float) -> tuple[float, float]:
        return across(start_s), max(across(end_s) - across(start_s), 2.0)

    lanes["in position"] += [bar(one["start_s"], one["end_s"]) for one in row["positions"]]
    for one in faults:
        lanes.setdefault(_named(one), []).append(bar(one.start_s, one.end_s))
    return {
        "lanes": [(index * _LANE, name, bars) for index, (name, bars) in enumerate(lanes.items())],
        "height": len(lanes) * _LANE,
        "ticks": [(across(tick), f"{tick:g} s") for tick in across.ticks(6)],
    }


def _shown(one: Still) -> dict[str, Any]:
    picture = f"data:image/jpeg;base64,{base64.b64encode(one.jpeg).decode()}" if one.jpeg else None
    return {
        "t_s": one.t_s,
        "what": _named(one.fault) if one.fault else "",
        "picture": picture,
        "figure": None if picture or one.body is None else _figure(one.body),
    }


def _figure(body: BodyPoints) -> dict[str, Any]:
    """A body as lines in the field of a figure: its trunk, head and limbs, each with its side."""
    points, sure = body[:, :2].astype(np.float64), body[:, 2]
    low, high = points.min(axis=0), points.max(axis=0)
    scale = float(min((np.array(_FIGURE) - 24) / np.maximum(high - low, 1e-6)))
    placed = (points - (low + high) / 2) * scale + np.array(_FIGURE) / 2

    def at(*names: str) -> str:
        return " ".join("{:.1f},{:.1f}".format(*placed[INDEX[name]]) for name in names)

    trunk = ("left_shoulder", "right_shoulder", "right_hip", "left_hip")
    shoulders, hips, ears = (
        placed[[INDEX[f"left_{part}"], INDEX[f"right_{part}"]]].mean(axis=0)
        for part in ("shoulder", "hip", "ear")
    )
    torso = float(np.linalg.norm(shoulders - hips))
    limbs = []
    for side in ("left", "right"):
        for parts in _LIMBS:
            names = [f"{side}_{part}" for part in parts]
            faint = bool(sure[[INDEX[name] for name in names]].min() < _FAINT)
            limbs.append((side, at(*names), faint))
    return {
        "trunk": at(*trunk),
        "head": [round(float(value), 1) for value in (*ears, torso * 0.22)],
        "neck": "{:.1f},{:.1f} {:.1f},{:.1f}".format(*shoulders, *ears),
        "limbs": limbs,
        "width": round(float(np.clip(torso * 0.16, 3, 12)), 1),
    }
