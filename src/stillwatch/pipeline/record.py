"""Writes `scan.json`: versions, parameters, input digests and timings of a scan."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from stillwatch.ingest import LogFile, digest_of
from stillwatch.pipeline.result_folder import INTERMEDIATE, RECORD_NAME


def input_entries(files: Sequence[LogFile]) -> list[dict[str, Any]]:
    """Return path, size and SHA-256 of every input; one that cannot be read again says why."""
    return [{"path": f.name, "bytes": f.size, **digest_of(f).entry()} for f in files]


def write_record(out: Path, record: Mapping[str, Any]) -> None:
    """Write a scan's record as `scan.json`, whole or not at all."""
    text = json.dumps(record, indent=2, default=_plain, ensure_ascii=False)
    draft = out / INTERMEDIATE / RECORD_NAME
    draft.write_text(text + "\n", encoding="utf-8")
    draft.replace(out / RECORD_NAME)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} has no form in JSON")
