"""The voice, with engines that are there for the purpose: good ones and bad ones."""

import json
import logging
import sys
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from posecoach.coaching.utterances import spoken_s
from posecoach.core.errors import InputError, OutputError
from posecoach.feedback import audio
from posecoach.feedback.audio import RATE_HZ
from posecoach.feedback.voice import Voice, chosen_voice
from tests.support.sound import VOICES, WORD_S, engine


@pytest.fixture(autouse=True)
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("posecoach"), "propagate", True)


def voice(how: str, patience_s: float = 20, **options: object) -> "closing[Voice]":
    return closing(Voice(engine=engine(how), patience_s=patience_s, **options))  # type: ignore[arg-type]


def test_a_text_becomes_sound_and_its_length_is_known_then() -> None:
    with voice("speaks") as speaking:
        assert speaking.length_s("three words long") == spoken_s("three words long")
        sound = speaking.say("three words long")
        assert sound is not None
        assert sound.dtype == np.float32
        assert 0.1 < abs(sound).max() <= 1
        assert speaking.length_s("three words long") == pytest.approx(3 * WORD_S, abs=0.05)
        assert speaking.say("three words long") is sound, "it is made once"
        assert speaking.say("") is None


def test_rate_and_voice_reach_the_engine(tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    with closing(Voice(rate=120, name="daniel", engine=(*engine("speaks"), str(asked)))) as speaking:
        assert speaking.open() == "Daniel"
    assert json.loads(asked.read_text("utf-8")) == {"voice": "en/daniel", "rate": 120}


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("hangs", "hangs and was stopped"),
        ("no voice", "There is no voice on this machine"),
        ("dies", "has ended by itself"),
        ("mute", "gives no sound"),
    ],
)
def test_a_bad_voice_is_told_of_once_in_one_sentence_and_then_silent(
    how: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    with voice(how, patience_s=0.3 if how == "hangs" else 20) as bad:
        assert all(bad.say(text) is None for text in ("One", "Two", "Three"))
        assert bad.lost
        assert bad.length_s("One") == spoken_s("One")
    assert len(caplog.messages) == 1
    assert words in caplog.text
    assert "Traceback" not in caplog.text


def test_without_an_engine_there_is_one_sentence(caplog: pytest.LogCaptureFixture) -> None:
    with closing(Voice(engine=("/nowhere/engine",))) as missing:
        assert missing.say("One") is None
    assert len(caplog.messages) == 1
    assert "cannot be started" in caplog.text


def test_an_engine_that_serves_once_is_started_anew_each_time(caplog: pytest.LogCaptureFixture) -> None:
    with voice("serves once", patience_s=1.5) as whimsical:
        assert all(whimsical.say(text) is not None for text in ("One", "Two", "Three", "Four"))
    assert caplog.messages == []


def test_an_engine_is_gone_with_its_folder_when_the_voice_is_closed() -> None:
    with voice("speaks") as speaking:
        speaking.say("One")
        running = speaking._engine
        assert running is not None
        folder, process = Path(running._folder.name), running._process
        assert folder.exists()
    assert process.poll() is not None
    assert not folder.exists()
    assert speaking.say("One") is not None
    assert speaking.say("Two") is None, "after its end nothing new is said"


@pytest.mark.parametrize(
    ("default", "name", "expected"),
    [
        ("en/albert", "", "Albert"),
        ("de/anna", "", "Daniel"),  # a German voice cannot read English; joke voices come last
        (None, "", "Daniel"),
        ("en/albert", "DANIEL", "Daniel"),
        ("en/albert", "en-gb", "Daniel"),
        ("en/albert", "en_us", "Albert"),
        ("en/albert", "de/anna", "Anna"),
        ("en/albert", "dan", "Daniel"),
    ],
)
def test_which_voice_speaks(default: str | None, name: str, expected: str) -> None:
    found = chosen_voice(VOICES, default, name, "en")
    assert found is not None
    assert found["name"] == expected


def test_a_voice_of_another_language_is_better_than_none() -> None:
    assert chosen_voice(VOICES[:1], "de/anna", "", "en") == VOICES[0]
    assert chosen_voice([], None, "", "en") is None


def test_a_voice_that_is_not_there_is_named_with_those_that_are() -> None:
    with voice("speaks", name="Zarathustra") as unknown, pytest.raises(InputError, match="Albert, Daniel"):
        unknown.open()


def test_a_remembered_voice_that_is_gone_is_replaced(caplog: pytest.LogCaptureFixture) -> None:
    with voice("speaks", name="Zarathustra") as gone:
        assert gone.say("One") is not None
    assert len(caplog.messages) == 1
    assert "The usual one speaks" in caplog.text


def test_a_test_of_the_voice_says_a_word() -> None:
    with voice("speaks") as good:
        assert good.test() == "Daniel"
    with voice("hangs", patience_s=0.2) as bad, pytest.raises(OutputError, match="hangs"):
        bad.test()


# -- sound as numbers ------------------------------------------------------------------------------------


def test_silence_around_words_is_left_out() -> None:
    loud = np.full(RATE_HZ, 0.5, np.float32)
    sound = np.concatenate((np.zeros(RATE_HZ, np.float32), loud, np.zeros(2 * RATE_HZ, np.float32)))
    assert len(audio.trimmed(sound)) == pytest.approx(RATE_HZ * 1.02, abs=2)
    assert len(audio.trimmed(sound[:RATE_HZ])) == 0


def test_what_is_cut_ends_softly_and_soon() -> None:
    end = audio.faded(np.ones(RATE_HZ, np.float32))
    assert end[0] == 1
    assert end[-1] == 0
    assert len(end) <= RATE_HZ / 20
    assert len(audio.faded(end[:3])) == 3


@pytest.mark.parametrize("content", [b"", b"no sound at all"])
def test_a_file_without_sound_is_an_error_and_no_crash(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "words.wav"
    path.write_bytes(content)
    with pytest.raises((OSError, ValueError)):
        audio.read(path)
    path.unlink()
    with pytest.raises(OSError, match="No such file"):
        audio.read(path)


def test_the_voice_of_this_machine() -> None:
    command = (sys.executable, "-m", "posecoach.feedback.voice_process")
    with closing(Voice(engine=command)) as own:
        try:
            own.open()
        except OutputError as error:
            pytest.skip(str(error))
        sounds = [own.say(text) for text in ("Three", "Half way, and breathe slowly out", "Two")]
    assert all(sound is not None for sound in sounds)
    short, long, other = (len(sound) / RATE_HZ for sound in sounds if sound is not None)
    assert 0.1 < short < long
    assert 0.1 < other < long


def test_a_voice_speaks_the_language_that_is_wanted_or_it_is_said(caplog: pytest.LogCaptureFixture) -> None:
    with voice("speaks", language="de") as german:
        assert german.open() == "Anna"
    with voice("speaks", language="fr") as other:
        assert other.say("un") is not None
        assert other.say("deux") is not None
    assert len(caplog.messages) == 1
    assert "No voice on this machine speaks fr" in caplog.text
