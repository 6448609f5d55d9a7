"""What the tests of commands share: settings of their own."""

from pathlib import Path

import pytest

from posecoach.core import paths


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "config_dir", lambda: tmp_path / "config")
