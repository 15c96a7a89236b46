"""Detection from end to end: what happens between one judgement and the next."""

from __future__ import annotations

import numpy as np

from stillwatch.detect import Parameters
from stillwatch.detect.detection import _parted
from stillwatch.detect.groups.membership import Group
from stillwatch.detect.judgement.judge import Verdict
from stillwatch.model.vocabulary import GroupKind

ACCOUNTS = 40
EMPTY = np.empty(0, dtype=np.int64)


def group(members: range, odds: float) -> Group:
    log_odds = np.full(ACCOUNTS, -9.0)
    log_odds[list(members)] = odds
    nothing = np.zeros(ACCOUNTS, dtype=np.int64)
    return Group(EMPTY, EMPTY, log_odds, {"base_rate": log_odds}, nothing, nothing)


def verdict(kind: GroupKind) -> Verdict:
    return Verdict(kind, {}, (), "pool", "tool", 0.0, 0.01)


def test_only_campaigns_are_parted_and_the_largest_comes_first() -> None:
    crowd, pool, circle = group(range(30), 20.0), group(range(10), 9.0), group(range(4, 24), 3.0)
    groups = [crowd, circle, pool]
    verdicts = [verdict("shared_workload"), verdict("campaign"), verdict("campaign")]
    parted = _parted(groups, verdicts, Parameters())
    # The crowd holds them more surely than any campaign does, and draws nobody out.
    assert [set(g.members.tolist()) for g in parted] == [
        {*range(30)},
        {*range(10, 24)},
        {*range(10)},
    ]
    assert parted[0] is crowd and parted[2] is pool
