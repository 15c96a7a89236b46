"""Keyed hashes of whole columns of text, equal exactly where canonical texts are equal."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from stillwatch.simulate.jit import entry, part
from stillwatch.simulate.keyed import hashed

_ODD: Final = 0x9FB21C651E98DF25
_BASE: Final = np.uint64(_ODD)
_BASE_2: Final = np.uint64(pow(_ODD, 2, 1 << 64))
_BASE_3: Final = np.uint64(pow(_ODD, 3, 1 << 64))
_BASE_4: Final = np.uint64(pow(_ODD, 4, 1 << 64))
# Unsigned places spare the compiled loop a look at every index for being negative.
_ONE: Final = np.uintp(1)
_TWO: Final = np.uintp(2)
_THREE: Final = np.uintp(3)
_FOUR: Final = np.uintp(4)
_KINDS: Final = np.zeros(256, np.uint8)
"""0: a letter; 1: white space; 2: perhaps the beginning of white space outside ASCII."""
_KINDS[[*range(9, 14), *range(28, 32), 32]] = 1
_KINDS[[0xC2, 0xE1, 0xE2, 0xE3]] = 2


def text_hashes(texts: pa.Array, key: int) -> npt.NDArray[np.int64]:
    """Return one int64 for each text (none is null), with every run of white space folded.

    It is not the product's own hash, which is cryptographic and ten times as slow: a world needs
    only that equal texts have equal hashes and others have not (two in 2^64 chances). Texts are
    taken to be in NFC, as those of the grammar are.
    """
    offsets = np.frombuffer(texts.buffers()[1], np.int32)[texts.offset :][: len(texts) + 1]
    data = np.frombuffer(texts.buffers()[2] or b"", np.uint8)
    hashes = np.empty(len(texts), np.uint64)
    longest = int(np.diff(offsets).max(initial=0))
    _hash_texts(offsets, data, np.uint64(key), np.empty(longest + 1, np.uint8), hashes)
    return hashes.view(np.int64)


@part
def _wide_blank(data: Any, at: Any, end: Any) -> Any:
    """Return how many bytes a white space outside ASCII (as str.split sees it) has here, or 0."""
    byte = data[at]
    if byte == 0xC2:
        return 2 if at + 1 < end and (data[at + 1] == 0x85 or data[at + 1] == 0xA0) else 0
    if byte < 0xE1 or at + 2 >= end:
        return 0
    second, third = data[at + 1], data[at + 2]
    if byte == 0xE2:
        if second == 0x80 and (0x80 <= third <= 0x8A or 0xA8 <= third <= 0xA9 or third == 0xAF):
            return 3
        return 3 if second == 0x81 and third == 0x9F else 0
    if byte == 0xE1:
        return 3 if second == 0x9A and third == 0x80 else 0
    return 3 if second == 0x80 and third == 0x80 else 0


@part
def _fold(data: Any, begin: Any, end: Any, out: Any) -> Any:
    """Write canonical bytes and return how many; the common case has no branch to mispredict."""
    written = np.uintp(0)
    at = np.uintp(begin)
    last = np.uintp(end)
    after_blank = np.uintp(1)
    while at < last:
        byte = data[at]
        kind = _KINDS[byte]
        at += _ONE
        if kind == 2:
            wide = _wide_blank(data, at - _ONE, last)
            kind = 0
            if wide:
                kind = 1
                at += np.uintp(wide - 1)
        blank = np.uintp(kind)
        out[written] = np.uint8(32) if blank else byte
        written += (blank & after_blank) ^ _ONE
        after_blank = blank
    return written - after_blank if written else written


@entry
def _hash_texts(offsets: Any, data: Any, key: Any, folded: Any, hashes: Any) -> None:
    """Hash bytes as the digits of a number to an odd base, modulo 2^64, then stir it."""
    for row in range(len(hashes)):
        length = _fold(data, offsets[row], offsets[row + 1], folded)
        value = key
        at = np.uintp(0)
        # Four digits at a time, as each step waits for the one before.
        while at + _FOUR <= length:
            value = value * _BASE_4 + (
                np.uint64(folded[at]) * _BASE_3
                + np.uint64(folded[at + _ONE]) * _BASE_2
                + np.uint64(folded[at + _TWO]) * _BASE
                + np.uint64(folded[at + _THREE])
            )
            at += _FOUR
        while at < length:
            value = value * _BASE + np.uint64(folded[at])
            at += _ONE
        hashes[row] = hashed(value, length)
