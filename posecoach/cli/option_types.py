"""Single options that several commands share, as typer reads them."""

from pathlib import Path
from typing import Annotated

import typer

from posecoach.core.choices import (
    LONGEST_HOLD_S,
    MOST_SKIPPED,
    SPEECH_RATES,
    VOLUMES,
    OneSide,
    RotationChoice,
    SoundChoice,
    WordsChoice,
)
from posecoach.core.language import NAMES, Language


def _dose(seconds: float) -> float:
    if not 0 <= seconds <= LONGEST_HOLD_S:  # refuses NaN, too
        raise typer.BadParameter(f"a hold lasts from 0 to {LONGEST_HOLD_S} seconds")
    return seconds


RoutineToRun = Annotated[
    str | None,
    typer.Argument(
        metavar="[ROUTINE]", help="A routine's name or the path to a TOML file. \\[the one used last]"
    ),
]
RoutineName = Annotated[
    str, typer.Argument(metavar="NAME", help="A routine's name or the path to a TOML file.")
]
Camera = Annotated[
    str | None,
    typer.Option(
        metavar="0|PATH|URL", help="A camera number, device, address or video file. \\[the one used last]"
    ),
]
LiveRotate = Annotated[
    RotationChoice | None,
    typer.Option(
        help="Turn the picture clockwise by this many degrees; auto detects it. \\[the one used last]"
    ),
]
Rotate = Annotated[
    RotationChoice, typer.Option(help="Turn the picture clockwise by this many degrees; auto detects it.")
]
Mirror = Annotated[
    bool | None,
    typer.Option("--mirror/--no-mirror", help="Show the picture as a mirror does. \\[as last time]"),
]
FullScreen = Annotated[
    bool | None,
    typer.Option("--fullscreen/--no-fullscreen", help="Fill the screen; F11 changes it. \\[as last time]"),
]
ShowWindow = Annotated[
    bool | None, typer.Option("--window/--no-window", help="Open a window. \\[if there is a display]")
]
Record = Annotated[Path | None, typer.Option(metavar="FILE", help="Save the annotated picture as a video.")]
Heard = Annotated[
    SoundChoice | None,
    typer.Option(help="What you hear: words and tones, tones only, or nothing. \\[as last time]"),
]
HowMuch = Annotated[
    WordsChoice | None,
    typer.Option(
        help="How much the coach says; what is about safety is always said. \\[as last time, normal at first]"
    ),
]
Rate = Annotated[
    int | None,
    typer.Option(
        min=SPEECH_RATES[0],
        max=SPEECH_RATES[1],
        help="How fast the voice speaks, in words a minute. \\[as last time, 160 at first]",
    ),
]
Volume = Annotated[
    int | None,
    typer.Option(min=VOLUMES[0], max=VOLUMES[1], help="Volume in percent. \\[as last time, 80 at first]"),
]
VoiceName = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="A voice of this machine, or its language. \\[as last time]"),
]
SpokenLanguage = Annotated[
    Language | None,
    typer.Option(
        help=f"Speak {' or '.join(NAMES.values())}. \\[as last time, the machine's language at first]"
    ),
]
VoiceOut = Annotated[
    Path | None,
    typer.Option(
        metavar="OUT.wav", help="Save what is said as a sound file, and as text with times in OUT.txt."
    ),
]
ModelFile = Annotated[
    Path | None,
    typer.Option("--model", metavar="FILE", help="Use this pose model instead of the fetched one."),
]
Json = Annotated[
    str | None,
    typer.Option(
        metavar="[FILE]",
        help="Write results as JSON, one object a line; without FILE, or with -, to the terminal.",
    ),
]
CsvFile = Annotated[
    str | None,
    typer.Option(metavar="FILE|-", help="Write one row for each exercise; - for the terminal."),
]
CsvTable = Annotated[
    str | None, typer.Option(metavar="FILE|-", help="Write the rows as a table; - for the terminal.")
]
FramesFolder = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="Write the measurements of each frame, one CSV file for each clip."),
]
ParquetFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write the rows as Parquet; needs posecoach\\[parquet].")
]
Cluster = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="Judge on the Dask cluster there; needs posecoach\\[cluster]."),
]
LandmarksFolder = Annotated[
    Path | None,
    typer.Option(
        metavar="DIR",
        help="Keep the landmarks of each clip here. Without clips, judge those that are kept here again.",
    ),
]
ReportPage = Annotated[
    Path | None,
    typer.Option(
        metavar="OUT.html",
        help="Write a page: each clip with its timeline; with --labels, on the agreement, with pictures.",
    ),
]
Pictures = Annotated[
    bool,
    typer.Option("--pictures", help="Show the people on the page of --report, instead of figures of lines."),
]
Stats = Annotated[
    bool, typer.Option("--stats", help="Print what each stage of the work costs, to standard error.")
]
ComparisonPicture = Annotated[
    Path | None,
    typer.Option(metavar="OUT.png|OUT.svg", help="Where the picture of the comparison goes. \\[this folder]"),
]
Speed = Annotated[
    float | None,
    typer.Option(
        metavar="FACTOR",
        min=0.02,
        max=4.0,
        help="How fast the recording plays: 0.25 for slow motion at a quarter of the real speed.",
    ),
]
Mirrored = Annotated[
    bool, typer.Option("--mirrored", help="The recording is mirrored: exchange left and right.")
]
Every = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=1,
        max=MOST_SKIPPED,
        help="For long recordings: judge only every N-th frame, but at least ten a second.",
    ),
]
Exercise = Annotated[str | None, typer.Option(metavar="ID", help="See 'posecoach exercises'.")]
Side = Annotated[OneSide | None, typer.Option(help="The side that does the exercise; detected if left out.")]
Dose = Annotated[
    float,
    typer.Option(
        "--hold",
        metavar="SECONDS",
        callback=_dose,
        help=f"The dose, at most {LONGEST_HOLD_S}; with 0 no hold is too short.",
    ),
]
Only = Annotated[
    list[str] | None,
    typer.Option(metavar="ID", help="Only this exercise of the routine; a,b for more than one."),
]
Skip = Annotated[
    list[str] | None, typer.Option(metavar="ID", help="Leave this exercise out; a,b for more than one.")
]
Gentle = Annotated[bool, typer.Option("--gentle", help="Go less far, and hold for half as long.")]
Limits = Annotated[
    list[str] | None,
    typer.Option(
        metavar="EXERCISE.NAME=VALUE",
        help="Set a limit; overrides your own and the routine's. May be repeated.",
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only errors and what was asked for.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Print more, including tracebacks.")]
