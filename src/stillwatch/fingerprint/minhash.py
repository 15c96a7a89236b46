"""One-permutation MinHash over word shingles, densified, one byte a bin.

Sources: Li, Owen and Zhang 2012 (one permutation), Shrivastava 2017 (optimal densification),
Li and König 2010 (b bits a bin).
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stillwatch.fingerprint.jit import part
from stillwatch.fingerprint.keys import SHINGLE_FACTORS, SHINGLE_SEED, SHINGLE_WORDS
from stillwatch.fingerprint.memory import lowest_bit
from stillwatch.fingerprint.mixing import finish
from stillwatch.model.tables_between import MINHASH_BINS

_EMPTY: Final = np.uint64(0xFFFFFFFFFFFFFFFF)
_BYTE: Final = np.uint64(0xFF)
_ALL_BINS: Final = (1 << MINHASH_BINS) - 1
_ONE: Final = np.uint64(1)
_LOW: Final = np.uint64(0xFFFFFFFF)
_U32: Final = np.uint64(32)
_BINS: Final = np.uint64(MINHASH_BINS)
_CHANCE: Final = 1 / 256
"""Probability that two bins of unrelated texts agree, at one byte a bin."""


@part
def shingle(hashes: Any, count: int, numbers: Any, shingles: Any) -> int:
    """Fill `shingles` with the hash of each run of five words; return how many there are.

    A text of fewer words is one shingle.
    """
    seed = numbers[SHINGLE_SEED]
    if count < SHINGLE_WORDS:
        total = seed
        for k in range(count):
            total += hashes[k] * numbers[SHINGLE_FACTORS + k]
        shingles[0] = finish(total)
        return 1
    f0 = numbers[SHINGLE_FACTORS]
    f1 = numbers[SHINGLE_FACTORS + 1]
    f2 = numbers[SHINGLE_FACTORS + 2]
    f3 = numbers[SHINGLE_FACTORS + 3]
    f4 = numbers[SHINGLE_FACTORS + 4]
    last = count - SHINGLE_WORDS + 1
    for k in range(last):
        shingles[k] = finish(
            seed
            + hashes[k] * f0
            + hashes[k + 1] * f1
            + hashes[k + 2] * f2
            + hashes[k + 3] * f3
            + hashes[k + 4] * f4
        )
    return last


@part
def sketch(shingles: Any, count: int, ranks: Any, order: Any, least: Any, out: Any) -> None:
    """Write one byte a bin to `out`: the low byte of the least shingle hash that fell into it.

    An empty bin takes the byte of a filled one, by a random order of its own. `least` is scratch.
    """
    for k in range(MINHASH_BINS):
        least[k] = _EMPTY
    for k in range(count):
        value = shingles[k]
        place = ((value >> _U32) * _BINS) >> _U32
        least[place] = min(least[place], value & _LOW)
    filled: Any = 0
    for k in range(MINHASH_BINS):
        out[k] = np.uint8(least[k] & _BYTE)
        filled |= np.int64(least[k] != _EMPTY) << k
    empty = np.uint64(filled ^ _ALL_BINS)
    while empty:
        k = lowest_bit(empty)
        empty &= empty - _ONE
        found: Any = 0
        for group in range(MINHASH_BINS // 4):
            found |= np.int64(ranks[k, group, (filled >> (4 * group)) & 15])
        out[k] = out[order[k, lowest_bit(np.uint64(found))]]


def jaccard_estimate(a: bytes | npt.NDArray[np.uint8], b: bytes | npt.NDArray[np.uint8]) -> float:
    """Estimate the Jaccard similarity of two texts' shingle sets from their MinHash cells.

    Bins agree by chance once in 256; that is taken off. The standard error at similarity J is about
    sqrt(J (1 - J) / 24), 0.10 at worst, and up to half as much again for texts of fewer shingles
    than bins, where bins copy one another.
    """
    left = np.frombuffer(a, dtype=np.uint8)
    right = np.frombuffer(b, dtype=np.uint8)
    if left.size != MINHASH_BINS or right.size != MINHASH_BINS:
        raise ValueError(f"a MinHash cell has {MINHASH_BINS} bytes")
    agree = float(np.count_nonzero(left == right)) / MINHASH_BINS
    return max(0.0, (agree - _CHANCE) / (1 - _CHANCE))
