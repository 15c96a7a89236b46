"""What stands between words, and what it says about them: sentences, quotations, addresses."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.fingerprint.characters import (
    DIGIT_BYTE,
    HIGH_BYTE,
    LENGTH_SHIFT,
    PLAIN_BYTE,
    POINT_MASK,
    SPACE_BYTE,
    WORD_BYTE,
    decode,
    describe_point,
)
from stillwatch.fingerprint.jit import inlined, part
from stillwatch.fingerprint.memory import byte_at
from stillwatch.fingerprint.spans import (
    closing_of,
    find_byte,
    find_json_end,
    find_on_line,
    find_point,
    find_three,
    starts_json,
)
from stillwatch.fingerprint.unicode_table import COMPOSES_BIT, SENTENCE_END, SEPARATOR

HAS_DIGIT: Final = 1
HAS_CAPITAL: Final = 2
STARTS_SENTENCE: Final = 4
IN_SPAN: Final = 8
"""Inside a quotation, code, JSON or an indented block."""
AFTER_SPACE: Final = 16
"""One space, and nothing else, stands between this word and the one before."""
IN_TAG: Final = 32
IN_TOKEN: Final = 64
"""Part of an address, path, identifier or other run that no person reads as words."""
STARTS_RUN: Final = 128
"""First of the words that stand together without white space."""

HAS_FENCE: Final = 1
HAS_JSON: Final = 2
NOT_NFC: Final = 4

# Places in `around`, what is known at a place in the text.
SPAN_END: Final = 0
SENTENCE: Final = 1
"""The number of the word that starts, or would start, the present sentence."""
RUN: Final = 2
"""The number of the word that starts, or would start, the present run without white space."""
TOKEN: Final = 3
"""Marks seen in the present run."""
UNCLOSED: Final = 4
NO_SINGLE_BEFORE: Final = 5
LEAST_INDENT: Final = 6
AFTER_BLANK: Final = 7
IN_BLOCK: Final = 8
REORDERS_AT: Final = 9
TAG_AT: Final = 10
FOUND: Final = 11
ALONE_AT: Final = 12
"""Where the last word of a script without spaces ended."""
AROUND_SIZE: Final = 13

_URL: Final = 1
_AT: Final = 2
_IDENTIFIER: Final = 4
_BACKSLASH: Final = 8
_DOTTED: Final = 16
_ROOTED: Final = 32
_SLASH: Final = 256

_NO_DOUBLE: Final = 1
_NO_JSON: Final = 2
_NO_TRIPLE: Final = 4
_NO_CURLY: Final = 8


@inlined
def begin_text(data: Any, start: int, stop: int, around: Any) -> None:
    """Set `around` to what holds at the start of a text."""
    around[:] = 0
    around[SPAN_END] = start
    around[NO_SINGLE_BEFORE] = start
    around[AFTER_BLANK] = 1
    around[REORDERS_AT] = -1
    around[TAG_AT] = -1
    around[ALONE_AT] = -1
    indent = 0
    while start + indent < stop and byte_at(data, start + indent) == 32:
        indent += 1
    around[LEAST_INDENT] = indent


@part
def close_token(flags: Any, count: int, around: Any) -> None:
    """Mark the words of the run that ends here if it is no prose."""
    token = around[TOKEN]
    if token & 63 or token >= 2 * _SLASH:
        k = count - 1
        while k >= 0:
            flags[k] |= IN_TOKEN
            if flags[k] & STARTS_RUN:
                break
            k -= 1
    around[TOKEN] = 0


@inlined
def pass_between(
    data: Any,
    at: int,
    start: int,
    stop: int,
    trusted: bool,
    table: Any,
    points: Any,
    around: Any,
    flags: Any,
    count: int,
    last_begin: int,
    last_end: int,
) -> int:
    """Go on to the next character that may be part of a word; -1 if the text may not be in NFC."""
    while at < stop:
        byte = byte_at(data, at)
        entry = np.int64(table[byte])
        if entry & SPACE_BYTE:
            if around[TOKEN]:
                close_token(flags, count, around)
            at += 1
            around[RUN] = count
        elif entry & PLAIN_BYTE:
            at += 1
        elif entry & WORD_BYTE:
            return at
        elif entry & HIGH_BYTE:
            point = decode(data, at, stop)
            about = describe_point(points, point & POINT_MASK)
            kind = (about >> LENGTH_SHIFT) & 7
            if kind != SEPARATOR and kind != SENTENCE_END:
                return at
            if about & COMPOSES_BIT and not trusted:
                return -1
            if around[TOKEN]:
                close_token(flags, count, around)
            after = at + (point >> LENGTH_SHIFT)
            if kind == SENTENCE_END:
                around[SENTENCE] = count
            elif at >= around[SPAN_END] and not around[UNCLOSED] & _NO_CURLY:
                closing = closing_of(point & POINT_MASK)
                if closing:
                    end = find_point(data, after, stop, closing)
                    if end < 0:
                        around[UNCLOSED] |= _NO_CURLY
                    else:
                        around[SPAN_END] = end + 1
            at = after
            around[RUN] = count
        elif byte == 10:
            at = _begin_line(data, at + 1, stop, around, flags, count)
        elif byte == 46 or byte == 33 or byte == 63:
            _end_sentence(data, at, stop, table, around, flags, count, last_begin, last_end)
            at += 1
        elif byte == 60:
            after = byte_at(data, at + 1) if at + 1 < stop else 0
            around[TAG_AT] = at + 2 if after == 47 or after == 124 else at + 1
            at += 1
        elif byte == 47 or byte == 64 or byte == 92 or byte == 95:
            _mark_token(data, at, start, stop, table, around, last_end)
            at += 1
        elif at < around[SPAN_END]:
            at += 1
        else:
            at = _open_span(data, at, stop, table, around, last_end)
    return at


@inlined
def _begin_line(data: Any, at: int, stop: int, around: Any, flags: Any, count: int) -> int:
    """Read a line's indentation; an indented block after a blank line is code."""
    if around[TOKEN]:
        close_token(flags, count, around)
    around[SENTENCE] = count
    around[RUN] = count
    indent = 0
    while at < stop and (byte_at(data, at) == 32 or byte_at(data, at) == 9):
        indent += 1 if byte_at(data, at) == 32 else 4
        at += 1
    if at < stop and (byte_at(data, at) == 10 or byte_at(data, at) == 13):
        around[AFTER_BLANK] = 1
    else:
        deep = indent >= around[LEAST_INDENT] + 4
        if deep and (around[AFTER_BLANK] or around[IN_BLOCK]):
            around[IN_BLOCK] = 1
            end = find_byte(data, at, stop, 10)
            around[SPAN_END] = max(around[SPAN_END], end if end >= 0 else stop)
        else:
            around[IN_BLOCK] = 0
            around[LEAST_INDENT] = min(around[LEAST_INDENT], indent)
        around[AFTER_BLANK] = 0
    return at


