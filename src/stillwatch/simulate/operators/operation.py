"""A campaign while it runs: its accounts, its queues, who does the work, and what it learns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from stillwatch.simulate.operators.customers import post_customers
from stillwatch.simulate.operators.fitting import fitted
from stillwatch.simulate.operators.lives import expected, post_cover, post_lives, wear
from stillwatch.simulate.operators.members import Hiring, Member
from stillwatch.simulate.operators.owners import OwnersWords
from stillwatch.simulate.operators.personas import Persona, choose, draw_personas
from stillwatch.simulate.operators.programs import plain_program, post_programs
from stillwatch.simulate.operators.reaction import Reaction
from stillwatch.simulate.operators.sharing import OwnTraits
from stillwatch.simulate.operators.volume import RELAY_SPREAD, shares
from stillwatch.simulate.operators.wording import Line, lines, sweep
from stillwatch.simulate.records import DAY, Deck, Kind, Pool, Setting, Speaker, kind_of
from stillwatch.simulate.stage import Stage

if TYPE_CHECKING:
    from stillwatch.simulate.operators.campaign import Campaign

_CHOICE = 3.0
"""How many candidates a mimic sees for each account that it takes: no kind of innocent becomes more
than so many times commoner among its accounts."""
_LINES_AN_ACCOUNT = 6
_LINES_OF_A_MIMIC = 3
"""One person asks about few things."""
_CLOCKS = (-6.0, -3.0, 0.0, 1.0, 5.5, 8.0)
_SWEEPERS = 3
_QUOTA = 2.0
"""What a relay allows an account in a day, as a multiple of what it is meant to carry."""


class Operation:
    """One campaign on one stage."""

    def __init__(self, stage: Stage, knobs: Campaign) -> None:
        self.stage, self.knobs = stage, knobs
        self.own = OwnTraits(stage, knobs.name, knobs.sharing, _family(knobs))
        self.hiring = Hiring(stage, knobs, self.own)
        self.members: list[Member] = []
        self.reserve: list[Member] = []
        self._strangers: list[Persona] | None = None
        self._lives_balanced = False
        self.lines: list[Line] = []
        self._owners = OwnersWords(stage)
        self.pool: int | None = None
        self.clock = _CLOCKS[int(self.rng("clock").integers(len(_CLOCKS)))]
        self.lanes = 1
        self.posted: list[int] = []
        """Rows of the speakers that work for it now."""
        self._decks: dict[str, int] = {}
        self._versions = 0
        self.unit = 0.0
        """Requests a day of an account of weight 1."""
        self.reaction = Reaction(self)

    def rng(self, *names: str | int) -> np.random.Generator:
        """Return the campaign's random generator for a purpose."""
        return self.stage.generator("campaign", self.knobs.name, *names)

    @property
    def homes(self) -> bool:
        """Whether conversations begin on the account of the persona that has them."""
        return self.knobs.rhythm == "mimic" and self.knobs.relaying.scheduler != "round_robin"

    @property
    def cover_factor(self) -> float:
        """What part of the personas' requests is their own."""
        return self.knobs.cover.share if self.knobs.cover.by == "persona" else 0.0

    def open(self) -> None:
        """Buy the accounts, set up the relay and start work."""
        stage, knobs = self.stage, self.knobs
        self.campaign = len(stage.campaigns)
        stage.campaigns.append(knobs.name)
        self._hire()
        self._weigh()
        self.lanes = knobs.relaying.lanes_for(len(self.members))
        self._assign_lanes(self.members)
        self._succeed_the_suspended()
        if knobs.rhythm == "mimic":
            self._balance_lives()
        if knobs.relaying.policy is not None:
            self.pool = stage.add_pool(self._pool())
        for member in self.members:
            self.sign_in(member)
        self.word()
        begin = self._sweep()
        self.post(begin, cover_from=0)

    def _hire(self) -> None:
        knobs, rng = self.knobs, self.rng("choice")
        people = self._people(knobs.accounts, "campaign")
        dormant = round(knobs.succession.reserve * knobs.accounts)
        working = knobs.accounts - dormant
        begins = knobs.growth.begins(working, self.stage.end).tolist()
        families = knobs.pathways.families(self.rng("pathways"), knobs.accounts)
        fresh = rng.random(working) < knobs.growth.fresh
        for k, begin in enumerate(begins):
            member = self.hiring.hire(people[k], begin, families[k], fresh=bool(fresh[k]))
            self.members.append(member)
        for k in range(working, knobs.accounts):
            self.reserve.append(self.hiring.hire(people[k], 0, families[k], fresh=False))

    def _people(self, count: int, purpose: str) -> list[Persona]:
        """Return so many lives for accounts; a mimic sees several candidates for each."""
        knobs, mimics = self.knobs, self.knobs.rhythm == "mimic"
        seen = round(count * (_CHOICE if mimics else 1.0)) + 8
        people = draw_personas(self.stage, seen, purpose, knobs.name)
        if not mimics or knobs.volume.spread is not None:
            return people[:count]
        rng = self.rng("choice", purpose)
        # Half of what is lacking is asked of busier people, the other half of everybody: either
        # alone would make one kind of innocent too common among them.
        wanted = knobs.volume.requests * self.stage.days
        usual = float(np.mean([p.requests for p in people]))
        chosen = choose(people, count, float(np.sqrt(wanted * usual)), rng)
        return [chosen[k] for k in rng.permutation(count)]

    def stranger(self) -> Persona:
        """Return somebody whose account it buys; they are drawn when the first is needed."""
        if self._strangers is None:
            count = round(self.knobs.adaptation.budget * self.knobs.accounts)
            self._strangers = self._people(count, "strangers")
        return self._strangers.pop(0)

    def _weigh(self) -> None:
        """Give each account its part of the volume; together they make what was asked for."""
        volume, rng = self.knobs.volume, self.rng("weights")
        everybody = [*self.members, *self.reserve]
        spread = RELAY_SPREAD if volume.spread is None else volume.spread
        for member, weight in zip(everybody, shares(rng, len(everybody), spread), strict=True):
            member.weight = float(weight)
        self._total = volume.requests * self.knobs.accounts * self.stage.days

    def _balance(self) -> None:
        """Set the rate so that over the window the campaign makes its whole volume."""
        days = sum(m.weight * m.days_from(0, self.stage.end) for m in self.members)
        self.unit = self._total / max(days, 1e-9)

    def _balance_lives(self) -> None:
        """Set by how much personas' own requests are multiplied, when that is first needed."""
        wanted = [self.unit * m.weight * m.days_from(0, self.stage.end) for m in self.members]
        lives = [expected(self, m) for m in self.members]
        common = sum(wanted) / max(sum(lives), 1e-9)
        for member, requests, life in zip(self.members, wanted, lives, strict=True):
            alone = self.knobs.volume.spread is not None
            member.factor = requests / max(life, 1e-9) if alone else common
        self._lives_balanced = True

    def _pool(self) -> Pool:
        members = tuple(m.in_pool(self.quota(m)) for m in self.members)
        return self.knobs.relaying.pool(f"operator-{self.knobs.name}", members)

    def renew_pool(self) -> None:
        """Tell the relay of new members and of what has changed."""
        if self.pool is not None:
            self.stage.pools[self.pool] = self._pool()

    def follow(self, knobs: Campaign) -> None:
        """Go on with other knobs."""
        self.knobs = self.hiring.knobs = knobs
        self.own.sharing, self.own.family = knobs.sharing, _family(knobs)

    def slow(self, factor: float) -> None:
        """Ask less of every account from now on."""
        self.unit *= factor
        for member in self.members:
            member.factor *= factor

    def quota(self, member: Member) -> float:
        """Return how many requests a day the relay allows an account before it spares it.

        A mimic goes by what its persona would ask; where conversations that rested go by quota, by
        what it would ask in conversations of several turns, since no others rest.
        """
        if not self.homes:
            return 3.0 + _QUOTA * self.unit * member.weight
        long = self.knobs.relaying.scheduler == "sticky"
        days = max(member.days_from(0, self.stage.end), 1.0)
        usual = expected(self, member, long_only=long) * member.factor / days
        return (0.01 if long else 3.0) + _QUOTA * usual

    def _assign_lanes(self, members: list[Member]) -> None:
        """Put accounts into lanes: at random, or by their clients and how their personas ask.

        A browser's account cannot send a tool's requests, so no conversation goes from one client
        family to another; nor, where the relay rewrites, to an account that has no conversations of
        its kind, whose owner's way of asking it could not take.
        """
        if self.homes:
            alike: dict[tuple[str, tuple[Kind, ...]], list[Member]] = defaultdict(list)
            careful = self.knobs.relaying.rewrites > 0
            for member in sorted(members, key=_way_of_asking):
                family = self.stage.clients[member.client].family
                alike[family, _carries(member) if careful else ()].append(member)
            first = 0
            for _, own in sorted(alike.items()):
                parts = max(1, round(self.lanes * len(own) / len(members)))
                for k, member in enumerate(own):
                    member.lane = first + k * parts // len(own)
                first += parts
            self.lanes = first
        else:
            for k, member in enumerate(members):
                member.lane = k % self.lanes

    def _succeed_the_suspended(self) -> None:
        """Let planned suspensions happen, and reserves take over where there are any."""
        stage, succession, rng = self.stage, self.knobs.succession, self.rng("succession")
        lost = succession.suspensions(rng, [m.begins for m in self.members], stage.end)
        waves = [(at, k) for k, at in enumerate(lost) if at is not None]
        for at, k in sorted(waves):
            member = self.members[k]
            if at >= min(member.ends, stage.end):
                continue
            member.ends = member.suspended = at
            stage.suspend(member.account, at)
            if self.reserve:
                self.take_over(self.reserve.pop(0), member, at + succession.delay(rng))
        self._balance()

    def take_over(self, successor: Member, lost: Member, at: int) -> None:
        """Let a dormant or new account do another's work from a time on."""
        successor.begins = max(successor.begins, at)
        successor.weight, successor.lane = lost.weight, lost.lane
        successor.lines, successor.factor = lost.lines, lost.factor
        self.members.append(successor)

    def sign_in(self, member: Member) -> None:
        """Let the relay's control plane look after an account while it works."""
        self.knobs.control.keep(
            self.stage,
            self.rng("control", member.account),
            member.account,
            member.address,
            member.begins,
            member.ends,
        )

    def word(self) -> None:
        """Write the templates and deal them out to the accounts."""
        knobs = self.knobs
        name = f"{knobs.name}/{self._versions}" if self._versions else knobs.name
        self._versions += 1
        stages = knobs.work.stages()
        self.lines = lines(self.stage, name, knobs.wording, stages)
        rng = self.rng("lines", self._versions)
        main = [k for k, line in enumerate(self.lines) if line.begins == 0]
        edges = np.cumsum([self.lines[k].share for k in main])
        everybody = [*self.members, *self.reserve]
        fit = None
        if knobs.rhythm == "mimic" and knobs.wording.fixed is None:
            main_lines = [self.lines[k] for k in main]
            fit = fitted(everybody, main_lines, _LINES_OF_A_MIMIC, rng)
            if knobs.wording.tasks == "owner":
                self._owners.listen(everybody, self.rng("owners", self._versions))
        late = [(k, line) for k, line in enumerate(self.lines) if line.begins > 0]
        for number, member in enumerate(everybody):
            draws = rng.random(len(late))
            # Systematic draws: every account's templates have the shares of the whole.
            places = (np.arange(_LINES_AN_ACCOUNT) + rng.random()) / _LINES_AN_ACCOUNT
            drawn = np.minimum(np.searchsorted(edges / edges[-1], places), len(main) - 1)
            chosen = [main[k] for k in (fit[number] if fit else rng.permutation(drawn).tolist())]
            # Who takes part in a later stage gives all its work to it from then on.
            chosen += [
                k
                for (k, line), draw in zip(late, draws, strict=True)
                if draw < line.share / (1 - line.begins / self.stage.end)
            ]
            member.lines = tuple(chosen)

    def lines_of(self, member: Member) -> list[Line]:
        """Return the templates that an account uses; one that fits it better stands there twice."""
        return [self.lines[k] for k in member.lines] or self.lines[:1]

    def harvesting(self, setting: Setting, line: Line, owner: int | None = None) -> Setting:
        """Return a setting with a line's work in the place of its own.

        On the account of an `owner` who is mimicked later turns stay what they are.
        """
        work, template, opening = self.knobs.work, line.template, line.template.phrase
        if owner is not None and self.knobs.wording.tasks == "owner":
            opening = self._owners.opening(template, setting.opening, owner)
        return replace(
            setting,
            opening=opening,
            follow_up=template.follow_up if owner is None else setting.follow_up,
            system_prompt=template.system_prompt or setting.system_prompt,
            deck=self._deck(line.queue),
            campaign=self.campaign,
            choices=work.choices or setting.choices,
            replays=work.replays,
        )

    def _deck(self, queue: str) -> int:
        """Return the row of a work queue; all accounts and all templates draw from it."""
        if queue not in self._decks:
            work = self.knobs.work
            key = self.stage.key(self.knobs.name, "queue", queue)
            deck = Deck("queue", key, repeats=work.repeats)
            if work.queue == "anew":
                deck = Deck("choice", key, size=work.items)
            self._decks[queue] = self.stage.add_deck(deck)
        return self._decks[queue]

    def harvest_from(self, begin: int) -> float:
        """Return the harvest's requests from a time to the window's end."""
        end = self.stage.end
        if begin <= self._started:
            total = self._total - self._swept
        else:
            total = self.unit * sum(m.weight * m.days_from(begin, end) for m in self.members)
        return total * (1 - self.knobs.cover.share)

    def _sweep(self) -> int:
        """Put the search for the best elicitation on the stage; return when the harvest begins."""
        work, stage = self.knobs.work, self.stage
        self._started, self._swept = 0, 0.0
        if not work.sweep:
            return 0
        end = int(work.sweep_days * DAY)
        rng = self.rng("sweep")
        template = sweep(stage, self.knobs.name)
        settings = [
            replace(plain_program(self, rng, template), campaign=self.campaign)
            for _ in range(_SWEEPERS)
        ]
        rows = tuple(stage.add_setting(s) for s in settings)
        for member in sorted(self.members, key=lambda m: m.begins)[:_SWEEPERS]:
            client = stage.clients[member.client]
            if self.pool is None or self.homes:
                rows = tuple(stage.add_setting(replace(s, client=client)) for s in settings)
            stage.add_speaker(
                Speaker(
                    pool=self.pool,
                    account=member.account if self.pool is None or self.homes else None,
                    lane=member.lane,
                    settings=rows,
                    addresses=(member.address,),
                    sittings=work.sweep / work.sweep_days / _SWEEPERS / 20.0,
                    per_sitting=20.0,
                    gap=30.0,
                    clock=self.clock,
                    rhythm="always",
                    leaves=end,
                )
            )
        self._started, self._swept = end, float(work.sweep)
        return end

    def post(self, begin: int, *, cover_from: int) -> None:
        """Put everybody who works or covers on the stage, from two times on."""
        members = [m for m in self.members if m.ends > begin]
        if (self.knobs.rhythm == "mimic" or self.cover_factor) and not self._lives_balanced:
            self._balance_lives()
        if self.knobs.rhythm == "mimic":
            self.posted += post_lives(self, members, begin)
            wear(self, members)
        else:
            self.posted += post_programs(self, begin)
        if self.cover_factor:
            self.posted += post_cover(self, members, cover_from)
        elif self.knobs.cover.share:
            self.posted += post_customers(self, members, cover_from)


def _way_of_asking(member: Member) -> tuple[int, str, float, int]:
    """Return by what accounts are put together on which a strange conversation is least strange."""
    settings = [s for own in member.settled.settings for s in own]
    prompts = {s.system_prompt for s in settings} - {None}
    return len(prompts), settings[0].model, member.settled.speakers[0].clock, member.account


def _carries(member: Member) -> tuple[Kind, ...]:
    """Return the kinds of conversations of several turns that a persona has, or else of any."""
    settings = [s for own in member.settled.settings for s in own]
    several = [s for s in settings if s.turns > 0] or settings
    return tuple(sorted({kind_of(s) for s in several}))


def _family(knobs: Campaign) -> str:
    """Return the client family of set-ups that accounts share; a mimic's is an honest one."""
    relayed = knobs.pathways.client
    return "python" if knobs.rhythm == "mimic" and relayed == "relay" else relayed
