"""How many accounts would hold both traits of a pair if nobody coordinated: the stratified null."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array
from scipy.stats import poisson

from stillwatch.detect.network.pairs import TraitPairs
from stillwatch.engine import Engine

Floats = npt.NDArray[np.float64]
_BLOCK = 50_000


@dataclass(frozen=True, slots=True)
class Validated:
    """The pairs that survive the false discovery rate, with their expectation and tail."""

    pairs: TraitPairs
    expected: Floats
    log_p: Floats
    tested: int
    """All pairs that could have been: what the false discovery rate is over."""


def validate_pairs(engine: Engine, pairs: TraitPairs, *, false_discovery_rate: float) -> Validated:
    """Keep the pairs that more accounts hold than the stratified configuration null allows.

    λ_tu = Σ_s df_ts · df_us · Σ_{a∈s} θ_a(bundle t) θ_a(bundle u), where θ is an account's share of
    its stratum's holdings in that bundle: busy accounts hold many traits and meet by chance.
    Poisson upper tail; Benjamini–Hochberg (1995) over all possible pairs, counted or not.
    """
    traits = engine.scalar("SELECT count(DISTINCT trait) FROM counted")
    tested = max(1, traits * (traits - 1) // 2)
    expected = _expected(engine, pairs)
    log_p = poisson.logsf(pairs.together - 1, np.maximum(expected, 1e-12))
    keep = _benjamini_hochberg(log_p, tested, false_discovery_rate)
    return Validated(
        pairs=TraitPairs(pairs.first[keep], pairs.second[keep], pairs.together[keep]),
        expected=expected[keep],
        log_p=log_p[keep],
        tested=tested,
    )


def _benjamini_hochberg(log_p: Floats, tested: int, rate: float) -> npt.NDArray[np.int64]:
    """Return the sorted positions of the hypotheses rejected at this rate, `tested` in all."""
    if log_p.size == 0:
        return np.empty(0, dtype=np.int64)
    order = np.argsort(log_p, kind="stable")
    limits = np.log(rate) + np.log(np.arange(1, log_p.size + 1)) - np.log(tested)
    passed = np.nonzero(log_p[order] <= limits)[0]
    if passed.size == 0:
        return np.empty(0, dtype=np.int64)
    return np.sort(order[: passed[-1] + 1]).astype(np.int64)


def _expected(engine: Engine, pairs: TraitPairs) -> Floats:
    held = engine.arrow(
        "SELECT c.trait, s.stratum, count(*) AS accounts FROM counted c JOIN strata s USING (account) "
        "GROUP BY 1, 2 ORDER BY 1, 2"
    )
    trait = held["trait"].to_numpy().astype(np.int64)
    stratum = held["stratum"].to_numpy().astype(np.int64)
    if trait.size == 0:
        return np.zeros(pairs.first.size)
    shape = (int(trait.max()) + 1, int(stratum.max()) + 1)
    holders = csr_array(
        (held["accounts"].to_numpy().astype(np.float64), (trait, stratum)), shape=shape
    )
    bundle_of, meeting = _meeting_rates(engine, shape)
    expected = np.zeros(pairs.first.size)
    bundles = meeting.shape[0]
    code = bundle_of[pairs.first] * bundles + bundle_of[pairs.second]
    for value in np.unique(code):
        rows = np.nonzero(code == value)[0]
        rate = meeting[value // bundles, value % bundles]
        for start in range(0, rows.size, _BLOCK):
            block = rows[start : start + _BLOCK]
            both = holders[pairs.first[block]].multiply(holders[pairs.second[block]])
            expected[block] = both @ rate
    return expected


def _meeting_rates(engine: Engine, shape: tuple[int, int]) -> tuple[npt.NDArray[np.int64], Floats]:
    """Return each trait's bundle number, and Σ_a θ_a θ_a per pair of bundles and stratum."""
    traits = engine.arrow("SELECT trait, bundle FROM trait_values ORDER BY trait")
    names = sorted(set(traits["bundle"].to_pylist()))
    number = {name: i for i, name in enumerate(names)}
    bundle_of = np.zeros(max(shape[0], traits.num_rows), dtype=np.int64)
    bundle_of[traits["trait"].to_numpy()] = [number[name] for name in traits["bundle"].to_pylist()]
    held = engine.arrow(
        "SELECT c.bundle, c.account, s.stratum, count(*) AS traits FROM counted c "
        "JOIN strata s USING (account) GROUP BY 1, 2, 3 ORDER BY 1, 2"
    )
    account = held["account"].to_numpy().astype(np.int64)
    degree = np.zeros((len(names), int(account.max()) + 1))
    bundle = np.array([number[name] for name in held["bundle"].to_pylist()], dtype=np.int64)
    degree[bundle, account] = held["traits"].to_numpy()
    stratum_of = np.zeros(degree.shape[1], dtype=np.int64)
    stratum_of[account] = held["stratum"].to_numpy()
    totals = np.zeros((len(names), shape[1]))
    for i in range(len(names)):
        totals[i] = np.bincount(stratum_of, weights=degree[i], minlength=shape[1])
    meeting = np.zeros((len(names), len(names), shape[1]))
    for i in range(len(names)):
        for j in range(i, len(names)):
            met = np.bincount(stratum_of, weights=degree[i] * degree[j], minlength=shape[1])
            scale = totals[i] * totals[j]
            rate = np.divide(met, scale, out=np.zeros_like(met), where=scale > 0)
            meeting[i, j] = meeting[j, i] = rate
    return bundle_of, meeting
