"""Simulated prompts beside real ones: `python -m benchmarks.text [--corpora DIR] [--rows N]`.

Each simulated speaker sends twenty requests, so that `rows` are `rows / 20` accounts. Real prompts
belong to whoever the corpus says, or each to an owner of its own.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.text.measure import QUANTILES, Measures, measure, shared_runs
from stillwatch.simulate.streams import mix
from stillwatch.simulate.text.corpora.records import read_records
from stillwatch.simulate.text.grammar import Hexadecimal, Mixture, Phrase
from stillwatch.simulate.text.harvest import Paraphrase, templates
from stillwatch.simulate.text.languages import LANGUAGES
from stillwatch.simulate.text.texts import GrammarTexts

_EACH = 20
_MIX = {"agentic_tool_use": 0.4, "software_engineering": 0.4, "reasoning_mathematics": 0.2}
_LEVELS: tuple[Paraphrase, ...] = ("none", "light", "medium", "strong", "per_account")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.text", description=__doc__)
    parser.add_argument("--corpora", type=Path, help="the folder of prompt corpora")
    parser.add_argument("--rows", type=int, default=20_000, help="simulated prompts of each kind")
    options = parser.parse_args()
    print("| source | prompts | mean | " + " | ".join(f"p{q}" for q in QUANTILES), end=" | ")
    print("shared runs | occurrences | zstd |")
    print("|---" * (6 + len(QUANTILES)) + "|")
    if options.corpora:
        for name, prompts, owners in _real(options.corpora):
            _row(name, measure(prompts, owners))
    texts = GrammarTexts()
    kinds: dict[str, Phrase] = {"first, en": texts.everyday("en")}
    kinds |= {f"first, {name}": texts.everyday(name) for name in LANGUAGES}
    kinds |= {f"later, {name}": texts.follow_up(name) for name in ("en", "zh", "hi")}
    kinds |= {"developers": texts.developer(), "agents": texts.agent()}
    kinds |= {"tool results": texts.tool_result()}
    for name, phrase in kinds.items():
        _row(f"simulated {name}", measure(*_drawn(phrase, options.rows)))
    _paraphrase(options.rows // 10)
    _speed(texts)


def _row(name: str, m: Measures) -> None:
    quantiles = " | ".join(f"{q:,}" for q in m.quantiles)
    print(f"| {name} | {m.prompts:,} | {m.mean:.0f} | {quantiles} | ", end="")
    print(f"{m.shared:.2%} | {m.occurrences:.2%} | {m.compression:.2f} |")


def _real(folder: Path) -> Iterator[tuple[str, list[str], list[object]]]:
    talks = [r for r in read_records(folder / "sharegpt_v3_prefix/dev70.jsonl.zst") if r["human"]]
    names = [str(talk["id"]).split("_")[0] for talk in talks]
    yield "sharegpt, first", [talk["human"][0] for talk in talks], list(names)
    later = [(h, n) for talk, n in zip(talks, names, strict=True) for h in talk["human"][1:]]
    yield "sharegpt, later", [h for h, _ in later], [n for _, n in later]
    arena = [r["turns"][0] for r in read_records(folder / "arena_1k/question_original.jsonl.zst")]
    yield "arena", arena, list(range(len(arena)))
    lima = [r["instruction"] for r in read_records(folder / "lima/lima.json.zst")]
    yield "lima", lima, list(range(len(lima)))
    aider = read_records(folder / "aider_histories/aider_inputs.jsonl.zst")
    yield "aider", [r["text"] for r in aider], [r["user"] for r in aider]


def _drawn(phrase: Phrase, rows: int) -> tuple[list[str], list[object]]:
    owners = np.arange(rows) // _EACH
    seeds = mix(np.arange(rows, dtype=np.uint64), 5)
    return phrase.render(seeds, owners, owners).to_pylist(), list(owners)


class _NoTasks(GrammarTexts):
    """Has tasks that never come twice, so that only what stands around them is measured."""

    def items(self, capability: str) -> Phrase:
        assert capability
        return Hexadecimal(16)

    short_items = items


def _paraphrase(rows: int) -> None:
    """Print how many long phrases two accounts of one campaign share; tasks never repeat."""
    print("\n| paraphrase | templates | runs that two accounts share | occurrences |")
    print("|---|---|---|---|")
    for level in _LEVELS:
        made = templates(11, 20, level, _MIX, _NoTasks())
        phrase = Mixture([(template.share, template.phrase) for template in made])
        shared, occurrences = shared_runs(*_drawn(phrase, rows))
        print(f"| {level} | {len(made)} | {shared:.2%} | {occurrences:.2%} |")


def _speed(texts: GrammarTexts) -> None:
    """Print the least processor time of one thread, over many small columns of each kind."""
    print("\n| rendering | characters a row | µs a row | ns a byte |")
    print("|---|---|---|---|")
    blend = Mixture(
        [
            (38, texts.everyday("en")),
            (8, texts.everyday("de")),
            (8, texts.everyday("zh")),
            (30, texts.follow_up("en")),
            (16, texts.tool_result()),
        ]
    )
    kinds = {
        "first": texts.everyday("en"),
        "later": texts.follow_up("en"),
        "tool results": texts.tool_result(),
        "all together": blend,
    }
    for name, phrase in kinds.items():
        best, characters, size = float("inf"), 0.0, 0.0
        for attempt in range(60):
            seeds = mix(np.arange(4000, dtype=np.uint64), attempt)
            owners = np.arange(4000) // _EACH
            begun = time.thread_time()
            column = phrase.render(seeds, owners, owners)
            taken = time.thread_time() - begun
            size_now = len(column.buffers()[2])
            if attempt > 2 and taken / size_now < best / max(size, 1):
                best, size = taken, size_now
                characters = sum(len(text) for text in column.to_pylist()) / 4000
        micro = best / size * 1e9 * (size / 4000) / 1000
        print(f"| {name} | {characters:.0f} | {micro:.2f} | {best / size * 1e9:.1f} |")


if __name__ == "__main__":
    main()
