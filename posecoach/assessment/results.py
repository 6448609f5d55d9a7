"""Results: what was found in one clip, or in one step of a routine, and its JSON form."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from posecoach.assessment.thresholds import SPARSE_S
from posecoach.core.choices import OneSide
from posecoach.core.messages import encodable
from posecoach.core.types import Side

Verdict = Literal["good", "fault", "unseen", "not_performed"]

#: Notes that say that times are not those of what was done.
UNTIMED = frozenset({"source_no_time_stamps", "source_slow_motion"})
_OTHER = "looks_like"


@dataclass(frozen=True)
class Measured:
    """What was measured where a fault was furthest beyond a limit, and what the limit was, in its unit.

    limit    the name of the limit among those of the exercise
    allowed  its value, whoever set it
    """

    limit: str
    allowed: float
    value: float


@dataclass(frozen=True)
class Fault:
    """A fault by its identifier, the side it concerns (None: neither), and when it was there, in seconds;
    `measured` says how far it went, where a limit tells it. It is the same fault however far it went."""

    name: str
    side: OneSide | None
    start_s: float
    end_s: float
    measured: Measured | None = field(default=None, compare=False)

    @property
    def lasts_s(self) -> float:
        """For how long it was there, in seconds."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class Position:
    """A time in position, in seconds, and the side that was worked."""

    side: Side
    start_s: float
    end_s: float

    @property
    def lasts_s(self) -> float:
        """Seconds in position."""
        return self.end_s - self.start_s

    def is_of(self, side: Side) -> bool:
        """Whether it is a position of a side that was worked; with both, any is."""
        return "both" in (side, self.side) or self.side == side


def in_position_s(side: Side, positions: Iterable[Position]) -> float:
    """For how many seconds a position of `side` was held; times that overlap count once."""
    held_s, until_s = 0.0, float("-inf")
    for one in sorted(positions, key=lambda one: one.start_s):
        if one.is_of(side):
            held_s += max(0.0, one.end_s - max(one.start_s, until_s))
            until_s = max(until_s, one.end_s)
    return held_s


@dataclass(frozen=True)
class Note:
    """What a person should know besides the verdict, as a code; `notes.sentence` puts it in words.

    arguments  identifiers (of a fault, of an exercise) that the sentence names
    """

    code: str
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class DetectedSpan:
    """Where in a recording an exercise was detected, from `start_s` to `end_s`, seconds.

    certainty  share (0..1) of the telling frames that show the exercise
    runner_up  the exercise that most of the others show; None where nothing else was shown
    """

    start_s: float
    end_s: float
    certainty: float
    runner_up: str | None


