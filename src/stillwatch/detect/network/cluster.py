"""Clusters the validated trait network; the clusters are search results, not findings."""

from __future__ import annotations

import graspologic_native
import numpy as np
import numpy.typing as npt

from stillwatch.detect.network.null import Validated
from stillwatch.detect.parameters import Parameters

Ints = npt.NDArray[np.int64]


def cluster_traits(validated: Validated, parameters: Parameters) -> list[Ints]:
    """Return the communities of the validated network as sorted arrays of traits, largest first.

    Seeded Leiden on modularity (Traag, Waltman & van Eck 2019), pairs weighted by -log10 of their
    tail, capped so that one enormous pair cannot swallow a cluster.
    """
    pairs = validated.pairs
    if pairs.first.size == 0:
        return []
    weight = np.minimum(-validated.log_p / np.log(10.0), parameters.pair_weight_cap)
    edges = [
        (str(a), str(b), float(w))
        for a, b, w in zip(pairs.first, pairs.second, weight, strict=True)
    ]
    _, community = graspologic_native.leiden(
        edges,
        resolution=parameters.resolution,
        iterations=3,
        use_modularity=True,
        seed=parameters.seed,
    )
    members: dict[int, list[int]] = {}
    for name, number in community.items():
        members.setdefault(number, []).append(int(name))
    clusters = [np.array(sorted(traits), dtype=np.int64) for traits in members.values()]
    return sorted(clusters, key=lambda traits: (-traits.size, int(traits[0])))
