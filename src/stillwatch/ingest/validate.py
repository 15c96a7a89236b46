"""Checks and casts whole columns of a table at once; falls back to single values where it must."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from stillwatch.ingest.coerce import LARGEST_STATUS, NOT_NEGATIVE, coercer_of
from stillwatch.ingest.outcomes import RecordError
from stillwatch.ingest.timestamps import EARLIEST, LATEST, misread_hint, to_micros
from stillwatch.model.tables_in import TIMESTAMP

_MILLION: Final = 1_000_000


class Faults:
    """The first reason, in schema order, for which each bad row is rejected."""

    def __init__(self) -> None:
        self.reasons: dict[int, str] = {}

    def add(self, row: int, reason: str) -> None:
        """Note a reason unless the row has one."""
        self.reasons.setdefault(row, reason)


def conform_batch(
    batch: pa.RecordBatch, schema: pa.Schema, defaults: dict[str, str]
) -> tuple[pa.RecordBatch, Faults]:
    """Return a batch in exactly `schema`, without its bad rows, and why those are bad.

    Columns are matched by name; absent ones are null, or the constant in `defaults`. Row numbers
    in the faults count from 0.
    """
    faults = Faults()
    arrays = []
    for field in schema:
        index = batch.schema.get_field_index(field.name)
        if index < 0:
            arrays.append(_constant(field, batch.num_rows, defaults.get(field.name)))
            continue
        array = _cast(batch.column(index), field, faults)
        if field.name in defaults and array.null_count:
            array = pc.fill_null(array, defaults[field.name])
        if pa.types.is_floating(field.type):  # Files made by pandas write NaN for absent.
            array = pc.if_else(pc.is_nan(array), None, array)
        _check(array, field, faults)
        arrays.append(array)
    if faults.reasons:
        keep = np.ones(batch.num_rows, dtype=bool)
        keep[list(faults.reasons)] = False
        mask = pa.array(keep)
        arrays = [array.filter(mask) for array in arrays]
    return pa.RecordBatch.from_arrays(arrays, schema=schema), faults


def _constant(field: pa.Field, rows: int, value: str | None) -> pa.Array:
    if value is None:
        return pa.nulls(rows, field.type)
    return pa.repeat(pa.scalar(value, field.type), rows)


def _cast(array: pa.Array, field: pa.Field, faults: Faults) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if kind == field.type:
        return array
    if pa.types.is_null(kind):
        return pa.nulls(len(array), field.type)
    if pa.types.is_uint64(kind) and pa.types.is_int64(field.type):
        return array.view(pa.int64())
    if pa.types.is_timestamp(kind) and field.type == TIMESTAMP:
        return _timestamps(array)
    if pa.types.is_integer(kind) and field.type == TIMESTAMP:
        moments = _epochs(array)
        if moments is not None:
            return moments
    if _castable(kind, field.type):
        try:
            return array.cast(field.type)
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
            pass  # One value does not fit: find it below.
    return _one_by_one(array, field, faults)


def _castable(kind: pa.DataType, wanted: pa.DataType) -> bool:
    text = pa.types.is_string(wanted)
    if text:
        return bool(pa.types.is_large_string(kind) or pa.types.is_string_view(kind))
    if pa.types.is_list(wanted):
        inner = kind.value_type if pa.types.is_list(kind) or pa.types.is_large_list(kind) else None
        return inner is not None and pa.types.is_integer(inner) and not pa.types.is_uint64(inner)
    if pa.types.is_integer(wanted):
        return bool(pa.types.is_integer(kind))
    return bool(pa.types.is_floating(wanted) and pa.types.is_floating(kind))


def _timestamps(array: pa.Array) -> pa.Array:
    """Cast timestamps of any unit and zone; finer than a microsecond is cut off."""
    utc = pa.timestamp(array.type.unit, tz="UTC")
    if array.type.tz is None:
        array = array.view(utc)
    try:
        return (
            array.cast(TIMESTAMP, safe=False) if array.type.unit == "ns" else array.cast(TIMESTAMP)
        )
    except pa.ArrowInvalid:  # Seconds or milliseconds so large that microseconds overflow.
        return array.cast(TIMESTAMP, safe=False)


def _epochs(array: pa.Array) -> pa.Array | None:
    """Read whole numbers as moments if one unit fits all of them."""
    low, high = (pc.min(array).as_py(), pc.max(array).as_py())
    if low is None:
        return pa.nulls(len(array), TIMESTAMP)
    for unit, per_second in (("s", 1), ("ms", 1_000), ("us", _MILLION), ("ns", 1_000 * _MILLION)):
        if EARLIEST * per_second <= low and high < LATEST * per_second:
            return _timestamps(array.cast(pa.int64()).view(pa.timestamp(unit)))
    return None


def _one_by_one(array: pa.Array, field: pa.Field, faults: Faults) -> pa.Array:
    coerce = coercer_of(field.name, field.type)
    values: list[Any] = []
    for row, value in enumerate(array.to_pylist()):
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        try:
            values.append(None if value is None else coerce(value))
        except RecordError as error:
            faults.add(row, f"{field.name}: {error}")
            values.append(None)
    return pa.array(values, type=field.type)


def _check(array: pa.Array, field: pa.Field, faults: Faults) -> None:
    if not field.nullable:
        absent = array.is_null()
        if pa.types.is_string(array.type):
            absent = pc.or_kleene(absent, pc.equal(array, ""))
        for row in _rows(absent):
            faults.add(row, f"{field.name} is missing")
    if field.name in NOT_NEGATIVE:
        _check_sign(array, field, faults)
    if field.name == "status":
        for row in _rows(pc.greater(array, LARGEST_STATUS)):
            faults.add(row, f"status: {array[row].as_py()} is larger than {LARGEST_STATUS}")
    if array.type == TIMESTAMP:
        _check_moments(array, field, faults)
    if pa.types.is_floating(array.type):
        for row in _rows(pc.is_inf(array)):
            faults.add(row, f"{field.name}: {array[row].as_py()} is not a finite number")


def _check_sign(array: pa.Array, field: pa.Field, faults: Faults) -> None:
    if pa.types.is_list(array.type):
        if array.values.null_count or len(_rows(pc.less(array.values, 0))):
            parents = pc.list_parent_indices(array).to_numpy(zero_copy_only=False)
            flat = pc.fill_null(pc.less(pc.list_flatten(array), 0), True)
            for row in sorted(set(parents[flat.to_numpy(zero_copy_only=False)].tolist())):
                faults.add(int(row), f"{field.name}: a number is negative or null")
        return
    for row in _rows(pc.less(array, 0)):
        faults.add(row, f"{field.name}: {array[row].as_py()} is negative")


def _check_moments(array: pa.Array, field: pa.Field, faults: Faults) -> None:
    micros = array.view(pa.int64())
    outside = pc.or_kleene(
        pc.less(micros, EARLIEST * _MILLION), pc.greater_equal(micros, LATEST * _MILLION)
    )
    for row in _rows(outside):
        try:
            to_micros(micros[row].as_py(), "us")
        except RecordError as error:
            hint = misread_hint(micros[row].as_py())
            faults.add(row, f"{field.name}: {error}{hint}")


def _rows(mask: pa.Array) -> list[int]:
    found: list[int] = np.flatnonzero(
        pc.fill_null(mask, False).to_numpy(zero_copy_only=False)
    ).tolist()
    return found
