"""From what a user typed to the files that hold logs: files, folders, globs and s3:// addresses."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pyarrow.fs as pafs

from stillwatch.errors import InputError

LOG_ENDINGS: Final = (".json", ".jsonl", ".ndjson", ".log", ".csv", ".tsv", ".parquet", ".pq")
PACKED_ENDINGS: Final = (".gz", ".gzip", ".zst", ".zstd")
COMPANIONS: Final = (
    "accounts",
    "account_events",
    "control_events",
    "authorised_use",
    "models",
    "rejected",
    "ingest",
)
"""File stems beside a log that are tables of another kind."""


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file to read, on whatever file system it lies."""

    name: str
    """As a person would write it; goes into `origins` and `rejected.source`."""
    path: str
    """As the file system wants it."""
    size: int
    filesystem: Any

    def open_stream(self) -> Any:
        """Open for reading from front to back."""
        return self.filesystem.open_input_stream(self.path, compression=None)

    def open_file(self) -> Any:
        """Open for reading anywhere."""
        return self.filesystem.open_input_file(self.path)


def is_truth(path: str) -> bool:
    """Whether a file holds a world's answers; detectors and readers never look at those."""
    return posixpath.basename(path).startswith("truth")


def log_files(paths: Sequence[str]) -> list[LogFile]:
    """Return the files behind paths, sorted, each once; raises InputError if a path has none."""
    found: dict[str, LogFile] = {}
    for path in paths:
        matched = list(_matched(str(path)))
        if not matched:
            raise InputError(
                "no log file here",
                source=str(path),
                hint="logs end in " + ", ".join(LOG_ENDINGS) + ", each also .gz or .zst; "
                "name a file itself to read it whatever it is called",
            )
        found.update((file.name, file) for file in matched)
    return [found[name] for name in sorted(found)]


def filesystem_of(path: str) -> tuple[Any, str, str]:
    """Return the file system, the path in it, and what to put before paths when naming them."""
    if "://" in path:
        try:
            filesystem, inner = pafs.FileSystem.from_uri(_escaped(path))
        except (OSError, ValueError) as error:
            raise InputError(f"not an address that can be read: {error}", source=path) from error
        scheme, _, rest = path.partition("://")
        prefix = f"{scheme}://" + (
            "/" if rest.startswith("/") and not inner.startswith("/") else ""
        )
        return filesystem, inner, prefix
    return pafs.LocalFileSystem(), path, ""


def _escaped(path: str) -> str:
    head, mark, query = path.partition("?")
    if mark and "=" not in query:  # A question mark of a glob, not of a query.
        head, mark, query = path, "", ""
    return head.replace("[", "%5B").replace("]", "%5D").replace("?", "%3F") + mark + query


def _matched(path: str) -> Iterator[LogFile]:
    filesystem, inner, prefix = filesystem_of(path)
    if inner != "/":
        inner = inner.rstrip("/")
    info = _info(filesystem, inner, path)
    if info.type == pafs.FileType.File:
        if is_truth(inner):
            raise InputError(
                "this is a world's truth, which is for scoring only",
                source=path,
                hint="stillwatch evaluate reads it",
            )
        yield LogFile(prefix + inner, inner, info.size, filesystem)
    elif info.type == pafs.FileType.Directory:
        yield from _in_folder(filesystem, inner, prefix, path)
    elif any(mark in inner for mark in "*?["):
        yield from _globbed(filesystem, inner, prefix, path)
    else:
        raise InputError("there is no such file or folder", source=path, hint="is the path right?")


def _info(filesystem: Any, inner: str, path: str) -> Any:
    try:
        return filesystem.get_file_info(inner)
    except OSError as error:
        raise InputError(f"cannot be reached: {error}", source=path) from error


def _listed(filesystem: Any, folder: str, path: str) -> Iterable[Any]:
    try:
        selected = filesystem.get_file_info(pafs.FileSelector(folder, recursive=True))
    except OSError as error:
        raise InputError(f"cannot be listed: {error}", source=path) from error
    return [info for info in selected if info.type == pafs.FileType.File]


def _in_folder(filesystem: Any, folder: str, prefix: str, path: str) -> Iterator[LogFile]:
    tree = posixpath.join(folder, "exchanges")
    if _info(filesystem, tree, path).type == pafs.FileType.Directory:
        folder = tree
    for info in _listed(filesystem, folder, path):
        if _looks_like_log(info.path, folder):
            yield LogFile(prefix + info.path, info.path, info.size, filesystem)


def _globbed(filesystem: Any, pattern: str, prefix: str, path: str) -> Iterator[LogFile]:
    parts = pattern.split("/")
    fixed = next(i for i, part in enumerate(parts) if any(mark in part for mark in "*?["))
    folder = "/".join(parts[:fixed]) or ("/" if pattern.startswith("/") else ".")
    if _info(filesystem, folder, path).type != pafs.FileType.Directory:
        return
    wanted = parts[fixed:]
    for info in _listed(filesystem, folder, path):
        inside = posixpath.relpath(info.path, folder)
        if _matches(inside.split("/"), wanted) and not is_truth(info.path):
            yield LogFile(prefix + info.path, info.path, info.size, filesystem)


def _matches(parts: list[str], pattern: list[str]) -> bool:
    """Match path parts against a glob in which `**` stands for any number of folders."""
    if not pattern:
        return not parts
    if pattern[0] == "**":
        return _matches(parts, pattern[1:]) or bool(parts and _matches(parts[1:], pattern))
    return bool(
        parts and fnmatch.fnmatchcase(parts[0], pattern[0]) and _matches(parts[1:], pattern[1:])
    )


def _looks_like_log(path: str, folder: str) -> bool:
    inside = posixpath.relpath(path, folder)
    if any(part.startswith((".", "_")) for part in inside.split("/")) or is_truth(path):
        return False
    name = posixpath.basename(path).lower()
    for ending in PACKED_ENDINGS:
        name = name.removesuffix(ending)
    stem, dot, _ = name.partition(".")
    return (name.endswith(LOG_ENDINGS) or not dot) and stem not in COMPANIONS
