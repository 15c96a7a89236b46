"""Where requests come from, against where the accounts say they are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.simulate.geography import BY_CODE, Country
from stillwatch.simulate.identity import pick_country
from stillwatch.simulate.network import Address, home, hosting


@dataclass(frozen=True, slots=True)
class Location:
    """The accounts' exits and how often they contradict the country that the account claims."""

    own_proxy: float = 1.0
    """Share of accounts with an exit of their own; the others share a few."""
    exits: int = 4
    """How many shared exits there are."""
    residential: float = 0.7
    """Share of own exits that are home lines; the others are hosted machines, wherever they are."""
    mismatch: float = 0.0
    """Share of accounts whose own exit is in another country than the one they claim. Under a
    mimicking rhythm the others use their persona's own lines."""

    def shared(self, rng: np.random.Generator) -> list[Address]:
        """Return the exits that accounts without one of their own use."""
        return [hosting(rng) for _ in range(max(1, self.exits))]

    def exit(
        self,
        rng: np.random.Generator,
        claimed: str | None,
        shared: list[Address],
        *,
        own_lines: bool,
    ) -> Address | None:
        """Return the exit of one account that claims a country (or none).

        None means the lines of the account's persona, where it has `own_lines`.
        """
        alone, abroad, at_home = rng.random(3)
        pick = int(rng.integers(1 << 30))
        if alone >= self.own_proxy:
            return shared[pick % len(shared)]
        if abroad < self.mismatch:
            return home(elsewhere(rng, claimed), rng)
        if own_lines:
            return None
        if at_home < self.residential:
            return home(BY_CODE[claimed] if claimed else pick_country(rng), rng)
        return hosting(rng)


def elsewhere(rng: np.random.Generator, claimed: str | None) -> Country:
    """Return a country other than the claimed one."""
    country = pick_country(rng)
    while country.code == claimed:
        country = pick_country(rng)
    return country
