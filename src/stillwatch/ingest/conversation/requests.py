"""A request body of any provider: what was asked, and how."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from stillwatch.ingest.coerce import to_decimal, to_flag, to_integer
from stillwatch.ingest.conversation.canonical import tools_text
from stillwatch.ingest.conversation.messages import Message, read_messages
from stillwatch.ingest.conversation.parts import Parts, add_content
from stillwatch.ingest.outcomes import RecordError


@dataclass(frozen=True, slots=True)
class Request:
    """What a client sent, in no provider's shape."""

    system: str | None = None
    messages: list[Message] = field(default_factory=list)
    tools: str = ""
    elsewhere: bool = False
    """Whether the history is kept by the provider and only named here."""
    parameters: dict[str, Any] = field(default_factory=dict)
    model: str | None = None


def read_request(body: Any) -> Request:
    """Return the request in a body of Anthropic, OpenAI or Bedrock; what is unknown is absent."""
    if not isinstance(body, dict):
        return Request()
    items = _first(body, "messages", "input", "prompt")
    model = _first(body, "model", "modelId")
    return request_of(
        items=items,
        system=_first(body, "system", "instructions"),
        tools=_first(body, "tools", "functions", "toolConfig"),
        parameters=body,
        elsewhere=_first(body, "previous_response_id", "conversation") is not None,
        model=model if isinstance(model, str) else None,
    )


def request_of(
    items: Any,
    system: Any = None,
    tools: Any = None,
    parameters: Any = None,
    elsewhere: bool = False,
    model: str | None = None,
) -> Request:
    """Return a request from its pieces, wherever a log keeps them."""
    messages = read_messages(items)
    parts = Parts()
    add_content(parts, system)
    texts = list(parts.texts)
    for message in messages:
        if message.role == "system":
            texts.extend(message.texts)
    return Request(
        system="\n".join(texts) or None,
        messages=[message for message in messages if message.role != "system"],
        tools=tools_text(tools),
        elsewhere=elsewhere,
        parameters=parameter_columns(parameters),
        model=model,
    )


def parameter_columns(body: Any) -> dict[str, Any]:
    """Return sampling settings as columns.

    The client writes these, so a value that makes no sense becomes null: nobody can get a row of
    their own rejected.
    """
    if not isinstance(body, dict):
        return {}
    inner = body.get("inferenceConfig")
    holder = {**body, **inner} if isinstance(inner, dict) else body
    columns = {
        "temperature": _lenient(to_decimal, holder.get("temperature")),
        "top_p": _lenient(to_decimal, _first(holder, "top_p", "topP")),
        "max_tokens": _small(
            _first(
                holder,
                "max_tokens",
                "max_completion_tokens",
                "max_output_tokens",
                "maxTokens",
                "max_tokens_to_sample",
            ),
            31,
        ),
        "stream": _lenient(to_flag, holder.get("stream")),
        "choices": _small(_first(holder, "n", "choices", "num_generations"), 15),
    }
    return {name: value for name, value in columns.items() if value is not None}


def _first(body: dict[str, Any], *names: str) -> Any:
    return next((body[name] for name in names if body.get(name) is not None), None)


def _small(value: Any, bits: int) -> int | None:
    number = _lenient(to_integer, value)
    return number if number is not None and 0 <= number < 1 << bits else None


def _lenient(coercer: Any, value: Any) -> Any:
    try:
        return None if value is None else coercer(value)
    except RecordError:
        return None
