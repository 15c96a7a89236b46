"""How often the lists are right about prompts that they were not trained on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.capabilities.lists import Line, kernel_scores
from benchmarks.capabilities.prompts import LABELS, OTHER, Prompt
from stillwatch.model.vocabulary import CAPABILITY_COUNTS_FROM
from stillwatch.statistics.intervals import clopper_pearson

Trainer = Callable[[Sequence[Prompt]], list[Line]]


@dataclass(frozen=True, slots=True)
class Answer:
    """A prompt, and what the lists by hand and the trained ones say that it exercises."""

    prompt: Prompt
    by_hand: str
    trained: str

    def right(self, said: str) -> bool:
        """Whether a label is one of the prompt's."""
        return said in (self.prompt.label, self.prompt.also)


def labels_of(lines: list[Line], prompts: Sequence[Prompt]) -> list[str]:
    """Return the highest-scored capability of each prompt, or `other` below the least score."""
    scores = kernel_scores(lines, [prompt.text for prompt in prompts])
    best = scores.argmax(axis=1)
    return [
        LABELS[place] if row[place] >= CAPABILITY_COUNTS_FROM else OTHER
        for place, row in zip(best, scores, strict=True)
    ]


def answers(
    prompts: Sequence[Prompt], always: Sequence[Prompt], hand: list[Line], train: Trainer
) -> list[Answer]:
    """Return answers to every prompt by lists that were trained without its family.

    Prompts that may not be trained on meet lists trained on all the others.
    """
    free = [prompt for prompt in prompts if prompt.free]
    done = []
    for family in (*sorted({prompt.family for prompt in free}), None):
        asked = [p for p in prompts if (p.family == family if family else not p.free)]
        lines = train([*(p for p in free if p.family != family), *always])
        said = zip(asked, labels_of(hand, asked), labels_of(lines, asked), strict=True)
        done += [Answer(*one) for one in said]
    return done


def by_source(done: Iterable[Answer]) -> list[str]:
    """Return rows of a table: how often each side is right, family by family and label by label."""
    groups: defaultdict[tuple[bool, str, str], list[Answer]] = defaultdict(list)
    for one in done:
        groups[not one.prompt.free, one.prompt.family, one.prompt.label].append(one)
    rows = [
        "| kept aside because | family | label | prompts | by hand | trained |",
        "|---" * 6 + "|",
    ]
    for (aside, family, label), found in sorted(groups.items()):
        shown = [
            _share(sum(one.right(one.trained if trained else one.by_hand) for one in found), found)
            for trained in (False, True)
        ]
        why = "licence" if aside else "its turn"
        rows.append(f"| {why} | {family} | {label} | {len(found):,} | {shown[0]} | {shown[1]} |")
    return rows


def confusion(done: Iterable[Answer], trained: bool) -> list[str]:
    """Return rows of a table: of each label's prompts, how many were taken for what."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for one in done:
        counts[one.prompt.label][one.trained if trained else one.by_hand] += 1
    rows = ["| label \\ taken for | " + " | ".join(LABELS) + " |", "|---" * (len(LABELS) + 1) + "|"]
    for label in LABELS:
        if counts[label]:
            cells = " | ".join(f"{counts[label][name] or '·'}" for name in LABELS)
            rows.append(f"| {label} | {cells} |")
    return rows


def balanced(done: Iterable[Answer], trained: bool) -> tuple[float, dict[str, float]]:
    """Return the mean over labels of the share right, and each label's.

    Inside a label a family weighs by the root of its size, capped at 200 prompts.
    """
    groups: defaultdict[str, defaultdict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for one in done:
        said = one.trained if trained else one.by_hand
        groups[one.prompt.label][one.prompt.family].append(one.right(said))
    shares = {}
    for label, families in groups.items():
        weights = [min(len(right), 200) ** 0.5 for right in families.values()]
        parts = [sum(right) / len(right) for right in families.values()]
        shares[label] = sum(w * p for w, p in zip(weights, parts, strict=True)) / sum(weights)
    return sum(shares.values()) / len(shares), shares


def _share(right: int, found: Sequence[Answer]) -> str:
    interval = clopper_pearson(right, len(found))
    return f"{right / len(found):.2f} ({interval.low:.2f}–{interval.high:.2f})"
