"""What was doubtful about the pictures of a session or a clip, as notes to its results."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from posecoach.assessment.confidence import BLIND
from posecoach.assessment.exercise import OF_TEMPO, OF_TIME
from posecoach.assessment.results import Note, Result, unseen
from posecoach.assessment.verdict import without
from posecoach.coaching.step_result import StepDone
from posecoach.core.observation import Doubt, Observation, PlaceOfTwo, SourceDoubt
from posecoach.vision.source import Source

#: The share of frames above which each doubt is worth a note. Haste and bouncing have a note of their own.
_NOTED: dict[Doubt, float] = {
    "frozen": 0.0,
    "gap": 0.0,
    "dark": 0.02,
    "bright": 0.02,
    "dim": 0.02,
    "two_people": 0.2,
    "too_small": 0.3,
    "turned": 0.5,
}

#: That a picture was turned is worth a word only where nothing could be seen in it.
_TURNED = Note("picture_turned")

#: After these nobody knows what was done in a part of the recording: "not done" is more than that.
_MISSING = frozenset({"picture_gap", "source_incomplete"})
_LEAST_S = 2.0  # nobody moves into a position of any exercise and back in less

#: Of two people, by where the followed one is.
_OF_TWO: dict[PlaceOfTwo, Note] = {
    "left": Note("two_people", {"side": "left"}),
    "right": Note("two_people", {"side": "right"}),
    "upper": Note("upper_of_two"),
    "lower": Note("lower_of_two"),
}

#: Every note that there can be about pictures.
NOTES: tuple[Note, ...] = (
    *(Note(f"picture_{doubt}") for doubt in _NOTED if doubt != "two_people"),
    *_OF_TWO.values(),
    *(Note(f"source_{doubt}") for doubt in get_args(SourceDoubt)),
)


def may_be(note: Note) -> bool:
    """Whether there can be such a note about pictures, whatever the speed that it names."""
    arguments = dict(note.arguments)
    speed = arguments.pop("speed", "1")
    is_number = isinstance(speed, str) and speed.replace(".", "", 1).isdecimal()
    return is_number and replace(note, arguments=arguments) in NOTES


def with_notes(result: Result, notes: Sequence[Note]) -> Result:
    """A result with notes about its pictures after its own, and without what these say is unknown; that a
    recording is too short to show anything says more than that nothing was recognised."""
    if result.step is None and result.verdict in ("unseen", "not_performed") and result.duration_s < _LEAST_S:
        known = tuple(note for note in result.notes if note != Note("not_recognised"))
        result = replace(result, notes=(Note("too_short"), *known))
    new = [note for note in notes if note not in result.notes]
    if result.verdict == "not_performed" and not result.notes and any(note.code in _MISSING for note in new):
        result = unseen(result)
    if result.verdict != "unseen":
        new = [note for note in new if note != _TURNED]
    noted = replace(result, notes=(*result.notes, *new))
    unjudged = OF_TIME if not noted.timed else OF_TEMPO if noted.noted("picture_dim") is not None else None
    if unjudged is None:
        return noted
    surest = BLIND if noted.verdict == "good" else 1.0
    return without(replace(noted, confidence=min(surest, noted.confidence)), unjudged)


_LATER: tuple[Doubt, ...] = ("bright", "turned")  # those that landmarks kept before do not have

#: What is noted of each frame: its doubts, and where the followed one of two people is.
MARKS: tuple[str, ...] = (*(doubt for doubt in _NOTED if doubt not in _LATER), *_OF_TWO, *_LATER)


@dataclass(frozen=True)
class _Frame:
    """A frame that was judged: its time, the step that was under way, 0 for none, and its marks."""

    t_s: float
    step: int
    marks: frozenset[str]


class Doubts:
    """Keeps the doubts about the frames of one source."""

    def __init__(self, source: Source | None = None) -> None:
        """Begin with what is doubtful about `source` as a whole, as far as it is known."""
        self._source: tuple[Note, ...] = ()
        self._frames: list[_Frame] = []
        if source is not None:
            self.of_source(source)

    def of_source(self, source: Source) -> None:
        """Take what is doubtful about the source as a whole: at its end more may be known."""
        self._source = tuple(_note_of(doubt, source) for doubt in sorted(source.doubts))

    def add(self, seen: Observation, step: int = 0) -> None:
        """Take the next frame, and the number of the step that was under way then, from 1; 0 for none."""
        side = seen.followed_side
        marks = frozenset(mark for mark in MARKS if mark in seen.doubts or mark == side)
        self._frames.append(_Frame(seen.t_s, step, marks))

    @classmethod
    def marked(cls, times: Sequence[float], marks: NDArray[np.bool_], notes: Sequence[Note]) -> "Doubts":
        """What `marks` was of frames at these times, without the last of `MARKS` where fewer were known then;
        `notes` hold those about the source."""
        known = cls()
        known._source = tuple(note for note in notes if note.code.startswith("source_"))
        for t_s, row in zip(times, marks.tolist(), strict=True):
            of_frame = frozenset(mark for mark, there in zip(MARKS, row, strict=False) if there)
            known._frames.append(_Frame(t_s, 0, of_frame))
        return known

    @property
    def marks(self) -> NDArray[np.bool_]:
        """(frames, 12) whether each of `MARKS` is true of a frame."""
        rows = [[mark in frame.marks for mark in MARKS] for frame in self._frames]
        return np.array(rows, bool).reshape(-1, len(MARKS))

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a person should know about all of the pictures."""
        return self._notes(self._frames)

    def noted(self, results: Sequence[Result]) -> list[Result]:
        """The results, each with the notes about its own pictures: those of its step, or of its part of a
        recording, which ends with what was detected in it."""
        found, begin_s = list[Result](), -inf
        for number, result in enumerate(results, start=1):
            detected, last = result.detection, number == len(results)
            end_s = inf if detected is None or last else detected.end_s
            if result.step is not None:
                own = [frame for frame in self._frames if frame.step == result.step]
            else:
                own = [frame for frame in self._frames if begin_s < frame.t_s <= end_s]
            found.append(with_notes(result, self._notes(own)))
            begin_s = end_s
        return found

    def noting(self, on_step: Callable[[StepDone], None]) -> Callable[[StepDone], None]:
        """What hears of each step for `on_step`, and hands it on with the notes about its pictures."""

        def noted(done: StepDone) -> None:
            [result] = self.noted([done.result])
            on_step(replace(done, result=result))

        return noted

    def _notes(self, frames: Sequence[_Frame]) -> tuple[Note, ...]:
        counted = Counter(mark for frame in frames for mark in frame.marks)
        noted = [doubt for doubt, share in _NOTED.items() if counted[doubt] > share * len(frames)]
        return (*(_note(doubt, counted) for doubt in noted), *self._source)


def _note_of(doubt: SourceDoubt, source: Source) -> Note:
    """A doubt about a whole source; of slow motion, how fast it plays is known."""
    code = f"source_{doubt}"
    if doubt == "slow_motion" and source.capture_fps is not None:
        return Note(code, {"speed": f"{source.fps / source.capture_fps:.3g}"})
    return Note(code)


def _note(doubt: Doubt, counted: Mapping[str, int]) -> Note:
    if doubt != "two_people":
        return Note(f"picture_{doubt}")
    return _OF_TWO[max(_OF_TWO, key=lambda place: counted[place])]
