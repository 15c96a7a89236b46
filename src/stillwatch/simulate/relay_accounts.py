"""Accounts bought in bulk for a relay: strangers on paper, with traits that leak now and then."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from stillwatch.simulate.clients import build
from stillwatch.simulate.geography import COUNTRIES
from stillwatch.simulate.identity import (
    Fields,
    card_range,
    email_shape,
    joined,
    person,
    pick_country,
    referrer,
)
from stillwatch.simulate.network import Address, home, hosting
from stillwatch.simulate.populations import habits
from stillwatch.simulate.populations.places import personal_addresses
from stillwatch.simulate.records import DAY, PoolAccount, Speaker
from stillwatch.simulate.stage import Stage


@dataclass(frozen=True, slots=True)
class RelayAccounts:
    """How a relay's accounts are obtained and run."""

    accounts: int
    sharing: float = 0.25
    """Chance, for each identity trait of each account, that it is one of the operator's own."""
    batches: int = 3
    """How many different values of each trait the operator has."""
    lanes: int = 4
    quota: float = 40.0
    """Median requests a day that the relay allows one account."""
    own_proxy: float = 1.0
    """Share of accounts with a proxy address of their own; the rest share a few exits."""
    late: float = 0.7
    """Share of accounts that join in the first half of the window."""
    suspended: float = 0.06
    client: str = "relay"
    plans: tuple[str, ...] = field(default=("plus", "pro", "api", "api"))
    private: float = 0.25
    """Share of accounts whose owner, who lent them, goes on using them too."""

    def sized(self, accounts: int) -> RelayAccounts:
        """Return the same relay with this many accounts, and no more lanes than they can fill."""
        return replace(self, accounts=accounts, lanes=max(1, min(self.lanes, accounts // 8)))

    def join(
        self, stage: Stage, rng: np.random.Generator, population: str, operator: str
    ) -> tuple[PoolAccount, ...]:
        """Put the accounts on the stage and return them as members of a pool."""
        values = [_operator_values(stage, rng) for _ in range(self.batches)]
        exits = [hosting(rng) for _ in range(4)]
        members = []
        for number in range(self.accounts):
            country = pick_country(rng)
            fields = person(stage, rng, country, plan=str(rng.choice(self.plans)))
            for traits in zip(*(v.items() for v in values), strict=True):
                if rng.random() < self.sharing:
                    name, value = traits[int(rng.integers(self.batches))]
                    fields.update(value if isinstance(value, dict) else {name: value})
            if number < self.lanes:
                # Each lane has an account from the start, which is never suspended.
                fields["created_at"] = min(fields["created_at"], stage.moment(-30 * DAY))
            account = stage.add_account(fields, population, operator=operator)
            joins = joined(stage, fields)
            if rng.random() < self.late:
                joins = max(joins, int(rng.integers(0, stage.end // 2)))
            leaves = 1 << 62
            if number >= self.lanes and rng.random() < self.suspended:
                leaves = joins + int(rng.uniform(0.1, 1.0) * (stage.end - joins))
                stage.suspend(account, leaves)
            proxy = self._exit(rng, exits)
            members.append(
                PoolAccount(
                    account=account,
                    lane=number % self.lanes,
                    joins=0 if number < self.lanes else joins,
                    leaves=leaves,
                    quota=float(self.quota * np.exp(rng.normal(0, 0.7))),
                    address=stage.add_address(proxy),
                    client=stage.add_client(build(self.client, rng)),
                )
            )
            if rng.random() < self.private:
                own = habits.developer(stage, rng, stage.seed, population, number)
                stage.add_speaker(
                    Speaker(
                        account=account,
                        settings=(stage.add_setting(own),),
                        addresses=personal_addresses(stage, rng, country),
                        sittings=habits.rate(rng, 0.25),
                        clock=country.clock,
                        rhythm=habits.pick_rhythm(rng),
                        joins=joined(stage, fields),
                        leaves=leaves,
                    )
                )
        return tuple(members)

    def _exit(self, rng: np.random.Generator, exits: list[Address]) -> Address:
        if rng.random() >= self.own_proxy:
            return exits[int(rng.integers(len(exits)))]
        return home(pick_country(rng), rng) if rng.random() < 0.7 else hosting(rng)


def _operator_values(stage: Stage, rng: np.random.Generator) -> Fields:
    """Return one batch of an operator's own traits, as an account would carry them."""
    country = COUNTRIES[int(rng.integers(len(COUNTRIES)))]
    sample = person(stage, rng, country, plan="api")
    return {
        "payment": {
            "payment_fingerprint": sample["payment_fingerprint"],
            "payment_bin": card_range(country, rng),
            "billing_country": country.code,
        },
        "mail": {
            "email_domain": f"box{rng.integers(1 << 30):x}.example",
            "email_shape": email_shape(rng),
        },
        "signup_address": home(country, rng).text,
        "referrer": referrer(rng) or "partner-5",
    }
