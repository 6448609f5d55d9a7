"""The commands and their options. What a command does is in `posecoach.cli.inputs`, imported when it runs, so
that help is quick and works on a machine that lacks the system libraries."""

import logging
import sys
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from typer.core import TyperGroup

from posecoach import __version__
from posecoach.core import interrupts, messages
from posecoach.feedback import terminal

log = logging.getLogger("posecoach")

_LONGEST_HOLD_S = 300  # as in routines

_WHO = (
    "Do not start with sudden or severe back pain, fever, unexplained weight loss, or a change in bladder "
    "or bowel function: be seen by a doctor now. Have a professional look first at pain shooting down a "
    "leg, or at numbness, tingling or weakness in the legs or feet; and ask one first after a recent "
    "injury or operation, with a known condition of the spine, or with pain that lasts or grows. You are "
    "asked about this before a session."
)

Rotation = Literal["auto", "0", "90", "180", "270"]
LiveRotate = Annotated[
    Rotation | None,
    typer.Option(
        "--rotate", help="Turn the picture by so many degrees; auto finds out. \\[the one used last]"
    ),
]
Rotate = Annotated[
    Rotation, typer.Option("--rotate", help="Turn the picture by so many degrees; auto finds out.")
]
ModelFile = Annotated[
    Path | None,
    typer.Option("--model", metavar="FILE", help="Use this pose model instead of the one that is fetched."),
]
Json = Annotated[
    str | None,
    typer.Option(
        "--json", metavar="FILE|-", help="Write results as JSON, one object a line; - for the terminal."
    ),
]
CsvFile = Annotated[
    str | None,
    typer.Option("--csv", metavar="FILE|-", help="Write a row for each exercise; - for the terminal."),
]
Stats = Annotated[
    bool, typer.Option("--stats", help="Print what each part of the work costs, to standard error.")
]
Every = Annotated[
    int,
    typer.Option(
        metavar="N",
        min=1,
        max=10,
        help="For long recordings: look only at each N-th frame, but at ten a second or more.",
    ),
]
Exercise = Annotated[str | None, typer.Option(metavar="ID", help="See 'posecoach exercises'.")]
Side = Annotated[
    Literal["left", "right"] | None, typer.Option(help="The side that is worked; found out if left out.")
]
RoutineToRun = Annotated[
    str | None, typer.Argument(help="A routine's name or a path to a TOML file. \\[the one used last]")
]
LiveCamera = Annotated[
    str | None,
    typer.Option(
        "--camera",
        metavar="0|PATH|URL",
        help="A camera number, device, address or video. \\[the one used last]",
    ),
]
Mirror = Annotated[
    bool | None,
    typer.Option("--mirror/--no-mirror", help="Show the picture as a mirror does. \\[as last time]"),
]
Window = Annotated[
    bool | None, typer.Option("--window/--no-window", help="Open a window. \\[if there is a display]")
]
Record = Annotated[
    Path | None, typer.Option("--record", metavar="FILE", help="Keep the annotated picture as a video.")
]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="ID", help="Only this exercise of the routine; a,b for more than one."),
]
Skip = Annotated[
    list[str] | None,
    typer.Option("--skip", metavar="ID", help="Leave this exercise out; a,b for more than one."),
]
Gentle = Annotated[bool, typer.Option("--gentle", help="Go less far and hold for half as long.")]
Limits = Annotated[
    list[str] | None,
    typer.Option(
        "--limit",
        metavar="EXERCISE.NAME=VALUE",
        help="Set a limit, whatever your own and the routine's are; may be given again.",
    ),
]

SoundChoice = Annotated[
    Literal["voice", "tones", "off"] | None,
    typer.Option("--sound", help="What is heard: words and tones, tones, or nothing. \\[as last time]"),
]
Rate = Annotated[
    int | None,
    typer.Option(
        min=80, max=300, help="How fast the voice speaks, in words a minute. \\[as last time, 160 at first]"
    ),
]
Volume = Annotated[
    int | None, typer.Option(min=0, max=100, help="How loud, in percent. \\[as last time, 80 at first]")
]
VoiceName = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="A voice of this machine, or its language. \\[as last time]"),
]
Language = Annotated[
    Literal["en", "de"] | None,
    typer.Option("--language", help="Speak English or German. \\[as last time, this machine's at first]"),
]
VoiceOut = Annotated[
    Path | None,
    typer.Option(
        "--voice-out",
        metavar="OUT.wav",
        help="Keep what is said as a sound file, and as text with times in OUT.txt.",
    ),
]

