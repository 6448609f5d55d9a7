"""`posecoach check VIDEO --against SAMPLE`: a recorded video compared with a sample of the same exercise."""

import logging
from dataclasses import replace
from pathlib import Path
from typing import Literal

from rich.table import Table

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.notes import sentences
from posecoach.cli import options
from posecoach.cli.commands.check import show, write
from posecoach.cli.inputs import check_exercise, distinct, remembered
from posecoach.coaching.watcher import Watcher
from posecoach.core import files
from posecoach.core.errors import InputError
from posecoach.core.translation import tr
from posecoach.evaluation import comparison as comparing
from posecoach.evaluation import comparison_text, plots
from posecoach.evaluation.comparison import Comparison, MotionProfile
from posecoach.feedback import patient_words
from posecoach.feedback.outputs import LinesTarget, attempt
from posecoach.session.checking import Checked, Checker, timing
from posecoach.session.recorded import Recorded
from posecoach.vision import model_bundle
from posecoach.vision.video_file import VideoFile

log = logging.getLogger(__name__)


def against(given: options.Check, sample: Path) -> int:
    """Check one video and compare it with a sample.

    The exit status is 130 when Ctrl-C came, and 1 when the results or the picture cannot be written.

    Without an exercise it is the one that is detected in the sample. Without a picture file the picture goes
    to the current folder, named after both videos.
    """
    remembered({"language": given.language}, tell=False)
    if given.exercise is not None:
        check_exercise(given.exercise, given.side)
    video, target = given.video, LinesTarget(given.json)
    picture = files.ready(given.picture or Path(f"{video.stem}-against-{sample.stem}.png"))
    kind = _kind(picture)
    distinct([target.file, picture, given.overlay], [video, sample, given.model])
    if given.overlay is not None:
        files.ready(given.overlay)
    for source in (video, sample):
        VideoFile(source).close()  # so that a missing one is known before the other is tracked
    weights = model_bundle.load(given.model, log.info)
    try:
        with timing(given.stats) as watch:
            usual = Checker(weights, given.rotate, watch=watch)
            checker = replace(usual, speed=given.speed, mirrored=given.mirrored)  # they are about the video
            sample_seen, video_seen = usual.track(sample), checker.track(video)
            exercise = given.exercise or _exercise((sample, sample_seen), (video, video_seen))
            check_exercise(exercise, given.side)
            expected = _judge(usual, sample, sample_seen, Watcher(exercise, given.side))
            found = _judge(checker, video, video_seen, Watcher(exercise, given.side), given.overlay)
            if given.exercise is None:
                _check_alike(exercise, sample, video, video_seen, found)
    except KeyboardInterrupt:
        log.error("Stopped: nothing was compared.")
        return 130
    comparison = comparing.compare(_profile(sample, expected), _profile(video, found))
    written = attempt(lambda: write(video, found.results, target))
    written &= attempt(lambda: files.write(picture, plots.comparison(comparison, kind)))
    show(found.results, target, speed=given.speed).print(_table(comparison))
    if written:
        log.info("%s", tr("The picture is in {file}.", file=picture))
    return int(not (written and found.whole))


def _judge(
    checker: Checker, video: Path, seen: Recorded, coach: Watcher, overlay: Path | None = None
) -> Checked:
    checked = checker.judge(video, coach, seen, overlay)
    if checked.interrupted:
        raise KeyboardInterrupt
    return checked


def _exercise(sample: tuple[Path, Recorded], video: tuple[Path, Recorded]) -> str:
    """The exercise that is compared: the sample shows how it is done, and a fault may make another of it in
    the video. Raises InputError where neither shows any."""
    for _, seen in (sample, video):
        if (exercise := seen.exercise()) is not None:
            return exercise
    raise InputError(
        tr("Which exercise {video} shows cannot be told: name it with --exercise.", video=sample[0])
    )


def _check_alike(exercise: str, sample: Path, video: Path, seen: Recorded, found: Checked) -> None:
    """Raises InputError where the video shows another exercise than the sample's, and nothing of that."""
    other = seen.exercise()
    if other in (None, exercise) or any(one.verdict in ("good", "fault") for one in found.results):
        return
    raise InputError(
        tr(
            "{sample} shows {title} and {video} shows {other}: compare recordings of the same "
            "exercise, or name it with --exercise.",
            sample=sample,
            title=tr(CATALOGUE[exercise].title),
            video=video,
            other=tr(CATALOGUE[other or ""].title),
        )
    )


def _kind(picture: Path) -> Literal["png", "svg"]:
    suffix = picture.suffix.lower()
    if suffix == ".png":
        return "png"
    if suffix == ".svg":
        return "svg"
    raise InputError(tr("The picture {picture} must end in .png or .svg: name another.", picture=picture))


def _profile(video: Path, checked: Checked) -> MotionProfile:
    """Raises InputError when the video does not show the exercise."""
    [result] = checked.results
    profile = comparing.profile(result, checked.frames.t_s, checked.frames.measures)
    if profile is None or result.verdict in ("unseen", "not_performed"):
        verdict = patient_words.verdict(result)
        raise InputError(
            tr(
                "{title}, in {video}: {verdict}. Give two recordings of this exercise, best from the side.",
                title=tr(CATALOGUE[result.exercise or ""].title),
                video=video,
                verdict=". ".join((verdict, *sentences(result.notes))),
            )
        )
    return profile


def _table(comparison: Comparison) -> Table:
    table = Table(
        title=comparison_text.summary(comparison),
        caption=tr(
            "Less than {degrees}° is within what a camera can tell.",
            degrees=f"{comparison_text.SAME_DEGREES:g}",
        ),
    )
    for heading in ("", tr("sample"), tr("you"), tr("difference")):
        table.add_column(heading)
    for line in comparison_text.lines(comparison):
        table.add_row(line.what, line.sample, line.yours, line.difference)
    return table
