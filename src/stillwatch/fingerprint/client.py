"""The client-configuration key: what software sent a request, and how it was set up.

Versions are left out, since they change under one client from day to day. Tools are left out:
they belong to the work, not to the client, and have their own column.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.fingerprint.kernel import KEY_COUNT, KEYS_ONLY
from stillwatch.fingerprint.keys import CLIENT_SEED
from stillwatch.fingerprint.mixing import FACTOR
from stillwatch.fingerprint.texts import TextReader, encode_texts

_FAMILIES: Final = ("user_agent", "sdk_version")
_TEXTS: Final = ("ja4", "http_fingerprint")
_NUMBERS: Final = ("header_order_hash", "temperature", "top_p", "max_tokens", "stream")

_SMALL_LIMIT: Final = 256
_ROUND_STEPS: Final = (50, 64)
_COMPUTED: Final = -1

_ABSENT: Final = np.uint64(0x51B9B61B5A4F1D2C)
_U32: Final = np.uint64(32)


def client_keys(batch: pa.RecordBatch, reader: TextReader) -> pa.Array:
    """Return the keyed hash of each row's client configuration, null where nothing is known."""
    rows = batch.num_rows
    state = np.full(rows, reader.keys.numbers[CLIENT_SEED], dtype=np.uint64)
    known = np.zeros(rows, dtype=np.bool_)
    names = set(batch.schema.names)
    for name in (*_FAMILIES, *_TEXTS, *_NUMBERS):
        values, valid = np.zeros(rows, dtype=np.uint64), np.zeros(rows, dtype=np.bool_)
        if name in names:
            column = batch.column(name)
            valid = column.is_valid().to_numpy(zero_copy_only=False)
            if name in _NUMBERS:
                values = _numbers(column, name)
            else:
                values = _texts(column, reader, KEY_COUNT - 1 if name in _FAMILIES else 0)
        known |= valid
        # The same steps as `mixing`, over whole columns.
        state = (state ^ np.where(valid, values, _ABSENT)) * FACTOR
        state ^= state >> _U32
    return pa.array(state.view(np.int64), mask=~known)


def _texts(column: pa.Array, reader: TextReader, key: int) -> npt.NDArray[np.uint64]:
    """Return one of the kernel's keys for each row, computed once a distinct text."""
    encoded = encode_texts(column)
    hashes = reader.hash_texts(encoded.dictionary, KEYS_ONLY).keys[:, key]
    if len(hashes) == 0:
        return np.zeros(len(column), dtype=np.uint64)
    indices = pc.fill_null(encoded.indices, 0).to_numpy(zero_copy_only=False)
    values: npt.NDArray[np.uint64] = np.take(hashes, indices).view(np.uint64)
    return values


def _numbers(column: pa.Array, name: str) -> npt.NDArray[np.uint64]:
    """Return each row's setting as 64 bits."""
    if pa.types.is_boolean(column.type):
        column = column.cast(pa.int8())
    filled = pc.fill_null(column, 0).to_numpy(zero_copy_only=False)
    if pa.types.is_floating(column.type):
        # Adding 0 turns -0 into 0, which has other bits.
        return (
            (np.asarray(filled, dtype=np.float32) + np.float32(0)).view(np.uint32).astype(np.uint64)
        )
    values = np.asarray(filled, dtype=np.int64)
    return (_configured(values) if name == "max_tokens" else values).view(np.uint64)


def _configured(limits: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return token limits that a person set; those that a client computed become one value.

    A limit left over from a context window differs from request to request and says nothing.
    """
    chosen = limits <= _SMALL_LIMIT
    for step in _ROUND_STEPS:
        chosen |= limits % step == 0
    return np.where(chosen, limits, _COMPUTED)
