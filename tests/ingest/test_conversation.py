"""An answer hashes alike when it is issued and when it comes back, in every provider's shape."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.ingest.conversation import (
    CONVERSATION_VERSION,
    answer_columns,
    read_answer,
    read_request,
    request_columns,
)
from stillwatch.ingest.conversation.canonical import answer_text, tool_call, tools_text
from stillwatch.model.hashing import HashKey, hash_text, to_hex
from tests.ingest.reading import KEY

Call = tuple[str, dict[str, Any]]
Shape = str
SHAPES = ["anthropic", "openai.chat", "openai.responses", "converse"]
SEAL = "c2lnbmF0dXJl"


def body(shape: Shape, texts: list[str], calls: list[Call], seal: str | None) -> dict[str, Any]:
    """Return the response body in which a provider gives an answer."""
    if shape == "anthropic":
        thinking = {"type": "thinking", "thinking": "hm, let me see", "signature": seal}
        content: list[Any] = [thinking] if seal else []
        content += [{"type": "text", "text": text} for text in texts]
        content += [
            {"type": "tool_use", "id": f"toolu_{i}", "name": name, "input": arguments}
            for i, (name, arguments) in enumerate(calls)
        ]
        return {"type": "message", "id": "msg_1", "role": "assistant", "content": content}
    if shape == "openai.chat":
        message: dict[str, Any] = {"role": "assistant", "content": "".join(texts) or None}
        message["reasoning_content"] = "hm"
        message["tool_calls"] = [
            {
                "id": f"call_{i}",
                "type": "function",
                "function": {"name": n, "arguments": json.dumps(a)},
            }
            for i, (n, a) in enumerate(calls)
        ] or None
        if seal:
            message["thinking_blocks"] = [{"type": "thinking", "thinking": "hm", "signature": seal}]
        return {"id": "chatcmpl-1", "choices": [{"index": 0, "message": message}]}
    if shape == "openai.responses":
        items: list[Any] = []
        if seal:
            items.append(
                {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": seal}
            )
        if texts:
            parts = [{"type": "output_text", "text": text, "annotations": []} for text in texts]
            items.append({"type": "message", "role": "assistant", "content": parts})
        items += [
            {"type": "function_call", "call_id": f"c{i}", "name": n, "arguments": json.dumps(a)}
            for i, (n, a) in enumerate(calls)
        ]
        return {"id": "resp_1", "output": items}
    content = (
        [{"reasoningContent": {"reasoningText": {"text": "hm", "signature": seal}}}] if seal else []
    )
    content += [{"text": text} for text in texts]
    content += [
        {"toolUse": {"toolUseId": f"t{i}", "name": n, "input": a}} for i, (n, a) in enumerate(calls)
    ]
    return {"output": {"message": {"role": "assistant", "content": content}}}


def replayed(shape: Shape, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the next request, whose history holds an answer as its provider wants it back."""
    if shape == "openai.responses":
        history = [{"role": "user", "content": "first"}, *answer["output"]]
        return {"model": "m", "input": [*history, {"role": "user", "content": "second"}]}
    if shape == "openai.chat":
        message = answer["choices"][0]["message"]
    elif shape == "anthropic":
        message = {"role": "assistant", "content": answer["content"]}
    else:
        message = answer["output"]["message"]
    part = "second" if shape == "openai.chat" else [{"text": "second"}]
    return {
        "model": "m",
        "messages": [
            {"role": "user", "content": "first"},
            message,
            {"role": "user", "content": part},
        ],
    }


