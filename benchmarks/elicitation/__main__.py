"""Measure the feature lists: `python -m benchmarks.elicitation [--data DATA] [--missed]`.

Prints recall on freely worded demands and false alarms on harmless requests, for the half that the
lists were mended by and for the half kept aside; with DATA, a folder that holds MANIFEST.tsv and
prompts/, also how often each bit is set on prompts that people sent.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.elicitation.measure import DEMANDS, any_of, bits_of, false_alarms, recalls
from benchmarks.elicitation.requests import HARMLESS, Request, read_requests
from stillwatch.detect.judgement.facts import ELICITING
from stillwatch.model.vocabulary import FEATURES
from stillwatch.simulate.text.corpora.records import corpus_files, read_records, texts_of

_SOURCES: Final = (
    ("sharegpt, first", "sharegpt_v3_prefix", "human.0"),
    ("sharegpt, all", "sharegpt_v3_prefix", "human.*"),
    ("arena", "arena_1k", "turns.0"),
    ("lima", "lima", "instruction+input"),
    ("aider", "aider_histories", "text"),
    ("alpaca", "alpaca_5000", "instruction+input"),
    ("codealpaca", "codealpaca_2k", "instruction+input"),
    ("gsm8k", "gsm8k_train_alpaca_fmt", "instruction"),
    ("toolbench", "toolbench_tooleval", "*.query"),
    ("bfcl", "bfcl_live_multiple", "question.*.*.content"),
    ("prometheus", "prometheus_mtbench_eval", "instruction"),
)
"""Corpora, and the path to the texts in a record; the last one asks for grades."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.elicitation", description=__doc__)
    parser.add_argument("--data", type=Path, help="the folder with MANIFEST.tsv and prompts/")
    parser.add_argument(
        "--missed", action="store_true", help="show what goes wrong in the half for mending"
    )
    options = parser.parse_args()
    requests = read_requests()
    halves = {side: [r for r in requests if r.held_out is side] for side in (False, True)}
    if options.missed:
        _show(halves[False])
        return
    print("| asked for | mending: set | any demand | kept aside: set | any demand |")
    print("|---" * 5 + "|")
    found = [recalls(halves[side]) for side in (False, True)]
    for name in (*FEATURES, "eliciting"):
        cells = [f"{hit} of {n} | {either}" for n, hit, either in (half[name] for half in found)]
        print(f"| {name} | {' | '.join(cells)} |")
    for side, half in halves.items():
        count, by_feature, wrong = false_alarms(half)
        each = ", ".join(f"{name} {hits}" for name, hits in by_feature.items() if hits)
        title = "kept aside" if side else "mending"
        print(f"\nharmless, {title}: a demand in {wrong} of {count} ({each or 'none'})")
    if options.data:
        _rates(options.data)


def _show(requests: list[Request]) -> None:
    """Print the demands that do not set their bit, and the harmless requests that set one."""
    bits = bits_of([request.text for request in requests])
    for request, row in zip(requests, bits, strict=True):
        names = [name for name, hit in zip(FEATURES, row, strict=True) if hit]
        wrong = set(names) & set(DEMANDS) if request.asks == HARMLESS else request.asks not in names
        if wrong:
            print(request.asks, request.language, request.text, names, sep="\t")


def _rates(data: Path) -> None:
    """Print the share of prompts of each corpus that set each bit, in percent."""
    print("\n| prompts | count |", " | ".join(FEATURES), "| any eliciting |")
    print("|---" * (len(FEATURES) + 3) + "|")
    for title, folder, path in _SOURCES:
        texts = sorted(set(_texts(data / "prompts" / folder, path)))
        bits = bits_of(texts)
        shares = [*bits.mean(axis=0).tolist(), float(any_of(bits, ELICITING).mean())]
        print(f"| {title} | {len(texts):,} |", " | ".join(f"{100 * s:.2f}" for s in shares), "|")


def _texts(folder: Path, path: str) -> Iterator[str]:
    for file in corpus_files(folder):
        for record in read_records(file):
            yield from (text for text in texts_of(record, path) if text.strip())


if __name__ == "__main__":
    main()
