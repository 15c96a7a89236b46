"""Addresses: homes, offices, mobile carriers, VPN exits and hosting, all invented."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from stillwatch.simulate.geography import BY_CODE, Country
from stillwatch.simulate.streams import key_of


@dataclass(frozen=True, slots=True)
class Address:
    """One client address with the country and network that a lookup would give."""

    text: str
    country: str
    network: int


def home(country: Country, rng: np.random.Generator) -> Address:
    """Return a fixed-line address of a household."""
    first = country.octets[int(rng.integers(len(country.octets)))]
    second = int(rng.integers(1, 255))
    provider = second % 5
    return Address(
        f"{first}.{second}.{int(rng.integers(0, 256))}.{int(rng.integers(1, 255))}",
        country.code,
        20000 + key_of("provider", country.code, provider) % 9000,
    )


def carrier(country: Country, rng: np.random.Generator) -> Address:
    """Return an exit of a mobile carrier, which thousands share."""
    exit_number = int(rng.integers(24))
    return Address(
        f"{country.octets[0]}.0.{100 + exit_number // 8}.{exit_number % 8 + 1}",
        country.code,
        30000 + key_of("carrier", country.code) % 500,
    )


def vpn(rng: np.random.Generator) -> Address:
    """Return an exit of a consumer VPN."""
    code = ("NL", "US", "SG", "DE", "JP")[int(rng.integers(5))]
    exit_number = int(rng.integers(60))
    return Address(
        f"193.37.{exit_number % 4 + 250}.{exit_number + 10}", code, 39000 + exit_number % 3
    )


def hosting(rng: np.random.Generator) -> Address:
    """Return a server's address."""
    code = ("US", "US", "DE", "NL", "SG", "JP", "FR")[int(rng.integers(7))]
    block = int(rng.integers(40))
    first = (34, 51, 65, 139)[block % 4]
    return Address(
        f"{first}.{80 + block}.{int(rng.integers(0, 256))}.{int(rng.integers(1, 255))}",
        code,
        14000 + block % 9,
    )


def office(country: str, rng: np.random.Generator, exits: int) -> list[Address]:
    """Return a company's or school's own egress addresses."""
    base = home(BY_CODE[country], rng)
    stem, network = base.text.rsplit(".", 1)[0], 45000 + int(rng.integers(4000))
    return [Address(f"{stem}.{int(rng.integers(1, 255))}", country, network) for _ in range(exits)]
