"""What a source lacks is left out of judgement, and a term states what its level shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from stillwatch.detect.judgement.judge import judge
from stillwatch.detect.judgement.likelihoods import built_in_likelihoods
from stillwatch.detect.parameters import Parameters
from stillwatch.detect.result.sentences import term_statement
from tests.detect.judgement.made_facts import HARVEST

EVERY = {
    need for term in built_in_likelihoods().terms for need in (*term.needs, *term.needs_one_of)
}
PARAMETERS = Parameters()


def test_a_harvest_is_a_campaign_only_where_concealment_can_be_judged() -> None:
    (seen,) = judge([HARVEST], built_in_likelihoods().on(EVERY), PARAMETERS)
    blind = {field for field in EVERY if not field.startswith("accounts.")}
    (unseen,) = judge([HARVEST], built_in_likelihoods().on(blind), PARAMETERS)
    assert seen.kind == "campaign"
    assert unseen.kind != "campaign"
    assert unseen.scores["concealment"] == 0
    assert not {"identity", "declared_relation"} & {w.term.name for w in unseen.terms}


def test_without_history_its_absence_is_no_evidence() -> None:
    blind = EVERY - {"exchanges.prior_assistant_hashes"}
    (verdict,) = judge([HARVEST], built_in_likelihoods().on(blind), PARAMETERS)
    assert not {"lineage", "single_turn"} & {w.term.name for w in verdict.terms}


def test_a_statement_follows_the_level_and_not_the_sign_of_its_odds() -> None:
    # All share one client: a popular tool explains that better, but it is still what was seen.
    facts = replace(HARVEST, shared={**HARVEST.shared, "client": 1.0})
    (verdict,) = judge([facts], built_in_likelihoods(), PARAMETERS)
    (client,) = [w for w in verdict.terms if w.term.name == "client"]
    assert term_statement(client, facts).startswith("100 % of the accounts share")
    facts = replace(HARVEST, shared={**HARVEST.shared, "client": 0.0})
    (verdict,) = judge([facts], built_in_likelihoods(), PARAMETERS)
    (client,) = [w for w in verdict.terms if w.term.name == "client"]
    assert term_statement(client, facts) == "The accounts use unremarkable, differing clients."


@pytest.mark.parametrize("known", [0.4, 0.0])
def test_members_without_a_row_among_accounts_hide_nothing(known: float) -> None:
    facts = replace(HARVEST, declared=0.0, known=known)
    (verdict,) = judge([facts], built_in_likelihoods(), PARAMETERS)
    assert {w.term.score for w in verdict.terms} >= {"coordination", "extraction"}
    assert not {"declared_relation", "header_contradiction"} & {w.term.name for w in verdict.terms}
    assert verdict.kind != "campaign"


@pytest.mark.parametrize("unknown", [{"located": 0.4}, {"base_mismatched": None}])
def test_a_mismatch_is_weighed_only_where_it_can_be_seen(unknown: dict[str, Any]) -> None:
    facts = replace(HARVEST, **unknown)
    (verdict,) = judge([facts], built_in_likelihoods(), PARAMETERS)
    assert "claimed_against_observed" not in {w.term.name for w in verdict.terms}


def test_what_is_half_known_is_weighed() -> None:
    facts = replace(HARVEST, known=0.5, located=0.5)
    (verdict,) = judge([facts], built_in_likelihoods(), PARAMETERS)
    assert {"declared_relation", "claimed_against_observed"} <= {w.term.name for w in verdict.terms}
