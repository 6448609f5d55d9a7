"""Track clips and pictures whose joints are known, and keep the landmarks beside the truth.

    python -m training.extract --clips LABELS.csv ... --pictures FOLDER ... --poses FOLDER --out landmarks.npz

Clips come in the format of `sample_videos` with a `truth/NAME.npz` each (`image_px`, `world_m`). Pictures are
NAME_00.jpg, NAME_01.jpg, … with one NAME.npz of the same arrays, NAME ending in `-view-scene-number`. Tracked
poses are kept in the folder of `--poses`; what is there is not tracked again. A clip shows a picture for as
long as nothing moves; of such a run the last frame is kept, and how many it stands for.
"""

import argparse
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from posecoach.core.pose import COUNT, Pose
from posecoach.vision import model_bundle
from posecoach.vision.source import Frame
from posecoach.vision.tracker import Tracker
from posecoach.vision.video_file import VideoFile
from training import truth

Arrays = dict[str, NDArray[Any]]

_LOOKS = 3  # a single picture is shown this often, so that the tracker's crop settles
_LONGEST_RUN = 12  # frames of one picture; of a longer run more than one is kept


@dataclass(frozen=True)
class Clip:
    """What was tracked, and its truth. `body` is the same for all clips of one person."""

    name: str
    body: str
    exercise: str
    view: str
    scene: str
    poses: Arrays
    image_px: NDArray[np.float64]
    world_m: NDArray[np.float64]
    surface: NDArray[np.float64]  # (n, 4) hip and knee flexion between points on the surface, left, right


def track_clip(path: Path, model: bytes) -> list[tuple[float, Pose | None]]:
    """The time and the pose of each frame of a clip."""
    with VideoFile(path) as video, Tracker(model, threads=1) as tracker:
        tracker.settle(video.preview())
        return [(frame.t_s, tracker.track(frame).pose) for frame in video]


def track_picture(path: Path, model: bytes) -> Pose | None:
    """The pose in one picture by itself."""
    image = np.asarray(cv2.imread(str(path)), np.uint8)
    with Tracker(model, rotate=0, threads=1) as tracker:
        found = [tracker.track(Frame(image, look / 12, look)).pose for look in range(_LOOKS)]
    return next((pose for pose in reversed(found) if pose is not None), None)


def kept(target: Path, tracked: list[tuple[float, Pose | None]]) -> None:
    """Write times and poses as arrays, zeros where there is none."""
    poses = [pose for _, pose in tracked]
    there = next((pose for pose in poses if pose is not None), None)
    empty = {"image": np.zeros((COUNT, 2)), "world": np.zeros((COUNT, 3)), "visibility": np.zeros(COUNT)}
    stacks = {
        name: np.array([zero if pose is None else getattr(pose, name) for pose in poses])
        for name, zero in empty.items()
    }
    np.savez_compressed(
        target,
        t_s=[t_s for t_s, _ in tracked],
        ok=[pose is not None for pose in poses],
        rotation=[0 if pose is None else pose.rotation for pose in poses],
        size=there.size if there is not None else (0, 0),
        **stacks,  # type: ignore[arg-type]
    )


def clips(labels: Path, poses: Path, model: bytes) -> Iterator[Clip]:
    """The labelled clips that have a truth."""
    for row in csv.DictReader(labels.open(newline="", encoding="utf-8")):
        path = labels.parent / row["clip"]
        table = labels.parent / row["truth"]
        if not row["truth"] or not table.with_suffix(".npz").exists():
            continue
        tracked = poses / f"{path.stem}.npz"
        if not tracked.exists():
            kept(tracked, track_clip(path, model))
        exact = np.load(table.with_suffix(".npz"))
        curves = list(csv.DictReader(table.open(newline="", encoding="utf-8")))
        names = [f"{joint}_flexion_{side}_surface" for joint in ("hip", "knee") for side in ("left", "right")]
        surface = np.array([[float(curve[name]) for name in names] for curve in curves])
        exercise = row["exercise"] if row["exercise"] != "none" else row.get("movement") or "none"
        scene = row.get("scene") or "plain"
        world, pixels = exact["world_m"].astype(float), exact["image_px"].astype(float)
        yield Clip(
            path.stem,
            row["body"],
            exercise,
            row["view"],
            scene,
            dict(np.load(tracked)),
            pixels,
            world,
            surface,
        )


