"""Detection end to end on accounts by hand: a pool is grouped, and nobody is framed into it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from stillwatch.detect import Detection, Parameters, detect
from stillwatch.detect.judgement.likelihoods import built_in_likelihoods
from stillwatch.engine import open_engine
from tests.detect.prints import add_beside, fingerprints
from tests.worlds.rows import accounts as claims_of

POOL = [f"p{i:02d}" for i in range(24)]
CROWD = [f"c{i:03d}" for i in range(300)]
VICTIM, BORROWER, BOTH = "v-replayed", "v-copied", "v-both"
FRAMED = [VICTIM, BORROWER, BOTH]
WORDINGS = range(1, 9)


def world() -> list[dict[str, Any]]:
    """Return a pool with eight wordings and carried-over answers, a crowd, and three framed accounts.

    The pool replays many answers of two of the three, so that a careless reader would count them in.
    """
    rng = np.random.default_rng(3)
    rows: list[dict[str, Any]] = []
    answers: dict[str, list[int]] = {}
    issued = 10_000

    def send(account: str, second: float, phrases: list[int], **more: Any) -> None:
        nonlocal issued
        issued += 1
        answers.setdefault(account, []).append(issued)
        rows.append(
            {
                "account_id": account, "second": second, "phrases": phrases,
                "minhash": rng.bytes(24), "prompt_hash": issued, "template_key": 10**9 + issued,
                "response_hash": issued, "output_tokens": 200, "temperature": 1.0,
                "user_agent": f"agent-{int(rng.integers(40))}/1", **more,
            }
        )  # fmt: skip

    for account in (*POOL, *CROWD, *FRAMED):
        for k in range(30):
            # What the crowd has in common: a few wordings that anybody uses now and then.
            idle = [100 + int(rng.integers(60))] if rng.random() < 0.5 else []
            work = [int(rng.choice(WORDINGS))] if account in POOL and rng.random() < 0.7 else idle
            send(account, 3_600.0 * k + float(rng.integers(3_000)), work)
    for account in (BORROWER, BOTH):
        send(account, 50_000.0, [1, 2])
    late = 3_600.0 * 40
    for i, account in enumerate(POOL):
        for source in (POOL[(i + 1) % 24], POOL[(i + 7) % 24], VICTIM, BOTH):
            for k in range(3):
                carried = answers[source][3 * (i % 8) + k]
                send(account, late + 60 * i + k, [1], prior_assistant_hashes=[carried])
    return rows


EVERY_FIELD = {need for term in built_in_likelihoods().terms for need in term.needs}


def detected(prints: pa.Table) -> Detection:
    with open_engine(threads=2) as engine:
        engine.add_arrow("fingerprints", prints)
        names = sorted(set(prints["account_id"].to_pylist()))
        engine.add_arrow("accounts", claims_of({"account_id": name} for name in names))
        add_beside(engine)
        return detect(engine, Parameters(), EVERY_FIELD, lambda stage: None)


@pytest.fixture(scope="module")
def prints() -> pa.Table:
    return fingerprints(world())


@pytest.fixture(scope="module")
def found(prints: pa.Table) -> Iterator[Detection]:
    yield detected(prints)


def likely(detection: Detection) -> dict[str, set[str]]:
    members: dict[str, set[str]] = {}
    for row in detection.tables["members"].to_pylist():
        if row["probability"] >= 0.5:
            members.setdefault(row["group_id"], set()).add(row["account_id"])
    return members


def test_the_pool_is_one_group(found: Detection) -> None:
    largest = max(likely(found).values(), key=len)
    assert set(POOL) <= largest
    assert not largest & set(CROWD)


def test_there_was_something_to_frame_them_with(found: Detection) -> None:
    carried = {(r["account_a"], r["account_b"]) for r in found.tables["links"].to_pylist()}
    for victim in (VICTIM, BOTH):
        assert len({b for a, b in carried if a == victim}) >= 20
    assert not {b for a, b in carried} & set(FRAMED)


@pytest.mark.parametrize("account", FRAMED)
def test_nobody_is_framed(found: Detection, account: str) -> None:
    assert account not in set().union(*likely(found).values())


def test_order_of_rows_changes_nothing(prints: pa.Table, found: Detection) -> None:
    again = detected(prints.take(np.random.default_rng(1).permutation(prints.num_rows)))
    for name, table in found.tables.items():
        assert again.tables[name].equals(table), name
