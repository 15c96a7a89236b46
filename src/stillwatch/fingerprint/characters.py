"""What one byte or code point is, inside compiled code."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stillwatch.fingerprint.jit import part
from stillwatch.fingerprint.memory import byte_at
from stillwatch.fingerprint.unicode_table import ALONE, COMPOSES_BIT, IGNORED, TABLE_SIZE

WORD_BYTE: Final = 0x100
UPPER_BYTE: Final = 0x200
DIGIT_BYTE: Final = 0x400
HIGH_BYTE: Final = 0x800
"""Part of a character outside ASCII."""
SPACE_BYTE: Final = 0x1000
APOSTROPHE_BYTE: Final = 0x2000
PLAIN_BYTE: Final = 0x4000
"""Neither part of a word nor of any interest."""

_OF_INTEREST: Final = '"`{[/@\\_.!?<\n'

LENGTH_SHIFT: Final = 21
POINT_MASK: Final = 0x1FFFFF
_REPLACEMENT: Final = 0xFFFD


@cache
def ascii_table() -> npt.NDArray[np.uint16]:
    """Return one entry a byte: the folded byte below, the bits above for what it is."""
    table = np.zeros(256, dtype=np.uint16)
    for byte in range(256):
        text = chr(byte)
        if byte >= 0x80:
            table[byte] = HIGH_BYTE
        elif text.isalnum():
            upper = UPPER_BYTE if text.isupper() else 0
            digit = DIGIT_BYTE if text.isdigit() else 0
            table[byte] = WORD_BYTE | upper | digit | ord(text.lower())
        elif text == "'":
            table[byte] = APOSTROPHE_BYTE
        elif text not in _OF_INTEREST:
            table[byte] = SPACE_BYTE if text.isspace() else PLAIN_BYTE
    table.flags.writeable = False
    return table


@part
def decode(data: Any, at: int, stop: int) -> int:
    """Return the code point at a byte ≥ 0x80, and its length in bytes from bit 21 up.

    Arrow strings are valid UTF-8; on anything else this still never reads past `stop`.
    """
    lead = byte_at(data, at)
    length = 2
    if lead >= 0xF0:
        length = 4
    elif lead >= 0xE0:
        length = 3
    if at + length > stop or lead < 0xC0:
        return (1 << LENGTH_SHIFT) | _REPLACEMENT
    point = lead & (0x7F >> length)
    for k in range(1, length):
        point = (point << 6) | (byte_at(data, at + k) & 0x3F)
    return (length << LENGTH_SHIFT) | (point & POINT_MASK)


@part
def describe_point(points: Any, point: int) -> Any:
    """Return the Unicode table's entry for a code point of any plane."""
    if point < TABLE_SIZE:
        return np.int64(points[point])
    if point < 0x40000:
        # The compatibility ideographs at the end of plane 2 have canonical equivalents.
        composes = COMPOSES_BIT if 0x2F800 <= point <= 0x2FA1F else 0
        return point | (ALONE << LENGTH_SHIFT) | composes
    if 0xE0000 <= point <= 0xE01EF:
        return point | (IGNORED << LENGTH_SHIFT)
    return point
