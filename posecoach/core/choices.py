"""What options, settings and routine files may hold. This imports nothing heavy, so that help stays quick."""

from typing import Literal

#: How the picture is turned: clockwise degrees, or detected. A string, as in the settings file.
RotationChoice = Literal["auto", "0", "90", "180", "270"]

#: The side that does an exercise, where it is one of the two; the person's own.
OneSide = Literal["left", "right"]

SoundChoice = Literal["voice", "tones", "off"]

#: How much the coach says.
WordsChoice = Literal["few", "normal", "many"]

#: Seconds of the longest hold that a step may ask for.
LONGEST_HOLD_S = 300

#: Seconds of the shortest one; without a hold, with 0, repetitions count.
SHORTEST_HOLD_S = 1

#: Words a minute: what the voices of all systems can do.
SPEECH_RATES = (80, 300)

#: Percent.
VOLUMES = (0, 100)

#: The most frames of which only one is judged.
MOST_SKIPPED = 10


def degrees(rotation: RotationChoice) -> Literal["auto", 0, 90, 180, 270]:
    """The choice as the tracker takes it."""
    turns: dict[str, Literal[0, 90, 180, 270]] = {"0": 0, "90": 90, "180": 180, "270": 270}
    return turns.get(rotation, "auto")
