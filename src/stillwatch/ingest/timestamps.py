"""Moments in any of the forms that logs use, as microseconds since 1970 UTC."""

from __future__ import annotations

import math
from datetime import UTC, datetime
from typing import Any, Final

from stillwatch.ingest.outcomes import RecordError

EARLIEST: Final = 1_420_070_400
"""2015-01-01 in seconds: no model API log is older."""
LATEST: Final = 4_102_444_800
"""2100-01-01 in seconds."""
UNITS: Final[dict[str, int]] = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
"""Unit → how many of it a second holds."""
_MILLION: Final = 1_000_000


def to_micros(value: Any, unit: str | None = None) -> int:
    """Return a moment in microseconds since 1970.

    Numbers without a unit are read as seconds, milliseconds, microseconds or nanoseconds,
    whichever falls between 2015 and 2100 (the four ranges do not overlap). Text is ISO 8601;
    without a zone it is UTC. Raises RecordError on anything else.
    """
    if isinstance(value, datetime):
        return _checked(_from_datetime(value), value)
    if isinstance(value, str):
        text = value.strip()
        number = _number(text)
        if number is None:
            return _checked(_from_text(text), value)
        value = number
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RecordError(f"{_shown(value)} is not a moment in time")
    if isinstance(value, float) and not math.isfinite(value):
        raise RecordError(f"{value} is not a moment in time")
    if unit is not None:
        return _checked(_scaled(value, UNITS[unit]), value, unit)
    for per_second in UNITS.values():
        if EARLIEST * per_second <= value < LATEST * per_second:
            return _scaled(value, per_second)
    raise RecordError(
        f"{_shown(value)} lies outside 2015–2100 as seconds, milliseconds, microseconds and "
        "nanoseconds alike"
    )


def misread_hint(micros: int) -> str:
    """Return what an implausible moment in microseconds may have been meant to be."""
    for name, per_second in UNITS.items():
        if name != "us" and EARLIEST * per_second <= micros < LATEST * per_second:
            moment = datetime.fromtimestamp(micros / per_second, tz=UTC)
            return f"; was a clock in {name} stored as us? (then it is {moment:%Y-%m-%d})"
    for factor, name in ((1_000, "milliseconds"), (_MILLION, "microseconds")):
        if EARLIEST * _MILLION <= micros // factor < LATEST * _MILLION:
            moment = datetime.fromtimestamp(micros / factor / _MILLION, tz=UTC)
            return f"; was a clock in {name} read as seconds? ({moment:%Y-%m-%d})"
    return ""


def _scaled(value: float, per_second: int) -> int:
    if isinstance(value, int):
        return value * _MILLION // per_second
    return round(value * (_MILLION / per_second))


def _checked(micros: int, value: Any, unit: str | None = None) -> int:
    if EARLIEST * _MILLION <= micros < LATEST * _MILLION:
        return micros
    as_unit = f" as {unit}" if unit else ""
    raise RecordError(
        f"{_shown(value)}{as_unit} lies outside 2015–2100{'' if unit else misread_hint(micros)}"
    )


def _number(text: str) -> float | None:
    try:
        return int(text) if text.isdecimal() and text.isascii() and len(text) < 25 else float(text)
    except ValueError:
        return None


def _from_text(text: str) -> int:
    if text.endswith(" UTC"):
        text = text[:-4] + "+00:00"
    try:
        return _from_datetime(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise RecordError(f"{_shown(text)} is not a moment in time (want ISO 8601)") from error


def _from_datetime(moment: datetime) -> int:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    since = aware - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * _MILLION + since.microseconds


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
