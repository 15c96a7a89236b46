"""Print docs/reference/presets.md from the presets themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, fields, is_dataclass
from typing import Any

from stillwatch.simulate import PRESETS
from stillwatch.simulate.operators import Campaign

HEAD = """# Presets

The worlds that `stillwatch simulate PRESET` makes by name. `--scale X` multiplies accounts and
exchanges alike; `--innocent-accounts N` sets the size of the innocent crowd. Nothing here is
anybody's log: what a report does not say is guessed, and each preset says what. What the knobs
mean: [Knobs](knobs.md); the innocents: [Populations](populations.md); the folder that comes out:
[Worlds](worlds.md). This page is written by
`python scripts/presets_page.py > docs/reference/presets.md`.

"""
_COLUMNS = (
    "preset",
    "begins",
    "days",
    "innocent accounts",
    "their exchanges, about",
    "campaign accounts",
    "requests a day for each",
)


def page() -> str:
    """Return the whole page."""
    return HEAD + "\n".join(_table()) + "\n\n" + "\n".join(_chapters())


def _table() -> Iterator[str]:
    yield f"| {' | '.join(_COLUMNS)} |"
    yield "|---" * len(_COLUMNS) + "|"
    for preset in PRESETS.values():
        innocent = [cast for cast in preset.casts if cast.population != "campaign"]
        exchanges = sum(c.accounts * _knob(c, "requests", 0.0) for c in innocent) * preset.days
        accounts, requests = "none", ""
        for cast in preset.casts:
            if cast.population == "campaign":
                accounts = f"{cast.accounts:,}"
                requests = f"{_requests(cast):.3g}"
        yield (
            f"| [`{preset.name}`](#{preset.name.lower()}) | {preset.beginning:%Y-%m-%d} | "
            f"{preset.days} | {sum(c.accounts for c in innocent):,} | {_rounded(exchanges)} | "
            f"{accounts} | {requests} |"
        )


def _chapters() -> Iterator[str]:
    for preset in PRESETS.values():
        yield f"## `{preset.name}`\n"
        yield f"{_sentence(preset.summary)} {preset.models}\n"
        yield f"- Source: {preset.source}"
        for guess in preset.guessed:
            yield f"- Guessed: {guess}."
        for release in preset.releases:
            day = release.at / 86_400_000_000 + 1
            yield f"- Release: `{release.model}` on day {day:g}."
        knobs = [line for cast in preset.casts for line in _knobs(cast)]
        if knobs:
            yield "\n| knob | value |\n|---|---|"
            yield from knobs
        yield ""


def _knobs(cast: Any) -> Iterator[str]:
    """Yield a row for each knob of the general operator that is not at its default."""
    if not isinstance(cast, Campaign):
        return
    plain = Campaign(cast.accounts, name=cast.name)
    for field in fields(cast):
        value, usual = getattr(cast, field.name), getattr(plain, field.name)
        if is_dataclass(value) and not isinstance(value, type):
            old = asdict(usual)
            for name, number in asdict(value).items():
                if number != old[name]:
                    yield f"| `{field.name}.{name}` | {_shown(number)} |"
        elif value != usual or field.name in ("accounts", "rhythm"):
            yield f"| `{field.name}` | {_shown(value)} |"


def _shown(value: Any) -> str:
    if isinstance(value, tuple) and value and isinstance(value[0], tuple | list):
        return ", ".join(f"`{name}` {share:g}" for name, share in value)
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, int):
        return f"{value:,}"
    return f"`{value}`"


def _requests(cast: Any) -> float:
    return float(cast.volume.requests if isinstance(cast, Campaign) else cast.requests)


def _knob(cast: Any, name: str, otherwise: float) -> float:
    return float(getattr(cast, name, otherwise))


def _rounded(count: float) -> str:
    if count >= 1_000_000:
        return f"{count / 1_000_000:.1f} million"
    return f"{round(count, -3):,.0f}"


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."


if __name__ == "__main__":
    print(page(), end="")
