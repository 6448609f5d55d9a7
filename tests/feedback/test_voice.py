"""The voice, with engines that are there for the purpose: good ones and bad ones."""

import json
import logging
import shutil
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from posecoach.coaching.utterances import spoken_s
from posecoach.core.errors import InputError, OutputError
from posecoach.feedback import audio
from posecoach.feedback.audio import RATE_HZ
from posecoach.feedback.voice import Voice
from posecoach.feedback.voice_choice import InstalledVoice, chosen_voice
from posecoach.feedback.voice_engine import ESPEAK, SAY, Program, ProgramEngine
from tests.support.sound import VOICES, WORD_S, engine

INSTALLED = [InstalledVoice(voice["id"], voice["name"], tuple(voice["languages"])) for voice in VOICES]


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


def test_an_engine_is_gone_when_the_voice_is_closed() -> None:
    before = psutil.Process().children()
    with voice("speaks") as speaking:
        assert speaking.say("One") is not None
        assert len(psutil.Process().children()) == len(before) + 1
    assert psutil.Process().children() == before
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
    found = chosen_voice(INSTALLED, default, name, "en")
    assert found is not None
    assert found.name == expected


def test_a_voice_of_another_language_is_better_than_none() -> None:
    assert chosen_voice(INSTALLED[:1], "de/anna", "", "en") == INSTALLED[0]
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


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_espeak_ng_speaks_both_languages_and_every_text() -> None:
    for language, name in (("en", "English (Great Britain)"), ("de", "German")):
        with closing(ProgramEngine(ESPEAK)) as own:
            assert own.prepare(150, "", language) == name
            short, long, dashed = (own.save(text, 20) for text in ("Three", "Half way, and breathe", "-v"))
            assert 0.1 * RATE_HZ < len(short) < len(long)
            assert len(dashed), "a text is never taken for an option"
            assert not own.foreign


def program(tmp_path: Path, script: str) -> Program:
    """A speech program that lists one voice and then does what `script` says."""
    path = tmp_path / "speech.py"
    path.write_text(
        f"""
import sys, time
if "--voices" in sys.argv:
    print(" 5 en --/M Test x/en")
else:
    {script}
"""
    )
    return replace(ESPEAK, name=sys.executable, listing=(str(path), "--voices"), saving=(str(path), "{file}"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no speech program")
@pytest.mark.parametrize(
    ("script", "patience_s", "words"),
    [("time.sleep(100)", 0.3, "hangs"), ("sys.exit(1)", 20, "ended by itself"), ("pass", 20, "no sound")],
)
def test_a_speech_program_that_fails_costs_its_words_and_is_gone(
    script: str, patience_s: float, words: str, tmp_path: Path
) -> None:
    with closing(ProgramEngine(program(tmp_path, script))) as bad:
        assert bad.prepare(150, "", "en") == "Test"
        with pytest.raises(OutputError, match=words):
            bad.save("One", patience_s)


def test_a_speech_program_that_is_missing_names_the_remedy() -> None:
    with (
        closing(ProgramEngine(replace(ESPEAK, name="/nowhere/espeak-ng"))) as missing,
        pytest.raises(OutputError, match="There is no voice on this machine"),
    ):
        missing.prepare(150, "", "en")


def test_the_voices_that_macos_lists_are_understood() -> None:
    listed = """Albert              en_US    # Hello! My name is Albert.
Eddy (German (Germany)) de_DE    # Hallo! Ich heiße Eddy.
Bad News            en_US    # Hello! My name is Bad News.
"""
    assert SAY.voices(listed) == [
        InstalledVoice("Albert", "Albert", ("en_US",)),
        InstalledVoice("Eddy (German (Germany))", "Eddy (German (Germany))", ("de_DE",)),
        InstalledVoice("Bad News", "Bad News", ("en_US",)),
    ]


def test_the_voices_that_espeak_ng_lists_are_understood() -> None:
    listed = """Pty Language       Age/Gender VoiceName          File                 Other Languages
 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 5  de              --/M      German             gmw/de               
"""  # noqa: W291
    assert ESPEAK.voices(listed) == [
        InstalledVoice("gmw/en", "English (Great Britain)", ("en-gb", "en")),
        InstalledVoice("gmw/de", "German", ("de",)),
    ]


def test_a_voice_speaks_the_language_that_is_wanted_or_it_is_said(caplog: pytest.LogCaptureFixture) -> None:
    with voice("speaks", language="de") as german:
        assert german.open() == "Anna"
    with voice("speaks", language="fr") as other:
        assert other.say("un") is not None
        assert other.say("deux") is not None
    assert len(caplog.messages) == 1
    assert "No voice on this machine speaks fr" in caplog.text
