"""Who accounts say they are: e-mail, payment, phone, sign-up address, referrer."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from stillwatch.simulate.draws import Weighted, one_of, token, whole
from stillwatch.simulate.geography import COUNTRIES, Country
from stillwatch.simulate.network import Address, home
from stillwatch.simulate.records import DAY, SECOND
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.streams import key_of

_COUNTRY: Final = Weighted((country, country.weight) for country in COUNTRIES)
_FREE_MAIL: Final = Weighted(
    [
        ("gmail.example", 0.46),
        ("outlook.example", 0.18),
        ("mail.example", 0.13),
        ("proton.example", 0.08),
        ("icloud.example", 0.09),
        ("yahoo.example", 0.06),
    ]
)
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
_REFERRER: Final = Weighted[str | None](
    [
        (None, 0.34),
        ("search", 0.27),
        ("friend", 0.1),
        ("video", 0.09),
        ("news", 0.05),
        ("docs", 0.06),
        ("partner-3", 0.02),
        ("partner-8", 0.02),
        ("conference", 0.02),
        ("store", 0.03),
    ]
)
_PLAN: Final = Weighted([("free", 0.42), ("plus", 0.27), ("pro", 0.09), ("api", 0.22)])
_PHONE_ELSEWHERE: Final = 0.06
_OWN_DOMAIN: Final = 0.12
_SIGN_UPS_A_DAY: Final = 0.007
_MOST_NEW: Final = 0.35

Fields = dict[str, Any]


def pick_country(rng: np.random.Generator) -> Country:
    """Return a country, drawn by its weight."""
    return _COUNTRY.draw(rng)


def email_shape(rng: np.random.Generator) -> str:
    """Return the shape of the part before the @: letters as a, digits as 9."""
    first, last = "a" * whole(rng, 3, 8), "a" * whole(rng, 4, 10)
    return (
        one_of(rng, _SHAPES)
        .replace("{f}", first)
        .replace("{l}", last)
        .replace("{i}", "a")
        .replace("{2}", "99")
        .replace("{4}", "9999")
    )


def card(country: Country, rng: np.random.Generator) -> Fields:
    """Return a card of this country: its fingerprint, first digits and billing country."""
    return {
        "payment_fingerprint": f"p{token(rng)}",
        "payment_bin": card_range(country, rng),
        "billing_country": country.code,
    }


def card_range(country: Country, rng: np.random.Generator) -> str:
    """Return the first digits of a card of this country; a few ranges are very common."""
    rank = int(country.bins * rng.random() ** 2)
    return f"{400000 + key_of('bin', country.code, rank) % 150000}"


def referrer(rng: np.random.Generator) -> str | None:
    """Return where somebody says they came from."""
    return _REFERRER.draw(rng)


def created(rng: np.random.Generator, days: int) -> int:
    """Return when an account was opened: most long ago, some inside the window."""
    if rng.random() < min(_MOST_NEW, _SIGN_UPS_A_DAY * days):
        return int(max(1, days - 2) * DAY * rng.random())
    return -int(rng.exponential(150 * DAY)) - whole(rng, 1, 3600 * SECOND)


def person(
    stage: Stage,
    rng: np.random.Generator,
    country: Country,
    *,
    plan: str | None = None,
    signup: Address | None = None,
) -> Fields:
    """Return the account of one private person."""
    chosen = plan or _PLAN.draw(rng)
    pays = chosen != "free"
    own_domain = rng.random() < _OWN_DOMAIN
    domain = f"site{token(rng)[8:]}.example" if own_domain else _FREE_MAIL.draw(rng)
    address = signup or home(country, rng)
    fields: Fields = {
        "account_id": f"a{token(rng)}",
        "created_at": stage.moment(created(rng, stage.days)),
        "plan": chosen,
        "organization_id": None,
        "email_domain": domain,
        "email_hash": token(rng),
        "email_shape": email_shape(rng),
        "payment_fingerprint": None,
        "payment_bin": None,
        "billing_country": None,
        "phone_prefix": _phone(country, rng),
        "signup_address": address.text if rng.random() < 0.93 else None,
        "referrer": referrer(rng),
        "verified": rng.random() < (0.85 if pays else 0.5),
    }
    if pays:
        fields.update(card(country, rng))
    return fields


def _phone(country: Country, rng: np.random.Generator) -> str | None:
    """Return the prefix of somebody's number; migrants kept one, others rent one elsewhere."""
    if rng.random() >= 0.8:
        return None
    return pick_country(rng).phone if rng.random() < _PHONE_ELSEWHERE else country.phone


def employee(
    stage: Stage, rng: np.random.Generator, country: Country, shared: Fields, *, plan: str
) -> Fields:
    """Return the account of one member of an organisation whose traits are `shared`."""
    fields = person(stage, rng, country, plan=plan)
    fields.update({"phone_prefix": None, "referrer": "single-sign-on", "verified": True})
    fields.update(shared)
    return fields


def joined(stage: Stage, fields: Fields) -> int:
    """Return when an account's use may start, in microseconds of world time."""
    return max(0, int((fields["created_at"] - stage.beginning).total_seconds() * SECOND))
