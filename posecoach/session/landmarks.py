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
"""

import io
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from posecoach.core import files
from posecoach.core.errors import InputError
from posecoach.core.pose import COUNT, Pose
from posecoach.session.recorded import Seen

SUFFIX = ".npz"
_FORMAT = 1


@dataclass(frozen=True)
class Kept:
    """The poses of a clip, with its name and the SHA-256 of its video."""

    clip: str
    content: str
    seen: Seen


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
    )
    files.write(path, archive.getvalue())


def load(path: Path) -> Kept:
    """The poses in a file; raises InputError when it holds none."""
    try:
        with np.load(path, allow_pickle=False) as archive:
            columns = {name: archive[name] for name in archive.files}
        if int(columns["format"]) != _FORMAT:
            raise InputError(f"{path} holds landmarks of another version of posecoach: make them again.")
        width, height = (int(side) for side in columns["size"])
        poses = zip(columns["image"], columns["world"], columns["visibility"], strict=True)
        seen: list[tuple[float, Pose | None]] = []
        for t_s, found in zip(columns["t_s"].tolist(), columns["found"].tolist(), strict=True):
            if not found:
                seen.append((t_s, None))
                continue
            image, world, visibility = next(poses)
            space = None if np.isnan(world).any() else world
            seen.append((t_s, Pose(t_s, image, space, visibility, (width, height))))
    except FileNotFoundError:
        raise InputError(f"There is no file {path}: check the name and the folder.") from None
    except OSError as error:
        raise InputError(f"{path} cannot be read ({error.strerror or error}).") from error
    except (KeyError, ValueError, TypeError, EOFError, StopIteration, zipfile.BadZipFile) as error:
        raise InputError(f"{path} holds no landmarks that posecoach has kept: make them again.") from error
    return Kept(str(columns["clip"]), str(columns["content"]), seen)
