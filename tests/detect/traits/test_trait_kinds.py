"""Every trait and link kind: what it is called, what it reads, and what it says of the innocent."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from stillwatch.detect import Parameters, link_kinds, trait_kinds
from stillwatch.detect.links.kind import LinkKind
from stillwatch.detect.links.registry import BUILT_IN as BUILT_IN_LINKS
from stillwatch.detect.traits.kind import TraitKind
from stillwatch.detect.traits.registry import BUILT_IN as BUILT_IN_TRAITS
from stillwatch.engine import Engine
from stillwatch.errors import UsageError
from stillwatch.model.tables_between import FINGERPRINTS
from stillwatch.model.tables_in import ACCOUNTS, EXCHANGES
from stillwatch.model.vocabulary import EVIDENCE_FAMILIES
from tests.detect.prints import fingerprints, prepared

KINDS: list[TraitKind | LinkKind] = [*trait_kinds(), *link_kinds()]
COLUMNS = {"exchanges": EXCHANGES.names, "accounts": ACCOUNTS.names}
TINY = [
    {
        "account_id": f"a{i}", "phrases": [1, 2], "head_key": 3, "tail_key": 4, "template_key": 5,
        "system_key": 6, "client_key": 7, "tools_hash": 8, "header_order_hash": 9,
        "user_agent": "sdk/1", "ja4": "t13d", "client_address": address, "prompt_hash": 10,
        "minhash": bytes(24),
    }
    for i, address in enumerate(["192.0.2.7", "192.0.2.8", "2001:db8:1:2::3", "2001:db8:1:9::4"])
]  # fmt: skip
CLAIMS = [
    {
        "account_id": f"a{i}", "email_domain": "post.example", "email_shape": "aa99",
        "payment_fingerprint": "card", "payment_bin": "400000", "signup_address": "192.0.2.9",
        "referrer": "search",
    }
    for i in range(4)
]  # fmt: skip


def name(kind: TraitKind | LinkKind) -> str:
    return kind.name


def sql(kind: TraitKind | LinkKind) -> str:
    return kind.sql if isinstance(kind, TraitKind) else kind.sql(Parameters())


@pytest.fixture(scope="module")
def empty() -> Iterator[Engine]:
    with prepared(FINGERPRINTS.empty_table()) as engine:
        yield engine


@pytest.fixture(scope="module")
def tiny() -> Iterator[Engine]:
    with prepared(fingerprints(TINY), CLAIMS) as engine:
        yield engine


def test_names_are_unique_and_plain() -> None:
    names = [kind.name for kind in KINDS]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z][a-z0-9_]*", one) for one in names)


def test_there_are_ten_trait_kinds_over_five_families() -> None:
    assert len(BUILT_IN_TRAITS) >= 10
    assert {kind.family for kind in BUILT_IN_TRAITS} == {
        "content", "identity", "client", "network", "timing"
    }  # fmt: skip
    assert {kind.name for kind in BUILT_IN_LINKS} >= {"lineage", "failover", "signature_replay"}


@pytest.mark.parametrize("kind", KINDS, ids=name)
def test_a_kind_says_what_it_asks_and_what_may_be_innocent(kind: TraitKind | LinkKind) -> None:
    assert kind.family in EVIDENCE_FAMILIES
    for text in (kind.says, kind.innocent_cause, kind.price_of_evasion):
        assert len(text.split()) >= 3 and text == text.strip()
    assert kind.needs
    for need in kind.needs:
        table, column = need.split(".")
        assert column in COLUMNS[table]


@pytest.mark.parametrize("kind", KINDS, ids=name)
def test_nobody_is_judged_by_country_or_language(kind: TraitKind | LinkKind) -> None:
    assert not re.search("country|language|phone_prefix|national", sql(kind) + " ".join(kind.needs))


@pytest.mark.parametrize("kind", KINDS, ids=name)
def test_a_kind_runs_on_no_rows_and_has_the_columns(
    kind: TraitKind | LinkKind, empty: Engine
) -> None:
    found = empty.arrow(sql(kind))
    assert found.num_rows == 0
    expected = (
        {"account", "exchange", "value"}
        if isinstance(kind, TraitKind)
        else {
            "account_a",
            "account_b",
            "at_us",
            "exchange_a",
            "exchange_b",
            "token",
            "conversation",
        }
    )
    assert set(found.schema.names) == expected


@pytest.mark.parametrize("kind", trait_kinds(), ids=name)
def test_a_trait_is_seen_on_every_account_that_has_it(kind: TraitKind, tiny: Engine) -> None:
    found = tiny.arrow(kind.sql).to_pylist()
    assert {row["account"] for row in found} == {0, 1, 2, 3}
    assert all(isinstance(row["value"], str) and row["value"] for row in found)
    claimed = all(need.startswith("accounts.") for need in kind.needs)
    assert all((row["exchange"] is None) is claimed for row in found)


@pytest.mark.parametrize("kind", trait_kinds(), ids=name)
def test_a_trait_is_never_seen_where_nothing_was_said(kind: TraitKind) -> None:
    nothing = [{"account_id": f"a{i}"} for i in range(3)]
    claims = [{"account_id": f"a{i}", "created_at": None} for i in range(3)]
    with prepared(fingerprints(nothing), claims) as engine:
        assert engine.arrow(kind.sql).num_rows == 0


def test_networks_are_24_bits_of_ipv4_and_48_of_ipv6(tiny: Engine) -> None:
    (kind,) = (k for k in trait_kinds() if k.name == "client_network")
    values = {row["account"]: row["value"] for row in tiny.arrow(kind.sql).to_pylist()}
    assert values[0] == values[1] == "192.0.2"
    assert values[2] == values[3] != values[0]


class Entry:
    """An installed package's entry point."""

    def __init__(self, name: str, value: Any) -> None:
        self.name, self.value, self._loaded = name, f"package:{name}", value

    def load(self) -> Any:
        return self._loaded


def offer(monkeypatch: pytest.MonkeyPatch, registry: str, entry: Entry) -> None:
    """Install a package that offers one kind to one registry."""
    monkeypatch.setattr(
        "stillwatch.detect.extension.entry_points",
        lambda group: [entry] if group == f"stillwatch.{registry}" else [],
    )


@pytest.mark.parametrize(
    ("registry", "read", "word"),
    [("traits", trait_kinds, "TraitKind"), ("links", link_kinds, "LinkKind")],
)
def test_an_entry_point_that_is_no_kind_is_refused(
    monkeypatch: pytest.MonkeyPatch, registry: str, read: Any, word: str
) -> None:
    offer(monkeypatch, registry, Entry("mine", "not a kind"))
    with pytest.raises(UsageError, match=f"'mine'.*{word}") as caught:
        read()
    assert caught.value.source == "package:mine"


@pytest.mark.parametrize(
    ("registry", "read", "built_in"),
    [("traits", trait_kinds, BUILT_IN_TRAITS), ("links", link_kinds, BUILT_IN_LINKS)],
)
def test_a_package_adds_kinds_but_never_replaces_one(
    monkeypatch: pytest.MonkeyPatch, registry: str, read: Any, built_in: tuple[Any, ...]
) -> None:
    from dataclasses import replace

    added = replace(built_in[0], name="brought_along")
    offer(monkeypatch, registry, Entry("b", added))
    assert read() == (*built_in, added)
    offer(monkeypatch, registry, Entry("b", built_in[0]))
    with pytest.raises(UsageError, match=built_in[0].name):
        read()
