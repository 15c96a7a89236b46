"""The table of what was caught, with intervals, as text that Markdown renders."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import stats

from benchmarks.leaks.accounts import TITLES
from benchmarks.leaks.caught import Caught
from stillwatch.statistics.intervals import clopper_pearson

if TYPE_CHECKING:
    from benchmarks.leaks.models import Importance

BAR: Final = 0.03

HEADER: Final = (
    "| preset | aggregates | trained on | boosting | forest | logistic | worst: mean, 95 % | seeds |\n"
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
    """Return one line for each preset, feature set and way of training: means over seeds.

    The interval is Student's over seeds, or with one seed Clopper and Pearson's over accounts.
    """
    grouped: dict[tuple[str, str, str], dict[str, list[Caught]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for test in tests:
        grouped[test.preset, test.letter, test.how][test.model].append(test.caught)
    return [_row(*key, models) for key, models in grouped.items()]


def _row(preset: str, letter: str, how: str, models: dict[str, list[Caught]]) -> str:
    mean = {m: sum(map(_share, each)) / len(each) for m, each in models.items()}
    worst = max(mean, key=lambda model: mean[model])
    over = [_share(each) for each in models[worst]]
    low, high = _interval(models[worst])
    cells = [
        preset,
        f"({letter}) {TITLES[letter]}",
        how,
        *(f"{mean[m]:.3f}" if m in mean else "–" for m in ("boosting", "forest", "logistic")),
        f"**{mean[worst]:.3f}** ({low:.3f}–{high:.3f})",
        f"{min(over):.3f}–{max(over):.3f}",
    ]
    return "| " + " | ".join(cells) + " |"


def leaking(tests: list[Test]) -> list[str]:
    """Return the presets' barred rows in which some model catches more than the bar allows."""
    return [
        line
        for line in rows([test for test in tests if test.letter in "abcdeinpt"])
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


def _interval(seeds: list[Caught]) -> tuple[float, float]:
    """Return the 95 % interval of what is caught."""
    if len(seeds) == 1:
        one = clopper_pearson(seeds[0].caught, seeds[0].campaign)
        return one.low, one.high
    shares = np.array([_share(each) for each in seeds])
    reach = float(stats.t.ppf(0.975, len(shares) - 1) * stats.sem(shares))
    return max(0.0, float(shares.mean()) - reach), min(1.0, float(shares.mean()) + reach)


def _share(one: Caught) -> float:
    return one.caught / one.campaign if one.campaign else 0.0
