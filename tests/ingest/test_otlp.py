"""OTLP-JSON: GenAI spans, the aliases of their attributes, and the join with the server span."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.model.hashing import hash_text
from tests.ingest.reading import KEY, lines_of, read_all

Written = Callable[[str, bytes], Path]
START = 1_780_000_000_000_000_000


def value(plain: Any) -> dict[str, Any]:
    if isinstance(plain, bool):
        return {"boolValue": plain}
    if isinstance(plain, int):
        return {"intValue": str(plain)}
    if isinstance(plain, float):
        return {"doubleValue": plain}
    if isinstance(plain, list):
        return {"arrayValue": {"values": [value(one) for one in plain]}}
    if isinstance(plain, dict):
        pairs = [{"key": name, "value": value(one)} for name, one in plain.items()]
        return {"kvlistValue": {"values": pairs}}
    return {"stringValue": plain}


def span(trace: int, number: int, kind: int = 3, **attributes: Any) -> dict[str, Any]:
    named = {name.replace("__", "."): one for name, one in attributes.items()}
    return {
        "traceId": f"{trace:032X}",
        "spanId": f"{number:016x}",
        "name": "chat",
        "kind": kind,
        "startTimeUnixNano": str(START + trace),
        "endTimeUnixNano": str(START + 2_000_000_000),
        "attributes": [{"key": name, "value": value(one)} for name, one in named.items()],
        "status": {},
    }


def model_span(trace: int, number: int = 1, **attributes: Any) -> dict[str, Any]:
    given = {
        "gen_ai__operation__name": "chat",
        "gen_ai__provider__name": "openai",
        "gen_ai__request__model": "big-1",
        "gen_ai__usage__input_tokens": 11,
        "gen_ai__usage__output_tokens": 4,
        "gen_ai__input__messages": json.dumps(
            [{"role": "user", "parts": [{"type": "text", "content": "Name a river."}]}]
        ),
        "gen_ai__output__messages": json.dumps(
            [{"role": "assistant", "parts": [{"type": "text", "content": "The Rhine."}]}]
        ),
    }
    return span(trace, number, **{**given, **attributes})


def server_span(trace: int, user: str = "u1", **attributes: Any) -> dict[str, Any]:
    given = {
        "http__request__method": "POST",
        "http__route": "/v1/chat/completions",
        "http__response__status_code": 200,
        "user__id": user,
        "client__address": "6.6.6.6",
        "network__peer__address": "203.0.113.4",
        "user_agent__original": "curl/8",
    }
    return span(trace, 99, kind=2, **{**given, **attributes})


def export(*spans: dict[str, Any]) -> dict[str, Any]:
    return {"resourceSpans": [{"resource": {}, "scopeSpans": [{"spans": list(spans)}]}]}


def test_a_model_span_is_joined_with_its_server_span(written: Written) -> None:
    found = read_all(written("t.jsonl", lines_of([export(model_span(1)), export(server_span(1))])))
    assert found.rejected == []
    assert found.left_out == {"other_span": 1}
    (row,) = found.rows
    expected = {
        "exchange_id": f"{1:032x}:{1:016x}",
        "account_id": "u1",
        "source": "otlp",
        "model": "big-1",
        "status": 200,
        "operation": "chat",
        "endpoint": "/v1/chat/completions",
        "prompt": "Name a river.",
        "response_hash": hash_text("The Rhine.", KEY),
        "input_tokens": 11,
        "output_tokens": 4,
        "client_address": "203.0.113.4",
        "client_address_source": "peer",
        "user_agent": "curl/8",
        "duration_ms": 1999,
    }
    assert {name: row[name] for name in expected} == expected


def test_the_join_does_not_depend_on_order_or_file(tmp_path: Path) -> None:
    models = [model_span(trace) for trace in range(1, 6)]
    servers = [server_span(trace, f"u{trace}") for trace in range(1, 6)]
    for number, (first, second) in enumerate([(models, servers), (servers, models)]):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "a.jsonl").write_bytes(lines_of([export(one) for one in first]))
        (folder / "b.json").write_text(json.dumps(export(*second), indent=1))
        found = read_all(folder)
        assert sorted(row["account_id"] for row in found.rows) == ["u1", "u2", "u3", "u4", "u5"]
        assert found.rejected == []


def test_a_server_span_that_never_comes(written: Written) -> None:
    spans = [model_span(1), model_span(2, gen_ai__user="u9")]
    found = read_all(written("t.jsonl", lines_of([export(*spans)])))
    assert [row["account_id"] for row in found.rows] == ["u9"]
    (rejected,) = found.rejected
    assert "account_id is missing" in rejected["reason"]
    assert "its HTTP server span never came" in rejected["reason"]
    assert rejected["line"] == 1


def test_the_buffer_is_bounded(written: Written) -> None:
    """With room for two, the first three of five spans go before the server spans arrive."""
    models = [export(model_span(trace)) for trace in range(1, 6)]
    servers = [export(server_span(trace)) for trace in range(1, 6)]
    found = read_all(written("t.jsonl", lines_of(models + servers)), join_spans=2)
    assert len(found.rows) == 2
    assert [one["line"] for one in found.rejected] == [1, 2, 3]


def test_the_outermost_server_span_knows_the_client(written: Written) -> None:
    inner = {**server_span(1, "gateway"), "startTimeUnixNano": str(START + 5_000)}
    found = read_all(written("t.jsonl", lines_of([export(inner, model_span(1), server_span(1))])))
    assert found.rows[0]["account_id"] == "u1"


def test_details_may_come_as_an_event(written: Written) -> None:
    bare = span(1, 1, gen_ai__operation__name="chat", gen_ai__request__model="big-1", user__id="u")
    told = model_span(1)["attributes"]
    record = {
        "traceId": f"{1:032x}",
        "spanId": f"{1:016x}",
        "eventName": "gen_ai.client.inference.operation.details",
        "timeUnixNano": str(START),
        "attributes": told,
    }
    logs = {"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]}
    for documents in ([export(bare), logs], [logs, export(bare)]):
        found = read_all(written("t.jsonl", lines_of(documents)))
        assert [row["prompt"] for row in found.rows] == ["Name a river."]
        assert found.rejected == []


@pytest.mark.parametrize(
    "attributes",
    [
        {  # Semantic conventions before 1.27.
            "gen_ai__system": "openai",
            "gen_ai__request__model": "big-1",
            "gen_ai__usage__prompt_tokens": 11,
            "gen_ai__usage__completion_tokens": 4,
            "gen_ai__user": "u1",
        },
        {  # OpenLLMetry.
            "gen_ai__system": "openai",
            "gen_ai__request__model": "big-1",
            "llm__request__type": "chat",
            "gen_ai__usage__prompt_tokens": 11,
            "gen_ai__usage__completion_tokens": 4,
            "gen_ai__prompt__0__role": "user",
            "gen_ai__prompt__0__content": "Name a river.",
            "gen_ai__completion__0__content": "The Rhine.",
            "traceloop__association__properties__user_id": "u1",
        },
        {  # OpenInference.
            "openinference__span__kind": "LLM",
            "llm__model_name": "big-1",
            "llm__token_count__prompt": 11,
            "llm__token_count__completion": 4,
            "llm__input_messages__0__message__role": "user",
            "llm__input_messages__0__message__content": "Name a river.",
            "llm__output_messages__0__message__content": "The Rhine.",
            "user__id": "u1",
        },
    ],
)
def test_older_and_other_names_mean_the_same(written: Written, attributes: dict[str, Any]) -> None:
    found = read_all(written("t.jsonl", lines_of([export(span(1, 1, **attributes))])))
    assert found.rejected == []
    (row,) = found.rows
    assert (row["account_id"], row["model"]) == ("u1", "big-1")
    assert (row["input_tokens"], row["output_tokens"]) == (11, 4)
    if any("content" in name for name in attributes):
        assert row["prompt"] == "Name a river."
        assert row["response_hash"] == hash_text("The Rhine.", KEY)


def test_work_that_is_no_model_call_is_left_out(written: Written) -> None:
    spans = [
        span(1, 1, gen_ai__operation__name="execute_tool"),
        span(1, 2, openinference__span__kind="CHAIN", llm__model_name="big-1"),
        span(1, 3, db__system="postgresql"),
        model_span(1, 4, user__id="u"),
    ]
    found = read_all(written("t.jsonl", lines_of([export(*spans)])))
    assert len(found.rows) == 1
    assert found.left_out == {"no_model_call": 2, "other_span": 1}


def test_a_forwarded_header_is_walked_from_the_right(written: Written) -> None:
    forwarded: dict[str, Any] = {"http.request.header.x-forwarded-for": ["6.6.6.6, 198.51.100.3"]}
    server = server_span(1, "u1", **forwarded)
    path = written("t.jsonl", lines_of([export(model_span(1), server)]))
    assert read_all(path).rows[0]["client_address"] == "203.0.113.4"
    (row,) = read_all(path, trusted_hops=1).rows
    assert (row["client_address"], row["client_address_source"]) == (
        "198.51.100.3",
        "x-forwarded-for",
    )


def test_failures_keep_their_status(written: Written) -> None:
    limited = model_span(1, error__type="429", user__id="u")
    broken = {**model_span(2, user__id="u"), "status": {"code": 2, "message": "boom"}}
    found = read_all(written("t.jsonl", lines_of([export(limited, broken)])))
    assert [(row["status"], row["error_scope"]) for row in found.rows] == [
        (429, "account"),
        (500, "provider"),
    ]


def test_a_repeated_span_counts_once(written: Written) -> None:
    one = model_span(1, user__id="u")
    found = read_all(written("t.jsonl", lines_of([export(one), export(one)])))
    assert len(found.rows) == 1
    assert found.left_out == {"repeated_span": 1}
