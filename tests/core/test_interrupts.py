"""What ends a program from outside: signals in this process, and in processes of their own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from posecoach.core import interrupts

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals to send")


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in interrupts._SIGNALS}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_what_ends_a_program_is_an_interruption(name: str) -> None:
    interrupts.set_up()
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), getattr(signal, name))


def test_what_is_ignored_already_stays_ignored() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    interrupts.set_up()
    os.kill(os.getpid(), signal.SIGHUP)


def test_only_the_first_interruption_counts_until_the_results_are_there() -> None:
    before = signal.getsignal(signal.SIGINT)
    with interrupts.only_first():
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGINT) is before


def test_a_deferred_interruption_is_raised_at_the_end() -> None:
    reached = False

    def work() -> None:
        nonlocal reached
        with interrupts.deferred():
            os.kill(os.getpid(), signal.SIGINT)
            reached = True

    with pytest.raises(KeyboardInterrupt):
        work()
    assert reached
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_a_process_started_meanwhile_is_deaf_until_it_listens() -> None:
    code = (
        "import os, signal; from posecoach.core import interrupts\n"
        "os.kill(os.getpid(), signal.SIGINT); print('deaf', flush=True)\n"
        "interrupts.listen(); print('never')"
    )
    with interrupts.deferred():
        process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    output, _ = process.communicate()
    assert (process.returncode, output) == (-signal.SIGINT, "deaf\n")


def test_ctrl_c_during_the_imports_is_a_status_and_no_traceback() -> None:
    code = (
        "import sys\n"
        "class Stop:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name == 'posecoach.cli.app': raise KeyboardInterrupt\n"
        "sys.meta_path.insert(0, Stop())\n"
        "from posecoach.__main__ import main; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")
