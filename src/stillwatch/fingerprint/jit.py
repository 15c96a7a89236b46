"""How the kernel is compiled: typed wrappers around Numba, and a cache that never goes stale."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import ParamSpec, TypeVar, cast

import numba

_P = ParamSpec("_P")
_R = TypeVar("_R")


def part(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a piece of the kernel; it is built into the entry function that calls it."""
    return cast(Callable[_P, _R], numba.njit(nogil=True, error_model="numpy", _nrt=False)(function))


def inlined(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a piece that is called from one place, as if it stood there.

    A call hands over seven machine words an array, which in the inner loop costs more than the
    work.
    """
    compiled = numba.njit(nogil=True, error_model="numpy", _nrt=False, forceinline=True)(function)
    return cast(Callable[_P, _R], compiled)


def entry(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile an entry function and keep the machine code beside the source.

    Numba's cache looks only at the entry's own file, so the function must close over
    `source_digest()`: closure values are part of the cache's key.
    """
    compiled = numba.njit(nogil=True, error_model="numpy", _nrt=False, cache=True)(function)
    return cast(Callable[_P, _R], compiled)


def source_digest() -> int:
    """Return a number that changes when any source file of this package changes."""
    digest = hashlib.blake2b(digest_size=7)
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return int.from_bytes(digest.digest(), "little")
