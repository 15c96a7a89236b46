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
    clusters = _communities(edges, parameters.resolution, parameters.seed)
    # At a resolution above 1, modularity tears what weighs more than its share of the network into
    # single traits, so the loudest campaign would be lost. What lies in pieces is put together again.
    single = {str(traits[0]) for traits in clusters if traits.size == 1}
    torn = [edge for edge in edges if edge[0] in single and edge[1] in single]
    if torn:
        again = _communities(torn, 1.0, parameters.seed)
        rejoined = {int(trait) for traits in again for trait in traits}
        clusters = [c for c in clusters if c.size > 1 or int(c[0]) not in rejoined] + again
    return sorted(clusters, key=lambda traits: (-traits.size, int(traits[0])))


def _communities(edges: list[tuple[str, str, float]], resolution: float, seed: int) -> list[Ints]:
    _, community = graspologic_native.leiden(
        edges, resolution=resolution, iterations=3, use_modularity=True, seed=seed
    )
    members: dict[int, list[int]] = {}
    for name, number in community.items():
        members.setdefault(number, []).append(int(name))
    return [np.array(sorted(traits), dtype=np.int64) for traits in members.values()]
