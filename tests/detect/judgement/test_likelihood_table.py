"""The likelihood table is sound, and an unsound one is refused by the name of its row."""

from __future__ import annotations

import re
from importlib.resources import files
from math import exp, fsum, isclose, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.detect.judgement.hypotheses import INNOCENT
from stillwatch.detect.judgement.likelihoods import (
    SCORES,
    VARIANTS,
    Term,
    built_in_likelihoods,
    parse_likelihoods,
)
from stillwatch.detect.judgement.statistics import STATISTICS
from stillwatch.detect.parameters import Parameters
from stillwatch.detect.traits.registry import BUILT_IN
from stillwatch.errors import StillwatchError
from stillwatch.model.vocabulary import EVIDENCE_FAMILIES, GROUP_KINDS
from tests.detect.judgement.made_facts import HARVEST, NEUTRAL

TEXT = files("stillwatch.detect.judgement").joinpath("likelihoods.toml").read_text("utf-8")
TERMS = built_in_likelihoods().terms


def name(term: Term) -> str:
    return f"{term.score}.{term.name}"


@pytest.mark.parametrize("term", TERMS, ids=name)
def test_rows_are_distributions_over_the_levels(term: Term) -> None:
    assert set(term.log_likelihood) == {*VARIANTS, *(h.name for h in INNOCENT)}
    for row in term.log_likelihood.values():
        assert len(row) == len(term.edges) + 1
        assert isclose(fsum(exp(p) for p in row), 1.0, abs_tol=1e-6)
    assert list(term.edges) == sorted(set(term.edges))
    assert term.score in SCORES and term.family in EVIDENCE_FAMILIES


@pytest.mark.parametrize("term", TERMS, ids=name)
def test_no_term_alone_decides(term: Term) -> None:
    for variant in VARIANTS:
        for hypothesis in INNOCENT:
            rows = term.log_likelihood[variant], term.log_likelihood[hypothesis.name]
            assert all(abs(ours - theirs) < 6.0 for ours, theirs in zip(*rows, strict=True))


@pytest.mark.parametrize("term", TERMS, ids=name)
@given(value=st.floats(-2.0, 12.0))
def test_a_value_counts_as_its_level_and_near_an_edge_as_the_next_in_part(
    term: Term, value: float
) -> None:
    shares = term.shares(value)
    assert isclose(fsum(share for _, share in shares), 1.0)
    assert all(share >= 0.0 for _, share in shares)
    assert max(shares, key=lambda pair: pair[1])[0] == term.level(value) or len(shares) == 2
    assert term.level(value) in {level for level, _ in shares}
    if all(abs(value - edge) >= blur for edge, blur in zip(term.edges, term.blur, strict=True)):
        assert shares == ((term.level(value), 1.0),)


@pytest.mark.parametrize("term", TERMS, ids=name)
def test_what_lies_on_an_edge_is_half_either_and_nothing_at_all_is_nothing(term: Term) -> None:
    for place, (edge, blur) in enumerate(zip(term.edges, term.blur, strict=True)):
        if blur:
            assert term.shares(edge) == ((place, 0.5), (place + 1, 0.5))
            row = term.log_likelihood["reseller"]
            middle = log((exp(row[place]) + exp(row[place + 1])) / 2)
            assert isclose(term.log_probability(edge, "reseller"), middle)
            for side in (-1, 1):
                beyond = term.shares(edge + side * blur * 1.0001)
                assert beyond == ((place + (side > 0), 1.0),)
    assert term.shares(0.0) == ((term.level(0.0), 1.0),)


@pytest.mark.parametrize("term", TERMS, ids=name)
def test_levels_are_cut_at_the_edges(term: Term) -> None:
    assert term.level(float("-inf")) == 0
    assert term.level(float("inf")) == len(term.edges)
    for place, edge in enumerate(term.edges):
        assert term.level(edge) == place + 1
        assert term.level(edge - 1e-9) == place


