"""What is said in the routines that ship, measured with a real voice and a body that hears each
sentence out and then does everything well.

    python -m tests.support.transcripts [ROUTINE ...] [--wave ROUTINE.wav]

prints a row for each routine: sentences, longest silence, sentences cut short, and the time from a position
to the word "hold". With --wave the sound of the last one is kept, and what sounds in it compared with the
times that are stated.
"""

import sys
from collections.abc import Sequence
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import numpy as np

from posecoach.assessment.results import Result
from posecoach.coaching.coach import Coach
from posecoach.coaching.utterances import Utterance
from posecoach.coaching.view import View
from posecoach.core.types import Posture
from posecoach.feedback.audio import RATE_HZ, Samples
from posecoach.feedback.soundtrack import Narrator, soundtrack
from posecoach.feedback.voice import Voice
from posecoach.records import routine_files
from tests.coaching.test_shipped_routines import FPS, performance, thinned
from tests.support.synthetic import CROOK, film

ROUTINES = ("wake_up", "in_bed", "lower_back_basics")
_LOUD = 0.004  # of a sample that is heard
_LISTENS_S = 8.0  # at each step, before moving
_SOON_S = 3.0  # later words belong to another position


def session(name: str) -> tuple[list[View], list[Result]]:
    """A session in which everything is done well, by somebody who hears each sentence out before moving."""
    loaded = routine_files.load(name)
    coach, views, t_s = Coach(loaded), list[View](), 0.0
    lying = CROOK
    posture: Posture = "supine"
    for step in loaded.steps:
        segments = [(step.pause_s + 0.5, lying)]
        if step.exercise:
            done, segments = performance(step)
            lying, posture = done.rest, done.posture
            segments = [(_LISTENS_S, lying), *segments]
        shots = film(lying, segments, FPS, posture=posture, start_s=t_s)
        views += [coach.update(shot.pose, shot.t_s) for shot in thinned(shots)]
        t_s = shots[-1].t_s + 1 / FPS
    return views, coach.finish()


def said(views: Sequence[View], voice: Voice) -> list[Utterance]:
    """All that is heard of a session."""
    narrator = Narrator(voice)
    for view in views:
        narrator.hear(view)
    return narrator.finish()


def ends_s(one: Utterance, voice: Voice) -> float:
    """When the words of an utterance end, were they not cut."""
    return one.words_s + (voice.length_s(one.text) if one.text else 0.0)


def silences_s(spoken: Sequence[Utterance], voice: Voice) -> list[float]:
    """The pauses between what is heard, words and tones."""
    return [max(0.0, later.t_s - ends_s(before, voice)) for before, later in pairwise(spoken)]


def to_hold_s(results: Sequence[Result], spoken: Sequence[Utterance]) -> list[float]:
    """From each position that a body took until the words begin that tell it to hold."""
    words = [one.words_s for one in spoken if one.kind == "in_position" and one.text]
    taken = sorted(position.start_s for result in results for position in result.positions)
    after = (min((w - start for w in words if w >= start), default=np.inf) for start in taken)
    return [seconds for seconds in after if seconds < _SOON_S]


def onsets_late_s(spoken: Sequence[Utterance], voice: Voice, sound: Samples) -> list[float]:
    """How much later than stated something sounds, for each utterance."""
    late = list[float]()
    for one in spoken:
        begin = round(one.t_s * RATE_HZ)
        heard = np.flatnonzero(np.abs(sound[begin : begin + RATE_HZ]) > _LOUD)
        late.append(heard[0] / RATE_HZ if len(heard) else np.inf)
    return late


def main(routines: Sequence[str], wave: Path | None) -> None:
    with closing(Voice()) as voice:
        for name in routines:
            views, results = session(name)
            spoken = said(views, voice)
            cut = sum(later.cuts and ends_s(one, voice) > later.t_s for one, later in pairwise(spoken))
            quiet, hold = silences_s(spoken, voice), to_hold_s(results, spoken)
            sentences = sum(bool(one.text) for one in spoken)
            print(
                f"| {name} | {views[-1].t_s / 60:.1f} min | {sentences} | {max(quiet):.1f} s | {cut} "
                f"| {np.median(hold):.2f} s, at most {max(hold):.2f} s |",
                flush=True,
            )
        if wave is not None:
            track = soundtrack(spoken, voice.say, 100)
            wave.write_bytes(track.wav())
            wave.with_suffix(".txt").write_text(track.transcript(), "utf-8")
            late = onsets_late_s(spoken, voice, track.sound)
            over = [ends_s(a, voice) - b.t_s for a, b in pairwise(spoken) if not b.cuts]
            print(
                f"begins late by at most {max(late) * 1000:.0f} ms; overlaps: {sum(s > 0.001 for s in over)}"
            )


if __name__ == "__main__":
    arguments = sys.argv[1:]
    target = Path(arguments[arguments.index("--wave") + 1]) if "--wave" in arguments else None
    names = arguments[: arguments.index("--wave")] if "--wave" in arguments else arguments
    main(names or ROUTINES, target)
