"""Columns of `exchanges` from GenAI attributes, current names first, then their aliases."""

from __future__ import annotations

from typing import Any, Final

from stillwatch.ingest.addresses import REPORTED, normal
from stillwatch.ingest.conversation import (
    Answer,
    answer_columns,
    read_message,
    request_columns,
)
from stillwatch.ingest.conversation.requests import request_of
from stillwatch.ingest.errors_of_exchanges import error_scope
from stillwatch.ingest.formats.otlp_json import Attributes, Span, structured, whole
from stillwatch.ingest.headers import ClientReader, Headers
from stillwatch.ingest.options import IngestOptions
from stillwatch.ingest.outcomes import RecordError
from stillwatch.model.hashing import hash_text

_CALLS: Final = frozenset(
    {"chat", "text_completion", "generate_content", "completion", "embeddings"}
)
_NOT_CALLS: Final = frozenset(
    {"execute_tool", "invoke_agent", "create_agent", "invoke_workflow", "retrieval"}
)
_ALIASES: Final[dict[str, tuple[str, ...]]] = {
    "model": (
        "gen_ai.request.model",
        "gen_ai.response.model",
        "llm.model_name",
        "llm.request.model",
        "embedding.model_name",
    ),
    "input_tokens": (
        "gen_ai.usage.input_tokens",
        "gen_ai.usage.prompt_tokens",
        "llm.usage.prompt_tokens",
        "llm.token_count.prompt",
    ),
    "output_tokens": (
        "gen_ai.usage.output_tokens",
        "gen_ai.usage.completion_tokens",
        "llm.usage.completion_tokens",
        "llm.token_count.completion",
    ),
    "cached_tokens": (
        "gen_ai.usage.cache_read.input_tokens",
        "gen_ai.usage.cache_read_input_tokens",
        "llm.token_count.prompt_details.cache_read",
    ),
    "cache_write_tokens": (
        "gen_ai.usage.cache_creation.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens",
        "llm.token_count.prompt_details.cache_write",
    ),
    "reasoning_tokens": (
        "gen_ai.usage.reasoning.output_tokens",
        "gen_ai.usage.reasoning_tokens",
        "llm.token_count.completion_details.reasoning",
    ),
    "session_id": ("gen_ai.conversation.id", "session.id"),
}
_INPUT: Final = ("gen_ai.input.messages", "llm.input_messages")
_OUTPUT: Final = ("gen_ai.output.messages", "llm.output_messages")
_INDEXED_INPUT: Final = ("gen_ai.prompt", "llm.prompts", "llm.input_messages")
_INDEXED_OUTPUT: Final = ("gen_ai.completion", "llm.completions", "llm.output_messages")
_ACCOUNTS: Final = {
    "user": (
        "user.id",
        "user.hash",
        "enduser.id",
        "gen_ai.user",
        "llm.user",
        "traceloop.association.properties.user_id",
    ),
    "key": ("credential.id", "api_key.hash", "traceloop.association.properties.api_key_hash"),
    "team": ("team.id", "traceloop.association.properties.team_id"),
    "organization": ("organization.id", "traceloop.association.properties.organization_id"),
    "end_user": ("gen_ai.user", "enduser.id", "llm.user"),
}
_PEERS: Final = ("network.peer.address", "net.sock.peer.addr", "net.peer.ip")
_AGENTS: Final = ("user_agent.original", "http.user_agent")


def is_model_call(attributes: Attributes) -> bool:
    """Whether attributes are those of one request to a model."""
    operation = attributes.get("gen_ai.operation.name")
    if operation is not None:
        return operation in _CALLS
    if attributes.get("openinference.span.kind") in ("LLM", "EMBEDDING"):
        return True
    return _first(attributes, *_ALIASES["model"]) is not None and not is_not_a_call(attributes)


def is_not_a_call(attributes: Attributes) -> bool:
    """Whether attributes are of GenAI work that is no request to a model."""
    return (
        attributes.get("gen_ai.operation.name") in _NOT_CALLS
        or "openinference.span.kind" in attributes
        or "traceloop.span.kind" in attributes
    )


