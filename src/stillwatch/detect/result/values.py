"""How a trait's value is shown: hashes as 16 hex digits, everything else as it is."""

from __future__ import annotations

from typing import Final

from stillwatch.model.hashing import to_hex

# Kinds whose value is a keyed hash; the rest claim or show plain values.
_HASHED: Final = frozenset(
    {
        "phrase",
        "opening",
        "closing",
        "template",
        "system_prompt",
        "client_configuration",
        "header_order",
        "tool_set",
    }
)


def shown_value(kind: str, value: str) -> str:
    """Return a trait's value as tables and the report show it."""
    if kind in _HASHED:
        return to_hex(int(value))
    if kind == "signup_hour":
        return f"hour {value} since 1970"
    return value
