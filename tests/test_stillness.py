"""Frames are left out where they are not needed: many while nothing moves, few while something does."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from posecoach.frames import MOVING_FPS, STILL_FPS, Image, VideoFile

FPS = 30


def filmed(path: Path, moves: set[int], noise: float = 0.0) -> Path:
    """Three seconds of a light bar on a dark ground, a step further on in each frame of `moves`."""
    random = np.random.default_rng(5)
    x = 40
    with av.open(str(path), "w") as container:
        stream: Any = container.add_stream("libx264", rate=FPS, options={"crf": "12"})
        stream.width, stream.height, stream.pix_fmt = 320, 240, "yuv420p"
        for index in range(3 * FPS):
            x += 8 * (index in moves)
            image = np.full((240, 320, 3), 60.0)
            image[100:140, x : x + 60] = 170
            image += random.normal(0, noise, image.shape) if noise else 0
            picture: Image = np.clip(image, 0, 255).astype(np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="bgr24")
            frame.pts, frame.time_base = index, Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def looked_at(path: Path, every: int) -> list[int]:
    with VideoFile(path, every) as source:
        frames = list(source)
        assert [frame.index for frame in frames] == list(range(len(frames)))
        return [round(frame.t_s * FPS) for frame in frames]


def test_while_nothing_moves_only_each_fifth_frame_is_given(tmp_path: Path) -> None:
    assert looked_at(filmed(tmp_path / "still.mp4", set()), 5) == [*range(0, 90, 5), 89]


def test_noise_is_no_move(tmp_path: Path) -> None:
    assert len(looked_at(filmed(tmp_path / "noisy.mp4", set(), noise=12), 5)) < 25


@pytest.mark.parametrize("noise", [0.0, 12.0])
def test_a_move_is_looked_at_ten_times_a_second(tmp_path: Path, noise: float) -> None:
    got = looked_at(filmed(tmp_path / "moves.mp4", set(range(32, 62)), noise), 5)
    meanwhile = [index for index in got if 31 <= index <= 62]
    assert max(np.diff(meanwhile)) <= FPS / MOVING_FPS
    assert max(np.diff(got)) <= 5


def test_five_frames_a_second_are_given_whatever_was_asked_for(tmp_path: Path) -> None:
    got = looked_at(filmed(tmp_path / "still.mp4", set()), 10)
    assert max(np.diff(got)) <= FPS / STILL_FPS


def test_every_frame_is_every_frame(tmp_path: Path) -> None:
    assert looked_at(filmed(tmp_path / "still.mp4", set()), 1) == list(range(90))
