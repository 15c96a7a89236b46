"""How one person types: letter case, marks left out, slips of the finger; compiled."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.simulate.jit import part
from stillwatch.simulate.keyed import hashed as mixed
from stillwatch.simulate.keyed import share as unit

AT: Final = np.uint64
"""An index that needs no check for being negative, without which loops become fast code."""
_U32: Final = np.uint64(32)
_ONE: Final = np.uint64(1)


@part
def below(seed: Any, bound: Any) -> Any:
    """Return a whole number in [0, bound), bound < 2^32, without a division."""
    return np.int64(((seed >> _U32) * np.uint64(bound)) >> _U32)


@part
def change_case(out: Any, k: Any, end: Any, lower: Any) -> None:
    """Change the case of the letter at k: ASCII, Latin-1 and Cyrillic, which keep their length."""
    byte = out[AT(k)]
    if lower:
        if 65 <= byte <= 90:
            out[AT(k)] = byte + 32
        elif k + 1 < end:
            after = out[AT(k + 1)]
            latin = byte == 0xC3 and 0x80 <= after <= 0x9E and after != 0x97
            if latin or (byte == 0xD0 and 0x90 <= after <= 0x9F):
                out[AT(k + 1)] = after + 32
            elif byte == 0xD0 and 0xA0 <= after <= 0xAF:
                out[AT(k)] = 0xD1
                out[AT(k + 1)] = after - 32
    elif 97 <= byte <= 122:
        out[AT(k)] = byte - 32
    elif k + 1 < end:
        after = out[AT(k + 1)]
        latin = byte == 0xC3 and 0xA0 <= after <= 0xBE and after != 0xB7
        if latin or (byte == 0xD0 and 0xB0 <= after <= 0xBF):
            out[AT(k + 1)] = after - 32
        elif byte == 0xD1 and 0x80 <= after <= 0x8F:
            out[AT(k)] = 0xD0
            out[AT(k + 1)] = after + 32


@part
def _width(byte: Any) -> Any:
    """Return how many bytes the letter that begins with this byte has."""
    if byte < 0xC0:
        return 1
    if byte < 0xE0:
        return 2
    return 3 if byte < 0xF0 else 4


@part
def restyle(out: Any, start: Any, end: Any, voice: Any, seed: Any) -> Any:
    """Write a text again as one person types it, in place and never longer; return its new end.

    The person decides letter case, which marks are left out and how many letters in a hundred slip
    (none, 0.4 or 2); the seed decides where. Letters of any script slip equally often.
    """
    habit = mixed(voice, np.uint64(501))
    casing = below(habit, 100)
    habit = mixed(habit, _ONE)
    marks = below(habit, 100)
    habit = mixed(habit, _ONE)
    care = below(habit, 100)
    slip = 0.0
    if care >= 94:
        slip = 0.02
    elif care >= 62:
        slip = 0.004
    if casing >= 66:
        if casing < 97:
            # A third of people write no capitals, or only some of the time.
            if casing < 86 or (mixed(seed, np.uint64(502)) >> _U32) & _ONE:
                for k in range(start, end):
                    change_case(out, k, end, True)
        elif casing == 99 and below(mixed(seed, np.uint64(503)), 4) == 0:
            for k in range(start, end):
                change_case(out, k, end, False)
    no_commas, no_apostrophes, no_end = marks >= 90, marks % 7 == 0, marks % 2 == 0
    left = end
    draw = mixed(seed, np.uint64(504))
    if slip > 0.0:
        left = np.int64(-np.log(1.0 - unit(draw)) / slip)
    read = start
    write = start
    if no_commas or no_apostrophes or left < end - start:
        while read < end:
            byte = out[AT(read)]
            width = min(_width(byte), end - read)
            letter = byte >= 0x80 or 97 <= byte <= 122
            if (byte == 44 and no_commas) or (byte == 39 and no_apostrophes):
                read += 1
                continue
            left -= letter
            if left < 0 and letter and read > start:
                draw = mixed(draw, np.uint64(505))
                left = np.int64(-np.log(1.0 - unit(draw)) / slip)
                behind = read + width
                after = out[AT(behind)] if behind < end else np.uint8(32)
                if draw & _ONE and (after >= 0x80 or 97 <= after <= 122):
                    # Two letters change places.
                    wide = min(_width(after), end - behind)
                    for k in range(width):
                        kept = out[AT(read + k)]
                        if wide == width:
                            out[AT(read + k)] = out[AT(behind + k)]
                            out[AT(behind + k)] = kept
                else:
                    read += width
                    continue
            for k in range(width):
                out[AT(write + k)] = out[AT(read + k)]
            read += width
            write += width
        end = write
    if no_end and end - start > 1 and out[AT(end - 1)] == 46 and out[AT(end - 2)] != 46:
        end -= 1
    return end
