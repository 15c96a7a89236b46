"""What accounts that claim to be strangers have in common: the operator's own traits."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, get_args

import numpy as np

from stillwatch.simulate.clients import Client, build
from stillwatch.simulate.identity import Fields, email_shape, person, pick_country, referrer
from stillwatch.simulate.network import Address, home, hosting
from stillwatch.simulate.records import Setting
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.text.system_prompts import STOCK_PROMPTS

Trait = Literal["payment", "mail", "signup", "referrer", "phone", "client", "network"]
TRAITS: Final[tuple[Trait, ...]] = get_args(Trait)
_FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "payment": ("payment_fingerprint", "payment_bin", "billing_country"),
    "mail": ("email_domain", "email_shape"),
    "signup": ("signup_address",),
    "referrer": ("referrer",),
    "phone": ("phone_prefix",),
}
IDENTITY: Final[tuple[Trait, ...]] = ("payment", "mail", "signup", "referrer", "phone")


@dataclass(frozen=True, slots=True)
class Sharing:
    """Chance, for each trait of each account, that it is one of the operator's own.

    A trait that an account does not have at all (no card on a free plan) is not given to it.
    """

    chance: float = 0.25
    """For every trait that has no number of its own."""
    payment: float | None = None
    mail: float | None = None
    """Mail domain and the shape of the local part."""
    signup: float | None = None
    referrer: float | None = None
    phone: float | None = None
    client: float | None = None
    """Client build, system prompt, parameters."""
    network: float | None = None
    """The address that requests come from."""
    batches: int = 3
    """How many values of each trait the operator has."""

    def of(self, trait: Trait) -> float:
        """Return the chance for one trait."""
        own: float | None = getattr(self, trait)
        return self.chance if own is None else own

    def with_chance(self, trait: Trait, chance: float) -> Sharing:
        """Return these knobs with another chance for one trait."""
        change: dict[str, Any] = {trait: chance}
        return replace(self, **change)


@dataclass(frozen=True, slots=True)
class Configuration:
    """One client set-up that an operator gives to several accounts."""

    client: Client
    system_prompt: str | None
    temperature: float | None
    max_tokens: int


@dataclass(slots=True)
class OwnTraits:
    """The operator's values of each trait, and what each account took of them."""

    stage: Stage
    name: str
    sharing: Sharing
    family: str
    """The client family of the operator's own set-ups."""
    values: dict[str, list[object]] = field(default_factory=dict)
    burned: set[tuple[str, int]] = field(default_factory=set)
    """Values that are never given out again, by trait and number."""

    def give(self, rng: np.random.Generator, fields: Fields) -> dict[str, int]:
        """Let one account take traits; return the number of the value it took, by trait."""
        taken: dict[str, int] = {}
        for trait in TRAITS:
            # The draw comes first, so that one trait's chance changes no other trait's accounts.
            drawn, batch = rng.random(), int(rng.integers(1 << 30))
            if drawn >= self.sharing.of(trait):
                continue
            if trait in _FIELDS and fields[_FIELDS[trait][0]] is None:
                continue
            number = self._number(trait, batch)
            taken[trait] = number
            value = self.values[trait][number]
            if isinstance(value, dict):
                claimed = fields["billing_country"]
                fields.update(value)
                # Whoever uses one card for many accounts still types in what each of them claims.
                fields["billing_country"] = claimed
        return taken

    def burn(self, trait: str) -> None:
        """Give up every value of a trait that exists so far."""
        self.burned.update((trait, k) for k in range(len(self.values.get(trait, []))))

    def configuration(self, number: int) -> Configuration:
        """Return one of the operator's client set-ups."""
        value = self.values["client"][number]
        assert isinstance(value, Configuration)  # noqa: S101
        return value

    def any_configuration(self, batch: int) -> Configuration:
        """Return one of those client set-ups that are not burned."""
        return self.configuration(self._number("client", batch))

    def exit(self, number: int) -> Address:
        """Return one of the operator's own addresses."""
        value = self.values["network"][number]
        assert isinstance(value, Address)  # noqa: S101
        return value

    def _number(self, trait: Trait, batch: int) -> int:
        """Return the number of a value that is not burned; new ones are made when all are."""
        made = self.values.setdefault(trait, [])
        usable = [k for k in range(len(made)) if (trait, k) not in self.burned]
        while len(usable) < max(1, self.sharing.batches):
            usable.append(len(made))
            made.append(self._new(trait, len(made)))
        return usable[batch % len(usable)]

    def _new(self, trait: Trait, number: int) -> object:
        # Each value has a generator of its own: a knob that draws less changes no other value.
        rng = self.stage.generator("own traits", self.name, trait, number)
        country = pick_country(rng)
        if trait == "payment":
            sample = person(self.stage, rng, country, plan="api")
            return {name: sample[name] for name in _FIELDS["payment"]}
        if trait == "mail":
            domain = f"site{rng.integers(1 << 32):08x}.example"
            return {"email_domain": domain, "email_shape": email_shape(rng)}
        if trait == "signup":
            return {"signup_address": home(country, rng).text}
        if trait == "referrer":
            return {"referrer": referrer(rng) or "search"}
        if trait == "phone":
            return {"phone_prefix": country.phone}
        if trait == "network":
            return hosting(rng)
        return Configuration(
            client=build(self.family, rng),
            system_prompt=str(rng.choice(STOCK_PROMPTS)) if rng.random() < 0.5 else None,
            temperature=(None, 0.7, 1.0)[int(rng.integers(3))],
            max_tokens=int(rng.choice([2048, 4096, 8192])),
        )


def configured(setting: Setting, own: Configuration) -> Setting:
    """Return a setting with the operator's client set-up in the place of its own."""
    return replace(
        setting,
        client=own.client,
        system_prompt=own.system_prompt,
        temperature=own.temperature,
        max_tokens=own.max_tokens,
    )
