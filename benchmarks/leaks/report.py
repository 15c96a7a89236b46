"""The table of what was caught, with intervals, as text that Markdown renders."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from benchmarks.leaks.accounts import TITLES
from benchmarks.leaks.caught import Caught
from benchmarks.leaks.models import Importance
from stillwatch.statistics.intervals import clopper_pearson

BAR: Final = 0.03

HEADER: Final = (
    "| preset | aggregates | trained on | boosting | forest | logistic | worst, 95 % | seeds |\n"
    "|---|---|---|---|---|---|---|---|"
)


@dataclass(frozen=True, slots=True)
class Test:
    """One model's test on one world."""

    preset: str
    letter: str
    how: str
    """`same world` (other folds of it) or `other seeds`."""
    model: str
    seed: str
    caught: Caught


def rows(tests: list[Test]) -> list[str]:
    """Return one line for each preset, feature set and way of training, pooled over seeds."""
    grouped: dict[tuple[str, str, str], dict[str, list[Caught]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for test in tests:
        grouped[test.preset, test.letter, test.how][test.model].append(test.caught)
    return [_row(*key, models) for key, models in grouped.items()]


def _row(preset: str, letter: str, how: str, models: dict[str, list[Caught]]) -> str:
    pooled = {model: _sum(each) for model, each in models.items()}
    worst = max(pooled, key=lambda model: _share(pooled[model]))
    interval = clopper_pearson(pooled[worst].caught, pooled[worst].campaign)
    over = [_share(each) for each in models[worst]]
    cells = [
        preset,
        f"({letter}) {TITLES[letter]}",
        how,
        *(
            f"{_share(pooled[m]):.3f}" if m in pooled else "–"
            for m in ("boosting", "forest", "logistic")
        ),
        f"**{_share(pooled[worst]):.3f}** ({interval.low:.3f}–{interval.high:.3f})",
        f"{min(over):.3f}–{max(over):.3f}",
    ]
    return "| " + " | ".join(cells) + " |"


def leaking(tests: list[Test]) -> list[str]:
    """Return the presets' barred rows in which some model catches more than the bar allows."""
    return [
        line
        for line in rows([test for test in tests if test.letter in "abcde"])
        if float(line.split("**")[1]) > BAR
    ]


def importance_lines(found: list[Importance], most: int) -> list[str]:
    """Return the most telling columns, one line each."""
    return [
        "| column | caught alone | lost when shuffled | innocents' median | campaign's median |",
        "|---|---|---|---|---|",
        *(
            f"| {each.name} | {each.alone:.3f} | {each.lost:.3f} "
            f"| {each.innocent:.4g} | {each.campaign:.4g} |"
            for each in found[:most]
        ),
    ]


def _sum(parts: list[Caught]) -> Caught:
    total = parts[0]
    for part in parts[1:]:
        total = total + part
    return total


def _share(one: Caught) -> float:
    return one.caught / one.campaign if one.campaign else 0.0
