"""What populations put on stage: accounts, settings, addresses, speakers, pools."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from stillwatch.simulate.arrivals import Arrivals, ParametricArrivals
from stillwatch.simulate.calendar import BEGINNING
from stillwatch.simulate.clients import Client
from stillwatch.simulate.network import Address
from stillwatch.simulate.records import DAY, ControlHabit, Deck, Pool, Release, Setting, Speaker
from stillwatch.simulate.streams import generator, key_of
from stillwatch.simulate.text.texts import GrammarTexts, Texts


@dataclass(frozen=True, slots=True)
class CastAccount:
    """One account as it will be written, with its truth."""

    fields: dict[str, Any]
    population: str
    operator: str | None
    credentials: int


@dataclass(slots=True)
class Stage:
    """The cast of one world; populations add to it and get back row numbers."""

    seed: int
    days: int
    beginning: datetime = BEGINNING
    casts: tuple[Any, ...] = ()
    """All populations and operators of the world, for those that must blend in."""
    accounts: list[CastAccount] = field(default_factory=list)
    events: list[tuple[int, int, str, str]] = field(default_factory=list)
    """(account, microseconds, field, value)"""
    settings: list[Setting] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    leases: dict[int, tuple[int, int]] = field(default_factory=dict)
    """First row of a line whose address changes: number of its addresses, microseconds of each."""
    clients: list[Client] = field(default_factory=list)
    speakers: list[Speaker] = field(default_factory=list)
    decks: list[Deck] = field(default_factory=list)
    pools: list[Pool] = field(default_factory=list)
    campaigns: list[str] = field(default_factory=list)
    knobs: dict[str, Any] = field(default_factory=dict)
    memory: dict[str, Any] = field(default_factory=dict)
    """What operators remember between waves of enforcement, by campaign."""
    shared_roots: list[tuple[int, int]] = field(default_factory=list)
    """(conversation, speaker): conversations of the first day that others carry on elsewhere."""
    texts: Texts = field(default_factory=GrammarTexts)
    arrivals: Arrivals = field(default_factory=ParametricArrivals)
    control: list[ControlHabit] = field(default_factory=list)
    releases: list[Release] = field(default_factory=list)
    """Models in the order of their release; populations may plan to move to later ones."""
    _client_rows: dict[Client, int] = field(default_factory=dict)

    def generator(self, *names: str | int) -> np.random.Generator:
        """Return this world's random generator for a path of names."""
        return generator("stage", self.seed, *names)

    def key(self, *names: str | int) -> int:
        """Return this world's key for a path of names."""
        return key_of("stage", self.seed, *names)

    def moment(self, microseconds: int) -> datetime:
        """Return the time that lies so many microseconds after the window's beginning."""
        return self.beginning + timedelta(microseconds=microseconds)

    @property
    def first_weekday(self) -> int:
        """The weekday on which the window begins, 0 for a Monday."""
        return self.beginning.weekday()

    @property
    def end(self) -> int:
        """The end of the world's window in microseconds."""
        return self.days * DAY

    def add_account(
        self,
        fields: dict[str, Any],
        population: str,
        *,
        operator: str | None = None,
        credentials: int = 1,
    ) -> int:
        """Add an account and return its row."""
        self.accounts.append(CastAccount(fields, population, operator, credentials))
        return len(self.accounts) - 1

    def add_setting(self, setting: Setting) -> int:
        """Add a setting and return its row."""
        self.settings.append(setting)
        self.add_client(setting.client)
        return len(self.settings) - 1

    def add_client(self, client: Client) -> int:
        """Return the row of a client, adding it the first time."""
        if client not in self._client_rows:
            self._client_rows[client] = len(self.clients)
            self.clients.append(client)
        return self._client_rows[client]

    def add_address(self, address: Address) -> int:
        """Add an address and return its row."""
        self.addresses.append(address)
        return len(self.addresses) - 1

    def add_line(self, addresses: Sequence[Address], lease: int) -> int:
        """Add a line that has one of the addresses at a time, and return its first row."""
        row = len(self.addresses)
        self.addresses.extend(addresses)
        if len(addresses) > 1:
            self.leases[row] = (len(addresses), lease)
        return row

    def add_deck(self, deck: Deck) -> int:
        """Add a deck and return its row."""
        self.decks.append(deck)
        return len(self.decks) - 1

    def add_speaker(self, speaker: Speaker) -> int:
        """Add a speaker and return its row."""
        self.speakers.append(speaker)
        return len(self.speakers) - 1

    def add_pool(self, pool: Pool) -> int:
        """Add a pool and return its row; speakers may name it before it is complete."""
        self.pools.append(pool)
        return len(self.pools) - 1

    def suspend(self, account: int, at: int) -> None:
        """Record that an account was suspended, if that falls inside the window."""
        if 0 <= at < self.end:
            self.events.append((account, at, "suspended", "true"))
