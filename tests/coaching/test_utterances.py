"""What is heard and when, by the frames' own clock."""

from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest

from posecoach.coaching.utterances import TONE_S, Utterance, UtteranceQueue, spoken_s
from posecoach.coaching.view import Event, Kind
from posecoach.feedback.audio import RATE_HZ
from posecoach.feedback.tones import tone

FPS = 10
LONG = "Step 1 of 3: Knee to chest, left side. Lie on your back, legs bent or straight"


def heard(
    *events: Event,
    length: Callable[[str], float] = lambda text: 0.3 * len(text.split()),
    words: bool = True,
    lasts_s: float = 40,
) -> list[Utterance]:
    """All that is heard of events."""
    speech, said = UtteranceQueue(length, words), list[Utterance]()
    for frame in range(round(lasts_s * FPS)):
        t_s = frame / FPS
        news = [event for event in events if abs(event.t_s - t_s) < 0.5 / FPS]
        utterance = speech.update(news, t_s)
        said += [utterance] if utterance else []
    return said


def texts(said: Iterable[Utterance]) -> list[str]:
    return [utterance.text for utterance in said]


def test_what_comes_together_is_said_one_after_the_other() -> None:
    said = heard(Event(1, "rep", "2 of 2"), Event(1, "step_done", "Complete"), Event(1, "announce", LONG))
    assert texts(said) == ["2 of 2", "Complete", LONG]
    assert not any(utterance.cuts for utterance in said)
    for before, after in pairwise(said):
        assert after.t_s >= before.words_s + 0.3 * len(before.text.split())


def test_an_urgent_cue_cuts_a_lesser_one_and_is_not_cut_by_it() -> None:
    lesser, urgent = Event(1, "cue", "Come back slowly when you are ready"), "Let your head rest"
    said = heard(lesser, Event(1.5, "cue", urgent, urgent=True))
    assert [(u.text, u.t_s, u.cuts) for u in said] == [(lesser.text, 1, False), (urgent, 1.5, True)]
    said = heard(Event(1, "cue", urgent, urgent=True), Event(1.5, "cue", lesser.text))
    assert [u.cuts for u in said] == [False, False]
    assert said[1].t_s >= 1 + 0.3 * 4


@pytest.mark.parametrize("kind", ["in_position", "count", "hold_done"])
def test_what_has_its_moment_cuts_an_instruction(kind: Kind) -> None:
    said = heard(Event(1, "announce", LONG), Event(2, kind, "Hold"))
    assert [(u.text, u.cuts) for u in said] == [(LONG, False), ("Hold", True)]


def test_what_comes_too_late_is_dropped() -> None:
    cue = Event(1, "cue", "Let your right shoulder sink back onto the bed", urgent=True)
    assert texts(heard(cue, Event(1.5, "count", "Two"))) == [cue.text]
    assert texts(heard(cue, Event(1.5, "halfway", "Half way"))) == [cue.text]
    assert texts(heard(cue, Event(1.5, "hold_done", "Done"))) == [cue.text, "Done"]
    assert texts(heard(cue, Event(1.5, "announce", LONG))) == [cue.text, LONG]


def test_a_count_is_never_three_seconds_late() -> None:
    slow: Callable[[str], float] = lambda text: 4.0 if text == "cue" else 0.5  # noqa: E731
    events = [Event(1, "cue", "cue", urgent=True), Event(2, "rep", "2 of 4"), Event(4, "rep", "3 of 4")]
    said = heard(*events, length=slow)
    assert texts(said) == ["cue", "3 of 4"]


def test_the_same_cue_is_not_repeated_soon_whatever_the_step() -> None:
    cues = [Event(t, "cue", "Let your head rest", urgent=True) for t in (1, 5, 9, 12, 25)]
    said = heard(*cues, Event(4, "announce", "Step 2"))
    assert [u.t_s for u in said if u.kind == "cue"] == [1, 12, 25]


def test_a_new_step_ends_what_was_said_of_the_one_before() -> None:
    said = heard(
        Event(1, "announce", LONG), Event(1.5, "ready", "Draw it in"), Event(3, "announce", "Step 2")
    )
    assert [(u.text, u.cuts) for u in said] == [(LONG, False), ("Step 2", True)]


def test_in_position_makes_the_instruction_needless() -> None:
    said = heard(
        Event(1, "announce", LONG), Event(2, "ready", "Draw your knee in"), Event(3, "in_position", "Hold")
    )
    assert texts(said) == [LONG, "Hold"]


def test_a_release_is_never_late_and_cuts_a_cue() -> None:
    said = heard(Event(1, "cue", "Let your hips stay heavy", urgent=True), Event(1.5, "hold_done", "Release"))
    assert [(u.text, u.t_s, u.cuts) for u in said][1] == ("Release", 1.5, True)


def test_nobody_is_asked_to_begin_while_they_move() -> None:
    speech = UtteranceQueue()
    assert speech.update([Event(1, "ready", "Draw your left knee to your chest")], 1, moving=True) is None
    assert speech.update([], 3, moving=True) is None
    begun = speech.update([], 4)
    assert begun is not None, "whoever only shifted is still told"


