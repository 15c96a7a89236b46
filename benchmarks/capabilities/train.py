"""How much each word weighs.

The kernel adds up weights, and the highest sum wins if it reaches a least one. That is a softmax
regression with weights from 0 up, no intercept, and one more class (`other`) whose sum is that least
one; so that is what is fitted, by accelerated proximal gradient steps. A weight is held back by its
absolute distance from what it is by hand (0 where a person did not list it), so that most stay.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy import sparse

from benchmarks.capabilities.admit import Rule, admitted, prompt_runs, prompt_words, shortest
from benchmarks.capabilities.lists import Line
from benchmarks.capabilities.prompts import LABELS, OTHER, Prompt
from benchmarks.capabilities.words import marks_of
from stillwatch.model.vocabulary import CAPABILITIES

Floats = npt.NDArray[np.float64]

LEAST_SUM: Final = 34.0
"""Sum of weights from which a short prompt counts for a capability: the kernel's score of 64."""
_PLACES: Final[dict[str, int]] = {name: place for place, name in enumerate(CAPABILITIES)}


@dataclass(frozen=True, slots=True)
class Fit:
    """How weights are fitted; chosen on the families left out one by one (see the page)."""

    new_at_most: int = 30
    """Weight of a word that no person listed: less than the least sum, so alone it decides nothing."""
    listed_at_most: int = 60
    """Weight up to which a listed word is raised."""
    at_least: int = 10
    """A lighter new word is left out."""
    pull: float = 0.002
    """What a unit of distance from the weight by hand costs, against the mean log-likelihood."""
    scale: float = 12.0
    """Weight that adds one to the log-odds."""
    other: float = 4.0
    """How many times as much as a capability the prompts of none count: most traffic is of none."""
    steps: int = 150
    rule: Rule = field(default_factory=Rule)


def train(prompts: Sequence[Prompt], hand: Sequence[Line], how: Fit) -> list[Line]:
    """Return the lists by hand with what training adds and raises; it lowers and removes nothing."""
    listed = {(line.words, line.capability): line.weight for line in hand if line.language == "en"}
    let_in = shortest(admitted(prompts, how.rule), set(listed))
    pairs = let_in | set(listed)
    place = {run: at for at, run in enumerate(sorted({run for run, _ in pairs}))}
    low: Floats = np.zeros((len(place), len(CAPABILITIES)))
    high: Floats = np.zeros_like(low)
    for run, name in pairs:
        at, k = place[run], _PLACES[name]
        low[at, k] = high[at, k] = listed.get((run, name), 0)
        if (run, name) in let_in:
            most = how.listed_at_most if (run, name) in listed else how.new_at_most
            high[at, k] = max(low[at, k], most)
    weights = fit(
        _matrix(prompts, place),
        _targets(prompts),
        _shares(prompts, how.other),
        np.hstack([_marks(prompts, hand), _least(prompts)[:, None]]),
        (low, high),
        how,
    )
    found = []
    for run, name in sorted(pairs):
        weight = round(float(weights[place[run], _PLACES[name]]))
        if weight >= how.at_least or (run, name) in listed:
            found.append(Line(name, "en", weight, run))
    return found + [line for line in hand if line.language != "en"]


def fit(
    x: sparse.csr_array,
    y: Floats,
    shares: Floats,
    offset: Floats,
    bounds: tuple[Floats, Floats],
    how: Fit,
) -> Floats:
    """Return the weights between their bounds that make the labels likely, pulled to the lower one.

    `offset` is what each sum holds beside the words; its last column is the least sum of `other`.
    """
    low, high = bounds[0] / how.scale, bounds[1] / how.scale
    step = 1 / (0.5 * _largest_eigenvalue(x, shares))
    weights = ahead = low
    momentum = 1.0
    for _ in range(how.steps):
        sums = offset / how.scale
        sums[:, :-1] += x @ ahead
        sums -= sums.max(axis=1, keepdims=True)
        chance = np.exp(sums)
        chance /= chance.sum(axis=1, keepdims=True)
        # A prompt with two right labels pulls towards whichever it is nearer to.
        wanted = y * chance
        wanted /= wanted.sum(axis=1, keepdims=True)
        slope = x.T @ ((chance - wanted)[:, :-1] * shares[:, None])
        moved = np.clip(ahead - step * (slope + how.pull), low, high)
        following = (1 + (1 + 4 * momentum**2) ** 0.5) / 2
        ahead = moved + (momentum - 1) / following * (moved - weights)
        weights, momentum = moved, following
    return np.asarray(weights * how.scale)


def _largest_eigenvalue(x: sparse.csr_array, shares: Floats) -> float:
    v = np.ones(x.shape[1])
    size = 1.0
    for _ in range(20):
        v = x.T @ (shares * (x @ (v / size)))
        size = float(np.linalg.norm(v))
    return size


def _matrix(prompts: Sequence[Prompt], place: dict[str, int]) -> sparse.csr_array:
    """Return which entry stands in which prompt; longer entries than training looks for stay out."""
    cells = [
        (row, place[run])
        for row, prompt in enumerate(prompts)
        for run in sorted(prompt_runs(prompt.text))
        if run in place
    ]
    rows, columns = zip(*cells, strict=True)
    shape = (len(prompts), len(place))
    return sparse.csr_array((np.ones(len(cells)), (rows, columns)), shape=shape)


def _targets(prompts: Sequence[Prompt]) -> Floats:
    y = np.zeros((len(prompts), len(LABELS)))
    for row, prompt in enumerate(prompts):
        for label in (prompt.label, prompt.also):
            if label in LABELS:
                y[row, LABELS.index(label)] = 1
    return y


def _shares(prompts: Sequence[Prompt], other: float) -> Floats:
    """Return each prompt's share: capabilities equal, in them families by the root of their size."""
    sizes = Counter((prompt.label, prompt.family) for prompt in prompts)
    totals: defaultdict[str, float] = defaultdict(float)
    for (label, _), size in sizes.items():
        totals[label] += size**0.5
    totals[OTHER] /= other
    return np.array([sizes[p.label, p.family] ** -0.5 / totals[p.label] for p in prompts])


def _marks(prompts: Sequence[Prompt], hand: Sequence[Line]) -> Floats:
    """Return what the kernel's marks add to each sum; they stay as by hand."""
    offset = np.zeros((len(prompts), len(CAPABILITIES)))
    lines = [line for line in hand if line.words.startswith("@")]
    for row, prompt in enumerate(prompts):
        marks = marks_of(prompt.text, prompt_words(prompt.text))
        for line in lines:
            offset[row, _PLACES[line.capability]] += line.weight * (line.words in marks)
    return offset


def _least(prompts: Sequence[Prompt]) -> Floats:
    """Return the sum that each prompt needs: more in a longer one, as the kernel asks."""
    words = [len(prompt_words(prompt.text)) for prompt in prompts]
    return np.array([LEAST_SUM * (100 + 60 * (n >> 5).bit_length()) / 100 for n in words])
