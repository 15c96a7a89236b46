"""Words that are not plain ASCII: letters of all scripts, marks, apostrophes, one at a time."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.fingerprint.characters import (
    APOSTROPHE_BYTE,
    DIGIT_BYTE,
    HIGH_BYTE,
    LENGTH_SHIFT,
    POINT_MASK,
    UPPER_BYTE,
    WORD_BYTE,
    decode,
    describe_point,
)
from stillwatch.fingerprint.jit import inlined
from stillwatch.fingerprint.memory import byte_at
from stillwatch.fingerprint.mixing import absorb
from stillwatch.fingerprint.surroundings import REORDERS_AT
from stillwatch.fingerprint.unicode_table import (
    ALONE,
    COMPOSES_BIT,
    DIGIT,
    IGNORED,
    MARK,
    REORDERS_BIT,
    SENTENCE_END,
    SEPARATOR,
    UPPER_BIT,
)

CAPITAL: Final = 1
NUMERIC: Final = 2
BY_ITSELF: Final = 4
"""The word is one letter of a script without spaces."""
UNNORMALISED: Final = 8
"""The text may not be in NFC; nothing else in the result counts."""

OUTSIDE_ASCII: Final = np.uint64(1 << 63)
_NOTHING: Final = np.uint64(0)
_CURLY_APOSTROPHE: Final = 0x2019


@inlined
def read_letters(
    data: Any,
    at: int,
    stop: int,
    trusted: bool,
    table: Any,
    points: Any,
    around: Any,
    state: np.uint64,
    packed: np.uint64,
    bits: int,
) -> tuple[int, np.uint64, np.uint64, int, int]:
    """Read on to the end of a word; return the place, the word's hash so far, and what it has.

    A word is packed eight ASCII bytes, or three code points under a set top bit, to a value; so no
    two words make the same values.
    """
    seen = 0
    while at < stop:
        entry = np.int64(table[byte_at(data, at)])
        if entry & WORD_BYTE:
            if seen & BY_ITSELF:
                break
            if bits == 64 or packed & OUTSIDE_ASCII:
                state = absorb(state, packed)
                packed = _NOTHING
                bits = 0
            packed |= np.uint64(entry & 0xFF) << np.uint64(bits)
            bits += 8
            if entry & UPPER_BYTE:
                seen |= CAPITAL
            if entry & DIGIT_BYTE:
                seen |= NUMERIC
            at += 1
        elif entry & HIGH_BYTE:
            point = decode(data, at, stop)
            length = point >> LENGTH_SHIFT
            point &= POINT_MASK
            about = describe_point(points, point)
            kind = (about >> LENGTH_SHIFT) & 7
            if about & (COMPOSES_BIT | REORDERS_BIT) and not trusted:
                if about & COMPOSES_BIT or around[REORDERS_AT] == at:
                    return at, state, packed, bits, UNNORMALISED
                around[REORDERS_AT] = at + length
            if kind in (SEPARATOR, SENTENCE_END):
                inside = bits > 0 and not seen & BY_ITSELF and at + length < stop
                if (
                    point != _CURLY_APOSTROPHE
                    or not inside
                    or not table[byte_at(data, at + length)] & WORD_BYTE
                ):
                    break
                at += length
                continue
            if kind == IGNORED or (kind == MARK and bits == 0):
                at += length
                continue
            if kind != MARK and (seen & BY_ITSELF or (kind == ALONE and bits > 0)):
                break
            if bits >= 63 or (bits > 0 and not packed & OUTSIDE_ASCII):
                state = absorb(state, packed)
                packed = _NOTHING
                bits = 0
            packed |= OUTSIDE_ASCII | (np.uint64(about & POINT_MASK) << np.uint64(bits))
            bits += 21
            if kind == ALONE:
                seen |= BY_ITSELF
            if kind == DIGIT:
                seen |= NUMERIC
            if about & UPPER_BIT:
                seen |= CAPITAL
            at += length
        elif (
            entry & APOSTROPHE_BYTE
            and bits > 0
            and not seen & BY_ITSELF
            and at + 1 < stop
            and table[byte_at(data, at + 1)] & WORD_BYTE
        ):
            at += 1
        else:
            break
    return at, state, packed, bits, seen
