"""Scan the rungs of the ladder over several seeds; strict figures beside what an oracle reaches.

    python -m benchmarks.worlds.rungs --preset L0 --preset L1 --seeds 1-5
    python -m benchmarks.worlds.rungs --preset L3 --seeds 1-3 --scale 0.25 --innocent-accounts 5000

One line a world, then the mean of each rung with Student's 95 % interval over its seeds. A world
given as a folder is scored as it stands (`--world PATH`).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from unittest.mock import patch

import numpy as np
import pyarrow.parquet as pq
from scipy.stats import t as student

from benchmarks.worlds.evaluate import seeds_of
from benchmarks.worlds.oracle import reachable
from stillwatch.detect import Parameters, detection
from stillwatch.detect.groups.candidates import Candidate
from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.membership import Group
from stillwatch.detect.groups.merge import fit_groups
from stillwatch.evaluate import Evaluation, evaluate
from stillwatch.evaluate.naming import ELIGIBLE_EXCHANGES
from stillwatch.ingest import IngestOptions
from stillwatch.model.hashing import HashKey
from stillwatch.pipeline import ScanOptions, scan
from stillwatch.settings import PUBLIC_DEVELOPMENT_KEY
from stillwatch.simulate import write_world


@dataclass(frozen=True, slots=True)
class Rung:
    """What one world came to; shares are 0 to 1, NaN where there is nothing to divide by."""

    precision: float
    recall: float
    oracle: float
    """Recall of the oracle that knows the accounts."""
    of_oracle: float
    named: float
    innocent: float
    per_100k: float
    """Innocent accounts named per 100,000 account-months."""
    attributed_precision: float
    attributed_recall: float
    innocents_attributed: float
    """Share of innocent accounts' exchanges, of all exchanges, that were attributed."""


def scan_with_index(world: Path, out: Path) -> tuple[Index, Evaluation, float]:
    """Scan a world; return what detection read, the scores, and the seconds that it took."""
    seen: list[Index] = []

    def keep(
        index: Index,
        candidates: Sequence[Candidate],
        loose: Sequence[Candidate],
        fallbacks: Sequence[Candidate],
        parameters: Parameters,
    ) -> list[Group]:
        seen.append(index)
        return fit_groups(index, candidates, loose, fallbacks, parameters)

    options = ScanOptions(ingest=IngestOptions(key=HashKey.from_text(PUBLIC_DEVELOPMENT_KEY)))
    since = time.perf_counter()
    with patch.object(detection, "fit_groups", keep):
        scan([str(world)], out, options, lambda _: None)
    return seen[0], evaluate(world, out), time.perf_counter() - since


def oracle_recall(world: Path, index: Index) -> float:
    """Return the share of eligible accounts that the oracle reaches, over all campaigns."""
    truth = pq.read_table(world / "truth.parquet", columns=["account_id", "campaign_id"])
    carried = pq.read_table(world / "truth_exchanges.parquet", columns=["exchange_id"])
    exchanges = pq.read_table(world / "exchanges", columns=["exchange_id", "account_id"])
    harvested = exchanges.join(carried, "exchange_id", join_type="inner")["account_id"]
    counts = harvested.value_counts().to_pylist()
    eligible = {c["values"] for c in counts if c["counts"] >= ELIGIBLE_EXCHANGES}
    # As the index numbers them: `account_index` is ordered by name.
    names = sorted(set(exchanges["account_id"].to_pylist()))
    assert len(names) == index.accounts
    by_campaign = defaultdict(set)
    for row in truth.to_pylist():
        if row["campaign_id"] is not None:
            by_campaign[row["campaign_id"]].add(row["account_id"])
    reached = {a for campaign in by_campaign.values() for a in reachable(index, names, campaign)}
    return len(reached & eligible) / len(eligible) if eligible else float("nan")


def measure(world: Path) -> tuple[Rung, float]:
    """Scan a world and score it; the second value is the seconds of the scan."""
    with tempfile.TemporaryDirectory(prefix="stillwatch-") as folder:
        index, result, seconds = scan_with_index(world, Path(folder))
    oracle = oracle_recall(world, index)
    naming, given = result.naming, result.attribution

    def number(value: float | None) -> float:
        return float("nan") if value is None else value

    recall = number(naming.recall.value)
    rest = result.world.exchanges - result.world.campaign_exchanges
    rung = Rung(
        precision=number(naming.precision.value),
        recall=recall,
        oracle=oracle,
        of_oracle=recall / oracle if oracle else float("nan"),
        named=naming.named,
        innocent=naming.named_innocent,
        per_100k=number(naming.per_100k_account_months.value),
        attributed_precision=number(given.precision.value),
        attributed_recall=number(given.recall.value),
        innocents_attributed=given.on_innocent_accounts / max(1, rest),
    )
    return rung, seconds


def line(name: str, values: Sequence[float]) -> str:
    """Return one line of the table."""
    return f"{name:16}" + "".join(f"{value:>12.4g}" for value in values)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--preset", action="append", default=[], help="L0 to L5, or any preset")
    parser.add_argument("--world", action="append", default=[], type=Path, help="a world's folder")
    parser.add_argument("--seeds", default="1-5")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--innocent-accounts", type=int, default=None)
    chosen = parser.parse_args()
    print(f"{'world':16}" + "".join(f"{f.name[:11]:>12}" for f in fields(Rung)), flush=True)
    for world in chosen.world:
        rung, seconds = measure(world)
        print(line(world.name, astuple(rung)), f"  {seconds:.0f} s", flush=True)
    for preset in chosen.preset:
        rows = []
        for seed in seeds_of(chosen.seeds):
            with tempfile.TemporaryDirectory(prefix="stillwatch-") as folder:
                world = Path(folder) / "world"
                write_world(
                    preset,
                    chosen.scale,
                    seed,
                    world,
                    innocent_accounts=chosen.innocent_accounts,
                )
                rung, seconds = measure(world)
            rows.append(astuple(rung))
            print(line(f"{preset} seed {seed}", rows[-1]), f"  {seconds:.0f} s", flush=True)
        if len(rows) > 1:
            table = np.array(rows, dtype=np.float64)
            half = student.ppf(0.975, len(rows) - 1) * table.std(axis=0, ddof=1) / len(rows) ** 0.5
            print(line(f"{preset} mean", table.mean(axis=0).tolist()), flush=True)
            print(line(f"{preset} ±", half.tolist()), flush=True)


if __name__ == "__main__":
    main()
