"""The tables that lie beside a log."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, fields

import pyarrow.fs as pafs

from stillwatch.ingest.locations import filesystem_of


@dataclass(frozen=True, slots=True)
class Companions:
    """Paths of the tables found beside logs; null where there is none."""

    accounts: str | None = None
    account_events: str | None = None
    control_events: str | None = None
    authorised_use: str | None = None


def find_companions(paths: Sequence[str]) -> Companions:
    """Return the tables that lie beside logs, the first found of each.

    Looks into a folder that was named, and beside a folder called `exchanges`.
    """
    found: dict[str, str] = {}
    for path in paths:
        filesystem, inner, prefix = filesystem_of(str(path))
        inner = inner.rstrip("/") or inner
        if any(mark in inner for mark in "*?["):
            continue
        parts = inner.split("/")
        if "exchanges" in parts[-2:]:
            last = len(parts) - 1 - parts[::-1].index("exchanges")
            inner = "/".join(parts[:last]) or ("/" if inner.startswith("/") else ".")
        for stem in (field.name for field in fields(Companions)):
            if stem in found:
                continue
            candidates = [posixpath.join(inner, f"{stem}.{e}") for e in ("parquet", "csv", "jsonl")]
            for info in filesystem.get_file_info(candidates):
                if info.type == pafs.FileType.File:
                    found[stem] = prefix + info.path
                    break
    return Companions(**found)
