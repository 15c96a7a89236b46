"""Foreign logs through a mapping file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stillwatch.errors import UsageError
from stillwatch.model.hashing import hash_text
from tests.ingest.reading import KEY, read_all

Written = Callable[[str, bytes], Path]
MAPPING = b"""
time_unit = "ms"
source = "my-gateway"

[columns]
exchange_id = "request.id"
occurred_at = "at"
account_id = "who.key"
status = "outcome"
prompt = "texts.-1"
user_agent = "headers.user-agent"

[constants]
model = "house-model"

[hash]
response_hash = "answer"

[values.status]
ok = 200
refused = 403
"""
RECORD = {
    "request.id": "r1",
    "at": 1_772_323_200_123,
    "who": {"key": "k1"},
    "outcome": "ok",
    "texts": ["one", "two"],
    "headers": {"user-agent": "curl"},
    "answer": "Yes.",
}


def test_json_records_are_mapped(written: Written) -> None:
    mapping = written("mapping.toml", MAPPING)
    bad = {**RECORD, "request.id": "r2", "outcome": "perhaps"}
    log = written("log.jsonl", b"\n".join(json.dumps(one).encode() for one in (RECORD, bad)))
    found = read_all(log, mapping=mapping)
    (row,) = found.rows
    assert (row["exchange_id"], row["account_id"], row["status"]) == ("r1", "k1", 200)
    assert (row["prompt"], row["user_agent"], row["model"]) == ("two", "curl", "house-model")
    assert row["response_hash"] == hash_text("Yes.", KEY)
    assert (row["source"], row["occurred_at"].microsecond) == ("my-gateway", 123_000)
    assert "status: 'perhaps' is not a whole number" in found.rejected[0]["reason"]
    assert found.rejected[0]["line"] == 2


def test_csv_and_parquet_are_mapped_alike(written: Written, tmp_path: Path) -> None:
    mapping = written(
        "mapping.toml",
        b'delimiter = ";"\n[columns]\nexchange_id = "id"\noccurred_at = "when"\n'
        b'account_id = "user"\n'
        b'input_tokens = "in"\n[constants]\nmodel = "m"\nstatus = 200\n'
        b'[conversation]\nmessages = "chat"\nanswer = "reply"\n',
    )
    chat = [{"role": "user", "content": "Hi; there"}]
    rows = {"id": ["1"], "when": ["2026-03-01 10:00:00"], "user": ["u"], "in": ["7"]}
    rows |= {"chat": [json.dumps(chat)], "reply": ["Hello"], "more": ["x"]}
    pq.write_table(pa.table(rows), tmp_path / "log.parquet")
    quoted = '"' + json.dumps(chat).replace('"', '""') + '"'
    text = f"id;when;user;in;chat;reply\n1;2026-03-01 10:00:00;u;7;{quoted};Hello\n"
    written("log.csv", text.encode())
    for name in ("log.parquet", "log.csv"):
        found = read_all(tmp_path / name, mapping=mapping)
        assert found.rejected == []
        (row,) = found.rows
        assert (row["input_tokens"], row["prompt"], row["source"]) == (7, "Hi; there", "mapped")
        assert row["response_hash"] == hash_text("Hello", KEY)


def test_everything_wrong_with_a_mapping_is_said_at_once(written: Written) -> None:
    mapping = written(
        "mapping.toml",
        b'time_unit = "fortnight"\n[columns]\nshoe = "x"\nstatus = ""\n[hash]\nprompt = "p"\n',
    )
    with pytest.raises(UsageError) as caught:
        read_all(mapping, mapping=mapping)
    for part in (
        "columns.shoe: there is no such column",
        "columns.status must be the path of a field",
        "hash.prompt is no hash column",
        "time_unit must be one of s, ms, us, ns",
        "nothing fills the required column exchange_id",
    ):
        assert part in str(caught.value)


@pytest.mark.parametrize("data", [b"columns = 3", b"not toml", b"colums = {}", b"\xff"])
def test_a_mapping_that_is_none(written: Written, data: bytes) -> None:
    mapping = written("mapping.toml", data)
    with pytest.raises(UsageError, match="mapping"):
        read_all(mapping, mapping=mapping)
    with pytest.raises(UsageError, match="cannot be read"):
        read_all(mapping, mapping=mapping.with_name("none.toml"))
