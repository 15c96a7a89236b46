"""What makes two answers, or two inputs, the same: their canonical text.

The same function serves an answer when it is issued and when it comes back in the history of a
later request, whatever the provider's shape, so that both hash alike. Changing anything here
changes `CONVERSATION_VERSION` and the golden vectors in the tests.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any, Final

from stillwatch.model.hashing import canonical_json

CONVERSATION_VERSION: Final = 1
_OPEN, _CLOSE = "<think>", "</think>"


def answer_text(texts: Sequence[str], calls: Sequence[str]) -> str:
    """Return an assistant message as canonical text; empty if it says nothing.

    Text parts are joined as they stand, because providers cut one answer into parts at will; tool
    calls follow in order, without their ids, because a relay may give them new ones.
    """
    return "\n".join(part for part in ("".join(texts), *calls) if part.strip())


def input_text(texts: Sequence[str], results: Sequence[str], others: Sequence[str]) -> str:
    """Return the whole last input as canonical text: words, tool results, attachments."""
    return "\n".join((*texts, *results, *others))


def tool_call(name: Any, arguments: Any) -> str:
    """Return a tool call as RFC 8785 JSON of its name and arguments."""
    if isinstance(arguments, str):
        with suppress(ValueError, RecursionError):
            arguments = json.loads(arguments) if arguments.strip() else {}
    return stable_json({"arguments": {} if arguments is None else arguments, "name": name})


def tools_text(tools: Any) -> str:
    """Return tool definitions as sorted canonical JSON; empty if there are none.

    Every provider's shape becomes name, description and schema; what is none of those stays.
    """
    if isinstance(tools, dict):
        tools = tools.get("tools", [tools])
    if not isinstance(tools, list):
        return ""
    return "\n".join(sorted(stable_json(_tool(tool)) for tool in tools))


def _tool(tool: Any) -> Any:
    if not isinstance(tool, dict):
        return tool
    inner = tool.get("function") or tool.get("toolSpec") or tool
    if not isinstance(inner, dict) or "name" not in inner:
        return tool
    schema = inner.get("parameters", inner.get("input_schema", inner.get("inputSchema")))
    if isinstance(schema, dict) and set(schema) == {"json"}:
        schema = schema["json"]
    if schema is None and inner is tool:
        return tool
    return {"name": inner["name"], "description": inner.get("description"), "schema": schema}


def stable_json(value: Any) -> str:
    """Return RFC 8785 JSON, or sorted plain JSON where that standard has no form for a value."""
    try:
        return canonical_json(value)
    except (ValueError, TypeError, RecursionError):
        try:
            return json.dumps(value, sort_keys=True, separators=(",", ":"), default=str)
        except (ValueError, TypeError, RecursionError):
            return repr(type(value))


def drop_thinking(text: str) -> str:
    """Return text without a block of thinking that an open model wrote in front of it."""
    if text.lstrip().startswith(_OPEN) and _CLOSE in text:
        return text.split(_CLOSE, 1)[1]
    return text
