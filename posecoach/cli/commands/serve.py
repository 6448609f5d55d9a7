"""`posecoach serve`: the coach in a browser."""

import sys

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
        raise InputError(_EXTRA.format(command=_install())) from error
    remembered()
    serving.serve(serving.Served(given.host, given.port, given.lan, given.open, given.routine, given.model))
    return 0


def _install() -> str:
    """The command that adds the extra where this runs: the environment's own pip knows which that is."""
    python = f'"{sys.executable}"' if " " in sys.executable else sys.executable
    # An installed posecoach is there already, so only what the extra needs is fetched.
    what = f'-e "{paths.checkout()}[web]"' if paths.in_checkout() else '"posecoach[web]"'
    return f"{python} -m pip install {what}"
