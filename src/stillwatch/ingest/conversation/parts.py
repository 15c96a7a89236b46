"""Message content in any provider's shape, taken apart into text, calls, results and seals."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final

from stillwatch.ingest.conversation.canonical import drop_thinking, stable_json, tool_call

REDACTED: Final = frozenset(
    {"redacted-by-litellm", "[redacted]", "<redacted>", "redacted", "***redacted***"}
)
"""Texts, lower case, that a gateway writes in place of what was said."""
_CUT: Final = re.compile(
    r"\s*\.{0,3}\s*\(litellm_truncated[^)]{0,80}\)\s*\.{0,3}\s*|\.{3}\s*\[truncated[^\]]{0,80}\]"
)
_SILENT: Final = frozenset(
    {"server_tool_use", "web_search_call", "file_search_call", "code_interpreter_call", "mcp_call"}
)
"""Parts of an answer that the provider's own tools wrote; not part of what is compared."""


@dataclass(slots=True)
class Parts:
    """What a message holds, gathered from its content."""

    texts: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    seals: list[str] = field(default_factory=list)
    cut: bool = False
    redacted: bool = False

    def add_text(self, text: str) -> None:
        """Keep text, unless a gateway put a mark in its place."""
        if text.strip().lower() in REDACTED:
            self.redacted = True
            return
        if "truncated" in text:
            shorter = _CUT.sub(" ", text)
            self.cut |= shorter != text
            text = shorter
        text = drop_thinking(text)
        if text:
            self.texts.append(text)

    def add_seal(self, seal: Any) -> None:
        """Keep a reasoning signature."""
        if isinstance(seal, str) and seal and seal.lower() not in REDACTED:
            self.seals.append(seal)


def add_content(parts: Parts, content: Any) -> None:
    """Add content, a string or a list of parts of any provider, to what was gathered."""
    if isinstance(content, str):
        parts.add_text(content)
    elif isinstance(content, dict):
        _add_part(parts, content)
    elif isinstance(content, list):
        for part in content:
            if isinstance(part, str):
                parts.add_text(part)
            elif isinstance(part, dict):
                _add_part(parts, part)


def kind_of(item: dict[str, Any]) -> str | None:
    """Return what an item says that it is; a type that is no text says nothing known."""
    kind = item.get("type")
    return kind if kind is None or isinstance(kind, str) else str(kind)


def _add_part(parts: Parts, part: dict[str, Any]) -> None:
    kind = kind_of(part)
    if kind in ("text", "input_text", "output_text", "refusal", None) and _plain(part) is not None:
        parts.add_text(str(_plain(part)))
    elif kind in ("thinking", "redacted_thinking", "reasoning") or "reasoningContent" in part:
        _add_seal(parts, part)
    elif kind in ("tool_use", "function_call", "tool_call", "function", "custom_tool_call"):
        add_call(parts, part)
    elif "toolUse" in part:
        add_call(parts, part["toolUse"])
    elif kind in ("tool_result", "function_call_output", "tool_call_response"):
        add_result(parts, _first(part, "content", "output", "response", "result"))
    elif "toolResult" in part:
        add_result(parts, _first(part["toolResult"], "content"))
    elif kind not in _SILENT:
        parts.others.append(stable_json(part))


def _plain(part: dict[str, Any]) -> str | None:
    text = _first(part, "text", "content", "refusal")
    return text if isinstance(text, str) else None


def _first(holder: Any, *names: str) -> Any:
    if isinstance(holder, dict):
        for name in names:
            if holder.get(name) is not None:
                return holder[name]
    return None


def _add_seal(parts: Parts, part: dict[str, Any]) -> None:
    parts.add_seal(_first(part, "signature", "encrypted_content", "data"))
    content = part.get("reasoningContent")
    if isinstance(content, dict):
        parts.add_seal(_first(content.get("reasoningText"), "signature"))
        parts.add_seal(content.get("redactedContent"))


def add_call(parts: Parts, call: Any) -> None:
    """Add a tool call of any provider."""
    if not isinstance(call, dict):
        return
    function = call.get("function")
    holder = function if isinstance(function, dict) else call
    arguments = _first(holder, "arguments", "input", "args", "parameters")
    parts.calls.append(tool_call(_first(holder, "name", "tool_name"), arguments))


def add_result(parts: Parts, content: Any) -> None:
    """Add a tool's result, as text."""
    inner = Parts()
    add_content(inner, content)
    shown = [*inner.texts, *inner.results, *inner.others]
    if content is not None and not shown and not inner.redacted:
        shown = [stable_json(content)]
    parts.results.append("\n".join(shown))
    parts.cut |= inner.cut
    parts.redacted |= inner.redacted
