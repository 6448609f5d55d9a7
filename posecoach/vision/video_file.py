"""Video files: every frame with a time stamp that can be relied on."""

import contextlib
import math
from collections.abc import Generator, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from posecoach.core import files
from posecoach.core.errors import SourceError
from posecoach.core.observation import SourceDoubt
from posecoach.core.translation import decimal, tr
from posecoach.core.types import LEAST_FPS, Image
from posecoach.vision.native import av
from posecoach.vision.source import DEFAULT_FPS, Frame, Source

_TOLERANCE_S = 2e-3  # of a time stamp
_SPARE = 2  # frames that a file may count and not have
LONGEST_GAP_S = 10.0  # between two frames of one file; a longer one is a broken time stamp
PREVIEW_STEP_S, PREVIEW_S = 1.0, 30.0
LONGEST_SIDE = 1920  # pixels; the networks see a few hundred, so more only costs time
_SMALL_PIXELS = 1280 * 720
_NO_TIME_STAMPS = 0x80  # AVFMT_NOTIMESTAMPS, of a container format
_CAPTURE_FPS = ("capture.fps", "capture_fps", "capturefps")  # ends of the names of that note
_SLOW_MOTION = 1.5  # times the frames a second that are played
#: What names other files or addresses instead of holding a video.
_PLAYLISTS = {"hls", "concat", "concatf", "dash", "imf", "sdp", "rtsp", "sap", "vapoursynth"}
_PICTURES = {"image2", "tty"}  # libav opens still pictures and text files as videos, too

#: The comment in the file of a video that posecoach has drawn on.
DRAWN = "drawn by posecoach"

_Decoded = tuple[Any, float]  # a picture as PyAV decodes it, and its time in seconds


class Stamps:
    """Makes seconds that begin at 0 and rise strictly from the time stamps of a container."""

    def __init__(self, fps: float, lasts_s: float = 0.0) -> None:
        """`fps` where a stamp is missing or broken; `lasts_s` as the container says: no leap within it is
        broken.
        """
        self._fps, self._lasts_s = fps, lasts_s
        self._begin_s: float | None = None  # the time stamp that stands for 0
        self._last_s = 0.0

    def next(self, stamp_s: float | None) -> float:
        """The time of the next frame, from its time stamp: seconds, or None or NaN where it has none."""
        stamp_s = math.nan if stamp_s is None else float(stamp_s)
        if self._begin_s is None:
            self._begin_s = 0.0 if math.isnan(stamp_s) else stamp_s
            return 0.0
        t_s = stamp_s - self._begin_s
        if not 0 < t_s - self._last_s <= LONGEST_GAP_S and not self._last_s < t_s <= self._lasts_s:  # NaN too
            leap = abs(t_s - self._last_s) > 1
            t_s = self._last_s + 1 / self._fps
            if leap:  # the clock was reset: continue from here
                self._begin_s = stamp_s - t_s
        self._last_s = t_s
        return t_s


