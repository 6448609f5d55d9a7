"""The options: a frozen dataclass for each command, whose fields say how typer reads them.

This imports nothing that judges, so that help is quick and works without the system libraries.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from posecoach.cli.option_types import (
    Camera,
    Cluster,
    ComparisonPicture,
    CsvFile,
    CsvTable,
    Dose,
    Every,
    Exercise,
    FramesFolder,
    FullScreen,
    Gentle,
    Heard,
    HowMuch,
    Json,
    LandmarksFolder,
    Limits,
    LiveRotate,
    Mirror,
    Mirrored,
    ModelFile,
    Only,
    ParquetFile,
    Pictures,
    Quiet,
    Rate,
    Record,
    ReportPage,
    Rotate,
    RoutineName,
    RoutineToRun,
    ShowWindow,
    Side,
    Skip,
    Speed,
    SpokenLanguage,
    Stats,
    Verbose,
    VoiceName,
    VoiceOut,
    Volume,
)


@dataclass(frozen=True, kw_only=True)
class Common:
    """What every command takes, before its name and after it."""

    quiet: Quiet = False
    verbose: Verbose = False


@dataclass(frozen=True)
class Session(Common):
    """What a session before a camera takes; None: as last time."""

    routine: RoutineToRun = None
    camera: Camera = None
    rotate: LiveRotate = None
    mirror: Mirror = None
    fullscreen: FullScreen = None
    window: ShowWindow = None
    record: Record = None
    sound: Heard = None
    rate: Rate = None
    volume: Volume = None
    voice_name: VoiceName = None
    language: SpokenLanguage = None
    model: ModelFile = None


@dataclass(frozen=True)
class Live(Session):
    voice_out: VoiceOut = None
    words: HowMuch = None
    only: Only = None
    skip: Skip = None
    gentle: Gentle = False
    limit: Limits = None
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask the safety questions of the first session again.")
    ] = False
    history: Annotated[
        bool | None,
        typer.Option(
            "--history/--no-history",
            help="Keep the session in your history. \\[yes with a camera, no with a video file]",
        ),
    ] = None


@dataclass(frozen=True)
class Practise(Common):
    camera: Camera = None
    rotate: LiveRotate = None
    mirror: Mirror = None
    window: ShowWindow = None
    sound: Heard = None
    rate: Rate = None
    volume: Volume = None
    voice_name: VoiceName = None
    language: SpokenLanguage = None
    model: ModelFile = None


@dataclass(frozen=True)
class Calibrate(Session):
    show: Annotated[bool, typer.Option("--show", help="Print your own limits instead.")] = False
    forget: Annotated[bool, typer.Option("--forget", help="Remove your own limits instead.")] = False

    def __post_init__(self) -> None:
        if self.show and self.forget:
            raise typer.BadParameter("give either --show or --forget")


@dataclass(frozen=True)
class Serve(Common):
    host: Annotated[str, typer.Option(metavar="ADDRESS", help="The loopback address to listen on.")] = (
        "127.0.0.1"
    )
    port: Annotated[
        int, typer.Option(metavar="PORT", min=1, max=65_000, help="--lan listens on the port after it, too.")
    ] = 8765
    lan: Annotated[
        bool, typer.Option("--lan", help="Let in a phone on the same network: HTTPS, and a pairing code.")
    ] = False
    open: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True
    routine: Annotated[
        str | None, typer.Option(metavar="NAME", help="Open the page of this routine. \\[a choice of all]")
    ] = None
    model: ModelFile = None


@dataclass(frozen=True)
class Check(Common):
    video: Annotated[Path, typer.Argument(metavar="VIDEO", help="The recorded video.")]
    exercise: Exercise = None
    side: Side = None
    hold: Dose = 0
    routine: Annotated[
        str | None, typer.Option(metavar="NAME", help="Follow this routine instead of one exercise.")
    ] = None
    overlay: Annotated[
        Path | None, typer.Option(metavar="OUT.mp4", help="Write the video with what was seen drawn on it.")
    ] = None
    against: Annotated[
        Path | None, typer.Option(metavar="SAMPLE", help="Compare with this video of the same exercise.")
    ] = None
    picture: ComparisonPicture = None
    json: Json = None
    voice_out: VoiceOut = None
    language: SpokenLanguage = None
    rotate: Rotate = "auto"
    every: Every = 1
    speed: Speed = None
    mirrored: Mirrored = False
    stats: Stats = False
    only: Only = None
    skip: Skip = None
    gentle: Gentle = False
    limit: Limits = None
    model: ModelFile = None

    def __post_init__(self) -> None:
        for wrong, reason in (
            (self.exercise and self.routine, "give either --exercise ID or --routine NAME"),
            (
                self.routine and (self.side or self.hold or self.against),
                "--side, --hold and --against require --exercise; a routine defines its own steps",
            ),
            (self.against and self.every > 1, "--against cannot be combined with --every"),
            (
                self.voice_out and not self.routine,
                "--voice-out requires --routine: it records what a session would say",
            ),
            (
                (self.only or self.skip or self.gentle) and not self.routine,
                "--only, --skip and --gentle require --routine NAME",
            ),
            (self.picture and not self.against, "--picture requires --against"),
            (self.limit and self.against, "--against compares with the usual limits: leave --limit out"),
            (self.hold and self.against, "--against compares with the sample's holds: leave --hold out"),
        ):
            if wrong:
                raise typer.BadParameter(reason)


@dataclass(frozen=True)
class Score(Common):
    clips: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CLIP|FOLDER|GLOB|LIST.txt]...",
            help="Clips, folders of them, patterns, or lists with a path a line; also as addresses.",
        ),
    ] = None
    labels: Annotated[
        Path | None,
        typer.Option(metavar="LABELS.csv", help="Judge the clips of this file, and compare with it."),
    ] = None
    exercise: Annotated[
        str | None,
        typer.Option(metavar="ID|auto", help="See 'posecoach exercises'; auto: all that a clip shows."),
    ] = None
    side: Side = None
    hold: Dose = 0
    view: Annotated[str | None, typer.Option(help="Only the labelled clips of this view.")] = None
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Clips at a time. \\[one per processor]")
    ] = None
    cluster: Cluster = None
    json: Json = None
    csv: CsvTable = None
    parquet: ParquetFile = None
    resume: Annotated[
        bool,
        typer.Option("--resume", help="Go on with the --json FILE of an earlier run: skip what is in it."),
    ] = False
    landmarks: LandmarksFolder = None
    limit: Limits = None
    frames: FramesFolder = None
    report: ReportPage = None
    pictures: Pictures = False
    every: Every = 1
    stats: Stats = False
    model: ModelFile = None

    def __post_init__(self) -> None:
        for wrong, reason in (
            (
                not (self.labels or self.clips or self.landmarks),
                "give clips, or --landmarks, and --exercise; or --labels",
            ),
            (not self.labels and not self.exercise, "give --exercise ID or auto, or --labels"),
            (not self.labels and self.view, "--view requires --labels"),
            (
                self.pictures and (self.labels or not self.report or not self.clips),
                "--pictures requires clips and --report; with --labels the page has pictures anyway",
            ),
            (
                self.labels and (self.clips or self.side or self.hold),
                "with --labels, leave clips, --side and --hold out: the file says what to judge",
            ),
            (
                self.labels and (self.csv or self.parquet or self.resume),
                "--labels only compares: give clips for --csv, --parquet or --resume",
            ),
            (
                self.labels and self.landmarks and (self.report or self.cluster),
                "--labels with --landmarks only prints and writes --json: leave --report and --cluster out",
            ),
            (
                self.cluster and self.jobs,
                "--jobs cannot be combined with --cluster: the cluster has its own workers",
            ),
            (
                self.landmarks and self.frames,
                "--frames measures while clips are watched: give it in a run of its own, without --landmarks",
            ),
            (
                self.resume and self.json in (None, "-"),
                "--resume requires --json FILE, the results of the earlier run",
            ),
        ):
            if wrong:
                raise typer.BadParameter(reason)


@dataclass(frozen=True)
class Exercises(Common):
    json: Json = None


@dataclass(frozen=True)
class Routines(Common):
    json: Json = None


@dataclass(frozen=True)
class RoutinesShow(Common):
    name: RoutineName
    json: Json = None


@dataclass(frozen=True)
class RoutinesNew(Common):
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.toml]", help="Where to write it. \\[among your own]")
    ] = None


@dataclass(frozen=True)
class RoutinesCheck(Common):
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The routine file.")]


@dataclass(frozen=True)
class RoutinesShare(Common):
    name: RoutineName
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.toml]", help="Where to write it. \\[NAME.toml]")
    ] = None


@dataclass(frozen=True)
class RoutinesAdd(Common):
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The routine file that you were given.")]


@dataclass(frozen=True)
class History(Common):
    json: Json = None
    csv: CsvFile = None


@dataclass(frozen=True)
class Forget(Common):
    sessions: Annotated[
        list[int] | None,
        typer.Argument(metavar="[SESSION]...", help="Numbers as 'posecoach history' lists them."),
    ] = None
    everything: Annotated[
        bool, typer.Option("--all", help="Every session, and your answers about safety.")
    ] = False
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False

    def __post_init__(self) -> None:
        if bool(self.sessions) == self.everything:
            raise typer.BadParameter("give the numbers of sessions, or --all")


@dataclass(frozen=True)
class Report(Common):
    session: Annotated[
        int | None, typer.Argument(metavar="[SESSION]", help="A session's number. \\[the last one]")
    ] = None
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Where the page goes; .pdf: as a PDF file, too. \\[this folder]"),
    ] = None
    name: Annotated[
        str, typer.Option(metavar="NAME", help="The person's name, for the page only; it is not kept.")
    ] = ""
    pdf: Annotated[bool, typer.Option("--pdf", help="Save the page as a PDF file, too.")] = False
    open: Annotated[bool, typer.Option("--open", help="Open the page.")] = False
    json: Json = None


@dataclass(frozen=True)
class Demo(Common):
    language: SpokenLanguage = None
    model: ModelFile = None


@dataclass(frozen=True)
class Bench(Common):
    clip: Annotated[
        Path | None, typer.Argument(help="A clip of a knee drawn to the chest. \\[a sample video]")
    ] = None
    soak: Annotated[
        float | None,
        typer.Option(
            metavar="MINUTES",
            min=0.1,
            help="Then lead live sessions for this long, and measure whether memory grows.",
        ),
    ] = None
    json: Json = None
    model: ModelFile = None


@dataclass(frozen=True)
class Doctor(Common):
    camera: Annotated[
        str | None,
        typer.Option(metavar="0|PATH|URL", help="Look through this camera: is all well for a session?"),
    ] = None
    picture: Annotated[
        Path | None, typer.Option(metavar="OUT.png", help="Save what the camera saw; requires --camera.")
    ] = None
    json: Json = None
    model: ModelFile = None

    def __post_init__(self) -> None:
        if self.picture and self.camera is None:
            raise typer.BadParameter("--picture requires --camera")
