"""Weighs a group's facts as a campaign against the innocent explanation that fits them best."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from scipy.special import logsumexp

from stillwatch.detect.judgement.facts import Facts
from stillwatch.detect.judgement.hypotheses import BY_NAME, INNOCENT, Hypothesis, rivals
from stillwatch.detect.judgement.likelihoods import EXTRACTION, SCORES, VARIANTS, Likelihoods, Term
from stillwatch.detect.judgement.statistics import STATISTICS
from stillwatch.detect.parameters import Parameters
from stillwatch.model.vocabulary import CAMPAIGN_Q_VALUE, GroupKind


@dataclass(frozen=True, slots=True)
class WeighedTerm:
    """One term as it went into its score: the level shown, and against which explanation."""

    term: Term
    level: int
    value: float
    log_odds: float
    against: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a group was judged to be, with the terms that say so."""

    kind: GroupKind
    scores: dict[str, float]
    terms: tuple[WeighedTerm, ...]
    """Each score is the sum of its terms."""
    variant: str
    """How the campaign would be run: the reading that fits its facts best."""
    best_innocent: str
    """The explanation under which all the facts together are likeliest."""
    log_odds: float
    """Prior log-odds plus the log-likelihood ratio of all facts, each side a mixture of readings."""
    q_value: float


def judge(
    facts: Sequence[Facts], likelihoods: Likelihoods, parameters: Parameters
) -> list[Verdict]:
    """Judge groups together, since the q-value of one depends on how many there are.

    A term of which a group shows too little is left out for that group. Each score is weighed
    against the kindest of its rival explanations, extraction of those that the other scores' terms
    leave plausible; the verdict as a whole against all explanations, each with an equal share of
    the prior. The q-value is the Bayesian false discovery rate (Efron 2008): the mean posterior of
    innocence among the groups ranked as high.
    """
    weighed = [_weigh(f, likelihoods, parameters) for f in facts]
    # Where most of a group is declared, somebody has answered for it: it is innocent by that, is
    # never a campaign, and lends its rank to no other group.
    declared = [f.authorised > parameters.authorised_share for f in facts]
    posterior_innocent = [
        1.0 if said else _doubt(w) for w, said in zip(weighed, declared, strict=True)
    ]
    order = sorted(range(len(weighed)), key=lambda i: (posterior_innocent[i], i))
    q_value = [1.0] * len(weighed)
    total = 0.0
    for rank, i in enumerate(order, start=1):
        total += posterior_innocent[i]
        q_value[i] = total / rank
    return [
        _conclude(w, q, said, parameters)
        for w, q, said in zip(weighed, q_value, declared, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Weighed:
    terms: tuple[WeighedTerm, ...]
    scores: dict[str, float]
    variant: str
    best_innocent: str
    log_odds: float


def _doubt(weighed: _Weighed) -> float:
    # The posterior of innocence: the local false discovery rate.
    return 1.0 / (1.0 + exp(min(700.0, weighed.log_odds)))


def _weigh(facts: Facts, likelihoods: Likelihoods, parameters: Parameters) -> _Weighed:
    shown = []
    for term in likelihoods.terms:
        value = STATISTICS[term.statistic](facts, parameters)
        if value is not None:
            shown.append((term, value, term.level(value)))
    fit = {
        variant: sum(t.log_probability(value, variant) for t, value, _ in shown)
        for variant in VARIANTS
    }
    variant = max(VARIANTS, key=lambda v: fit[v])
    terms: list[WeighedTerm] = []
    scores = {}
    for score in SCORES:
        own = [s for s in shown if s[0].score == score]
        others = [s for s in shown if s[0].score != score]
        against = min(
            _plausible(rivals(score), others, parameters) if score == EXTRACTION else rivals(score),
            key=lambda h: sum(
                t.log_odds(value, variant, t.kindest(value, variant, h.name)) for t, value, _ in own
            ),
        ).name
        weighed = []
        for t, value, level in own:
            kindest = t.kindest(value, variant, against)
            log_odds = t.log_odds(value, variant, kindest)
            weighed.append(WeighedTerm(t, level, value, log_odds, kindest))
        scores[score] = sum(w.log_odds for w in weighed)
        terms += weighed
    explained = {
        h.name: sum(t.log_probability(value, h.name) for t, value, _ in shown) for h in INNOCENT
    }
    best = max(explained, key=lambda name: (explained[name], name))
    return _Weighed(
        terms=tuple(terms),
        scores=scores,
        variant=variant,
        best_innocent=best,
        log_odds=parameters.prior_log_odds + _mixture(fit) - _mixture(explained),
    )


def _plausible(
    explanations: Sequence[Hypothesis],
    shown: Sequence[tuple[Term, float, int]],
    parameters: Parameters,
) -> list[Hypothesis]:
    # What the other scores' terms rule out cannot excuse the work: accounts that hand one another
    # their conversations do not each run a public benchmark. Only the work is weighed so: were
    # coordination too, work that fits nobody innocent would make up for accounts that nothing joins.
    fit = [sum(t.log_probability(value, h.name) for t, value, _ in shown) for h in explanations]
    least = max(fit) - parameters.plausible_log_odds
    return [h for h, value in zip(explanations, fit, strict=True) if value >= least]


def _mixture(log_likelihood: dict[str, float]) -> float:
    # Several readings of one side share its prior equally: the log of their mean likelihood.
    return float(logsumexp(list(log_likelihood.values()))) - log(len(log_likelihood))


def _conclude(weighed: _Weighed, q_value: float, declared: bool, parameters: Parameters) -> Verdict:
    scores = weighed.scores
    # Each of the three must speak for a campaign by itself; none can make up for another.
    campaign = (
        not declared
        and q_value <= CAMPAIGN_Q_VALUE
        and _doubt(weighed) <= parameters.most_doubt
        and all(value > parameters.least_score for value in scores.values())
    )
    return Verdict(
        kind="campaign" if campaign else BY_NAME[weighed.best_innocent].kind,
        scores=scores,
        terms=weighed.terms,
        variant=weighed.variant,
        best_innocent=weighed.best_innocent,
        log_odds=weighed.log_odds,
        q_value=q_value,
    )
