"""Raw provider bodies in the envelope, and Bedrock's own invocation log."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stillwatch.model.hashing import hash_text
from tests.ingest.reading import KEY, Everything, lines_of, read_all

Written = Callable[[str, bytes], Path]
BODIES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "anthropic": (
        {
            "model": "m",
            "max_tokens": 9,
            "system": [{"type": "text", "text": "Be kind."}],
            "messages": [{"role": "user", "content": [{"type": "text", "text": "Hello"}]}],
        },
        {
            "type": "message",
            "id": "msg_1",
            "content": [{"type": "text", "text": "Good day."}],
            "usage": {"input_tokens": 5, "output_tokens": 3},
        },
    ),
    "openai.chat": (
        {
            "model": "m",
            "max_completion_tokens": 9,
            "messages": [
                {"role": "developer", "content": "Be kind."},
                {"role": "user", "content": "Hello"},
            ],
        },
        {
            "choices": [{"message": {"role": "assistant", "content": "Good day."}}],
            "usage": {"prompt_tokens": 5, "completion_tokens": 3},
        },
    ),
    "openai.responses": (
        {"model": "m", "max_output_tokens": 9, "instructions": "Be kind.", "input": "Hello"},
        {
            "output": [
                {
                    "type": "message",
                    "role": "assistant",
                    "content": [{"type": "output_text", "text": "Good day."}],
                }
            ],
            "usage": {"input_tokens": 5, "output_tokens": 3},
        },
    ),
    "bedrock": (
        {
            "modelId": "m",
            "system": [{"text": "Be kind."}],
            "messages": [{"role": "user", "content": [{"text": "Hello"}]}],
            "inferenceConfig": {"maxTokens": 9},
        },
        {
            "output": {"message": {"role": "assistant", "content": [{"text": "Good day."}]}},
            "usage": {"inputTokens": 5, "outputTokens": 3},
        },
    ),
}


def envelope(provider: str, **changes: Any) -> dict[str, Any]:
    request, response = BODIES[provider]
    record = {
        "id": "e1",
        "time": "2026-03-01T00:00:00Z",
        "provider": provider,
        "account": {"id": "a1", "user": "u1", "team": "t1", "organization": "o1"},
        "credential": "k1",
        "end_user": "reader",
        "client": {
            "address": "198.51.100.4",
            "headers": [["Host", "x"], ["User-Agent", "sdk/1"], ["X-Stainless-Lang", "python"],
                        ["X-Stainless-Package-Version", "1.2"]],
            "ja4": "t13d",
            "asn": "AS64500",
        },
        "endpoint": "/v1/x",
        "status": 200,
        "duration_ms": 12,
        "request": request,
        "response": response,
    }  # fmt: skip
    return {**record, **changes}


def one(written: Written, record: dict[str, Any], **options: Any) -> Everything:
    return read_all(written("log.jsonl", lines_of([record])), **options)


@pytest.mark.parametrize("provider", BODIES)
def test_every_provider_gives_the_same_row(written: Written, provider: str) -> None:
    found = one(written, envelope(provider))
    assert found.rejected == []
    (row,) = found.rows
    expected = {
        "exchange_id": "e1",
        "account_id": "a1",
        "credential_id": "k1",
        "end_user_hash": hash_text("reader", KEY),
        "source": provider,
        "model": "m",
        "pathway": "bedrock" if provider == "bedrock" else "api",
        "operation": "chat",
        "status": 200,
        "system_prompt": "Be kind.",
        "prompt": "Hello",
        "request_hash": hash_text("Hello", KEY),
        "response_hash": hash_text("Good day.", KEY),
        "input_tokens": 5,
        "output_tokens": 3,
        "max_tokens": 9,
        "client_address": "198.51.100.4",
        "client_address_source": "peer",
        "client_asn": 64500,
        "ja4": "t13d",
        "user_agent": "sdk/1",
        "sdk_version": "python 1.2",
        "duration_ms": 12,
    }
    assert {name: row[name] for name in expected} == expected
    assert row["header_order_hash"] is not None


@pytest.mark.parametrize(
    ("field", "account"),
    [("key", "k1"), ("user", "u1"), ("team", "t1"), ("organization", "o1"), ("end_user", "reader")],
)
def test_the_account_can_be_chosen(written: Written, field: str, account: str) -> None:
    assert one(written, envelope("anthropic"), account_field=field).rows[0]["account_id"] == account


def test_an_error_names_its_type_and_scope(written: Written) -> None:
    body = {"type": "error", "error": {"type": "rate_limit_error", "message": "slow down"}}
    headers = {"retry-after": "7"}
    limited = envelope("anthropic", status=429, response=body, response_headers=headers)
    (row,) = one(written, limited).rows
    assert (row["error_type"], row["error_scope"]) == ("rate_limit_error", "account")
    assert (row["retry_after_ms"], row["response_hash"]) == (7_000, None)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"provider": "acme"}, "provider is 'acme', none of anthropic"),
        ({"account": None}, "account_id is missing"),
        ({"status": None}, "status is missing"),
        ({"time": None}, "occurred_at is missing"),
        ({"request": {}, "response": None}, "model is missing"),
    ],
)
def test_what_an_envelope_must_hold(written: Written, changes: dict[str, Any], reason: str) -> None:
    assert reason in one(written, {**envelope("anthropic"), **changes}).rejected[0]["reason"]


def bedrock(**changes: Any) -> dict[str, Any]:
    request = BODIES["anthropic"][0]
    record = {
        "schemaType": "ModelInvocationLog",
        "schemaVersion": "1.0",
        "timestamp": "2026-03-01T00:00:00Z",
        "accountId": "000000000000",
        "identity": {"arn": "arn:aws:iam::000000000000:user/reader"},
        "region": "eu-west-1",
        "requestId": "r1",
        "operation": "InvokeModelWithResponseStream",
        "modelId": "m",
        "input": {
            "inputContentType": "application/json",
            "inputBodyJson": request,
            "inputTokenCount": 5,
        },
        "output": {
            "outputBodyJson": [
                {"type": "message_start", "message": {"id": "msg_1", "usage": {"input_tokens": 5}}},
                {
                    "type": "content_block_start",
                    "index": 0,
                    "content_block": {"type": "text", "text": ""},
                },
                {
                    "type": "content_block_delta",
                    "index": 0,
                    "delta": {"type": "text_delta", "text": "Good "},
                },
                {
                    "type": "content_block_delta",
                    "index": 0,
                    "delta": {"type": "text_delta", "text": "day."},
                },
                {"type": "message_delta", "usage": {"output_tokens": 3}},
            ],
            "outputTokenCount": 3,
        },
    }
    return {**record, **changes}


def test_bedrock_invocation_logs(written: Written) -> None:
    found = one(written, bedrock())
    assert found.rejected == []
    (row,) = found.rows
    expected = {
        "exchange_id": "r1",
        "account_id": "arn:aws:iam::000000000000:user/reader",
        "source": "bedrock",
        "pathway": "bedrock",
        "provider_region": "eu-west-1",
        "prompt": "Hello",
        "response_hash": hash_text("Good day.", KEY),
        "input_tokens": 5,
        "output_tokens": 3,
        "stream": True,
        "status": 200,
    }
    assert {name: row[name] for name in expected} == expected
    failed = one(written, bedrock(errorCode="ThrottlingException", output={})).rows[0]
    assert (failed["status"], failed["error_type"]) == (429, "ThrottlingException")
    assert failed["error_scope"] == "account"


def test_bodies_kept_elsewhere_are_said_to_be(written: Written) -> None:
    aside = {"inputBodyS3Path": "s3://logs/data/r1_input.json.gz", "inputTokenCount": 90_000}
    (row,) = one(written, bedrock(input=aside, output={"outputTokenCount": 3})).rows
    assert (row["prompt"], row["history_truncated"], row["input_tokens"]) == (None, True, 90_000)
