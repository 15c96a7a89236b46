"""Reads corpus files: JSON and JSON lines, plain or compressed with Zstandard or gzip."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pyarrow as pa

from stillwatch.errors import InputError

SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".txt")
_COMPRESSED: Final = {".zst": "zstd", ".gz": "gzip"}
_BETWEEN: Final = re.compile(r"(?P<path>\S+) between\((?P<first>[^|]+)\|(?P<last>[^)]+)\)")


def corpus_files(folder: Path) -> list[Path]:
    """Return the readable corpus files under a folder, by name."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and _plain(path).suffix in SUFFIXES and not path.name.startswith(".")
    )


def read_records(path: Path) -> list[Any]:
    """Return the records of a file: the entries of a JSON list, or one for each line.

    A JSON object is one record. Lines of a text file are records as they are. Raises InputError
    when the file cannot be read.
    """
    try:
        with pa.OSFile(str(path)) as file:
            codec = _COMPRESSED.get(path.suffix)
            stream = pa.CompressedInputStream(file, codec) if codec else file
            text = stream.read().decode("utf-8")
    except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
        raise InputError(f"could not be read as text: {error}", source=str(path)) from error
    if _plain(path).suffix == ".txt":
        return [line for line in text.split("\n") if line.strip()]
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        return [_line(line, number, path) for number, line in _lines(text)]
    return whole if isinstance(whole, list) else [whole]


def texts_of(record: Any, path: str) -> Iterator[str]:
    """Yield the texts at a path of keys and places in a record; `uses.tsv` says how they look."""
    if found := _BETWEEN.fullmatch(path):
        for text in texts_of(record, found["path"]):
            after = text.split(found["first"], 1)
            if len(after) == 2:
                inside = after[1].split(found["last"], 1)[0]
                yield inside.strip(" :,'\"#\n{}")
    elif "+" in path:
        pieces = [next(texts_of(record, piece), "") for piece in path.split("+")]
        yield "\n".join(piece for piece in pieces if piece)
    else:
        yield from _walk(record, path.split("."))


def _walk(record: Any, steps: list[str]) -> Iterator[str]:
    if not steps or steps == [""]:
        if isinstance(record, str):
            yield record
        return
    step, rest = steps[0], steps[1:]
    if step == "*":
        inner = record.values() if isinstance(record, dict) else record
        for entry in inner if isinstance(record, (dict, list)) else ():
            yield from _walk(entry, rest)
    elif isinstance(record, list) and step.isdigit():
        # "1.." was split at its dots: the place, then two empty steps.
        if rest[:2] == ["", ""]:
            for entry in record[int(step) :]:
                yield from _walk(entry, rest[2:])
        elif int(step) < len(record):
            yield from _walk(record[int(step)], rest)
    elif isinstance(record, dict) and step in record:
        yield from _walk(record[step], rest)


def _lines(text: str) -> Iterator[tuple[int, str]]:
    return ((n, line) for n, line in enumerate(text.split("\n"), start=1) if line.strip())


def _line(line: str, number: int, path: Path) -> Any:
    try:
        return json.loads(line)
    except json.JSONDecodeError as error:
        raise InputError(f"not JSON: {error.msg}", source=str(path), line=number) from error


def _plain(path: Path) -> Path:
    return path.with_suffix("") if path.suffix in _COMPRESSED else path
