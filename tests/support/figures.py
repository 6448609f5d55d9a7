"""Make the data of the drawn figures, and their stills for the documentation.

    python -m tests.support.figures data FOLDER    # posecoach/feedback/figures.json, from truth files
    python -m tests.support.figures stills         # docs/images/exercises/*.png

FOLDER holds the truth of each clip in `_MOVES`, as the renderer of the sample clips writes it: a NumPy
archive with `names` (33) and `world_m` (frames, 33, 3), metres, x toward the head and z up, and a CSV file
with the columns `phase` and `spine_flexion`.
"""

import csv
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from posecoach.core.pose import Array
from posecoach.feedback import figures

_ROOT = Path(__file__).parents[2]
_STILLS = _ROOT / "docs" / "images" / "exercises"
_STILL_PX = 640
_ASIDE_M = 0.12  # an arrow keeps this far from the joint whose way it shows
_NEAR_M = 0.3  # hips themselves are not moved aside
_TILT = "tilt"  # an arrow onto the belly
_EXAGGERATED = 2.4  # the low back of a pelvic tilt moves by two centimetres: nobody would see it


@dataclass(frozen=True)
class _Move:
    """One good clip of an exercise, and from where its move is seen best.

    camera    degrees: from the side toward the feet (azimuth), and above the mattress (elevation)
    arrow     the joint whose way is shown, or none
    keys      key frames of the way from rest to position
    """

    clip: str
    side: str
    arrow: str
    camera: tuple[int, int] = (0, 8)
    keys: int = 10


_MOVES = {
    "knee_to_chest": _Move("knee_to_chest-good-left-side-la", "left", "left_knee"),
    "double_knees_to_chest": _Move("double_knees_to_chest-good-both-side-lb", "both", "right_knee"),
    "pelvic_tilt": _Move("pelvic_tilt-good-both-side-la", "both", _TILT, keys=6),
    "figure_four": _Move("figure_four-good-left-side-la", "left", "", (74, 36), 16),
    "spinal_twist": _Move("spinal_twist-good-left-side-lb", "left", "left_knee", (50, 38), 12),
    "lumbar_rotation": _Move("lumbar_rotation-good-both-side-lc", "both", "right_knee", (55, 30)),
    "press_up": _Move("press_up-good-both-side-la", "both", "nose"),
    "fetal": _Move("fetal-good-left-side-la", "left", "right_knee", (0, 50), 12),
    "hamstring": _Move("hamstring-good-left-side-lb", "left", "left_ankle", keys=14),
    "bridge": _Move("bridge-good-both-side-la", "both", "right_hip"),
    "happy_baby": _Move("happy_baby-good-both-side-lb", "both", "", (74, 32), 14),
}


def made(folder: Path) -> dict[str, object]:
    """The data of all figures; lengths in centimetres."""
    return {
        "joints": list(figures.JOINTS),
        "exercises": {name: _exercise(folder, move) for name, move in _MOVES.items()},
    }


def _exercise(folder: Path, move: _Move) -> dict[str, object]:
    with np.load(folder / f"{move.clip}.npz") as truth:
        names = [str(name) for name in truth["names"]]
        world: Array = truth["world_m"][:, [names.index(joint) for joint in figures.JOINTS]]
    with (folder / f"{move.clip}.csv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table))
    bend = np.array([float(row["spine_flexion"]) for row in rows])
    phases = [row["phase"] for row in rows]
    kept = _way(phases, move.keys)
    if move.side == "both" and _swings(phases, world):
        second = phases.index("hold")
        second = second + phases[second:].index("rest")
        kept = [*reversed(kept), *(second + index for index in _way(phases[second:], move.keys)[1:])]
    keys, flexion = world[kept], bend[kept]
    if move.arrow == _TILT:
        keys, flexion = _hands_on_the_belly(keys), 8 + (flexion - flexion[-1]) * _EXAGGERATED
        arrow = np.array([(0.24, 0, 0.5), (0.24, 0, 0.26)])
    elif move.arrow:
        arrow = _arrow(keys, move.arrow)
    else:
        arrow = np.zeros((0, 3))
    return {
        "side": move.side,
        "camera": list(move.camera),
        "arrow": [round(float(value) * 100, 1) for value in arrow.flat],
        "spine_flexion": [round(float(value), 1) for value in flexion],
        "keys": [[round(float(value) * 100, 1) for value in key.flat] for key in keys],
    }


def _arrow(keys: Array, joint: str) -> Array:
    """The way of `joint` in space, moved a little away from the hips so that it does not hide the limb."""
    hips = keys[:, [figures.JOINTS.index("left_hip"), figures.JOINTS.index("right_hip")]].mean(axis=1)
    away = keys[:, figures.JOINTS.index(joint)] - hips
    far = np.linalg.norm(away, axis=1, keepdims=True)
    way = hips + away * (1 + np.where(far > _NEAR_M, _ASIDE_M / far, 0))
    time = np.linspace(0, 1, len(way))
    smooth: Array = np.stack([np.polynomial.Polynomial.fit(time, one, 3)(time) for one in way.T], axis=1)
    return smooth


def _hands_on_the_belly(keys: Array) -> Array:
    """Arms that leave the low back to be seen, which is all that moves in a pelvic tilt."""
    moved = keys.copy()
    for side, sign in (("left", -1), ("right", 1)):
        for joint, place in (
            ("elbow", (0.36, 0.3, 0.09)),
            ("wrist", (0.2, 0.14, 0.19)),
            ("index", (0.11, 0.06, 0.2)),
        ):
            moved[:, figures.JOINTS.index(f"{side}_{joint}")] = np.array(place) * (1, sign, 1)
    return moved


def _way(phases: list[str], keys: int) -> list[int]:
    """The frames from the last one at rest to the first in position, evenly spread."""
    first = phases.index("moving") - 1
    last = phases.index("hold") + 1
    return [round(float(index)) for index in np.linspace(first, last, keys)]


def _swings(phases: list[str], world: Array) -> bool:
    """Whether the knees go to one side first, and to the other one next."""
    knee = figures.JOINTS.index("left_knee")
    holds = [index for index, phase in enumerate(phases) if phase == "hold"]
    across = world[holds, knee, 1]
    return bool(np.ptp(across) > 0.2)


def main(arguments: list[str]) -> None:
    match arguments:
        case ["data", folder]:
            text = json.dumps(made(Path(folder)), separators=(",", ":"))
            figures.DATA.write_text(text.replace('"side"', '\n"side"').replace("],[", "],\n[") + "\n")
        case ["stills"]:
            _STILLS.mkdir(parents=True, exist_ok=True)
            for name in figures.exercises():
                still = Image.fromarray(figures.picture(name, _STILL_PX)[:, :, ::-1])
                still.quantize(96).save(_STILLS / f"{name}.png", optimize=True)
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
