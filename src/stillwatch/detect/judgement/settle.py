"""Measures and judges groups twice, so that groups run as one are not each other's yardstick."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from stillwatch.detect.groups.index import Index
from stillwatch.detect.groups.membership import Group
from stillwatch.detect.judgement.facts import Facts, measure, tally
from stillwatch.detect.judgement.judge import Verdict, judge
from stillwatch.detect.judgement.likelihoods import Likelihoods
from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine


def judge_groups(
    engine: Engine,
    index: Index,
    groups: Sequence[Group],
    likelihoods: Likelihoods,
    parameters: Parameters,
) -> tuple[list[Facts], list[Verdict]]:
    """Return the facts and verdict of every group, in order; needs `write_group_tables` before.

    First each group is compared with everybody outside it. The accounts of groups whose coordination
    then speaks for one hand are no yardstick for any group: the search may find one pool in several
    parts, and each part would make the others look usual. So all are compared again with the rest,
    unless too little traffic is left for that. Accounts whose use is declared are no yardstick either:
    what was agreed to with some does not make it usual.
    """
    own = tally(engine, index.accounts, parameters)
    least = parameters.least_elsewhere * float(index.exchanges.sum())
    everybody = ~own.authorised
    if float(index.exchanges[everybody].sum()) < least:
        everybody = np.ones(index.accounts, dtype=bool)
    plain = measure(engine, index, groups, own, everybody, parameters)
    elsewhere = everybody.copy()
    for group, verdict in zip(groups, judge(plain, likelihoods, parameters), strict=True):
        if verdict.scores["coordination"] > parameters.least_score:
            elsewhere[group.members] = False
    narrowed = measure(engine, index, groups, own, elsewhere, parameters)
    facts = [
        narrow if narrow.elsewhere >= least else wide
        for wide, narrow in zip(plain, narrowed, strict=True)
    ]
    return facts, judge(facts, likelihoods, parameters)
