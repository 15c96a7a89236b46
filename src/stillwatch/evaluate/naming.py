"""Who was named, rightly and wrongly: precision, recall, harm, reliability."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from stillwatch.evaluate.figures import Figure, proportion
from stillwatch.evaluate.inputs import Inputs
from stillwatch.model.vocabulary import NAMED_PROBABILITY
from stillwatch.statistics.intervals import (
    Interval,
    clopper_pearson,
    poisson_exact,
    precision_at,
)

ELIGIBLE_EXCHANGES: Final = 20
"""Recall is over accounts with at least this many campaign exchanges."""
PREVALENCES: Final = (1e-2, 1e-3, 1e-4)
_MONTH_US: Final = 30 * 86_400 * 1_000_000
_ACCOUNTS: Final = "accounts, as if independent; members of one group are not"
_BINS: Final = 10


@dataclass(frozen=True, slots=True)
class Naming:
    """The figures about named accounts."""

    named: int
    named_innocent: int
    precision: Figure
    per_100k_account_months: Figure
    reweighted: dict[str, Figure]
    recall: Figure
    exchange_recall: Figure
    harm: dict[str, Figure]
    countries: dict[str, Figure]


def named_accounts(inputs: Inputs) -> frozenset[str]:
    """Return the members, at probability 0.5 or more, of groups that are reported as campaigns."""
    return frozenset(
        account
        for (group, account), probability in inputs.members.items()
        if group in inputs.reported and probability >= NAMED_PROBABILITY
    )


def score_naming(inputs: Inputs) -> Naming:
    """Return precision, recall and harm; an account without a campaign exchange is innocent."""
    named = named_accounts(inputs)
    innocent = [a for a, facts in inputs.accounts.items() if facts.campaign is None]
    guilty = [a for a, facts in inputs.accounts.items() if facts.campaign is not None]
    false = sum(a in named for a in innocent)
    true = sum(a in named for a in guilty)
    eligible = [a for a in guilty if inputs.accounts[a].harvested >= ELIGIBLE_EXCHANGES]
    harvested = sum(inputs.accounts[a].harvested for a in guilty)
    caught = sum(inputs.accounts[a].harvested for a in guilty if a in named)
    return Naming(
        named=len(named),
        named_innocent=false,
        precision=proportion(true, true + false, _ACCOUNTS, "no account was named"),
        per_100k_account_months=_per_month(inputs, false, len(innocent)),
        reweighted={
            f"{p:g}": _reweighted(p, true, len(guilty), false, len(innocent)) for p in PREVALENCES
        },
        recall=proportion(
            sum(a in named for a in eligible),
            len(eligible),
            _ACCOUNTS,
            f"no account has {ELIGIBLE_EXCHANGES} campaign exchanges",
        ),
        exchange_recall=Figure(
            caught / harvested if harvested else None,
            successes=caught,
            trials=harvested,
            reason="no interval: exchanges of one account are not independent"
            if harvested
            else "the world has no campaign exchange",
        ),
        harm=_rates(inputs, named, innocent, "population"),
        countries=_rates(inputs, named, innocent, "country"),
    )


def _per_month(inputs: Inputs, false: int, innocent: int) -> Figure:
    months = innocent * (inputs.last - inputs.first) / _MONTH_US
    if months <= 0:
        return Figure(None, reason="the window has no length")
    exposure = months / 1e5
    return Figure(
        false / exposure,
        poisson_exact(false, exposure),
        over="innocent accounts named, as Poisson events over account-months of 30 days",
    )


def _reweighted(prevalence: float, true: int, guilty: int, false: int, innocent: int) -> Figure:
    """Return the precision that these two rates would give where campaigns are this rare."""
    if not guilty or not innocent:
        return Figure(None, reason="the world lacks campaign accounts or innocent ones")
    value = precision_at(prevalence, true / guilty, false / innocent)
    if value is None:
        return Figure(None, reason="no account was named")
    # Each rate at 97.5 %, so that both hold together at 95 % (Bonferroni).
    hit, miss = clopper_pearson(true, guilty, 0.975), clopper_pearson(false, innocent, 0.975)
    low = precision_at(prevalence, hit.low, miss.high) or 0.0
    high = precision_at(prevalence, hit.high, miss.low)
    return Figure(value, Interval(low, 1.0 if high is None else high), over=_ACCOUNTS)


def _rates(
    inputs: Inputs, named: frozenset[str], innocent: list[str], field: str
) -> dict[str, Figure]:
    """Return, for each value of a field, the share of innocent accounts that was named."""
    everyone: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    for account in innocent:
        value = getattr(inputs.accounts[account], field) or "unknown"
        everyone[value] += 1
        hit[value] += account in named
    return {
        value: proportion(hit[value], everyone[value], _ACCOUNTS, "nobody")
        for value in sorted(everyone)
    }


def score_reliability(inputs: Inputs) -> dict[str, Any]:
    """Return how far membership probabilities of reported campaigns can be believed.

    An account in several of them counts once, at its highest probability.
    """
    best: dict[str, float] = {}
    for (group, account), probability in inputs.members.items():
        if group in inputs.reported:
            best[account] = max(probability, best.get(account, 0.0))
    if not best:
        return {"brier": None, "members": 0, "bins": [], "reason": "no campaign was reported"}
    pairs = [(p, inputs.accounts[a].campaign is not None) for a, p in sorted(best.items())]
    bins = []
    for k in range(_BINS):
        inside = [(p, t) for p, t in pairs if min(int(p * _BINS), _BINS - 1) == k]
        if inside:
            observed = proportion(sum(t for _, t in inside), len(inside), _ACCOUNTS, "")
            bins.append(
                {
                    "from": k / _BINS,
                    "to": (k + 1) / _BINS,
                    "members": len(inside),
                    "mean_probability": sum(p for p, _ in inside) / len(inside),
                    "observed": observed.to_json(),
                }
            )
    brier = sum((p - t) ** 2 for p, t in pairs) / len(pairs)
    return {"brier": brier, "members": len(pairs), "bins": bins}
