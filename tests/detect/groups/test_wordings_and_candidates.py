"""Parts of one wording count once; candidates come from clusters, links and common traits."""

from __future__ import annotations

import numpy as np
import pytest

from stillwatch.detect import Parameters
from stillwatch.detect.groups.candidates import (
    candidates_from_clusters,
    candidates_from_links,
    candidates_from_loose_ties,
)
from stillwatch.detect.groups.index import build_index
from stillwatch.detect.groups.wordings import merge_wordings
from stillwatch.detect.network.pairs import count_pairs
from tests.detect.groups.small_index import claim, make_index, wording
from tests.detect.prints import collected, fingerprints

ALL = range(8)
PARAMETERS = Parameters()


def test_parts_that_stand_in_the_same_prompts_are_one_wording() -> None:
    # Traits 0 and 1 stand together, 1 and 2 do for half their accounts, 3 always stands alone.
    one = {a: [10 * a] for a in ALL}
    half = {a: [10 * a] if a < 4 else [10 * a + 5] for a in ALL}
    alone = {a: [10 * a + 7] for a in ALL}
    index = make_index([9] * 8, [wording(one), wording(one), wording(half), wording(alone)])
    label = merge_wordings(index, np.arange(4))
    assert label[0] == label[1] == label[2] != label[3]
    assert set(label.tolist()) == {0, 1}


def test_parts_that_meet_by_accident_stay_two() -> None:
    index = make_index(
        [9] * 20,
        [
            wording({a: [10 * a] for a in range(20)}),
            wording({a: [10 * a] if a < 2 else [10 * a + 5] for a in range(20)}),
        ],
    )
    assert len(set(merge_wordings(index, np.arange(2)).tolist())) == 2


def test_two_bundles_are_two_however_alike_their_names_begin() -> None:
    members = range(10)
    index = make_index(
        [20] * 60,
        [
            claim("client", "client_first", [*members]),
            claim("client", "client_second", [*members]),
            claim("client", "client_third", [*members]),
            *(claim("client", f"agent{i}", list(range(10 + i % 9, 60, 9))) for i in range(250)),
        ],
    )
    (found,) = candidates_from_clusters(index, [np.array([0, 1, 2])], PARAMETERS)
    assert found.core.tolist() == [*members]


def test_wordings_are_merged_within_the_traits_that_were_asked_for() -> None:
    same = {a: [10 * a] for a in ALL}
    index = make_index([9] * 8, [wording(same), wording(same), wording(same)])
    assert merge_wordings(index, np.array([0, 2])).tolist() == [0, 0]
    assert merge_wordings(index, np.array([], dtype=np.int64)).size == 0


def test_a_cluster_is_lifted_to_those_that_hold_unrelated_traits_of_it() -> None:
    members = range(10)
    index = make_index(
        [20] * 60,
        [
            wording({a: [100 * a] for a in members}),
            wording({a: [100 * a + 1] for a in members}),
            claim("identity", "card", [*members]),
            # Held by everybody else: what the rest of the world has of its own.
            *(claim("client", f"agent{i}", list(range(10 + i % 9, 60, 9))) for i in range(250)),
        ],
    )
    (found,) = candidates_from_clusters(index, [np.array([0, 1, 2])], PARAMETERS)
    assert found.core.tolist() == [*members]
    assert candidates_from_clusters(index, [np.array([2])], PARAMETERS) == []


@pytest.mark.parametrize(("accounts", "found"), [(4, 0), (5, 1), (9, 1)])
def test_links_make_a_candidate_of_enough_accounts_that_go_on_with_each_other(
    accounts: int, found: int
) -> None:
    rows = []
    for i in range(accounts):
        for k in range(2):
            token = 100 * i + k + 1
            rows.append({"account_id": f"a{i}", "response_hash": token, "output_tokens": 90})
            after = f"a{(i + 1) % accounts}"
            rows.append({"account_id": after, "prior_assistant_hashes": [token]})
            rows.append({"account_id": f"bystander{k}", "prior_assistant_hashes": [token]})
    with collected(fingerprints(rows)) as engine:
        count_pairs(engine, PARAMETERS)
        candidates = candidates_from_links(engine, build_index(engine), PARAMETERS)
    assert len(candidates) == found
    for candidate in candidates:
        assert candidate.core.tolist() == candidate.tied.tolist() == [*range(accounts)]


def test_loose_ties_are_candidates_where_the_core_keeps_less_than_half() -> None:
    ring = [(a, (a + step) % 8, 2) for a in range(8) for step in (1, 3)]
    chain = [(a, a + 1, 1) for a in range(10, 18)]
    pair = [(30, 31, 1)]
    index = make_index([9] * 40, [claim("client", "agent", [0, 1, 2, 3])], [*ring, *chain, *pair])
    (found,) = candidates_from_loose_ties(index, PARAMETERS)
    assert found.core.tolist() == list(range(10, 19))
    assert found.tied.tolist() == found.core.tolist()


def test_no_ties_no_candidates() -> None:
    index = make_index([9] * 8, [claim("client", "agent", [0, 1, 2, 3])])
    assert candidates_from_loose_ties(index, PARAMETERS) == []