@part
def _is_abbreviation(data: Any, begin: int, end: int) -> bool:
    """Return whether a word before a dot is an initial or a title: Mr, Mrs, Ms, Dr, St, Sr."""
    first = byte_at(data, begin)
    if end - begin > 3 or not 65 <= first <= 90:
        return False
    if end - begin > 1 and first != 77 and first != 68 and first != 83:
        return False
    for k in range(begin + 1, end):
        byte = byte_at(data, k)
        if byte != 114 and byte != 115 and byte != 116:
            return False
    return True


@inlined
def _end_sentence(
    data: Any,
    at: int,
    stop: int,
    table: Any,
    around: Any,
    flags: Any,
    count: int,
    last_begin: int,
    last_end: int,
) -> None:
    """Take in a full stop, question or exclamation mark."""
    following = np.int64(table[byte_at(data, at + 1)]) if at + 1 < stop else 0
    if following & WORD_BYTE:
        if last_end == at and not following & DIGIT_BYTE:
            around[TOKEN] |= _DOTTED
    elif (
        byte_at(data, at) == 46 and last_end == at and _is_abbreviation(data, last_begin, last_end)
    ):
        if last_end - last_begin == 1:
            flags[count - 1] |= HAS_CAPITAL
    else:
        around[SENTENCE] = count


