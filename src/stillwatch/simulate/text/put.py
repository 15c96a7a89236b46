"""Puts single things into the text that is being written: literals, numbers, escapes; compiled."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.simulate.jit import part
from stillwatch.simulate.keyed import hashed as mixed
from stillwatch.simulate.text.style import AT

ROOM: Final = 32
"""Bytes that lie unused behind the pool and the texts, for copies of a fixed length."""

_ONE: Final = np.uint64(1)
_TEN: Final = np.uint64(10)


@part
def copy_text(pool: Any, start: Any, length: Any, out: Any, at: Any) -> Any:
    """Copy a text; the first 32 bytes always, since how many there are cannot be predicted."""
    for k in range(ROOM):
        out[AT(at + k)] = pool[AT(start + k)]
    for k in range(ROOM, length):
        out[AT(at + k)] = pool[AT(start + k)]
    return at + length


@part
def write_number(value: Any, out: Any, at: Any) -> Any:
    """Write a whole number and return where it ends."""
    # Unsigned, since a division by ten is then a multiplication.
    rest = np.uint64(abs(value))
    if value < 0:
        out[at] = 45
        at += 1
    digits = 1
    limit = _TEN
    while rest >= limit and digits < 19:
        digits += 1
        limit *= _TEN
    for k in range(digits - 1, -1, -1):
        next_rest = rest // _TEN
        out[AT(at + k)] = np.uint8(48 + np.int64(rest - next_rest * _TEN))
        rest = next_rest
    return at + digits


@part
def write_hex(seed: Any, digits: Any, out: Any, at: Any) -> Any:
    """Write so many hexadecimal digits of a seed and return where they end."""
    x = seed
    for k in range(digits):
        if k & 15 == 15:
            x = mixed(x, _ONE)
        nibble = np.int64(x & np.uint64(15))
        out[AT(at + k)] = 48 + nibble if nibble < 10 else 87 + nibble
        x >>= np.uint64(4)
    return at + digits


@part
def count_escapes(out: Any, start: Any, end: Any) -> Any:
    """Return how many bytes of a text need a backslash inside a JSON string."""
    found = 0
    for k in range(start, end):
        byte = out[k]
        found += byte == 10 or byte == 9 or byte == 34 or byte == 92
    return found


@part
def escape(out: Any, end: Any, longer: Any) -> None:
    """Put a backslash before line breaks, tabs, quotes and backslashes, from the end backwards."""
    write = longer
    read = end
    while write > read:
        read -= 1
        byte = out[read]
        write -= 1
        if byte == 10 or byte == 9 or byte == 34 or byte == 92:
            if byte == 10:
                byte = np.uint8(110)
            elif byte == 9:
                byte = np.uint8(116)
            out[write] = byte
            write -= 1
            out[write] = 92
        else:
            out[write] = byte
