"""A recorded clip that the page sends: judged as `check` does, shown beside its curve, and deleted at once.

One clip is judged at a time. What is found is kept until the next one.
"""

import asyncio
import logging
import math
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from starlette.requests import ClientDisconnect

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import sentences
from posecoach.assessment.results import Note, Result
from posecoach.assessment.trace import Trace, Tracing
from posecoach.coaching import phrases, targets
from posecoach.coaching.timeline import Timeline
from posecoach.coaching.view import View
from posecoach.coaching.watcher import Watcher
from posecoach.core.choices import OneSide, RotationChoice, degrees
from posecoach.core.errors import InputError, OutputError
from posecoach.core.messages import printable
from posecoach.core.pose_log import lasted_s
from posecoach.core.translation import humanise, tr
from posecoach.feedback import everyday, patient_words
from posecoach.records import personal_ranges
from posecoach.session import pipeline
from posecoach.session.pipeline import Moment
from posecoach.session.recorded import Recorded
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile
from posecoach.web import wire
from posecoach.web.access import LARGEST_CLIP
from posecoach.web.failures import told
from posecoach.web.wire import Json

log = logging.getLogger(__name__)

_DRAWN_EVERY_S = 0.1  # of the bodies that the page draws
_USUAL_FRAMES = 300  # where a video does not say how many it has


@dataclass(frozen=True)
class Asked:
    """How a clip is to be judged: as which exercise and side, or as what is detected; `rotate` are the
    clockwise degrees that make its picture upright."""

    exercise: str | None = None
    side: OneSide | None = None
    rotate: RotationChoice = "auto"


class Clips:
    """Takes clips and judges them, one after the other.

    model       the bytes of the pose model
    patience_s  for a clip of which nothing more comes, in seconds
    """

    def __init__(self, model: bytes, patience_s: float = 30.0) -> None:
        self._model, self._patience_s = model, patience_s
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="posecoach-clip")
        self._state: Json = {"state": "none"}
        self._closed = False

    def close(self) -> None:
        """Judge no further: the clip under way is deleted at its next frame."""
        self._closed = True

    @property
    def state(self) -> Json:
        """How far the clip is: "judging" with its `share` 0..1, "done" with what was found, or "problem"."""
        return self._state

    async def take(self, body: AsyncIterator[bytes], asked: Asked, name: str) -> None:
        """Receive a clip and begin to judge it; `name` is what the person knows it by.

        Raises InputError when another one is under way, the exercise is unknown or the clip is too large or
        does not come whole, and OutputError when there is no room for it.
        """
        if self._state["state"] in ("receiving", "judging"):
            raise InputError(tr("Another video is being checked: wait until it is done."))
        if asked.exercise is not None and asked.exercise not in CATALOGUE:
            raise InputError(tr("There is no such exercise: choose another."))
        self._state = {"state": "receiving"}
        folder = tempfile.TemporaryDirectory(prefix="posecoach-", ignore_cleanup_errors=True)
        try:
            await _write(body, Path(folder.name) / "clip", self._patience_s)
        except BaseException:
            self._state = {"state": "none"}
            folder.cleanup()
            raise
        self._state = {"state": "judging", "share": 0.0}
        self._thread.submit(self._judge, folder, asked, name)

    def _judge(self, folder: tempfile.TemporaryDirectory[str], asked: Asked, name: str) -> None:
        def tell(share: float) -> None:
            if self._closed:
                raise InputError(tr("posecoach has ended: start it again."))
            self._state = {"state": "judging", "share": round(share, 3)}

        clip = Path(folder.name) / "clip"
        try:
            with folder:
                found = judged(clip, self._model, asked, tell)
            self._state = {"state": "done", **found}
        except Exception as error:  # whatever a video can hold ends in a sentence on the page
            log.debug("", exc_info=error)
            self._state = {"state": "problem", "text": told(error).replace(str(clip), printable(name))}


async def _write(body: AsyncIterator[bytes], path: Path, patience_s: float) -> None:
    left, now = LARGEST_CLIP, asyncio.get_running_loop().time
    try:
        with path.open("wb") as file:
            async with asyncio.timeout(patience_s) as patience:
                async for part in body:
                    patience.reschedule(now() + patience_s)
                    left -= len(part)
                    if left < 0:
                        raise InputError(tr("The video is too large: cut it to a few minutes."))
                    file.write(part)
    except (TimeoutError, ClientDisconnect) as error:
        raise InputError(
            tr("The video stopped coming: see that the network is there, and send it again.")
        ) from error
    except OSError as error:
        raise OutputError(tr("There is no room for the video ({why}).", why=error.strerror)) from error


