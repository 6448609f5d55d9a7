"""Judge labelled clips from their tracked poses, without and with the body model, and count the verdicts.

    python -m training.evaluate LABELS.csv ... --poses FOLDER [--folds FOLDER] [--clips]

`score` of the same clips comes to the same verdicts; here nothing is tracked again. With `--folds` (see
`training.train`) each clip is judged also by the ensemble that has not seen its body; clips of no part by the
model that ships.
"""

import argparse
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import numpy as np

from posecoach.assessment.results import Result
from posecoach.coaching.watcher import Watcher
from posecoach.core.pose import Pose
from posecoach.evaluation.agreement import Agreement, compare
from posecoach.evaluation.labels import NONE, Label, load
from posecoach.kinematics.body import Body
from posecoach.kinematics.body_model import BodyModel, body_model

Outcome = Literal["right", "wrong", "unseen"]
Choice = Callable[[str], BodyModel | None]


def judged(label: Label, poses: Path, model: BodyModel | None) -> Result:
    """What `check --exercise` says of the clip."""
    table: dict[str, Any] = dict(np.load(poses))
    side: Literal["left", "right"] | None = None
    if label.side == "left":
        side = "left"
    elif label.side == "right":
        side = "right"
    watcher = Watcher(label.exercise, side, label.hold_target_s, body=Body(model))
    size = (int(table["size"][0]), int(table["size"][1]))
    for index, t_s in enumerate(table["t_s"].tolist()):
        pose = None
        if table["ok"][index]:
            image, world, visibility = (table[name][index] for name in ("image", "world", "visibility"))
            pose = Pose(t_s, image, world, visibility, size)
        watcher.update(pose, t_s)
    return watcher.finish()[0]


def outcome(agreement: Agreement) -> Outcome:
    """One word for a judged clip."""
    if agreement.right is None:
        return "unseen"
    return "right" if agreement.right else "wrong"


def held_out(folder: Path) -> Choice:
    """By clip, the ensemble that was trained without its body."""
    by_clip: dict[str, BodyModel] = {}
    for path in sorted(folder.glob("part*.npz")):
        table = dict(np.load(path))
        model = BodyModel({name: array for name, array in table.items() if name != "held_out"})
        by_clip |= dict.fromkeys(table["held_out"].tolist(), model)
    return lambda name: by_clip.get(name) or body_model()


def main() -> None:
    """Judge and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("labels", type=Path, nargs="+")
    parser.add_argument("--poses", type=Path, required=True, help="tracked poses, see training.extract")
    parser.add_argument("--folds", type=Path, help="ensembles that were held back a part each")
    parser.add_argument("--clips", action="store_true", help="name every clip that is not right")
    options = parser.parse_args()
    choices: dict[str, Choice] = {"off": lambda _: None, "on": lambda _: body_model()}
    if options.folds is not None:
        choices["held out"] = held_out(options.folds)
    for path in options.labels:
        labels = [label for label in load(path) if label.exercise != NONE and label.verdict]
        clips = [(label, options.poses / f"{label.clip.stem}.npz") for label in labels]
        clips = [(label, poses) for label, poses in clips if poses.exists()]
        for title, choose in choices.items():
            counts: Counter[tuple[str, Outcome]] = Counter()
            for label, poses in clips:
                agreement = compare(label, judged(label, poses, choose(label.clip.stem)))
                word = outcome(agreement)
                counts.update((group, word) for group in ("all", label.view, label.exercise))
                if options.clips and word != "right":
                    faults = " ".join(fault.name for fault in agreement.result.faults)
                    print(f"  {word:6} {label.clip.stem}: {agreement.result.verdict} {faults}")
            print(f"{path.parent.name}: model {title}")
            views, exercises = {label.view for label in labels}, {label.exercise for label in labels}
            for group in ("all", *sorted(views), *sorted(exercises)):
                numbers = ", ".join(f"{counts[group, word]} {word}" for word in ("right", "wrong", "unseen"))
                print(f"  {group:22} {numbers}")


if __name__ == "__main__":
    main()
