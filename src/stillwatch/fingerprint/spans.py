"""Where the variable parts of a prompt end: quotes, code, JSON, indented blocks.

Each finder looks ahead from an opening mark and returns the end of the span, or -1 if the mark is
not closed. Callers remember which marks have no more closers, so a text is scanned a bounded
number of times however it is made.
"""

from __future__ import annotations

from typing import Any, Final

from stillwatch.fingerprint.jit import part
from stillwatch.fingerprint.memory import byte_at

_NEWLINE: Final = 10
_DOUBLE_QUOTE: Final = 34
_SINGLE_QUOTE: Final = 39
_BACKSLASH: Final = 92

Bytes = Any
"""A one-dimensional uint8 array inside compiled code."""


@part
def find_byte(data: Bytes, at: int, stop: int, wanted: int) -> int:
    """Return where a byte next stands in `data[at:stop]`, or -1."""
    while at < stop:
        if byte_at(data, at) == wanted:
            return at
        at += 1
    return -1


@part
def find_on_line(data: Bytes, at: int, stop: int, wanted: int) -> int:
    """Return where a byte next stands on this line, or -1."""
    while at < stop and byte_at(data, at) != _NEWLINE:
        if byte_at(data, at) == wanted:
            return at
        at += 1
    return -1


@part
def find_three(data: Bytes, at: int, stop: int, wanted: int) -> int:
    """Return where three equal bytes next stand, or -1."""
    while at + 2 < stop:
        if (
            byte_at(data, at) == wanted
            and byte_at(data, at + 1) == wanted
            and byte_at(data, at + 2) == wanted
        ):
            return at
        at += 1
    return -1


@part
def find_point(data: Bytes, at: int, stop: int, wanted: int) -> int:
    """Return where a code point (U+0080 to U+FFFF) next stands, or -1."""
    if wanted < 0x800:
        lead = 0xC0 | (wanted >> 6)
        while at + 1 < stop:
            if byte_at(data, at) == lead and byte_at(data, at + 1) == 0x80 | (wanted & 0x3F):
                return at
            at += 1
        return -1
    lead = 0xE0 | (wanted >> 12)
    middle = 0x80 | ((wanted >> 6) & 0x3F)
    last = 0x80 | (wanted & 0x3F)
    while at + 2 < stop:
        if (
            byte_at(data, at) == lead
            and byte_at(data, at + 1) == middle
            and byte_at(data, at + 2) == last
        ):
            return at
        at += 1
    return -1


@part
def closing_of(point: int) -> int:
    """Return the mark that closes an opening quotation mark, 0 for any other code point."""
    if point == 0x201C or point == 0x201F:
        return 0x201D
    if point == 0x201E:
        return 0x201C
    if point == 0xAB:
        return 0xBB
    if point == 0x300C or point == 0x300E or point == 0x300A:
        return point + 1
    return 0


@part
def starts_json(data: Bytes, at: int, stop: int) -> bool:
    """Return whether a brace or bracket looks like the start of a JSON object or list."""
    bracket = byte_at(data, at) == 91
    at += 1
    while at < stop and (
        byte_at(data, at) == 32
        or byte_at(data, at) == _NEWLINE
        or byte_at(data, at) == 9
        or byte_at(data, at) == 13
    ):
        at += 1
    if at >= stop:
        return False
    if byte_at(data, at) == _DOUBLE_QUOTE or byte_at(data, at) == _SINGLE_QUOTE:
        return True
    return bracket and byte_at(data, at) == 123


@part
def _may_precede_string(byte: int) -> bool:
    """Return whether a quote after this byte opens a string, in JSON or a Python literal."""
    if byte == 32 or byte == _NEWLINE or byte == 9 or byte == 13:
        return True
    return byte == 123 or byte == 91 or byte == 58 or byte == 44 or byte == 40


@part
def find_json_end(data: Bytes, at: int, stop: int) -> int:
    """Return the place after the bracket that closes the one at `at`, or -1."""
    depth = 0
    while at < stop:
        byte = byte_at(data, at)
        if byte in (_DOUBLE_QUOTE, _SINGLE_QUOTE) and _may_precede_string(byte_at(data, at - 1)):
            at += 1
            while at < stop and byte_at(data, at) != byte:
                at += 2 if byte_at(data, at) == _BACKSLASH else 1
        elif byte == 123 or byte == 91:
            depth += 1
        elif byte == 125 or byte == 93:
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return -1
