"""What can become of a record: a good row, a rejected one, or one left out on purpose."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol

import orjson

RECORD_KEPT: Final = 256 << 10
"""Characters of a rejected record that are kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands: the file and the 1-based line (or row) in it."""

    origin: str
    line: int


@dataclass(frozen=True, slots=True)
class Parsed:
    """A record, where it stands, and how it stood there."""

    record: Any
    place: Place
    raw: Any


class RecordError(Exception):
    """A record that cannot become an exchange; the message says why, in words for its owner."""


@dataclass(frozen=True, slots=True)
class Good:
    """A record as columns of `exchanges`, not yet checked; `record` is shown if it fails."""

    place: Place
    values: dict[str, Any]
    record: Any


@dataclass(frozen=True, slots=True)
class Bad:
    """A record that was rejected; `rows` is how many rows were lost with it."""

    place: Place
    reason: str
    record: Any
    rows: int = 1


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A record that was left out on purpose, and why, in one word."""

    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """A remark for the person who reads the log, said once."""

    text: str


Outcome = Good | Bad | LeftOut | Note


class Converter(Protocol):
    """Turns parsed records of one format into outcomes; may hold records until it is flushed."""

    def convert(self, parsed: Parsed) -> Iterable[Outcome]:
        """Take one record; raises RecordError when it cannot be read at all."""

    def flush(self) -> Iterable[Outcome]:
        """Give up what is still held: no more records will come."""


def record_text(record: Any) -> tuple[str, bool]:
    """Return a rejected record as text that shows every byte, and whether it was cut."""
    if isinstance(record, bytes):
        cut = len(record) > RECORD_KEPT
        return record[:RECORD_KEPT].decode("utf-8", "backslashreplace"), cut
    if not isinstance(record, str):
        try:
            record = orjson.dumps(record, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
        except (TypeError, ValueError, RecursionError):
            record = repr(record)
    text = record.encode("utf-8", "backslashreplace").decode()
    return text[:RECORD_KEPT], len(text) > RECORD_KEPT
