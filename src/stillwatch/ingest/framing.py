"""Cuts a stream of bytes into records: one a line, or JSON values one after another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from stillwatch.ingest.unpacking import BrokenOffError

_SHOWN: Final = 2_000
_BOM: Final = b"\xef\xbb\xbf"
_OUTSIDE: Final = re.compile(rb'["{}\[\]\n]')
_INSIDE: Final = re.compile(rb'["\\\n]')
_SKIPPED: Final = b" \t\r\n,"


@dataclass(frozen=True, slots=True)
class Frame:
    """The bytes of one record and the line on which it starts, or why it cannot be had."""

    line: int
    raw: bytes
    problem: str | None = None


def lines(pieces: Iterable[bytes], longest: int) -> Iterator[Frame]:
    """Yield every line that is not blank; a line longer than `longest` bytes is not held."""
    number = 1
    held: list[bytes] = []
    size = 0
    broken: str | None = None
    first = True
    stream = iter(pieces)
    while True:
        try:
            piece = next(stream, b"")
        except BrokenOffError as error:
            broken, piece = str(error), b""
        if not piece:
            break
        if first:
            piece, first = piece.removeprefix(_BOM), False
        *whole, rest = piece.split(b"\n")
        for line in whole:
            if held or size:
                yield from _line(number, held, size, line, longest)
                held, size = [], 0
            elif line and not line.isspace():
                yield from _line(number, [], 0, line, longest)
            number += 1
        if rest:
            size += len(rest)
            if size <= longest or not held:
                held.append(rest[:_SHOWN] if size > longest else rest)
            else:
                held = [b"".join(held)[:_SHOWN]]
    last = b"".join(held)
    if broken is None:
        if size:
            yield from _line(number, held, size, b"", longest)
    elif last.rstrip().endswith(b"}") and size <= longest:
        yield Frame(number, last)
        yield Frame(number + 1, b"", broken)
    else:
        yield Frame(number, last, broken)


def _line(number: int, held: list[bytes], size: int, end: bytes, longest: int) -> Iterator[Frame]:
    size += len(end)
    if size > longest:
        start = (b"".join(held) + end[:_SHOWN])[:_SHOWN]
        yield Frame(number, start, _too_long(size, longest))
        return
    line = b"".join(held) + end if held else end
    line = line.removesuffix(b"\r")
    if line and not line.isspace():
        yield Frame(number, line)


def _too_long(size: int, longest: int) -> str:
    return (
        f"the record is {size:,} bytes long, more than the {longest:,} that are read; "
        "only its start is kept"
    )


def values(pieces: Iterable[bytes], longest: int) -> Iterator[Frame]:
    """Yield each JSON value of an array, or of values that follow each other.

    Cuts by brackets and quotes only, so that one damaged value costs no other.
    """
    cutter = _Cutter(longest)
    try:
        for piece in pieces:
            yield from cutter.feed(piece)
    except BrokenOffError as error:
        yield Frame(cutter.start_line, bytes(cutter.held), str(error))
        return
    if cutter.held.strip(_SKIPPED + b"]") or cutter.depth:
        yield Frame(
            cutter.start_line, bytes(cutter.held), "the file ends in the middle of a record"
        )


class _Cutter:
    """Follows quotes and brackets through pieces; a value ends where its depth returns to 0."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self.held = bytearray()
        self.size = 0
        self.depth = 0
        self.line = 1
        self.start_line = 1
        self.quoted = False
        self.escaped = False
        self.in_array: bool | None = None

    def feed(self, piece: bytes) -> Iterator[Frame]:
        """Take a piece; yield what is complete."""
        if self.in_array is None:
            piece = piece.removeprefix(_BOM)
            bare = piece.lstrip()
            if not bare:
                self.line += piece.count(b"\n")
                return
            self.in_array = bare.startswith(b"[")
            if self.in_array:
                self.line += piece[: len(piece) - len(bare)].count(b"\n")
                piece = bare[1:]
        at = kept = 0
        if self.escaped and piece:
            at, self.escaped = 1, False
        while True:
            found = (_INSIDE if self.quoted else _OUTSIDE).search(piece, at)
            if found is None:
                break
            mark, at = found[0], found.end()
            if mark == b"\n":
                self.line += 1
            elif mark == b"\\":
                if at == len(piece):
                    self.escaped = True
                at += 1
            elif mark == b'"':
                self.quoted = not self.quoted
            elif mark in b"{[":
                if self.depth == 0:
                    self._keep(piece[kept : found.start()])
                    if self.held.strip(_SKIPPED):
                        yield self._take("not a JSON object")
                    self.held.clear()
                    self.size, kept, self.start_line = 0, found.start(), self.line
                self.depth += 1
            elif self.depth:
                self.depth -= 1
                if self.depth == 0:
                    self._keep(piece[kept:at])
                    kept = at
                    yield self._take(None)
        self._keep(piece[kept:])

    def _keep(self, part: bytes) -> None:
        self.size += len(part)
        if self.size <= self.longest:
            self.held += part
        elif len(self.held) > _SHOWN:
            del self.held[_SHOWN:]
        elif len(self.held) < _SHOWN:
            self.held += part[: _SHOWN - len(self.held)]

    def _take(self, problem: str | None) -> Frame:
        if self.size > self.longest:
            problem = _too_long(self.size, self.longest)
        frame = Frame(self.start_line, bytes(self.held), problem)
        self.held.clear()
        self.size = 0
        return frame
