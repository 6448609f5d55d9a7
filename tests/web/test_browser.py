"""The page in a real browser, with a sample video in the camera's place."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Playwright, Route, expect, sync_playwright

from posecoach.coaching.phrases import STOPPED
from posecoach.records import routine_files
from posecoach.web import lan
from tests.conftest import GOOD_CLIP, SAMPLES
from tests.support.chromium import PAGES, SIZES, Visit, camera_file, chromium, serving, visit

FAULTY_CLIP = SAMPLES / "knee_to_chest" / "knee_to_chest-shallow-left-side-rc.mp4"

pytestmark = pytest.mark.usefixtures("weights")

Play = Callable[[Path], None]

#: The camera ends, as one whose plug is pulled, and cannot be opened.
_LOSE_CAMERA = """() => {
  window.opens = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotReadableError"));
  const [track] = document.querySelector("video").srcObject.getVideoTracks();
  track.stop();
  track.dispatchEvent(new Event("ended"));
}"""
#: The camera is used by another program.
_NO_CAMERA = """() => {
  window.opens = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", "NotReadableError"));
}"""
#: What the camera is called that a video shows.
_USED = "video => video.srcObject.getVideoTracks()[0].label"
#: Each tone of a session, played.
_TONES = """async () => {
  const { Voice } = await import("/static/js/voice.js");
  const voice = new Voice(() => {}, () => {});
  voice.unlock();
  for (const tone of ["start", "end", "tick", "breath"]) await voice.tone(tone);
}"""
#: An utterance of the session and one of the page itself: those whose length is told.
_TOLD = """async () => {
  const { Voice } = await import("/static/js/voice.js");
  const told = [];
  const voice = new Voice((id) => told.push(id), () => {});
  const quiet = async () => { while (voice.now) await new Promise((resolve) => setTimeout(resolve, 20)); };
  voice.say({ id: 7, kind: "hint", text: "Lie down" });
  await quiet();
  voice.alone("The picture is lost");
  await quiet();
  return told;
}"""
#: A sentence of the page itself, and at once an urgent one of the session.
_URGENT = """async () => {
  const { Voice } = await import("/static/js/voice.js");
  const voice = new Voice(() => {}, () => {});
  voice.say({ id: 7, kind: "hint", text: "Lie down" });
  voice.alone("This page is hidden");
  voice.say({ id: 8, kind: "cue", text: "Lie still", cuts: true });
  while (voice.now) await new Promise((resolve) => setTimeout(resolve, 20));
  return window.spoken.slice(-2);
}"""
#: A camera whose first picture takes a second.
_SLOW_CAMERA = """
const play = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = async function () {
  await new Promise((resolve) => setTimeout(resolve, 1000));
  return play.call(this);
};"""
#: Counts the outlets for sound that a page opens.
_COUNT_SOUND = """
window.outlets = 0;
window.AudioContext = class extends AudioContext { constructor() { super(); window.outlets++; } };"""
#: What a browser does to a page that is hidden: it says so, and its video brings no pictures.
_HIDE = """state => {
  Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
  document.dispatchEvent(new Event("visibilitychange"));
  const video = document.querySelector("video");
  if (state === "hidden") video.pause();
  else video.play();
}"""


#: The line is lost, and no other can be had; and it can be had again.
_CUT = """() => {
  window.Kept = window.WebSocket;
  window.WebSocket = class {
    constructor() { setTimeout(() => this.onclose({ code: 1006 })); }
    close() {}
  };
  window.posecoachLine.drop();
}"""
_MEND = "() => { window.WebSocket = window.Kept; }"
#: How many pixels of the buttons of a session are beyond the screen.
_BEYOND = """() => Math.max(...[...document.querySelectorAll(".controls button")]
  .map((one) => one.getBoundingClientRect().bottom - innerHeight))"""


def own_home(environment: dict[str, str], folder: Path) -> dict[str, str]:
    """The environment of somebody who has no history yet."""
    return environment | {name: str(folder) for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")}


@pytest.fixture(scope="module")
def uploads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server puts what is sent to it."""
    return tmp_path_factory.mktemp("uploads")


