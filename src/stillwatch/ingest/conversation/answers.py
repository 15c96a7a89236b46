"""A response body of any provider, whole or as the events it was streamed in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stillwatch.ingest.conversation.messages import Message, read_message, read_messages
from stillwatch.ingest.conversation.streams import assembled, events_of
from stillwatch.ingest.conversation.usage import usage_columns
from stillwatch.ingest.json_text import parse
from stillwatch.ingest.outcomes import RecordError


@dataclass(frozen=True, slots=True)
class Answer:
    """What a model gave back, in no provider's shape."""

    message: Message | None = None
    usage: dict[str, Any] = field(default_factory=dict)
    model: str | None = None
    error_type: str | None = None


def read_answer(body: Any) -> Answer:
    """Return the answer in a body of Anthropic, OpenAI or Bedrock; what is unknown is absent."""
    if isinstance(body, str):
        body = _parsed(body)
    if isinstance(body, list):
        body = assembled(body)
    if not isinstance(body, dict):
        return Answer()
    usage = body.get("usage")
    if not isinstance(usage, dict):
        usage = body.get("amazon-bedrock-invocationMetrics")
    model = body.get("model")
    return Answer(
        message=_message(body),
        usage={name: value for name, value in usage_columns(usage).items() if value is not None},
        model=model if isinstance(model, str) else None,
        error_type=error_type_of(body),
    )


def error_type_of(body: Any) -> str | None:
    """Return the error type that an error body names."""
    error = body.get("error") if isinstance(body, dict) else None
    if isinstance(error, str):
        return error[:200] or None
    if isinstance(error, dict):
        for name in ("type", "code", "status"):
            if isinstance(error.get(name), str) and error[name]:
                return str(error[name])[:200]
    return None


def _parsed(text: str) -> Any:
    bare = text.lstrip()
    if bare.startswith(("{", "[")):
        try:
            return parse(bare.encode("utf-8", "surrogatepass"))
        except (RecordError, UnicodeError):
            return None
    return events_of(text)


def _message(body: dict[str, Any]) -> Message | None:
    choices = body.get("choices")
    if isinstance(choices, list) and choices and isinstance(choices[0], dict):
        first = choices[0]
        inner = first.get("message")
        if isinstance(inner, dict):
            return read_message({**inner, "role": "assistant"})
        return _said(first.get("text"))
    output = body.get("output")
    if isinstance(output, list):
        answers = [m for m in read_messages(output) if m.role == "assistant"]
        return answers[0] if answers else None
    if isinstance(output, dict) and isinstance(output.get("message"), dict):
        return read_message({**output["message"], "role": "assistant"})
    for name in ("content", "completion", "generation", "text", "output_text"):
        if body.get(name):
            return _said(body[name])
    return None


def _said(content: Any) -> Message | None:
    if not isinstance(content, str | list):
        return None
    return read_message({"role": "assistant", "content": content})
