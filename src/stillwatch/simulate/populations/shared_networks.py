"""People behind one address: households, a VPN's exits, a mobile carrier's exits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from stillwatch.simulate.draws import Weighted, whole
from stillwatch.simulate.identity import Fields, person, pick_country
from stillwatch.simulate.network import home
from stillwatch.simulate.populations import control, habits, repertoire
from stillwatch.simulate.populations.places import (
    carrier_line,
    home_line,
    journey,
    own_clock,
    vpn_line,
)
from stillwatch.simulate.populations.roster import Roster
from stillwatch.simulate.stage import Stage

_KIND: Final = Weighted([("household", 0.6), ("vpn", 0.15), ("carrier", 0.25)])


@dataclass(frozen=True, slots=True)
class SharedNetworks:
    """Families with one address and often one card, and strangers who share an exit."""

    accounts: int
    requests: float = 1.8
    """Mean exchanges a day for each account."""
    spread: float = 1.4
    """Standard deviation of the logarithm of people's rates."""
    one_card: float = 0.6
    """Chance that a member of a household pays with the household's card."""
    population = "shared_network"

    def populate(self, stage: Stage) -> None:
        """Put the accounts and their owners on the stage."""
        roster = Roster(stage, self.population)
        rng = roster.rng
        done = 0
        while done < self.accounts:
            kind = _KIND.draw(rng)
            family = whole(rng, 2, 6) if kind == "household" else 1
            family = min(family, self.accounts - done)
            self._behind_one_line(roster, kind, done, family)
            done += family
        roster.settle(self.requests)

    def _behind_one_line(self, roster: Roster, kind: str, first: int, family: int) -> None:
        stage, rng = roster.stage, roster.rng
        country = pick_country(rng)
        if kind == "household":
            lines = (home_line(stage, rng, country),)
        elif kind == "vpn":
            lines = (vpn_line(stage, rng),)
        else:
            lines = (carrier_line(stage, rng, country),)
        where = stage.addresses[lines[0]] if kind == "household" else home(country, rng)
        card: Fields = {}
        for member in range(family):
            fields = person(stage, rng, country, signup=where)
            if (
                kind == "household"
                and fields["payment_fingerprint"]
                and rng.random() < self.one_card
            ):
                card = card or {k: fields[k] for k in ("payment_fingerprint", "payment_bin")}
                fields.update(card)
            life = roster.open(fields)
            name = (stage.seed, self.population, first, member)
            own = repertoire.chats(stage, rng, country.language, *name)
            roster.speak(
                repertoire.rows(roster, own),
                lines,
                life=life,
                spread=self.spread,
                clock=own_clock(rng, country),
                rhythm=habits.pick_rhythm(rng),
                trip=journey(stage, rng, country),
            )
            control.usual(stage, rng, life, lines[0], own[0].client)
