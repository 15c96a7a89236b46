"""Where people are when they ask: home lines that re-dial, carriers, VPNs, journeys."""

from __future__ import annotations

from typing import Final

import numpy as np

from stillwatch.simulate.draws import Weighted, around, between, whole
from stillwatch.simulate.geography import Country
from stillwatch.simulate.identity import pick_country
from stillwatch.simulate.network import Address, carrier, home, hosting, vpn
from stillwatch.simulate.records import DAY, Trip
from stillwatch.simulate.stage import Stage

_RE_DIALS: Final = Weighted([(0, 0.4), (30, 0.3), (7, 0.17), (1, 0.13)])
"""Days that a home line keeps its address; 0 for always (guessed)."""
_SIGN_UP_AT_HOME: Final = 0.7
_SAME_LEASE: Final = 0.4
_ON_THE_MOVE: Final = 0.45
"""Share of people who also ask through a mobile carrier (guessed)."""
_BEHIND_VPN: Final = 0.07
_TRIPS_A_DAY: Final = 0.006
_TRIP_ABROAD: Final = 0.5
_MOST_ADDRESSES: Final = 12
_EXITS: Final = 4


def home_line(stage: Stage, rng: np.random.Generator, country: Country) -> int:
    """Put a home line on the stage that keeps its address for ever, a month, a week or a day."""
    lease = _RE_DIALS.draw(rng)
    count = 1 if not lease else min(_MOST_ADDRESSES, 1 + stage.days // lease)
    if count == 1:
        return stage.add_address(home(country, rng))
    first = home(country, rng)
    stem = first.text.rsplit(".", 2)[0]
    # A provider gives out addresses of one region, so the first half stays.
    others = [
        Address(f"{stem}.{whole(rng, 0, 256)}.{whole(rng, 1, 255)}", first.country, first.network)
        for _ in range(count - 1)
    ]
    return stage.add_line([first, *others], lease * DAY)


def carrier_line(stage: Stage, rng: np.random.Generator, country: Country) -> int:
    """Put a phone on the stage: another of its carrier's exits every few hours."""
    return stage.add_line([carrier(country, rng) for _ in range(_EXITS)], DAY // 4)


def vpn_line(stage: Stage, rng: np.random.Generator) -> int:
    """Put a VPN client on the stage: another exit every day or so, whichever country it is in."""
    return stage.add_line([vpn(rng) for _ in range(_EXITS)], DAY)


def servers(stage: Stage, rng: np.random.Generator, most: int = 5) -> tuple[int, ...]:
    """Put one to `most` hosted machines on the stage and return their addresses."""
    return tuple(stage.add_address(hosting(rng)) for _ in range(whole(rng, 1, most + 1)))


def personal_addresses(
    stage: Stage, rng: np.random.Generator, country: Country, account: int | None = None
) -> tuple[int, ...]:
    """Return a private person's lines: home, often a phone, sometimes a second place or a VPN.

    Who opens an `account` (a row of the stage) mostly does so at home, on today's address of that
    line or on an earlier one.
    """
    found = [home_line(stage, rng, country)]
    if account is not None and rng.random() < _SIGN_UP_AT_HOME:
        fields = stage.accounts[account].fields
        at_home = stage.addresses[found[0]].text
        if rng.random() >= _SAME_LEASE:
            at_home = f"{at_home.rsplit('.', 2)[0]}.{whole(rng, 0, 256)}.{whole(rng, 1, 255)}"
        if fields["signup_address"] is not None:
            fields["signup_address"] = at_home
    if rng.random() < 0.2:
        found.append(home_line(stage, rng, country))
    if rng.random() < _ON_THE_MOVE:
        found.append(carrier_line(stage, rng, country))
    if rng.random() < _BEHIND_VPN:
        found.append(vpn_line(stage, rng))
    return tuple(found)


def journey(stage: Stage, rng: np.random.Generator, country: Country) -> Trip | None:
    """Return a trip in the window for some people: days elsewhere, half of them abroad."""
    if rng.random() >= min(0.5, _TRIPS_A_DAY * stage.days):
        return None
    there = pick_country(rng) if rng.random() < _TRIP_ABROAD else country
    start = int(between(rng, -5 * DAY, stage.end))
    length = int(min(around(rng, 5.0, 0.8), 40.0) * DAY)
    row = carrier_line(stage, rng, there) if rng.random() < 0.4 else home_line(stage, rng, there)
    return Trip(start, start + length, row, there.clock)


def own_clock(rng: np.random.Generator, country: Country) -> float:
    """Return when somebody's day runs, in hours ahead of UTC: larks, owls and those in between."""
    return float(country.clock + 1.3 * rng.standard_normal())
