"""`mapping.toml`: says which field of a foreign log fills which column of `exchanges`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from stillwatch.errors import UsageError
from stillwatch.ingest.coerce import COERCERS
from stillwatch.ingest.timestamps import UNITS
from stillwatch.model.tables_in import EXCHANGES

_TABLES: Final = ("columns", "constants", "hash", "values", "conversation")
_SCALARS: Final = ("time_unit", "delimiter", "source")
_CONVERSATION: Final = ("messages", "system", "tools", "answer", "request", "response")
_HASHES: Final = frozenset(
    name for name in EXCHANGES.names if str(EXCHANGES.field(name).type) == "int64"
)


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping, read and checked."""

    columns: dict[str, str] = field(default_factory=dict)
    """Column → dotted path of its value."""
    constants: dict[str, Any] = field(default_factory=dict)
    """Column → value that every row gets where the source has none."""
    hash: dict[str, str] = field(default_factory=dict)
    """Hash column → dotted path of the text to hash."""
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Column → source value → what it means."""
    conversation: dict[str, str] = field(default_factory=dict)
    """`messages`, `system`, `tools`, `answer`, or whole `request` and `response` → dotted path."""
    time_unit: str | None = None
    delimiter: str = ","
    source: str | None = None

    def paths(self) -> set[str]:
        """Return every path that is read."""
        return {*self.columns.values(), *self.hash.values(), *self.conversation.values()}


def read_mapping(path: Path) -> Mapping:
    """Read a mapping file; raises UsageError that lists everything wrong with it at once."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the mapping cannot be read: {error}", source=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"the mapping is not TOML: {error}", source=str(path)) from error
    wrong = _wrong(given)
    if wrong:
        raise UsageError(
            "the mapping does not make sense: " + "; ".join(wrong),
            source=str(path),
            hint="docs/reference/log-formats.md describes every key",
        )
    return Mapping(**{name: given[name] for name in (*_TABLES, *_SCALARS) if name in given})


def _wrong(given: dict[str, Any]) -> list[str]:
    wrong = [f"there is no key {name!r}" for name in given if name not in (*_TABLES, *_SCALARS)]
    wrong += [
        f"{name} must be a table"
        for name in _TABLES
        if name in given and not isinstance(given[name], dict)
    ]
    wrong += [
        f"{name} must be text"
        for name in _SCALARS
        if name in given and not isinstance(given[name], str)
    ]
    if wrong:
        return wrong
    for table in ("columns", "constants", "hash", "values"):
        wrong += [
            f"{table}.{name}: there is no such column"
            for name in given.get(table, {})
            if name not in COERCERS
        ]
    for table in ("columns", "hash", "conversation"):
        wrong += [
            f"{table}.{name} must be the path of a field"
            for name, path in given.get(table, {}).items()
            if not isinstance(path, str) or not path
        ]
    wrong += [
        f"hash.{name} is no hash column" for name in given.get("hash", {}) if name not in _HASHES
    ]
    wrong += [
        f"values.{name} must be a table"
        for name, table in given.get("values", {}).items()
        if not isinstance(table, dict)
    ]
    wrong += [
        f"conversation.{name}: there is no such piece"
        for name in given.get("conversation", {})
        if name not in _CONVERSATION
    ]
    if given.get("time_unit", "s") not in UNITS:
        wrong.append("time_unit must be one of " + ", ".join(UNITS))
    if len(given.get("delimiter", ",")) != 1:
        wrong.append("delimiter must be one character")
    filled = {**given.get("columns", {}), **given.get("constants", {}), "source": ""}
    from_bodies = {"model"} if "request" in given.get("conversation", {}) else set()
    return wrong + [
        f"nothing fills the required column {field.name}"
        for field in EXCHANGES
        if not field.nullable and field.name not in filled and field.name not in from_bodies
    ]
