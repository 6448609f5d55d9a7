"""What was measured in a clip, frame by frame, and its CSV form."""

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

#: The columns that every frames file has, in degrees.
ANGLES = ("hip_flexion_left", "hip_flexion_right", "knee_flexion_left", "knee_flexion_right")


@dataclass
class MeasurementLog:
    """What was measured frame by frame: times in seconds, phases, and values by name (None: unseen)."""

    t_s: list[float] = field(default_factory=list)
    phases: list[str] = field(default_factory=list)
    measures: dict[str, list[float | None]] = field(default_factory=lambda: {name: [] for name in ANGLES})

    def add(self, t_s: float, phase: str, values: Mapping[str, float | None]) -> None:
        """Append one frame; a measure that is new is unseen in all frames before."""
        for name in values:
            self.measures.setdefault(name, [None] * len(self.t_s))
        for name, column in self.measures.items():
            column.append(values.get(name))
        self.t_s.append(t_s)
        self.phases.append(phase)

    def as_csv(self) -> str:
        """The frames file: `t_s`, `phase`, then a column per measure; an unseen value is empty."""
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(["t_s", "phase", *self.measures])
        for index, (t_s, phase) in enumerate(zip(self.t_s, self.phases, strict=True)):
            values = (column[index] for column in self.measures.values())
            writer.writerow([f"{t_s:.3f}", phase, *("" if v is None else f"{v:.3f}" for v in values)])
        return text.getvalue()
