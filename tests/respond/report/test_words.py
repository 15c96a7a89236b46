"""Numbers in plain words that claim neither too much nor too little."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.model.vocabulary import OTHER_CAPABILITY, Capability, GroupKind
from stillwatch.respond.report import words
from stillwatch.respond.report.read_result import read_result
from tests.respond.report.findings import full_folder


@pytest.mark.parametrize(
    ("log_odds", "said"),
    [
        (0.0, "1.0 to 1"),
        (math.log(10), "10 to 1"),
        (-math.log(4), "1 to 4.0"),
        (math.log(487), "490 to 1"),
        (math.log(12_345), "12,000 to 1"),
        (40.0, "over a million to 1"),
        (-40.0, "1 to over a million"),
    ],
)
def test_odds(log_odds: float, said: str) -> None:
    assert words.odds(log_odds) == said


@given(st.floats(-500, 500))
def test_a_sign_is_always_shown_and_zero_is_never_negative(value: float) -> None:
    shown = words.signed(value)
    assert shown[0] in "+−"
    assert shown != "−0.0"
    assert abs(float(shown.replace("−", "-")) - value) <= 0.0501


@given(st.floats(0, 1))
def test_a_share_reads_as_none_or_all_only_when_it_is(share: float) -> None:
    assert (words.percent(share) == "0 %") == (share == 0)
    assert (words.percent(share) == "100 %") == (share == 1)


@given(st.floats(0, 1))
def test_a_probability_is_never_certain(value: float) -> None:
    assert words.probability(value) not in ("1.000", "0.000")


def test_every_word_of_the_vocabulary_has_a_name() -> None:
    assert set(words.CAPABILITY_NAMES) == {*get_args(Capability), OTHER_CAPABILITY}
    assert set(words.KIND_NAMES) == set(words.KIND_MEANINGS) == set(get_args(GroupKind))


def test_counts_and_sizes() -> None:
    assert words.counted(1, "account") == "1 account"
    assert words.counted(2040, "account") == "2,040 accounts"
    assert words.counted(2, "class", "classes") == "2 classes"
    assert words.size(999) == "999 bytes"
    assert words.size(48_120_331) == "48.1 MB"
    assert words.listed(["a", "b", "c"]) == "a, b and c"


def test_why_a_group_was_spared(tmp_path: Path) -> None:
    result = read_result(full_folder().write(tmp_path))
    organisation = next(group for group in result.others if group.kind == "organisation")
    assert "extraction (−2.4) and concealment (−6.0)" in words.why_spared(organisation)
    uncertain = replace(result.campaigns[0], q_value=0.2)
    assert "0.2" in words.why_spared(uncertain)
    unexplained = replace(result.campaigns[0], kind="unexplained")
    assert "q-value is 0.0021: shared workload explains" in words.why_spared(unexplained)
