"""Count the levels of each term that the groups show which the search brings up.

    python -m benchmarks.likelihoods --seeds 101-130
    python -m benchmarks.likelihoods --preset L0 --preset L2 --scale 0.15 --innocent-accounts 2000 \\
        --days 14 --seeds 101-103
    python -m benchmarks.likelihoods --preset losses --scale 0.15 --innocent-accounts 2000 --seeds 101-103

Beside each count stands the row of likelihoods.toml, so that anyone can see how far the one lies
from the other. The seeds are not those on which results are reported.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pyarrow.parquet as pq

from benchmarks.likelihoods.losses import LOSSES
from benchmarks.worlds.evaluate import seeds_of
from stillwatch.detect import Parameters, detection
from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.membership import Group
from stillwatch.detect.judgement.facts import Facts
from stillwatch.detect.judgement.judge import Verdict
from stillwatch.detect.judgement.likelihoods import Likelihoods, Term, built_in_likelihoods
from stillwatch.detect.judgement.settle import judge_groups
from stillwatch.detect.judgement.statistics import STATISTICS
from stillwatch.engine import Engine
from stillwatch.ingest import IngestOptions
from stillwatch.model.hashing import HashKey
from stillwatch.pipeline import ScanOptions, scan
from stillwatch.settings import PUBLIC_DEVELOPMENT_KEY
from stillwatch.simulate import write_world

CAMPAIGN = "campaign"
EXPLANATION = {
    "tool": "tool",
    "benchmark": "benchmark",
    "viral": "viral",
    "shared_network": "network",
    "aggregator": "aggregator",
    "resale_pool": "reseller",
    "company": "organisation",
    "class": "class",
    CAMPAIGN: CAMPAIGN,
}
"""Which innocent explanation is true of a group of this population; of any other, `unknown`."""
_MAJORITY = 0.6
_USED = {CAMPAIGN: "pool"}
"""Beside what campaigns show stands the row of one that is run through a relay."""

Counts = dict[tuple[str, str], Counter[int]]
"""By term and explanation, how many groups showed each level."""


def groups_found(world: Path) -> Iterator[tuple[str, Facts]]:
    """Scan a world; yield each group's true explanation and its facts."""
    seen: list[tuple[list[str], Facts]] = []

    def record(
        engine: Engine,
        index: Index,
        groups: Sequence[Group],
        likelihoods: Likelihoods,
        parameters: Parameters,
    ) -> tuple[list[Facts], list[Verdict]]:
        facts, verdicts = judge_groups(engine, index, groups, likelihoods, parameters)
        names = engine.arrow("SELECT account_id FROM account_index ORDER BY account")
        ids = np.array(names["account_id"].to_pylist(), dtype=object)
        # Campaigns that overlap are parted and judged again; what counts is the last time.
        seen[:] = [(list(ids[g.members]), f) for g, f in zip(groups, facts, strict=True)]
        return facts, verdicts

    options = ScanOptions(ingest=IngestOptions(key=HashKey.from_text(PUBLIC_DEVELOPMENT_KEY)))
    with tempfile.TemporaryDirectory() as out, patch.object(detection, "judge_groups", record):
        scan([str(world)], Path(out), options, lambda _: None)
    truth = pq.read_table(world / "truth.parquet").to_pylist()
    population = {
        row["account_id"]: CAMPAIGN if row["campaign_id"] else row["population"] for row in truth
    }
    for members, facts in seen:
        ((most, count),) = Counter(population[m] for m in members).most_common(1)
        majority = count >= _MAJORITY * len(members)
        yield EXPLANATION.get(most, "unknown") if majority else "unknown", facts


def count_levels(found: Sequence[tuple[str, Facts]], terms: Sequence[Term]) -> Counts:
    """Return how many groups of each explanation showed each level of each term."""
    counts: Counts = defaultdict(Counter)
    parameters = Parameters()
    for explanation, facts in found:
        for term in terms:
            value = STATISTICS[term.statistic](facts, parameters)
            if value is not None:
                counts[f"{term.score}.{term.name}", explanation][term.level(value)] += 1
    return counts


def show(terms: Sequence[Term], counts: Counts) -> Iterator[str]:
    """Yield the lines of the table: the counts of a row, its shares, and what judgement uses."""
    for term in terms:
        name = f"{term.score}.{term.name}"
        yield name
        for explanation in dict.fromkeys([*EXPLANATION.values(), "unknown"]):
            row = counts.get((name, explanation), Counter())
            total = row.total()
            used = np.exp(np.array(term.log_likelihood[_USED.get(explanation, explanation)]))
            cells = [
                f"{row[level]:4} {row[level] / total if total else float('nan'):5.2f} ({share:.3f})"
                for level, share in enumerate(used)
            ]
            yield f"  {explanation:13} {total:4}  " + "  ".join(cells)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument(
        "--preset", action="append", help="null if none is given; `losses` is known here alone"
    )
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--innocent-accounts", type=int)
    parser.add_argument("--days", type=int)
    parser.add_argument("--seeds", default="101-110", help="as 101-110")
    chosen = parser.parse_args()
    found: list[tuple[str, Facts]] = []
    for preset in chosen.preset or ["null"]:
        for seed in seeds_of(chosen.seeds):
            with tempfile.TemporaryDirectory(prefix="stillwatch-") as folder:
                world = Path(folder) / "world"
                write_world(
                    LOSSES if preset == LOSSES.name else preset,
                    chosen.scale,
                    seed,
                    world,
                    innocent_accounts=chosen.innocent_accounts,
                    days=chosen.days,
                )
                found += groups_found(world)
            print(f"{preset} seed {seed}: {len(found)} groups so far", flush=True)
    terms = built_in_likelihoods().terms
    for line in show(terms, count_levels(found, terms)):
        print(line)