class SpanColumns:
    """Makes the row of a model span and its server span."""

    def __init__(self, options: IngestOptions) -> None:
        self._key = options.key
        self._source = options.source or "otlp"
        self._client = ClientReader(options)
        self._hops = options.trusted_hops
        field = options.account_field or "user"
        self._account = _ACCOUNTS.get(field, (field,))

    def of(self, span: Span, server: Span | None) -> dict[str, Any]:
        """Return the columns of a span; raises RecordError if it cannot be told whose it is."""
        given = span.attributes
        around = server.attributes if server is not None else {}
        account = _first(around, *self._account) or _first(given, *self._account)
        if account in (None, ""):
            raise RecordError(f"account_id is missing: no {' or '.join(self._account)}")
        request = request_of(
            items=_messages(given, _INPUT, _INDEXED_INPUT),
            system=structured(given.get("gen_ai.system_instructions")),
            tools=structured(_first(given, "gen_ai.tool.definitions", "llm.tools")),
            parameters={
                "temperature": given.get("gen_ai.request.temperature"),
                "top_p": given.get("gen_ai.request.top_p"),
                "max_tokens": given.get("gen_ai.request.max_tokens"),
                "stream": _first(given, "gen_ai.request.stream", "llm.is_streaming"),
                "choices": given.get("gen_ai.request.choice.count"),
            },
        )
        status = _status(span, around)
        end_user = _first(given, *_ACCOUNTS["end_user"])
        provider = _first(given, "gen_ai.provider.name", "gen_ai.system", "llm.provider")
        row: dict[str, Any] = {
            **request_columns(request, self._key),
            **answer_columns(_answer(given), request, self._key),
            **{name: whole(_first(given, *names)) for name, names in _ALIASES.items()},
            "exchange_id": f"{span.trace}:{span.identity}" if span.trace else span.identity,
            "occurred_at": span.start,
            "account_id": str(account),
            "credential_id": _first({**given, **around}, *_ACCOUNTS["key"]),
            "end_user_hash": hash_text(str(end_user), self._key) if end_user else None,
            "source": self._source,
            "pathway": _pathway(provider),
            "provider_region": _first({**span.resource, **given}, "cloud.region"),
            "operation": given.get("gen_ai.operation.name") or "chat",
            "endpoint": _first(around, "http.route", "url.path", "http.target"),
            "status": status,
            "duration_ms": max(0, span.end - span.start) // 1_000_000 if span.end else None,
            "time_to_first_token_ms": _first_token(given),
            **self._client_columns(around or given),
        }
        row["session_id"] = row["session_id"] or around.get("session.id")
        if status >= 400:
            row["error_type"] = given.get("error.type") or span.message[:200] or None
            row["error_scope"] = error_scope(status)
        return row

    def _client_columns(self, around: Attributes) -> dict[str, Any]:
        headers: Headers = {}
        for name, value in around.items():
            if name.startswith("http.request.header."):
                values = value if isinstance(value, list) else [value]
                header = name.removeprefix("http.request.header.").replace("_", "-").lower()
                headers[header] = [str(one) for one in values]
        peer = _first(around, *_PEERS)
        columns = self._client.columns(headers, peer=peer if isinstance(peer, str) else None)
        reported = _first(around, "client.address", "http.client_ip")
        # client.address may be the leftmost, client-written entry of a header that is not logged.
        unseen = "x-forwarded-for" not in headers and (peer is None or self._hops > 0)
        if unseen and isinstance(reported, str) and normal(reported):
            columns["client_address"] = normal(reported)
            columns["client_address_source"] = REPORTED
        agent = _first(around, *_AGENTS)
        if isinstance(agent, str):
            columns.setdefault("user_agent", agent)
        return columns


def _first(attributes: Attributes, *names: str) -> Any:
    return next((attributes[name] for name in names if attributes.get(name) is not None), None)


def _status(span: Span, around: Attributes) -> int:
    for holder in (span.attributes, around):
        status = whole(_first(holder, "http.response.status_code", "http.status_code"))
        if isinstance(status, int) and 100 <= status <= 999:
            return status
    error = str(span.attributes.get("error.type") or "")
    if error.isascii() and error.isdecimal() and 100 <= int(error) <= 999:
        return int(error)
    return 500 if span.failed or error else 200


def _messages(given: Attributes, whole_names: tuple[str, ...], indexed: tuple[str, ...]) -> Any:
    found = structured(_first(given, *whole_names))
    if found is not None:
        return found
    for prefix in indexed:
        listed = _indexed(given, prefix)
        if listed:
            return listed
    return None


def _indexed(given: Attributes, prefix: str) -> list[dict[str, Any]]:
    """Gather `PREFIX.0.role`, `PREFIX.0.content`, … as OpenLLMetry and OpenInference write them."""
    found: dict[int, dict[str, Any]] = {}
    calls: dict[int, dict[int, dict[str, Any]]] = {}
    for name, value in given.items():
        if not name.startswith(f"{prefix}."):
            continue
        at, _, path = name.removeprefix(f"{prefix}.").partition(".")
        if not at.isdecimal():
            continue
        message = found.setdefault(int(at), {})
        path = path.removeprefix("message.")
        if path in ("role", "content"):
            message[path] = structured(value) if path == "content" else value
        elif path.startswith("tool_calls."):
            number, _, inner = path.removeprefix("tool_calls.").partition(".")
            inner = inner.removeprefix("tool_call.").removeprefix("function.")
            if number.isdecimal():
                calls.setdefault(int(at), {}).setdefault(int(number), {})[inner] = value
    for at_, made in calls.items():
        found[at_]["tool_calls"] = [made[number] for number in sorted(made)]
    return [{"role": "user", **found[at_]} for at_ in sorted(found)]


def _answer(given: Attributes) -> Answer:
    messages = _messages(given, _OUTPUT, _INDEXED_OUTPUT)
    if isinstance(messages, str):
        messages = [{"content": messages}]
    if isinstance(messages, dict):
        messages = [messages]
    if not isinstance(messages, list) or not messages or not isinstance(messages[0], dict):
        return Answer()
    return Answer(message=read_message({**messages[0], "role": "assistant"}))


def _pathway(provider: Any) -> str:
    text = str(provider or "").lower()
    return "bedrock" if "bedrock" in text else "vertex" if "vertex" in text else "api"


def _first_token(given: Attributes) -> int | None:
    seconds = _first(
        given, "gen_ai.response.time_to_first_chunk", "gen_ai.server.time_to_first_token"
    )
    if isinstance(seconds, int | float) and 0 <= seconds < 2_000_000:
        return int(seconds * 1000)
    return None
