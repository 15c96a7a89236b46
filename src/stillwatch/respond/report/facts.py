"""What `scan.json` records of a scan, as lines that a page can show whatever the file holds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from stillwatch.respond.report.words import counted, size

_CALIBRATION_WORDS: Final = ("calibrat", "guarantee", "likelihood")
_ALWAYS_COUNTED: Final = ("exchanges", "accounts")
_COUNT_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "exchanges": ("exchange", "exchanges"),
    "accounts": ("account", "accounts"),
    "rejected": ("rejected row", "rejected rows"),
    "repeated": ("repeated row", "repeated rows"),
    "left_out": ("row left out", "rows left out"),
}


@dataclass(frozen=True, slots=True)
class Input:
    """One file that was read."""

    path: str
    size: str
    digest: str


@dataclass(frozen=True, slots=True)
class Facts:
    """The record of a scan, in words."""

    version: str
    schema_version: str
    counts: tuple[str, ...]
    first: str
    last: str
    inputs: tuple[Input, ...]
    parameters: tuple[tuple[str, str], ...]
    timings: tuple[tuple[str, str], ...]
    calibration: tuple[str, ...]
    """Notes about how scores were calibrated."""
    notes: tuple[str, ...]
    """All other notes."""


def read_facts(scan: Mapping[str, Any]) -> Facts:
    """Return the record of a scan; what is absent or of another shape is left out."""
    counts = _mapping(scan.get("counts"))
    window = _mapping(scan.get("window"))
    notes = [str(note) for note in _sequence(scan.get("notes"))]
    calibration = [
        note for note in notes if any(word in note.lower() for word in _CALIBRATION_WORDS)
    ]
    return Facts(
        version=_value(scan.get("stillwatch_version")),
        schema_version=_value(scan.get("schema_version")),
        counts=tuple(
            counted(_count(counts[name]), *words)
            for name, words in _COUNT_WORDS.items()
            if name in counts and (name in _ALWAYS_COUNTED or _count(counts[name]))
        ),
        first=_day(window.get("first")),
        last=_day(window.get("last")),
        inputs=tuple(
            Input(
                path=_value(item.get("path")),
                size=size(item["bytes"]) if isinstance(item.get("bytes"), int) else "",
                digest=_value(item.get("sha256") or item.get("problem")),
            )
            for item in map(_mapping, _sequence(scan.get("inputs")))
        ),
        parameters=tuple(
            (name, _value(value)) for name, value in _mapping(scan.get("parameters")).items()
        ),
        timings=tuple(
            (name, f"{seconds:,.1f} s")
            for name, seconds in _mapping(scan.get("timings")).items()
            if isinstance(seconds, int | float)
        ),
        calibration=tuple(calibration),
        notes=tuple(note for note in notes if note not in calibration),
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else []


def _count(value: Any) -> int:
    """Return a count; one that is split by reason is added up."""
    if isinstance(value, dict):
        return sum(_count(part) for part in value.values())
    return value if isinstance(value, int) else 0


def _value(value: Any) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _day(value: Any) -> str:
    return value[:10] if isinstance(value, str) else ""
