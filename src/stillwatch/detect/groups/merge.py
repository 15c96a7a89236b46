"""Merges groups that different evidence found twice, and fits the union anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

import numpy as np

from stillwatch.detect.groups.candidates import Candidate
from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.join import joined_groups
from stillwatch.detect.groups.membership import Group, complete_wordings, fit_group
from stillwatch.detect.parameters import Parameters

# Two searches that found one group share about a third of its accounts or more; two groups that
# merely touch (customers of one tool) share few.
_JACCARD = 0.35
_CONTAINED = 0.8
_SIMILAR_SIZE = 0.25
# Jaccard similarity from which a candidate of common traits is a group that is known already.
_COINCIDE = 0.8
# Share of its members that a union may lose when it is fitted anew.
_LOST = 0.1


def fit_groups(
    index: Index,
    candidates: Sequence[Candidate],
    loose: Sequence[Candidate],
    fallbacks: Sequence[Candidate],
    parameters: Parameters,
) -> list[Group]:
    """Fit every candidate, merging and refitting those that are one; largest first.

    `loose` (from single ties) add groups where no fitted one is nearly the same; they may overlap.
    `fallbacks` (from common traits) add groups that the other candidates did not find. One that
    touches a group only in part leaves it alone: what a crowd shares does not sharpen what something
    rare has found. One whose accounts nearly coincide with a group's gives it its wordings: the rare
    phrases of a large campaign's queue find it, but its work is what all of it shows.
    """
    fitted = [(c, g) for c in candidates if (g := fit_group(index, c, parameters)) is not None]
    fitted.sort(key=lambda pair: (-pair[1].members.size, int(pair[1].members[0])))
    i = 0
    while i < len(fitted):
        j = i + 1
        while j < len(fitted):
            if not _same(fitted[i][1], fitted[j][1]):
                j += 1
                continue
            union = _union(fitted[i], fitted[j])
            refitted = fit_group(index, union, parameters)
            if refitted is not None and _same(refitted, fitted[i][1]):
                fitted[i] = (union, refitted)
            del fitted[j]
        i += 1
    for candidate in loose:
        group = fit_group(index, candidate, parameters)
        if group is not None and not any(_same(group, known) for _, known in fitted):
            fitted.append((candidate, group))
    for fallback in fallbacks:
        group = fit_group(index, fallback, parameters)
        if group is None:
            continue
        pair = (fallback, group)
        near = [k for k, (_, known) in enumerate(fitted) if _same(group, known)]
        if not near:
            fitted.append(pair)
        for k in near:
            if _jaccard(group, fitted[k][1]) < _COINCIDE:
                continue
            union = _union(fitted[k], pair)
            refitted = fit_group(index, union, parameters)
            if refitted is not None and _jaccard(refitted, fitted[k][1]) >= _COINCIDE:
                fitted[k] = (union, refitted)
    groups = _join(index, fitted, parameters)
    groups.sort(key=lambda g: (-g.members.size, int(g.members[0])))
    return [complete_wordings(index, group) for group in groups]


def _join(
    index: Index, fitted: Sequence[tuple[Candidate, Group]], parameters: Parameters
) -> list[Group]:
    groups: list[Group | None] = [group for _, group in fitted]
    for joined in joined_groups(index, [group.members for _, group in fitted]):
        parts = [fitted[place] for place in joined.places]
        union = reduce(_united, (_settled(*part) for part in parts))
        traits = np.union1d(union.traits, joined.traits)
        refitted = fit_group(index, replace(union, traits=traits), parameters)
        # A union that loses members is no better than its parts.
        if refitted is None or np.setdiff1d(union.core, refitted.members).size > (
            _LOST * union.core.size
        ):
            continue
        # A join says that groups are one, not who else belongs: what two pools have in common only
        # in part, such as a template, is no sign of a third account that neither came near.
        groups.append(refitted.limited_to(union.core))
        for place in joined.places:
            groups[place] = None
    return [group for group in groups if group is not None]


def _jaccard(first: Group, second: Group) -> float:
    shared = np.intersect1d(first.members, second.members, assume_unique=True).size
    return float(shared / (first.members.size + second.members.size - shared))


def _same(first: Group, second: Group) -> bool:
    a, b = first.members, second.members
    shared = np.intersect1d(a, b, assume_unique=True).size
    smaller, larger = min(a.size, b.size), max(a.size, b.size)
    if shared >= _JACCARD * (a.size + b.size - shared):
        return True
    return shared >= _CONTAINED * smaller and smaller >= _SIMILAR_SIZE * larger


def _union(first: tuple[Candidate, Group], second: tuple[Candidate, Group]) -> Candidate:
    return _united(_settled(*first), _settled(*second))


def _settled(candidate: Candidate, group: Group) -> Candidate:
    # A union starts from the accounts that each fit kept, not from each search's first guess.
    traits = candidate.traits if candidate.traits.size else group.traits
    return Candidate(group.members, traits, candidate.tied)


def _united(one: Candidate, two: Candidate) -> Candidate:
    return Candidate(
        core=np.union1d(one.core, two.core),
        traits=np.union1d(one.traits, two.traits),
        tied=np.union1d(one.tied, two.tied),
    )
