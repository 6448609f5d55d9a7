import pytest

from posecoach.core import messages
from posecoach.core.errors import InputError


def test_a_message_is_one_printable_line() -> None:
    assert messages.sentence(InputError("no file a\n\x1b[31mb’é")) == "no file a\\n\\x1b[31mb’é"
    assert messages.sentence(RuntimeError("a\n b\x07")).count("a b\\x07") == 1


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("it", "'it'"),
        ("a\nb", "'a\\nb'"),
        ("x" * 61, "'" + "x" * 57 + "...'"),
        pytest.param(16**9000, "something too large to show", id="a number of thousands of digits"),
        ([1, "a"], "[1, 'a']"),
    ],
)
def test_what_somebody_else_wrote_is_shown_as_python_does_and_cut(value: object, shown: str) -> None:
    assert messages.quoted(value) == shown


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("in/a.mp4", "in/a.mp4 is not a video.", "in/a.mp4 is not a video."),
        ("in/a.mp4", "There is no file in/a.mp4.", "There is no file in/a.mp4."),
        ("in/a.mp4", "a.mp4 ends early.", "in/a.mp4 ends early."),
        ("in/a.mp4", "There is not enough memory.", "in/a.mp4: There is not enough memory."),
        ("a", "a.mp4 ends early.", "a: a.mp4 ends early."),
    ],
)
def test_a_file_is_named_once(name: str, text: str, said: str) -> None:
    assert messages.about(name, text) == said
