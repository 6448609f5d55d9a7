"""`posecoach serve`: the coach in a browser."""

from posecoach.cli import options
from posecoach.cli.inputs import remembered
from posecoach.core import paths
from posecoach.core.errors import InputError

_EXTRA = "The browser needs a few more packages. This installs them: {command}"


def serve(given: options.Serve) -> int:
    """Serve the page until Ctrl-C; raises InputError when the extra is not installed."""
    try:
        from posecoach.web import serving
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("posecoach"):
            raise
        raise InputError(_EXTRA.format(command=paths.installs("web"))) from error
    remembered()
    serving.serve(serving.Served(given.host, given.port, given.lan, given.open, given.routine, given.model))
    return 0
