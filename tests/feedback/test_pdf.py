import sys
from pathlib import Path

import pytest

from posecoach.core.errors import OutputError
from posecoach.feedback import pdf


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page one.html"
    path.write_text("<p>Done</p>", "utf-8")
    return path


def fake(tmp_path: Path, does: str) -> str:
    """A browser that does this instead of printing."""
    program = tmp_path / "browser"
    program.write_text(f"#!{sys.executable}\nimport sys, time\nfrom pathlib import Path\n{does}\n", "utf-8")
    program.chmod(0o755)
    return str(program)


PRINTS = """
[target] = [one.partition("=")[2] for one in sys.argv if one.startswith("--print-to-pdf=")]
assert sys.argv[-1].startswith("file://")
Path(target).write_bytes(b"%PDF-1.4 " + sys.argv[-1].encode())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
def test_a_page_is_printed_by_the_browser(page: Path, tmp_path: Path) -> None:
    target = tmp_path / "page.pdf"
    pdf.write(page, target, fake(tmp_path, PRINTS))
    assert target.read_bytes() == b"%PDF-1.4 " + page.as_uri().encode()


def test_without_a_browser_there_is_one_sentence(page: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="needs Chromium, Chrome or Edge"):
        pdf.write(page, tmp_path / "page.pdf", None)


@pytest.mark.skipif(sys.platform == "win32", reason="a script is no program there")
@pytest.mark.parametrize(
    ("does", "patience_s"), [("sys.exit(3)", 30.0), ("pass", 30.0), ("time.sleep(100)", 0.3)]
)
def test_a_browser_that_fails_names_the_way_out(
    does: str, patience_s: float, page: Path, tmp_path: Path
) -> None:
    with pytest.raises(OutputError, match=r"open page one\.html and print it"):
        pdf.write(page, tmp_path / "page.pdf", fake(tmp_path, does), patience_s)
    assert not (tmp_path / "page.pdf").exists()