class VideoFile(Source):
    """Every frame of a video file, as fast as it decodes, upright and with square pixels.

    Raises SourceError when there is no such file, it is no video, or not one frame can be read. A file whose
    end is missing, or that is damaged, yields the frames that can be read and then has a `note`.

    every     yield only every n-th frame, but never fewer than ten a second where the file has them
    speed     how fast it plays against the real world: 0.25 for slow motion at a quarter; None: not known
    mirrored  it shows a mirrored picture, which is turned back
    """

    def __init__(
        self, path: str | Path, every: int = 1, speed: float | None = None, mirrored: bool = False
    ) -> None:
        self.path = Path(path)
        if files.there(self.path) is None:
            raise SourceError(tr("There is no file {file}: check the name and the folder.", file=self.path))
        if files.is_folder(self.path):
            raise SourceError(tr("{file} is a folder: name a video file in it.", file=self.path))
        if not files.is_file(self.path):  # a pipe may never give anything
            raise SourceError(tr("{file} is a pipe or a device: name a video file.", file=self.path))
        not_a_video = SourceError(
            tr(
                "{file} is not a video that can be read: try another file, or export it as MP4.",
                file=self.path,
            )
        )
        try:
            # The prefix keeps a colon in the name from being taken for a network protocol.
            self._container = av.open(f"file:{self.path}", options={"protocol_whitelist": "file"})
        except PermissionError:
            raise SourceError(tr("{file} may not be read: change its permissions.", file=self.path)) from None
        except (av.FFmpegError, OSError, ValueError):
            raise not_a_video from None
        videos = self._container.streams.video
        format_name = self._container.format.name
        if not _PLAYLISTS.isdisjoint(format_name.split(",")):
            self._container.close()
            raise SourceError(
                tr("{file} is a playlist, not a video: name one of the videos in it.", file=self.path)
            )
        # A stream of a kind that libav does not know has no codec, and no size.
        known = bool(videos) and videos[0].codec_context is not None
        if not known or format_name in _PICTURES or format_name.endswith("_pipe"):
            self._container.close()
            raise not_a_video
        self._stream = videos[0]
        # Small pictures decode faster than they are tracked: more threads would take cores from the networks.
        small = self._stream.width * self._stream.height <= _SMALL_PIXELS
        self._stream.thread_type = "NONE" if small else "AUTO"
        self._reformatter = av.video.reformatter.VideoReformatter()  # keeps its tables from frame to frame
        self._speed, self._mirrored = speed, mirrored
        self._file_fps = _plausible_fps(self._stream)
        self.fps = self._file_fps / (speed or 1.0)
        self.frame_count = (self._stream.frames or None) if every == 1 else None
        self.capture_fps = _capture_fps(self._container.metadata | self._stream.metadata)
        self.doubts = self._doubts()
        self._broken = False
        self._read = 0, 0.0  # frames so far, and when the last of them was shown
        self._frames: Iterator[Frame] = self._pictured(_thinned(self._decode(), every))
        self._first = next(self._frames, None)
        if self._first is None:
            self._container.close()
            raise SourceError(
                tr("{file} holds no frame that can be read: record or export it again.", file=self.path)
            )
        height, width = self._first.image.shape[:2]
        self.size = (width, height)

    def __iter__(self) -> Generator[Frame, None, None]:
        frame, self._first = self._first, None
        while frame is not None:
            yield frame
            frame = next(self._frames, None)
        self.note = self._missing(*self._read)
        if self.note is not None:
            self.doubts |= {"incomplete"}

    def preview(self) -> Iterator[Frame]:
        """About one frame a second of the first half minute."""
        with VideoFile(self.path, speed=self._speed, mirrored=self._mirrored) as ahead:
            due_s = 0.0
            for decoded, t_s in ahead._decode():
                if t_s > PREVIEW_S:
                    return
                if t_s >= due_s:
                    due_s = t_s + PREVIEW_STEP_S
                    yield from ahead._pictured([(decoded, t_s)])

    def _doubts(self) -> frozenset[SourceDoubt]:
        stamped = not self._container.format.flags & _NO_TIME_STAMPS
        noted = self.capture_fps is not None and self.capture_fps > _SLOW_MOTION * self._file_fps
        slow = noted and self._speed is None
        drawn = self._container.metadata.get("comment") == DRAWN
        found: dict[SourceDoubt, bool] = {
            "no_time_stamps": not stamped,
            "slow_motion": slow,
            "drawn": drawn,
        }
        return frozenset(name for name, doubtful in found.items() if doubtful)

    def close(self) -> None:
        self._container.close()
        # The iterator refers back to this object: the decoder would keep its threads until both are
        # collected.
        self._frames = iter(())

    def _pictured(self, decoded: Iterable[_Decoded]) -> Iterator[Frame]:
        pixel_aspect = float(self._stream.sample_aspect_ratio or 1)
        for index, (picture, t_s) in enumerate(decoded):
            yield Frame(self._upright(picture, pixel_aspect), t_s, index)

    def _upright(self, decoded: Any, pixel_aspect: float) -> Image:
        """The picture as players show it: square pixels, limited size, rotated as the file says."""
        width, height = decoded.width * pixel_aspect, decoded.height
        shrink = min(1.0, LONGEST_SIDE / max(width, height))
        image = self._reformatter.reformat(
            decoded, max(1, round(width * shrink)), max(1, round(height * shrink)), "bgr24"
        ).to_ndarray()
        quarter_turns = round(decoded.rotation / 90) % 4  # counter-clockwise, as rot90 turns
        upright = np.rot90(image, quarter_turns)
        return np.ascontiguousarray(upright[:, ::-1] if self._mirrored else upright)

    def _decode(self) -> Iterator[_Decoded]:
        """Every picture as PyAV decodes it, with its repaired time stamp."""
        stamps = Stamps(self._file_fps, self._promised_s())
        for index, decoded in enumerate(self._pictures()):
            t_s = stamps.next(decoded.time)
            self._read = index + 1, t_s
            yield decoded, t_s * (self._speed or 1.0)

    def _pictures(self) -> Iterator[Any]:
        """Decoded pictures; skips damaged packets and notes that there were some."""
        packets = self._container.demux(self._stream)
        while True:
            try:
                packet = next(packets, None)
                pictures = packet.decode() if packet is not None else []
            except (av.FFmpegError, OSError):
                self._broken = True
                continue
            if packet is None:
                return
            yield from pictures

    def _promised_s(self) -> float:
        """How long the recording is, as the file says; 0 where it does not."""
        if self._stream.duration is not None and self._stream.time_base is not None:
            return float(self._stream.duration * self._stream.time_base)
        return (self._container.duration or 0) / float(av.time_base)

    def _missing(self, read: int, last_t_s: float) -> str | None:
        """A sentence where frames of the file could not be read; None for a whole one."""
        promised_s = self._promised_s()
        got_s = last_t_s + 1 / self._file_fps
        # An edit list may hide frames that are counted, so the count alone proves nothing.
        short = not self._stream.frames or self._stream.frames - read > _SPARE
        if short and promised_s - got_s > (1.5 / self._file_fps if self._broken else 0.5):
            return tr(
                "{file} ends early: {got} s of {promised} s could be read.",
                file=self.path.name,
                got=decimal(got_s),
                promised=decimal(promised_s),
            )
        if short and self._broken and self._stream.frames:
            return tr(
                "{file} is damaged: {got} of its {promised} frames could be read.",
                file=self.path.name,
                got=read,
                promised=self._stream.frames,
            )
        return None