@inlined
def _mark_token(
    data: Any, at: int, start: int, stop: int, table: Any, around: Any, last_end: int
) -> None:
    """Take in a mark that may tell an address, a path or an identifier."""
    byte = byte_at(data, at)
    following = np.int64(table[byte_at(data, at + 1)]) if at + 1 < stop else 0
    before = byte_at(data, at - 1) if at > start else 32
    if byte == 47:
        if before == 58 and at + 1 < stop and byte_at(data, at + 1) == 47:
            around[TOKEN] |= _URL
        elif before != 60 and following & (WORD_BYTE | HIGH_BYTE):
            if last_end != at:
                around[TOKEN] |= _ROOTED
            else:
                around[TOKEN] += _SLASH
    elif following & WORD_BYTE:
        if byte == 64:
            around[TOKEN] |= _AT
        elif byte == 92:
            around[TOKEN] |= _BACKSLASH
        elif last_end == at:
            around[TOKEN] |= _IDENTIFIER


@inlined
def _open_span(data: Any, at: int, stop: int, table: Any, around: Any, last_end: int) -> int:
    """Look ahead from a quote, backtick, brace or bracket; return the place after it."""
    byte = byte_at(data, at)
    triple = at + 2 < stop and byte_at(data, at + 1) == byte and byte_at(data, at + 2) == byte
    if byte == 123 or byte == 91:
        if not around[UNCLOSED] & _NO_JSON and starts_json(data, at, stop):
            end = find_json_end(data, at, stop)
            if end < 0:
                around[UNCLOSED] |= _NO_JSON
            else:
                around[SPAN_END] = end
                around[FOUND] |= HAS_JSON
        return at + 1
    if triple and byte != 39:
        if byte == 96:
            end = find_three(data, at + 3, stop, byte)
            around[SPAN_END] = end + 3 if end >= 0 else stop
            around[FOUND] |= HAS_FENCE
        elif not around[UNCLOSED] & _NO_TRIPLE:
            end = find_three(data, at + 3, stop, byte)
            if end < 0:
                around[UNCLOSED] |= _NO_TRIPLE
            else:
                around[SPAN_END] = end + 3
        return at + 3
    if byte == 96:
        end = find_on_line(data, at + 1, stop, byte)
        if end >= 0:
            around[SPAN_END] = end + 1
        return at + 1
    # Right after a letter a quote closes or is an apostrophe, except where no spaces are written.
    after_word = last_end == at and around[ALONE_AT] != at
    if after_word or at + 1 >= stop or byte_at(data, at + 1) <= 32:
        return at + 1
    if byte == 34 and not around[UNCLOSED] & _NO_DOUBLE:
        end = find_byte(data, at + 1, stop, byte)
        if end < 0:
            around[UNCLOSED] |= _NO_DOUBLE
        else:
            around[SPAN_END] = end + 1
    elif byte == 39 and at >= around[NO_SINGLE_BEFORE]:
        end = find_on_line(data, at + 1, stop, byte)
        # A quote with a letter after it is an apostrophe.
        while (
            end >= 0 and end + 1 < stop and table[byte_at(data, end + 1)] & (WORD_BYTE | HIGH_BYTE)
        ):
            end = find_on_line(data, end + 1, stop, byte)
        if end < 0:
            end = find_byte(data, at, stop, 10)
            around[NO_SINGLE_BEFORE] = end if end >= 0 else stop
        else:
            around[SPAN_END] = end + 1
    return at + 1
