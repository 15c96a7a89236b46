"""Who accounts say they are: e-mail, payment, phone, sign-up address, referrer."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.simulate.calendar import moment
from stillwatch.simulate.geography import COUNTRIES, Country
from stillwatch.simulate.network import Address, home
from stillwatch.simulate.records import DAY, SECOND
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.streams import key_of

_FREE_MAIL: Final = (
    "gmail.example",
    "outlook.example",
    "mail.example",
    "proton.example",
    "icloud.example",
    "yahoo.example",
)
_FREE_MAIL_SHARE: Final = (0.46, 0.18, 0.13, 0.08, 0.09, 0.06)
_SHAPES: Final = (
    "{f}.{l}",
    "{f}{l}",
    "{f}{l}{2}",
    "{i}{l}",
    "{f}{2}",
    "{f}.{l}{2}",
    "{f}_{l}",
    "{f}{4}",
    "{l}.{f}",
    "{f}{l}{4}",
)
_REFERRERS: Final = (
    None,
    "search",
    "friend",
    "video",
    "news",
    "docs",
    "partner-3",
    "partner-8",
    "conference",
    "store",
)
_REFERRER_SHARE: Final = (0.34, 0.27, 0.1, 0.09, 0.05, 0.06, 0.02, 0.02, 0.02, 0.03)

Fields = dict[str, Any]


def pick_country(rng: np.random.Generator) -> Country:
    """Return a country, drawn by its weight."""
    weights = np.array([c.weight for c in COUNTRIES])
    return COUNTRIES[int(rng.choice(len(COUNTRIES), p=weights / weights.sum()))]


def email_shape(rng: np.random.Generator) -> str:
    """Return the shape of the part before the @: letters as a, digits as 9."""
    shape = _SHAPES[int(rng.integers(len(_SHAPES)))]
    first, last = "a" * int(rng.integers(3, 8)), "a" * int(rng.integers(4, 10))
    return (
        shape.replace("{f}", first)
        .replace("{l}", last)
        .replace("{i}", "a")
        .replace("{2}", "99")
        .replace("{4}", "9999")
    )


def card_range(country: Country, rng: np.random.Generator) -> str:
    """Return the first digits of a card of this country; a few ranges are very common."""
    rank = int(country.bins * rng.random() ** 2)
    return f"{400000 + key_of('bin', country.code, rank) % 150000}"


def referrer(rng: np.random.Generator) -> str | None:
    """Return where somebody says they came from."""
    return _REFERRERS[int(rng.choice(len(_REFERRERS), p=_REFERRER_SHARE))]


def created(rng: np.random.Generator, days: int) -> int:
    """Return when an account was opened: most long ago, some inside the window."""
    if rng.random() < 0.1:
        return int(rng.integers(0, max(1, days - 2) * DAY))
    return -int(rng.exponential(150 * DAY)) - int(rng.integers(1, 3600 * SECOND))


def person(
    stage: Stage,
    rng: np.random.Generator,
    country: Country,
    *,
    plan: str | None = None,
    signup: Address | None = None,
) -> Fields:
    """Return the account of one private person."""
    chosen = plan or str(rng.choice(["free", "plus", "pro", "api"], p=[0.42, 0.27, 0.09, 0.22]))
    pays = chosen != "free"
    own_domain = rng.random() < 0.12
    domain = (
        f"site{rng.integers(1 << 30):x}.example"
        if own_domain
        else str(rng.choice(_FREE_MAIL, p=_FREE_MAIL_SHARE))
    )
    address = signup or home(country, rng)
    return {
        "account_id": f"a{rng.integers(1 << 62):016x}",
        "created_at": moment(created(rng, stage.days)),
        "plan": chosen,
        "organization_id": None,
        "email_domain": domain,
        "email_hash": f"{rng.integers(1 << 62):016x}",
        "email_shape": email_shape(rng),
        "payment_fingerprint": f"p{rng.integers(1 << 62):016x}" if pays else None,
        "payment_bin": card_range(country, rng) if pays else None,
        "billing_country": country.code if pays else None,
        "phone_prefix": country.phone if rng.random() < 0.8 else None,
        "signup_address": address.text if rng.random() < 0.93 else None,
        "referrer": referrer(rng),
        "verified": bool(rng.random() < (0.85 if pays else 0.5)),
    }


def employee(
    stage: Stage, rng: np.random.Generator, country: Country, shared: Fields, *, plan: str
) -> Fields:
    """Return the account of one member of an organisation whose traits are `shared`."""
    fields = person(stage, rng, country, plan=plan)
    fields.update({"phone_prefix": None, "referrer": "single-sign-on", "verified": True})
    fields.update(shared)
    return fields


def joined(fields: Fields) -> int:
    """Return when an account's use may start, in microseconds of world time."""
    return max(0, int((fields["created_at"] - moment(0)).total_seconds() * SECOND))
