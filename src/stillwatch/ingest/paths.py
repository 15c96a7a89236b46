"""Values inside a nested record by dotted path."""

from __future__ import annotations

from typing import Any


def at(record: Any, path: str) -> Any:
    """Return what stands at a dotted path, or null; numbers index lists, also from the end.

    A key that itself holds dots is tried whole before it is taken apart.
    """
    if isinstance(record, dict) and path in record:
        return record[path]
    head, dot, rest = path.partition(".")
    if isinstance(record, list):
        try:
            record = record[int(head)]
        except (ValueError, IndexError):
            return None
        return at(record, rest) if dot else record
    if not isinstance(record, dict):
        return None
    if head in record:
        return at(record[head], rest) if dot else record[head]
    while dot:
        more, dot, rest = rest.partition(".")
        head = f"{head}.{more}"
        if head in record:
            return at(record[head], rest) if dot else record[head]
    return None


def mapping_at(record: Any, path: str) -> dict[str, Any]:
    """Return the object at a path, or an empty one."""
    found = at(record, path)
    return found if isinstance(found, dict) else {}


def text_at(record: Any, path: str) -> str | None:
    """Return the text or whole number at a path as text, or null if it is empty or neither."""
    found = at(record, path)
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    return found if isinstance(found, str) and found else None
