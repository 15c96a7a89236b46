"""The page on populations describes every population and every knob, as they are."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any

import pytest

from stillwatch.simulate.populations.crowd import SHARES
from stillwatch.simulate.populations.resale import KINDS, PoolKind

KINDS_OF_INNOCENTS = [kind for kind, _ in SHARES]


@pytest.fixture(scope="module")
def chapters() -> dict[str, str]:
    text = (Path(__file__).parents[2] / "docs" / "reference" / "populations.md").read_text()
    parts = re.split(r"^###? (.+)$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def knobs(text: str) -> dict[str, tuple[str, str]]:
    """Return default and meaning of each knob in a chapter's table."""
    found = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]*) \|$", text, re.MULTILINE)
    return {name: (default, meaning) for name, default, meaning in found}


@pytest.mark.parametrize("kind", [*KINDS_OF_INNOCENTS, PoolKind], ids=lambda k: k.__name__)
def test_every_knob_is_described_with_its_default(chapters: dict[str, str], kind: Any) -> None:
    described = knobs(chapters[f"`{kind.__name__}`"])
    assert list(described) == [field.name for field in fields(kind)]
    assert [name for name, (_, meaning) in described.items() if len(meaning) < 10] == []
    for field in fields(kind):
        shown = described[field.name][0]
        if field.default is MISSING:
            assert shown == "required"
        elif isinstance(field.default, (int, float, str, bool)):
            assert shown == f"`{field.default}`", field.name


@pytest.mark.parametrize("kind", KINDS_OF_INNOCENTS, ids=lambda k: k.__name__)
def test_every_population_says_its_word_its_lookalike_and_its_guesses(
    chapters: dict[str, str], kind: Any
) -> None:
    text = chapters[f"`{kind.__name__}`"]
    assert f"Truth says `{kind.population}`." in text
    assert "- Looks alike: " in text
    assert "- Guessed: " in text


def test_the_shares_of_a_crowd_are_those_of_the_page(chapters: dict[str, str]) -> None:
    rows = re.findall(
        r"^\| \[`(\w+)`\]\(#\w+\) \| `(\w+)` \| ([\d.]+) % \| ([\d.]+) \|$",
        chapters["A crowd"],
        re.MULTILINE,
    )
    usual = {
        kind: float(next(str(f.default) for f in fields(kind) if f.name == "requests"))
        for kind, _ in SHARES
    }
    mean = sum(share * usual[kind] for kind, share in SHARES)
    assert rows == [
        (kind.__name__, kind.population, f"{100 * share:g}", f"{usual[kind] / mean:.2f}")
        for kind, share in SHARES
    ]


def test_the_kinds_of_pools_are_those_of_the_page(chapters: dict[str, str]) -> None:
    rows = re.findall(
        r"^\| `(\w+)` \| ([\d.]+) h \| ([\d.]+) \|", chapters["`PoolKind`"], re.MULTILINE
    )
    assert rows == [(k.scheduler, f"{k.stickiness:g}", f"{k.failover:g}") for k in KINDS]
