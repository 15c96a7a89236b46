"""What accounts share, by which doors they come, and from where."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

from stillwatch.simulate.operators import Campaign, ControlPlane, Location, Pathways, Sharing
from stillwatch.simulate.operators.sharing import IDENTITY, TRAITS
from stillwatch.simulate.records import SECOND
from tests.simulate.operators.played import Played, played, staged

FIELD = {
    "payment": "payment_fingerprint",
    "mail": "email_domain",
    "signup": "signup_address",
    "referrer": "referrer",
    "phone": "phone_prefix",
}


def _shared(world: Played, trait: str) -> float:
    """Share of accounts that have one of the operator's values, of those that have the field."""
    own = {
        value[FIELD[trait]]
        for value in world.operation.own.values.get(trait, [])
        if isinstance(value, dict)
    }
    values = [v for v in world.fields(FIELD[trait]) if v is not None]
    return sum(v in own for v in values) / len(values)


@pytest.mark.parametrize("rhythm", ["always", "mimic"])
@pytest.mark.parametrize("chance", [0.0, 0.1, 0.8])
def test_each_identity_trait_is_shared_with_the_chance_that_is_asked(
    rhythm: Any, chance: float
) -> None:
    world = staged(Campaign(250, sharing=Sharing(chance), rhythm=rhythm))
    for trait in ("payment", "mail", "signup"):
        assert _shared(world, trait) == pytest.approx(chance, abs=0.08), trait
    for trait in ("referrer", "phone"):
        # Strangers have some of these values too.
        assert _shared(world, trait) >= chance - 0.08, trait


def test_one_trait_may_have_a_chance_of_its_own_and_moves_no_other() -> None:
    alike = staged(Campaign(250, sharing=Sharing(0.2)))
    other = staged(Campaign(250, sharing=Sharing(0.2, payment=0.7)))
    assert _shared(other, "payment") == pytest.approx(0.7, abs=0.08)
    for field in ("email_domain", "signup_address", "referrer", "phone_prefix", "plan"):
        assert other.fields(field) == alike.fields(field)


def test_shared_values_come_in_batches() -> None:
    world = staged(Campaign(250, sharing=Sharing(0.8, batches=2)))
    cards = Counter(v for v in world.fields("payment_fingerprint") if v)
    assert sum(count > 5 for count in cards.values()) == 2


def test_accounts_that_share_nothing_have_no_common_card_address_or_own_domain() -> None:
    world = staged(Campaign(250, sharing=Sharing(0.0), rhythm="mimic"))
    for field in ("payment_fingerprint", "signup_address", "email_hash", "account_id"):
        values = [v for v in world.fields(field) if v is not None]
        assert len(set(values)) >= 0.99 * len(values), field
    own = [v for v in world.fields("email_domain") if v.startswith("site")]
    assert len(set(own)) == len(own)


def test_no_account_gets_a_trait_that_its_kind_does_not_have() -> None:
    world = staged(Campaign(250, sharing=Sharing(0.8)))
    for k in world.accounts:
        fields = world.stage.accounts[k].fields
        assert (fields["plan"] == "free") <= (fields["payment_fingerprint"] is None)
    assert set(IDENTITY) < set(TRAITS)


@pytest.mark.parametrize("rhythm", ["always", "mimic"])
def test_client_set_ups_and_exits_are_shared_too(rhythm: Any) -> None:
    for chance in (0.0, 0.5):
        sharing = Sharing(0.0, client=chance, network=chance, batches=1)
        world = played(Campaign(200, sharing=sharing, rhythm=rhythm))
        operation = world.operation
        texts = [a.text for a in world.stage.addresses]
        exits = {operation.own.exit(k).text for k in range(1 if chance else 0)}
        accounts = {
            account
            for account, address in zip(
                world.pool["account"].tolist(), world.pool["address"].tolist(), strict=True
            )
            if texts[address] in exits
        }
        active = len(np.unique(world.pool["account"]))
        assert len(accounts) / active == pytest.approx(chance, abs=0.15)
        own = operation.own.configuration(0).client if chance else None
        mine = [world.stage.clients[m.client] == own for m in world.members]
        assert np.mean(mine) == pytest.approx(chance, abs=0.2)


def test_several_pathways_carry_one_queue() -> None:
    pathways = Pathways(api=0.4, app=0.3, bedrock=0.2, vertex=0.1)
    world = played(Campaign(200, pathways=pathways))
    of = {m.account: world.stage.clients[m.client].pathway for m in world.members}
    counts = Counter(of.values())
    assert counts == {"api": 80, "app": 60, "bedrock": 40, "vertex": 20}
    opening = world.harvest[(world.harvest["turn"] == 0) & (world.harvest["status"] == 200)]
    seeds: dict[str, set[int]] = {}
    for account, seed in zip(opening["account"].tolist(), opening["seed"].tolist(), strict=True):
        seeds.setdefault(of[account], set()).add(seed)
    assert set(seeds) == set(counts)
    assert sum(map(len, seeds.values())) == len(set.union(*seeds.values()))


@pytest.mark.parametrize("rhythm", ["always", "mimic"])
def test_observed_countries_contradict_claims_as_often_as_asked(rhythm: Any) -> None:
    found = []
    for mismatch in (0.0, 0.6):
        location = Location(residential=1.0, mismatch=mismatch)
        world = staged(
            Campaign(300, location=location, sharing=Sharing(0.0), rhythm=rhythm), innocent=1500
        )
        claims = [
            (world.stage.accounts[m.account].fields["billing_country"], m.address)
            for m in world.members
        ]
        said = [(c, world.stage.addresses[a].country) for c, a in claims if c]
        found.append(np.mean([claimed != seen for claimed, seen in said]))
    # Personas that mimic innocents are abroad or behind a VPN now and then, as these are.
    assert found[0] == 0.0 if rhythm == "always" else 0 < found[0] < 0.3
    assert found[1] == pytest.approx(0.6, abs=0.1)


def test_accounts_have_exits_of_their_own_or_share_a_few() -> None:
    for own in (1.0, 0.0):
        location = Location(own_proxy=own, exits=3)
        world = staged(Campaign(100, location=location, sharing=Sharing(0.0)))
        seen = {world.stage.addresses[m.address].text for m in world.members}
        assert len(seen) >= 99 if own else len(seen) == 3


def test_the_control_plane_looks_at_its_ticks() -> None:
    kinds = []
    for share in (0.0, 1.0):
        world = staged(Campaign(60, control=ControlPlane(share, tick=300)))
        mine = set(world.accounts)
        habits = [h for h in world.stage.control if h.account in mine and h.tick == 300 * SECOND]
        kinds.append(Counter((h.kind, h.period // 3_600_000_000) for h in habits))
    kinds[1].subtract(kinds[0])
    assert +kinds[1] == Counter({("token_refresh", 8): 60, ("usage_poll", 6): 60})
