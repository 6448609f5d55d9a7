"""What a page sends is looked at before it is believed."""

import io
import math
import struct

import pytest
from PIL import Image as Pillow

from posecoach.core.errors import InputError
from posecoach.web import frames
from posecoach.web.frames import FrameClock
from tests.support.browser import jpeg, message


def bomb() -> bytes:
    """A small file that claims to be a picture of four billion pixels."""
    data = bytearray(jpeg())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 65500, 65500)
    return bytes(data)


def png() -> bytes:
    file = io.BytesIO()
    Pillow.new("RGB", (64, 48)).save(file, "PNG")
    return file.getvalue()


def test_a_picture_comes_with_the_time_at_which_it_was_taken() -> None:
    stamp_s, picture = frames.unpacked(message(jpeg((160, 120)), 12.5))
    assert stamp_s == pytest.approx(12.5)
    assert frames.decoded(picture).shape == (120, 160, 3)


@pytest.mark.parametrize("picture", [b"", b"hello", b"\xff\xd8\xff", jpeg()[:200], png(), b"GIF89a" * 20])
def test_what_is_no_jpeg_is_refused(picture: bytes) -> None:
    with pytest.raises(InputError):
        frames.decoded(picture)


def test_a_picture_that_would_unfold_into_gigabytes_is_refused_by_its_header() -> None:
    with pytest.raises(InputError, match="1920"):
        frames.decoded(bomb())


@pytest.mark.parametrize("stamp", [math.nan, math.inf, -math.inf])
def test_a_stamp_that_is_no_time_is_refused(stamp: float) -> None:
    with pytest.raises(InputError):
        frames.unpacked(message(jpeg(), stamp))


def test_a_message_without_a_picture_is_refused() -> None:
    with pytest.raises(InputError):
        frames.unpacked(b"1234567")


def test_the_session_counts_from_when_pictures_were_taken_not_from_when_they_came() -> None:
    clock = FrameClock()
    clock.time_of(1000.0, 5.0)
    # The second was on its way for 80 ms longer.
    assert clock.time_of(1000.1, 5.18) == pytest.approx(5.1)


def test_times_rise_strictly() -> None:
    clock = FrameClock()
    clock.time_of(1000.0, 5.0)
    assert clock.time_of(1000.0, 5.1) is None
    assert clock.time_of(999.9, 5.1) is None


def test_a_stamp_in_the_future_counts_as_now_and_costs_one_picture() -> None:
    clock = FrameClock()
    clock.time_of(1000.0, 5.0)
    assert clock.time_of(9000.0, 5.1) == pytest.approx(5.1)
    assert clock.time_of(1000.2, 5.2) is None
    assert clock.time_of(1000.3, 5.3) == pytest.approx(5.3)


def test_after_a_sleep_the_clock_is_found_anew() -> None:
    clock = FrameClock()
    clock.time_of(1000.0, 5.0)
    assert clock.time_of(1000.1, 65.0) is None
    assert clock.time_of(1000.2, 65.1) == pytest.approx(65.1)


def test_another_page_has_another_clock() -> None:
    clock = FrameClock()
    clock.time_of(1000.0, 5.0)
    clock.restart()
    assert clock.time_of(3.0, 6.0) == pytest.approx(6.0)
