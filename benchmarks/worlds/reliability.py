"""How far the probabilities of membership can be believed: stated beside true, bin by bin.

    python -m benchmarks.worlds.reliability PATH/TO/WORLD ANOTHER --picture reliability.svg
    python -m benchmarks.worlds.reliability --preset L2 --seeds 1-3 --scale 0.15 \\
        --innocent-accounts 2000 --days 14
    python -m benchmarks.worlds.reliability --measured curves.jsonl

Each world is scanned, and each row of `members` of a group judged a campaign is one statement: this
account belongs, with this probability. It is true if the account carried the campaign that most of
the group's named accounts carried; of a group that is mostly innocent no statement is true. Where
two campaigns are found as one group, those of the smaller are not true, but count as `any campaign`.
The table `members` lists no account below 0.05, so nothing is said of the statements below that.

The intervals take statements as independent. Those of one group are not: a group that is wrong as a
whole is wrong in all of them. The spread over worlds and seeds says more.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow.parquet as pq
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import norm

from benchmarks.worlds.charts import Chart, Series, draw
from benchmarks.worlds.evaluate import seeds_of
from stillwatch.evaluate import Evaluation, evaluate
from stillwatch.ingest import IngestOptions
from stillwatch.model.hashing import HashKey
from stillwatch.model.vocabulary import NAMED_PROBABILITY
from stillwatch.pipeline import ScanOptions, scan
from stillwatch.settings import PUBLIC_DEVELOPMENT_KEY
from stillwatch.simulate import write_world
from stillwatch.statistics.intervals import Interval

BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Statement:
    """What a scan said of one account, and whether it was so."""

    log_odds: float
    true: bool
    carried: bool
    """Whether the account carried any campaign at all, be it another than most of its group."""

    @property
    def probability(self) -> float:
        """The same as a probability."""
        return float(expit(self.log_odds))


@dataclass(frozen=True, slots=True)
class Bin:
    """The statements of one tenth of the scale."""

    low: float
    high: float
    count: int
    true: int
    carried: int
    mean: float
    """Mean stated probability."""

    @property
    def share(self) -> float:
        """Share that was true."""
        return self.true / self.count

    @property
    def interval(self) -> Interval:
        """Wilson's 95 % interval of that share."""
        return wilson(self.true, self.count)


def wilson(successes: int, trials: int, confidence: float = 0.95) -> Interval:
    """Return Wilson's interval of a proportion (1927); raises ValueError for no proportion."""
    if trials <= 0 or not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a proportion")
    z = float(norm.ppf(0.5 + confidence / 2))
    share, weight = successes / trials, z * z / trials
    centre = (share + weight / 2) / (1 + weight)
    half = z / (1 + weight) * (share * (1 - share) / trials + weight / (4 * trials)) ** 0.5
    return Interval(max(0.0, centre - half), min(1.0, centre + half))


def binned(statements: Iterable[Statement], count: int = BINS) -> list[Bin]:
    """Return the bins that hold any statement; the highest holds certainty too."""
    inside: dict[int, list[Statement]] = {}
    for one in statements:
        inside.setdefault(min(int(one.probability * count), count - 1), []).append(one)
    return [
        Bin(
            low=number / count,
            high=(number + 1) / count,
            count=len(members),
            true=sum(m.true for m in members),
            carried=sum(m.carried for m in members),
            mean=sum(m.probability for m in members) / len(members),
        )
        for number, members in sorted(inside.items())
    ]


def brier_score(statements: Sequence[Statement]) -> float:
    """Return the mean squared distance of probability and truth; 0 is perfect."""
    return sum((s.probability - s.true) ** 2 for s in statements) / len(statements)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Return the expected calibration error: how far share and mean lie apart, by statements."""
    return sum(b.count * abs(b.share - b.mean) for b in bins) / sum(b.count for b in bins)


def recalibration(statements: Sequence[Statement]) -> tuple[float, float] | None:
    """Return the intercept and slope of truth's log-odds on the stated ones (Cox 1958).

    A slope below 1 says that probabilities are too extreme, an intercept below 0 too high. None
    where truth is all of one kind: then any slope fits.
    """
    stated = np.array([s.log_odds for s in statements])
    true = np.array([s.true for s in statements], dtype=np.float64)
    if true.size == 0 or true.min() == true.max():
        return None

    def loss(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        fitted = values[0] + values[1] * stated
        return float(np.sum(np.logaddexp(0.0, fitted) - true * fitted))

    found = minimize(loss, np.array([0.0, 1.0]), method="Nelder-Mead")
    return float(found.x[0]), float(found.x[1])


def statements_of(world: Path, result: Path) -> list[Statement]:
    """Return the statements about members of groups judged campaigns, against a world's truth."""
    truth = {
        row["account_id"]: row["campaign_id"]
        for row in pq.read_table(world / "truth.parquet").to_pylist()
    }
    groups = pq.read_table(result / "groups.parquet", columns=["group_id", "kind"]).to_pylist()
    judged = {row["group_id"] for row in groups if row["kind"] == "campaign"}
    columns = ["group_id", "account_id", "log_odds", "probability"]
    members = pq.read_table(result / "members.parquet", columns=columns).to_pylist()
    rows = [row for row in members if row["group_id"] in judged]
    carried: dict[str, Counter[str | None]] = {group: Counter() for group in judged}
    for row in rows:
        if row["probability"] >= NAMED_PROBABILITY:
            carried[row["group_id"]][truth[row["account_id"]]] += 1
    owner = {group: tally.most_common(1)[0][0] for group, tally in carried.items() if tally}
    found = []
    for row in rows:
        campaign = truth[row["account_id"]]
        mine = campaign is not None and campaign == owner.get(row["group_id"])
        found.append(Statement(float(row["log_odds"]), mine, campaign is not None))
    return found


