"""People whose card is from one country and who ask from another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stillwatch.simulate.draws import Weighted, around, between
from stillwatch.simulate.geography import COUNTRIES, Country
from stillwatch.simulate.identity import person, pick_country
from stillwatch.simulate.populations import control, habits, repertoire
from stillwatch.simulate.populations.places import (
    carrier_line,
    home_line,
    own_clock,
    personal_addresses,
    servers,
    vpn_line,
)
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.records import DAY, Trip
from stillwatch.simulate.stage import Stage

_KIND: Final = Weighted(
    [("expatriate", 0.35), ("traveller", 0.25), ("vpn", 0.25), ("remote desktop", 0.15)]
)
_PLAN: Final = Weighted([("plus", 0.5), ("pro", 0.2), ("api", 0.3)])


@dataclass(frozen=True, slots=True)
class Abroad:
    """Expatriates, long travellers, people who never leave their VPN, remote workers."""

    accounts: int
    requests: float = 2.2
    """Mean exchanges a day for each account."""
    spread: float = 1.4
    """Standard deviation of the logarithm of people's rates."""
    population = "abroad"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their owners on the stage."""
        roster = Roster(stage, self.population)
        rng = roster.rng
        for number in range(self.accounts):
            claimed, seen = pick_country(rng), pick_country(rng)
            if seen == claimed:
                seen = COUNTRIES[(COUNTRIES.index(claimed) + 1) % len(COUNTRIES)]
            life = roster.open(person(stage, rng, claimed, plan=_PLAN.draw(rng)))
            lines, lives_in, trip = self._whereabouts(roster, claimed, seen)
            name = (stage.seed, self.population, number)
            own = repertoire.chats(stage, rng, claimed.language, *name)
            settings = repertoire.rows(roster, own)
            if rng.random() < 0.4:
                settings.append(roster.setting(habits.developer(stage, rng, *name)))
            roster.speak(
                settings,
                lines,
                life=life,
                spread=self.spread,
                clock=own_clock(rng, lives_in),
                rhythm=habits.pick_rhythm(rng),
                trip=trip,
            )
            control.usual(stage, rng, life, lines[0], own[0].client)
        roster.settle(self.requests)

    def _whereabouts(
        self, roster: Roster, claimed: Country, seen: Country
    ) -> tuple[tuple[int, ...], Country, Trip | None]:
        """Return somebody's lines, the country whose clock they live by, and a trip."""
        stage, rng = roster.stage, roster.rng
        kind = _KIND.draw(rng)
        if kind == "expatriate":
            return personal_addresses(stage, rng, seen), seen, None
        if kind == "traveller":
            start = int(between(rng, -10 * DAY, stage.end))
            end = start + int(around(rng, 20.0, 0.6) * DAY)
            there = carrier_line(stage, rng, seen)
            trip = Trip(start, end, there, seen.clock)
            return personal_addresses(stage, rng, claimed), claimed, trip
        if kind == "vpn":
            return (vpn_line(stage, rng),), claimed, None
        # The machine they work on stands in somebody's data centre.
        return (*servers(stage, rng, 1), home_line(stage, rng, claimed)), claimed, None
