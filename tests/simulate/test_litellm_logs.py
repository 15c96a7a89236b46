"""A world in LiteLLM's format reads back as the same exchanges, as far as the format carries."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from stillwatch.simulate import write_world
from tests.ingest.reading import read_all

Row = dict[str, Any]
SAME = [
    "account_id",
    "session_id",
    "model",
    "status",
    "system_prompt",
    "input_tokens",
    "output_tokens",
    "temperature",
    "top_p",
    "max_tokens",
    "stream",
    "choices",
    "client_address",
    "client_country",
    "client_asn",
    "ja4",
    "http_fingerprint",
    "user_agent",
    "sdk_version",
    "provider_region",
    "endpoint",
    "error_scope",
    "retry_after_ms",
]


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Row], dict[str, Row]]:
    folder = tmp_path_factory.mktemp("litellm")
    write_world("L5", 0.0007, 5, folder / "tables")
    write_world("L5", 0.0007, 5, folder / "log", log_format="litellm")
    written = pq.read_table(folder / "tables" / "exchanges").to_pylist()
    read = read_all(folder / "log" / "litellm")
    assert read.rejected == []
    assert read.left_out == {}
    return {row["exchange_id"]: row for row in written}, {
        row["exchange_id"]: row for row in read.rows
    }


def test_every_exchange_comes_back(both: tuple[dict[str, Row], dict[str, Row]]) -> None:
    written, read = both
    assert len(written) > 500
    assert written.keys() == read.keys()


@pytest.mark.parametrize("column", SAME)
def test_what_the_format_carries_is_the_same(
    both: tuple[dict[str, Row], dict[str, Row]], column: str
) -> None:
    written, read = both
    answered_only = column in ("input_tokens", "output_tokens")
    differ = [
        (row[column], read[name][column])
        for name, row in written.items()
        if row["status"] == 200 or not answered_only
        if row[column] != pytest.approx(read[name][column])
    ]
    assert differ == []


def test_prompts_are_the_same_and_tool_results_stand_in_their_place(
    both: tuple[dict[str, Row], dict[str, Row]],
) -> None:
    written, read = both
    roles: Counter[str] = Counter()
    for name, row in written.items():
        assert read[name]["prompt_role"] == row["prompt_role"]
        roles[row["prompt_role"]] += 1
        assert read[name]["occurred_at"] == row["occurred_at"]
        # Thinking that somebody pastes is dropped when it is read.
        if row["prompt_role"] == "user" and "<think>" not in row["prompt"]:
            assert read[name]["prompt"] == row["prompt"]
    assert min(roles["user"], roles["tool"]) > 50


@pytest.mark.parametrize(
    "column",
    ["request_hash", "first_prompt_hash", "tools_hash", "issued_signature_hash", "end_user_hash"],
)
def test_hashes_are_others_but_equal_where_they_were_equal(
    both: tuple[dict[str, Row], dict[str, Row]], column: str
) -> None:
    written, read = both
    forward: defaultdict[Any, set[Any]] = defaultdict(set)
    for name, row in written.items():
        forward[row[column]].add(read[name][column])
    if column == "first_prompt_hash":
        # A request that follows a summary on another account names that account in its words.
        several = sum(len(values) > 1 for values in forward.values())
        assert several <= 0.01 * len(forward)
    else:
        assert all(len(values) == 1 for values in forward.values())
    assert len({next(iter(values)) for values in forward.values()}) >= 0.99 * len(forward)


def test_histories_lead_back_to_the_same_exchanges(
    both: tuple[dict[str, Row], dict[str, Row]],
) -> None:
    written, read = both
    for rows in (written, read):
        assert sum(len(row["prior_assistant_hashes"]) for row in rows.values()) > 300
    issuers: defaultdict[Any, set[str]] = defaultdict(set)
    for name, row in read.items():
        issuers[row["response_hash"]].add(name)
    issuer = {row["response_hash"]: name for name, row in written.items() if row["response_hash"]}
    for name, row in written.items():
        assert len(read[name]["prior_assistant_hashes"]) == len(row["prior_assistant_hashes"])
        pairs = zip(
            row["prior_assistant_hashes"], read[name]["prior_assistant_hashes"], strict=True
        )
        for before, after in pairs:
            assert issuer[before] in issuers[after]
        assert len(read[name]["replayed_signature_hashes"]) == len(row["replayed_signature_hashes"])


def test_equal_arguments_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_world("null", 0.01, 3, tmp_path / name, log_format="litellm")
    files = sorted((tmp_path / "a" / "litellm").iterdir())
    assert [file.name for file in files] == ["part-00000.ndjson.gz"]
    for file in files:
        assert file.read_bytes() == (tmp_path / "b" / "litellm" / file.name).read_bytes()
