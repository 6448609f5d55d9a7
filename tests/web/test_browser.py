"""The page in a real browser, with a sample video in the camera's place."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from posecoach.web import lan
from tests.conftest import GOOD_CLIP, SAMPLES
from tests.support.chromium import camera_file, serving, visit

FAULTY_CLIP = SAMPLES / "knee_to_chest" / "knee_to_chest-shallow-left-side-rc.mp4"
SIZES = ((360, 740), (820, 1180), (1366, 768), (1920, 1080))
PAGES = ("", "prepare/wake_up", "history", "settings", "build", "limits", "clip", "therapist", "phone")

pytestmark = pytest.mark.usefixtures("weights")


@pytest.fixture
def address(environment: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """A server whose person has no history yet."""
    own = {name: str(tmp_path) for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")}
    with serving(environment | own) as found:
        yield found


def test_a_session_by_clicking_goes_on_after_a_reload_and_a_lost_line(address: str, tmp_path: Path) -> None:
    camera = camera_file(GOOD_CLIP, tmp_path / "camera.mjpeg")
    with visit(address, camera) as person:
        person.open()
        person.control("A short tour").click()
        person.control("Begin").click()
        person.answer()
        person.reads("Hold, and breathe slowly", ".says")
        person.reads("Knee to chest", ".title")
        person.page.reload()  # in mid-hold
        person.reads("Step 1 of 3", ".count")
        person.page.evaluate("window.posecoachLine.socket.close()")
        person.reads("Bridge", ".title")
        person.page.locator(".stage").click()
        person.reads("Paused", ".says")
        person.control("Go on").click()
        expect(person.control("Pause")).to_be_visible()
        person.page.keyboard.press("Escape")
        person.page.locator("dialog .danger").click()
        person.reads("And how much does it hurt now?", "main h1")
        person.control("1").click()
        person.control("No").click()
        person.reads("That was your session", "main h1")
        person.reads("Knee to chest", ".result")
        assert person.violations() == []
        person.page.locator("main").get_by_role("link", name="History").click()
        person.reads("pain 2 → 1")
        person.page.locator("summary").first.click()
        person.control("The report").click()
        person.reads("Knee to chest")
        assert person.complaints == []


def test_a_routine_built_and_done_with_the_keyboard_alone_gets_the_right_cue(
    address: str, tmp_path: Path
) -> None:
    camera = camera_file(FAULTY_CLIP, tmp_path / "camera.mjpeg")
    with visit(address, camera) as person:
        person.open("build")
        person.page.keyboard.press("Tab")
        person.page.keyboard.type("Only knees")
        person.tab_to("Add: Knee to chest")
        person.tab_to("Save")
        person.reads("hold 20 s")
        person.tab_to("Begin")
        person.answer(keyboard=True)
        person.reads("Draw the knee a little closer", "main")
        assert person.violations() == []
        person.page.keyboard.press("Space")
        person.reads("Paused", ".says")
        person.page.keyboard.press("Space")
        expect(person.page.locator(".says")).not_to_contain_text("Paused")
        assert person.complaints == []


def test_every_page_fits_every_screen_and_everybody(address: str) -> None:
    with visit(address, None) as person:
        for part in PAGES:
            person.open(part)
            assert person.violations() == [], part
            for width, height in SIZES:
                person.page.set_viewport_size({"width": width, "height": height})
                wide = person.page.evaluate("document.documentElement.scrollWidth")
                assert wide <= width, f"{part or 'home'} is {wide} pixels wide"
        assert person.complaints == []


def test_the_page_speaks_the_language_that_is_chosen(address: str) -> None:
    with visit(address, None) as person:
        person.open("settings")
        person.page.get_by_label("Language").select_option("de")
        person.reads("Einstellungen", "main h1")
        person.open()
        person.reads("Was tut dir heute gut?", "main h1")
        assert person.page.locator("html").get_attribute("lang") == "de"


def test_a_camera_that_is_not_there_is_a_sentence_with_the_way_out(address: str) -> None:
    with visit(address, None) as person:
        person.open("session/demo/usual")
        person.reads("There is no camera here: connect one, or use your phone, and try again.")
        expect(person.control("Try again")).to_be_visible()
        assert person.violations() == []


def test_a_phone_comes_in_with_its_code_and_may_use_its_camera(
    environment: dict[str, str], tmp_path: Path
) -> None:
    if not lan.addresses():
        pytest.skip("this machine is in no local network")
    own = {name: str(tmp_path) for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")}
    camera = camera_file(GOOD_CLIP, tmp_path / "camera.mjpeg")
    with serving(environment | own, "--lan") as address, visit(address, camera) as person:
        person.open("phone")
        phone = person.page.locator(".address").inner_text()
        assert person.violations() == []
        assert person.page.request.get(phone.partition("pair/")[0]).status == 403
        person.page.set_viewport_size({"width": 360, "height": 740})
        person.page.goto(phone)
        person.reads("What feels right today?", "main h1")
        assert person.page.evaluate("window.isSecureContext")
        person.control("A short tour").click()
        person.control("Begin").click()
        person.answer()
        person.reads("Step 1 of 3", ".count")
        assert [one for one in person.complaints if "certificate" not in one] == []  # of the worker's


def test_a_video_is_judged_beside_its_curve(address: str) -> None:
    with visit(address, None) as person:
        person.open("clip")
        person.page.get_by_label("The video").set_input_files(FAULTY_CLIP)
        person.control("Check it").click()
        person.reads("What to change")
        person.reads("Knee to chest", "main h1")
        person.page.locator(".moments button").first.click()
        person.page.wait_for_function("document.querySelector('video').currentTime > 0")
        expect(person.page.locator(".curve polyline").first).to_be_attached()
        assert person.violations() == []
        assert person.complaints == []
