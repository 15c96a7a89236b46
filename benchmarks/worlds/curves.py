"""Where detection breaks: recall over the size of a group, its sharing and its mixing.

    python -m benchmarks.worlds.curves --seeds 1-3 --results curves.jsonl --picture-dir docs/pictures
    python -m benchmarks.worlds.curves --curve size --seeds 1

Each point is a world of its own: 2,000 innocents at 5 requests a day over 14 days, and one campaign
that begins from the knobs of rung L2 (30 requests a day and account in office hours, eight templates
under medium paraphrase, 0.3 of cover, traits shared with probability 0.25, a sticky relay) at 100
accounts. A curve changes one knob. Its lines differ in what else gives the campaign away (the third
only in the curve of sharing, since without both nothing but sharing is left):

    relay            L2 as it is: a relay hands conversations from account to account
    no relay         each account has programs of its own, so nothing is handed over
    nor wordings     no relay, and each account words its requests for itself

Recall is over accounts with at least 20 campaign exchanges. `--results` keeps each point as one
line of JSON and does not measure it again; what it keeps also feeds benchmarks.worlds.reliability.
Seeds go round outermost, so a run that is cut short has whole curves of fewer seeds.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean
from typing import Final, Literal

from benchmarks.worlds.charts import Chart, Series, draw, evenly
from benchmarks.worlds.evaluate import seeds_of
from benchmarks.worlds.reliability import scanned
from stillwatch.simulate import Preset, write_world
from stillwatch.simulate.operators import Campaign, Cover, Relaying, Sharing, Wording
from stillwatch.simulate.populations import crowd
from stillwatch.simulate.presets import PRESETS

Curve = Literal["size", "sharing", "mixing"]
Line = Literal["relay", "no relay", "nor wordings"]

_DAYS: Final = 14
_INNOCENTS: Final = 2_000
_INNOCENT_REQUESTS: Final = 5.0
_BASE: Final = replace(
    next(cast for cast in PRESETS["L2"].casts if isinstance(cast, Campaign)),
    accounts=100,
    name="curve",
)
VALUES: Final[dict[Curve, tuple[float, ...]]] = {
    "size": (5, 10, 20, 40, 80, 160),
    "sharing": (0.0, 0.1, 0.2, 0.4, 0.8),
    "mixing": (0.0, 0.3, 0.5, 0.7, 0.85, 0.95),
}
LINES: Final[dict[Curve, tuple[Line, ...]]] = {
    "size": ("relay", "no relay"),
    "sharing": ("relay", "no relay", "nor wordings"),
    "mixing": ("relay", "no relay"),
}
_WORDS: Final[dict[Line, str]] = {
    "relay": "a relay hands conversations over",
    "no relay": "no relay",
    "nor wordings": "no relay, and each account has its own wording",
}
_ALONG: Final[dict[Curve, str]] = {
    "size": "accounts of the campaign",
    "sharing": "probability that an account shares a trait",
    "mixing": "share of the accounts' requests that is no harvest",
}


@dataclass(frozen=True, slots=True)
class Point:
    """One world to measure."""

    curve: Curve
    line: Line
    value: float
    seed: int


@dataclass(frozen=True, slots=True)
class Result:
    """What the scan of it came to."""

    point: Point
    found: int
    """Eligible accounts named."""
    eligible: int
    named: int
    innocents: int
    """Innocent accounts named."""
    statements: tuple[tuple[float, bool], ...]
    """Log-odds of membership and truth, of the members of groups judged campaigns."""

    @property
    def recall(self) -> float:
        """Share of eligible accounts that were named; NaN where none is eligible."""
        return self.found / self.eligible if self.eligible else float("nan")


def campaign_of(point: Point) -> Campaign:
    """Return the campaign of a point: the base with one knob and what its line takes away."""
    made = _BASE
    if point.line != "relay":
        made = replace(made, relaying=Relaying("direct"))
    if point.line == "nor wordings":
        made = replace(made, wording=Wording(paraphrase="per_account"))
    if point.curve == "size":
        return replace(made, accounts=int(point.value))
    if point.curve == "sharing":
        return replace(made, sharing=Sharing(point.value))
    return replace(made, cover=Cover(point.value))


def world_of(point: Point) -> Preset:
    """Return the world of a point."""
    casts = (*crowd(_INNOCENTS, _INNOCENT_REQUESTS), campaign_of(point))
    return Preset(f"{point.curve}-{point.value:g}", "one point of a curve", _DAYS, casts)


def points(curves: Sequence[Curve], seeds: Sequence[int], only: Sequence[Line] = ()) -> list[Point]:
    """Return all points, the first seed of every curve before the second of any.

    `only` keeps these lines; none named keeps all.
    """
    return [
        Point(curve, line, value, seed)
        for seed in seeds
        for curve in curves
        for line in LINES[curve]
        if not only or line in only
        for value in VALUES[curve]
    ]


def measure(point: Point) -> Result:
    """Simulate, scan and score one world."""
    with tempfile.TemporaryDirectory(prefix="stillwatch-") as folder:
        world = Path(folder) / "world"
        write_world(world_of(point), 1.0, point.seed, world)
        scores, statements = scanned(world)
    naming = scores.naming
    return Result(
        point,
        found=naming.recall.successes or 0,
        eligible=naming.recall.trials or 0,
        named=naming.named,
        innocents=naming.named_innocent,
        statements=tuple((s.log_odds, s.true) for s in statements),
    )


def read_results(file: Path | None) -> list[Result]:
    """Return what an earlier run kept; nothing where there is no file."""
    if file is None or not file.exists():
        return []
    found = []
    for line in file.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        record["point"] = Point(**record["point"])
        record["statements"] = tuple((x, t) for x, t in record["statements"])
        found.append(Result(**record))
    return found


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield one row a point, over its seeds, as Markdown."""
    yield "| curve | line | value | recall, mean | each seed | innocents named, each seed |"
    yield "|---|---|---|---|---|---|"
    for curve, line, value in dict.fromkeys(
        (r.point.curve, r.point.line, r.point.value) for r in results
    ):
        rows = _at(results, curve, line, value)
        yield (
            f"| {curve} | {line} | {value:g} | {fmean(r.recall for r in rows):.2f} | "
            f"{', '.join(f'{r.recall:.2f}' for r in rows)} | "
            f"{', '.join(str(r.innocents) for r in rows)} |"
        )


