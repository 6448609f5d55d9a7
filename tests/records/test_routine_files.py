from dataclasses import replace
from pathlib import Path

import pytest

from posecoach.assessment.exercise import Exercise
from posecoach.assessment.exercises import CATALOGUE
from posecoach.core.errors import InputError
from posecoach.records import routine_files
from tests.conftest import Run

STEP = '[[steps]]\nexercise = "knee_to_chest"\nside = "left"\n'


def write(folder: Path, text: str) -> str:
    path = folder / "mine.toml"
    path.write_text('title = "Mine"\n' + text, "utf-8")
    return str(path)


@pytest.mark.parametrize("name", routine_files.available())
def test_every_shipped_routine_is_valid_and_has_a_source(name: str) -> None:
    loaded = routine_files.load(name)
    assert loaded.name == name
    assert loaded.source
    assert all(step.side != "each" for step in loaded.steps)


def test_the_basics_keep_to_the_doses_of_their_source() -> None:
    steps = routine_files.load("lower_back_basics").steps
    assert [(step.exercise, step.side) for step in steps] == [
        ("knee_to_chest", "left"),
        ("knee_to_chest", "right"),
        ("spinal_twist", "left"),
        ("spinal_twist", "right"),
        ("press_up", "both"),
    ]
    assert all(20 <= step.hold_s <= 30 for step in steps[:4])


def test_a_routine_is_called_as_its_file_is_whatever_an_old_file_says(tmp_path: Path) -> None:
    assert routine_files.load(write(tmp_path, 'name = "other"\n' + STEP)).name == "mine"


def test_each_unfolds_to_left_then_right_with_the_same_dose(tmp_path: Path) -> None:
    loaded = routine_files.load(
        write(tmp_path, STEP.replace("left", "each") + "hold_s = 12\nlimits = { enter = 95 }\n")
    )
    left, right = loaded.steps
    assert (left.side, right.side) == ("left", "right")
    assert replace(left, side="right") == right
    assert right.limits == {"enter": 95}


