"""The statistics that judgement's terms read, each a plain function of a group's facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log2
from typing import Final

from scipy.stats import poisson

from stillwatch.detect.judgement.facts import Facts

# Below six expected repeats their absence means nothing.
_POWER: Final = 6.0
_FEWER: Final = 1e-3
_ONE_PERCENT: Final = 0.01


def partition(facts: Facts) -> float:
    """Return the level of item repeats across accounts: 0 fewer than chance … 4 a crowd."""
    repeats, expected = facts.repeats_across, facts.repeats_expected
    if expected >= _POWER and poisson.cdf(repeats, expected) < _FEWER:
        return 0.0
    ratio = (repeats + 1.0) / (expected + 1.0)
    if ratio > 10.0:
        return 4.0
    if ratio > 3.0:
        return 3.0
    return 2.0 if expected >= _POWER else 1.0


def failover(facts: Facts) -> float:
    """Return how far echoes after errors exceed those before, in tens: 10 extra echoes count 1.

    N_after ~ Bin(N_before + N_after, ½) if errors cause nothing; one pair of accounts may belong to
    one person, so the echoes must touch a twentieth of the group.
    """
    if facts.failover_breadth < 0.05 or facts.failover_after < 4:
        return 0.0
    return max(0.0, (facts.failover_after - 2.0 * facts.failover_before) / 4.0)


def elicitation(facts: Facts) -> float:
    """Return how often the work elicits, grades or cleans, in doublings of the rate elsewhere.

    A ratio, because no list of wordings catches all of it; 1 % is added to both rates, so that a
    few requests more than none are no multiple of nothing.
    """
    here = facts.eliciting + facts.processing
    elsewhere = facts.base_eliciting + facts.base_processing
    return log2((here + _ONE_PERCENT) / (elsewhere + _ONE_PERCENT))


def focus(facts: Facts) -> float:
    """Return the total variation distance of the work's capabilities from everybody else's."""
    return (
        sum(abs(facts.capabilities[c] - facts.base_capabilities[c]) for c in facts.capabilities) / 2
    )


STATISTICS: Final[Mapping[str, Callable[[Facts], float]]] = {
    "linked": lambda f: f.linked,
    "failover": failover,
    "shared_identity": lambda f: f.shared["identity"],
    "shared_client": lambda f: f.shared["client"],
    "shared_network": lambda f: f.shared["network"],
    "shared_timing": lambda f: f.shared["timing"],
    "partition": partition,
    "breadth": lambda f: f.breadth,
    "work_share": lambda f: f.work_share,
    "work_per_account": lambda f: f.work / f.accounts,
    "elicitation": elicitation,
    "focus": focus,
    "single_turn_excess": lambda f: f.single_turn - f.base_single_turn,
    "multi_sampled": lambda f: f.multi_sampled,
    "declared": lambda f: max(f.declared, f.education),
    "mismatch_excess": lambda f: f.mismatched - f.base_mismatched,
}