def pictures(folder: Path, poses: Path, model: bytes) -> Iterator[Clip]:
    """The single pictures, those of one body together."""
    for table in sorted(folder.glob("*.npz")):
        files = sorted(folder.glob(f"{table.stem}_*.jpg"))
        exact = np.load(table)
        tracked = poses / table.name
        if not tracked.exists():
            kept(tracked, [(float(i), track_picture(file, model)) for i, file in enumerate(files)])
        exercise, _, _, view, scene, _ = table.stem.split("-")
        world, pixels = exact["world_m"].astype(float), exact["image_px"].astype(float)
        surface = np.full((len(world), 4), np.nan)
        if "surface_m" in exact:
            on = exact["surface_m"].astype(float)
            hips = [180 - truth.angle(on[:, 11 + i], on[:, 23 + i], on[:, 25 + i]) for i in (0, 1)]
            knees = [180 - truth.angle(on[:, 23 + i], on[:, 25 + i], on[:, 27 + i]) for i in (0, 1)]
            surface = np.stack([*hips, *knees], axis=-1)
        yield Clip(
            table.stem, table.stem, exercise, view, scene, dict(np.load(tracked)), pixels, world, surface
        )


def rows(clip: Clip) -> Arrays | None:
    """One row for each distinct picture of a clip; None where it cannot be used."""
    poses, count = clip.poses, min(len(clip.poses["ok"]), len(clip.world_m))
    ok = poses["ok"][:count]
    if np.isnan(clip.surface).any() or np.any(poses["rotation"][:count] != 0) or ok.sum() < 2:
        return None
    world, pixels = clip.world_m[:count], clip.image_px[:count]
    every = max(1, len(world) // 60)
    axes, place, focal = truth.camera(world[::every].reshape(-1, 3), pixels[::every].reshape(-1, 2))
    same = np.r_[np.abs(np.diff(world, axis=0)).max(axis=(1, 2)) < 1e-6, False]
    chosen, stands_for, run = [], [], 0
    for index in range(count):
        run += 1
        if same[index] and run < _LONGEST_RUN:
            continue
        if ok[index]:
            chosen.append(index)
            stands_for.append(run)
        run = 0
    torso = float(np.median(truth.torso_lengths(world)))
    many = len(chosen)
    return {
        "image": poses["image"][chosen].astype(np.float32),
        "world": poses["world"][chosen].astype(np.float16),
        "visibility": poses["visibility"][chosen].astype(np.float16),
        "size": np.tile(poses["size"].astype(np.int16), (many, 1)),
        "joints": world[chosen].astype(np.float32),
        "surface": clip.surface[chosen].astype(np.float16),
        "axes": np.tile(np.float32(axes), (many, 1, 1)),
        "place": np.tile(np.float32(place), (many, 1)),
        "focal": np.full(many, focal, np.float32),
        "torso": np.full(many, torso, np.float32),
        "frames": np.array(stands_for, np.int16),
        **{
            name: np.full(many, getattr(clip, name)) for name in ("name", "body", "exercise", "view", "scene")
        },
    }


def main() -> None:
    """Extract the landmarks."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--clips", type=Path, nargs="*", default=[], help="labels.csv files")
    parser.add_argument("--pictures", type=Path, nargs="*", default=[], help="folders of single pictures")
    parser.add_argument("--poses", type=Path, required=True, help="folder of tracked poses")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    options.poses.mkdir(parents=True, exist_ok=True)
    model = model_bundle.load()
    found = [clip for labels in options.clips for clip in clips(labels, options.poses, model)]
    found += [clip for folder in options.pictures for clip in pictures(folder, options.poses, model)]
    parts = []
    for clip in found:
        part = rows(clip)
        if part is None:
            print(f"{clip.name}: not tracked upright, or without surface points: left out")
        else:
            parts.append(part)
    table = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    np.savez_compressed(options.out, **table)  # type: ignore[arg-type]
    print(f"{len(parts)} clips, {len(set(table['body']))} bodies, {len(table['body'])} distinct pictures")


if __name__ == "__main__":
    main()
