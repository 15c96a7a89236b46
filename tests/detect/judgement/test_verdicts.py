"""Verdicts: scores that add up, nobody accused on too little, and openness respected."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from math import exp, fsum, isclose, log
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.detect import Parameters
from stillwatch.detect.judgement.facts import Facts
from stillwatch.detect.judgement.hypotheses import BY_NAME, INNOCENT, rivals
from stillwatch.detect.judgement.judge import Verdict, judge
from stillwatch.detect.judgement.likelihoods import SCORES, VARIANTS, built_in_likelihoods
from stillwatch.detect.result.sentences import group_summary, term_statement, weighed_against
from stillwatch.model.vocabulary import CAMPAIGN_Q_VALUE
from tests.detect.judgement.made_facts import HARVEST, NEUTRAL, any_facts, facts

PARAMETERS = Parameters()
TABLE = built_in_likelihoods()
DECLARED = 0.75
"""A share of one declared unit that no reading calls concealed."""


def verdict(of: Facts) -> Verdict:
    return judge([of], TABLE, PARAMETERS)[0]


@settings(max_examples=150)
@given(st.lists(any_facts(), max_size=6))
def test_scores_are_the_sums_of_their_terms(several: list[Facts]) -> None:
    for v in judge(several, TABLE, PARAMETERS):
        assert set(v.scores) == set(SCORES) and v.variant in VARIANTS
        for score in SCORES:
            own = [w for w in v.terms if w.term.score == score]
            assert isclose(fsum(w.log_odds for w in own), v.scores[score], abs_tol=1e-9)
            shared = {w.against for w in own if not w.term.also}
            assert len(shared) <= 1 and shared <= {h.name for h in rivals(score)}
            # A term with rivals of its own takes the kindest of them and its score's.
            for w in own:
                assert w.against in {*(shared or {h.name for h in rivals(score)}), *w.term.also}
                kinder = {w.term.log_odds(w.value, v.variant, h) for h in {*shared, *w.term.also}}
                assert all(w.log_odds <= odds for odds in kinder)
        # The explanation replays the best innocent explanation's own terms.
        replayed = fsum(w.term.log_odds(w.value, v.variant, v.best_innocent) for w in v.terms)
        others = [
            fsum(w.term.log_odds(w.value, v.variant, h.name) for w in v.terms) for h in INNOCENT
        ]
        assert isclose(replayed, min(others), abs_tol=1e-9)
        # Both sides are mixtures in equal shares: never above the best reading by more than its share.
        for_it = PARAMETERS.prior_log_odds + replayed
        assert for_it - log(len(VARIANTS)) - 1e-9 <= v.log_odds + 0.0
        assert v.log_odds <= for_it + log(len(INNOCENT)) + 1e-9


@settings(max_examples=100)
@given(st.lists(any_facts() | st.just(HARVEST) | st.just(NEUTRAL), min_size=1, max_size=12))
def test_q_values_rise_with_rank_and_are_probabilities(several: list[Facts]) -> None:
    found = judge(several, TABLE, PARAMETERS)
    ranked = sorted(found, key=lambda v: -v.log_odds)
    assert all(0.0 <= v.q_value <= 1.0 for v in found)
    for better, worse in pairwise(ranked):
        assert better.q_value <= worse.q_value + 1e-12
    for v in found:
        assert (v.kind == "campaign") <= (v.q_value <= CAMPAIGN_Q_VALUE)
        assert v.kind == "campaign" or v.kind == BY_NAME[v.best_innocent].kind


@given(st.permutations([NEUTRAL, HARVEST, facts(linked=0.5), facts(declared=0.9), HARVEST]))
def test_the_order_of_groups_changes_no_verdict(several: list[Facts]) -> None:
    found = judge(several, TABLE, PARAMETERS)
    again = judge(several[::-1], TABLE, PARAMETERS)[::-1]
    assert [(v.kind, v.scores, v.best_innocent) for v in found] == [
        (v.kind, v.scores, v.best_innocent) for v in again
    ]


def test_a_harvest_behind_strangers_is_a_campaign() -> None:
    v = verdict(HARVEST)
    assert v.kind == "campaign"
    assert all(v.scores[score] > 0 for score in SCORES)


def test_a_group_that_nothing_distinguishes_is_no_campaign() -> None:
    v = verdict(NEUTRAL)
    assert v.kind != "campaign"
    assert v.log_odds < 0 and v.q_value > 0.5


def test_no_groups_no_verdicts() -> None:
    assert judge([], TABLE, PARAMETERS) == []


@settings(max_examples=300)
@given(any_facts(), st.floats(DECLARED, 1.0), st.booleans())
def test_a_declared_organisation_is_never_a_campaign(of: Facts, share: float, school: bool) -> None:
    unit: dict[str, Any] = {"education" if school else "declared": share, "known": 1.0}
    assert verdict(replace(of, **unit)).kind != "campaign"
    assert verdict(replace(HARVEST, **unit)).kind != "campaign"


@settings(max_examples=200)
@given(
    st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.integers(0, 10**5),
    st.sampled_from(sorted(HARVEST.capabilities)),
)  # fmt: skip
def test_what_is_asked_alone_never_makes_a_campaign(
    eliciting: float, processing: float, single: float, share: float, work: int, top: str
) -> None:
    # Strangers may all elicit reasoning, grade, or run benchmarks: nothing says one hand.
    v = verdict(
        facts(
            eliciting=eliciting,
            processing=processing,
            single_turn=single,
            work_share=share,
            work=work,
            capabilities={c: float(c == top) for c in HARVEST.capabilities},
        )
    )
    assert v.kind != "campaign"


@pytest.mark.parametrize(
    "without",
    [
        {"coordination": {"linked": 0.0, "failover_after": 0, "failover_breadth": 0.0,
                          "shared": NEUTRAL.shared, "breadth": 1.0, "wordings": 1,
                          "repeats_across": 900, "repeats_expected": 60.0}},
        {"extraction": {"eliciting": 0.05, "processing": 0.01, "single_turn": 0.3, "work": 200,
                        "work_share": 0.02, "multi_sampled": 0.0, "breadth": 1.0, "wordings": 1,
                        "capabilities": NEUTRAL.capabilities}},
        {"concealment": {"declared": 0.9}},
    ],
    ids=lambda case: next(iter(case)),
)  # fmt: skip
def test_all_three_scores_are_needed(without: dict[str, dict[str, Any]]) -> None:
    for changes in without.values():
        assert verdict(replace(HARVEST, **changes)).kind != "campaign"


@pytest.mark.parametrize(
    ("better", "worse"), [({"linked": 0.6}, {"linked": 0.0}),
                          ({"failover_after": 90}, {"failover_after": 3})],
)  # fmt: skip
def test_more_signs_of_one_hand_raise_coordination_and_acquit_nobody(
    better: dict[str, Any], worse: dict[str, Any]
) -> None:
    # Not the verdict's own log-odds: a relay's marks also make a resale pool a likelier explanation.
    more, less = verdict(replace(HARVEST, **better)), verdict(replace(HARVEST, **worse))
    assert more.scores["coordination"] > less.scores["coordination"]
    assert more.kind == "campaign"


def test_more_elicitation_speaks_for_a_campaign() -> None:
    more, less = (verdict(replace(HARVEST, eliciting=share)) for share in (0.8, 0.05))
    assert more.scores["extraction"] > less.scores["extraction"]
    assert more.log_odds > less.log_odds


def test_an_explanation_that_the_rest_rules_out_excuses_no_work() -> None:
    # People who run a benchmark ask for reasoning too, but hand one another no conversations.
    asked = replace(HARVEST, eliciting=0.6, processing=0.0)
    apart = replace(
        asked, linked=0.0, failover_after=0, failover_breadth=0.0, shared=NEUTRAL.shared
    )
    for facts_, excused in ((asked, False), (apart, True)):
        (rival,) = {w.against for w in verdict(facts_).terms if w.term.name == "elicitation"}
        assert (rival == "benchmark") == excused
    strict = replace(PARAMETERS, plausible_log_odds=1e9)
    (rival,) = {
        w.against for w in judge([asked], TABLE, strict)[0].terms if w.term.name == "elicitation"
    }
    assert rival == "benchmark"


def test_work_never_makes_up_for_accounts_that_nothing_joins() -> None:
    # Found by review: work that fits nobody innocent ruled coordination's rivals out.
    of = replace(
        NEUTRAL, work=2000, work_share=0.8, eliciting=0.2, single_turn=0.65, multi_sampled=0.05,
        breadth=1.0, linked=0.0, failover_after=0, failover_breadth=0.0, repeats_across=0,
        repeats_expected=60.0, declared=0.02, shared=dict.fromkeys(NEUTRAL.shared, 0.0),
    )  # fmt: skip
    found = verdict(of)
    assert found.kind != "campaign"
    without = judge([of], TABLE, replace(PARAMETERS, plausible_log_odds=1e9))[0]
    assert found.scores["coordination"] == without.scores["coordination"]


def test_a_doubtful_group_does_not_ride_on_certain_ones() -> None:
    # Its own doubt is what counts, although the q-value of many sure groups and one such is small.
    doubt = 1.0 / (1.0 + exp(verdict(HARVEST).log_odds))
    alone = judge([HARVEST] * 30, TABLE, replace(PARAMETERS, most_doubt=0.9 * doubt))
    assert all(v.q_value <= CAMPAIGN_Q_VALUE and v.kind != "campaign" for v in alone)
    named = judge([HARVEST] * 30, TABLE, replace(PARAMETERS, most_doubt=1.1 * doubt))
    assert all(v.kind == "campaign" for v in named)


@settings(max_examples=100)
@given(any_facts())
def test_every_verdict_can_be_said_in_plain_sentences(of: Facts) -> None:
    v = verdict(of)
    said = [term_statement(w, of) for w in v.terms]
    said.append(group_summary(v, of, {}))
    for sentence in said:
        assert sentence.endswith(".") and "{" not in sentence and "nan" not in sentence
    assert all(weighed_against(w) for w in v.terms)


@settings(max_examples=100)
@given(any_facts(located=1.0), st.floats(0.0, 1.0))
def test_being_away_never_says_more_than_a_vpn_would_explain(of: Facts, base: float) -> None:
    v = verdict(replace(of, base_mismatched=base))
    (term,) = [w for w in v.terms if w.term.name == "claimed_against_observed"]
    assert term.log_odds <= term.term.log_odds(term.value, v.variant, "network")
