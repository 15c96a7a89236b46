"""What a result says of a group, in words that are true of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillwatch.detect.judgement.habits import Compared
from stillwatch.detect.judgement.judge import judge
from stillwatch.detect.judgement.likelihoods import built_in_likelihoods
from stillwatch.detect.judgement.succession import Succession
from stillwatch.detect.parameters import Parameters
from stillwatch.detect.result.sentences import group_summary, term_statement
from stillwatch.detect.result.tables import capabilities_of
from stillwatch.detect.result.values import shown_value
from stillwatch.model.hashing import to_hex
from stillwatch.model.vocabulary import GROUP_KINDS, GroupKind
from tests.detect.judgement.made_facts import HARVEST, NEUTRAL


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phrase", "-1", "f" * 16),
        ("template", "255", to_hex(255)),
        ("user_agent", "sdk/1.2 linux", "sdk/1.2 linux"),
        ("signup_hour", "494000", "hour 494000 since 1970"),
        ("payment_bin", "400000", "400000"),
    ],
)
def test_values_are_shown_as_people_know_them(kind: str, value: str, shown: str) -> None:
    assert shown_value(kind, value) == shown


@pytest.mark.parametrize("kind", GROUP_KINDS)
def test_every_kind_of_group_has_a_summary(kind: GroupKind) -> None:
    (verdict,) = judge([HARVEST], built_in_likelihoods(), Parameters())
    said = group_summary(replace(verdict, kind=kind), HARVEST, capabilities_of(HARVEST))
    assert said.startswith("40 accounts ") and said.endswith(".")
    assert ("without declaring a relation" in said) is (kind == "campaign")
    # What accounts do not say they do not say; nobody claimed anything.
    assert "claim" not in said


@pytest.mark.parametrize(
    ("wordings", "holds"),
    [(0, " with no template in common"), (1, " one shared template that "), (4, " 4 shared templ")],
)
def test_a_campaign_says_how_many_templates_it_shares(wordings: int, holds: str) -> None:
    (verdict,) = judge([HARVEST], built_in_likelihoods(), Parameters())
    facts = replace(HARVEST, wordings=wordings)
    assert holds in group_summary(replace(verdict, kind="campaign"), facts, {})


def test_capabilities_are_those_that_were_seen() -> None:
    assert capabilities_of(HARVEST) == {"reasoning_mathematics": 0.7, "grading": 0.3}
    assert set(capabilities_of(NEUTRAL)) == set(NEUTRAL.capabilities)


@pytest.mark.parametrize(
    ("term", "starts", "holds"),
    [
        ("several_callers", "75 % of the accounts serve several callers", "(5 % of accounts"),
        ("pivot", "A day after a new model appeared, 60 % of", "(10 % of others"),
        ("foreign_history", "30 % of a member's requests", "(under 1 % of others"),
        ("succession", "After 6 members were suspended, 30 idle ones began", "(2 in the three"),
    ],
)
def test_habits_are_said_beside_what_others_do(term: str, starts: str, holds: str) -> None:
    facts = replace(
        HARVEST,
        callers=Compared(40, 0.75, 0.05),
        pivoted=Compared(30, 0.6, 0.1),
        foreign=Compared(40, 0.3, 0.004),
        succession=Succession(6, 30, 2),
    )
    (verdict,) = judge([facts], built_in_likelihoods(), Parameters())
    (weighed,) = [w for w in verdict.terms if w.term.name == term]
    said = term_statement(weighed, facts)
    assert said.startswith(starts) and holds in said and "{" not in said
