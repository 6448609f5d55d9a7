"""What was doubtful about the pictures of a session or a clip, as notes to its results."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import get_args

from posecoach.assessment.results import Note, Result
from posecoach.assessment.verdict import without_tempo
from posecoach.core.observation import Doubt, Observation, SourceDoubt

#: The share of frames above which each doubt is worth a note. Haste and bouncing have a note of their own.
_NOTED: dict[Doubt, float] = {
    "frozen": 0.0,
    "gap": 0.0,
    "dark": 0.02,
    "dim": 0.02,
    "two_people": 0.2,
    "too_small": 0.3,
}

#: Every note that there can be about pictures.
NOTES: tuple[Note, ...] = (
    *(Note(f"picture_{doubt}") for doubt in _NOTED if doubt != "two_people"),
    *(Note("two_people", {"side": side}) for side in ("left", "right")),
    *(Note(f"source_{doubt}") for doubt in get_args(SourceDoubt)),
)


def with_notes(result: Result, notes: Sequence[Note]) -> Result:
    """A result with notes about its pictures after its own, and without what these say is unknown."""
    if Note("picture_dim") in notes:
        result = without_tempo(result)
    return replace(result, notes=(*result.notes, *notes))


class Doubts:
    """Counts the doubts about the frames of one source."""

    def __init__(self, source: frozenset[SourceDoubt] = frozenset()) -> None:
        """`source` is what is doubtful about the source as a whole."""
        self._source = source
        self._frames = 0
        self._counted: Counter[str] = Counter()

    def add(self, seen: Observation) -> None:
        """Take the next frame."""
        self._frames += 1
        self._counted.update(seen.doubts)
        if seen.followed_side is not None:
            self._counted[seen.followed_side] += 1

    @property
    def notes(self) -> tuple[Note, ...]:
        """What a person should know about the pictures."""
        noted = [doubt for doubt, share in _NOTED.items() if self._counted[doubt] > share * self._frames]
        of_source = tuple(Note(f"source_{doubt}") for doubt in sorted(self._source))
        return (*(self._note(doubt) for doubt in noted), *of_source)

    def noted(self, results: Sequence[Result]) -> list[Result]:
        """The results, each with the notes."""
        return [with_notes(result, self.notes) for result in results]

    def _note(self, doubt: Doubt) -> Note:
        if doubt != "two_people":
            return Note(f"picture_{doubt}")
        side = "left" if self._counted["left"] >= self._counted["right"] else "right"
        return Note("two_people", {"side": side})
