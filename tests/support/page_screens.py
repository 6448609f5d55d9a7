"""Every page of the browser at four sizes, to be looked at.

    python -m tests.support.page_screens FOLDER [LANGUAGE]

takes pictures of each page, with a session in the history, and of a session under way.
"""

import os
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.conftest import GOOD_CLIP
from tests.support.chromium import PAGES, SIZES, Visit, camera_file, chromium, serving, visit


def main(folder: Path, language: str) -> None:
    """Take all pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        camera = camera_file(GOOD_CLIP, Path(home) / "camera.mjpeg")
        environment = os.environ | {"HOME": home, "LANGUAGE": language}
        with (
            serving(environment, "--lan") as served,
            sync_playwright() as playwright,
            chromium(playwright, camera) as browser,
            visit(browser, served.address) as person,
        ):
            _session(person, folder)
            for part in PAGES:
                person.open(part)
                _taken(person, folder, part.partition("/")[0] or "home")
            for number, part in enumerate(("report/1", "accuracy")):
                person.page.goto(f"{served.address}{part}")
                _taken(person, folder, ("report", "accuracy")[number])


def _session(person: Visit, folder: Path) -> None:
    """A session from its questions to its summary."""
    person.open("session/demo/usual")
    buttons = person.page.locator("main .answers button")
    buttons.first.wait_for()
    _taken(person, folder, "question")
    while not person.page.locator(".answers .number").count():
        buttons.first.click()
        person.page.wait_for_timeout(300)
    _taken(person, folder, "scale")
    buttons.nth(2).click()
    person.goes_on()
    _taken(person, folder, "session-setting-up")
    person.page.locator(".ring:not(.hidden)").wait_for()
    _taken(person, folder, "session-ring")
    person.page.keyboard.press("Escape")
    person.page.locator("dialog .danger").wait_for()
    _taken(person, folder, "session-stop")
    person.page.locator("dialog .danger").click()
    for _ in range(2):
        person.page.locator("main .answers button").first.wait_for()
        person.page.locator("main .answers button").first.click()
        person.page.wait_for_timeout(300)
    person.page.locator(".results").wait_for()
    _taken(person, folder, "summary")


def _taken(person: Visit, folder: Path, name: str) -> None:
    for width, height in SIZES:
        person.page.set_viewport_size({"width": width, "height": height})
        person.page.wait_for_timeout(250)
        person.page.screenshot(path=folder / f"{name}-{width}.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else "en")