class _Part:
    """One exercise of a clip, until `end_s`: its curve, and in the end what the page shows of it."""

    def __init__(
        self, exercise: str, side: OneSide | None, limits: Mapping[str, float], end_s: float
    ) -> None:
        self.end_s = end_s
        self._exercise = CATALOGUE[exercise]
        self._tracing = Tracing(self._exercise, side or "both", limits)

    def add(self, view: View) -> None:
        self._tracing.add(view.session_s, view.measures)

    def shown(self, result: Result) -> Json:
        return {
            "exercise": self._exercise.id,
            "result": wire.results([result], "video")[0] | {"dose": everyday.done(result)},
            "detected": patient_words.detected(result.detection) if result.detection else "",
            "faults": _faults(self._exercise, result),
            "positions": [[round(one.start_s, 2), round(one.end_s, 2)] for one in result.positions],
            "traces": [_trace(one) for one in self._tracing.traces() if len(one.t_s) > 1],
        }


def judged(clip: Path, model: bytes, asked: Asked, tell: Callable[[float], None] = lambda _: None) -> Json:
    """What a clip shows: each exercise with verdict, faults and their times and the curve; and the bodies to
    draw over the video. Raises SourceError when the clip is no video.
    """
    exercise, side = asked.exercise, asked.side
    seen = _tracked(clip, model, asked.rotate, tell)
    ranges = personal_ranges.load()

    def limits(name: str) -> Mapping[str, float]:
        return targets.in_force(CATALOGUE[name], side or "both", ranges)

    def watcher(name: str) -> Watcher:
        return Watcher(name, side, limits=limits(name))

    coach: Watcher | Timeline
    if exercise is not None:
        coach, parts = watcher(exercise), [_Part(exercise, side, limits(exercise), math.inf)]
    else:
        spans = seen.timeline()
        if not spans:
            return _unrecognised(seen.unrecognised())
        coach = Timeline(spans, watcher)
        names = [(span.recognition.exercise or "", span.end_s) for span in spans]
        parts = [_Part(name, side, limits(name), end_s) for name, end_s in names]
    if not seen.source.timed:
        coach.mistrust_times()
    bodies: list[Json] = []
    times, judged = [t_s for t_s, _ in seen.poses], 0

    def keep(moment: Moment) -> None:
        nonlocal judged
        judged += 1
        t_s, pose = moment.seen.t_s, moment.seen.pose
        tell(0.8 + 0.2 * judged / len(times))
        next((part for part in parts if t_s <= part.end_s), parts[-1]).add(moment.view)
        if pose is not None and (not bodies or t_s - bodies[-1]["t_s"] >= _DRAWN_EVERY_S):
            bodies.append(_body(moment))

    results = pipeline.check(seen.without_pictures(), seen, coach, None, keep)
    return {
        "headline": everyday.headline(results, on_page="video"),
        "duration_s": round(lasted_s(times), 2),
        "parts": [part.shown(result) for part, result in zip(parts, results, strict=False)],
        "bodies": bodies,
    }


def _unrecognised(result: Result) -> Json:
    """What the page shows of a clip that shows no exercise: whether to `choose` one helps, and why else."""
    wanted = Note("not_recognised")
    others = tuple(note for note in result.notes if note != wanted)
    return {
        "headline": everyday.headline([result], on_page="video"),
        "choose": wanted in result.notes,
        "notes": sentences(others, on_page="video"),
        "parts": [],
        "bodies": [],
    }


def _tracked(clip: Path, model: bytes, rotate: RotationChoice, tell: Callable[[float], None]) -> Recorded:
    frames = 0

    def count() -> None:
        nonlocal frames
        frames += 1
        tell(0.8 * min(1.0, frames / total))

    with VideoFile(clip) as source, Tracker(model, degrees(rotate)) as tracker:
        total = source.frame_count or _USUAL_FRAMES
        return Recorded(source, tracker, Stopwatch(), count)


def _body(moment: Moment) -> Json:
    seen, view = moment.seen, moment.view
    assert seen.pose is not None
    return {
        "t_s": round(seen.t_s, 3),
        "turn": seen.rotation,
        "size": seen.pose.size,
        "body": wire.points(seen.pose),
        "lit": view.highlight,
        "ok": view.highlight_ok,
        "phase": view.phase,
    }


def _faults(known: Exercise, result: Result) -> list[Json]:
    return [
        {
            "name": " ".join(filter(None, (humanise(one.side or ""), humanise(one.name)))),
            "cue": phrases.cue(known, one.name, one.side),
            "start_s": round(one.start_s, 2),
            "end_s": round(one.end_s, 2),
        }
        for one in result.faults
    ]


def _trace(one: Trace) -> Json:
    return {
        "side": one.side,
        "enter": one.enter,
        "t_s": one.t_s,
        "value": one.value,
    }
