"""Thousands of clips: each judged once, with a row that is written as soon as it is known."""

import hashlib
import traceback
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from posecoach.core import files, messages
from posecoach.core.errors import InputError
from posecoach.kinematics.measurement_requests import answered
from posecoach.session import landmarks, remote, stills
from posecoach.session.batch import Scored, Task, score
from posecoach.session.landmarks import Kept
from posecoach.session.recorded import PoseTrack, Recorded
from posecoach.session.rejudging import Group, rejudged_together, rejudging
from posecoach.session.stopwatch import Stopwatch
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile

#: The endings of files in a folder that are taken for videos.
VIDEOS = {".mp4", ".m4v", ".mov", ".avi", ".mkv", ".webm", ".mts", ".3gp", ".h264"}


@dataclass(frozen=True)
class Study:
    """How the clips of a study are judged; called in a worker process with each of them.

    finished   the SHA-256 of clips that an earlier run has judged: they are skipped
    landmarks  where the poses of each clip are kept, if anywhere
    detailed   whether what was measured in each frame is handed on, which takes memory
    shown      what is handed on of each clip to be shown: its telling moments as "figures" or "pictures"
    """

    finished: frozenset[str] = frozenset()
    landmarks: Path | None = None
    detailed: bool = False
    shown: Literal["figures", "pictures"] | None = None

    def __call__(self, task: Task, model: bytes, threads: int | None = None) -> Scored:
        """Judge one clip, or kept landmarks of one. A failure is part of the answer, never raised."""
        try:
            if not task.address:
                return self._judge(task, model, threads)
            with remote.downloaded(task.address) as copy:
                scored = self._judge(replace(task, clip=copy), model, threads)
            failure = scored.failure and scored.failure.replace(str(copy), task.address)
            return replace(scored, task=task, failure=failure)
        except Exception as error:  # one bad clip must not cost the others their results
            return _failed(task, error)

    def _judge(self, task: Task, model: bytes, threads: int | None) -> Scored:
        """Judge a clip or landmarks on a disk of this machine."""
        kept = landmarks.load(task.clip) if task.clip.suffix == landmarks.SUFFIX else None
        content = kept.content if kept is not None else content_of(task.clip)
        if content in self.finished:
            return Scored(task, content=content, skipped=True)
        if kept is not None:
            return self._show(_rejudged(task, kept), kept.seen)
        try:
            return self._judge_video(task, content, model, threads)
        except Exception as error:  # as in `__call__`, and it is known of which clip
            return _failed(task, error, content)

    def _judge_video(self, task: Task, content: str, model: bytes, threads: int | None) -> Scored:
        if self.landmarks is not None:
            return self._keep(task, content, model, threads)
        scored = replace(score(task, model, threads), content=content)
        if scored.frames is not None and scored.bodies is not None:
            scored = self._show(scored, scored.bodies.at(scored.frames.t_s))
        return scored if self.detailed else replace(scored, frames=None, bodies=None)

    def together(self, group: Group, model: bytes, threads: int | None = None) -> list[Scored]:
        """Judge the kept landmarks of several clips, which takes far less time than one after the other."""
        try:
            return rejudged_together(group, self.finished, self._show)
        except Exception:  # whatever it was, it concerns one of them
            return [self(task, model, threads) for task in group]

    def _keep(self, task: Task, content: str, model: bytes, threads: int | None) -> Scored:
        """Track a clip, keep its poses, and judge those."""
        watch = Stopwatch()
        with VideoFile(task.clip, task.every) as video, Tracker(model, threads=threads) as tracker:
            tracked = Recorded(video, tracker, watch)
            note = video.note
        seen = tracked.poses
        watch.frames = len(seen)
        assert self.landmarks is not None
        kept = Kept(task.name, content, seen, tracked.doubts.notes, tracked.doubts)
        landmarks.save(self.landmarks / f"{task.clip.stem}-{content[:12]}{landmarks.SUFFIX}", kept)
        return self._show(replace(_rejudged(task, kept), watch=watch, note=note), seen)

    def _show(self, scored: Scored, seen: PoseTrack) -> Scored:
        """The same with what is to be shown of it."""
        if self.shown is None:
            return scored
        found = [stills.stills(result, seen) for result in scored.results]
        if self.shown == "pictures":
            found = stills.pictured(found, scored.task.clip)
        return replace(scored, stills=tuple(found))


def _failed(task: Task, error: Exception, content: str = "") -> Scored:
    """A clip that could not be judged for the error that is being handled."""
    return Scored(task, failure=messages.sentence(error), details=traceback.format_exc(), content=content)


def _rejudged(task: Task, kept: Kept) -> Scored:
    watch = Stopwatch()
    with watch("judge"):
        scored = answered(rejudging(task, kept))
    scored.watch.add(watch)
    return scored


def content_of(path: Path) -> str:
    """The SHA-256 of a file in hexadecimal digits, or "" where it cannot be read: judging says why."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def clips_of(given: Iterable[Path | str], suffixes: Iterable[str] = VIDEOS) -> list[Path | str]:
    """The clips that paths name: files, folders with all videos below them, patterns (`**` for any folders),
    and lists (`.txt`, a path a line, from the list's own folder on; `#` begins a comment). Strings are
    addresses that fsspec understands, of clips, folders and patterns.

    In the order in which they are named. Raises InputError when a folder or pattern names none, there is
    no such folder, or a list cannot be read, and SourceError when an address cannot be.
    """
    wanted = {suffix.lower() for suffix in suffixes}
    clips: list[Path | str] = []
    for one in given:
        some = remote.found(one, wanted) if isinstance(one, str) else _found(one, wanted)
        if not some:
            raise InputError(f"{one} holds no clips ({', '.join(sorted(wanted))}): name another.")
        clips += some
    return clips


def _found(path: Path, wanted: Collection[str]) -> Sequence[Path | str]:
    if files.is_folder(path):
        return sorted(one for one in path.rglob("*") if one.suffix.lower() in wanted and one.is_file())
    if path.suffix.lower() == ".txt":
        return _listed(path)
    if any(sign in str(path) for sign in "*?[") and files.there(path) is None:
        root = Path(path.anchor or ".")
        pattern = str(path.relative_to(path.anchor)) if path.anchor else str(path)
        return sorted(one for one in root.glob(pattern) if one.is_file())
    if not path.suffix and files.there(path) is None:
        raise InputError(f"There is no folder or file {path}: check the name.")
    return [path]


def _listed(path: Path) -> list[Path | str]:
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except FileNotFoundError:
        raise InputError(f"There is no list {path}: check the path.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"The list {path} cannot be read as text in UTF-8.") from error
    named = (line.strip() for line in lines)
    return [
        line if remote.is_address(line) else path.parent / line
        for line in named
        if line and not line.startswith("#")
    ]
