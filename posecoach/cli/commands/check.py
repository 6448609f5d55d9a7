"""`posecoach check`: a recorded video, judged as fast as it decodes."""

import logging
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from posecoach.assessment.exercises import CATALOGUE
from posecoach.assessment.results import Result
from posecoach.cli import options
from posecoach.cli.inputs import check_exercise, distinct, parsed_limits, remembered, selected
from posecoach.coaching import tailoring, targets
from posecoach.coaching.coach import Coach
from posecoach.coaching.plan import Routine, Step, exercises_in
from posecoach.coaching.targets import Limits, Ranges
from posecoach.coaching.timeline import Timeline
from posecoach.coaching.watcher import Watcher
from posecoach.core import files
from posecoach.core.choices import OneSide
from posecoach.core.translation import decimal, tr
from posecoach.feedback import everyday, tables, terminal
from posecoach.feedback.outputs import LinesTarget, SoundTarget, attempt
from posecoach.feedback.soundtrack import Narrator
from posecoach.records import personal_ranges, routine_files
from posecoach.session import live as session
from posecoach.session.checking import Checked, Checker, timing
from posecoach.vision import model_bundle

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Limits:
    """A person's own ranges, the limits that `--limit` sets for this run, and the dose in seconds."""

    ranges: Ranges
    given: Limits
    hold_s: float = 0.0

    def coach_of(self, exercise: str, side: OneSide | None) -> Watcher:
        """A coach of one exercise, with these limits in force."""
        others = self.given.get(exercise, {})
        known = CATALOGUE[exercise]
        limits = targets.in_force(known, side or "both", self.ranges, others)
        targets.check_target(known, others, limits)
        _tell_of_own(limits != targets.raised(known, others))
        return Watcher(exercise, side, self.hold_s, limits=limits)

    def wanted(self, given: options.Check, routine: str) -> Routine:
        """A routine as it is wanted in this run."""
        loaded = selected(routine_files.load(routine), given.only, given.skip)
        followed = targets.applied(loaded, self.ranges, self.given)
        _tell_of_own(followed != targets.applied(loaded, {}, self.given))
        return tailoring.gentler(followed, self.given) if given.gentle else followed


def check(given: options.Check) -> int:
    """Check one video against an exercise or a routine, or else detect which exercise it shows.

    The exit status is 130 when Ctrl-C cut it short, and 1 when the results cannot be written.
    """
    chosen = remembered({"language": given.language}, tell=given.voice_out is not None)
    if given.exercise is not None:
        check_exercise(given.exercise, given.side)
    asked = parsed_limits(given.limit, given.exercise, alone=not given.routine)
    limits = _Limits(personal_ranges.load(), asked, given.hold)
    coach: Coach | Watcher | None
    routine = limits.wanted(given, given.routine) if given.routine else None
    coach = Coach(routine) if routine is not None else None
    target, spoken = LinesTarget(given.json), SoundTarget(given.voice_out)
    routine_file = routine_files.file_of(given.routine) if given.routine else None
    distinct([target.file, given.overlay, *spoken.files], [given.video, given.model, routine_file])
    if given.overlay is not None:
        files.ready(given.overlay)
    weights = model_bundle.load(given.model, log.info)
    narrator = Narrator(session.voice(chosen)) if given.voice_out else None
    with timing(given.stats) as watch:
        checker = Checker(weights, given.rotate, given.every, watch, given.speed, given.mirrored)
        if given.exercise is not None:
            coach = limits.coach_of(given.exercise, given.side)
        if coach is not None:
            checked = checker.judge(given.video, coach, overlay=given.overlay, narrator=narrator)
        else:
            checked = _detect(given, checker, limits)
    if checked.interrupted and not checked.frames.t_s:
        log.error("%s", tr("Stopped: nothing was judged, and nothing written."))
        return 130
    # Files before anything is shown: a terminal that fails must not cost them.
    written = attempt(lambda: write(given.video, checked.results, target))
    if narrator is not None:
        with closing(narrator.voice) as voice:
            said, lasts_s = narrator.finish(), checked.frames.t_s[-1]
            written &= attempt(lambda: spoken.write(said, voice, chosen.volume, lasts_s))
    steps = routine.steps if routine is not None else ()
    show(checked.results, target, steps, given.speed, given.hold)
    if checked.interrupted:
        log.error("%s", tr("Stopped: the video was judged only up to there."))
        return 130
    return int(not (written and checked.whole))


def _detect(given: options.Check, checker: Checker, limits: _Limits) -> Checked:
    """Detect which exercises a video shows, and judge each."""
    try:
        seen = checker.track(given.video)
    except KeyboardInterrupt:
        return Checked([], interrupted=True)
    spans = seen.timeline()
    if not spans:
        if given.overlay is not None:
            log.warning("%s", tr("No annotated video was written: name the exercise with --exercise."))
        return Checked([seen.unrecognised()])
    for exercise in dict.fromkeys(span.recognition.exercise for span in spans):
        title = tr(CATALOGUE[str(exercise)].title)
        log.info("%s", tr("This looks like {title} ({id}).", title=title, id=exercise))
    coach = Timeline(spans, lambda exercise: limits.coach_of(exercise, given.side))
    return checker.judge(given.video, coach, seen, given.overlay)


def _tell_of_own(in_force: bool) -> None:
    if in_force:
        log.info("%s", tr("Your own limits apply: 'posecoach calibrate --show' lists them."))


def show(
    results: Sequence[Result],
    target: LinesTarget,
    steps: Sequence[Step] = (),
    speed: float | None = None,
    hold_s: float = 0.0,
) -> Console:
    """Print results in everyday words, with `-v` their numbers too, and return the console that tables go
    to: JSON in the terminal has it for itself. `speed` is how fast the video plays; `steps` and `hold_s` are
    what was asked for."""
    console = terminal.console(to_stderr=target.to_terminal)
    console.print(everyday.headline(results, exercises_in(steps)), markup=False)
    console.print(everyday.table(results, steps, hold_s))
    if speed is not None and speed != 1:
        factor = decimal(1 / speed, ".3g")
        text = tr(
            "All times are of the real world: multiply them by {factor} to find them in the video.",
            factor=factor,
        )
        log.info("%s", text)
    if terminal.verbose():
        for table in tables.results(results):
            console.print(table)
    return console


def write(video: Path, results: Iterable[Result], target: LinesTarget) -> None:
    """Write the results of a video where `--json` says; raises OutputError."""
    target.write([result.as_json(str(video)) for result in results])
