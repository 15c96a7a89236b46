"""Tells a log's format from its first bytes; names and endings are not asked."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from typing import Any, Final, Literal

from stillwatch.ingest.framing import lines, values
from stillwatch.ingest.json_text import parse
from stillwatch.ingest.options import Format
from stillwatch.ingest.outcomes import RecordError

HEAD: Final = 1 << 20
"""Bytes that are looked at."""
_TRIED: Final = 200
Framing = Literal["lines", "values", "csv", "parquet", "none"]
_OBJECT_LINE: Final = re.compile(rb"\n[ \t]*\{")


@dataclass(frozen=True, slots=True)
class Detected:
    """What a file was taken for; `reason` says why nothing was recognised."""

    format: Format
    framing: Framing
    reason: str | None = None
    delimiter: str = ","
    text: bool = False
    """Whether it is at least text, so that a mapping may read it as CSV."""


def detect(head: bytes) -> Detected:
    """Return the format and framing of a file that begins with `head`."""
    if head.startswith(b"PAR1"):
        return Detected("parquet", "parquet")
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Detected("unrecognised", "none", "the file is UTF-16; convert it to UTF-8")
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        return Detected("unrecognised", "lines")
    if not start.startswith((b"{", b"[")) and _OBJECT_LINE.search(head) is None:
        return _detect_csv(start)
    framing = _json_framing(start)
    cut = lines if framing == "lines" else values
    for tried, frame in enumerate(cut([head], HEAD)):
        if tried >= _TRIED:
            break
        if frame.problem is None:
            try:
                found = classify(parse(frame.raw))
            except RecordError:
                continue
            if found is not None:
                return Detected(found, framing)
    if framing == "values" and len(head) >= HEAD:
        found = _first_keys(start)
        if found is not None:
            return Detected(found, framing)
    return Detected(
        "unrecognised",
        framing,
        "JSON of no known log format; if it holds exchanges, describe it with --map mapping.toml",
    )


def classify(record: Any) -> Format | None:
    """Return the format of one JSON record, or null if it is none that we know."""
    if not isinstance(record, dict):
        return None
    if "exchange_id" in record and ("occurred_at" in record or "account_id" in record):
        return "canonical"
    if any(name in record for name in ("resourceSpans", "resourceLogs", "resource_spans")):
        return "otlp"
    if record.get("schemaType") == "ModelInvocationLog":
        return "bedrock"
    if "litellm_call_id" in record or ("call_type" in record and "startTime" in record):
        return "litellm"
    metadata = record.get("metadata")
    if isinstance(metadata, dict) and "user_api_key_hash" in metadata:
        return "litellm"
    if "provider" in record and ("request" in record or "response" in record):
        return "envelope"
    return None


def _json_framing(start: bytes) -> Framing:
    if start.startswith(b"["):
        return "values"
    first, newline, rest = start.partition(b"\n")
    if not newline or not start.startswith(b"{"):
        return "lines"
    try:
        parse(first)
    except RecordError:
        # A pretty-printed object, or a damaged first line above good ones?
        following = rest.partition(b"\n")[0].lstrip(b" \t\r")
        return "lines" if following.startswith(b"{") or len(first.strip()) > 80 else "values"
    return "lines"


def _first_keys(start: bytes) -> Format | None:
    """Recognise a record larger than the head by the keys that stand in it."""
    keys = dict.fromkeys(re.findall(r'"(\w{4,40})"\s*:', start.decode("utf-8", "replace")))
    return classify(keys)


def _detect_csv(start: bytes) -> Detected:
    first = start.partition(b"\n")[0].decode("utf-8", "replace").strip()
    for delimiter in ",\t;":
        names = {name.strip() for name in next(csv.reader([first], delimiter=delimiter), [])}
        if "exchange_id" in names and "occurred_at" in names:
            return Detected("canonical", "csv", delimiter=delimiter)
    reason = "not JSON, Parquet, or CSV with canonical columns; describe it with --map mapping.toml"
    return Detected("unrecognised", "none", reason, text="\0" not in first)