def test_every_statistic_is_read_once_and_every_score_has_terms() -> None:
    read = [term.statistic for term in TERMS]
    assert sorted(read) == sorted(STATISTICS)
    assert {term.score for term in TERMS} == set(SCORES)
    names = [name(term) for term in TERMS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("statistic", sorted(STATISTICS))
def test_statistics_are_numbers_of_any_group(statistic: str) -> None:
    for facts in (NEUTRAL, HARVEST):
        assert isinstance(STATISTICS[statistic](facts, Parameters()), float | int)


def test_hypotheses_are_told_apart_and_lead_to_kinds() -> None:
    names = [h.name for h in INNOCENT]
    assert len(set(names)) == len(names)
    assert {h.kind for h in INNOCENT} == set(GROUP_KINDS) - {"campaign"}


def test_nobody_is_weighed_by_country_or_language() -> None:
    # Only a mismatch between what is claimed and what is seen may count.
    # (What a term needs to be judged at all is no weight.)
    weights = "\n".join(line for line in TEXT.splitlines() if not line.startswith("needs"))
    assert not re.search("nationality|language|billing_country", weights)
    assert {t.statistic for t in TERMS if "mismatch" in t.statistic} == {
        "mismatch_excess",
        "phone_mismatch",
    }


def changed(row: str, put: str) -> str:
    text, count = re.subn(row, put, TEXT, count=1, flags=re.MULTILINE | re.DOTALL)
    assert count == 1
    return text


LINEAGE = r"(\[coordination\.lineage\].*?^class\s+= )\[[^\]]*\]"


@pytest.mark.parametrize(
    "row",
    ["[0.9, 0.05, 0.03, 0.03]", "[0.5, 0.5]", "[1.0, 0.0, 0.0, 0.0]", "[]",
     "[1.2, -0.1, -0.05, -0.05]", "[0.2, 0.2, 0.2, 0.2, 0.2]"],
)  # fmt: skip
def test_a_row_that_is_no_distribution_is_named(row: str) -> None:
    with pytest.raises(StillwatchError, match=r"coordination\.lineage\.class") as caught:
        parse_likelihoods(changed(LINEAGE, rf"\g<1>{row}"), source="mine.toml")
    assert caught.value.source == "mine.toml" and caught.value.hint


def test_a_row_that_is_missing_is_named() -> None:
    text = changed(r"(\[coordination\.lineage\].*?)^viral\s+=[^\n]*\n", r"\g<1>")
    with pytest.raises(StillwatchError, match=r"coordination\.lineage\.viral"):
        parse_likelihoods(text, source="mine.toml")


@pytest.mark.parametrize(
    ("row", "put"),
    [
        (r'^statistic = "linked"', 'statistic = "horoscope"'),
        (r'^family = "lineage"', 'family = "astrology"'),
    ],
)
def test_an_unknown_statistic_or_family_is_named(row: str, put: str) -> None:
    with pytest.raises(StillwatchError, match=r"coordination\.lineage"):
        parse_likelihoods(changed(row, put), source="mine.toml")


def test_an_unknown_explanation_of_a_term_alone_is_named() -> None:
    with pytest.raises(StillwatchError, match=r"concealment\.claimed_against_observed"):
        parse_likelihoods(
            changed(r'^also = \["network"\]', 'also = ["ghosts"]'), source="mine.toml"
        )


@pytest.mark.parametrize("term", ["identity", "client"])
def test_any_field_that_makes_a_trait_of_the_family_is_enough(term: str) -> None:
    (found,) = [t for t in TERMS if t.name == term]
    alone = {need for kind in BUILT_IN if kind.family == found.family for need in kind.needs}
    assert set(found.needs_one_of) == alone
    assert all(found.can_be_judged({field}) for field in alone)
    assert not found.can_be_judged({"accounts.account_id", "accounts.plan", "exchanges.prompt"})


def test_the_calibration_says_where_it_comes_from() -> None:
    assert "simulat" in built_in_likelihoods().calibration


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("hypothesis", [h.name for h in INNOCENT])
def test_that_several_callers_come_through_accounts_only_excuses(
    variant: str, hypothesis: str
) -> None:
    (found,) = [t for t in TERMS if t.statistic == "several_callers"]
    odds = [found.log_odds(value, variant, hypothesis) for value in (-1.0, 0.2, 1.0)]
    assert odds == sorted(odds, reverse=True) and odds[-1] <= 1e-9
    if hypothesis not in {"reseller", "aggregator"}:
        assert odds == pytest.approx([0.0] * len(odds))


@pytest.mark.parametrize("statistic", ["succession", "control_ticks", "cool_down"])
def test_what_a_reseller_does_as_a_campaign_does_says_nothing_between_them(
    statistic: str,
) -> None:
    (found,) = [t for t in TERMS if t.statistic == statistic]
    assert {found.log_odds(value, "pool", "reseller") for value in (0.0, 0.1, 2.4, 9.0)} == {0.0}
