"""What a code point means to the kernel, from a table pinned to one Unicode version.

The table is data (`unicode_table.txt`), not the running Python's `unicodedata`, so that the same
text has the same fingerprint on every Python. `python -m stillwatch.fingerprint.unicode_table`
writes it anew; that changes fingerprints, so it goes with a new `HASH_VERSION`.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

TABLE_SIZE: Final = 0x20000
"""Planes 0 and 1. Planes 2 and 3 are ideographs throughout; beyond, all is ignored or apart."""

SEPARATOR: Final = 0
LETTER: Final = 1
DIGIT: Final = 2
MARK: Final = 3
ALONE: Final = 4
IGNORED: Final = 5
SENTENCE_END: Final = 6
_CLASSES: Final = {"L": LETTER, "N": DIGIT, "M": MARK, "A": ALONE, "I": IGNORED, "E": SENTENCE_END}

FOLDED_BITS: Final = 21
UPPER_BIT: Final = 1 << 24
REORDERS_BIT: Final = 1 << 25
"""A canonical combining class other than 0: two in a row may be out of order."""
COMPOSES_BIT: Final = 1 << 26
"""May not stand in NFC text, or may join with what stands before it."""

_PATH: Final = Path(__file__).with_name("unicode_table.txt")
_SENTENCE_ENDS: Final = "\u3002\uff01\uff1f\uff0e\u061f\u06d4\u0964\u0965\u203c\u2026"
_SPACELESS: Final = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x2E80, 0x2FDF),  # radicals
    (0x3005, 0x3007),
    (0x3021, 0x3029),
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x3100, 0x312F),  # Bopomofo
    (0x31A0, 0x31FF),
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),
    (0xA9E0, 0xA9FF),
    (0xAA60, 0xAA7F),
    (0xF900, 0xFAFF),
    (0xFF66, 0xFF9F),
    (0x1AFF0, 0x1B2FF),
)


@cache
def load_points() -> npt.NDArray[np.uint32]:
    """Return one entry a code point: folded code point, class, and the three bits above."""
    points = np.arange(TABLE_SIZE, dtype=np.uint32)
    for line in _PATH.read_text(encoding="ascii").splitlines():
        kind, _, rest = line.partition(" ")
        if kind == "#":
            continue
        where, _, delta = rest.partition(" ")
        first, _, last = where.partition("-")
        last, _, step = last.partition("/")
        span = slice(int(first, 16), int(last or first, 16) + 1, int(step or "1"))
        if kind == "F":
            points[span] += np.uint32(int(delta) % (1 << 32))
        elif kind in _CLASSES:
            points[span] |= np.uint32(_CLASSES[kind] << FOLDED_BITS)
        else:
            bit = {"U": UPPER_BIT, "R": REORDERS_BIT, "C": COMPOSES_BIT}[kind]
            points[span] |= np.uint32(bit)
    points.flags.writeable = False
    return points


def _class_of(point: int) -> str:
    """Return the one-letter class of a code point, empty for a separator."""
    text = chr(point)
    category = unicodedata.category(text)
    if text in _SENTENCE_ENDS:
        return "E"
    if category == "Cf" or 0xFE00 <= point <= 0xFE0F:
        return "I"
    if category[0] == "M":
        return "M"
    if category[0] == "N":
        return "N" if not 0x3005 <= point <= 0x3029 else "A"
    if category[0] == "L":
        return "A" if any(low <= point <= high for low, high in _SPACELESS) else "L"
    return ""


def _folded(point: int) -> int:
    """Return the one code point that a code point folds to, itself if there is no such one."""
    text = chr(point)
    for folded in (text.casefold(), text.lower()):
        if len(folded) == 1:
            return ord(folded)
    return point


def _composes(point: int) -> bool:
    """Return whether a code point may make text differ from its NFC form."""
    text = chr(point)
    if unicodedata.normalize("NFC", text) != text:
        return True
    # Marks and vowel or jamo parts that join the character before them.
    return point in _second_parts() or 0x1161 <= point <= 0x1175 or 0x11A8 <= point <= 0x11C2


@cache
def _second_parts() -> frozenset[int]:
    """Return every code point that is the second half of some canonical pair."""
    parts: set[int] = set()
    for point in range(sys.maxunicode + 1):
        decomposition = unicodedata.decomposition(chr(point))
        if decomposition and not decomposition.startswith("<"):
            parts.update(int(part, 16) for part in decomposition.split()[1:])
    return frozenset(parts)


def _runs(points: list[tuple[int, str]], steps: tuple[int, ...]) -> Iterator[str]:
    """Join code points with one value and an even distance into ranges."""
    at = 0
    while at < len(points):
        best = at
        best_step = 1
        for step in steps:
            end = at
            while end + 1 < len(points) and points[end + 1] == (
                points[end][0] + step,
                points[at][1],
            ):
                end += 1
            if end > best:
                best, best_step = end, step
        first, last, value = points[at][0], points[best][0], points[at][1]
        text = f"{first:X}" if first == last else f"{first:X}-{last:X}"
        yield text + (f"/{best_step}" if best_step > 1 else "") + (f" {value}" if value else "")
        at = best + 1


def describe() -> str:
    """Return the table's text as this Python's `unicodedata` would have it."""
    lines = [
        f"# Unicode {unicodedata.unidata_version}: KIND FIRST-LAST/STEP [DELTA]; written by",
        "# `python -m stillwatch.fingerprint.unicode_table`",
        "# L letter, N digit or number, M mark, A one letter = one word, I ignored,",
        "# E sentence end, U upper case, F folds to itself + DELTA, R combining class not 0,",
        "# C may change under NFC",
    ]
    everything = range(TABLE_SIZE)
    for kind in _CLASSES:
        chosen = [(point, "") for point in everything if _class_of(point) == kind]
        lines += [f"{kind} {run}" for run in _runs(chosen, (1, 2))]
    upper = [(p, "") for p in everything if unicodedata.category(chr(p)) in ("Lu", "Lt")]
    lines += [f"U {run}" for run in _runs(upper, (1, 2))]
    folds = [(p, str(_folded(p) - p)) for p in everything if _folded(p) != p]
    lines += [f"F {run}" for run in _runs(folds, (1, 2))]
    reorders = [(p, "") for p in everything if unicodedata.combining(chr(p))]
    lines += [f"R {run}" for run in _runs(reorders, (1,))]
    composes = [(p, "") for p in everything if _composes(p)]
    lines += [f"C {run}" for run in _runs(composes, (1,))]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    _PATH.write_text(describe(), encoding="ascii")
