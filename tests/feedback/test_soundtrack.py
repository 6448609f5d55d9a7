"""A session as a sound file with a transcript."""

import io
import re
import wave
from collections.abc import Iterable
from contextlib import closing
from functools import cache
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from posecoach.coaching.coach import Coach
from posecoach.coaching.utterances import TONE_S, Utterance
from posecoach.feedback import tones
from posecoach.feedback.audio import RATE_HZ, Samples
from posecoach.feedback.soundtrack import Narrator, Soundtrack, clock, soundtrack
from posecoach.feedback.voice import Voice
from posecoach.records import routine_files
from tests.conftest import Run
from tests.support.joined import DEMO
from tests.support.sound import WORD_S, engine
from tests.support.synthetic import CROOK, Shot, T, film, repeat

FPS = 8
LEFT = CROOK.but(hip_left=118, knee_left=128)


def words(text: str) -> Samples:
    """A steady sound in place of a text."""
    return np.full(round(WORD_S * len(text.split()) * RATE_HZ), 0.5, np.float32)


def loud(track: Soundtrack, from_s: float, to_s: float) -> float:
    """The share of a span that sounds."""
    return float((abs(track.sound[round(from_s * RATE_HZ) : round(to_s * RATE_HZ)]) > 0.1).mean())


def test_words_are_where_the_transcript_says_and_nowhere_else() -> None:
    track = soundtrack(
        [Utterance(2, "ready", "Draw it in"), Utterance(5, "halfway", "Half way")], words, 100, 9
    )
    assert track.transcript() == "0:02.00  Draw it in\n0:05.00  Half way\n"
    assert len(track.sound) == 9 * RATE_HZ
    assert [loud(track, *span) for span in ((0, 2), (2, 2.9), (2.9, 5), (5, 5.6), (5.6, 9))] == [
        0,
        1,
        0,
        1,
        0,
    ]


def test_a_tone_comes_before_its_words() -> None:
    track = soundtrack([Utterance(1, "in_position", "Hold", "start")], words, 100)
    first = track.sound[RATE_HZ : RATE_HZ + len(tones.tone("start"))]
    assert first == pytest.approx(tones.tone("start"))
    assert track.transcript() == f"{clock(1 + TONE_S['start'])}  Hold\n"
    assert loud(track, 1 + TONE_S["start"], 1 + TONE_S["start"] + WORD_S) == 1


def test_what_was_cut_is_cut_in_the_file_and_noted() -> None:
    long = "Step 1 of 3 Knee to chest left side"
    said = [Utterance(1, "announce", long), Utterance(2, "cue", "Head down", rank=5, cuts=True)]
    track = soundtrack(said, words, 100)
    assert track.lines == (f"0:01.00  {long}  [cut short]", "0:02.00  Head down")
    assert loud(track, 1, 1.97) == 1
    assert len(track.sound) / RATE_HZ == pytest.approx(2 + 2 * WORD_S)
    assert track.sound.max() == pytest.approx(0.5), "the two never sound together"


def test_words_that_took_longer_than_expected_are_followed_and_not_drowned() -> None:
    said = [Utterance(1, "ready", "Draw it in"), Utterance(1.5, "halfway", "Half way")]
    track = soundtrack(said, words, 100)
    assert track.lines[1].startswith("0:01.90")
    assert track.sound.max() == pytest.approx(0.5)


def test_without_a_voice_there_are_tones_and_a_transcript() -> None:
    said = [Utterance(1, "in_position", "Hold", "start"), Utterance(3, "halfway", "Half way")]
    track = soundtrack(said, lambda _: None, 100, 4)
    assert track.transcript() == "0:01.35  Hold\n0:03.00  Half way\n"
    assert loud(track, 1, 1.35) > 0
    assert loud(track, 1.35, 4) == 0


def test_the_file_is_a_wav_of_one_channel_at_the_volume() -> None:
    said = [Utterance(1, "halfway", "Half way")]
    whole, half = (soundtrack(said, words, volume).wav() for volume in (100, 50))
    loudest = []
    for content in (whole, half):
        with wave.open(io.BytesIO(content)) as file:
            assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, RATE_HZ)
            assert file.getnframes() == round((1 + 2 * WORD_S) * RATE_HZ)
            loudest.append(np.frombuffer(file.readframes(file.getnframes()), "<i2").max())
    assert loudest[1] == pytest.approx(loudest[0] / 2, abs=2)
    assert soundtrack([], words, 100).wav()


# -- a session -------------------------------------------------------------------------------------------


def follow(narrator: Narrator, coach: Coach, shots: Iterable[Shot]) -> None:
    for shot in shots:
        narrator.hear(coach.update(shot.pose, shot.t_s))


