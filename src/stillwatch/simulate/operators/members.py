"""An operator's accounts: strangers on paper, with lives of their own and traits that leak."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from stillwatch.simulate.clients import build
from stillwatch.simulate.identity import joined
from stillwatch.simulate.operators.personas import Persona, Settled, settle
from stillwatch.simulate.operators.sharing import Configuration, OwnTraits
from stillwatch.simulate.records import DAY, PoolAccount
from stillwatch.simulate.stage import Stage

if TYPE_CHECKING:
    from stillwatch.simulate.operators.campaign import Campaign

FOREVER = 1 << 62


@dataclass(slots=True)
class Member:
    """One account, whose life it lives, what it took of the operator's traits, how it is used."""

    settled: Settled
    taken: dict[str, int]
    """Number of the operator's value, by trait."""
    address: int
    client: int
    configuration: Configuration | None
    begins: int
    ends: int = FOREVER
    """When its owner leaves it or it is suspended."""
    suspended: int = FOREVER
    weight: float = 1.0
    """Its part of a relay's volume while it works, relative to the mean."""
    factor: float = 1.0
    """By how much its persona's own requests are multiplied."""
    lane: int = 0
    lines: tuple[int, ...] = ()
    """The templates that it uses, where accounts have templates of their own."""
    worn: tuple[int, ...] = ()
    """Rows of its persona's settings, where a relay rewrites by them what it carries."""

    @property
    def account(self) -> int:
        """The row of its account."""
        return self.settled.account

    def days_from(self, begin: int, end: int) -> float:
        """Return how many days it works between two times."""
        return max(0, min(self.ends, end) - max(self.begins, begin)) / DAY

    def in_pool(self, quota: float) -> PoolAccount:
        """Return it as a member of a pool."""
        return PoolAccount(
            account=self.account,
            lane=self.lane,
            joins=self.begins,
            leaves=self.suspended,
            quota=quota,
            address=self.address,
            client=self.client,
            settings=self.worn,
        )


class Hiring:
    """Takes personas over and gives them the operator's traits, exits and clients."""

    def __init__(self, stage: Stage, knobs: Campaign, own: OwnTraits) -> None:
        self.stage, self.knobs, self.own = stage, knobs, own
        self._rng = stage.generator(knobs.population, knobs.name, "hiring")
        self._shared = knobs.location.shared(self._rng)

    def hire(self, persona: Persona, begins: int, family: str, *, fresh: bool) -> Member:
        """Put a persona's account on the stage as the operator's.

        `begins` is when it may work at the earliest; a `fresh` account is opened shortly before.
        `family` is the client family of its pathway, which a mimic does not use.
        """
        stage, knobs = self.stage, self.knobs
        # Each account draws from a generator of its own: no knob shifts the draws of another.
        rng = np.random.Generator(np.random.PCG64(int(self._rng.integers(1 << 62))))
        mimics = knobs.rhythm == "mimic"
        settled = settle(persona, stage, knobs.population, f"operator-{knobs.name}", changes=mimics)
        fields = stage.accounts[settled.account].fields
        age = rng.random()
        if fresh:
            fields["created_at"] = stage.moment(begins - int((0.05 + 1.95 * age) * DAY))
        elif not mimics and begins < joined(stage, fields):
            # A relay buys its accounts before it uses them.
            fields["created_at"] = stage.moment(begins - int((0.05 + 60 * age) * DAY))
        taken = self.own.give(rng, fields)
        own_exit = knobs.location.exit(
            rng, fields["billing_country"], self._shared, own_lines=mimics
        )
        if "network" in taken:
            own_exit = self.own.exit(taken["network"])
        if own_exit is not None:
            row = stage.add_address(own_exit)
            one = tuple(replace(s, addresses=(row,), trip=None) for s in settled.speakers)
            settled = replace(settled, speakers=one)
        # Several people may use one account; a careful operator notices when the last has left.
        gone = max if knobs.cover.until == "last" else min
        ends = min(gone(s.leaves for s in settled.speakers), settled.suspended)
        configuration = self.own.configuration(taken["client"]) if "client" in taken else None
        if configuration is not None and (mimics or family == configuration.client.family):
            client = configuration.client
        else:
            client = settled.settings[0][0].client if mimics else build(family, rng)
        return Member(
            settled=settled,
            taken=taken,
            address=settled.speakers[0].addresses[0],
            client=stage.add_client(client),
            configuration=configuration,
            begins=max(begins, joined(stage, fields)),
            ends=ends,
            suspended=settled.suspended,
        )

    def move_house(self, member: Member, rng: np.random.Generator) -> None:
        """Let an account use an exit of its own in the place of the operator's."""
        stage = self.stage
        claimed = stage.accounts[member.account].fields["billing_country"]
        found = self.knobs.location.exit(rng, claimed, self._shared, own_lines=False)
        assert found is not None  # noqa: S101
        member.address = stage.add_address(found)
        moved = tuple(
            replace(s, addresses=(member.address,), trip=None) for s in member.settled.speakers
        )
        member.settled = replace(member.settled, speakers=moved)