def frame_times(path: Path) -> list[float] | None:
    """Display times of a video's frames, seconds from the first, read without decoding; None when the file
    has no time stamps or is no video.
    """
    try:
        with av.open(f"file:{path}") as container:
            packets = [packet for packet in container.demux(video=0) if packet.size and not packet.is_discard]
    except (av.FFmpegError, OSError, ValueError, IndexError):
        return None
    stamps = sorted(float(p.pts * p.time_base) for p in packets if p.pts is not None and p.time_base)
    return [stamp - stamps[0] for stamp in stamps] if stamps and len(stamps) == len(packets) else None


def _thinned(decoded: Iterator[_Decoded], every: int) -> Iterator[_Decoded]:
    """Every n-th picture, and as many more as it takes to keep `LEAST_FPS`."""
    waiting: _Decoded | None = None
    passed, given_s = every, -math.inf
    for one in decoded:
        if waiting is not None and one[1] - given_s > 1 / LEAST_FPS + _TOLERANCE_S:
            yield waiting
            passed, given_s, waiting = 1, waiting[1], None
        if passed >= every:
            yield one
            passed, given_s, waiting = 1, one[1], None
        else:
            waiting = one
            passed += 1


def _capture_fps(metadata: Mapping[str, str]) -> float | None:
    """Frames a second that the camera took, as Android's phones and some others note them."""
    for name, value in metadata.items():
        if name.lower().endswith(_CAPTURE_FPS):
            with contextlib.suppress(ValueError):
                return float(value) if 0 < float(value) < math.inf else None
    return None


def _plausible_fps(stream: Any) -> float:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate and 1 <= rate <= 240:
            return float(rate)
    return DEFAULT_FPS
