"""CSV as records, with the lines on which they start; quoted line ends and bad bytes survive."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from stillwatch.ingest.json_text import decode
from stillwatch.ingest.outcomes import RecordError
from stillwatch.ingest.unpacking import BrokenOffError


class _Lines:
    """Decoded lines for the csv module, and the trouble that was met on the way."""

    def __init__(self, pieces: Iterable[bytes], longest: int) -> None:
        self._pieces = iter(pieces)
        self._longest = longest
        self.broken: str | None = None
        self.fault: str | None = None
        self.raw: list[str] = []

    def __iter__(self) -> Iterator[str]:
        rest = b""
        first = True
        while True:
            try:
                piece = next(self._pieces, b"")
            except BrokenOffError as error:
                self.broken, piece = str(error), b""
            if not piece:
                break
            if first:
                piece, first = piece.removeprefix(b"\xef\xbb\xbf"), False
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                yield self._decoded(line + b"\n")
            if len(rest) > self._longest:
                self.fault = f"the line is longer than the {self._longest:,} bytes that are read"
                rest = rest[:2_000]
        if rest:
            yield self._decoded(rest)

    def _decoded(self, line: bytes) -> str:
        if len(line) > self._longest:
            self.fault = f"the line is longer than the {self._longest:,} bytes that are read"
            line = line[:2_000] + b"\n"
        try:
            text = decode(line)
        except RecordError as error:
            self.fault = str(error)
            text = line.decode("utf-8", "backslashreplace")
        self.raw.append(text)
        return text


def csv_records(
    pieces: Iterable[bytes], delimiter: str, longest: int
) -> Iterator[tuple[int, dict[str, Any] | None, str, str | None]]:
    """Yield (line, record, raw text, fault); with a fault there is no record."""
    csv.field_size_limit(longest)
    lines = _Lines(pieces, longest)
    reader = csv.reader(lines, delimiter=delimiter)
    header: list[str] | None = None
    start = 1
    while True:
        fields: list[str] | None = None
        try:
            fields = next(reader, None)
        except csv.Error as error:
            lines.fault = f"not CSV: {error}"
            fields = []
        raw, fault = "".join(lines.raw), lines.fault
        lines.raw, lines.fault = [], None
        if fields is None:
            break
        if header is None:
            header = [name.strip() for name in fields]
        elif fault is not None:
            yield start, None, raw, fault
        elif len(fields) > len(header) or (fields and len(fields) < len(header)):
            fault = f"{len(fields)} fields under a header of {len(header)}"
            broken_off = lines.broken is not None
            yield start, None, raw, lines.broken if broken_off else fault
            if broken_off:
                return
        elif fields:
            record = dict(zip(header, fields, strict=True))
            yield start, {name: value or None for name, value in record.items()}, raw, None
        start = reader.line_num + 1
    if lines.broken is not None:
        yield start, None, "", lines.broken
