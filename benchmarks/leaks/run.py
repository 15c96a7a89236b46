"""Hold worlds against per-account models: can anybody tell a campaign's accounts one by one?

    python -m benchmarks.leaks --preset L4 --preset L5 --seeds 1-5 [--scale 0.2] [--out TABLE.md]
    python -m benchmarks.leaks WORLD ANOTHER_WORLD_OF_THE_SAME_KIND

Each model is trained on truth, which no detector may do, once on two thirds of the same world and
once on worlds of other seeds, and may name 1 % of the innocents. On L4 and L5 it should catch no
more than 3 % of the campaign's accounts from aggregates (a) to (e), nor from what should say
nothing at all: (i), (n), (p) and (t). L0 to L3 may leak.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import warnings
from pathlib import Path

from benchmarks.leaks.accounts import Measured, measure
from benchmarks.leaks.models import across, importances, models_for, within
from benchmarks.leaks.placebo import placebo
from benchmarks.leaks.report import BAR, HEADER, Test, importance_lines, leaking, rows
from benchmarks.worlds.evaluate import seeds_of
from stillwatch.simulate import write_world

BARRED_PRESETS = ("L4", "L5")


def main() -> None:
    """Print the table; exit with 1 where a hard preset leaks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("worlds", nargs="*", type=Path, help="world folders, all of one kind")
    parser.add_argument("--preset", action="append", default=[], help="simulate this preset")
    parser.add_argument("--seeds", default="1-5", help="seeds of the presets, as 1-5")
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--sets", default="abcdeinptfgh", help="feature sets, by letter")
    parser.add_argument("--how", choices=("both", "other"), default="both", help="how to train")
    parser.add_argument("--train-on", type=int, default=2, help="worlds to learn from (default 2)")
    parser.add_argument(
        "--placebo", action="store_true", help="mark innocents in the campaign's place"
    )
    parser.add_argument("--columns", type=int, default=0, help="print the most telling columns")
    parser.add_argument("--out", type=Path, help="also write the table to this file")
    chosen = parser.parse_args()
    warnings.filterwarnings("ignore", category=UserWarning)

    tests: list[Test] = []
    lines: list[str] = []
    information = bool(set(chosen.sets) & set("fgh"))
    kinds = {"given": chosen.worlds} if chosen.worlds else {}
    for kind, folders in kinds.items():
        measured = [measure(folder, folder.name, information) for folder in folders]
        _examine(kind, measured, chosen, tests, lines)
    for preset in chosen.preset:
        measured = [
            _simulated(preset, seed, chosen.scale, information) for seed in seeds_of(chosen.seeds)
        ]
        if chosen.placebo:
            preset, measured = f"{preset}, placebo", [placebo(world) for world in measured]
        _examine(preset, measured, chosen, tests, lines)
    table = [HEADER, *rows(tests)]
    print("\n".join(table))
    if chosen.out:
        chosen.out.write_text("\n".join([*table, "", *lines]) + "\n")
    over = leaking([test for test in tests if test.preset in BARRED_PRESETS])
    if over:
        print(f"\nMore than {BAR:.0%} caught where no more should be:\n" + "\n".join(over))
        raise SystemExit(1)


def _simulated(preset: str, seed: int, scale: float, information: bool) -> Measured:
    """Write a world into a temporary folder and measure it."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="stillwatch-leaks-") as folder:
        world = Path(folder) / "world"
        summary = write_world(preset, scale, seed, world)
        written = time.perf_counter()
        measured = measure(world, f"seed {seed}", information)
    _say(
        f"{preset} seed {seed}: {summary.exchanges:,} exchanges written in "
        f"{written - started:.0f} s, measured in {time.perf_counter() - written:.0f} s: "
        f"{int((~measured.campaign).sum()):,} innocent and {int(measured.campaign.sum()):,} "
        f"campaign accounts"
    )
    return measured


def _examine(
    preset: str,
    worlds: list[Measured],
    chosen: argparse.Namespace,
    tests: list[Test],
    lines: list[str],
) -> None:
    """Test every model on every world of one kind; add to `tests` and to `lines`."""
    for letter in chosen.sets:
        for name, make in models_for(letter).items():
            for number, world in enumerate(worlds):
                others = [
                    worlds[(number + step) % len(worlds)]
                    for step in range(1, min(chosen.train_on, len(worlds) - 1) + 1)
                ]
                if chosen.how == "both" or not others:
                    found = within(world, letter, make)
                    tests.append(Test(preset, letter, "same world", name, world.name, found))
                if others:
                    found = across(others, world, letter, make)
                    tests.append(Test(preset, letter, "other seeds", name, world.name, found))
        for line in rows([t for t in tests if t.preset == preset and t.letter == letter]):
            _say(line)
    if chosen.columns and len(worlds) > 1:
        lines += [
            f"Columns that give {preset} away (boosting trained on {worlds[1].name}, "
            f"tested on {worlds[0].name}):",
            "",
            *importance_lines(importances(worlds[1:2], worlds[0]), chosen.columns),
            "",
        ]
        _say("\n".join(lines[-chosen.columns - 5 :]))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
