"""Countries with what follows from them: clock, language, phone prefix, card and address ranges."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Country:
    """One country of the world's making; card and address ranges are invented."""

    code: str
    weight: float
    clock: float
    """Hours ahead of UTC."""
    language: str
    phone: str
    bins: int
    """How many card ranges its banks issue."""
    octets: tuple[int, ...]
    """First octets of its home addresses."""


COUNTRIES: Final = (
    Country("US", 26, -6, "en", "+1", 14, (66, 73, 98, 107)),
    Country("GB", 7, 0, "en", "+44", 6, (81, 86)),
    Country("DE", 7, 1, "de", "+49", 6, (79, 93)),
    Country("FR", 5, 1, "fr", "+33", 5, (82, 90)),
    Country("ES", 4, 1, "es", "+34", 4, (83, 88)),
    Country("MX", 4, -6, "es", "+52", 4, (187, 189)),
    Country("BR", 6, -3, "pt", "+55", 5, (177, 179)),
    Country("IN", 10, 5.5, "hi", "+91", 6, (106, 117)),
    Country("JP", 6, 9, "ja", "+81", 5, (126, 153)),
    Country("KR", 3, 9, "ko", "+82", 3, (121, 175)),
    Country("SG", 2, 8, "zh", "+65", 2, (116,)),
    Country("TW", 3, 8, "zh", "+886", 3, (61, 114)),
    Country("UA", 2, 2, "ru", "+380", 2, (91, 176)),
    Country("PL", 3, 1, "en", "+48", 3, (83, 89)),
    Country("NG", 2, 1, "en", "+234", 2, (105,)),
    Country("CA", 5, -5, "en", "+1", 5, (70, 99)),
    Country("AU", 4, 10, "en", "+61", 4, (101, 120)),
    Country("NL", 3, 1, "en", "+31", 3, (84, 145)),
    Country("AR", 2, -3, "es", "+54", 3, (181, 190)),
    Country("CL", 1, -4, "es", "+56", 2, (191,)),
    Country("AT", 1, 1, "de", "+43", 2, (77,)),
    Country("CH", 2, 1, "de", "+41", 3, (85, 213)),
    Country("BE", 1, 1, "fr", "+32", 2, (109,)),
    Country("PT", 1, 0, "pt", "+351", 2, (94,)),
    Country("HK", 2, 8, "zh", "+852", 3, (112, 219)),
    Country("ZA", 1, 2, "en", "+27", 2, (41, 196)),
    Country("IE", 1, 0, "en", "+353", 2, (87,)),
    Country("KZ", 1, 5, "ru", "+7", 2, (95,)),
)
BY_CODE: Final = {country.code: country for country in COUNTRIES}
"""Country by its two-letter code."""
