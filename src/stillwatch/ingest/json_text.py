"""JSON as logs really hold it: strict and fast first, then forgiving, never a crash."""

from __future__ import annotations

import json
from typing import Any, Final

import orjson

from stillwatch.ingest.outcomes import RecordError

_DIGITS: Final = bytes.maketrans(b"123456789", b"0" * 9)
_LONG_NUMBER: Final = b"0" * 20
_DEEPEST: Final = 500


def parse(raw: bytes) -> Any:
    """Return the JSON value in bytes; raises RecordError that says what is wrong.

    NaN and Infinity are understood, integers of any length are exact, and of a key that stands
    twice the last value counts. Values nested deeper than 500 levels are refused.
    """
    try:
        # orjson turns integers beyond 64 bits into floats, which would merge ids.
        value = orjson.loads(raw) if _LONG_NUMBER not in raw.translate(_DIGITS) else _forgiving(raw)
    except orjson.JSONDecodeError:
        value = _forgiving(raw)
    if raw.count(b"{") + raw.count(b"[") > _DEEPEST and _depth(value) > _DEEPEST:
        raise RecordError(f"nested deeper than {_DEEPEST} levels")
    return value


def decode(raw: bytes) -> str:
    """Return UTF-8 text; raises RecordError that says which byte is not, and what it may be."""
    try:
        return raw.decode()
    except UnicodeDecodeError as error:
        nulls = raw.count(b"\0")
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or nulls * 3 > len(raw):
            raise RecordError("not UTF-8 but UTF-16; convert the file to UTF-8") from None
        raise RecordError(
            f"not UTF-8: byte 0x{raw[error.start]:02x} at {error.start + 1}; "
            "Latin-1 or Windows-1252? convert the file to UTF-8"
        ) from None


def _forgiving(raw: bytes) -> Any:
    text = decode(raw.removeprefix(b"\xef\xbb\xbf"))
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if text.count("\0") * 3 > len(text):
            raise RecordError("not UTF-8 but UTF-16; convert the file to UTF-8") from None
        raise RecordError(f"not JSON: {error.msg} at {error.pos + 1}") from None
    except RecursionError:
        raise RecordError(f"nested deeper than {_DEEPEST} levels") from None
    except ValueError as error:
        raise RecordError(f"not JSON: {error}") from None


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
        level = below
    return depth