@pytest.fixture(scope="module")
def address(
    environment: dict[str, str], uploads: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    own = own_home(environment, tmp_path_factory.mktemp("person"))
    with serving(own | {"TMPDIR": str(uploads)}) as served:
        yield served.address


@pytest.fixture(scope="module")
def camera(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("camera") / "camera.mjpeg"


@pytest.fixture(scope="module")
def play(camera: Path) -> Play:
    """Puts a video before the camera."""
    made: dict[Path, Path] = {}

    def played(video: Path) -> None:
        if video not in made:
            made[video] = camera_file(video, camera.with_name(f"{video.stem}.mjpeg"))
        # At once: the browser may be reading what was there before.
        shutil.copyfile(made[video], camera.with_suffix(".new"))
        camera.with_suffix(".new").replace(camera)

    return played


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def browser(playwright: Playwright, camera: Path, play: Play) -> Iterator[Browser]:
    play(GOOD_CLIP)
    with chromium(playwright, camera) as opened:
        yield opened


@pytest.fixture
def person(browser: Browser, address: str, play: Play) -> Iterator[Visit]:
    play(GOOD_CLIP)
    with visit(browser, address) as visitor:
        yield visitor


def begin(person: Visit) -> None:
    """Begin the short tour."""
    person.open("prepare/demo")
    person.control("Begin").click()
    person.answer()
    person.goes_on()


def test_a_session_by_clicking_goes_on_after_a_reload_and_a_lost_line(
    browser: Browser, environment: dict[str, str], play: Play, tmp_path: Path
) -> None:
    play(GOOD_CLIP)
    with serving(own_home(environment, tmp_path)) as served, visit(browser, served.address) as person:
        person.open()
        # Its holds are longer than those in the video: the first step lasts, however slow the machine is.
        person.control("Lower back basics").click()
        person.control("Begin").click()
        person.answer()
        person.reads("Hold, and breathe slowly", ".says")
        person.reads("Knee to chest", ".title")
        person.page.reload()  # in mid-hold
        person.reads("Step 1 of 5", ".count")
        person.page.evaluate("window.posecoachLine.socket.close()")
        person.heard("The connection is lost")
        person.goes_on()
        person.control("Next step").click()
        person.reads("Step 2 of 5", ".count")
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
        person.page.set_viewport_size({"width": 360, "height": 740})
        assert person.violations() == []
        person.control("Back to the history").click()
        person.reads("History", "main h1")
        assert person.complaints == []


def test_a_routine_built_and_done_with_the_keyboard_alone_gets_the_right_cue(
    person: Visit, play: Play
) -> None:
    play(FAULTY_CLIP)
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


def test_a_second_page_takes_over_and_goes_on_through_a_lost_camera_and_a_hidden_page(person: Visit) -> None:
    begin(person)
    second = person.another()
    second.open("session/join")
    second.reads("Another page has the camera", "main h1")
    assert second.violations() == []
    second.control("Take over here").click()
    person.reads("Another page has taken over", "main h1")
    assert person.violations() == []
    second.goes_on()

    second.page.evaluate(_LOSE_CAMERA)
    second.reads("The camera cannot be used just now: close the other program", "main [role=alert]")
    second.heard("I have lost the picture")
    assert second.violations() == []
    second.page.evaluate("() => { navigator.mediaDevices.getUserMedia = window.opens; }")
    expect(second.page.locator("main [role=alert]")).to_have_text("")
    second.goes_on()

    # Where the pictures of the camera that is back stand still for long, the session waits for them.
    second.control("Pause").wait_for()
    second.page.evaluate(_HIDE, "hidden")
    second.heard("I do not see you while this page is hidden")
    second.page.evaluate(_HIDE, "visible")
    second.goes_on()
    person.control("Go on here instead").click()
    person.control("Take over here").click()
    second.control("Go on here instead").click()  # its address stays the same
    second.reads("Another page has the camera", "main h1")
    assert second.complaints == person.complaints == []


def test_only_whoever_holds_a_position_is_asked_to_let_go_when_the_camera_is_lost(person: Visit) -> None:
    person.open()
    person.control("Lower back basics").click()
    person.control("Begin").click()
    person.answer()
    person.goes_on()
    person.page.evaluate(_LOSE_CAMERA)
    expect(person.page.locator(".says")).to_have_text("I have lost the picture")
    person.page.evaluate("() => { navigator.mediaDevices.getUserMedia = window.opens; }")
    person.reads("Hold, and breathe slowly", ".says")
    person.page.evaluate(_LOSE_CAMERA)
    expect(person.page.locator(".says")).to_have_text("I have lost the picture. Let go gently")
    person.heard("Let go gently")


def test_a_pause_before_the_first_picture_holds(person: Visit) -> None:
    person.page.add_init_script(_SLOW_CAMERA)
    person.open("prepare/demo")
    person.control("Begin").click()
    person.answer()
    person.reads("Getting ready", ".title")
    person.page.keyboard.press("n")
    person.page.locator(".stage").click()
    expect(person.control("Go on")).to_be_visible()
    person.goes_on()
    person.reads("Paused", ".says")
    assert person.complaints == []


def test_listening_again_and_again_opens_one_outlet_for_sound(person: Visit) -> None:
    person.page.add_init_script(_COUNT_SOUND)
    person.open("settings")
    for _ in range(3):
        person.control("Listen").click()
    assert person.page.evaluate("window.outlets") == 1


def test_what_is_asked_and_answered_while_the_line_is_lost_holds_when_it_is_back(person: Visit) -> None:
    begin(person)
    person.page.evaluate(_CUT)
    person.heard("The connection is lost")
    person.reads("The connection is lost", ".says")
    person.page.keyboard.press("Space")
    person.heard("Paused")
    person.page.evaluate(_MEND)
    person.goes_on()
    person.reads("Paused", ".says")
    person.page.evaluate(_CUT)
    person.control("Go on").click()
    person.page.evaluate(_MEND)
    person.goes_on()
    expect(person.page.locator(".says")).not_to_contain_text("Paused")
    person.page.evaluate(_CUT)
    person.page.keyboard.press("q")
    person.page.locator("dialog .danger").click()
    person.reads("Rest a moment", "main")
    assert person.violations() == []
    person.page.evaluate(_MEND)
    person.reads("And how much does it hurt now?", "main h1")
    person.page.evaluate(_CUT)
    person.control("2").click()
    person.control("Yes").click()
    person.reads("The computer with posecoach does not answer", "main [role=alert]")
    assert person.violations() == []
    person.page.evaluate(_MEND)
    person.reads("Some pain came during the session", "main [role=alert]")
    person.reads("That was your session", "main h1")
    assert person.complaints == []


def test_the_buttons_of_a_session_are_on_the_screen_however_small_it_is(person: Visit) -> None:
    begin(person)
    for width, height in (*SIZES, (320, 480), (480, 320)):
        person.page.set_viewport_size({"width": width, "height": height})
        assert person.page.evaluate(_BEYOND) <= 0, (width, height)


def test_what_is_told_in_a_pause_can_be_read_where_the_page_is_nearly_as_wide_as_high(
    person: Visit, play: Play
) -> None:
    play(GOOD_CLIP)
    begin(person)
    person.reads("Step 1", ".count")
    person.control("Pause").click()
    person.reads("Raise an arm or press Go on, whenever you like", ".says")
    for width, height in ((700, 760), (600, 700), (900, 960), (1000, 1010)):
        person.page.set_viewport_size({"width": width, "height": height})
        hidden = person.page.locator(".says").evaluate("one => one.scrollHeight - one.clientHeight")
        assert hidden <= 0, (width, height)


def test_a_server_that_is_gone_is_a_sentence_and_the_session_goes_on_when_it_is_back(
    browser: Browser, environment: dict[str, str], tmp_path: Path
) -> None:
    own = own_home(environment, tmp_path)
    with serving(own) as served, visit(browser, served.address) as person:
        begin(person)
        with served.held():
            person.reads("The computer with posecoach does not answer", "main [role=alert]")
            person.heard("The connection is lost")
            assert person.violations() == []
        expect(person.page.locator("main [role=alert]")).to_have_text("")
        person.goes_on()
        person.control("Next step").click()  # to the first step: before it there is nothing to keep
        person.reads("Step 1 of 3", ".count")
        port = int(served.address.rstrip("/").rpartition(":")[2])
        served.kill()
        person.reads("The computer with posecoach does not answer", "main [role=alert]")
        with serving(own, port=port):
            person.reads("The session is over: what was done is in your history")
            assert person.violations() == []
            person.control("History").click()
            person.reads("A short tour", ".sessions")


def test_signs_of_disease_end_the_questions_and_what_was_not_asked_is_asked_the_next_time(
    browser: Browser, environment: dict[str, str], tmp_path: Path
) -> None:
    with serving(own_home(environment, tmp_path)) as served, visit(browser, served.address) as person:
        person.open("session/demo/usual")
        person.reads("Question 1 of 3")
        person.control("Yes").click()
        person.reads("Not today", "main h1")
        person.open("session/demo/usual")
        person.reads("Question 1 of 3")
        person.turn("No")
        person.turn("No")
        person.reads("Question 3 of 3")
        person.turn("Yes")
        person.reads("Have you asked a doctor", "main h1")
        person.turn("Yes")
        person.reads("Then start gently: small moves")
        assert person.violations() == []
        person.turn("Go on")
        person.turn("No")
        person.reads("How much does your back hurt now?", "main h1")
        person.reads("Stop at once at any sharp, shooting or growing pain", "main")
        assert person.violations() == []
        person.open("session/demo/usual")
        person.reads("Is anything new", "main h1")


def test_a_question_about_the_session_does_not_outlive_its_page(person: Visit) -> None:
    begin(person)
    person.page.keyboard.press("Escape")
    expect(person.page.locator("dialog")).to_be_visible()
    person.page.go_back()
    expect(person.page.locator("dialog")).to_have_count(0)
    person.page.go_forward()  # and the session waits there
    person.goes_on()
    person.page.keyboard.press("Escape")
    person.page.locator("dialog .danger").click()
    person.reads("And how much does it hurt now?", "main h1")


def test_esc_pauses_leaves_the_question_open_and_then_stops(person: Visit) -> None:
    begin(person)
    person.page.keyboard.press("Escape")
    expect(person.page.locator("dialog")).to_be_visible()
    person.page.keyboard.press("Escape")
    expect(person.page.locator("dialog")).to_have_count(0)
    person.goes_on()
    person.reads("Paused", ".says")
    person.page.keyboard.press("Escape")
    person.reads("And how much does it hurt now?", "main h1")
    person.page.wait_for_function("text => window.spoken.at(-1) === text", arg=STOPPED)


def test_whoever_skips_everything_is_not_praised(person: Visit) -> None:
    begin(person)
    for _ in range(4):  # the first leaves the placing of the camera
        person.goes_on()
        person.control("Next step").click()
    person.reads("And how much does it hurt now?", "main h1")
    person.turn("Skip")
    person.turn("Skip")
    person.reads("That was your session", "main h1")
    person.reads("0 of 3 done", "main")
    expect(person.page.locator("main")).not_to_contain_text("starting position")


def test_the_page_tells_how_long_its_words_took_of_those_of_the_session_alone(person: Visit) -> None:
    person.open()
    assert person.page.evaluate(_TOLD) == [7]


def test_what_the_page_itself_says_is_heard_to_its_end(person: Visit) -> None:
    """An urgent sentence of the session cut it off before its first word, as that of a hidden page."""
    person.open()
    assert person.page.evaluate(_URGENT) == ["This page is hidden", "Lie still"]


def test_the_gestures_are_tried_before_the_first_session(person: Visit) -> None:
    person.open("practise")
    person.page.evaluate(_TONES)
    person.control("Try it").click()
    person.reads("Practice", ".title")
    for number in (1, 2, 3):
        person.control("Next step").click()
        if number < 3:
            person.reads(f"Step {number} of 3", ".count")
    person.control("Next step").click()
    person.reads("Not every gesture was seen", "main h1")
    assert person.violations() == []
    assert person.complaints == []


def test_a_routine_goes_from_one_person_to_another(person: Visit, tmp_path: Path) -> None:
    person.open("share/lower_back_basics")
    link = person.page.get_by_label("The link").input_value()
    person.open("add")
    sent = tmp_path / "For Anna.toml"
    sent.write_text('title = "For Anna"\n[[steps]]\nexercise = "brigde"\n', "utf-8")
    person.page.get_by_label("The file").set_input_files(sent)
    person.reads("did you mean 'bridge'?", ".problem")
    assert person.violations() == []
    sent.write_text('title = "For Anna"\nnote = "Slowly"\n[[steps]]\nexercise = "bridge"\n', "utf-8")
    person.page.get_by_label("The file").set_input_files(sent)
    person.reads("Add 'For Anna'?", "main h1")
    person.reads("Slowly", ".note")
    assert person.violations() == []
    person.control("Add it").click()
    person.reads("For Anna", "main h1")
    person.open("add/" + link.rpartition("/")[2])
    person.reads("Add 'Lower back basics'?", "main h1")
    expect(person.page.locator(".steps li")).to_have_count(5)
    assert [one for one in person.complaints if "422" not in one] == []  # what was wrong in the file


@pytest.mark.parametrize("part", ["constructor", "toString", "__proto__"])
def test_an_address_that_is_no_page_shows_the_first_one(person: Visit, part: str) -> None:
    person.open(part)
    person.reads("What feels right today?", "main h1")
    person.control("Settings").click()
    person.reads("Settings", "main h1")
    assert person.complaints == []


def test_limits_that_are_damaged_can_be_forgotten_and_what_fails_is_told(person: Visit) -> None:
    def refuse(route: Route) -> None:
        told = "cannot be removed" if route.request.method == "DELETE" else "cannot be understood"
        route.fulfill(status=422, json={"problem": f"Your own limits {told}"})

    person.page.route("**/api/limits", refuse)
    person.open("limits")
    person.reads("Your own limits cannot be understood", "main .problem")
    assert person.violations() == []
    person.control("Forget my own limits").click()
    person.page.locator("dialog .danger").click()
    person.reads("Your own limits cannot be removed", "main")
    person.page.unroute("**/api/limits")
    person.control("Forget my own limits").click()
    person.page.locator("dialog .danger").click()
    person.reads("Measure them with", "main")
    assert [one for one in person.complaints if "422" not in one] == []


def test_every_page_fits_every_screen_and_everybody(person: Visit) -> None:
    for part in PAGES:
        person.open(part)
        assert person.violations() == [], part
        for width, height in SIZES:
            person.page.set_viewport_size({"width": width, "height": height})
            wide = person.page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{part or 'home'} is {wide} pixels wide"
    assert person.complaints == []


def test_what_was_measured_can_be_read_from_the_page_of_the_therapist(person: Visit) -> None:
    person.open("therapist")
    person.control("What was measured").click()
    person.reads("Accuracy", "main h1")
    assert person.violations() == []
    assert person.complaints == []


def test_the_page_speaks_the_language_that_is_chosen(person: Visit) -> None:
    person.open("settings")
    person.page.get_by_label("Language").select_option("de")
    person.reads("Einstellungen", "main h1")
    person.page.set_viewport_size({"width": 360, "height": 740})  # German words are long
    for part in PAGES:
        person.open(part)
        wide = person.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, f"{part or 'home'} is {wide} pixels wide"
    person.open()
    person.reads("Was tut dir heute gut?", "main h1")
    assert person.page.locator("html").get_attribute("lang") == "de"
    person.open("settings")
    person.page.get_by_label("Sprache").select_option("")
    person.reads("Settings", "main h1")


def test_a_camera_that_may_not_be_used_is_a_sentence_with_the_way_out(browser: Browser, address: str) -> None:
    with visit(browser, address, camera=False) as person:
        person.open("session/demo/usual")
        person.reads("The browser may not use the camera: allow it for this page")
        assert person.violations() == []
        person.page.context.grant_permissions(["camera"])
        person.control("Try again").click()
        expect(person.control("No")).to_be_visible()  # the questions about safety


def test_one_of_several_cameras_is_chosen_where_the_first_fails_or_is_the_wrong_one(
    playwright: Playwright, address: str
) -> None:
    two = "--use-fake-device-for-media-stream=device-count=2"
    with chromium(playwright, None, two) as several, visit(several, address) as person:
        person.open()
        person.page.evaluate(_NO_CAMERA)
        person.page.evaluate("location.hash = '#/session/demo/usual'")
        person.reads("The camera cannot be used just now")
        assert person.violations() == []
        person.page.evaluate("() => { navigator.mediaDevices.getUserMedia = window.opens; }")
        person.control("fake_device_1").click()
        person.answer()
        person.goes_on()
        video = person.page.locator("video")
        assert video.evaluate(_USED) == "fake_device_1"
        person.control("Another camera").click()
        person.page.wait_for_function(f"() => ({_USED})(document.querySelector('video')) === 'fake_device_0'")
        person.goes_on()
        person.page.keyboard.press("n")
        person.reads("Step 1 of 3", ".count")
        expect(person.page.locator(".another")).to_be_hidden()
        assert person.complaints == []


def test_the_drawn_figure_lies_as_the_person_does_and_is_mirrored_as_the_picture_is(person: Visit) -> None:
    def shown() -> Locator:
        begin(person)
        person.page.keyboard.press("n")
        expect(person.page.locator(".figure")).to_be_visible(timeout=60_000)
        return person.page.locator(".figure")

    figure = shown()
    expect(figure).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    # The camera of this video is at the left of somebody on the back: the head is at the right.
    expect(figure).to_have_attribute("src", re.compile("head_left=false"))
    person.end()
    person.open("settings")
    person.page.get_by_label("Picture").select_option("false")
    expect(shown()).to_have_css("transform", "none")
    person.end()
    person.open("settings")
    person.page.get_by_label("Picture").select_option("true")


def test_the_first_page_counts_the_steps_as_a_session_does(person: Visit) -> None:
    person.open()
    count = len(routine_files.load("in_bed").steps)
    expect(person.page.locator(".card", has_text="In bed").locator(".length")).to_contain_text(
        f"{count} steps"
    )


def test_a_camera_that_is_not_there_is_a_sentence_with_the_way_out(
    playwright: Playwright, address: str
) -> None:
    with chromium(playwright, None) as none, visit(none, address) as person:
        person.open("session/demo/usual")
        person.reads("There is no camera here: connect one, or use your phone, and try again.")
        expect(person.control("Try again")).to_be_visible()
        assert person.violations() == []


def test_a_phone_comes_in_with_its_code_and_may_use_its_camera(
    browser: Browser, environment: dict[str, str], tmp_path: Path
) -> None:
    if not lan.addresses():
        pytest.skip("this machine is in no local network")
    own = own_home(environment, tmp_path)
    with serving(own, "--lan") as served, visit(browser, served.address) as person:
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


def test_a_video_is_judged_beside_its_curve_and_deleted(person: Visit, uploads: Path) -> None:
    person.open("clip")
    person.page.get_by_label("The video").set_input_files(FAULTY_CLIP)
    person.page.get_by_label("Turn the picture").select_option("0")
    person.control("Check it").click()
    person.reads("Knee to chest", "main h1")
    person.reads("one thing to change", ".result")
    person.reads("position not reached, hip bent by", ".result")
    assert list(uploads.iterdir()) == []
    person.page.locator(".curve").click(position={"x": 5, "y": 50})
    now = "document.querySelector('video').currentTime"
    person.page.wait_for_function(f"{now} < 1")
    person.page.locator(".moments button").first.click()
    person.page.wait_for_function(f"{now} > 2")
    drawn = "one => one.getContext('2d').getImageData(0, 0, one.width, one.height).data.some(Boolean)"
    assert person.page.locator("canvas").evaluate(drawn)
    expect(person.page.locator(".curve polyline").first).to_be_attached()
    person.reads("0°", ".plot")
    assert person.violations() == []
    assert person.complaints == []
