"""Scan and score several worlds, and simulated ones over several seeds; one line each, then sums.

    python -m benchmarks.worlds.evaluate --preset demo --preset null --seeds 1-5
    python -m benchmarks.worlds.evaluate PATH/TO/WORLD PATH/TO/ANOTHER --keys 3

The hash key decides which phrases are kept of a text, so another key is another draw of the method
on the same world: the spread over keys is part of the uncertainty.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import dataclass
from pathlib import Path

from stillwatch.evaluate import evaluate
from stillwatch.ingest import IngestOptions
from stillwatch.model.hashing import HashKey
from stillwatch.pipeline import ScanOptions, scan
from stillwatch.settings import PUBLIC_DEVELOPMENT_KEY
from stillwatch.simulate import write_world
from stillwatch.statistics.intervals import clopper_pearson

HEADER = (
    f"{'world':24} {'named':>6} {'innocent':>8} {'precision':>9} {'recall':>15} {'campaigns':>9}"
)


@dataclass(frozen=True, slots=True)
class Score:
    """What one scan of one world came to."""

    name: str
    named: int
    innocent: int
    found: int
    eligible: int
    campaigns_found: int
    campaigns: int
    false_groups: int


def score(world: Path, name: str, key: str, *, truth: Path | None = None) -> Score:
    """Scan a world under a key and hold the result against its truth, or another world's."""
    with tempfile.TemporaryDirectory(prefix="stillwatch-") as folder:
        options = ScanOptions(ingest=IngestOptions(key=HashKey.from_text(key)))
        scan([str(world)], Path(folder), options, lambda _: None)
        result = evaluate(truth or world, Path(folder))
    found = result.groups.campaigns_found
    return Score(
        name=name,
        named=result.naming.named,
        innocent=result.naming.named_innocent,
        found=result.naming.recall.successes or 0,
        eligible=result.naming.recall.trials or 0,
        campaigns_found=found.successes or 0,
        campaigns=found.trials or 0,
        false_groups=result.groups.false,
    )


def show(one: Score) -> str:
    """Return a line of the table."""
    precision = f"{1 - one.innocent / one.named:.4f}" if one.named else "–"
    recall = f"{one.found / one.eligible:.3f} {one.found}/{one.eligible}" if one.eligible else "–"
    return (
        f"{one.name:24} {one.named:6,} {one.innocent:8,} {precision:>9} {recall:>15} "
        f"{one.campaigns_found:>5}/{one.campaigns}"
        + (f"  {one.false_groups} FALSE GROUPS" if one.false_groups else "")
    )


def seeds_of(text: str) -> list[int]:
    """Read `3` or `1-5`."""
    first, _, last = text.partition("-")
    return list(range(int(first), int(last or first) + 1))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("worlds", nargs="*", type=Path, help="world folders")
    parser.add_argument("--preset", action="append", default=[], help="simulate this preset")
    parser.add_argument("--seeds", default="1-5", help="seeds of the presets, as 1-5")
    parser.add_argument("--keys", type=int, default=1, help="hash keys per given world")
    chosen = parser.parse_args()
    print(HEADER)
    scores = []
    for world in chosen.worlds:
        for number in range(chosen.keys):
            key = PUBLIC_DEVELOPMENT_KEY if number == 0 else f"key {number}"
            scores.append(score(world, f"{world.name} key {number}", key))
            print(show(scores[-1]), flush=True)
    for preset in chosen.preset:
        for seed in seeds_of(chosen.seeds):
            with tempfile.TemporaryDirectory(prefix="stillwatch-") as folder:
                world = Path(folder) / "world"
                write_world(preset, 1.0, seed, world)
                scores.append(score(world, f"{preset} seed {seed}", PUBLIC_DEVELOPMENT_KEY))
            print(show(scores[-1]), flush=True)
    named, innocent = sum(s.named for s in scores), sum(s.innocent for s in scores)
    found, eligible = sum(s.found for s in scores), sum(s.eligible for s in scores)
    for title, hits, trials in (
        ("precision", named - innocent, named),
        ("recall", found, eligible),
    ):
        if trials:
            interval = clopper_pearson(hits, trials)
            print(
                f"{title} over all: {hits / trials:.4f} ({hits:,} of {trials:,}; 95 % interval "
                f"{interval.low:.4f}–{interval.high:.4f} as if accounts were independent)"
            )


if __name__ == "__main__":
    main()
