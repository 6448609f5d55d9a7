"""What the coach says and shows: events to speak, and a view to draw. Plain values, no behaviour."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from posecoach.core.types import Posture, Side

Phase = Literal["waiting", "rest", "moving", "hold", "paused", "done"]
Kind = Literal[
    "announce",  # a step and its side begin
    "ready",  # the starting position was found
    "waiting",  # the starting position is still awaited, with what would help
    "in_position",  # a hold begins or a repetition is reached
    "rep",  # a repetition is complete
    "breath",  # the pace of the breath in a hold
    "halfway",
    "count",  # one of the last three seconds of a hold
    "hold_done",  # the dose is held: release
    "cue",  # a fault, and what to change
    "unseen",  # the body or a limb cannot be seen, and what would help
    "step_done",
    "moving_on",  # the starting position was not found in time
    "paused",
    "resumed",
    "done",  # the session is over
]


@dataclass(frozen=True)
class Event:
    """One thing to tell the person, at a time on the source's clock."""

    t_s: float
    kind: Kind
    text: str
    urgent: bool = False


@dataclass(frozen=True)
class View:
    """All that a screen needs to show at one frame; `events` are the news since the frame before.

    session_s   the session's own time, which stands still in pauses: results are timed by it
    highlight   indexes of the landmarks of the limb that matters; `highlight_ok` False when it is at fault
    hold_s      seconds in position in this hold so far; `hold_target_s` 0 when only repetitions count
    cue         the one most important thing to change or do, short enough to read from two metres
    not_seen    what cannot be seen, or None
    breath      how full the lungs are at the pace that is led, 0 to 1; None where none is led
    outline     a posture to be drawn as a silhouette to lie into, or None
    measures    the frame's measurements by name, None where unseen
    """

    t_s: float
    step: int
    steps: int
    title: str
    side: Side
    phase: Phase
    instruction: str
    hold_s: float = 0.0
    hold_target_s: float = 0.0
    reps: int = 0
    reps_target: int = 0
    cue: str | None = None
    not_seen: str | None = None
    breath: float | None = None
    outline: Posture | None = None
    highlight: tuple[int, ...] = ()
    highlight_ok: bool = True
    measures: Mapping[str, float | None] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    session_s: float = 0.0
