"""How long it takes from a picture to the feedback that is drawn for it, in a real browser.

    python -m tests.support.latency [SECONDS]

plays a sample video as the camera, 640×480, and prints round trips, pictures a second and what they cost.
"""

import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import psutil
from playwright.sync_api import sync_playwright

from tests.conftest import GOOD_CLIP
from tests.support.chromium import camera_file, chromium, serving, visit

_WARM_UP_MS = 5000


def main(seconds: float) -> None:
    """Measure for so long, and print."""
    with tempfile.TemporaryDirectory() as home:
        camera = camera_file(GOOD_CLIP, Path(home) / "camera.mjpeg")
        environment = os.environ | {"HOME": home, "LANGUAGE": "en"}
        with (
            serving(environment) as served,
            sync_playwright() as playwright,
            chromium(playwright, camera) as browser,
            visit(browser, served.address) as person,
        ):
            person.open("prepare/wake_up")
            person.control("Begin").click()
            person.answer()
            person.reads("Step 1", ".count")
            person.page.wait_for_timeout(_WARM_UP_MS)
            before = _cpu_s()
            person.page.evaluate("window.posecoachLine.roundTrips.length = 0")
            person.page.wait_for_timeout(1000 * seconds)
            trips = np.array(person.page.evaluate("window.posecoachLine.roundTrips"))
            used = {name: spent - before.get(name, 0.0) for name, spent in _cpu_s().items()}
    p50, p95 = np.percentile(trips, (50, 95))
    print(f"{len(trips) / seconds:.1f} pictures a second; round trip p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    print("; ".join(f"{name} {spent / seconds:.2f} cores" for name, spent in used.items()))
    print(f"load average {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


def _cpu_s() -> dict[str, float]:
    """Seconds of processor time of the server and of the browser so far."""
    spent = {"server": 0.0, "browser": 0.0}
    for process in psutil.Process().children(recursive=True):
        try:
            times, name = process.cpu_times(), process.name()
        except psutil.NoSuchProcess:
            continue
        if "chrom" in name:
            spent["browser"] += times.user + times.system
        elif "python" in name:
            spent["server"] += times.user + times.system
    return spent


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 30.0)
