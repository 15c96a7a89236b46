"""Measure the capability lists, or train them: `python -m benchmarks.capabilities DATA [--write]`.

DATA is a folder that holds MANIFEST.tsv and prompts/. Without `--write` every family of sources is
left out of training in turn and then asked; with it the lists are trained on all that may be, and
written where the kernel reads them.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from benchmarks.capabilities.lists import BY_HAND, Line, read_lists, write_lists
from benchmarks.capabilities.measure import answers, balanced, by_source, confusion, labels_of
from benchmarks.capabilities.prompts import Prompt, grammar_prompts, read_prompts
from benchmarks.capabilities.train import Fit, train

_EACH = 300


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capabilities", description=__doc__)
    parser.add_argument("data", type=Path, help="the folder with MANIFEST.tsv and prompts/")
    parser.add_argument("--write", action="store_true", help="train and write the lists")
    options = parser.parse_args()
    prompts, own = read_prompts(options.data), grammar_prompts(_EACH)
    hand = read_lists(BY_HAND)
    if options.write:
        lines = train([*(prompt for prompt in prompts if prompt.free), *own], hand, Fit())
        folder = files("stillwatch.reference_data") / "lexicon" / "capabilities"
        write_lists(Path(str(folder)), lines)
        _changes(hand, lines)
        return
    done = answers(prompts, own, hand, lambda given: train(given, hand, Fit()))
    free = [one for one in done if one.prompt.free]
    aside = [one for one in done if not one.prompt.free]
    print(*by_source(done), sep="\n")
    for title, part in (("left out in turn", free), ("kept aside by licence", aside)):
        for trained in (False, True):
            name = "trained" if trained else "by hand"
            mean, shares = balanced(part, trained)
            each = ", ".join(f"{label} {share:.2f}" for label, share in sorted(shares.items()))
            print(f"\n{title}, {name}: mean over labels {mean:.3f} ({each})\n")
            print(*confusion(part, trained), sep="\n")
    _own_grammar(own, hand, prompts)


def _own_grammar(own: Sequence[Prompt], hand: list[Line], prompts: Sequence[Prompt]) -> None:
    """Print the share right on our own grammar, which is in the training: no claim rests on it."""
    lines = train([*(prompt for prompt in prompts if prompt.free), *own], hand, Fit())
    shares = []
    for lists in (hand, lines):
        said = labels_of(lists, own)
        right = sum(label == prompt.label for label, prompt in zip(said, own, strict=True))
        shares.append(f"{right / len(own):.2f}")
    print(f"\nour own grammar, no claim: by hand {shares[0]}, trained {shares[1]}")


def _changes(hand: list[Line], lines: list[Line]) -> None:
    """Print what training added and raised."""
    old = {(line.capability, line.language, line.words): line.weight for line in hand}
    for line in lines:
        before = old.get((line.capability, line.language, line.words), 0)
        if line.weight != before:
            print(f"{line.capability}\t{before} to {line.weight}\t{line.words}")


if __name__ == "__main__":
    main()
