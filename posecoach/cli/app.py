"""The commands. What a command does is in `posecoach.cli.commands`, imported only when it runs, so that help
is quick and works on a machine that lacks the system libraries."""

import logging
import sys
from typing import Annotated

import typer

from posecoach import __version__
from posecoach.cli import option_types, options
from posecoach.cli.declaring import Command, Group, RoutinesGroup, takes, takes_as_group
from posecoach.core import interrupts, messages
from posecoach.feedback import terminal

log = logging.getLogger("posecoach")

_WHO = (
    "Do not start with sudden or severe back pain, fever, unexplained weight loss, or a change in bladder "
    "or bowel function: be seen by a doctor now. Have a professional look first at pain shooting down a "
    "leg, or at numbness, tingling or weakness in the legs or feet; and ask one first after a recent "
    "injury or operation, with a known condition of the spine, or with pain that lasts or grows. You are "
    "asked about this before a session."
)

app = typer.Typer(
    name="posecoach",
    cls=Group,
    help="A camera coach for gentle lower-back stretches done in bed.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
history_app = typer.Typer(cls=Group)
app.add_typer(history_app, name="history")
routines_app = typer.Typer(cls=RoutinesGroup, help="The routines that ship, and your own.")
app.add_typer(routines_app, name="routines")
model_app = typer.Typer(cls=Group, no_args_is_help=True, help="The pose model.")
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
    except BrokenPipeError:  # the reader has gone, as behind `head`
        sys.exit(1)
    except Exception as error:
        log.error("%s", messages.sentence(error))
        log.debug("", exc_info=error)
        sys.exit(messages.status(error))


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"posecoach {__version__}")
        raise typer.Exit()


