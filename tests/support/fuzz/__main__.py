"""`python -m tests.support.fuzz`: try damaged inputs, and print what became of them.

Inputs are the same for the same `--seed`. What went wrong is printed with its kind and number, which
`--only KIND:NUMBER` tries again. The exit status is 1 when there was anything of that kind.
"""

import argparse
import contextlib
import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from multiprocessing.connection import Connection, wait

from posecoach.core import interrupts
from tests.support.fuzz import targets
from tests.support.fuzz.outcomes import BAD, GOOD, Outcome
from tests.support.fuzz.workers import Worker, everything

Input = tuple[str, int]


def tried(inputs: Iterator[Input], seed: int, jobs: int) -> Iterator[tuple[Input, Outcome]]:
    """Each input with what became of it, in no fixed order."""
    with ExitStack() as stack:
        idle = [stack.enter_context(closing(Worker(seed))) for _ in range(jobs)]
        busy: dict[Connection, tuple[Worker, Input]] = {}
        while True:
            for worker in list(idle):
                one = next(inputs, None)
                if one is not None:
                    idle.remove(worker)
                    busy[worker.start(*one)] = worker, one
            if not busy:
                return
            answered = wait(list(busy), 5.0)
            for orders in list(busy):
                worker, one = busy[orders]
                outcome = worker.outcome() if orders in answered else worker.hung()
                if outcome is None:
                    continue
                del busy[orders]
                idle.append(worker)
                yield one, outcome


def table(counts: Counter[tuple[str, str]]) -> str:
    """The outcomes by kind of input, as Markdown."""
    kinds = [kind for kind in targets.TARGETS if any(one == kind for one, _ in counts)]
    lines = ["| input | tried | " + " | ".join((*GOOD, *BAD)) + " |", "|---" * (2 + len(GOOD + BAD)) + "|"]
    for kind in (*kinds, "all"):
        found = [
            sum(n for (one, what), n in counts.items() if what == outcome and kind in (one, "all"))
            for outcome in (*GOOD, *BAD)
        ]
        lines.append(f"| {kind} | {sum(found)} | " + " | ".join(map(str, found)) + " |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.support.fuzz")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--share", type=float, default=1.0, help="try only this share of the inputs")
    parser.add_argument("--kind", action="append", choices=[*targets.TARGETS])
    parser.add_argument("--only", action="append", metavar="KIND:NUMBER", help="try this input again")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    known = {kind: one for kind, one in targets.TARGETS.items() if kind in (given.kind or targets.TARGETS)}
    inputs = everything({kind: max(1, round(one.count * given.share)) for kind, one in known.items()})
    if given.only:
        inputs = iter([(one.partition(":")[0], int(one.partition(":")[2])) for one in given.only])
    counts: Counter[tuple[str, str]] = Counter()
    interrupts.set_up()
    with contextlib.suppress(KeyboardInterrupt):  # what was tried until then counts
        for (kind, number), outcome in tried(inputs, given.seed, given.jobs):
            counts[kind, outcome.kind] += 1
            if outcome.kind in BAD or given.only:
                print(f"{kind}:{number}: {outcome.kind}: {outcome.detail}", flush=True)
            if counts.total() % 500 == 0:
                print(f"{counts.total()} inputs tried", file=sys.stderr, flush=True)
    print(table(counts))
    return int(any(outcome in BAD for _, outcome in counts))


if __name__ == "__main__":
    sys.exit(main())
