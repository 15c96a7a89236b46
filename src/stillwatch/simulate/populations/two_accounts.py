"""People who own two accounts, and carry conversations and failed requests from one to the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from stillwatch.simulate.draws import around
from stillwatch.simulate.geography import Country
from stillwatch.simulate.identity import Fields, person, pick_country
from stillwatch.simulate.populations import control, habits
from stillwatch.simulate.populations.places import journey, own_clock, personal_addresses
from stillwatch.simulate.populations.roster import FOREVER, Life, Roster
from stillwatch.simulate.records import DAY, Pool, PoolAccount
from stillwatch.simulate.stage import Stage

_LONG_AGO: Final = -2 * DAY
_SAME: Final = ("payment_fingerprint", "payment_bin", "billing_country")
_NO_QUOTA: Final = 1e9


@dataclass(frozen=True, slots=True)
class TwoAccounts:
    """One person, one place, one card, two accounts (work and private, or one in reserve)."""

    accounts: int
    requests: float = 2.5
    """Mean exchanges a day for each account."""
    spread: float = 1.2
    """Standard deviation of the logarithm of people's rates."""
    switches: float = 0.3
    """Share of owners whose program goes to the other account when one fails."""
    population = "two_accounts"

    def populate(self, stage: Stage) -> None:
        """Put both accounts of each person on the stage; an odd one out owns a single account."""
        roster = Roster(stage, self.population)
        switching: list[PoolAccount] = []
        roots: list[tuple[int, int]] = []
        # All owners' switches are one pool with a lane each, for a lane serves its own alone.
        pool = len(stage.pools)
        for owner in range((self.accounts + 1) // 2):
            both = 2 * owner + 1 < self.accounts
            if both and roster.rng.random() < self.switches:
                switching += self._program(roster, owner, pool, len(switching) // 2)
            else:
                self._person(roster, owner, 2 if both else 1, roots)
        if switching:
            stage.add_pool(Pool("own-two", "sticky_lru", tuple(switching)))
        first = len(stage.speakers)
        roster.settle(self.requests)
        stage.shared_roots += [(key, first + draft) for key, draft in roots]

    def _fields(
        self, roster: Roster, country: Country, count: int, plan: str | None
    ) -> list[Fields]:
        stage, rng = roster.stage, roster.rng
        accounts = [person(stage, rng, country, plan=plan) for _ in range(count)]
        accounts[0]["created_at"] = min(accounts[0]["created_at"], stage.moment(_LONG_AGO))
        for second in accounts[1:]:
            second["signup_address"] = accounts[0]["signup_address"]
            if accounts[0]["payment_bin"] and second["payment_bin"]:
                second.update({trait: accounts[0][trait] for trait in _SAME})
        return accounts

    def _person(self, roster: Roster, owner: int, count: int, roots: list[tuple[int, int]]) -> None:
        stage, rng = roster.stage, roster.rng
        country = pick_country(rng)
        where = personal_addresses(stage, rng, country)
        name = (stage.seed, self.population, owner)
        own = habits.chat(stage, rng, country.language, *name)
        setting = roster.setting(own)
        carried = stage.key("carried", owner)
        clock, rhythm = own_clock(rng, country), habits.pick_rhythm(rng)
        trip = journey(stage, rng, country)
        for place, fields in enumerate(self._fields(roster, country, count, None)):
            life = roster.open(fields, steady=not place)
            if not place and count > 1:
                roots.append((carried, roster.drafted))
            roster.speak(
                [setting],
                where,
                life=life,
                spread=self.spread,
                clock=clock,
                rhythm=rhythm,
                trip=trip,
                shared_root=carried if place else None,
            )
            control.usual(stage, rng, life, where[0], own.client)

    def _program(self, roster: Roster, owner: int, pool: int, lane: int) -> list[PoolAccount]:
        """Put a developer on the stage whose program has two keys and uses them in turn."""
        stage, rng = roster.stage, roster.rng
        country = pick_country(rng)
        where = personal_addresses(stage, rng, country)
        name = (stage.seed, self.population, owner)
        work = replace(habits.developer(stage, rng, *name), turns=2.5)
        accounts = []
        for fields in self._fields(roster, country, 2, "api"):
            fields["created_at"] = min(fields["created_at"], stage.moment(_LONG_AGO))
            life: Life = roster.open(fields, steady=True)
            accounts.append(
                PoolAccount(
                    account=life.account,
                    lane=lane,
                    joins=0,
                    leaves=FOREVER,
                    quota=_NO_QUOTA,
                    address=where[0],
                    client=stage.add_client(work.client),
                )
            )
            control.developer_calls(stage, rng, life, where[0])
        roster.speak(
            [roster.setting(work)],
            where,
            pool=pool,
            lane=lane,
            spread=self.spread,
            weight=2 * around(rng, 1.0, 0.5),
            clock=own_clock(rng, country),
            rhythm=habits.pick_rhythm(rng),
        )
        return accounts
