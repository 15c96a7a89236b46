"""Reads that compiled code does without a check: one byte, eight bytes, and where a bit stands.

NumPy indexing in compiled code first asks whether an index is negative. The kernel reads each byte
of a prompt at least once, so it does without; every caller keeps its index inside the array.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, cast

import numpy as np
from llvmlite import ir  # type: ignore[import-untyped]  # has no stubs
from numba import types
from numba.core.cgutils import create_struct_proxy
from numba.extending import intrinsic


def _byte_at(_typing: Any, data: Any, _at: Any) -> Any:
    """Return `data[at]` of a contiguous uint8 array as an int64."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        array = create_struct_proxy(data)(context, builder, arguments[0])
        place = builder.gep(array.data, [arguments[1]])
        return builder.zext(builder.load(place), ir.IntType(64))

    return types.int64(data, types.int64), generate


def _eight_at(_typing: Any, data: Any, _at: Any) -> Any:
    """Return `data[at:at + 8]` of a contiguous uint8 array as one little-endian uint64."""

    def generate(context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        array = create_struct_proxy(data)(context, builder, arguments[0])
        place = builder.gep(array.data, [arguments[1]])
        wide = builder.bitcast(place, ir.IntType(64).as_pointer())
        return builder.load(wide, align=1)

    return types.uint64(data, types.int64), generate


def _lowest_bit(_typing: Any, _value: Any) -> Any:
    """Return the place of the lowest set bit of a uint64, 64 if there is none."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 0))

    return types.int64(types.uint64), generate


byte_at: Final = cast(Callable[[Any, int], int], intrinsic(_byte_at))
eight_at: Final = cast("Callable[[Any, int], np.uint64]", intrinsic(_eight_at))
lowest_bit: Final = cast("Callable[[np.uint64], int]", intrinsic(_lowest_bit))
