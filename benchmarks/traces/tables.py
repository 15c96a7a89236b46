"""The comparison as Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from benchmarks.traces.distances import Distance, to_the_world, yardstick
from benchmarks.traces.samples import Measure

_QUANTILES: Final = (0.05, 0.25, 0.5, 0.75, 0.95, 0.99)


def section(measure: Measure) -> str:
    """Return one measure's quantiles and distances."""
    lines = [f"### {measure.title}", ""]
    lines += quantiles(measure)
    between = yardstick(measure)
    worlds = to_the_world(measure)
    unit = "decades" if measure.logarithmic else measure.unit
    lines += ["", f"Distances: Kolmogorov–Smirnov, and Wasserstein in {unit}.", ""]
    lines += ["| from | to | KS | Wasserstein |", "|---|---|---|---|"]
    lines += [f"| {d.first} | {d.second} | {d.ks:.2f} | {d.wasserstein:.2f} |" for d in worlds]
    lines += [f"| *{d.first}* | *{d.second}* | {d.ks:.2f} | {d.wasserstein:.2f} |" for d in between]
    return "\n".join(lines) + "\n"


def quantiles(measure: Measure) -> list[str]:
    """Return the table of quantiles, real traces in italics."""
    head = " | ".join(f"{round(100 * q)} %" for q in _QUANTILES)
    lines = [f"| {measure.unit} | {head} | n |", "|---" * (len(_QUANTILES) + 2) + "|"]
    for sample in measure.samples:
        name = f"*{sample.source}*" if sample.real else f"**{sample.source}**"
        cells = " | ".join(_short(float(v)) for v in np.quantile(sample.values, _QUANTILES))
        lines.append(f"| {name} | {cells} | {len(sample.values):,} |")
    return lines


def summary(measures: Sequence[Measure]) -> str:
    """Return one line a measure: the distances of the world's counterpart beside the yardstick."""
    lines = [
        "| measure | part of the world | KS to each real trace | real traces to each other |",
        "|---|---|---|---|",
    ]
    for measure in measures:
        to_traces = [d for d in to_the_world(measure) if d.first == measure.counterpart]
        lines.append(
            f"| {measure.title} | {measure.counterpart.removeprefix('world: ')} | "
            f"{_range(to_traces)} | {_range(yardstick(measure))} |"
        )
    return "\n".join(lines) + "\n"


def _range(distances: list[Distance]) -> str:
    if not distances:
        return "one trace only"
    low, high = min(d.ks for d in distances), max(d.ks for d in distances)
    return f"{low:.2f}" if low == high else f"{low:.2f} to {high:.2f}"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
