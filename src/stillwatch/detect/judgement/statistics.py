"""The statistics that judgement's terms read, each a plain function of a group's facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log2
from typing import Final

from scipy.stats import poisson

from stillwatch.detect.judgement.facts import Facts
from stillwatch.detect.judgement.habits import Compared
from stillwatch.detect.parameters import Parameters

_ONE_PERCENT: Final = 0.01


def partition(facts: Facts, parameters: Parameters) -> float:
    """Return the level of item repeats across accounts: 0 fewer than chance … 4 a crowd.

    Where few repeats are expected, their absence means nothing.
    """
    repeats, expected = facts.repeats_across, facts.repeats_expected
    able = expected >= parameters.partition_power
    if able and poisson.cdf(repeats, expected) < parameters.partition_chance:
        return 0.0
    ratio = (repeats + 1.0) / (expected + 1.0)
    if ratio > 10.0:
        return 4.0
    if ratio > 3.0:
        return 3.0
    return 2.0 if able else 1.0


def linked(facts: Facts, parameters: Parameters) -> float | None:
    """Return the share of members that ties join.

    None where hardly any request goes on with a conversation: single questions cannot be handed
    over, so that none were says nothing.
    """
    return facts.linked if facts.continued >= parameters.least_continued else None


def failover(facts: Facts, parameters: Parameters) -> float:
    """Return how far echoes after errors exceed twice those before, in fours.

    N_after ~ Bin(N_before + N_after, ½) if errors cause nothing; one pair of accounts may belong to
    one person, so the echoes must touch a part of the group.
    """
    if facts.failover_breadth < parameters.failover_breadth:
        return 0.0
    if facts.failover_after < parameters.least_echoes:
        return 0.0
    return max(0.0, (facts.failover_after - 2.0 * facts.failover_before) / 4.0)


def elicitation(facts: Facts, _: Parameters) -> float:
    """Return how often the work elicits, grades or cleans, in doublings of the rate elsewhere.

    A ratio, because no list of wordings catches all of it; 1 % is added to both rates, so that a
    few requests more than none are no multiple of nothing.
    """
    here = facts.eliciting + facts.processing
    elsewhere = facts.base_eliciting + facts.base_processing
    return log2((here + _ONE_PERCENT) / (elsewhere + _ONE_PERCENT))


def focus(facts: Facts, _: Parameters) -> float:
    """Return the total variation distance of the work's capabilities from everybody else's."""
    return (
        sum(abs(facts.capabilities[c] - facts.base_capabilities[c]) for c in facts.capabilities) / 2
    )


def declared(facts: Facts, parameters: Parameters) -> float | None:
    """Return the share of members that declare one organisation, school or verified mail domain.

    None where too few of them stand in the account table: who is not there declares nothing, and
    that is no sign of hiding.
    """
    if facts.known < parameters.least_known:
        return None
    return max(facts.declared, facts.education)


def mismatch_excess(facts: Facts, parameters: Parameters) -> float | None:
    """Return how far members are seen away from where they are billed, beyond others billed there.

    None where too few show both countries, or nobody outside does.
    """
    if facts.located < parameters.least_known or facts.base_mismatched is None:
        return None
    return facts.mismatched - facts.base_mismatched


def phone_mismatch(facts: Facts, parameters: Parameters) -> float | None:
    """Return how many more members have a foreign phone than others who are billed where they are.

    None where fewer than a quarter show both, or nobody outside does.
    """
    least = parameters.least_known * facts.accounts / 2
    return _excess(facts.phoned, max(parameters.smallest_cell, least))


def several_callers(facts: Facts, parameters: Parameters) -> float | None:
    """Return how many more members serve several callers than accounts that tell as much elsewhere.

    None where too few members sent enough, or requests say nothing of who asks.
    """
    return _excess(facts.callers, max(1.0, parameters.least_known * facts.accounts))


def pivot(facts: Facts, parameters: Parameters) -> float | None:
    """Return how much more of the work had moved to a new model a day after it appeared.

    None where no model appeared, or too few members worked in those days.
    """
    return _excess(facts.pivoted, parameters.smallest_cell)


def foreign_history(facts: Facts, parameters: Parameters) -> float | None:
    """Return how much more of the work holds answers in its history that were never given here.

    None where too few members can show it, or so many others do that the logs lack the answers.
    """
    if (facts.foreign.outside or 0.0) > parameters.most_foreign:
        return None
    return _excess(facts.foreign, max(1.0, parameters.least_known * facts.accounts))


def control_ticks(facts: Facts, parameters: Parameters) -> float | None:
    """Return how much oftener members' control events fall together than others' fall beside them.

    None where too few members show such events, or nobody outside does.
    """
    return _excess(facts.ticks, parameters.smallest_cell)


def cool_down(facts: Facts, parameters: Parameters) -> float | None:
    """Return how much oftener members rest after a rate limit than others do.

    None where too few members met one, or nobody outside did.
    """
    return _excess(facts.rested, parameters.smallest_cell)


def header_contradiction(facts: Facts, parameters: Parameters) -> float | None:
    """Return how many more members show a client that contradicts their claim than others do.

    None where too few members claim a client that is known elsewhere, or stand in the account table:
    what a group conceals is judged only where it could have declared something.
    """
    if facts.known < parameters.least_known:
        return None
    return _excess(facts.contradicted, parameters.smallest_cell)


def succession(facts: Facts, parameters: Parameters) -> float | None:
    """Return how far members that began after suspensions exceed twice those before.

    None where too few working members were suspended for anybody to take over from.
    """
    found = facts.succession
    least = max(parameters.least_suspended, parameters.suspended_share * facts.accounts)
    if found.suspended < least:
        return None
    return max(0.0, found.after - 2.0 * found.before)


def _excess(compared: Compared, least: float) -> float | None:
    if compared.members < least or compared.outside is None:
        return None
    return compared.inside - compared.outside


Statistic = Callable[[Facts, Parameters], float | None]
"""Reads one number from a group's facts; None where the group shows too little for it to be said."""

STATISTICS: Final[Mapping[str, Statistic]] = {
    "linked": linked,
    "failover": failover,
    "shared_identity": lambda f, _: f.shared["identity"],
    "shared_client": lambda f, _: f.shared["client"],
    "shared_network": lambda f, _: f.shared["network"],
    "shared_timing": lambda f, _: f.shared["timing"],
    "partition": partition,
    "breadth": lambda f, _: f.breadth,
    "work_share": lambda f, _: f.work_share,
    "work_per_account": lambda f, _: f.work / f.accounts,
    "elicitation": elicitation,
    "focus": focus,
    "single_turn_excess": lambda f, _: f.single_turn - f.base_single_turn,
    "multi_sampled_excess": lambda f, _: f.multi_sampled - f.base_multi_sampled,
    "declared": declared,
    "mismatch_excess": mismatch_excess,
    "phone_mismatch": phone_mismatch,
    "several_callers": several_callers,
    "pivot": pivot,
    "foreign_history": foreign_history,
    "succession": succession,
    "control_ticks": control_ticks,
    "cool_down": cool_down,
    "header_contradiction": header_contradiction,
}
