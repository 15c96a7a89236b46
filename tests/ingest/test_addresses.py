"""A client can write what it likes into X-Forwarded-For; it never becomes its address."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stillwatch.errors import UsageError
from stillwatch.ingest.addresses import FORWARDED, PEER, UNTRUSTED, Hops, client_address, normal

REAL = "203.0.113.50"
PROXIES = ["10.0.0.1", "10.0.0.2", "10.0.0.3", "10.0.0.4"]
forged = st.lists(
    st.one_of(
        st.ip_addresses().map(str),
        st.sampled_from([*PROXIES, "unknown", "", "203.0.113.9:80", "[2001:db8::1]:9", "a, b"]),
    ),
    max_size=5,
)


@given(forged, st.integers(0, 4), st.booleans())
def test_a_client_never_chooses_its_address(
    written: list[str], hops: int, as_networks: bool
) -> None:
    """Our proxies append the address they saw to whatever the client sent."""
    path = [REAL, *PROXIES[:hops]]
    header = ", ".join([*written, *path[:-1]])
    headers = [header] if header else []
    trusted = Hops.of(0, ["10.0.0.0/8"]) if as_networks else Hops(hops)
    address, source = client_address(path[-1], headers, trusted)
    if hops and as_networks and not headers:
        pytest.fail("a proxy always appends")
    assert address == REAL
    assert source == (PEER if hops == 0 else FORWARDED)


@given(forged, st.integers(1, 4))
def test_without_the_peer_the_header_is_enough_behind_proxies(
    written: list[str], hops: int
) -> None:
    header = ", ".join([*written, REAL, *PROXIES[: hops - 1]])
    assert client_address(None, [header], Hops(hops)) == (REAL, FORWARDED)


@given(forged.filter(bool))
def test_without_peer_and_proxies_nothing_is_believed(written: list[str]) -> None:
    assert client_address(None, [", ".join(written)], Hops(0)) == (None, UNTRUSTED)


def test_a_chain_shorter_than_the_hops_is_not_ours() -> None:
    assert client_address("10.0.0.1", ["198.51.100.1"], Hops(3)) == (None, UNTRUSTED)
    assert client_address(None, ["198.51.100.1"], Hops(2)) == (None, UNTRUSTED)
    assert client_address(None, [], Hops(0)) == (None, None)


def test_networks_without_the_peer_prove_nothing() -> None:
    hops = Hops.of(0, ["10.0.0.0/8"])
    assert client_address(None, ["198.51.100.1, 10.0.0.9"], hops) == (None, UNTRUSTED)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1:443", "192.0.2.1"),
        ("[2001:DB8::1]:443", "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        (' "192.0.2.1" ', "192.0.2.1"),
        ("unknown", None),
        ("1.2.3", None),
        (None, None),
    ],
)
def test_addresses_have_one_form(text: str | None, address: str | None) -> None:
    assert normal(text) == address


def test_a_network_that_is_none_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="not a network"):
        Hops.of(1, ["10.0.0.0/99"])
