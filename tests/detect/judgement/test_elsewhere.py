"""What a group is compared with: everybody else's whole traffic, and no other coordinated group's."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pytest

from stillwatch.detect import Detection
from stillwatch.detect.judgement.statistics import STATISTICS
from stillwatch.detect.parameters import Parameters
from stillwatch.model.vocabulary import FEATURES
from tests.detect.judgement.made_facts import HARVEST
from tests.detect.judgement.made_pool import POOL, crowd, detected, group_of, pool, term

OTHER = [f"q{i:02d}" for i in range(48)]
ELICITS = 1 << FEATURES.index("step_by_step")
BASE = re.compile(r"\((\d+) % elsewhere\)")


def statement(found: Detection, names: list[str], name: str) -> str:
    row = term(found, group_of(found, names), name)
    assert row is not None
    return str(row["statement"])


def test_what_members_repeat_beside_their_work_is_no_chance_of_strangers() -> None:
    rows = pool(POOL) + crowd()
    for row in rows:
        # Beside their work all members send one text, which nobody outside ever sends.
        if row["account_id"] in POOL and not row["phrases"]:
            row["prompt_hash"] = 7
    found = detected(rows)
    said = statement(found, POOL, "coordination.work_partition")
    assert said.endswith("would make 0.")


def test_what_others_repeat_is_a_chance_of_strangers() -> None:
    rows = crowd()
    for i, row in enumerate(rows):
        row["prompt_hash"] = i % 40
    found = detected(pool(POOL) + rows)
    said = statement(found, POOL, "coordination.work_partition")
    (expected,) = re.findall(r"would make ([\d,]+)\.", said)
    # The work is 24 × 18 requests and strangers meet once in forty: 432² / 2 / 40 but for own pairs.
    assert int(expected.replace(",", "")) == pytest.approx(24 * 23 / 2 * 18**2 / 40, rel=0.02)


def two_pools(**parameters: Any) -> Detection:
    return detected(
        pool(POOL, features=ELICITS)
        + pool(OTHER, first_wording=20, seed=2, features=ELICITS)
        + crowd([f"c{i:03d}" for i in range(60)]),
        lambda name: {} if name.startswith("c") else {"payment_fingerprint": f"card {name[0]}"},
        **parameters,
    )


def test_parts_of_one_harvest_are_not_each_others_yardstick() -> None:
    found = two_pools()
    for names in (POOL, OTHER):
        (base,) = BASE.findall(statement(found, names, "extraction.elicitation"))
        assert base == "0"


def test_where_hardly_anybody_is_left_groups_are_compared_with_all_others() -> None:
    found = two_pools(least_elsewhere=0.9)
    (base,) = BASE.findall(statement(found, POOL, "extraction.elicitation"))
    assert int(base) == pytest.approx(100 * 48 * 23 / (48 * 23 + 60 * 20), abs=1)


THRESHOLDS: list[tuple[str, dict[str, Any], dict[str, float]]] = [
    ("failover", {"failover_breadth": 0.04}, {"failover_breadth": 0.03}),
    ("failover", {"failover_after": 3, "failover_before": 0}, {"least_echoes": 3}),
    ("partition", {"repeats_expected": 4.0, "repeats_across": 0}, {"partition_power": 3.0}),
    ("linked", {"continued": 1.5}, {"least_continued": 1.0}),
    ("declared", {"known": 0.4}, {"least_known": 0.3}),
    ("mismatch_excess", {"located": 0.4}, {"least_known": 0.3}),
]


@pytest.mark.parametrize(("statistic", "shown", "changed"), THRESHOLDS)
def test_thresholds_of_judgement_are_parameters(
    statistic: str, shown: dict[str, Any], changed: dict[str, Any]
) -> None:
    facts = replace(HARVEST, **shown)
    before = STATISTICS[statistic](facts, Parameters())
    after = STATISTICS[statistic](facts, replace(Parameters(), **changed))
    assert before != after
