"""Who called: the address that a client cannot choose, and where it was read."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from stillwatch.errors import UsageError

PEER: Final = "peer"
"""The address that opened the connection."""
FORWARDED: Final = "x-forwarded-for"
"""The chain of X-Forwarded-For, as far as our own proxies wrote it."""
REPORTED: Final = "reported"
"""What the log says, without a forwarding header that could contradict it."""
UNTRUSTED: Final = "untrusted"
"""No address: all that is there may have been written by the client."""


@dataclass(frozen=True, slots=True)
class Hops:
    """Which part of a forwarding chain our own proxies wrote."""

    count: int
    networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = ()

    @classmethod
    def of(cls, count: int, networks: Sequence[str]) -> Hops:
        """Read trusted networks; raises UsageError on what is no CIDR block."""
        try:
            return cls(count, tuple(ipaddress.ip_network(block) for block in networks))
        except ValueError as error:
            raise UsageError(f"not a network: {error}", hint="for example 10.0.0.0/8") from error

    def trusts(self, address: str) -> bool:
        """Whether an address is one of our own proxies."""
        parsed = ipaddress.ip_address(address)
        return any(parsed in network for network in self.networks)


def client_address(
    peer: str | None, forwarded: Sequence[str], hops: Hops
) -> tuple[str | None, str | None]:
    """Return the client's address and where it came from.

    `peer` is the address that opened the connection to us (null when the log does not say),
    `forwarded` the values of all X-Forwarded-For headers in order. The chain is walked from the
    right: each proxy of ours appended the address it saw, so the entry left of the last trusted
    hop is real, and everything further left is the client's word, which is never read. A chain
    shorter than the trusted hops was not written by them: no address.
    """
    chain = [entry.strip() for value in forwarded for entry in value.split(",")]
    if not chain and hops.count == 0:
        address = normal(peer)
        return address, PEER if address else None
    entries = [*chain, peer] if peer is not None else chain
    at = len(entries) - 1 - hops.count if peer is not None else len(entries) - hops.count
    if at < 0 or at >= len(entries):
        return None, UNTRUSTED
    address = normal(entries[at])
    while address is not None and at > 0 and hops.trusts(address):
        at -= 1
        address = normal(entries[at])
    if address is None:
        return None, UNTRUSTED
    return address, PEER if peer is not None and at == len(entries) - 1 else FORWARDED


def normal(text: str | None) -> str | None:
    """Return an IP address without port, brackets or zone, or null if it is none."""
    if not text:
        return None
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = getattr(address, "ipv4_mapped", None)
    return str(mapped or address)
