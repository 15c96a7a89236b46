"""The client-configuration key: families, not versions; null when nothing is known."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from stillwatch.fingerprint.client import client_keys
from stillwatch.fingerprint.texts import TextReader
from stillwatch.model.tables_in import EXCHANGES
from tests.fingerprint.kernel_calls import KEY

COLUMNS = (
    "user_agent",
    "sdk_version",
    "ja4",
    "http_fingerprint",
    "header_order_hash",
    "temperature",
    "top_p",
    "max_tokens",
    "stream",
    "tools_hash",
)
USUAL: dict[str, Any] = {
    "user_agent": "openai-python/1.24.8 (Linux)",
    "ja4": "t13d1516h2_8daaf6152771_b186095e22b6",
    "temperature": 0.7,
    "max_tokens": 4096,
    "stream": True,
}


def keys_of(*rows: dict[str, Any]) -> list[int | None]:
    schema = pa.schema([EXCHANGES.field(name) for name in COLUMNS])
    filled = [{name: row.get(name) for name in COLUMNS} for row in rows]
    batch = pa.RecordBatch.from_pylist(filled, schema=schema)
    keys: list[int | None] = client_keys(batch, TextReader.create(KEY)).to_pylist()
    return keys


def test_nothing_known_is_null() -> None:
    assert keys_of({}, {"tools_hash": 5})[:2] == [None, None]


@pytest.mark.parametrize("name", sorted(set(COLUMNS) - {"tools_hash"}))
def test_one_known_field_is_enough(name: str) -> None:
    values: dict[str, Any] = {"temperature": 0.0, "top_p": 0.0, "max_tokens": 0, "stream": False}
    absent, present = keys_of({}, {name: values.get(name, 0 if "hash" in name else "x")})
    assert absent is None
    assert present is not None


@pytest.mark.parametrize(
    "change",
    [
        {"user_agent": "openai-python/2.0.0rc1 (Linux)"},
        {"tools_hash": 77},
        {"user_agent": "OpenAI-Python/1 (linux)"},
    ],
)
def test_versions_and_tools_do_not_matter(change: dict[str, Any]) -> None:
    one, other = keys_of(USUAL, USUAL | change)
    assert one == other


@pytest.mark.parametrize(
    "change",
    [
        {"user_agent": "anthropic-python/1.24.8 (Linux)"},
        {"user_agent": None},
        {"sdk_version": "python 1.2"},
        {"ja4": "t13d1516h2_8daaf6152771_b186095e22b7"},
        {"temperature": 0.0},
        {"temperature": None},
        {"top_p": 0.7},
        {"max_tokens": 2048},
        {"max_tokens": 4095},
        {"stream": False},
        {"header_order_hash": 0},
    ],
)
def test_everything_else_does(change: dict[str, Any]) -> None:
    one, other = keys_of(USUAL, USUAL | change)
    assert one != other


def test_computed_token_limits_are_one_setting() -> None:
    rows = [{"max_tokens": limit} for limit in (3891, 7777, 4096, 1000, 17)]
    computed, again, *chosen = keys_of(*rows)
    assert computed == again
    assert len({computed, *chosen}) == 4
