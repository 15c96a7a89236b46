"""A file's bytes, unpacked as they are read, in pieces; says where a damaged file breaks off."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from stillwatch.ingest.locations import LogFile

PIECE: Final = 1 << 20
_GZIP: Final = b"\x1f\x8b"
_ZSTD: Final = b"\x28\xb5\x2f\xfd"
_FED: Final = 64 << 10
"""Packed bytes given to zlib at once; unpacked they are at most 64 MB."""


class BrokenOffError(Exception):
    """The file ends, or stops making sense, in the middle; what came before was good."""


@dataclass(slots=True)
class Meter:
    """Counts the stored bytes that were read."""

    read: int = 0
    told: int = 0

    def since_last(self) -> int:
        """Return the bytes read since this was last asked."""
        fresh = self.read - self.told
        self.told = self.read
        return fresh


def unpacked(file: LogFile, meter: Meter) -> Iterator[bytes]:
    """Yield a file's bytes, gzip and zstd unpacked; raises BrokenOffError where they break off."""
    try:
        with file.open_stream() as stream:
            head = stream.read(PIECE)
            meter.read += len(head)
            if head.startswith(_GZIP):
                yield from _gunzipped(head, stream, meter)
            elif head.startswith(_ZSTD):
                meter.read -= len(head)
                yield from _unzstd(file, meter)
            else:
                while head:
                    yield head
                    head = stream.read(PIECE)
                    meter.read += len(head)
    except OSError as error:
        raise BrokenOffError(f"reading failed: {error}") from error


def _gunzipped(head: bytes, stream: Any, meter: Meter) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(wbits=31)
    packed = head
    while packed:
        while packed:
            before = unpacker.copy()
            fed = packed[:_FED]
            try:
                piece = unpacker.decompress(fed)
            except zlib.error as error:
                if good := _up_to_damage(before, fed):
                    yield good
                raise BrokenOffError(f"the gzip data is damaged: {error}") from error
            if piece:
                yield piece
            packed = packed[_FED:]
            if unpacker.eof:
                packed = (unpacker.unused_data + packed).lstrip(b"\0")
                if packed:
                    unpacker = zlib.decompressobj(wbits=31)
        packed = stream.read(PIECE)
        meter.read += len(packed)
        if unpacker.eof:
            packed = packed.lstrip(b"\0")
            if packed:
                unpacker = zlib.decompressobj(wbits=31)
    if not unpacker.eof:
        raise BrokenOffError("the file ends early (truncated gzip)")


def _up_to_damage(unpacker: Any, fed: bytes) -> bytes:
    """Unpack byte by byte what stands before the damage."""
    good = bytearray()
    with suppress(zlib.error):
        for at in range(len(fed)):
            good += unpacker.decompress(fed[at : at + 1])
    return bytes(good)


def _unzstd(file: LogFile, meter: Meter) -> Iterator[bytes]:
    delivered = 0
    try:
        with file.open_file() as raw, pa.CompressedInputStream(raw, "zstd") as stream:
            while piece := stream.read(PIECE):
                meter.read = max(meter.read, raw.tell())
                delivered += len(piece)
                yield piece
    except OSError as error:
        yield from _last_bytes(file, delivered)
        early = "runcated" in str(error)
        raise BrokenOffError(
            "the file ends early (truncated zstd)"
            if early
            else f"the zstd data is damaged: {error}"
        ) from error


def _last_bytes(file: LogFile, skip: int) -> Iterator[bytes]:
    """Read a broken file again, to the very byte where it breaks."""
    last = bytearray()
    try:
        with file.open_file() as raw, pa.CompressedInputStream(raw, "zstd") as stream:
            while skip > 0:
                skip -= len(stream.read(min(skip, PIECE)))
            while byte := stream.read(1):
                last += byte
    except OSError:
        if last:
            yield bytes(last)
