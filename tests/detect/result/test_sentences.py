"""What a result says of a group, in words that are true of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stillwatch.detect.judgement.judge import judge
from stillwatch.detect.judgement.likelihoods import built_in_likelihoods
from stillwatch.detect.parameters import Parameters
from stillwatch.detect.result.sentences import group_summary
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


def test_capabilities_are_those_that_were_seen() -> None:
    assert capabilities_of(HARVEST) == {"reasoning_mathematics": 0.7, "grading": 0.3}
    assert set(capabilities_of(NEUTRAL)) == set(NEUTRAL.capabilities)
