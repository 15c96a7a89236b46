"""Keyed randomness: every draw is a function of the seed and a name, never of call order."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt

Seeds = npt.NDArray[np.uint64]
"""One 64-bit seed a row."""

_GOLDEN = 0x9E3779B97F4A7C15
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def key_of(*names: str | int) -> int:
    """Return the unsigned 64-bit key of a path of names."""
    path = "\x1f".join(str(name) for name in names).encode()
    return int.from_bytes(hashlib.blake2b(path, digest_size=8, person=b"world").digest(), "little")


def generator(*names: str | int) -> np.random.Generator:
    """Return the random generator that belongs to a path of names."""
    return np.random.Generator(np.random.PCG64(key_of(*names)))


def mix(seeds: npt.NDArray[Any], salt: int) -> Seeds:
    """Return new seeds from old ones and a salt (the SplitMix64 finaliser)."""
    x: Seeds = seeds.astype(np.uint64) + np.uint64((salt + 1) * _GOLDEN % (1 << 64))
    x ^= x >> np.uint64(30)
    x *= _FIRST
    x ^= x >> np.uint64(27)
    x *= _SECOND
    x ^= x >> np.uint64(31)
    return x


def below(seeds: Seeds, bound: int) -> npt.NDArray[np.int64]:
    """Return one whole number in [0, bound) for each seed."""
    return ((seeds >> np.uint64(11)) % np.uint64(bound)).astype(np.int64)


def unit(seeds: Seeds) -> npt.NDArray[np.float64]:
    """Return one number in [0, 1) for each seed."""
    return (seeds >> np.uint64(11)).astype(np.float64) / float(1 << 53)
