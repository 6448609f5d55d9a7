"""Kept landmarks: the poses of a clip as a file without a picture, to be judged again without the video.

One NumPy archive for each clip:

format      1
clip        what the clip was called
content     SHA-256 of the video, in hexadecimal digits
size        (2,) width and height of the upright picture in pixels
t_s         (frames,) seconds
found       (frames,) whether a body was found
image       (n, 33, 2) pixels of the upright picture, of the frames in which one was found
world       (n, 33, 3) metres in camera axes
visibility  (n, 33) 0..1
notes       JSON of the notes about its pictures; a file that lacks it has none
doubts      (frames, 12) whether each of `doubts.MARKS` is true of a frame, in older files (frames, 8),
            (frames, 10) or (frames, 11) of the first of them; (0, 10) where that is not known
"""

import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posecoach.assessment.results import Note, Result
from posecoach.core import files
from posecoach.core.errors import InputError
from posecoach.core.pose import COUNT, Array, Pose
from posecoach.session.doubts import MARKS, Doubts, may_be, with_notes
from posecoach.session.recorded import PoseTrack

SUFFIX = ".npz"
_FORMAT = 1
# Of two people one was called left or right even where one lay behind the other; a white picture stood still.
_OLDER_MARKS = (8, 10, 11)
_FURTHEST = 1e5  # pixels and metres: more is damage, and squares of it overflow
_LONGEST_S = 1e7
_DAMAGED = (
    *(KeyError, ValueError, TypeError, EOFError, OverflowError, StopIteration, NotImplementedError),
    *(RecursionError, zipfile.BadZipFile, zlib.error),
)


@dataclass(frozen=True)
class Kept:
    """The poses of a clip, with its name, the SHA-256 of its video, and the notes about its pictures.

    `doubts` tell of each picture what was doubtful, where that was kept.
    """

    clip: str
    content: str
    seen: PoseTrack
    notes: tuple[Note, ...] = ()
    doubts: Doubts | None = None

    def noted(self, results: Sequence[Result]) -> list[Result]:
        """Results of the clip, each with the notes about its own pictures, as far as they are known."""
        if self.doubts is not None:
            return self.doubts.noted(results)
        return [with_notes(result, self.notes) for result in results]


def save(path: Path, kept: Kept) -> None:
    """Write the poses of a clip; raises OutputError. The numbers are kept exactly: verdicts stay the same."""
    found = [pose for _, pose in kept.seen if pose is not None]
    world = [np.full((COUNT, 3), np.nan) if pose.world is None else pose.world for pose in found]
    archive = io.BytesIO()
    np.savez_compressed(
        archive,
        format=_FORMAT,
        clip=kept.clip,
        content=kept.content,
        size=found[0].size if found else (0, 0),
        t_s=[t_s for t_s, _ in kept.seen],
        found=[pose is not None for _, pose in kept.seen],
        image=np.array([pose.image for pose in found]).reshape(-1, COUNT, 2),
        world=np.array(world).reshape(-1, COUNT, 3),
        visibility=np.array([pose.visibility for pose in found]).reshape(-1, COUNT),
        notes=json.dumps([[note.code, dict(note.arguments)] for note in kept.notes]),
        doubts=(kept.doubts or Doubts()).marks,
    )
    files.write(path, archive.getvalue())


def load(path: Path) -> Kept:
    """The poses in a file; raises InputError when it holds none."""
    with _opened(path) as archive:
        columns = {name: archive[name] for name in archive.files}
        if int(columns["format"]) != _FORMAT:
            raise InputError(f"{path} holds landmarks of another version of posecoach: make them again.")
        clip, content = str(columns["clip"]), str(columns["content"])
        seen, notes = _poses(columns), _notes(columns)
        return Kept(clip, content, seen, notes, _doubts(columns, [t_s for t_s, _ in seen], notes))


@contextmanager
def _opened(path: Path) -> Iterator["np.lib.npyio.NpzFile"]:
    """An archive, for as long as it is read; raises InputError where it is none."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            yield archive
    except FileNotFoundError:
        raise InputError(f"There is no file {path}: check the name and the folder.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from error
    except _DAMAGED as error:
        raise InputError(f"{path} holds no landmarks that posecoach has kept: make them again.") from error


def clips_in(folder: Path) -> dict[str, Path]:
    """The files of kept landmarks in a folder, by the file name of their clips; raises InputError."""
    found = {}
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        with _opened(path) as archive:
            found[Path(str(archive["clip"])).name] = path
    return found


def _poses(columns: Mapping[str, Array]) -> list[tuple[float, Pose | None]]:
    """The body in each frame; raises one of `_DAMAGED` where a column is not as `save` writes it."""
    width, height = (int(side) for side in columns["size"])
    t_s, found = _numbers(columns["t_s"], _LONGEST_S), columns["found"].astype(bool, casting="no")
    image, visibility = _numbers(columns["image"], _FURTHEST), _numbers(columns["visibility"], 1.0)
    world = _numbers(np.nan_to_num(columns["world"]), _FURTHEST)
    if (np.diff(t_s) <= 0).any() or found.sum() != len(image):
        raise ValueError("times must rise, and there is a body for each frame in which one was found")
    if len(image) and not 0 < min(width, height) <= max(width, height) < _FURTHEST:
        raise ValueError("a picture has a size")
    known = np.logical_not(np.isnan(columns["world"]).any(axis=(1, 2))).tolist()
    bodies = iter(zip(image, world, known, visibility, strict=True))
    seen: list[tuple[float, Pose | None]] = []
    for at_s, there in zip(t_s.tolist(), found.tolist(), strict=True):
        if there:
            points, space, in_space, sure = next(bodies)
            seen.append((at_s, Pose(at_s, points, space if in_space else None, sure, (width, height))))
        else:
            seen.append((at_s, None))
    return seen


def _notes(columns: Mapping[str, Array]) -> tuple[Note, ...]:
    """The notes about the pictures; raises one of `_DAMAGED` where they are none that posecoach makes."""
    found = json.loads(str(columns.get("notes", "[]")))
    notes = tuple(Note(code, dict(arguments)) for code, arguments in found)
    if not all(map(may_be, notes)):
        raise ValueError("there is no such note about pictures")
    return notes


def _doubts(columns: Mapping[str, Array], times: Sequence[float], notes: Sequence[Note]) -> Doubts | None:
    """What was doubtful about each picture; raises one of `_DAMAGED` where it is not as `save` writes it."""
    marks = columns.get("doubts")
    if marks is None or not len(marks):  # an older file, or poses that came without pictures
        return None
    known = (*_OLDER_MARKS, len(MARKS))
    if marks.dtype != bool or marks.shape not in ((len(times), many) for many in known):
        raise ValueError("expected a mark for each doubt and frame")
    return Doubts.marked(times, marks.astype(bool), notes)


def _numbers(values: Array, most: float) -> Array:
    """Values that are floating-point numbers of at most so much; raises ValueError for others."""
    if values.dtype.kind != "f" or not (np.abs(values) <= most).all():
        raise ValueError(f"expected numbers of at most {most:g}")
    return values
