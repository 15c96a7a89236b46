"""The picture of ties: every account where its ties are, the same each time, nothing unsaid."""

from __future__ import annotations

import re

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from stillwatch.model.tables_picture import PICTURED_ACCOUNTS
from stillwatch.respond.report.charts.ties import family_class, ties_picture
from stillwatch.respond.report.charts.ties_layout import HEIGHT, WIDTH, lay_out
from stillwatch.respond.report.result import Tie

ACCOUNTS = st.lists(st.sampled_from([f"a{n:02d}" for n in range(40)]), unique=True, max_size=40)


def tie(kind: str, accounts: list[str]) -> Tie:
    return Tie(kind, "content", "v", len(accounts), tuple(accounts), None)


@settings(max_examples=40)
@given(st.lists(ACCOUNTS, max_size=15))
def test_every_account_is_one_dot_in_the_bundle_of_its_ties(held: list[list[str]]) -> None:
    ties = [tie(f"k{at}", accounts) for at, accounts in enumerate(held)]
    layout = lay_out(ties)
    drawn = {hub.tie.kind: set(hub.tie.accounts) for hub in layout.hubs}
    seen = [account for bundle in layout.bundles for account in bundle.accounts]
    assert len(seen) == len(set(seen)) == layout.accounts_drawn
    assert set(seen) == set().union(*drawn.values())
    for bundle in layout.bundles:
        own = {layout.hubs[at].tie.kind for at in bundle.hubs}
        for account in bundle.accounts:
            assert own == {kind for kind, accounts in drawn.items() if account in accounts}
        assert 0 <= bundle.x <= WIDTH
        assert 0 <= bundle.y <= HEIGHT
    assert layout.ties_left_out == len(ties) - len(drawn)
    assert sorted(hub.code for hub in layout.hubs) == [chr(65 + n) for n in range(len(drawn))]


def test_dots_do_not_cover_each_other() -> None:
    names = [f"a{n:03d}" for n in range(150)]
    ties = [tie(f"k{n}", names[n * 12 : n * 12 + 50]) for n in range(9)]
    chart = ties_picture(lay_out(ties))
    dots = np.array([(float(x), float(y)) for x, y in re.findall(r"M([\d.]+) ([\d.]+)h0", chart)])
    assert len(dots) == 146
    apart = np.sqrt(((dots[:, None] - dots[None]) ** 2).sum(axis=2)) + np.eye(len(dots)) * 99
    assert np.median(apart.min(axis=1)) > 5
    assert apart.min() > 3


def test_the_same_ties_give_the_same_picture() -> None:
    ties = [tie("a", ["x", "y"]), tie("b", ["y", "z"])]
    assert ties_picture(lay_out(ties)) == ties_picture(lay_out(ties))


def test_too_many_accounts_are_capped_and_counted() -> None:
    names = [f"a{n:04d}" for n in range(2000)]
    layout = lay_out([tie("k", names), tie("l", names[:900])])
    assert layout.accounts_drawn == PICTURED_ACCOUNTS
    assert layout.accounts_left_out == 2000 - PICTURED_ACCOUNTS


def test_no_ties_no_picture() -> None:
    assert ties_picture(lay_out([])) == ""
    assert ties_picture(lay_out([tie("k", [])])) == ""


def test_a_family_from_nowhere_cannot_name_a_class() -> None:
    assert family_class('x" onload="y') == "family-unknown"
    assert family_class("timing") == "family-timing"
