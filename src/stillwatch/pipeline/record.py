"""Writes `scan.json`: versions, parameters, input digests and timings of a scan."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from stillwatch.ingest import LogFile

_PIECE = 1 << 20


def file_digests(logs: Sequence[LogFile], *beside: str | None) -> list[dict[str, Any]]:
    """Return path, size and SHA-256 of every input; a table that cannot be digested has none."""
    digests = []
    for file in logs:
        digest = hashlib.sha256()
        with suppress(OSError), file.open_stream() as stream:
            while piece := stream.read(_PIECE):
                digest.update(piece)
        digests.append({"path": file.name, "bytes": file.size, "sha256": digest.hexdigest()})
    for name in beside:
        if name is not None and Path(name).is_file():
            content = Path(name).read_bytes()
            sha256 = hashlib.sha256(content).hexdigest()
            digests.append({"path": name, "bytes": len(content), "sha256": sha256})
    return digests


def write_record(out: Path, record: Mapping[str, Any]) -> None:
    """Write a scan's record as `scan.json`."""
    text = json.dumps(record, indent=2, default=_plain, ensure_ascii=False)
    (out / "scan.json").write_text(text + "\n", encoding="utf-8")


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} has no form in JSON")
