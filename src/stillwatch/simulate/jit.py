"""How the simulator's loops are compiled: typed wrappers, and a cache that never goes stale."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import CellType, FunctionType
from typing import ParamSpec, TypeVar, cast

import numba

_P = ParamSpec("_P")
_R = TypeVar("_R")


def part(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a piece that is built into the entry function that calls it."""
    return cast(Callable[_P, _R], numba.njit(nogil=True, error_model="numpy")(function))


def entry(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Compile a function that Python calls and keep the machine code beside the source.

    Numba's cache looks only at the function's own file and at what the function closes over, so it
    is made to close over a digest of all files that hold compiled code.
    """
    code = function.__code__
    closing = FunctionType(
        code.replace(co_freevars=(*code.co_freevars, "source_digest")),
        function.__globals__,
        function.__name__,
        function.__defaults__,
        (*(function.__closure__ or ()), CellType(_source_digest())),
    )
    closing.__module__, closing.__qualname__ = function.__module__, function.__qualname__
    compiled = numba.njit(nogil=True, error_model="numpy", cache=True)(closing)
    return cast(Callable[_P, _R], compiled)


@cache
def _source_digest() -> int:
    digest = hashlib.blake2b(digest_size=7)
    here = Path(__file__).parent
    for path in sorted(here.rglob("*.py")):
        text = path.read_bytes()
        if b"simulate.jit import" in text:
            digest.update(text)
    return int.from_bytes(digest.digest(), "little")
