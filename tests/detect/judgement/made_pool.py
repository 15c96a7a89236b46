"""A pool and a crowd by hand, and what detection says of the pool."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np
import pyarrow as pa

from stillwatch.detect import Detection, Parameters, detect
from stillwatch.detect.judgement.likelihoods import built_in_likelihoods
from stillwatch.engine import open_engine
from tests.detect.prints import add_beside, fingerprints
from tests.worlds.rows import accounts as claims_of

FIELDS: Final = {
    need for term in built_in_likelihoods().terms for need in (*term.needs, *term.needs_one_of)
}
POOL: Final = [f"p{i:02d}" for i in range(24)]
CROWD: Final = [f"c{i:03d}" for i in range(240)]
Row = dict[str, Any]
Claims = Callable[[str], Mapping[str, Any] | None]


def pool(
    names: Sequence[str], first_wording: int = 1, seed: int = 1, carry: bool = True, **same: Any
) -> list[Row]:
    """Return exchanges of a pool: eight wordings around items of its own, answers carried over."""
    rng = np.random.default_rng(seed)
    rows: list[Row] = []
    for i, account in enumerate(names):
        for k in range(20):
            number = seed * 10**6 + i * 100 + k
            work = [first_wording + int(rng.integers(8))] if k % 4 else []
            rows.append(_exchange(account, k, number, work, rng) | same)
        for k in range(3 if carry else 0):
            source = (i + 1) % len(names)
            rows.append(
                _exchange(account, 40 + i, seed * 10**6 + 50_000 + i * 10 + k, [first_wording], rng)
                | {"prior_assistant_hashes": [seed * 10**6 + source * 100 + 3 * (i % 5) + k]}
                | same
            )
    return rows


def crowd(names: Sequence[str] = CROWD, seed: int = 99, **same: Any) -> list[Row]:
    """Return exchanges of accounts that have idioms in common and nothing else."""
    rng = np.random.default_rng(seed)
    return [
        _exchange(account, k, seed * 10**6 + i * 100 + k, [100 + int(rng.integers(60))], rng) | same
        for i, account in enumerate(names)
        for k in range(20)
    ]


def detected(
    rows: Iterable[Row],
    claims: Claims = lambda _: {},
    *,
    authorised_use: pa.Table | None = None,
    **parameters: float,
) -> Detection:
    """Run detection; `claims` gives what an account says of itself, or None for no row at all."""
    prints = fingerprints(rows)
    names = sorted(set(prints["account_id"].to_pylist()))
    said = [(name, claims(name)) for name in names]
    with open_engine(threads=1) as engine:
        engine.add_arrow("fingerprints", prints)
        engine.add_arrow(
            "accounts",
            claims_of({"account_id": name, **row} for name, row in said if row is not None),
        )
        add_beside(engine, authorised_use=authorised_use)
        chosen: Any = parameters
        return detect(engine, replace(Parameters(), **chosen), FIELDS, lambda _: None)


def group_of(found: Detection, names: Sequence[str]) -> str:
    """Return the group that holds most of these accounts, and nearly all of them."""
    held: dict[str, int] = {}
    for row in found.tables["members"].to_pylist():
        if row["account_id"] in names and row["probability"] >= 0.5:
            held[row["group_id"]] = held.get(row["group_id"], 0) + 1
    best = max(held, key=lambda group: held[group])
    assert held[best] >= 0.9 * len(names)
    return best


def term(found: Detection, group: str, name: str) -> Row | None:
    """Return a group's evidence of this name, None if it was left out."""
    rows = [
        row
        for row in found.tables["evidence"].to_pylist()
        if row["group_id"] == group and row["term"] == name and row["account_id"] is None
    ]
    return rows[0] if rows else None


def _exchange(
    account: str, hour: float, number: int, phrases: list[int], rng: np.random.Generator
) -> Row:
    return {
        "account_id": account, "second": 3_600.0 * hour + float(rng.integers(3_000)),
        "phrases": phrases, "minhash": rng.bytes(24), "prompt_hash": number,
        "template_key": 10**12 + number, "response_hash": number, "output_tokens": 200,
        "temperature": 1.0, "user_agent": f"agent-{int(rng.integers(40))}/1",
    }  # fmt: skip
