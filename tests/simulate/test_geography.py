"""Countries are complete, and nobody's language is without words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pytest

from stillwatch.simulate.geography import BY_CODE, COUNTRIES
from stillwatch.simulate.network import Address, hosting, vpn
from stillwatch.simulate.text.languages import LANGUAGES


def test_every_country_has_a_language_cards_and_addresses() -> None:
    assert len(BY_CODE) == len(COUNTRIES)
    for country in COUNTRIES:
        assert country.language in {"en", *LANGUAGES}
        assert country.bins > 0
        assert country.weight > 0
        assert country.octets
        assert -12 <= country.clock <= 14


def test_every_language_is_somebodys() -> None:
    assert {"en", *LANGUAGES} == {country.language for country in COUNTRIES}


@pytest.mark.parametrize(("draw", "parts"), [(vpn, 4), (hosting, 2)])
def test_one_address_is_in_one_country_and_network(
    draw: Callable[[np.random.Generator], Address], parts: int
) -> None:
    rng = np.random.Generator(np.random.PCG64(1))
    found: defaultdict[str, set[tuple[str, int]]] = defaultdict(set)
    for address in (draw(rng) for _ in range(3000)):
        block = ".".join(address.text.split(".")[:parts])
        found[block].add((address.country, address.network))
    assert len(found) > 30
    assert {len(where) for where in found.values()} == {1}
