"""Phrases: shingles of six words that are picked wherever they stand.

Winnowing (Schleimer, Wilkerson and Aiken 2003) keeps the least hash of every window, so two texts
that share a run of `WINDOW + PHRASE_WORDS - 1` words keep a common phrase. Of those kept, a row
has room for `PHRASES_KEPT`: the least hashes, again the same choice in both texts.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.fingerprint.jit import part
from stillwatch.fingerprint.keys import PHRASE_FACTORS, PHRASE_SEED, PHRASE_WORDS, PLACEHOLDER
from stillwatch.fingerprint.mixing import finish
from stillwatch.fingerprint.surroundings import HAS_DIGIT, IN_TOKEN
from stillwatch.model.tables_between import PHRASES_KEPT

WINDOW: Final = 8
MOST_PLACEHOLDERS: Final = 2
"""A shingle with more placeholders says too little to be a phrase."""

_ABOVE_ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_NOTHING: Final = np.uint64(0)


@part
def has_variable(flags: Any, count: int) -> bool:
    """Return whether a number, address or identifier is among the words."""
    seen = 0
    for k in range(count):
        seen |= flags[k]
    return seen & (HAS_DIGIT | IN_TOKEN) != 0


@part
def fold_variable(hashes: Any, flags: Any, count: int, numbers: Any, folded: Any) -> int:
    """Copy the words with each run of numbers, addresses or identifiers as one placeholder."""
    placeholder = numbers[PLACEHOLDER]
    length = 0
    inside = False
    for k in range(count):
        if flags[k] & (HAS_DIGIT | IN_TOKEN):
            if not inside:
                folded[length] = placeholder
                length += 1
            inside = True
        else:
            folded[length] = hashes[k]
            length += 1
            inside = False
    return length


@part
def shingle_phrases(folded: Any, length: int, variable: bool, numbers: Any, shingles: Any) -> int:
    """Fill `shingles` with the hash of each run of six folded words; return how many.

    A run with too many placeholders gets the greatest hash, which is never picked.
    """
    placeholder = numbers[PLACEHOLDER]
    seed = numbers[PHRASE_SEED]
    f0 = numbers[PHRASE_FACTORS]
    f1 = numbers[PHRASE_FACTORS + 1]
    f2 = numbers[PHRASE_FACTORS + 2]
    f3 = numbers[PHRASE_FACTORS + 3]
    f4 = numbers[PHRASE_FACTORS + 4]
    f5 = numbers[PHRASE_FACTORS + 5]
    last = length - PHRASE_WORDS + 1
    for k in range(last):
        shingles[k] = finish(
            seed
            + folded[k] * f0
            + folded[k + 1] * f1
            + folded[k + 2] * f2
            + folded[k + 3] * f3
            + folded[k + 4] * f4
            + folded[k + 5] * f5
        )
    if not variable:
        return max(last, 0)
    seen = 0
    for k in range(length):
        seen += folded[k] == placeholder
        if k >= PHRASE_WORDS:
            seen -= folded[k - PHRASE_WORDS] == placeholder
        if k >= PHRASE_WORDS - 1 and seen > MOST_PLACEHOLDERS:
            shingles[k - PHRASE_WORDS + 1] = _ABOVE_ALL
    return max(last, 0)


@part
def pick_phrases(shingles: Any, count: int, out: Any) -> int:
    """Write the least distinct hashes that winnowing keeps to `out`, ascending; return how many.

    Turns `shingles` into the least hash of each window of eight, by windows of two and four.
    """
    if count <= 0:
        return 0
    for k in range(count - 1):
        shingles[k] = min(shingles[k], shingles[k + 1])
    for k in range(count - 3):
        shingles[k] = min(shingles[k], shingles[k + 2])
    for k in range(count - 7):
        shingles[k] = min(shingles[k], shingles[k + 4])
    windows = max(1, count - WINDOW + 1)
    if count < WINDOW:
        # A text shorter than a window is one window.
        for k in range(1, count):
            shingles[0] = min(shingles[0], shingles[k])
    picked = 0
    above = _NOTHING
    while picked < PHRASES_KEPT:
        least = _ABOVE_ALL
        for k in range(windows):
            value = shingles[k]
            least = min(least, value if value > above else _ABOVE_ALL)
        if least == _ABOVE_ALL:
            break
        out[picked] = least
        above = least
        picked += 1
    return picked
