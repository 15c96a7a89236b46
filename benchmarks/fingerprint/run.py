"""Measure the fingerprint kernel against MinHash libraries: `python -m benchmarks.fingerprint`.

All run on one core in one process on the same rows, in turn, several rounds. The kernel makes all
of its columns from Arrow strings; the peers make a MinHash from Python strings. Times are CPU
times of the process (all of its threads), since other work on a machine would otherwise count.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from pathlib import Path

OURS = "stillwatch, all columns"


def main() -> None:
    """Read or generate the rows, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, help="folder of .json or .jsonl files, also .zst")
    parser.add_argument("--rows", type=int, default=20_000, help="rows to sample (default 20000)")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    # Before the libraries start threads of their own.
    os.environ["RAYON_NUM_THREADS"] = "1"
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    _measure(_texts(arguments.corpus, arguments.rows), arguments.rounds)


def _texts(corpus: Path | None, rows: int) -> list[str]:
    """Return the rows to measure on, and print what they are."""
    from benchmarks.fingerprint.corpora import generate_corpus, read_corpora

    corpora = read_corpora(corpus) if corpus else generate_corpus(rows)
    for name, prompts in corpora.items():
        size = sum(len(prompt.encode()) for prompt in prompts)
        print(f"read {name}: {len(prompts):,} prompts, {size / 1e6:.2f} MB")
    texts = [prompt for prompts in corpora.values() for prompt in prompts]
    chosen = random.Random(1)  # noqa: S311 (a sample, no secret)
    return chosen.sample(texts, rows) if len(texts) > rows else texts


def _measure(texts: list[str], rounds: int) -> None:
    """Run everything in turn and print the medians and ratios."""
    started = time.perf_counter()
    import pyarrow as pa

    from benchmarks.fingerprint.peers import PEERS
    from stillwatch.fingerprint import fingerprint_text
    from stillwatch.model.hashing import HashKey

    key = HashKey.from_text("benchmark")
    prompts = pa.array(texts)
    fingerprint_text(prompts[:1], key)
    print(f"first call, imports and compiling included: {time.perf_counter() - started:.1f} s")
    size = sum(len(text.encode()) for text in texts)
    print(f"{len(texts):,} rows, {size / 1e6:.2f} MB, {rounds} rounds, one core\n")

    seconds: dict[str, list[float]] = {OURS: [], **{name: [] for name in PEERS}}
    for _ in range(rounds):
        for name, peer in PEERS.items():
            seconds[OURS].append(_seconds(lambda: fingerprint_text(prompts, key)))
            seconds[name].append(_seconds(lambda peer=peer: peer(texts)))
    ours = statistics.median(seconds[OURS])
    print(f"{'':26}{'rows/s':>12}{'MB/s':>9}{'times slower':>14}{'spread':>9}")
    for name, runs in seconds.items():
        median = statistics.median(runs)
        spread = (max(runs) - min(runs)) / median
        print(
            f"{name:26}{len(texts) / median:12,.0f}{size / median / 1e6:9.1f}"
            f"{median / ours:14.1f}{spread:9.0%}"
        )


def _seconds(work: object) -> float:
    """Return the CPU time that a call takes."""
    assert callable(work)
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
