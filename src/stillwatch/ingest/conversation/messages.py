"""The turns of a conversation, from a list of messages or items in any provider's shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Literal

from stillwatch.ingest.conversation.canonical import answer_text
from stillwatch.ingest.conversation.parts import Parts, add_call, add_content, add_result, kind_of

Role = Literal["system", "user", "assistant"]
_ROLES: Final[dict[str, Role]] = {
    "system": "system",
    "developer": "system",
    "user": "user",
    "human": "user",
    "tool": "user",
    "function": "user",
    "assistant": "assistant",
    "model": "assistant",
    "ai": "assistant",
}
_ASSISTANT_ITEMS: Final = frozenset(
    {
        "function_call",
        "custom_tool_call",
        "reasoning",
        "web_search_call",
        "file_search_call",
        "code_interpreter_call",
        "mcp_call",
        "mcp_list_tools",
        "computer_call",
        "image_generation_call",
    }
)
_RESULT_ITEMS: Final = frozenset(
    {"function_call_output", "custom_tool_call_output", "computer_call_output"}
)


@dataclass(frozen=True, slots=True)
class Message:
    """One turn: consecutive assistant items are one, everything between two answers is another."""

    role: Role
    texts: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    results: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    seals: tuple[str, ...] = ()
    cut: bool = False
    redacted: bool = False

    @property
    def canonical(self) -> str:
        """The answer as canonical text, for hashing; empty if it says nothing."""
        return answer_text(self.texts, self.calls)

    @property
    def whole(self) -> bool:
        """Whether the log holds all of it."""
        return not (self.cut or self.redacted)


def read_messages(items: Any) -> list[Message]:
    """Return the messages of a list (or of one string: a user's); unreadable ones are skipped."""
    if isinstance(items, str):
        items = [{"role": "user", "content": items}]
    if isinstance(items, dict):
        items = [items]
    if not isinstance(items, list):
        return []
    messages: list[Message] = []
    for item in items:
        if isinstance(item, str):
            item = {"role": "user", "content": item}
        if isinstance(item, dict):
            message = read_message(item)
            if message is None:
                continue
            if messages and message.role == messages[-1].role == "assistant":
                messages[-1] = _joined(messages[-1], message)
            else:
                messages.append(message)
    return messages


def read_message(item: dict[str, Any]) -> Message | None:
    """Return one message or item of a request or an answer; null if it has no role."""
    parts = Parts()
    kind = kind_of(item)
    role = _ROLES.get(str(item.get("role", "")).lower())
    if role is None:
        if kind in _ASSISTANT_ITEMS:
            role = "assistant"
        elif kind in _RESULT_ITEMS:
            role = "user"
        else:
            return None
        if kind in _RESULT_ITEMS:
            add_result(parts, item.get("output"))
        else:
            add_content(parts, [item])
    elif str(item.get("role")).lower() in ("tool", "function"):
        _add_tool_message(parts, item)
    else:
        add_content(parts, item.get("parts") if "parts" in item else item.get("content"))
        if role == "assistant":
            _add_assistant_extras(parts, item)
    if role == "assistant":
        parts.others.clear()
    return Message(
        role=role,
        texts=tuple(parts.texts),
        calls=tuple(parts.calls),
        results=tuple(parts.results),
        others=tuple(parts.others),
        seals=tuple(parts.seals),
        cut=parts.cut,
        redacted=parts.redacted,
    )


def _add_tool_message(parts: Parts, item: dict[str, Any]) -> None:
    content = item.get("parts", item.get("content"))
    inner = Parts()
    if isinstance(content, list):
        add_content(inner, content)
    if inner.results:  # A list of result parts, as OpenTelemetry writes it.
        parts.results.extend(inner.results)
        parts.cut, parts.redacted = inner.cut, inner.redacted
    else:
        add_result(parts, content)


def _add_assistant_extras(parts: Parts, item: dict[str, Any]) -> None:
    calls = item.get("tool_calls")
    for call in calls if isinstance(calls, list) else []:
        add_call(parts, call)
    if isinstance(item.get("function_call"), dict):
        add_call(parts, item["function_call"])
    if isinstance(item.get("refusal"), str):
        parts.add_text(item["refusal"])
    blocks = item.get("thinking_blocks")
    if isinstance(blocks, list):
        seen = set(parts.seals)
        for block in blocks:
            if isinstance(block, dict):
                seal = block.get("signature") or block.get("data")
                if seal not in seen:
                    parts.add_seal(seal)


def _joined(first: Message, second: Message) -> Message:
    return Message(
        role="assistant",
        texts=first.texts + second.texts,
        calls=first.calls + second.calls,
        seals=first.seals + second.seals,
        cut=first.cut or second.cut,
        redacted=first.redacted or second.redacted,
    )
