"""Addresses: homes, offices, mobile carriers, VPN exits and hosting, all invented."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from stillwatch.simulate.draws import one_of, whole
from stillwatch.simulate.geography import BY_CODE, Country
from stillwatch.simulate.streams import key_of

_VPN_COUNTRIES = ("NL", "US", "SG", "DE", "JP")
_HOSTING_COUNTRIES = ("US", "US", "DE", "NL", "SG", "JP", "FR")


@dataclass(frozen=True, slots=True)
class Address:
    """One client address with the country and network that a lookup would give."""

    text: str
    country: str
    network: int


def home(country: Country, rng: np.random.Generator) -> Address:
    """Return a fixed-line address of a household."""
    first = one_of(rng, country.octets)
    second = whole(rng, 1, 255)
    return Address(
        f"{first}.{second}.{whole(rng, 0, 256)}.{whole(rng, 1, 255)}",
        country.code,
        _provider(country.code, second % 5),
    )


def carrier(country: Country, rng: np.random.Generator) -> Address:
    """Return an exit of a mobile carrier, which thousands share."""
    exit_number = whole(rng, 0, 24)
    return Address(
        f"{country.octets[0]}.0.{100 + exit_number // 8}.{exit_number % 8 + 1}",
        country.code,
        _carrier(country.code),
    )


def vpn(rng: np.random.Generator) -> Address:
    """Return an exit of a consumer VPN."""
    exit_number = whole(rng, 0, 60)
    return Address(
        f"193.37.{exit_number % 4 + 250}.{exit_number + 10}",
        _VPN_COUNTRIES[exit_number % len(_VPN_COUNTRIES)],
        39000 + exit_number % 3,
    )


def hosting(rng: np.random.Generator) -> Address:
    """Return a server's address."""
    block = whole(rng, 0, 40)
    first = (34, 51, 65, 139)[block % 4]
    return Address(
        f"{first}.{80 + block}.{whole(rng, 0, 256)}.{whole(rng, 1, 255)}",
        _HOSTING_COUNTRIES[block % len(_HOSTING_COUNTRIES)],
        14000 + block % 9,
    )


def office(country: str, rng: np.random.Generator, exits: int) -> list[Address]:
    """Return a company's or school's own egress addresses."""
    base = home(BY_CODE[country], rng)
    stem, network = base.text.rsplit(".", 1)[0], 45000 + whole(rng, 0, 4000)
    return [Address(f"{stem}.{whole(rng, 1, 255)}", country, network) for _ in range(exits)]


@cache
def _provider(country: str, number: int) -> int:
    return 20000 + key_of("provider", country, number) % 9000


@cache
def _carrier(country: str) -> int:
    return 30000 + key_of("carrier", country) % 500