def streamed(shape: Shape, answer: dict[str, Any], cuts: int) -> list[Any]:
    """Return the events in which a provider streams an answer, text cut into small pieces."""

    def pieces(text: str) -> list[str]:
        return [text[i : i + cuts] for i in range(0, len(text), cuts)]

    events: list[Any] = []
    deltas: list[Any]
    starts: dict[str, dict[str, Any]] = {
        "thinking": {"thinking": ""},
        "text": {"text": ""},
        "tool_use": {"input": {}},
    }
    if shape == "anthropic":
        events.append({"type": "message_start", "message": {"id": "msg_1", "content": []}})
        for i, block in enumerate(answer["content"]):
            kind = block["type"]
            opened = {"type": kind, "name": block.get("name"), **starts[kind]}
            events.append({"type": "content_block_start", "index": i, "content_block": opened})
            deltas = [{"type": "text_delta", "text": p} for p in pieces(block.get("text", ""))]
            if kind == "thinking":
                deltas = [{"type": "signature_delta", "signature": block["signature"]}]
            if kind == "tool_use":
                written = pieces(json.dumps(block["input"]))
                deltas = [{"type": "input_json_delta", "partial_json": p} for p in written]
            events += [{"type": "content_block_delta", "index": i, "delta": d} for d in deltas]
        return [*events, {"type": "message_stop"}]
    if shape == "openai.chat":
        message = answer["choices"][0]["message"]
        deltas = [{"content": piece} for piece in pieces(message["content"] or "")]
        for i, call in enumerate(message["tool_calls"] or []):
            function = call["function"]
            opened = {
                "index": i,
                "id": call["id"],
                "function": {"name": function["name"], "arguments": ""},
            }
            deltas.append({"tool_calls": [opened]})
            deltas += [
                {"tool_calls": [{"index": i, "function": {"arguments": piece}}]}
                for piece in pieces(function["arguments"])
            ]
        return [{"id": "c", "choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    if shape == "openai.responses":
        done = [{"type": "response.output_item.done", "item": item} for item in answer["output"]]
        return [{"type": "response.created", "response": {"output": []}}, *done]
    for i, block in enumerate(answer["output"]["message"]["content"]):
        if "toolUse" in block:
            use = block["toolUse"]
            opened = {"toolUse": {"toolUseId": use["toolUseId"], "name": use["name"]}}
            events.append({"contentBlockStart": {"start": opened, "contentBlockIndex": i}})
            deltas = [{"toolUse": {"input": p}} for p in pieces(json.dumps(use["input"]))]
        elif "text" in block:
            deltas = [{"text": piece} for piece in pieces(block["text"])]
        else:
            deltas = [{"reasoningContent": {"signature": SEAL}}]
        events += [{"contentBlockDelta": {"delta": d, "contentBlockIndex": i}} for d in deltas]
    return [
        {"messageStart": {"role": "assistant"}},
        *events,
        {"messageStop": {"stopReason": "end"}},
    ]


words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(str.strip)
arguments = st.dictionaries(
    st.text(max_size=5), st.one_of(st.integers(-(2**53), 2**53), st.text(max_size=9), st.booleans())
)
calls = st.lists(st.tuples(st.sampled_from(["search", "run"]), arguments), max_size=3)
answers = st.tuples(st.lists(words, max_size=3), calls).filter(
    lambda pair: bool(pair[0] or pair[1])
)


@given(answers, st.sampled_from(SHAPES), st.sampled_from(SHAPES), st.booleans(), st.integers(1, 7))
def test_an_answer_hashes_alike_issued_streamed_and_replayed(
    answer: tuple[list[str], list[Call]], issuing: Shape, replaying: Shape, sealed: bool, cuts: int
) -> None:
    seal = SEAL if sealed else None
    request = read_request({})
    issued = body(issuing, *answer, seal)
    columns = answer_columns(read_answer(issued), request, KEY)
    again = request_columns(read_request(replayed(replaying, body(replaying, *answer, seal))), KEY)
    assert again["prior_assistant_hashes"] == [columns["response_hash"]]
    if sealed:
        assert again["replayed_signature_hashes"] == [columns["issued_signature_hash"]]
    events = streamed(issuing, issued, cuts)
    lines = "".join(f"event: e\ndata: {json.dumps(event)}\n\n" for event in events)
    for stream in (events, lines + "data: [DONE]\n"):
        assembled = answer_columns(read_answer(stream), request, KEY)
        assert assembled["response_hash"] == columns["response_hash"]


def test_golden_vectors() -> None:
    """These pin what equal means; if they change, so must the version."""
    assert CONVERSATION_VERSION == 1
    key = HashKey.from_text("golden")
    call = tool_call("search", '{"q": "caf\u00e9", "n": 1.0}')
    assert call == '{"arguments":{"n":1,"q":"caf\u00e9"},"name":"search"}'
    assert to_hex(hash_text(answer_text(["Look  here", ": done.\n"], []), key)) == GOLDEN[0]
    assert to_hex(hash_text(answer_text(["Look here"], [call]), key)) == GOLDEN[1]
    assert to_hex(hash_text(tools_text(TOOLS["anthropic"]), key)) == GOLDEN[2]


GOLDEN = ["b4b44f2a40e644f8", "9b9d6e7e980f17ee", "fdf54f44301ec3f8"]
SCHEMA = {"type": "object", "properties": {"q": {"type": "string"}}}
TOOLS: dict[str, Any] = {
    "anthropic": [
        {"name": "search", "description": "Look it up", "input_schema": SCHEMA},
        {"name": "run", "description": "Run it", "input_schema": SCHEMA},
    ],
    "openai.chat": [
        {
            "type": "function",
            "function": {"name": "run", "description": "Run it", "parameters": SCHEMA},
        },
        {
            "type": "function",
            "function": {"name": "search", "description": "Look it up", "parameters": SCHEMA},
        },
    ],
    "openai.responses": [
        {"type": "function", "name": "search", "description": "Look it up", "parameters": SCHEMA},
        {"type": "function", "name": "run", "description": "Run it", "parameters": SCHEMA},
    ],
    "converse": {
        "tools": [
            {"toolSpec": {"name": "run", "description": "Run it", "inputSchema": {"json": SCHEMA}}},
            {
                "toolSpec": {
                    "name": "search",
                    "description": "Look it up",
                    "inputSchema": {"json": SCHEMA},
                }
            },
        ]
    },
}


@pytest.mark.parametrize("shape", SHAPES)
def test_tools_are_the_same_in_every_shape_and_order(shape: Shape) -> None:
    assert tools_text(TOOLS[shape]) == tools_text(TOOLS["anthropic"])


def test_a_tool_result_is_the_last_input_but_not_the_prompt() -> None:
    history: list[Any] = [
        {"role": "system", "content": "Be brief."},
        {
            "role": "user",
            "content": [{"type": "text", "text": "Fix"}, {"type": "text", "text": "it"}],
        },
        {"role": "assistant", "content": [{"type": "tool_use", "name": "run", "input": {}}]},
        {
            "role": "user",
            "content": [{"type": "tool_result", "content": [{"type": "text", "text": "ok"}]}],
        },
    ]
    chat = [
        *history[:2],
        {"role": "assistant", "tool_calls": [{"function": {"name": "run", "arguments": "{}"}}]},
    ]
    chat.append({"role": "tool", "tool_call_id": "c", "content": "ok"})
    first = request_columns(read_request({"messages": history}), KEY)
    assert first == request_columns(read_request({"messages": chat}), KEY)
    assert (first["prompt"], first["prompt_role"]) == ("Fix\nit", "tool")
    assert first["request_hash"] == hash_text("ok", KEY)
    assert first["first_prompt_hash"] == hash_text("Fix it", KEY)
    assert first["system_prompt"] == "Be brief."
    assert first["history_truncated"] is False


def test_what_a_gateway_hid_is_absent_and_said_to_be() -> None:
    hidden = [{"role": "user", "content": "redacted-by-litellm"}]
    columns = request_columns(read_request({"messages": hidden}), KEY)
    assert "prompt" not in columns
    assert "request_hash" not in columns
    assert columns["history_truncated"] is True
    cut = "the start ... (litellm_truncated skipped 9000 chars) ... the end"
    messages = [
        {"role": "user", "content": "whole"},
        {"role": "assistant", "content": cut},
        {"role": "user", "content": cut},
    ]
    columns = request_columns(read_request({"messages": messages}), KEY)
    assert columns["prompt"] == "the start the end"
    assert columns["prior_assistant_hashes"] == []
    assert columns["history_truncated"] is True
    assert "request_hash" not in columns
    assert "response_hash" not in answer_columns(
        read_answer({"choices": [{"message": {"content": cut}}]}), read_request({}), KEY
    )


def test_history_that_the_provider_keeps_is_not_here() -> None:
    request = read_request({"input": "and then?", "previous_response_id": "resp_1"})
    columns = request_columns(request, KEY)
    assert columns["history_truncated"] is True
    assert columns["prompt"] == "and then?"
    assert "first_prompt_hash" not in columns


def test_an_answer_that_the_client_began_hashes_as_it_will_be_replayed() -> None:
    begun = [{"role": "user", "content": "List"}, {"role": "assistant", "content": "1. "}]
    request = read_request({"messages": begun})
    answer = read_answer({"content": [{"type": "text", "text": "Apples"}]})
    assert answer_columns(answer, request, KEY)["response_hash"] == hash_text("1. Apples", KEY)
    assert request_columns(request, KEY)["prior_assistant_hashes"] == []


def test_thinking_is_no_part_of_an_answer() -> None:
    plain = read_answer({"choices": [{"message": {"content": "So 4."}}]})
    thought = read_answer({"choices": [{"message": {"content": "<think>2+2</think>\nSo 4."}}]})
    only = read_answer({"content": [{"type": "redacted_thinking", "data": "abc"}]})
    request = read_request({})
    assert answer_columns(plain, request, KEY) == answer_columns(thought, request, KEY)
    assert set(answer_columns(only, request, KEY)) == {"issued_signature_hash"}


@pytest.mark.parametrize(
    ("usage", "expected"),
    [
        (
            {
                "input_tokens": 5,
                "cache_read_input_tokens": 90,
                "cache_creation_input_tokens": 5,
                "output_tokens": 3,
            },
            {"input_tokens": 100, "cached_tokens": 90, "cache_write_tokens": 5, "output_tokens": 3},
        ),
        (
            {
                "prompt_tokens": 100,
                "completion_tokens": 30,
                "prompt_tokens_details": {"cached_tokens": 64},
                "completion_tokens_details": {"reasoning_tokens": 20},
            },
            {"input_tokens": 100, "cached_tokens": 64, "output_tokens": 30, "reasoning_tokens": 20},
        ),
        (
            {"inputTokens": 7, "outputTokens": 2, "cacheReadInputTokens": 3},
            {"input_tokens": 10, "output_tokens": 2, "cached_tokens": 3},
        ),
    ],
)
def test_tokens_mean_the_same_everywhere(usage: dict[str, Any], expected: dict[str, int]) -> None:
    assert read_answer({"usage": usage}).usage == expected


nonsense = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [
                    "role",
                    "content",
                    "type",
                    "text",
                    "messages",
                    "input",
                    "tools",
                    "tool_calls",
                    "function",
                    "choices",
                    "message",
                    "output",
                    "delta",
                    "index",
                    "usage",
                    "toolUse",
                    "arguments",
                    "name",
                ]
            ),
            inner,
            max_size=4,
        ),
    ),
    max_leaves=12,
)


@given(nonsense, nonsense)
def test_nonsense_never_breaks_the_reading(request_body: Any, response_body: Any) -> None:
    request = read_request(request_body)
    request_columns(request, KEY)
    answer_columns(read_answer(response_body), request, KEY)