def picture(curve: Curve, results: Sequence[Result]) -> str:
    """Return a curve: the mean of each line, and every seed as a dot."""
    places = dict(zip(VALUES[curve], evenly(len(VALUES[curve])), strict=True))
    drawn = []
    for line in LINES[curve]:
        rows = {value: _at(results, curve, line, value) for value in places}
        drawn.append(
            Series(
                _WORDS[line],
                tuple(
                    (places[v], fmean(r.recall for r in some)) for v, some in rows.items() if some
                ),
                tuple((places[v], r.recall) for v, some in rows.items() for r in some),
            )
        )
    return draw(
        Chart(
            title=f"Where it breaks: {curve}",
            description=f"Recall over {_ALONG[curve]}: lines are means over seeds, dots are seeds.",
            along=_ALONG[curve],
            upright="recall over accounts with 20 campaign exchanges or more",
            ticks=tuple((place, f"{value:g}") for value, place in places.items()),
            series=tuple(drawn),
        )
    )


def _at(results: Sequence[Result], curve: Curve, line: Line, value: float) -> list[Result]:
    wanted = (curve, line, value)
    found = [r for r in results if (r.point.curve, r.point.line, r.point.value) == wanted]
    return sorted((r for r in found if r.eligible), key=lambda r: r.point.seed)


def main() -> None:
    """Measure what is missing, then print the table and write the pictures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--curve", action="append", choices=list(VALUES), help="all if none is given"
    )
    parser.add_argument(
        "--line", action="append", default=[], choices=list(_WORDS), help="measure these alone"
    )
    parser.add_argument("--seeds", default="1-3", help="as 1-3")
    parser.add_argument("--results", type=Path, help="keep each point in this file, and resume it")
    parser.add_argument("--picture-dir", type=Path, help="write where-it-breaks-CURVE.svg there")
    chosen = parser.parse_args()
    curves: list[Curve] = chosen.curve or list(VALUES)
    results = read_results(chosen.results)
    done = {r.point for r in results}
    for point in points(curves, seeds_of(chosen.seeds), chosen.line):
        if point in done:
            continue
        since = time.perf_counter()
        results.append(measure(point))
        one = results[-1]
        print(
            f"{point.curve:8} {point.line:13} {point.value:6g} seed {point.seed}: "
            f"{one.found}/{one.eligible}, {one.innocents} innocents  "
            f"{time.perf_counter() - since:.0f} s",
            flush=True,
        )
        if chosen.results:
            with chosen.results.open("a", encoding="utf-8") as file:
                file.write(json.dumps(asdict(one)) + "\n")
    wanted = set(points(curves, seeds_of(chosen.seeds)))
    shown = [r for r in results if r.point in wanted and r.eligible]
    print("\n".join(table(shown)))
    for curve in curves:
        if chosen.picture_dir:
            path = chosen.picture_dir / f"where-it-breaks-{curve}.svg"
            path.write_text(picture(curve, shown), encoding="utf-8")


if __name__ == "__main__":
    main()
