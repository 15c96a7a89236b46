"""Puts an answer together again from the events in which it was streamed."""

from __future__ import annotations

from typing import Any

from stillwatch.ingest.json_text import parse
from stillwatch.ingest.outcomes import RecordError


def events_of(text: str) -> list[Any]:
    """Return the JSON events of a server-sent-events body."""
    events = []
    for line in text.splitlines():
        if line.startswith("data:") and line[5:].strip() != "[DONE]":
            try:
                events.append(parse(line[5:].strip().encode("utf-8", "surrogatepass")))
            except RecordError:
                continue
    return events


def assembled(events: list[Any]) -> dict[str, Any] | None:
    """Return the body that events amount to, in its provider's shape; null if they are none."""
    known = [event for event in events if isinstance(event, dict)]
    if not known:
        return None
    if any("choices" in event for event in known):
        return _chat(known)
    if any(str(event.get("type", "")).startswith("response.") for event in known):
        return _responses(known)
    if any("contentBlockDelta" in event or "messageStart" in event for event in known):
        return _blocks([event for one in known for event in _from_converse(one)])
    return _blocks(known)


def _chat(events: list[dict[str, Any]]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    text: list[str] = []
    calls: dict[int, dict[str, Any]] = {}
    for event in events:
        for name in ("id", "model", "usage"):
            if event.get(name):
                body[name] = event[name]
        choices = event.get("choices")
        for choice in choices if isinstance(choices, list) else []:
            if not isinstance(choice, dict) or choice.get("index", 0) != 0:
                continue
            delta = choice.get("delta")
            if not isinstance(delta, dict):
                continue
            for name in ("content", "refusal"):
                if isinstance(delta.get(name), str):
                    text.append(delta[name])
            _add_chat_calls(calls, delta.get("tool_calls"))
    made = [{"type": "function", "function": calls[at]} for at in sorted(calls)]
    message = {"role": "assistant", "content": "".join(text), "tool_calls": made}
    return {**body, "choices": [{"index": 0, "message": message}]}


def _add_chat_calls(calls: dict[int, dict[str, Any]], deltas: Any) -> None:
    for delta in deltas if isinstance(deltas, list) else []:
        if not isinstance(delta, dict):
            continue
        at = delta.get("index")
        call = calls.setdefault(
            at if isinstance(at, int) else len(calls), {"name": None, "arguments": ""}
        )
        function = delta.get("function")
        if isinstance(function, dict):
            call["name"] = function.get("name") or call["name"]
            if isinstance(function.get("arguments"), str):
                call["arguments"] += function["arguments"]


def _responses(events: list[dict[str, Any]]) -> dict[str, Any]:
    for event in reversed(events):
        if isinstance(event.get("response"), dict) and event["response"].get("output"):
            return dict(event["response"])
    done = [
        event.get("item") for event in events if event.get("type") == "response.output_item.done"
    ]
    return {"output": done}


def _from_converse(event: dict[str, Any]) -> list[dict[str, Any]]:
    """Return a Bedrock Converse event as the Anthropic events that say the same."""
    if isinstance(start := event.get("contentBlockStart"), dict):
        use = (start.get("start") or {}).get("toolUse")
        block = {"type": "tool_use", **use} if isinstance(use, dict) else {"type": "text"}
        return [_at(start, {"type": "content_block_start", "content_block": block})]
    if isinstance(delta := event.get("contentBlockDelta"), dict):
        inner = delta.get("delta")
        return [
            _at(delta, {"type": "content_block_delta", "delta": made})
            for made in _converse_deltas(inner if isinstance(inner, dict) else {})
        ]
    if isinstance(about := event.get("metadata"), dict):
        return [{"type": "message_delta", "usage": about.get("usage")}]
    return []


def _converse_deltas(inner: dict[str, Any]) -> list[dict[str, Any]]:
    if isinstance(inner.get("text"), str):
        return [{"type": "text_delta", "text": inner["text"]}]
    if isinstance(use := inner.get("toolUse"), dict):
        return [{"type": "input_json_delta", "partial_json": use.get("input")}]
    if isinstance(thought := inner.get("reasoningContent"), dict) and thought.get("signature"):
        return [{"type": "signature_delta", "signature": thought["signature"]}]
    return []


def _at(event: dict[str, Any], made: dict[str, Any]) -> dict[str, Any]:
    return {**made, "index": event.get("contentBlockIndex", 0)}


def _blocks(events: list[dict[str, Any]]) -> dict[str, Any]:
    body: dict[str, Any] = {}
    usage: dict[str, Any] = {}
    blocks: dict[int, dict[str, Any]] = {}
    for event in events:
        index = event.get("index")
        at = index if isinstance(index, int) else 0
        kind = event.get("type")
        if kind == "message_start" and isinstance(event.get("message"), dict):
            body.update(event["message"])
            usage.update(body.get("usage") or {})
        elif kind == "content_block_start" and isinstance(event.get("content_block"), dict):
            blocks[at] = dict(event["content_block"])
        elif kind == "content_block_delta" and isinstance(event.get("delta"), dict):
            _add_delta(blocks.setdefault(at, {"type": "text"}), event["delta"])
        elif kind == "message_delta" and isinstance(event.get("usage"), dict):
            usage.update(event["usage"])
        metrics = event.get("amazon-bedrock-invocationMetrics")
        if isinstance(metrics, dict):
            body["amazon-bedrock-invocationMetrics"] = metrics
    content = [_closed(blocks[at]) for at in sorted(blocks)]
    return {**body, "content": content, **({"usage": usage} if usage else {})}


def _add_delta(block: dict[str, Any], delta: dict[str, Any]) -> None:
    for name in ("text", "partial_json", "signature"):
        if isinstance(delta.get(name), str):
            held = block.get(name)
            block[name] = (held if isinstance(held, str) else "") + delta[name]


def _closed(block: dict[str, Any]) -> dict[str, Any]:
    if block.get("type") == "tool_use" and "partial_json" in block:
        return {**block, "input": block["partial_json"]}
    return block
