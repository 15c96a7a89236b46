"""Which words may enter a list: those of several sources, seldom elsewhere, and no names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np

from benchmarks.capabilities.prompts import GRAMMAR, HERE, Prompt, table
from benchmarks.capabilities.words import LONGEST_RUN, runs_of, words_of
from stillwatch.model.vocabulary import CAPABILITIES

Group = tuple[str, str]
"""A label and a family."""

_STOP: Final = frozenset((HERE / "stop_words.txt").read_text(encoding="utf-8").split())
"""Words of no subject: they say how a request is put, not what it asks for."""
_NOT_LAST: Final = ("a", "an", "the", "of")
_CAPITAL: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Rule:
    """What a run of words must show in the training prompts."""

    families: int = 2
    """Families of the capability that use it; our grammar lets nothing in."""
    share: float = 0.01
    """Share of each such family's prompts that use it, and at least two prompts."""
    lift: float = 3.0
    """How many times as often as in prompts of other labels, in each such family."""
    anywhere: int = 3
    """Families, of whatever label, in which each of its words stands."""
    capitals: float = 0.8
    """A word that begins with a capital in a larger share of its places is a name."""


def admitted(prompts: Sequence[Prompt], rule: Rule) -> set[tuple[str, str]]:
    """Return the runs of words that may enter a list, each with the capability."""
    held: defaultdict[Group, Counter[str]] = defaultdict(Counter)
    sizes: Counter[Group] = Counter()
    where: defaultdict[str, set[str]] = defaultdict(set)
    for prompt in prompts:
        group = (prompt.label, prompt.family)
        found = prompt_runs(prompt.text)
        sizes[group] += 1
        held[group].update(found)
        for run in found:
            if " " not in run:
                where[run].add(prompt.family)
    names = _names(prompts, rule.capitals)
    general = {word for word, families in where.items() if len(families) >= rule.anywhere} - names
    struck = {(words, capability) for capability, words in table(HERE / "struck.tsv")}
    pairs: set[tuple[str, str]] = set()
    for name in CAPABILITIES:
        rest = [group for group in sizes if group[0] != name]
        votes: Counter[str] = Counter()
        for group in sizes:
            if group[0] != name or group[1] == GRAMMAR:
                continue
            for run, count in held[group].items():
                if count < max(2, rule.share * sizes[group]) or not _is_general(run, general):
                    continue
                # Elsewhere is the mean over labels and families, so that no large one decides.
                elsewhere = float(np.mean([held[g][run] / sizes[g] for g in rest]))
                votes[run] += count / sizes[group] >= rule.lift * elsewhere
        pairs |= {(run, name) for run, count in votes.items() if count >= rule.families}
    return {
        (run, name)
        for run, name in pairs
        if not any((part, name) in struck for part in runs_of(run.split(" "), LONGEST_RUN))
    }


def shortest(pairs: set[tuple[str, str]], listed: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Leave out every new run that holds a shorter entry: both would count for the same words."""
    known = pairs | listed
    return {
        (run, name)
        for run, name in pairs
        if (run, name) in listed
        or not any((part, name) in known for part in runs_of(run.split(" "), LONGEST_RUN) - {run})
    }


@cache
def prompt_words(text: str) -> list[str]:
    """Return a prompt's words; kept, because every fit reads the same prompts."""
    return words_of(text)


@cache
def prompt_runs(text: str) -> set[str]:
    """Return a prompt's words and short runs of words."""
    return runs_of(prompt_words(text), LONGEST_RUN)


def _is_general(run: str, general: set[str]) -> bool:
    words = run.split(" ")
    if any(word not in general or any(c.isdigit() for c in word) for word in words):
        return False
    if len(words) == 1:
        return len(run) > 2 and run not in _STOP
    return words[-1] not in _NOT_LAST and any(word not in _STOP for word in words)


def _names(prompts: Sequence[Prompt], capitals: float) -> set[str]:
    seen: Counter[str] = Counter()
    raised: Counter[str] = Counter()
    for prompt in prompts:
        every, capital = _capitals(prompt.text)
        seen.update(every)
        raised.update(capital)
    return {word for word, count in raised.items() if count > capitals * seen[word]}


@cache
def _capitals(text: str) -> tuple[Counter[str], Counter[str]]:
    words = _CAPITAL.findall(text)
    return Counter(w.casefold() for w in words), Counter(
        w.casefold() for w in words if w[0].isupper()
    )
