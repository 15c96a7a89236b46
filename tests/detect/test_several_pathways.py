"""One campaign over several pathways is one group: where a request came in ties and parts nobody."""

from __future__ import annotations

import numpy as np
import pytest

from tests.detect.judgement.made_pool import POOL, crowd, detected, group_of, pool

PATHWAYS = ("api", "bedrock", "app")


@pytest.mark.parametrize("pathways", [1, 2, 3])
def test_accounts_on_several_pathways_are_one_group(pathways: int) -> None:
    rows = [*pool(POOL), *crowd()]
    for row in rows:
        number = int(row["account_id"][1:]) % pathways
        row["pathway"] = PATHWAYS[number]
        if row["account_id"] in POOL:
            # Each pathway comes with a client and a region of its own.
            row["user_agent"] = f"sdk-of-{PATHWAYS[number]}/1"
            row["provider_region"] = ("us-east-1", "eu-west-1", "ap-south-1")[number]
    found = detected(rows)
    members = found.tables["members"].to_pylist()
    group_id = group_of(found, POOL)
    inside = {r["account_id"] for r in members if r["group_id"] == group_id}
    assert {int(name[1:]) % pathways for name in inside} == set(range(pathways))
    likely = [r for r in members if r["group_id"] == group_id and r["probability"] >= 0.5]
    assert {r["account_id"] for r in likely} <= set(POOL)


def test_a_pathway_alone_makes_no_group() -> None:
    rng = np.random.default_rng(4)
    rows = crowd()
    for row in rows:
        row["pathway"] = PATHWAYS[int(rng.integers(3))]
    assert detected(rows).tables["groups"].num_rows == 0