@app.callback()
def common(
    quiet: option_types.Quiet = False,
    verbose: option_types.Verbose = False,
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """A camera coach for gentle lower-back stretches done in bed.

    It is not medicine: stay where it is comfortable, and stop at any sharp or growing pain. 'posecoach live
    --help' says who should not start, and who should ask a doctor first.
    """
    terminal.set_up(quiet, verbose)


@app.command(cls=Command, epilog=_WHO)
@takes(options.Live)
def live(given: options.Live) -> int:
    """Coach a routine in front of a camera. A raised arm, any key or a click pauses; a raised arm or space
    goes on; n is the next step; both arms raised, q or Esc end."""
    from posecoach.cli.commands import live as command

    return command.live(given)


@app.command(cls=Command)
@takes(options.Practise)
def practise(given: options.Practise) -> int:
    """Try the gestures that pause and end a session, and see that they work."""
    from posecoach.cli.commands import practise as command

    return command.practise(given)


@app.command(cls=Command, epilog=_WHO)
@takes(options.Calibrate)
def calibrate(given: options.Calibrate) -> int:
    """Measure how far you comfortably go, in a gentle session. Your targets then start from there.

    Space pauses, n goes on to the next exercise, q or Esc ends; what was measured until then counts.
    """
    from posecoach.cli.commands import calibrate as command

    if given.show:
        return command.show()
    return command.forget() if given.forget else command.calibrate(given)


@app.command(cls=Command, epilog=_WHO)
@takes(options.Serve)
def serve(given: options.Serve) -> int:
    """Coach in a browser: this machine's own or, with --lan, a phone's. Ctrl-C ends it.

    Pictures go from the browser to this program and nowhere else, and none is kept.
    """
    from posecoach.cli.commands import serve as command

    return command.serve(given)


@app.command(cls=Command)
@takes(options.Check)
def check(given: options.Check) -> int:
    """Check a recorded video: holds, repetitions, peaks, and faults with their times."""
    if given.against is not None:
        from posecoach.cli.commands import against as comparison

        return comparison.against(given, given.against)
    from posecoach.cli.commands import check as command

    return command.check(given)


@app.command(cls=Command)
@takes(options.Score)
def score(given: options.Score) -> int:
    """Judge recorded clips, several at once. Give clips, or --landmarks, and --exercise; or --labels.

    With a labels file, results are compared with it; --exercise and --view restrict it. The exit status is 1
    when a verdict is wrong or a clip cannot be read.
    """
    from posecoach.cli.commands import score as command

    return command.score(given)


@app.command(cls=Command)
@takes(options.Exercises)
def exercises(given: options.Exercises) -> int:
    """List the exercises, and the faults that are checked in each."""
    from posecoach.cli.commands import exercises as command

    return command.listed(given.json)


@routines_app.callback(invoke_without_command=True)
@takes_as_group(options.Routines)
def routines(given: options.Routines) -> int:
    """List the routines; with a name, show the steps of one and about how long it takes."""
    from posecoach.cli.commands import routines as command

    return command.listed(given.json)


@routines_app.command("show", cls=Command)
@takes(options.RoutinesShow)
def routines_show(given: options.RoutinesShow) -> int:
    """Show the steps of a routine, and about how long it takes; 'show' itself may be left out."""
    from posecoach.cli.commands import routines as command

    return command.show(given.name, given.json)


@routines_app.command("new", cls=Command)
@takes(options.RoutinesNew)
def routines_new(given: options.RoutinesNew) -> int:
    """Put together a routine of your own by answering a few questions."""
    from posecoach.cli.commands import new_routine as command

    return command.new(given.file)


@routines_app.command("check", cls=Command)
@takes(options.RoutinesCheck)
def routines_check(given: options.RoutinesCheck) -> int:
    """Say what is wrong in a routine file, and in which line."""
    from posecoach.cli.commands import routines as command

    return command.check(given.file)


@routines_app.command("share", cls=Command)
@takes(options.RoutinesShare)
def routines_share(given: options.RoutinesShare) -> int:
    """Write a routine to a file that can be sent to somebody else."""
    from posecoach.cli.commands import routines as command

    return command.share(given.name, given.file)


@routines_app.command("add", cls=Command)
@takes(options.RoutinesAdd)
def routines_add(given: options.RoutinesAdd) -> int:
    """Keep a routine that you were given among your own, so that its name starts it."""
    from posecoach.cli.commands import routines as command

    return command.add(given.file)


@history_app.callback(invoke_without_command=True)
@takes_as_group(options.History)
def history(given: options.History) -> int:
    """Show your last sessions, and this week against what is recommended; or export them all."""
    from posecoach.cli.commands import history as command

    return command.show(given.json, given.csv)


@history_app.command("forget", cls=Command)
@takes(options.Forget)
def forget(given: options.Forget) -> int:
    """Remove sessions for good."""
    from posecoach.cli.commands import history as command

    return command.forget(given.sessions or [], given.yes)


@app.command(cls=Command)
@takes(options.Report)
def report(given: options.Report) -> int:
    """Draw a session and the weeks before it as one page, to keep, print or hand to a therapist."""
    from posecoach.cli.commands import report as command

    return command.report(given)


@app.command(cls=Command)
@takes(options.Demo)
def demo(given: options.Demo) -> int:
    """Run a short live session with a sample video in place of the camera."""
    from posecoach.cli.commands import live as command

    return command.demo(given)


@app.command(cls=Command)
@takes(options.Bench)
def bench(given: options.Bench) -> int:
    """Measure how fast posecoach is here, beside MediaPipe by itself, in about three minutes."""
    from posecoach.cli.commands import bench as command

    return command.bench(given.clip, given.soak, given.json, given.model)


@app.command(cls=Command)
@takes(options.Doctor)
def doctor(given: options.Doctor) -> int:
    """Say what works on this machine and how to fix the rest; with --camera, what a camera sees of you."""
    if given.camera is None:
        from posecoach.cli import doctor as checks

        return checks.report(given.json)
    from posecoach.cli.commands import doctor as command

    return command.look(given.camera, given.picture, given.json, given.model)


@model_app.command("fetch", cls=Command)
@takes(options.Common)
def model_fetch(given: options.Common) -> int:
    """Get the pose model, unless it is already here and whole."""
    from posecoach.vision import model_bundle as model

    if model.is_whole(model.default_path()):
        log.info("The pose model is already here: %s", model.default_path())
    else:
        model.fetch(log.info)
    return 0
