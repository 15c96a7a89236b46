"""One value of one column: what is accepted, and the words that say why something is not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, Final

import pyarrow as pa

from stillwatch.ingest.outcomes import RecordError
from stillwatch.ingest.timestamps import to_micros
from stillwatch.model.hashing import from_hex, to_signed
from stillwatch.model.tables_in import EXCHANGES, TIMESTAMP

Coercer = Callable[[Any], Any]

NOT_NEGATIVE: Final = frozenset(
    {
        "retry_after_ms",
        "input_tokens",
        "output_tokens",
        "reasoning_tokens",
        "cached_tokens",
        "cache_write_tokens",
        "max_tokens",
        "choices",
        "client_asn",
        "duration_ms",
        "time_to_first_token_ms",
        "prior_assistant_tokens",
        "status",
    }
)
"""Integer columns in which a negative number is an error."""

_LARGEST: Final = 3.4028235677973366e38
"""What rounds to the largest float32."""
LARGEST_STATUS: Final = 999
"""HTTP statuses end at 599; gateways invent codes up to here."""


def to_text(value: Any) -> str | None:
    """Return text; whole numbers become their digits; lone surrogates are replaced."""
    if isinstance(value, str):
        if value.isascii():
            return value
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return value
    if isinstance(value, bool):
        raise RecordError(f"{value} is not text")
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if value.is_integer() and abs(value) < 2**53:
            return str(int(value))
    raise RecordError(f"{shown(value)} is not text")


def to_hash(value: Any) -> int | None:
    """Return a hash given as int64, as older uint64, or as 16 hex digits."""
    if isinstance(value, str):
        try:
            return from_hex(value)
        except ValueError as error:
            raise RecordError(f"{shown(value)} is not a hash (want 16 hex digits)") from error
    number = to_integer(value)
    if number is not None and not -(1 << 63) <= number < 1 << 64:
        raise RecordError(f"{number} does not fit in 64 bits")
    return None if number is None else to_signed(number)


def to_integer(value: Any) -> int | None:
    """Return a whole number; not-a-number counts as absent, as in files made by pandas."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str):
        try:
            return int(value) if len(value) < 40 else _no_integer(value)
        except ValueError:
            return _no_integer(value)
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if value.is_integer():
            return int(value)
    return _no_integer(value)


def to_decimal(value: Any) -> float | None:
    """Return a finite number that fits float32; not-a-number counts as absent."""
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError as error:
            raise RecordError(f"{shown(value)} is not a number") from error
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RecordError(f"{shown(value)} is not a number")
    if isinstance(value, float) and math.isnan(value):
        return None
    if abs(value) > _LARGEST:
        raise RecordError(f"{shown(value)} is not a finite number")
    return float(value)


def to_flag(value: Any) -> bool:
    """Return true or false, also from 0 and 1 and from their words."""
    if isinstance(value, bool):
        return value
    if value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.lower() in ("true", "false", "1", "0"):
        return value.lower() in ("true", "1")
    raise RecordError(f"{shown(value)} is not true or false")


def shown(value: Any) -> str:
    """Return a value as a reason quotes it: short, on one line."""
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "…"


def _no_integer(value: Any) -> int:
    raise RecordError(f"{shown(value)} is not a whole number")


def _bounded(name: str, bits: int) -> Coercer:
    top = LARGEST_STATUS if name == "status" else (1 << (bits - 1)) - 1
    bottom = 0 if name in NOT_NEGATIVE else -(1 << (bits - 1))

    def coerce(value: Any) -> int | None:
        number = to_integer(value)
        if number is None:
            return None
        if number < bottom:
            raise RecordError(f"{number} is negative" if bottom == 0 else f"{number} is too small")
        if number > top:
            if name == "client_asn" and number < 1 << 32:
                return None  # Private 4-byte numbers do not fit the column and mean nothing.
            raise RecordError(f"{number} is larger than {top}")
        return number

    return coerce


def _listed(item: Coercer) -> Coercer:
    def coerce(value: Any) -> list[Any]:
        if not isinstance(value, list | tuple):
            raise RecordError(f"{shown(value)} is not a list")
        items = [None if one is None else item(one) for one in value]
        if None in items:
            raise RecordError("a list with a null in it")
        return items

    return coerce


def coercer_of(name: str, kind: pa.DataType) -> Coercer:
    """Return the function that accepts values of a column."""
    if pa.types.is_list(kind):
        inner = kind.value_type
        return _listed(to_hash if pa.types.is_int64(inner) else coercer_of(name, inner))
    if pa.types.is_int64(kind):
        return to_hash
    if pa.types.is_integer(kind):
        return _bounded(name, kind.bit_width)
    if pa.types.is_floating(kind):
        return to_decimal
    if pa.types.is_boolean(kind):
        return to_flag
    if kind == TIMESTAMP:
        return to_micros
    return to_text


COERCERS: Final[dict[str, Coercer]] = {
    field.name: coercer_of(field.name, field.type) for field in EXCHANGES
}
REQUIRED: Final = tuple(field.name for field in EXCHANGES if not field.nullable)
COLUMNS: Final = tuple(EXCHANGES.names)


def conform(
    row: dict[str, Any], coercers: dict[str, Coercer], required: tuple[str, ...]
) -> dict[str, Any]:
    """Return a row with every value in its column's type; unknown names are dropped.

    Raises RecordError that names the column.
    """
    clean: dict[str, Any] = {}
    for name, value in row.items():
        if value is None:
            continue
        coercer = coercers.get(name)
        if coercer is None:
            continue
        try:
            clean[name] = coercer(value)
        except RecordError as error:
            raise RecordError(f"{name}: {error}") from None
    for name in required:
        if clean.get(name) in (None, ""):
            raise RecordError(f"{name} is missing")
    return clean
