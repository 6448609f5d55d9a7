"""What the commands with a live session share: the choices, the routine and the outputs."""

from contextlib import closing, suppress
from pathlib import Path

from posecoach.cli import options
from posecoach.cli.inputs import distinct, remembered
from posecoach.coaching.plan import Routine
from posecoach.core import files
from posecoach.core.errors import InputError, OutputError
from posecoach.core.translation import tr
from posecoach.feedback.outputs import SoundTarget
from posecoach.records import routine_files
from posecoach.records.settings import Settings
from posecoach.session import live as session

_CHOICES = (
    "routine",
    "camera",
    "rotate",
    "mirror",
    "fullscreen",
    "sound",
    "rate",
    "volume",
    "voice_name",
    "language",
    "words",
)


def choose(given: options.Session | options.Practise) -> Settings:
    """What is given, and for the rest what was chosen the last time; its language is spoken from now on.

    Raises InputError when a voice is named that is not there.
    """
    chosen = remembered({name: getattr(given, name, None) for name in _CHOICES})
    if given.voice_name:
        with closing(session.voice(chosen)) as voice, suppress(OutputError):
            voice.open()
    return chosen.model_copy(update={"routine": _lasting(chosen.routine), "camera": _lasting(chosen.camera)})


def load_routine(given: options.Session, chosen: Settings) -> Routine:
    """The chosen routine. Where it cannot be loaded and was not `given`, the InputError says that it is the
    one used last."""
    try:
        return routine_files.load(chosen.routine)
    except InputError as error:
        if given.routine is not None:
            raise
        raise InputError(
            tr(
                "The routine used last cannot be used ({why}): name another, as in 'posecoach live "
                "lower_back_basics'.",
                why=str(error).rstrip("."),
            )
        ) from error


def sound_target(given: options.Session, chosen: Settings, voice_out: Path | None = None) -> SoundTarget:
    """Where the sound goes; raises InputError when one of the outputs would overwrite something."""
    target = SoundTarget(voice_out)
    read = [Path(chosen.camera), given.model, routine_files.file_of(chosen.routine)]
    distinct([given.record, *target.files], read)
    return target


def _lasting(name: str) -> str:
    """A path to a file as it can be found again from another folder; anything else as it is."""
    path = Path(name)
    return str(path.resolve()) if files.is_file(path) else name
