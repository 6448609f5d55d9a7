from collections.abc import Callable, Iterator

import numpy as np
import pytest

from posecoach.core.errors import OutputError
from posecoach.core.types import Image
from posecoach.feedback.keys import Action
from posecoach.feedback.window import Window, display_available, letterboxed
from posecoach.vision.native import cv2

F11 = 0xFFC8


class Gui:
    """A window library without a screen: one `key` is pressed all the time."""

    def __init__(self, key: int = -1, size: tuple[int, int] = (64, 48)) -> None:
        self.key, self.size, self.visible = key, size, 1.0
        self.shown: list[Image] = []
        self.full: list[bool] = []
        self.on_mouse: Callable[..., None] = lambda *_: None

    def setMouseCallback(self, _: str, heard: Callable[..., None]) -> None:  # noqa: N802
        self.on_mouse = heard

    def imshow(self, _: str, image: Image) -> None:
        self.shown.append(image)

    def waitKeyEx(self, _: int) -> int:  # noqa: N802
        return self.key

    def getWindowProperty(self, *_: object) -> float:  # noqa: N802
        return self.visible

    def getWindowImageRect(self, _: str) -> tuple[int, int, int, int]:  # noqa: N802
        return 0, 0, *self.size

    def setWindowProperty(self, _: str, which: int, value: float) -> None:  # noqa: N802
        assert which == cv2.WND_PROP_FULLSCREEN
        self.full.append(value == cv2.WINDOW_FULLSCREEN)

    def __getattr__(self, _: str) -> Callable[..., None]:
        return lambda *_: None


def opened(gui: Gui, fullscreen: bool = False) -> Window:
    return Window(fullscreen, gui, lambda: True)


@pytest.fixture
def image() -> Image:
    return np.full((48, 64, 3), 90, np.uint8)


@pytest.fixture
def asked_anew() -> Iterator[None]:
    display_available.cache_clear()
    yield
    display_available.cache_clear()


@pytest.mark.usefixtures("asked_anew")
@pytest.mark.parametrize("display", [None, ":987"])
def test_without_a_display_there_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, display: str | None, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    if display:
        monkeypatch.setenv("DISPLAY", display)
    assert not display_available()
    with pytest.raises(OutputError, match="no display"):
        Window()
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    ("key", "action"),
    [
        (32, "pause"),
        (ord("n"), "next"),
        (ord("N"), "next"),
        (ord("q"), "quit"),
        (27, "quit"),
        (ord("x"), "stop"),
        (13, "stop"),
        (-1, None),
    ],
)
def test_keys_mean_actions(key: int, action: Action | None, image: Image) -> None:
    gui = Gui(key)
    with opened(gui) as window:
        assert window.show(image) == action
        assert window.show(image) == action
        assert len(gui.shown) == 2
        gui.on_mouse(cv2.EVENT_MOUSEMOVE, 3, 4, 0, None)
        assert window.show(image) == action
        gui.on_mouse(cv2.EVENT_LBUTTONDOWN, 3, 4, 0, None)
        assert window.show(image) == (action or "stop"), "a click, once"
        assert window.show(image) == action
        gui.visible = 0.0
        assert window.show(image) == "quit", "the person closed it"


@pytest.mark.parametrize("key", [F11, 0x7A0000, 0xF70E, F11 | 0x100000])
def test_f11_fills_the_screen_and_gives_it_back_and_pauses_nothing(key: int, image: Image) -> None:
    gui = Gui(key)
    with opened(gui) as window:
        assert window.show(image) is None
        assert window.fullscreen
        assert window.show(image) is None
        assert not window.fullscreen
    assert gui.full == [True, False]


def test_a_window_begins_as_it_was_left(image: Image) -> None:
    gui = Gui()
    with opened(gui, fullscreen=True) as window:
        window.show(image)
        window.show(image)
    assert gui.full == [True]


@pytest.mark.parametrize(
    ("size", "bars"), [((1366, 768), "beside"), ((480, 854), "above"), ((64, 48), "none")]
)
def test_the_picture_keeps_its_shape_between_black_bars(
    size: tuple[int, int], bars: str, image: Image
) -> None:
    gui = Gui(size=size)
    with opened(gui) as window:
        window.show(image)
    [shown] = gui.shown
    assert shown.shape[1] / shown.shape[0] == pytest.approx(size[0] / size[1], rel=0.03)
    black = (shown == 0).all(axis=2)
    assert (~black).sum() == 48 * 64, "nothing of the picture is cut off or stretched"
    assert black[:, 0].all() == (bars == "beside")
    assert black[0].all() == (bars == "above")


def test_what_is_pressed_after_the_last_picture_is_noticed_until_the_window_is_closed(image: Image) -> None:
    gui = Gui()
    window = opened(gui)
    window.show(image)
    assert not window.touched()
    gui.key = ord("q")
    assert window.touched()
    gui.visible = 0.0
    assert not window.touched()


def test_a_minimised_window_is_no_trouble(image: Image) -> None:
    assert letterboxed(image, 0, 0) is image
