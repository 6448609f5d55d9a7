"""How much the coach says besides what has to be said."""

from collections.abc import Mapping
from dataclasses import dataclass

from posecoach.core.choices import WordsChoice


@dataclass(frozen=True)
class Verbosity:
    """What is said aloud; what is not said is shown, or heard as a tone.

    Starting positions, moves, hints of the routine, corrections, releases and all that is about safety are
    always said.

    numbers   the number of each step
    again     hints that were given before, for the other side or the next repetition
    seconds   the last seconds of a hold
    halfway   the middle of a hold
    breaths   in and out, in a hold
    complete  that a step is complete, also without praise
    """

    numbers: bool = False
    again: bool = False
    seconds: bool = False
    halfway: bool = False
    breaths: bool = False
    complete: bool = False


VERBOSITY: Mapping[WordsChoice, Verbosity] = {
    "few": Verbosity(),
    "normal": Verbosity(breaths=True),
    "many": Verbosity(numbers=True, again=True, seconds=True, halfway=True, breaths=True, complete=True),
}