@dataclass(frozen=True)
class Result:
    """What was found in one clip or one step.

    exercise  None where it was to be recognised and could not be
    detection how the exercise was detected; None where it was told
    side      the side that was worked; where one was asked for and both were, the one that was asked for
    positions of either side
    reps      of that side
    seen      share of frames (0..1) in which the body could be measured
    peaks     the largest value of each measure; where the sign is a direction, the one furthest from 0 on
              `side`, and where the exercise is to make it small, the smallest
    score     0..100, see `verdict.score`
    confidence  0..1, how likely verdict and faults are right; 0 where nothing could be judged
    notes     what could not be judged and why, as codes. A history of version 0.1.0 has sentences
    """

    exercise: str | None
    side: Side
    duration_s: float
    frames: int
    seen: float
    verdict: Verdict
    faults: tuple[Fault, ...] = ()
    positions: tuple[Position, ...] = ()
    reps: int = 0
    peaks: Mapping[str, float] = field(default_factory=dict)
    score: int = 0
    confidence: float = 0.0
    notes: tuple[Note | str, ...] = ()
    step: int | None = None
    detection: DetectedSpan | None = None

    @property
    def sparse(self) -> bool:
        """True where frames came so seldom that a whole move may lie between two of them."""
        return self.frames > 1 and self.duration_s > SPARSE_S * (self.frames - 1)

    @property
    def timed(self) -> bool:
        """False where its times are not those of what was done: nothing can be said of how long it took."""
        return not any(isinstance(note, Note) and note.code in UNTIMED for note in self.notes)

    def noted(self, code: str) -> Note | None:
        """The first note with this code; None where there is none."""
        return next((note for note in self.notes if isinstance(note, Note) and note.code == code), None)

    @property
    def holds_s(self) -> tuple[float, ...]:
        """How long each position of the side was held, in seconds; what the other side did is not counted."""
        return tuple(one.lasts_s for one in self.positions if one.is_of(self.side))

    @property
    def seems(self) -> str | None:
        """The exercise that was seen where another one was told; None where they agree."""
        other = self.noted(_OTHER)
        return other.arguments["exercise"] if other is not None else None

    def as_dict(self, clip: str) -> dict[str, Any]:
        """The result in the published format, one JSON object per clip (and step)."""
        return {
            "clip": encodable(clip),
            **({"step": self.step} if self.step is not None else {}),
            "exercise": self.exercise,
            "side": self.side,
            "duration_s": round(self.duration_s, 3),
            "frames": self.frames,
            "seen": round(self.seen, 3),
            "verdict": self.verdict,
            "faults": [_fault(fault) for fault in self.faults],
            "positions": [
                {"side": p.side, "start_s": round(p.start_s, 2), "end_s": round(p.end_s, 2)}
                for p in self.positions
            ],
            "reps": self.reps,
            "peaks": {name: round(value, 2) for name, value in self.peaks.items()},
            "score": self.score,
            "confidence": round(self.confidence, 2),
            "notes": [_noted(note) for note in self.notes],
            **(_detected(self.detection) if self.detection is not None else {}),
        }

    def as_json(self, clip: str) -> str:
        """`as_dict` on one line."""
        return json.dumps(self.as_dict(clip), allow_nan=False)


def _fault(fault: Fault) -> dict[str, Any]:
    """A fault in the published format."""
    found = {
        "name": fault.name,
        "side": fault.side,
        "start_s": round(fault.start_s, 2),
        "end_s": round(fault.end_s, 2),
    }
    if fault.measured is None:
        return found
    one = fault.measured
    measured = {"limit": one.limit, "allowed": round(one.allowed, 3), "value": round(one.value, 3)}
    return found | {"measured": measured}


def fault_of(found: Mapping[str, Any]) -> Fault:
    """The fault that a result in the published format holds, as `as_dict` wrote it."""
    measured = found.get("measured")
    return Fault(**{**found, "measured": Measured(**measured) if measured is not None else None})


def _noted(note: Note | str) -> dict[str, str]:
    """A note as codes; one that version 0.1.0 stored is a sentence."""
    return {"text": note} if isinstance(note, str) else {"code": note.code, **note.arguments}


def note_of(noted: Mapping[str, str]) -> Note | str:
    """The note that a result in the published format holds, as `as_dict` wrote it."""
    if "text" in noted:
        return noted["text"]
    return Note(noted["code"], {name: value for name, value in noted.items() if name != "code"})


def _detected(detection: DetectedSpan) -> dict[str, Any]:
    return {
        "start_s": round(detection.start_s, 2),
        "end_s": round(detection.end_s, 2),
        "certainty": round(detection.certainty, 2),
        "runner_up": detection.runner_up,
    }


def looks_like(exercise: str) -> Note:
    """The note that a clip or a step shows another exercise than the told one."""
    return Note(_OTHER, {"exercise": exercise})


def unseen(result: Result) -> Result:
    """A result of which nothing can be judged after all."""
    return replace(result, verdict="unseen", faults=(), score=0, confidence=0.0)


def unsettled(result: Result, why: Note) -> Result:
    """A result that does not stand after all, and why."""
    return replace(unseen(result), notes=(why, *result.notes))