@cache
def demo_session() -> tuple[list[Utterance], Soundtrack]:
    """The routine `demo`, done as the sample clips do it, with a cue in its last step."""
    bridge = CROOK.but(pelvis=0.45)
    twisted = T.but(turn=60, shoulder_right=0.3)
    steps = [(CROOK, LEFT, 11, 1), (CROOK, bridge, 1.5, 4), (T, twisted, 9.5, 1)]
    coach, t_s = Coach(routine_files.load("demo"), words="many"), 0.0
    with closing(Voice(engine=engine("speaks"))) as voice:
        narrator = Narrator(voice)
        for rest, deep, hold_s, reps in steps:
            segments = [(14.0, rest), *repeat(rest, deep, hold_s, reps)]
            shots = film(rest, segments, FPS, start_s=t_s)
            follow(narrator, coach, shots)
            t_s = shots[-1].t_s + 1 / FPS
        said = narrator.finish()
        assert coach.finished
        return said, soundtrack(said, voice.say, 100)


def test_the_session_says_what_the_routine_asks_for() -> None:
    text = demo_session()[1].transcript()
    steps = [step for step in routine_files.load("demo").steps if step.exercise]
    places = [text.find(f"Step {number} of {len(steps)}") for number in range(1, len(steps) + 1)]
    assert places == sorted(places)
    assert -1 not in places
    assert "left side" in text
    holds = sum(step.hold_s >= 4 for step in steps)
    assert text.count("Half way") == sum(step.hold_s >= 10 for step in steps)
    for words in ("Three", "Two", "  One\n", "Done. Release slowly", "Hold, and breathe"):
        assert text.count(words) == holds, words
    assert [f"{rep} of 4" in text for rep in range(1, 5)] == [True] * 4
    assert "right shoulder" in text
    assert text.count("Well done") == 1, "the first step was clean, and praise is seldom"
    assert text.splitlines()[-1].endswith("get up slowly")


def test_no_two_things_are_heard_at_once_and_counts_come_on_the_second() -> None:
    said, track = demo_session()
    for before, after in pairwise(said):
        length_s = WORD_S * len(before.text.split())
        assert after.cuts or after.t_s >= before.words_s + length_s - 0.1, (before, after)
    counts = [one.t_s for one in said if one.kind == "count"]
    assert [b - a for a, b in pairwise(counts[:3])] == pytest.approx([1, 1], abs=1.5 / FPS)
    times = [
        60 * int(m) + float(s) for m, s in re.findall(r"^(\d+):([\d.]+)  ", track.transcript(), re.MULTILINE)
    ]
    assert times == pytest.approx([one.words_s for one in said if one.text], abs=0.1)
    for at_s in times:
        assert loud(track, at_s + 0.02, at_s + 0.2) > 0.9


def test_the_clips_that_are_joined_for_the_demo_fit_its_steps() -> None:
    exercises = [clip.parent.name for clip in DEMO]
    assert exercises == [step.exercise for step in routine_files.load("demo").steps]
    assert all(clip.is_file() for clip in DEMO)


# -- as options ------------------------------------------------------------------------------------------


def test_check_without_a_voice_writes_both_and_says_how_to_get_one(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posecoach.feedback.voice.ENGINE", engine("no voice"))
    out = tmp_path / "said.wav"
    status, _, errors = posecoach("check", short_clip, "--routine", "demo", "--voice-out", out)
    assert status == 0
    assert errors.count("There is no voice on this machine") == 1
    assert "Knee to chest, left side" in (tmp_path / "said.txt").read_text("utf-8")
    assert out.stat().st_size > 1000


def test_a_live_session_keeps_what_it_says(posecoach: Run, short_clip: Path, tmp_path: Path) -> None:
    out = tmp_path / "said.wav"
    arguments = ("live", "demo", "--camera", short_clip, "--no-window", "--voice-out", out)
    status, _, errors = posecoach(*arguments, "--rate", 120, "--volume", 40, "--sound", "tones")
    assert (status, str(out) in errors) == (0, True)
    assert "Knee to chest, left side" in (tmp_path / "said.txt").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--voice-out", "said.mp3"), "WAV"),
        (("--voice-out", "nowhere/said.wav"), "no folder nowhere"),
        (("--voice-name", "Zarathustra"), "Albert, Daniel"),
    ],
)
def test_what_cannot_be_used_is_named_before_anything_begins(
    posecoach: Run,
    short_clip: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, str],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, output, errors = posecoach("live", "demo", "--camera", short_clip, "--no-window", *arguments)
    assert status in (1, 2)
    assert (output, errors.count("\n")) == ("", 1)
    assert words in errors


def test_a_full_disk_costs_the_sound_file_and_no_result(
    posecoach: Run, short_clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    command = ("live", "demo", "--camera", short_clip, "--no-window", "--voice-out", tmp_path / "said.wav")
    status, output, errors = posecoach(*command)
    assert status == 1
    assert "ended early" in output
    assert errors.count("No space left on device") >= 1
