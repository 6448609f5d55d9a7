"""What is heard of a live session, and the sound device behind it."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from posecoach.coaching.utterances import TONE_S
from posecoach.coaching.view import Event, Kind, View
from posecoach.core import interrupts, language
from posecoach.core.choices import SoundChoice
from posecoach.core.errors import OutputError
from posecoach.feedback.audio import RATE_HZ, Samples
from posecoach.feedback.player import Player, device
from posecoach.feedback.speaker import Speaker
from posecoach.feedback.voice import Voice
from tests.support.sound import WORD_S, Loudspeaker, engine

ANNOUNCE = "Step 1 of 2. Lie on your back"


def view(t_s: float, *news: tuple[Kind, str], urgent: bool = False) -> View:
    events = tuple(Event(t_s, kind, text, urgent) for kind, text in news)
    return View(t_s, 1, 1, "Knee to chest", "left", "hold", "Hold", events=events)


def soon(true: Callable[[], object]) -> bool:
    """Whether something comes to be true before long."""
    for _ in range(1000):
        if true():
            return True
        time.sleep(0.01)
    return False


@pytest.fixture
def voice() -> Iterator[Voice]:
    with closing(Voice(engine=engine("speaks"))) as speaking:
        yield speaking


def ready(speaker: Speaker) -> Loudspeaker:
    assert soon(lambda: speaker.audible)
    return Loudspeaker.made[-1]


def test_tones_come_at_once_and_words_follow(voice: Voice) -> None:
    speaker = Speaker(voice, 70)
    heard = ready(speaker)
    assert heard.volume == 70
    speaker.hear(view(1.0, ("in_position", "Hold")))
    assert heard.played[0] == pytest.approx(TONE_S["start"], abs=0.01)
    assert soon(lambda: len(heard.played) == 2)
    assert heard.played[1] == pytest.approx(WORD_S, abs=0.05)
    speaker.close()
    assert heard.closed


class Slow(Voice):
    """A voice that says nothing until it may go on."""

    def __init__(self) -> None:
        super().__init__(engine=engine("speaks"))
        self.go_on = threading.Event()

    def say(self, text: str) -> Samples | None:
        self.go_on.wait()
        return super().say(text)


@pytest.fixture
def slow() -> Iterator[Slow]:
    with closing(Slow()) as speaking:
        yield speaking


def test_what_matters_more_cuts_and_words_that_were_cut_are_not_heard_later(slow: Slow) -> None:
    speaker = Speaker(slow, 70)
    heard = ready(speaker)
    speaker.hear(view(1.0, ("announce", ANNOUNCE)))
    speaker.hear(view(1.5, ("cue", "Head down"), urgent=True))
    assert heard.cuts == 1
    slow.go_on.set()
    assert soon(lambda: heard.played)
    speaker.close()
    assert heard.played == pytest.approx([2 * WORD_S], abs=0.05)
    assert [said.cuts for said in speaker.said] == [False, True]


@pytest.mark.parametrize(("sound", "count"), [("tones", 1), ("voice", 2)])
def test_tones_alone(voice: Voice, sound: SoundChoice, count: int) -> None:
    speaker = Speaker(voice, 70, sound)
    heard = ready(speaker)
    speaker.hear(view(1.0, ("hold_done", "Release")))
    speaker.close(last_words=True)
    assert len(heard.played) == count


def test_a_voice_that_hangs_blocks_no_frame_and_costs_no_tone() -> None:
    with closing(Voice(engine=engine("hangs"), patience_s=20)) as hanging:
        speaker = Speaker(hanging, 70)
        heard = ready(speaker)
        for number in range(20):
            speaker.hear(view(20 * number, ("in_position", "Hold")))
            speaker.hear(view(20 * number + 10, ("hold_done", "Release")))
        assert len(heard.played) == 40
        assert threading.active_count() < 20
        speaker.close()
        assert hanging.length_s("Hold") > 0


def test_without_a_sound_device_there_is_one_sentence_and_no_voice_is_started(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    def missing(_: int) -> None:
        raise OutputError("No sound device was found: connect one.")

    monkeypatch.setattr("posecoach.feedback.speaker.Player", missing)
    asked = tmp_path / "asked"
    with closing(Voice(engine=(*engine("speaks"), str(asked)))) as voice:
        speaker = Speaker(voice, 70)
        speaker.hear(view(1.0, ("announce", ANNOUNCE), ("in_position", "Hold")))
        speaker.close(last_words=True)
    assert caplog.messages == ["No sound device was found: connect one. The session goes on without sound."]
    assert not asked.exists()


def test_a_sound_device_that_is_pulled_out_is_told_of_once(
    caplog: pytest.LogCaptureFixture, voice: Voice
) -> None:
    speaker = Speaker(voice, 70)
    ready(speaker).works = False
    for second in range(3):
        speaker.hear(view(20 * second, ("announce", f"{ANNOUNCE} {second}")))
    speaker.close(last_words=True)
    assert caplog.messages == ["The sound device is gone. The session goes on without sound."]


def test_that_nothing_is_heard_is_said_in_one_language(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, voice: Voice
) -> None:
    def missing(_: int) -> None:
        raise OutputError("PortAudio fehlt.")

    language.use("de")
    monkeypatch.setattr("posecoach.feedback.speaker.Player", missing)
    Speaker(voice, 70).close(last_words=True)
    assert caplog.messages == ["PortAudio fehlt. Die Sitzung geht ohne Ton weiter."]


def test_what_is_only_kept_is_made_and_not_heard(voice: Voice) -> None:
    speaker = Speaker(voice, 70, "off", recorded=True)
    speaker.hear(view(1.0, ("announce", ANNOUNCE)))
    speaker.close(last_words=True)
    assert voice.length_s(ANNOUNCE) == pytest.approx(8 * WORD_S, abs=0.05)
    assert Loudspeaker.made == []


def test_the_last_words_are_waited_for_and_a_session_that_is_quit_is_silent_at_once(voice: Voice) -> None:
    news = (("rep", "2 of 2"), ("step_done", "Complete"), ("done", "That was all"))
    finished, quit_ = Speaker(voice, 70), Speaker(voice, 70)
    for speaker in (finished, quit_):
        assert soon(partial(getattr, speaker, "audible"))
        speaker.hear(view(1.0, *news))  # type: ignore[arg-type]
    quit_.close()
    finished.close(last_words=True)
    assert [said.text for said in finished.said] == ["2 of 2", "Complete", "That was all"]
    assert [said.text for said in quit_.said] == ["2 of 2"]


def test_a_session_that_is_stopped_ends_with_its_last_words_alone(voice: Voice) -> None:
    speaker = Speaker(voice, 70)
    heard = ready(speaker)
    speaker.hear(view(1.0, ("cue", ANNOUNCE), ("announce", "Knee to chest")))
    speaker.stop("Get up slowly")
    speaker.close(last_words=True)
    assert [said.text for said in speaker.said] == [ANNOUNCE, "Get up slowly"]
    assert heard.cuts == 1
    assert heard.played[-1] == pytest.approx(3 * WORD_S, abs=0.05)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")
@pytest.mark.parametrize("ends", ["key", "Ctrl-C"])
def test_a_second_stop_ends_the_last_words_at_once(ends: str) -> None:
    with closing(Voice(engine=engine("hangs"))) as slow, interrupts.only_first():
        with suppress(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        speaker = Speaker(slow, 70)
        speaker.stop("Get up slowly")
        began_s = time.monotonic()
        if ends == "Ctrl-C":
            threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        speaker.close(last_words=True, enough=lambda: ends == "key")
        assert time.monotonic() - began_s < 4


# -- the sound device ------------------------------------------------------------------------------------


class Stream:
    """A stream of the sound library; `fill` asks for samples as the library does."""

    def __init__(self, channels: int, callback: Callable[..., None], **_: object) -> None:
        self.channels, self.callback, self.active = channels, callback, False

    def start(self) -> None:
        self.active = True

    def fill(self, count: int) -> Any:
        out = np.full((count, self.channels), 9, np.float32)
        self.callback(out, count, None, None)
        return out

    def abort(self, ignore_errors: bool) -> None:
        self.active = False

    def close(self, ignore_errors: bool) -> None: ...


class PortAudioError(Exception):
    """As in the sound library."""


def library(
    monkeypatch: pytest.MonkeyPatch, channels: int = 2, error: Exception | None = None
) -> list[Stream]:
    """Puts a sound library in place of the real one; the streams that are opened in it."""
    opened: list[Stream] = []

    def output(**given: Any) -> Stream:
        opened.append(Stream(**given))
        return opened[-1]

    def query_devices(kind: str) -> dict[str, object]:
        if error is not None:
            raise error
        return {"name": "Headphones", f"max_{kind}_channels": channels}

    fake = SimpleNamespace(OutputStream=output, PortAudioError=PortAudioError, query_devices=query_devices)
    monkeypatch.setitem(sys.modules, "sounddevice", fake)
    return opened


def test_sounds_follow_each_other_on_every_channel_at_the_volume(monkeypatch: pytest.MonkeyPatch) -> None:
    streams = library(monkeypatch)
    assert device() == "Headphones"
    with Player(volume=50) as player:
        player.play(np.full(100, 0.8, np.float32))
        player.play(np.full(50, 0.4, np.float32))
        assert player.left_s == pytest.approx(150 / RATE_HZ)
        out = streams[0].fill(120)
        assert out.shape == (120, 2)
        assert out[:100] == pytest.approx(0.4)
        assert out[100:] == pytest.approx(0.2)
        assert streams[0].fill(60)[30:] == pytest.approx(0)
        assert player.left_s == 0
        assert player.works
    assert not player.works


def test_a_cut_is_soft_and_quick_and_what_follows_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    streams = library(monkeypatch, channels=1)
    with Player(100) as player:
        player.play(np.ones(RATE_HZ, np.float32))
        player.cut()
        assert player.left_s < 0.05
        player.play(np.full(10, -1, np.float32))
        out = streams[0].fill(RATE_HZ // 10)[:, 0]
        assert out[0] == 1
        assert out.min() == -1
        assert np.abs(np.diff(out[: round(0.02 * RATE_HZ) - 1])).max() < 0.01


@pytest.mark.parametrize("error", [PortAudioError("no device"), ValueError("No output device")])
def test_no_sound_device_is_one_sentence(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    library(monkeypatch, error=error)
    with pytest.raises(OutputError, match="No sound device was found"):
        Player()


def test_a_device_that_refuses_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: Stream) -> None:
        raise PortAudioError("busy")

    library(monkeypatch)
    monkeypatch.setattr(Stream, "start", refuse)
    with pytest.raises(OutputError, match="Headphones cannot be used"):
        Player()


def test_a_missing_sound_library_is_named_with_what_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sounddevice", None)
    with pytest.raises(OutputError, match="libportaudio2"):
        device()
