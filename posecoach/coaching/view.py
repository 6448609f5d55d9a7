"""What the coach says and shows: events to speak, and a view to draw."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from posecoach.assessment.exercise import Exercise
from posecoach.coaching.clock import Clock
from posecoach.core.pose import INDEX
from posecoach.core.types import Posture, Side

Phase = Literal["waiting", "rest", "moving", "hold", "paused", "done"]
Kind = Literal[
    "safety",  # how to pause and stop: heard whatever else happens
    "seen",  # the camera sees all that is needed, or as much as it will: what somebody waits to hear
    "announce",  # a step and its side begin
    "ready",  # the starting position was found: the move
    "hint",  # how to do the move well
    "waiting",  # the starting position is still awaited, with what would help
    "in_position",  # a hold begins or a repetition is reached
    "rep",  # a repetition is complete
    "breath",  # in or out, at the pace that is led
    "halfway",
    "count",  # one of the last three seconds of a hold
    "hold_done",  # the dose is held: release
    "cue",  # a fault, and what to change
    "unseen",  # the body or a limb cannot be seen, and what would help
    "keeping_time",  # nor has it been for so long that only time is kept until it is
    "still_lost",  # the camera has given no picture for long: how to end, or to go on
    "step_done",
    "moving_on",  # the starting position was not found in time
    "paused",
    "resumed",
    "picture_lost",  # the camera gives no picture
    "picture_found",
    "done",  # the session is over
    "stopped",  # the person has ended it
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
    caption     what is being spoken now; "" in silence
    breath      how full the lungs are at the pace that is led, 0 to 1; None where none is led
    outline     a posture to be drawn as a silhouette to lie into, or None
    exercise    the identifier of the exercise that is shown or done, "" for none
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
    exercise: str = ""
    highlight: tuple[int, ...] = ()
    highlight_ok: bool = True
    measures: Mapping[str, float | None] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    session_s: float = 0.0
    caption: str = ""

    @property
    def step_under_way(self) -> int:
        """The step whose exercise may be under way; 0 while none is."""
        return 0 if self.phase in ("paused", "done") else self.step


@dataclass(frozen=True)
class Subject:
    """What a view is about: a step with its title, side and dose, and the landmarks of the limb that
    matters."""

    step: int = 0
    steps: int = 0
    title: str = ""
    side: Side = "both"
    hold_target_s: float = 0.0
    reps_target: int = 0
    limb: tuple[int, ...] = ()
    exercise: str = ""


def limb(exercise: Exercise, side: Side) -> tuple[int, ...]:
    """Landmark indexes of the limb that moves."""
    joints = {joint for motion in exercise.motions_on(side) for joint in motion.limb}
    return tuple(sorted(INDEX[joint] for joint in joints))


def build(
    subject: Subject,
    clock: Clock,
    events: Sequence[Event],
    phase: Phase,
    instruction: str,
    measures: Mapping[str, float | None] | None = None,
    *,
    hold_s: float = 0.0,
    reps: int = 0,
    cue: str | None = None,
    not_seen: str | None = None,
    breath: float | None = None,
    outline: Posture | None = None,
) -> View:
    """The view of one frame; the limb of `subject` is at fault where there is a `cue`."""
    return View(
        t_s=clock.frame_s,
        step=subject.step,
        steps=subject.steps,
        title=subject.title,
        side=subject.side,
        phase=phase,
        instruction=instruction,
        hold_s=hold_s,
        hold_target_s=subject.hold_target_s,
        reps=reps,
        reps_target=subject.reps_target,
        cue=cue,
        not_seen=not_seen,
        breath=breath,
        outline=outline,
        exercise=subject.exercise,
        highlight=subject.limb,
        highlight_ok=cue is None,
        measures=measures if measures is not None else {},
        events=tuple(events),
        session_s=clock.session_s,
    )
