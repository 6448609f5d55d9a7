"""`posecoach routines`: the routines there are, one of them, and what is wrong in a file."""

import json
import logging
from dataclasses import asdict
from pathlib import Path

from posecoach.cli.inputs import check_toml, distinct, remembered
from posecoach.coaching.plan import Routine
from posecoach.core.errors import InputError
from posecoach.core.messages import printable, sentence
from posecoach.core.translation import tr
from posecoach.feedback import tables, terminal
from posecoach.feedback.outputs import LinesTarget
from posecoach.records import routine_files

log = logging.getLogger(__name__)


def listed(json_target: str | None) -> int:
    """Print the routines; one of the person's own that cannot be used is reported, and costs no other."""
    remembered(tell=False)
    target = LinesTarget(json_target)
    distinct([target.file], [])
    known, broken = [], []
    for name in routine_files.names():
        try:
            known.append(routine_files.load(name))
        except InputError as error:
            broken.append(sentence(error))
    if target:
        target.write([_exported(one) for one in known])
    else:
        terminal.console().print(tables.routines(known))
    for why in broken:
        log.warning("%s", why)
    return 0


def show(name: str, json_target: str | None) -> int:
    """Print the steps of one routine and about how long it takes."""
    remembered(tell=False)
    target = LinesTarget(json_target)
    distinct([target.file], [routine_files.file_of(name)])
    routine = routine_files.load(name)
    if target:
        target.write([_exported(routine)])
    else:
        terminal.console().print(tables.routine(routine))
    return 0


def share(name: str, file: Path | None) -> int:
    """Write a routine to `file`, and print how it is taken up elsewhere."""
    remembered(tell=False)
    target = file or Path(f"{Path(name).name.removesuffix('.toml')}.toml")
    check_toml(target)
    routine_files.share(name, target)
    log.info("%s", tr("It is in {file}.", file=target))
    log.info("%s", tr("Whoever gets it runs: posecoach routines add {file}", file=target.name))
    return 0


def add(file: Path) -> int:
    """Keep a routine file among the person's own, show what it asks for, and print how it begins."""
    remembered(tell=False)
    if _wrong(file):
        return 2
    name = routine_files.add(file)
    terminal.console().print(tables.routine(routine_files.load(name)))
    log.info("%s", tr("To begin: posecoach live {name}", name=name))
    return 0


def _exported(routine: Routine) -> str:
    return json.dumps(
        {
            "routine": routine.name,
            "title": routine.title,
            "source": routine.source,
            "days_a_week": routine.days_a_week or None,
            "note": routine.note,
            "estimated_s": round(routine.estimated_s, 1),
            "steps": [asdict(step) for step in routine.steps],
        }
    )


def check(name: Path) -> int:
    """Say all that is wrong in a routine file; the exit status is 2 when something is."""
    remembered(tell=False)
    path = routine_files.file_of(str(name)) or name
    wrong = _wrong(path)
    if not wrong:
        terminal.console().print(tables.routine(routine_files.load(str(path.absolute()))))
        log.info(
            "%s", tr("{file} is a valid routine: 'posecoach live {name}' runs it.", file=path, name=name)
        )
    return 2 if wrong else 0


def _wrong(path: Path) -> bool:
    """Whether something is wrong in a routine file; all of it is told."""
    found = routine_files.mistakes(path)
    for one in found:
        log.error("%s", printable(one))
    return bool(found)
