"""Merges phrases, openings and closings that stand in the same prompts into one wording each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from stillwatch.detect.groups.index import Index

Ints = npt.NDArray[np.int64]
# Sampling keeps only a few phrases of a prompt, so two phrases of one wording meet in a part of
# the exchanges only; a quarter of the rarer one's accounts is far above chance meetings.
_TOGETHER: float = 0.25


def merge_wordings(index: Index, traits: Ints) -> Ints:
    """Return for each content trait the number of the wording it is a part of."""
    if traits.size == 0:
        return np.empty(0, dtype=np.int64)
    place = np.full(index.traits, -1, dtype=np.int64)
    place[traits] = np.arange(traits.size)
    inside = (place[index.together_first] >= 0) & (place[index.together_second] >= 0)
    first, second = index.together_first[inside], index.together_second[inside]
    rarer = np.minimum(index.holders[first], index.holders[second])
    tied = index.together_accounts[inside] >= _TOGETHER * rarer
    graph = coo_array(
        (np.ones(int(tied.sum()), dtype=np.int8), (place[first[tied]], place[second[tied]])),
        shape=(traits.size, traits.size),
    )
    _, label = connected_components(graph, directed=False)
    return np.asarray(label, dtype=np.int64)
