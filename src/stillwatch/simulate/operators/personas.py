"""Innocent lives for an operator's accounts: drawn by the code that draws the innocents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from stillwatch.simulate.operators.volume import requests_of
from stillwatch.simulate.populations import Individuals, Pipelines, ToolUsers
from stillwatch.simulate.records import Setting, Speaker
from stillwatch.simulate.stage import Stage
from stillwatch.simulate.streams import generator, key_of

KINDS: Final = (
    "individual",
    "tool",
    "pipeline",
    "small_app",
    "abroad",
    "viral",
    "evaluator",
    "migration",
)
"""Populations whose accounts stand alone: no organisation, family, school or pool."""
_USUAL: Final = (Individuals(67), ToolUsers(31), Pipelines(2))
"""Where the world has none of these, so many of each in a hundred (guessed)."""
_LEAST: Final = 0.01
"""Least requests of a persona that an operator takes, relative to the mean that it wants."""


class _Wings(Stage):
    """A stage beside the world's, on which people are made who may be taken over.

    Its populations draw from generators of their own; whatever else is drawn by name (a tool's
    releases, say) is the world's.
    """

    world: Stage
    salt: tuple[str | int, ...]

    def generator(self, *names: str | int) -> np.random.Generator:
        if names and names[0] in KINDS:
            return generator("wings", *self.salt, *names)
        return self.world.generator(*names)

    def key(self, *names: str | int) -> int:
        return self.world.key(*names)


@dataclass(frozen=True, slots=True)
class Persona:
    """Somebody who could have been innocent: an account on the wings and how it is used."""

    wings: Stage
    account: int
    speakers: tuple[Speaker, ...]
    control: tuple[int, ...]
    events: tuple[int, ...]
    requests: float
    """Expected over the window."""

    @property
    def fields(self) -> dict[str, Any]:
        """What the account says of itself."""
        return self.wings.accounts[self.account].fields

    @property
    def first(self) -> Speaker:
        """The speaker that makes most of the account's requests."""
        return max(self.speakers, key=lambda s: s.sittings * s.per_sitting)


@dataclass(frozen=True, slots=True)
class Settled:
    """A persona on the world's stage; its speakers are not yet among the world's."""

    account: int
    speakers: tuple[Speaker, ...]
    settings: tuple[tuple[Setting, ...], ...]
    """The settings of each speaker."""
    suspended: int
    """When the account is suspended for its owner's sake; 1 << 62 for never."""


def draw_personas(stage: Stage, count: int, *names: str | int) -> list[Persona]:
    """Return people of the kinds and in the proportions of the world's own innocents."""
    wings = _Wings(
        seed=key_of("wings", stage.seed, *names) % (1 << 31),
        days=stage.days,
        beginning=stage.beginning,
        texts=stage.texts,
        arrivals=stage.arrivals,
        releases=stage.releases,
    )
    wings.world, wings.salt = stage, (stage.seed, *names)
    casts = [cast for cast in stage.casts if cast.population in KINDS] or list(_USUAL)
    total = sum(cast.accounts for cast in casts)
    for cast in casts:
        replace(cast, accounts=max(1, round(1.02 * count * cast.accounts / total))).populate(wings)
    people = _people(wings)
    # A keyed shuffle, so that a prefix holds every kind.
    order = generator("wings order", stage.seed, *names).permutation(len(people))
    return [people[k] for k in order]


def _people(wings: Stage) -> list[Persona]:
    speakers: list[list[Speaker]] = [[] for _ in wings.accounts]
    for speaker in wings.speakers:
        plain = all(wings.settings[k].deck is None for k in speaker.settings)
        if speaker.account is not None and speaker.pool is None and plain:
            speakers[speaker.account].append(replace(speaker, shared_root=None))
    control: list[list[int]] = [[] for _ in wings.accounts]
    for k, habit in enumerate(wings.control):
        control[habit.account].append(k)
    events: list[list[int]] = [[] for _ in wings.accounts]
    for k, event in enumerate(wings.events):
        events[event[0]].append(k)
    return [
        Persona(
            wings,
            account,
            tuple(own),
            tuple(control[account]),
            tuple(events[account]),
            sum(requests_of(wings, s, [wings.settings[k] for k in s.settings]) for s in own),
        )
        for account, own in enumerate(speakers)
        if own
    ]


def choose(
    people: Sequence[Persona], count: int, requests: float, rng: np.random.Generator
) -> list[Persona]:
    """Return `count` of the people whose mean of requests is as near to the asked one as can be.

    They are drawn without replacement with odds that rise (or fall) with a power of their requests,
    which distorts the innocents' distribution least for the mean that it gives. People who ask
    next to nothing are left out while there are others: nothing can hide behind them.
    """
    lively = [p for p in people if p.requests >= _LEAST * requests]
    people = lively if len(lively) >= count else people
    rate = np.log(np.array([max(p.requests, 1e-9) for p in people]))
    noise = rng.gumbel(size=len(people))

    def chosen(power: float) -> npt.NDArray[np.int64]:
        return np.sort(np.argsort(-(power * rate + noise), kind="stable")[:count])

    low, high = -4.0, 4.0
    for _ in range(24):
        middle = (low + high) / 2
        mean = float(np.exp(rate[chosen(middle)]).mean())
        low, high = (middle, high) if mean < requests else (low, middle)
    return [people[k] for k in chosen((low + high) / 2)]


def settle(
    persona: Persona, stage: Stage, population: str, operator: str, *, changes: bool
) -> Settled:
    """Take an account over onto the world's stage; with `changes`, also what happens to it later.

    Without them its owner neither leaves nor is suspended in the window.
    """
    wings = persona.wings
    old = wings.accounts[persona.account]
    account = stage.add_account(
        dict(old.fields), population, operator=operator, credentials=old.credentials
    )
    lines: dict[int, int] = {}

    def line(row: int) -> int:
        if row not in lines:
            count, lease = wings.leases.get(row, (1, 0))
            lines[row] = stage.add_line(wings.addresses[row : row + count], lease)
        return lines[row]

    def moved(speaker: Speaker, number: int) -> Speaker:
        trip = speaker.trip and replace(speaker.trip, address=line(speaker.trip.address))
        return replace(
            speaker,
            account=account,
            voice=key_of("voice", stage.seed, account, number) >> 32,
            addresses=tuple(line(a) for a in speaker.addresses),
            trip=trip,
            leaves=speaker.leaves if changes else 1 << 62,
        )

    for k in persona.control:
        habit = wings.control[k]
        stage.control.append(
            replace(
                habit,
                account=account,
                address=line(habit.address),
                leaves=habit.leaves if changes else stage.end,
            )
        )
    suspended = 1 << 62
    for k in persona.events:
        _, at, name, value = wings.events[k]
        if changes or name != "suspended":
            stage.events.append((account, at, name, value))
            suspended = min(suspended, at) if name == "suspended" else suspended
    return Settled(
        account,
        tuple(moved(s, k) for k, s in enumerate(persona.speakers)),
        tuple(tuple(wings.settings[k] for k in s.settings) for s in persona.speakers),
        suspended,
    )
