"""The first pass over a prompt: its words as keyed hashes, and what stands around each word."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.fingerprint.characters import HIGH_BYTE, WORD_BYTE
from stillwatch.fingerprint.jit import part
from stillwatch.fingerprint.keys import WORD_FINISH, WORD_SEED
from stillwatch.fingerprint.letters import (
    BY_ITSELF,
    CAPITAL,
    NUMERIC,
    UNNORMALISED,
    read_letters,
)
from stillwatch.fingerprint.memory import byte_at, eight_at, lowest_bit
from stillwatch.fingerprint.mixing import absorb
from stillwatch.fingerprint.surroundings import (
    AFTER_SPACE,
    ALONE_AT,
    FOUND,
    HAS_CAPITAL,
    HAS_DIGIT,
    IN_SPAN,
    IN_TAG,
    NOT_NFC,
    RUN,
    SENTENCE,
    SPAN_END,
    STARTS_RUN,
    STARTS_SENTENCE,
    TAG_AT,
    TOKEN,
    begin_text,
    close_token,
    pass_between,
)

_NOTHING: Final = np.uint64(0)
_ALL: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_TWO: Final = np.uint64(2)

# Eight bytes at once: each test leaves its answer in the top bit of each byte.
_TOPS: Final = np.uint64(0x8080808080808080)
_LOWS: Final = np.uint64(0x7F7F7F7F7F7F7F7F)
_LOWER_CASE: Final = np.uint64(0x2020202020202020)
_FROM_A: Final = np.uint64(0x1F1F1F1F1F1F1F1F)
_PAST_Z: Final = np.uint64(0x0505050505050505)
_FROM_0: Final = np.uint64(0x5050505050505050)
_PAST_9: Final = np.uint64(0x4646464646464646)


@part
def read_words(
    data: Any,
    start: int,
    stop: int,
    trusted: bool,
    table: Any,
    points: Any,
    numbers: Any,
    hashes: Any,
    flags: Any,
    around: Any,
) -> tuple[int, int]:
    """Fill `hashes` and `flags` with the words of `data[start:stop]`; return count and findings.

    Stops at once with `NOT_NFC` as finding if the text may not be in NFC, unless `trusted`.
    """
    limit = data.size
    seed = numbers[WORD_SEED]
    last_seed = numbers[WORD_FINISH]
    count = 0
    at = start
    last_begin = start
    last_end = start - 1
    spaced_at = start - 1
    begin_text(data, start, stop, around)

    while at < stop:
        # First the word's ASCII letters and digits, eight at a time.
        begin = at
        state = seed
        packed = _NOTHING
        bits = 0
        uppers = _NOTHING
        digits = _NOTHING
        length = 8
        while length == 8 and at + 8 <= limit:
            eight = eight_at(data, at)
            low = eight & _LOWS
            folded = eight | _LOWER_CASE
            low_folded = folded & _LOWS
            letter = (low_folded + _FROM_A) & ~(low_folded + _PAST_Z)
            digit = (low + _FROM_0) & ~(low + _PAST_9)
            length = lowest_bit(~((letter | digit) & ~eight) & _TOPS) >> 3
            length = min(length, stop - at)
            if length == 0:
                break
            if bits > 0:
                state = absorb(state, packed)
            inside = _ALL >> np.uint64(64 - 8 * length)
            packed = folded & inside
            uppers |= letter & ~(eight << _TWO) & inside
            digits |= digit & inside
            bits = 8 * length
            at += length

        # Then what is not so plain, up to the end of the word.
        plain = bits > 0 and at < stop and byte_at(data, at) == 32
        seen = 0
        if not plain:
            at, state, packed, bits, seen = read_letters(
                data, at, stop, trusted, table, points, around, state, packed, bits
            )
            if seen & UNNORMALISED:
                return count, NOT_NFC
            plain = bits > 0 and at < stop and byte_at(data, at) == 32

        if bits > 0:
            about = STARTS_SENTENCE if count == around[SENTENCE] else 0
            about |= STARTS_RUN if count == around[RUN] else 0
            about |= HAS_DIGIT if digits & _TOPS or seen & NUMERIC else 0
            about |= HAS_CAPITAL if (uppers & _TOPS or seen & CAPITAL) and at - begin > 1 else 0
            about |= IN_SPAN if begin < around[SPAN_END] else 0
            about |= AFTER_SPACE if begin == spaced_at else 0
            about |= IN_TAG if begin == around[TAG_AT] else 0
            if seen & BY_ITSELF:
                # Scripts without spaces have no runs that a space would end.
                close_token(flags, count, around)
                about |= STARTS_RUN
                around[RUN] = count + 1
                around[ALONE_AT] = at
            hashes[count] = absorb(absorb(state, packed), last_seed)
            flags[count] = about
            count += 1
            last_begin = begin
            last_end = at

        if plain:
            if around[TOKEN]:
                close_token(flags, count, around)
            at += 1
            spaced_at = at
            around[RUN] = count
        elif at < stop and not (bits > 0 and table[byte_at(data, at)] & (WORD_BYTE | HIGH_BYTE)):
            at = pass_between(
                data,
                at,
                start,
                stop,
                trusted,
                table,
                points,
                around,
                flags,
                count,
                last_begin,
                last_end,
            )
            if at < 0:
                return count, NOT_NFC

    close_token(flags, count, around)
    return count, around[FOUND]