def scanned(world: Path) -> tuple[Evaluation, list[Statement]]:
    """Scan a world under the public key; return its scores and its statements."""
    options = ScanOptions(ingest=IngestOptions(key=HashKey.from_text(PUBLIC_DEVELOPMENT_KEY)))
    with tempfile.TemporaryDirectory(prefix="stillwatch-") as folder:
        scan([str(world)], Path(folder), options, lambda _: None)
        return evaluate(world, Path(folder)), statements_of(world, Path(folder))


def lines(name: str, statements: Sequence[Statement]) -> Iterator[str]:
    """Yield the table of one set of statements, as Markdown."""
    yield f"{name}: {len(statements):,} statements"
    if not statements:
        return
    bins = binned(statements)
    yield "| stated | mean stated | true | share true (Wilson, 95 %) | of any campaign |"
    yield "|---|---|---|---|---|"
    for b in bins:
        yield (
            f"| {b.low:.1f}–{b.high:.1f} | {b.mean:.3f} | {b.true:,} of {b.count:,} | "
            f"{b.share:.3f} ({b.interval.low:.3f}–{b.interval.high:.3f}) | {b.carried:,} |"
        )
    yield _summary("of the group's campaign", statements)
    if any(s.true != s.carried for s in statements):
        yield _summary("of any campaign", [replace(s, true=s.carried) for s in statements])


def _summary(name: str, statements: Sequence[Statement]) -> str:
    said = sum(s.probability for s in statements)
    true = sum(s.true for s in statements)
    fitted = recalibration(statements)
    return (
        f"{name}: Brier score {brier_score(statements):.4f}, expected calibration error "
        f"{calibration_error(binned(statements)):.4f}; {said:,.1f} expected to be true, "
        f"{true:,} were"
        + (f"; intercept {fitted[0]:+.2f}, slope {fitted[1]:.2f}" if fitted else "")
    )


def picture(sources: Mapping[str, Sequence[Bin]]) -> str:
    """Return the reliability diagram: share true over mean stated probability, with intervals."""
    return draw(
        Chart(
            title="Probabilities of membership",
            description="Share of statements that were true over the mean stated probability of "
            "each tenth of the scale, with Wilson's 95 % intervals; the dashed line is perfect.",
            along="mean stated probability",
            upright="share true",
            ticks=tuple((tenth / 10, f"{tenth / 10:g}") for tenth in range(0, 11, 2)),
            series=tuple(
                Series(
                    name,
                    tuple((b.mean, b.share) for b in bins),
                    tuple((b.mean, b.share) for b in bins),
                    tuple((b.mean, b.interval.low, b.interval.high) for b in bins),
                )
                for name, bins in sources.items()
            ),
            ideal=True,
        )
    )


def measured(file: Path) -> list[Statement]:
    """Read the statements that `benchmarks.worlds.curves --results` kept."""
    records = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [Statement(float(x), bool(t), bool(t)) for r in records for x, t in r["statements"]]


def main() -> None:
    """Print a table a world, then one over all."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("worlds", nargs="*", type=Path, help="world folders, each with its truth")
    parser.add_argument("--preset", action="append", default=[], help="simulate this preset")
    parser.add_argument("--seeds", default="1-3", help="seeds of the presets, as 1-3")
    parser.add_argument("--scale", type=float, default=1.0, help="multiply every cast's accounts")
    parser.add_argument("--innocent-accounts", type=int, help="how many innocents, in proportion")
    parser.add_argument("--days", type=int, help="how many days, instead of the preset's")
    parser.add_argument("--measured", type=Path, help="results that benchmarks.worlds.curves kept")
    parser.add_argument(
        "--picture", type=Path, help="write the diagram to this SVG, one line a source"
    )
    chosen = parser.parse_args()
    sources: dict[str, list[Statement]] = {}

    def tell(name: str, found: list[Statement], source: str) -> None:
        print("\n".join(lines(name, found)), flush=True)
        sources.setdefault(source, []).extend(found)

    if chosen.measured:
        tell(chosen.measured.name, measured(chosen.measured), chosen.measured.stem)
    for world in chosen.worlds:
        tell(world.name, scanned(world)[1], world.name)
    for preset in chosen.preset:
        for seed in seeds_of(chosen.seeds):
            with tempfile.TemporaryDirectory(prefix="stillwatch-") as folder:
                world = Path(folder) / "world"
                write_world(
                    preset,
                    chosen.scale,
                    seed,
                    world,
                    innocent_accounts=chosen.innocent_accounts,
                    days=chosen.days,
                )
                tell(f"{preset} seed {seed}", scanned(world)[1], preset)
    every = [statement for found in sources.values() for statement in found]
    if not every:
        parser.exit(1, "no statement: no world was given, or no campaign found\n")
    print("\n".join(lines("all", every)))
    if chosen.picture:
        shown = {name: binned(found) for name, found in sources.items()}
        chosen.picture.write_text(picture(shown), encoding="utf-8")


if __name__ == "__main__":
    main()