app = typer.Typer(
    name="posecoach",
    help="A camera coach for gentle lower-back stretches done in bed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
history_app = typer.Typer()
app.add_typer(history_app, name="history")


class _RoutinesGroup(TyperGroup):
    """`routines NAME` is short for `routines show NAME`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            args = ["show", *args]
        return super().parse_args(ctx, args)


routines_app = typer.Typer(cls=_RoutinesGroup, help="The routines: those there are, and your own.")
app.add_typer(routines_app, name="routines")
model_app = typer.Typer(no_args_is_help=True, help="The pose model.")
app.add_typer(model_app, name="model")


def main() -> None:
    """The entry point: every failure becomes one sentence on standard error and an exit status."""
    terminal.set_up(quiet=False, verbose=False)
    interrupts.set_up()
    try:
        with terminal.flushed():
            app()
    except KeyboardInterrupt:
        sys.exit(interrupts.STATUS)
    except BrokenPipeError:  # nobody reads on, as behind `head`
        sys.exit(1)
    except Exception as error:
        log.error("%s", messages.sentence(error))
        log.debug("", exc_info=error)
        sys.exit(messages.status(error))


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"posecoach {__version__}")
        raise typer.Exit()


def _dose(seconds: float) -> float:
    if not 0 <= seconds <= _LONGEST_HOLD_S:  # which refuses what is no number, too
        raise typer.BadParameter(f"a hold lasts from 0 to {_LONGEST_HOLD_S} seconds")
    return seconds


@app.callback()
def common(
    quiet: Annotated[
        bool, typer.Option("--quiet", "-q", help="Print only errors and what was asked for.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Print more, tracebacks included.")
    ] = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end."),
    ] = False,
) -> None:
    """A camera coach for gentle lower-back stretches done in bed.

    It is not medicine: stay where it is comfortable, and stop at any sharp or growing pain. Who should not
    start, or ask a doctor first, stands in 'posecoach live --help'.
    """
    terminal.set_up(quiet, verbose)


@app.command(epilog=_WHO)
def live(
    routine: RoutineToRun = None,
    camera: LiveCamera = None,
    rotate: LiveRotate = None,
    mirror: Mirror = None,
    window: Window = None,
    record: Record = None,
    sound: SoundChoice = None,
    rate: Rate = None,
    volume: Volume = None,
    voice_name: VoiceName = None,
    language: Language = None,
    voice_out: VoiceOut = None,
    only: Only = None,
    skip: Skip = None,
    gentle: Gentle = False,
    limit: Limits = None,
    ask: Annotated[
        bool, typer.Option("--ask", help="Ask the safety questions of the first session again.")
    ] = False,
    keep: Annotated[
        bool | None,
        typer.Option(
            "--history/--no-history",
            help="Keep the session in your history. \\[with a camera; not with a video in its place]",
        ),
    ] = None,
    model: ModelFile = None,
) -> None:
    """Coach a routine in front of a camera. A raised arm, any key or a click pauses; a raised arm or space
    goes on; n is the next step; both arms raised, q or Esc end."""
    from posecoach.cli.commands import live as command
    from posecoach.cli.inputs import Today

    heard = {"sound": sound, "rate": rate, "volume": volume, "voice_name": voice_name, "language": language}
    today = Today(only or (), skip or (), gentle)
    given = (routine, camera, rotate, mirror, window, record, today, limit or [])
    raise typer.Exit(command.live(*given, ask, keep, model, heard, voice_out))


@app.command(epilog=_WHO)
def calibrate(
    routine: RoutineToRun = None,
    camera: LiveCamera = None,
    rotate: LiveRotate = None,
    mirror: Mirror = None,
    window: Window = None,
    record: Record = None,
    show: Annotated[bool, typer.Option("--show", help="Print your own limits instead.")] = False,
    forget: Annotated[bool, typer.Option("--forget", help="Remove your own limits instead.")] = False,
    sound: SoundChoice = None,
    rate: Rate = None,
    volume: Volume = None,
    voice_name: VoiceName = None,
    language: Language = None,
    model: ModelFile = None,
) -> None:
    """Find out how far you comfortably go, in a gentle session: what you are asked for then starts there.

    Space pauses, n goes on to the next exercise, q or Esc ends; what was seen until then counts.
    """
    from posecoach.cli.commands import calibrate as command

    if show and forget:
        raise typer.BadParameter("give either --show or --forget")
    if show:
        status = command.show()
    elif forget:
        status = command.forget()
    else:
        heard = {
            "sound": sound,
            "rate": rate,
            "volume": volume,
            "voice_name": voice_name,
            "language": language,
        }
        status = command.calibrate(routine, camera, rotate, mirror, window, record, model, heard)
    raise typer.Exit(status)


@app.command()
def check(
    video: Annotated[Path, typer.Argument(help="The recorded video.")],
    exercise: Exercise = None,
    side: Side = None,
    routine: Annotated[
        str | None, typer.Option(metavar="NAME", help="Follow this routine instead of one exercise.")
    ] = None,
    overlay: Annotated[
        Path | None, typer.Option(metavar="OUT.mp4", help="Write the video with what was seen drawn on it.")
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(metavar="SAMPLE", help="Compare with this video of the same exercise."),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.png|OUT.svg", help="Where the picture of the comparison goes. \\[this folder]"
        ),
    ] = None,
    json: Json = None,
    voice_out: VoiceOut = None,
    language: Language = None,
    rotate: Rotate = "auto",
    every: Every = 1,
    stats: Stats = False,
    only: Only = None,
    skip: Skip = None,
    gentle: Gentle = False,
    limit: Limits = None,
    model: ModelFile = None,
) -> None:
    """Check a recorded video: holds, repetitions, peaks, and faults with their times."""
    if exercise and routine:
        raise typer.BadParameter("give either --exercise ID or --routine NAME")
    if routine and (side or against):
        raise typer.BadParameter("--side and --against go with --exercise; a routine says its own steps")
    if against and every > 1:
        raise typer.BadParameter("--against compares every frame: leave --every out")
    if voice_out and not routine:
        raise typer.BadParameter("--voice-out goes with --routine: it says what a session would say")
    if (only or skip or gentle) and not routine:
        raise typer.BadParameter("--only, --skip and --gentle go with --routine NAME")
    if picture and not against:
        raise typer.BadParameter("--picture goes with --against")
    if limit and against:
        raise typer.BadParameter("--against compares with the usual limits: leave --limit out")
    if against:
        from posecoach.cli.commands import against as comparison

        status = comparison.against(
            video, against, exercise, side, picture, overlay, json, rotate, stats, model, language
        )
    else:
        from posecoach.cli.commands import check as command
        from posecoach.cli.inputs import Today

        today = Today(only or (), skip or (), gentle)
        status = command.check(
            video,
            exercise,
            side,
            routine,
            overlay,
            json,
            rotate,
            every,
            stats,
            today,
            limit or [],
            model,
            voice_out,
            language,
        )
    raise typer.Exit(status)


@app.command()
def score(
    clips: Annotated[list[Path] | None, typer.Argument(metavar="[CLIP]...", help="Recorded clips.")] = None,
    labels: Annotated[
        Path | None,
        typer.Option(metavar="LABELS.csv", help="Judge the clips of this file, and compare with it."),
    ] = None,
    exercise: Exercise = None,
    side: Side = None,
    hold: Annotated[
        float,
        typer.Option(
            metavar="SECONDS", callback=_dose, help="The dose, at most 300; with 0 no hold is too short."
        ),
    ] = 0,
    view: Annotated[str | None, typer.Option(help="Only the labelled clips of this view.")] = None,
    jobs: Annotated[
        int | None, typer.Option("--jobs", "-j", min=1, help="Clips at a time. \\[one per processor]")
    ] = None,
    json: Json = None,
    frames: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Write what was measured in each frame, a CSV file a clip."),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(metavar="OUT.html", help="Write how well the labels are met, with pictures, as a page."),
    ] = None,
    every: Every = 1,
    stats: Stats = False,
    model: ModelFile = None,
) -> None:
    """Judge recorded clips, several at once. Give clips and --exercise, or --labels.

    A labels file is compared with what is found; --exercise and --view restrict it. The exit status is 1
    when a verdict is wrong or a clip cannot be judged.
    """
    if labels is None and (not clips or exercise is None):
        raise typer.BadParameter("give clips with --exercise ID, or --labels LABELS.csv")
    if report and every > 1:
        raise typer.BadParameter("--report looks at every frame: leave --every out")
    if labels is None and (view or report):
        raise typer.BadParameter("--view and --report go with --labels")
    if labels is not None and (clips or side or hold):
        raise typer.BadParameter(
            "with --labels, leave clips, --side and --hold out: the file says what to judge"
        )
    from posecoach.cli.commands import score as command

    if labels is not None:
        status = command.labelled(labels, exercise, view, jobs, json, frames, report, every, stats, model)
    else:
        status = command.clips(
            clips or [], exercise or "", side, hold, jobs, json, frames, every, stats, model
        )
    raise typer.Exit(status)


@app.command()
def exercises() -> None:
    """List the exercises, and the faults that are checked in each."""
    from posecoach.cli.inputs import remembered
    from posecoach.feedback import tables

    remembered(tell=False)
    terminal.console().print(tables.exercises())


@routines_app.callback(invoke_without_command=True)
def routines(context: typer.Context) -> None:
    """List the routines; with a name, show the steps of one and about how long it takes."""
    if context.invoked_subcommand is None:
        from posecoach.cli.commands import routines as command

        raise typer.Exit(command.listed())


@routines_app.command("show")
def routines_show(
    name: Annotated[str, typer.Argument(help="A routine's name or a path to a TOML file.")],
) -> None:
    """Show the steps of a routine, and about how long it takes; 'show' itself may be left out."""
    from posecoach.cli.commands import routines as command

    raise typer.Exit(command.show(name))


@routines_app.command("new")
def routines_new(
    file: Annotated[
        Path | None, typer.Argument(metavar="[FILE.toml]", help="Where to write it. \\[among your own]")
    ] = None,
) -> None:
    """Put a routine of your own together, by a few questions."""
    from posecoach.cli.commands import routines as command

    raise typer.Exit(command.new(file))


@routines_app.command("check")
def routines_check(
    file: Annotated[Path, typer.Argument(metavar="FILE.toml", help="The routine file.")],
) -> None:
    """Say what is wrong in a routine file, and in which line."""
    from posecoach.cli.commands import routines as command

    raise typer.Exit(command.check(file))


@history_app.callback(invoke_without_command=True)
def history(context: typer.Context, json: Json = None, csv: CsvFile = None) -> None:
    """Show your last sessions, and this week against what is recommended; or export them all."""
    if context.invoked_subcommand is None:
        from posecoach.cli.commands import history as command

        raise typer.Exit(command.show(json, csv))


@history_app.command()
def forget(
    sessions: Annotated[
        list[int] | None,
        typer.Argument(help="Numbers as 'posecoach history' has them."),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Every session, and your answers about safety.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask whether you are sure.")] = False,
) -> None:
    """Remove sessions for good."""
    if bool(sessions) == everything:
        raise typer.BadParameter("give the numbers of sessions, or --all")
    from posecoach.cli.commands import history as command

    raise typer.Exit(command.forget(sessions or [], yes))


@app.command()
def report(
    session: Annotated[int | None, typer.Argument(help="A session's number. \\[the last one]")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the page goes. \\[this folder]")
    ] = None,
    show: Annotated[bool, typer.Option("--open", help="Open the page.")] = False,
) -> None:
    """Draw a session and the weeks before it as one page, to keep, print or hand to a therapist."""
    from posecoach.cli.commands import report as command

    raise typer.Exit(command.report(session, out, show))


@app.command()
def demo(language: Language = None, model: ModelFile = None) -> None:
    """Run a short live session in which a sample video stands in for the camera."""
    from posecoach.cli.commands import live as command

    raise typer.Exit(command.demo(language, model))


@app.command()
def bench(
    clip: Annotated[
        Path | None, typer.Argument(help="A clip of a knee drawn to the chest. \\[a sample video]")
    ] = None,
    soak: Annotated[
        float | None,
        typer.Option(
            metavar="MINUTES", min=0.1, help="Afterwards score for so long, and see whether the memory grows."
        ),
    ] = None,
    json: Json = None,
    model: ModelFile = None,
) -> None:
    """Measure how fast posecoach is here, beside MediaPipe by itself, in about two minutes."""
    from posecoach.cli.commands import bench as command

    raise typer.Exit(command.bench(clip, soak, json, model))


@app.command()
def doctor(
    camera: Annotated[
        str | None,
        typer.Option(metavar="0|PATH|URL", help="Look through this camera: is all well for a session?"),
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option(metavar="OUT.png", help="Keep what the camera saw; goes with --camera."),
    ] = None,
    model: ModelFile = None,
) -> None:
    """Say what works on this machine, and what to do about the rest; or what a camera sees of you."""
    if camera is None:
        if picture is not None:
            raise typer.BadParameter("--picture goes with --camera")
        from posecoach.cli import doctor as checks

        raise typer.Exit(checks.report(terminal.console()))
    from posecoach.cli.commands import doctor as command

    raise typer.Exit(command.look(camera, picture, model))


@model_app.command("fetch")
def model_fetch() -> None:
    """Get the pose model, unless it is already here and whole."""
    from posecoach.vision import model_bundle as model

    if model.is_whole(model.default_path()):
        log.info("The pose model is already here: %s", model.default_path())
    else:
        model.fetch(log.info)