def test_whoever_seems_to_move_for_longer_than_a_move_takes_is_told_what_to_do() -> None:
    speech, said = UtteranceQueue(), list[Utterance]()
    for frame in range(15 * FPS):
        news = [Event(0, "announce", "Spinal twist"), Event(0, "ready", "Let both knees sink")]
        utterance = speech.update(news if frame == 0 else [], frame / FPS, moving=True)
        said += [utterance] if utterance else []
    assert texts(said) == ["Spinal twist", "Let both knees sink"]
    assert said[1].t_s < 6


@pytest.mark.parametrize("before_s", [0.8, 1.2])
def test_that_a_hold_has_begun_and_is_over_is_said_however_much_is_corrected(before_s: float) -> None:
    cues = [Event(before_s, "cue", "Draw the knee closer", True), Event(4, "cue", "Let your head rest", True)]
    begins, ends = Event(1, "in_position", "Hold", urgent=True), Event(11, "hold_done", "Release")
    said = heard(*cues, begins, ends, length=lambda text: 2.0 if text == "Hold" else 3.0)
    assert sorted(texts(said[:3])) == ["Draw the knee closer", "Hold", "Let your head rest"]
    assert not any(utterance.cuts for utterance in said), "neither costs the other"
    assert said[-1].text == "Release"
    assert next(u.t_s for u in said if u.text == "Hold") < 5


def test_a_hold_that_is_over_has_not_begun() -> None:
    cue, begins = Event(1, "cue", "Draw the knee closer", True), Event(1.5, "in_position", "Hold", True)
    for over in (Event(3, "hold_done", "Release"), Event(3, "rep", "1 of 2")):
        assert "Hold" not in texts(heard(cue, begins, over, length=lambda _: 3.0))


def test_a_limb_that_is_not_seen_never_costs_an_instruction() -> None:
    said = heard(Event(1, "announce", LONG), Event(2, "unseen", "I cannot see you"))
    assert texts(said) == [LONG]
    assert texts(heard(Event(2, "unseen", "I cannot see you"))) == ["I cannot see you"]


def test_that_only_time_is_kept_is_said_in_full_whatever_comes_next() -> None:
    unseen = Event(1, "keeping_time", "I cannot see you. Until then I only keep time")
    few, release = Event(0.5, "hint", "Few pictures reach me"), Event(1.5, "hold_done", "Release")
    following = Event(1.5, "announce", "Step 2")
    assert texts(heard(few, unseen, release, following)) == [few.text, "Release", unseen.text, "Step 2"]
    said = [(one.text, one.cuts) for one in heard(unseen, release, following)]
    assert said[1:] == [("Release", True), (unseen.text, False), ("Step 2", False)]


def test_that_only_time_is_kept_is_not_said_of_whoever_is_seen_again() -> None:
    unseen = Event(1.5, "keeping_time", "I cannot see you. Until then I only keep time")
    said = heard(Event(1, "announce", LONG), unseen, Event(3, "in_position", "Hold", urgent=True))
    assert texts(said) == [LONG, "Hold"]


def test_a_pause_silences_everything() -> None:
    said = heard(Event(1, "announce", LONG), Event(1, "ready", "Draw it in"), Event(2, "paused", "Paused"))
    assert [(u.text, u.cuts) for u in said] == [(LONG, False), ("Paused", True)]


def test_tones_alone_say_nothing() -> None:
    events = [
        Event(1, "announce", LONG),
        Event(2, "in_position", "Hold"),
        Event(4, "cue", "Head down", urgent=True),
        Event(5, "count", "One"),
        Event(6, "hold_done", "Done"),
    ]
    said = heard(*events, words=False)
    assert [(u.tone, u.t_s) for u in said] == [("start", 2), ("tick", 5), ("end", 6)]
    assert set(texts(said)) == {""}


def test_a_length_that_becomes_known_counts_at_once() -> None:
    known = {"Half": 0.2}
    speech = UtteranceQueue(lambda text: known.get(text, 9.0))
    assert speech.update([Event(0, "ready", "Draw it in")], 0) is not None
    assert speech.update([Event(1, "waiting", "Whenever you are ready")], 1) is None
    known["Draw it in"] = 0.8
    assert speech.update((), 1.1) is not None


def test_the_last_words_are_said_after_the_last_frame() -> None:
    speech = UtteranceQueue()
    events = [Event(0, "rep", "2 of 2"), Event(0, "step_done", "Complete"), Event(0, "done", "That was all")]
    first = speech.update(events, 0.0)
    rest = list(speech.rest(0.0))
    assert first is not None
    assert texts([first, *rest]) == ["2 of 2", "Complete", "That was all"]
    assert not speech.waiting


def test_a_faster_voice_takes_less_time_and_more_words_more() -> None:
    assert spoken_s("") == 0
    assert spoken_s(LONG, 240) < spoken_s(LONG, 160) < spoken_s(LONG, 100)
    assert spoken_s("Three") < 1 < spoken_s(LONG) / 3


@pytest.mark.parametrize("which", list(TONE_S))
def test_a_tone_is_soft_and_keeps_to_its_time(which: str) -> None:
    sound = tone(which)
    assert len(sound) / RATE_HZ == pytest.approx(TONE_S[which], abs=0.001)  # type: ignore[index]
    assert 0.05 < abs(sound).max() < 0.5
    assert abs(sound[:5]).max() < 0.05
    assert abs(sound[-5:]).max() < 0.01, "no click at its ends"
