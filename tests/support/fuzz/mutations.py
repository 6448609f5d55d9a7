"""Damage: bytes, text and values changed at random, the same for the same generator."""

import re
import tomllib
from collections.abc import Callable
from datetime import date
from random import Random
from typing import Any

import numpy as np
import tomli_w

#: What does harm where text is expected to be a number, a name or a path.
NASTY = (
    *("", "nan", "inf", "-inf", "1e999", "-1", "0", "1e-320", "true", "null", "[]", "{}", "[[1]]"),
    *(
        "\x1b[31mred",
        "\x1b]0;title\x07",
        "\x00",
        "\u202eevil",
        "\U0001f9d8",
        "\ufeff",
        "\r",
        "\x85",
        "\u2028",
    ),
    *("=cmd|' /C calc'!A0", "../../../etc/passwd", "/dev/zero", "{side}", "{0.__class__}", "%s%n"),
    *("<b>&amp;</b>", "'", '"', '"""', "\\", "#", ",", ";", "9" * 5000, "[" * 3000, "x" * 5000),
    *("1979-05-27", "9999-12-31T23:59:59+14:00"),
)
_TOKEN = re.compile(r'"[^"\n]*"|[\w.\-]+|[^\w\s]')


def cut(data: bytes, random: Random) -> bytes:
    """The beginning only."""
    return data[: random.randrange(len(data) + 1)]


def flipped(data: bytes, random: Random) -> bytes:
    """Some bits of some bytes turned over."""
    damaged = bytearray(data)
    for _ in range(random.choice((1, 2, 8, 64)) if data else 0):
        damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
    return bytes(damaged)


def _span(data: bytes, random: Random) -> tuple[int, int]:
    begin = random.randrange(len(data) + 1)
    return begin, min(len(data), begin + int(2 ** random.uniform(0, 12)))


def _removed(data: bytes, random: Random) -> bytes:
    begin, end = _span(data, random)
    return data[:begin] + data[end:]


def _repeated(data: bytes, random: Random) -> bytes:
    begin, end = _span(data, random)
    return data[:end] + data[begin:end] * random.choice((1, 1, 20)) + data[end:]


def _overwritten(data: bytes, random: Random) -> bytes:
    begin, end = _span(data, random)
    size = end - begin
    return data[:begin] + random.choice((b"\0" * size, b"\xff" * size, random.randbytes(size))) + data[end:]


def damaged(data: bytes, random: Random) -> bytes:
    """One to three kinds of damage, one after the other."""
    kinds = (cut, flipped, flipped, _removed, _repeated, _overwritten)
    for _ in range(random.randint(1, 3)):
        data = random.choice(kinds)(data, random)
    return data


def misspelt(text: str, random: Random) -> bytes:
    """Text with tokens exchanged for what does harm, or with lines that are missing, doubled or exchanged;
    now and then with damaged bytes instead."""
    if random.random() < 0.3:
        return damaged(text.encode(), random)
    for _ in range(random.choice((1, 1, 2, 5))):
        if len(text) > 10**7:
            break  # what it was grown to already is long enough, and taking it apart takes gigabytes
        text = random.choice((_token, _token, _token, _lines))(text, random)
    return text.encode("utf-8", "surrogatepass")


def _token(text: str, random: Random) -> str:
    tokens = list(_TOKEN.finditer(text))
    if not tokens:
        return random.choice(NASTY)
    one = random.choice(tokens)
    new = random.choice((*NASTY, str(random.uniform(-1e6, 1e6)), str(random.randint(-(10**30), 10**30))))
    quote = '"' if one[0].startswith('"') and random.random() < 0.7 else ""
    return text[: one.start()] + quote + new + quote + text[one.end() :]


def _lines(text: str, random: Random) -> str:
    lines = text.splitlines(keepends=True) or [""]
    index, other = random.randrange(len(lines)), random.randrange(len(lines))
    kind = random.choice(("missing", "doubled", "many", "exchanged"))
    if kind == "missing":
        del lines[index]
    elif kind == "exchanged":
        lines[index], lines[other] = lines[other], lines[index]
    else:
        lines[index:index] = [lines[index]] * (1 if kind == "doubled" else random.choice((5, 300)))
    return "".join(lines)


def value(random: Random) -> Any:
    """Something of any type that TOML has."""
    makers: tuple[Callable[[], Any], ...] = (
        lambda: random.choice(NASTY),
        lambda: random.randint(-(2**62), 2**62),
        lambda: random.choice((0, 1, -1, 7, 1000)),
        lambda: random.choice((float("nan"), float("inf"), 1e308, -0.0, random.uniform(-400, 400))),
        lambda: random.random() < 0.5,
        lambda: date(random.randint(1, 9999), random.randint(1, 12), 1),
        lambda: [value(random) for _ in range(random.randint(0, 3))],
        lambda: {random.choice(("exercise", "left", "x", "")): value(random)},
    )
    return random.choice(makers)()


def reshape(columns: dict[str, Any], random: Random) -> None:
    """Arrays with values of another kind, rows that are missing, or another shape; one may be gone."""
    name = random.choice(list(columns))
    array = np.asarray(columns[name])
    kind = random.choice(("gone", "short", "flat", "text", "nan", "huge", "scalar", "noise"))
    if kind == "gone":
        del columns[name]
    elif kind == "short":
        columns[name] = array[: random.randrange(len(array) + 1)] if array.ndim else array
    elif kind == "flat":
        columns[name] = array.reshape(-1)
    elif kind == "text":
        columns[name] = array.astype(str)
    elif kind == "scalar":
        columns[name] = np.array(random.choice((0, -1, 2**62, "x\x1b[31m")))
    elif array.dtype.kind in "fi":
        numbers = array.astype(float).reshape(-1)
        at = (
            [random.randrange(numbers.size) for _ in range(random.choice((1, 50, 5000)))]
            if numbers.size
            else []
        )
        numbers[at] = {"nan": np.nan, "huge": 1e300}.get(kind, random.uniform(-1e4, 1e4))
        columns[name] = numbers.reshape(array.shape)


def retyped(text: str, random: Random) -> bytes:
    """A TOML file with values of other types, and keys that are missing or new; or misspelt."""
    if random.random() < 0.4:
        return misspelt(text, random)
    tree: Any = tomllib.loads(text)
    for _ in range(random.randint(1, 3)):
        at = tree
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = random.choice(keys)
            if isinstance(at[key], dict | list) and random.random() < 0.8:
                at = at[key]
                continue
            if random.random() < 0.2:
                del at[key]
            else:
                at[key] = value(random)
            break
    return tomli_w.dumps(tree).encode("utf-8", "surrogatepass")
