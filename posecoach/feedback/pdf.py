"""A page as a PDF file, printed by a browser of the machine that shows no window."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from posecoach.core.errors import OutputError
from posecoach.core.translation import tr

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
_PLACES = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
    ),
}
_PATIENCE_S = 60.0


def browser() -> str | None:
    """The browser that prints, if there is one."""
    named = (shutil.which(name) for name in _NAMES)
    placed = (place for place in _PLACES.get(sys.platform, ()) if Path(place).is_file())
    return next((found for found in (*named, *placed) if found), None)


def write(page: Path, target: Path, program: str | None, patience_s: float = _PATIENCE_S) -> None:
    """Print the HTML file `page` to `target` with the browser `program`.

    Raises OutputError when there is none, or it fails.
    """
    if program is None:
        raise OutputError(
            tr("A PDF needs Chromium, Chrome or Edge: install one, or open the page and print it to a file.")
        )
    with tempfile.TemporaryDirectory(prefix="posecoach-", ignore_cleanup_errors=True) as profile:
        printed = Path(profile) / "page.pdf"
        command = [
            *(program, "--headless", "--disable-gpu", "--no-first-run", "--no-pdf-header-footer"),
            *(f"--user-data-dir={profile}/profile", f"--print-to-pdf={printed}", page.resolve().as_uri()),
        ]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.insert(1, "--no-sandbox")  # Chromium refuses its sandbox to root
        try:
            subprocess.run(command, check=True, timeout=patience_s, capture_output=True)
            shutil.copyfile(printed, target)
        except (OSError, subprocess.SubprocessError) as error:
            raise OutputError(
                tr(
                    "{program} did not print {name}: open {page} and print it to a file.",
                    program=Path(program).name,
                    name=target.name,
                    page=page.name,
                )
            ) from error
