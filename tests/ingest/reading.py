"""What ingest tests share: a key, a reader of everything at once, and records to read."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa

from stillwatch.ingest import IngestOptions, read_logs
from stillwatch.model.hashing import HashKey
from stillwatch.model.tables_in import EXCHANGES
from stillwatch.model.tables_out import REJECTED

KEY = HashKey.from_text("a key for tests")


@dataclass
class Everything:
    """All batches of a reading, put together."""

    rows: list[dict[str, Any]] = field(default_factory=list)
    places: list[tuple[str, int]] = field(default_factory=list)
    rejected: list[dict[str, Any]] = field(default_factory=list)
    rejected_rows: int = 0
    left_out: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    bytes_read: int = 0
    batches: int = 0

    @property
    def ids(self) -> list[str]:
        return [row["exchange_id"] for row in self.rows]

    @property
    def accounted(self) -> int:
        return len(self.rows) + self.rejected_rows + sum(self.left_out.values())


def read_all(*paths: Path | str, **options: Any) -> Everything:
    found = Everything()
    for batch in read_logs([str(p) for p in paths], IngestOptions(key=KEY, **options)):
        assert batch.exchanges.schema.equals(EXCHANGES)
        assert batch.rejected.schema.equals(REJECTED)
        assert batch.lines.type == pa.int64()
        assert len(batch.origins) == len(batch.lines) == batch.exchanges.num_rows
        batch.exchanges.validate(full=True)
        found.rows += batch.exchanges.to_pylist()
        found.places += zip(batch.origins.to_pylist(), batch.lines.to_pylist(), strict=True)
        found.rejected += batch.rejected.to_pylist()
        found.rejected_rows += batch.rejected_rows
        for reason, count in batch.left_out.items():
            found.left_out[reason] = found.left_out.get(reason, 0) + count
        found.notes += batch.notes
        found.bytes_read += batch.bytes_read
        found.batches += 1
    return found


def canonical(number: int, **changes: Any) -> dict[str, Any]:
    row = {
        "exchange_id": f"x{number}",
        "occurred_at": f"2026-03-01T00:00:{number % 60:02d}Z",
        "account_id": f"a{number % 7}",
        "source": "test",
        "model": "m1",
        "status": 200,
        "prompt": f"tell me about number {number}",
        "input_tokens": number,
    }
    return {**row, **changes}


def litellm(number: int, **changes: Any) -> dict[str, Any]:
    record = {
        "id": f"chatcmpl-{number}",
        "litellm_call_id": f"call-{number}",
        "call_type": "acompletion",
        "status": "success",
        "stream": True,
        "startTime": 1_780_000_000.25 + number,
        "endTime": 1_780_000_001.25 + number,
        "completionStartTime": 1_780_000_000.5 + number,
        "model": "openai/big-1",
        "model_group": "big-1",
        "prompt_tokens": 12,
        "completion_tokens": 7,
        "end_user": f"reader-{number}",
        "requester_ip_address": "198.51.100.7",
        "user_agent": "openai-python/2.1",
        "metadata": {
            "user_api_key_hash": f"key-{number % 3}",
            "user_api_key_user_id": "user-1",
            "user_api_key_team_id": "team-1",
            "user_api_key_org_id": "org-1",
            "user_api_key_request_route": "/v1/chat/completions",
            "requester_custom_headers": {"x-ja4": "t13d_test", "x-asn": "AS64500"},
        },
        "messages": [
            {"role": "system", "content": "You count things."},
            {"role": "user", "content": f"Count to {number}."},
        ],
        "response": {
            "id": f"chatcmpl-{number}",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": f"One {number}"}}],
            "usage": {"prompt_tokens": 12, "completion_tokens": 7},
        },
        "model_parameters": {"temperature": 0.5, "max_tokens": 100},
        "error_information": {"error_code": "", "error_class": "", "llm_provider": ""},
    }
    return {**record, **changes}


def lines_of(records: list[Any]) -> bytes:
    return b"".join(json.dumps(record).encode() + b"\n" for record in records)
