"""Worlds of one's own, written down as TOML: `stillwatch simulate my-world.toml --out WORLD`."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from pydantic import TypeAdapter, ValidationError

from stillwatch.errors import InputError, UsageError
from stillwatch.simulate import populations
from stillwatch.simulate.calendar import BEGINNING
from stillwatch.simulate.operators import Campaign
from stillwatch.simulate.populations import crowd
from stillwatch.simulate.presets import PRESETS, Cast, Preset
from stillwatch.simulate.records import DAY, Release

_EVERY: Final[list[Any]] = [getattr(populations, name) for name in populations.__all__]
POPULATIONS: Final[Mapping[str, Any]] = {
    kind.population: kind for kind in _EVERY if hasattr(kind, "population")
}
"""Population class by the word that truth uses for its accounts."""

_WORLD: Final = (
    "name", "summary", "days", "beginning", "base", "change", "crowd", "population", "campaign",
    "release",
)  # fmt: skip
_CROWD: Final = ("accounts", "requests")
_RELEASE: Final = ("model", "day", "input_price", "output_price")


def read_world(path: Path) -> Preset:
    """Return the world that a TOML file describes.

    Raises InputError, which names the file and the place, for a file that cannot be read, a key
    that nothing has, and a value of the wrong sort.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"the file cannot be read: {error.strerror}", source=str(path)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"not TOML: {error}", source=str(path)) from error
    try:
        return _world(table, path.stem)
    except UsageError as error:
        raise InputError(str(error), source=str(path)) from error


def _world(table: dict[str, Any], name: str) -> Preset:
    _known(table, _WORLD, "the world")
    base = _base(table)
    casts: list[Cast] = list(base.casts)
    if "crowd" in table:
        numbers = _table(table["crowd"], "crowd")
        _known(numbers, _CROWD, "crowd")
        casts = [
            *_crowd(numbers),
            *(cast for cast in casts if cast.population == "campaign"),
        ]
    for k, entry in enumerate(_entries(table, "population")):
        one = _population(dict(entry), f"population {k + 1}")
        # A population of one's own takes the place of the crowd's or the base's.
        casts = [cast for cast in casts if cast.population != one.population]
        casts.append(one)
    for k, entry in enumerate(_entries(table, "campaign")):
        given = {"name": f"campaign-{k + 1}", **entry}
        casts.append(_made(Campaign, given, f"campaign {k + 1}"))
    if not casts:
        raise UsageError("nobody is in the world: give a base, a crowd, populations or a campaign")
    days = table.get("days", base.days)
    if not isinstance(days, int) or not 1 <= days <= 3650:
        raise UsageError(f"days must be a whole number from 1 to 3650, not {days!r}")
    return replace(
        base,
        name=str(table.get("name", name)),
        summary=str(table.get("summary", "a world of one's own")),
        days=days,
        beginning=_beginning(table.get("beginning", base.beginning)),
        casts=tuple(casts),
        releases=(*base.releases, *map(_release, _entries(table, "release"))),
    )


def _base(table: dict[str, Any]) -> Preset:
    """Return the preset that the world begins from, with its campaigns changed, or an empty one."""
    change = _table(table.get("change", {}), "change")
    if "base" not in table:
        if change:
            raise UsageError("change needs a base, whose campaign it changes")
        return Preset("", "", 30, (), beginning=BEGINNING)
    if table["base"] not in PRESETS:
        raise UsageError(f"there is no preset called {table['base']!r}")
    base = PRESETS[table["base"]]
    if change and not any(isinstance(cast, Campaign) for cast in base.casts):
        raise UsageError(f"{base.name} has no campaign whose knobs could be changed")
    return replace(
        base,
        casts=tuple(
            _made(Campaign, _merged(asdict(cast), change), "change")
            if isinstance(cast, Campaign)
            else cast
            for cast in base.casts
        ),
    )


def _merged(old: dict[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for key, value in new.items():
        below = old.get(key)
        merged[key] = (
            _merged(below, value) if isinstance(below, dict) and isinstance(value, dict) else value
        )
    return merged


def _crowd(numbers: dict[str, Any]) -> tuple[Cast, ...]:
    accounts, requests = numbers.get("accounts"), numbers.get("requests", 3.0)
    if not isinstance(accounts, int) or not isinstance(requests, int | float):
        raise UsageError("crowd needs accounts (a whole number) and may have requests (a number)")
    if accounts < 1 or requests <= 0:
        raise UsageError("crowd needs at least one account and a positive rate")
    return crowd(accounts, float(requests))


def _population(entry: dict[str, Any], where: str) -> Cast:
    kind = entry.pop("kind", None)
    if kind not in POPULATIONS:
        raise UsageError(f"{where}: kind must be one of {', '.join(sorted(POPULATIONS))}")
    made: Cast = _made(POPULATIONS[kind], entry, where)
    return made


def _made(kind: Any, entry: dict[str, Any], where: str) -> Any:
    """Return a frozen dataclass made from a table, its own tables included."""
    _known_knobs(kind, entry, where)
    try:
        return TypeAdapter(kind).validate_python(_pairs(entry))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(step) for step in first["loc"])
        raise UsageError(f"{where}: {place}: {first['msg']}") from error


def _known_knobs(kind: Any, entry: Mapping[str, Any], where: str) -> None:
    _known(entry, tuple(f.name for f in fields(kind)), where)
    hints = get_type_hints(kind)
    for key, value in entry.items():
        if isinstance(value, dict):
            for choice in (hints[key], *get_args(hints[key])):
                if is_dataclass(choice) and isinstance(choice, type):
                    _known_knobs(choice, value, f"{where}, {key}")


def _pairs(entry: Any) -> Any:
    """Return a table in which a capability mix stands as pairs."""
    if not isinstance(entry, dict):
        return entry
    return {
        key: tuple(value.items()) if key == "mix" and isinstance(value, dict) else _pairs(value)
        for key, value in entry.items()
    }


def _release(entry: dict[str, Any]) -> Release:
    _known(entry, _RELEASE, "release")
    try:
        return Release(
            str(entry["model"]),
            int(float(entry["day"]) * DAY),
            float(entry.get("input_price", 5.0)),
            float(entry.get("output_price", 25.0)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError("release needs model and day, and its prices are numbers") from error


def _beginning(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=UTC)
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    raise UsageError(f"beginning must be a date, as 2026-04-22 without quotes, not {value!r}")


def _entries(table: dict[str, Any], key: str) -> list[dict[str, Any]]:
    entries = table.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise UsageError(f"{key} is a list of tables: write [[{key}]]")
    return entries


def _table(value: Any, key: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise UsageError(f"{key} is a table: write [{key}]")
    return value


def _known(table: Mapping[str, Any], keys: tuple[str, ...], where: str) -> None:
    for key in table:
        if key not in keys:
            raise UsageError(f"{where} has no {key!r}; it has {', '.join(keys)}")
