"""What an operator does after a wave of enforcement: it guesses, changes its ways and re-staffs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from stillwatch.simulate.clients import build
from stillwatch.simulate.draws import token
from stillwatch.simulate.operators.adaptation import Beliefs, Suspect
from stillwatch.simulate.operators.members import Member
from stillwatch.simulate.operators.sharing import TRAITS, Sharing, Trait
from stillwatch.simulate.operators.wording import LEVELS
from stillwatch.simulate.records import DAY, SECOND

if TYPE_CHECKING:
    from stillwatch.simulate.operators.operation import Operation

_LEAST_SHARED: Final = 0.02
"""Below this an operator stops sharing a trait at all."""
_MOST_COVER: Final = 0.8
_SLOWER: Final = 0.7
_LEAST_REQUESTS: Final = 3.0
_MOST_STICKY: Final = 12.0
_TELLING: Final = 0.7
"""Log likelihood ratio above which an operator gives the values of a trait up."""


class Reaction:
    """An operator's memory of what it lost, and its answers."""

    def __init__(self, operation: Operation) -> None:
        self._operation = operation
        self.beliefs = Beliefs()
        self.bought = 0
        self._waves = 0

    def to(self, now: int, suspended: frozenset[int]) -> None:
        """Answer one wave; accounts of others among the suspended tell it nothing."""
        operation = self._operation
        working = [m for m in operation.members if m.begins <= now < m.ends]
        hit = [m for m in operation.members if m.account in suspended]
        if not hit:
            return
        self._waves += 1
        spared = [m for m in working if m.account not in suspended]
        for member in hit:
            member.ends = member.suspended = min(member.ends, now)
        adaptation = operation.knobs.adaptation
        changed: list[str] = []
        lost_traits: list[str] = []
        replaced = 0
        if adaptation.reacts:
            telling = self.beliefs.observe(
                [self._carried(m) for m in hit], [self._carried(m) for m in spared]
            )
            lost_traits = [t for t in TRAITS if telling[t] > _TELLING]
            for trait in lost_traits:
                operation.own.burn(trait)
            for suspect in self.beliefs.ranked(self._changeable())[: adaptation.changes]:
                self._change(suspect)
                self.beliefs.changed(suspect)
                changed.append(suspect)
            self._renew_cards(spared, now)
            replaced = self._replace(sorted(hit, key=lambda m: m.account), now)
        self._restaff(now)
        self._note(now, len(hit), replaced, changed, lost_traits)

    def _carried(self, member: Member) -> dict[str, object]:
        """Return what an account carries, by trait; habits that all share have one value."""
        operation = self._operation
        knobs = operation.knobs
        carried: dict[str, object] = dict(member.taken)
        carried |= {"scheduler": 0, "rhythm": 0, "mixing": 0}
        alone = knobs.rhythm == "mimic" or knobs.relaying.policy is None
        carried["wording"] = member.lines[:1] if alone and member.lines else 0
        weights = sorted(m.weight for m in operation.members)
        carried["rate"] = member.weight > weights[len(weights) // 2]
        return carried

    def _changeable(self) -> list[Suspect]:
        """Return what is left to change."""
        knobs = self._operation.knobs
        relaying, pooled = knobs.relaying, knobs.relaying.policy is not None
        left: dict[Suspect, bool] = {
            "wording": knobs.wording.fixed is not None or knobs.wording.paraphrase != LEVELS[-1],
            "scheduler": pooled and (relaying.failover > 0.1 or relaying.summarised < 1),
            "client": knobs.pathways.client == "relay" or knobs.sharing.of("client") > 0,
            "network": knobs.sharing.of("network") > 0 or knobs.location.own_proxy < 1,
            "rhythm": knobs.rhythm != "mimic",
            "rate": knobs.volume.requests > _LEAST_REQUESTS,
            "mixing": knobs.cover.share < _MOST_COVER,
            "payment": knobs.sharing.of("payment") > 0,
            "mail": knobs.sharing.of("mail") > 0,
            "signup": knobs.sharing.of("signup") > 0,
            "referrer": knobs.sharing.of("referrer") > 0,
            "phone": knobs.sharing.of("phone") > 0,
        }
        return [suspect for suspect, possible in left.items() if possible]

    def _change(self, suspect: Suspect) -> None:
        """Change one trait or habit, one step at a time."""
        operation = self._operation
        knobs = operation.knobs
        if suspect == "wording":
            wording = knobs.wording
            if wording.fixed is not None:
                wording = replace(wording, fixed=None)
            else:
                level = min(LEVELS.index(wording.paraphrase) + 1, len(LEVELS) - 1)
                wording = replace(
                    wording, templates=2 * wording.templates, paraphrase=LEVELS[level]
                )
            knobs = replace(knobs, wording=wording)
        elif suspect == "scheduler":
            relaying = knobs.relaying
            knobs = replace(
                knobs,
                relaying=replace(
                    relaying,
                    failover=relaying.failover / 2 if relaying.failover > 0.1 else 0.0,
                    stickiness=min(_MOST_STICKY, 2 * relaying.stickiness),
                    summarised=min(1.0, relaying.summarised + 0.25),
                ),
            )
        elif suspect == "rhythm":
            knobs = replace(knobs, rhythm="office" if knobs.rhythm == "always" else "mimic")
        elif suspect == "rate":
            slower = max(_LEAST_REQUESTS, _SLOWER * knobs.volume.requests)
            operation.slow(slower / knobs.volume.requests)
            knobs = replace(knobs, volume=replace(knobs.volume, requests=slower))
        elif suspect == "mixing":
            more = min(_MOST_COVER, knobs.cover.share + 0.15)
            knobs = replace(knobs, cover=replace(knobs.cover, share=more))
        else:
            operation.own.burn(suspect)
            knobs = replace(knobs, sharing=_less(knobs.sharing, suspect))
            if suspect == "client":
                knobs = replace(knobs, pathways=replace(knobs.pathways, client="python"))
            if suspect == "network":
                knobs = replace(knobs, location=replace(knobs.location, own_proxy=1.0))
        operation.follow(knobs)
        if suspect == "wording":
            operation.word()
        if suspect in ("client", "network"):
            self._re_equip(suspect)

    def _re_equip(self, suspect: str) -> None:
        """Give accounts that go on working another client or another exit."""
        operation = self._operation
        stage, rng = operation.stage, operation.rng("re-equip", self._waves, suspect)
        for member in operation.members:
            had = member.taken.pop(suspect, None) is not None
            if suspect == "client":
                member.configuration = None
                if operation.knobs.rhythm == "mimic":
                    member.client = stage.add_client(member.settled.settings[0][0].client)
                elif stage.clients[member.client].pathway == "api":
                    member.client = stage.add_client(build("python", rng))
            elif had:
                operation.hiring.move_house(member, rng)

    def _renew_cards(self, spared: list[Member], now: int) -> None:
        """Pay anew, a little later, for accounts that go on and whose card is known."""
        operation = self._operation
        rng = operation.rng("cards", self._waves)
        for member in spared:
            known = ("payment", member.taken.get("payment", -1)) in operation.own.burned
            at = now + int(float(rng.uniform(1, 72)) * 3600 * SECOND)
            if known and at < operation.stage.end:
                operation.stage.events.append(
                    (member.account, at, "payment_fingerprint", f"p{token(rng)}")
                )
                del member.taken["payment"]

    def _replace(self, lost: list[Member], now: int) -> int:
        """Let dormant accounts, then bought ones, take over; return how many did."""
        operation = self._operation
        adaptation, own = operation.knobs.adaptation, operation.own
        rng = operation.rng("replacing", self._waves)
        limit = round(adaptation.budget * operation.knobs.accounts)
        # A dormant account that carries what gave others away is written off.
        clean = [m for m in operation.reserve if not any(t in own.burned for t in m.taken.items())]
        operation.reserve = clean
        replaced = 0
        for member in lost:
            if operation.reserve:
                successor = operation.reserve.pop(0)
                at = now + operation.knobs.succession.delay(rng)
            elif self.bought < limit:
                low, high = adaptation.delay_hours
                at = now + int(float(rng.uniform(low, high)) * 3600 * SECOND)
                self.bought += 1
                successor = operation.hiring.hire(
                    operation.stranger(), at, operation.knobs.pathways.client, fresh=False
                )
            else:
                break
            operation.take_over(successor, member, at)
            operation.sign_in(successor)
            replaced += 1
        return replaced

    def _restaff(self, now: int) -> None:
        """End today's programs and lives at the day's end, and begin the next day with new ones."""
        operation = self._operation
        stage = operation.stage
        begin = -(-now // DAY) * DAY
        for row in operation.posted:
            speaker = stage.speakers[row]
            if speaker.leaves > begin:
                stage.speakers[row] = replace(speaker, leaves=begin)
        operation.posted = []
        operation.renew_pool()
        operation.post(begin, cover_from=begin)

    def _note(
        self, now: int, hit: int, replaced: int, changed: list[str], given_up: list[str]
    ) -> None:
        """Add the wave to what the world's manifest says of the operator."""
        operation = self._operation
        said: dict[str, Any] = operation.stage.knobs[operation.knobs.name]
        said["spent"] = self.bought * operation.knobs.adaptation.cost
        said.setdefault("waves", []).append(
            {
                "day": round(now / DAY, 3),
                "suspended": hit,
                "replaced": replaced,
                "changed": changed,
                "given_up": given_up,
            }
        )


def _less(sharing: Sharing, suspect: str) -> Sharing:
    """Return the knobs with half the chance that a trait is shared."""
    trait: Trait = next(t for t in TRAITS if t == suspect)
    chance = sharing.of(trait) / 2
    return sharing.with_chance(trait, chance if chance > _LEAST_SHARED else 0.0)
