"""Pictures that cannot be believed: each doubt is raised where it is due, and not in a good recording."""

import numpy as np
import pytest

from posecoach.core.types import Image
from posecoach.vision.picture_checks import FROZEN_S, PictureChecks

FPS = 12


def room(seed: int, noise: float = 1.5) -> Image:
    """A lit room (240, 320, 3) as a camera sees it, with noise of its own in each picture."""
    random = np.random.default_rng(seed)
    picture = np.linspace(60, 180, 240)[:, None, None] + random.normal(0, noise, (240, 320, 3))
    image: Image = picture.clip(0, 255).astype(np.uint8)
    return image


def moving(seed: int) -> Image:
    """The same without noise, with something small that moves."""
    image = room(0, 0.0)
    image[100:120, 20 + 4 * (seed % 50) : 40 + 4 * (seed % 50)] = 230
    return image


def doubts(images: list[Image], fps: float = FPS) -> list[set[str]]:
    checks = PictureChecks()
    return [set(checks.update(image, index / fps)) for index, image in enumerate(images)]


def test_a_good_recording_raises_no_doubt() -> None:
    assert doubts([room(seed) for seed in range(60)]) == [set()] * 60
    assert doubts([moving(seed) for seed in range(60)]) == [set()] * 60


def test_a_picture_that_stands_still_for_three_seconds_is_frozen() -> None:
    checks, found = PictureChecks(), list[tuple[bool, int]]()
    for index in [*range(24), *[24] * 60, *range(25, 31)]:
        names = checks.update(moving(index), len(found) / FPS)
        found.append(("frozen" in names, round(checks.still_since_s * FPS)))
    frozen = [index for index, (is_frozen, _) in enumerate(found) if is_frozen]
    assert frozen == list(range(23 + round(FROZEN_S * FPS), 84 + 3)), "until the fourth change"
    # The first changes of a move may be a key frame yet.
    assert [since for _, since in found] == [*[0] * 4, *range(3, 23), *[23] * 60, *[24] * 4, 87, 88]


@pytest.mark.parametrize("then", [[25] * 24, [25, *[24] * 24], [25, *[24] * 40, 25, *[24] * 24]])
def test_a_single_other_picture_does_not_end_a_freeze(then: list[int]) -> None:
    found = doubts([moving(seed) for seed in [*range(25), *[24] * 48, *then]])
    assert all("frozen" in names for names in found[24 + 36 :])


def test_a_frozen_picture_is_recognised_after_it_was_compressed_once_more() -> None:
    random = np.random.default_rng(1)
    still = room(0, 0.0)
    copies = [(still + random.integers(-2, 3, still.shape)).clip(0, 255).astype(np.uint8) for _ in range(60)]
    assert "frozen" in doubts(copies)[-1]


