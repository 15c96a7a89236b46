"""The kernel's 64-bit hash steps, for use inside compiled code.

Every constant is a `np.uint64`: mixed with a Python integer, an unsigned 64-bit value would turn
into a float.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from stillwatch.fingerprint.jit import part

FACTOR: Final = np.uint64(0x9FB21C651E98DF25)
_FINAL_FACTOR: Final = np.uint64(0xD6E8FEB86659FD93)
_U29: Final = np.uint64(29)
_U32: Final = np.uint64(32)


@part
def absorb(state: np.uint64, value: np.uint64) -> np.uint64:
    """Take one value into a hash whose order of values matters."""
    state = (state ^ value) * FACTOR
    return state ^ (state >> _U32)


@part
def finish(state: np.uint64) -> np.uint64:
    """Spread every bit of a sum over all bits (a bijection)."""
    state = (state ^ (state >> _U32)) * _FINAL_FACTOR
    state = (state ^ (state >> _U29)) * FACTOR
    return state ^ (state >> _U32)
