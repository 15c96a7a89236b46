"""Arrow columns straight from NumPy memory.

`pyarrow.array` looks for pandas on every call, which costs more than the columns of a small slice.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

_KINDS = {
    "i2": pa.int16(),
    "i4": pa.int32(),
    "i8": pa.int64(),
    "f4": pa.float32(),
    "f8": pa.float64(),
}


def column(values: npt.NDArray[Any], present: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Return an Arrow column of the values; those not `present` are null."""
    validity = None
    if present is not None and not present.all():
        validity = _bits(present)
    if values.dtype == np.bool_:
        return pa.Array.from_buffers(pa.bool_(), len(values), [validity, _bits(values)])
    kind = _KINDS[values.dtype.str[1:]]
    data = pa.py_buffer(np.ascontiguousarray(values))
    return pa.Array.from_buffers(kind, len(values), [validity, data])


def lists(
    offsets: npt.NDArray[np.int64], values: npt.NDArray[np.int64], kind: pa.DataType | None = None
) -> pa.Array:
    """Return a list column; row k holds values from offsets[k] to offsets[k + 1]."""
    inner = column(values)
    return pa.ListArray.from_arrays(
        column(offsets.astype(np.int32)), inner if kind is None else inner.cast(kind)
    )


def hexadecimal(prefix: str, values: npt.NDArray[np.uint64]) -> pa.Array:
    """Return a text column: the prefix and the 16 hexadecimal digits of each value."""
    head = np.frombuffer(prefix.encode(), np.uint8)
    width = len(head) + 16
    text = np.empty((len(values), width), np.uint8)
    text[:, : len(head)] = head
    octets = np.ascontiguousarray(values.astype(">u8")).view(np.uint8).reshape(-1, 8)
    text[:, len(head) :] = _PAIRS[octets].reshape(-1, 16)
    offsets = np.arange(len(values) + 1, dtype=np.int32) * np.int32(width)
    return pa.StringArray.from_buffers(
        len(values), pa.py_buffer(offsets), pa.py_buffer(text.reshape(-1))
    )


_PAIRS = np.frombuffer("".join(f"{k:02x}" for k in range(256)).encode(), np.uint8).reshape(256, 2)


def _bits(flags: npt.NDArray[np.bool_]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(flags, bitorder="little"))