def key_frame(number: int) -> Image:
    """The room again, encoded anew: a few of its points are a little different."""
    image = room(0, 0.0)
    spots = np.random.default_rng(number).integers(0, (240, 320), (60, 2))
    image[spots[:, 0] // 2 * 2, spots[:, 1] // 2 * 2] += 9
    return image


def frozen_stream(seconds: int, lasts: int, every: int = FPS) -> list[Image]:
    """A picture that stands still, with a key frame now and then that takes a few frames to settle."""
    numbers = [index // every * every + min(index % every, lasts - 1) for index in range(seconds * FPS)]
    return [key_frame(number) for number in numbers]


@pytest.mark.parametrize(("lasts", "every"), [(1, FPS), (3, FPS), (1, 2 * FPS)])
def test_a_frozen_picture_is_recognised_though_key_frames_come(lasts: int, every: int) -> None:
    checks, frozen, since = PictureChecks(), list[float](), list[float]()
    images = [*map(moving, range(2 * FPS)), *frozen_stream(8, lasts, every), *map(moving, range(2 * FPS))]
    for index, image in enumerate(images):
        if "frozen" in checks.update(image, index / FPS):
            frozen.append(index / FPS)
            since.append(checks.still_since_s)
    assert frozen[0] <= 2 + 2 * every / FPS + 1.5, "within three key frames"
    assert since[0] <= 2 + lasts / FPS, "from its first picture on"
    assert 9.9 <= frozen[-1] <= 10.5, "until it moves"


@pytest.mark.parametrize("before", [[], [*map(moving, range(2 * FPS))]])
def test_a_frozen_picture_is_recognised_though_its_versions_take_turns(before: list[Image]) -> None:
    """As those of a poorly encoded stream do, from each key frame on."""
    still = [key_frame(index % FPS) for index in range(8 * FPS)]
    checks, frozen, since = PictureChecks(), list[float](), list[float]()
    for index, image in enumerate([*before, *still, *map(moving, range(2 * FPS))]):
        if "frozen" in checks.update(image, index / FPS):
            frozen.append(index / FPS)
            since.append(checks.still_since_s)
    begins_s = len(before) / FPS
    assert frozen[0] == pytest.approx(begins_s + 5, abs=0.2)
    assert since[0] <= begins_s + 1, "from its second key frame on"
    assert frozen[-1] == pytest.approx(begins_s + 8, abs=0.2), "until it moves"


def test_slow_breath_without_noise_is_not_frozen() -> None:
    """Between in and out, the pictures of a second return the other way round."""
    there = [index if index < 2 * FPS else 4 * FPS - index for index in range(4 * FPS)]
    assert all("frozen" not in names for names in doubts([moving(seed) for seed in there * 4]))


def test_somebody_who_stirs_now_and_then_is_not_frozen() -> None:
    uneven = [0, 7, 22, 31, 49, 58, 75, 80, 98, 110]
    numbers = [sum(index >= change for change in uneven) for index in range(120)]
    assert doubts([key_frame(number) for number in numbers]) == [set()] * 120


def test_few_different_pictures_are_not_frozen() -> None:
    assert all("frozen" not in names for names in doubts([moving(seed) for seed in range(20)], fps=1.0))


def test_a_picture_that_was_dark_and_is_light_now_did_not_stand_still() -> None:
    black = np.zeros((240, 320, 3), np.uint8)
    found = doubts([*[black] * 60, *map(moving, range(24)), *[black] * 60, *map(moving, range(24))])
    assert found == [*[{"dark"}] * 60, *[set()] * 24] * 2


@pytest.mark.parametrize("shade", [0, 20])
def test_a_picture_that_shows_nothing_is_dark(shade: int) -> None:
    black = [np.full((240, 320, 3), shade, np.uint8) for _ in range(10)]
    mixed = [image for pair in zip([room(seed) for seed in range(10)], black, strict=True) for image in pair]
    assert [names == {"dark"} for names in doubts(mixed)] == [False, True] * 10


def test_a_picture_that_is_white_all_over_shows_nothing_and_does_not_stand_still() -> None:
    white = [np.full((240, 320, 3), 255, np.uint8)] * 60
    seen = [*map(moving, range(24))]
    assert doubts([*white, *seen, *white, *seen]) == [*[{"bright"}] * 60, *[set()] * 24] * 2


def test_a_bright_picture_that_shows_something_is_judged() -> None:
    random = np.random.default_rng(0)
    glaring = [random.normal(258, 6, (240, 320, 3)).clip(0, 255).astype(np.uint8) for _ in range(60)]
    for image in glaring:
        image[100:140, 60:260] = 230  # somebody in white
    assert doubts(glaring) == [set()] * 60


@pytest.mark.parametrize(("fps", "few"), [(5, True), (9, True), (10, False), (12, False), (30, False)])
def test_fewer_than_ten_frames_a_second_are_few(fps: float, few: bool) -> None:
    assert ("few_frames" in doubts([room(seed) for seed in range(30)], fps)[-1]) == few


def test_a_hole_in_time_is_noticed_once() -> None:
    checks = PictureChecks()
    times = [0.0, 0.1, 0.2, 3.0, 3.1, 3.2, 23.2]
    found = [set(checks.update(room(index), t_s)) for index, t_s in enumerate(times)]
    assert [index for index, names in enumerate(found) if "gap" in names] == [3, 6]
    assert found[3] == found[6] == {"gap"}, "nor did another picture stand still meanwhile"


def test_the_same_picture_after_a_hole_in_time_stood_still() -> None:
    checks = PictureChecks()
    assert "frozen" in [checks.update(moving(0), t_s) for t_s in (0.0, 0.1, 0.2, 8.0)][-1]


def test_pictures_that_change_their_size_are_compared_anew() -> None:
    checks = PictureChecks()
    for index in range(60):
        image = moving(0) if index % 20 else np.zeros((48, 64, 3), np.uint8)
        assert "frozen" not in checks.update(image, index / FPS)