def test_what_a_step_leaves_out_comes_from_its_exercise(tmp_path: Path) -> None:
    loaded = routine_files.load(
        write(tmp_path, '[[steps]]\nexercise = "knee_to_chest"\n[[steps]]\nexercise = "press_up"\n')
    )
    assert [step.side for step in loaded.steps] == ["left", "right", "both"]
    assert [step.hold_s for step in loaded.steps] == [
        CATALOGUE[name].hold_s for name in ("knee_to_chest", "knee_to_chest", "press_up")
    ]
    assert loaded.name == "mine"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (STEP.replace("side =", "side"), r"mine\.toml is not valid TOML: .*line 4"),
        (
            STEP + "hold_s = -1",
            r"mine\.toml: Line \d+, step 1: hold_s must be a number from 0 to 300, but got -1",
        ),
        (STEP + STEP + 'hold_s = "long"', r"step 2: hold_s must be a number .*but got 'long'"),
        (STEP + "holds = 3", r"step 1: holds is not a known key \(did you mean 'hold_s'\?\)"),
        (
            "tittle = 3\n" + STEP,
            r"mine\.toml: Line \d+: tittle is not a known key \(did you mean 'title'\?\)",
        ),
        (
            STEP.replace("left", "west"),
            r"step 1: side must be 'left', 'right', 'both' or 'each', but got 'west'",
        ),
        (
            STEP.replace("knee_to_chest", "knee_to_chets"),
            r"step 1: exercise .*'knee_to_chets' \(did you mean 'kn",
        ),
        (STEP + "limits = { entr = 9 }", r"step 1: limits .*enter, .*'entr' \(did you mean 'enter'\?\)"),
        (STEP + 'limits = { enter = "far" }', r"step 1: limits\.enter must be a number, but got 'far'"),
        (
            STEP.replace("knee_to_chest", "press_up"),
            r"step 1: side must be 'both', or left out, for press_up, but got 'left'",
        ),
        (
            STEP.replace("left", "both"),
            r"step 1: side must be 'left', 'right' or 'each' .*but got 'both'",
        ),
        (STEP + "reps = true", r"step 1: reps must be a whole number from 1 to 50, but got true"),
        (
            STEP + "limits = { enter = 20 }",
            r"step 1: limits\.enter of knee_to_chest must be between 85 and 150 \(hip .*but got 20",
        ),
        (STEP + "limits = { enter = 181 }", r"step 1: limits\.enter of .* between 85 and 150 .* got 181"),
        (STEP + "limits = { enter = -100 }", r"step 1: limits\.enter of .* got -100"),
        (
            STEP + "limits = { enter = 85, shallow = 150 }",
            r"step 1: limits\.shallow of knee_to_chest is 150, beyond the target enter, which is 85",
        ),
        (
            STEP + "limits = { head_lifted = 3.5 }",
            r"limits\.head_lifted of .* 0\.05 and 0\.5 .* torso .* 3\.5",
        ),
        (STEP + "hold_s = 3000", r"step 1: hold_s must be a number from 0 to 300, but got 3000"),
        (STEP + "hold_s = 1e-320", r"step 1: hold_s must be at least 1, or 0 .* but got 1e-320"),
        (STEP + "hold_s = inf", r"step 1: hold_s must be a number from 0 to 300, but got inf"),
        (STEP + "reps = 0", r"step 1: reps must be a whole number from 1 to 50, but got 0"),
        (STEP + "pause_s = 5", r"step 1: pause_s is for steps without an exercise"),
        ("[[steps]]\npause_s = 5", r"step 1: say is missing: what the coach says in the pause"),
        (
            '[[steps]]\npause_s = 5\nsay = "x"\nreps = 2',
            r"step 1: A step must have an 'exercise', or else just 'pause_s' and 'say'",
        ),
        (
            '[[steps]]\npause_s = -5\nsay = "Breathe"',
            r"step 1: pause_s must be a number from 0 to 600, but got -5",
        ),
        (STEP + 'limits = { enter = "95" }', r"step 1: limits\.enter must be a number, but got '95'"),
        (STEP + "limits = { enter = true }", r"step 1: limits\.enter must be a number, but got true"),
        ("steps = " + "[" * 5000, r"mine\.toml is not valid TOML: it is nested too deeply"),
        (STEP + "reps = 0x" + "f" * 9000, r"step 1: reps .*but got something too large to show"),
        (
            STEP + "limits = { enter" + ".a" * 5000 + " = 1 }",
            r"enter must be a number.*something too large",
        ),
        (STEP.replace("left", "w" * 500), r"but got 'w{57}\.\.\.'\.$"),
        (STEP + "limits = { enter = nan }", r"step 1: limits\.enter must be a number, but got nan"),
        ('[[steps]]\nside = "left"', r"mine\.toml: Line \d+, step 1: A step must have an 'exercise'"),
        ("steps = []", r"mine\.toml: Line \d+: steps must list at least one step"),
        ("", r"mine\.toml: steps is missing"),
        (
            '[steps]\nexercise = "bridge"',
            r"mine\.toml: Line 2: steps must be a list of steps: write \[\[steps\]\] with two brackets\.$",
        ),
        ('\n[ steps ]\nexercise = "bridge"', r"mine\.toml: Line 3: steps must be .*with two brackets\.$"),
        (
            STEP.replace("knee_to_chest", "squat"),
            r"step 1: exercise must be the name of an exercise, such as 'bridge', but got 'squat'",
        ),
        ("steps = 3", r"mine\.toml: Line \d+: steps must be a list of steps, but got 3"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_what_was_expected(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        routine_files.load(write(tmp_path, text))


@pytest.mark.parametrize(
    "words",
    [
        'say = "one, reps = 4, side = left"',
        'say = """one\nreps = 4"""',
        'say = "x"  # reps = 4, side = left',
        "# say this,\n# reps = 4",
    ],
)
def test_what_a_string_or_a_comment_says_is_no_key(tmp_path: Path, words: str) -> None:
    text = f"{STEP}{words}\nhold_s = 5\nreps = 0\n"
    line = 2 + text[: text.index("reps = 0")].count("\n")
    with pytest.raises(InputError, match=rf"mine\.toml: Line {line}, step 1: reps must be"):
        routine_files.load(write(tmp_path, text))


def test_a_step_whose_words_hold_a_bracket_ends_where_it_ends(tmp_path: Path) -> None:
    text = 'steps = [\n  { pause_s = 5, say = "}, [[" }, # ]\n  { exercise = "bridge", reps = 0 },\n]\n'
    with pytest.raises(InputError, match=r"mine\.toml: Line 4, step 2: reps must be"):
        routine_files.load(write(tmp_path, text))


@pytest.mark.parametrize("exercise", CATALOGUE.values(), ids=CATALOGUE)
def test_every_default_lies_between_what_a_routine_may_set(exercise: Exercise) -> None:
    for name, limit in exercise.limits.items():
        low, high = limit.between
        assert low < limit.default < high, name


def test_a_hold_of_nothing_counts_repetitions_only(tmp_path: Path) -> None:
    (step,) = routine_files.load(write(tmp_path, STEP + "hold_s = 0\nreps = 4\n")).steps
    assert (step.hold_s, step.reps) == (0, 4)


def test_a_routine_that_is_not_there_is_named_with_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"no routine 'lower_back_basic' \(did you mean 'lower_back_basics'\?\)"
    ):
        routine_files.load("lower_back_basic")
    with pytest.raises(InputError, match=r"no routine file .*none\.toml"):
        routine_files.load(str(tmp_path / "none.toml"))
    with pytest.raises(InputError, match="cannot be read"):
        routine_files.load(str(tmp_path) + "/")
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="not text in UTF-8"):
        routine_files.load(str(binary))


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    path = Path(write(tmp_path, STEP))
    path.write_text(path.read_text("utf-8"), "utf-8-sig")
    assert routine_files.load(str(path)).steps[0].exercise == "knee_to_chest"


def test_names_that_no_file_can_have_are_a_sentence_too() -> None:
    for name in ("n" * 5000 + ".toml", "a\0b.toml", "n" * 5000):
        with pytest.raises(InputError):
            routine_files.load(name)


def test_the_estimate_counts_holds_moves_and_the_way_into_position(tmp_path: Path) -> None:
    short = routine_files.load(write(tmp_path, STEP + "hold_s = 10\n")).estimated_s
    assert short > 10
    assert routine_files.load(write(tmp_path, STEP + "hold_s = 10\nreps = 2\n")).estimated_s > short + 10


def test_a_routine_of_a_hundred_thousand_steps_is_refused_unread(posecoach: Run, tmp_path: Path) -> None:
    path = tmp_path / "endless.toml"
    path.write_text('title = "x"\n' + '[[steps]]\nexercise = "bridge"\n' * 100_000, "utf-8")
    for command in (("routines", "check", path), ("routines", path), ("live", path, "--camera", "none.mp4")):
        status, _, errors = posecoach(*command)
        assert (status, errors.count("\n")) == (2, 1)
        assert "larger than a megabyte" in errors
