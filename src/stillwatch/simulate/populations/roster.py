"""One population while it is put on stage: its accounts' lives, and rates that add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from stillwatch.simulate.draws import around, between
from stillwatch.simulate.identity import Fields, joined
from stillwatch.simulate.populations.changes import account_changes
from stillwatch.simulate.populations.releases import moves
from stillwatch.simulate.records import DAY, Rhythm, Setting, Speaker
from stillwatch.simulate.stage import Stage

FOREVER: Final = 1 << 62
_DEPARTURES_A_DAY: Final = 0.0025
_SUSPENSIONS_A_DAY: Final = 0.0004
"""For ordinary reasons: a card that failed, a complaint, a mistake (guessed)."""
_LONGEST_TAIL: Final = 400.0
_ATTEMPTS: Final = 1.02
"""Measured: rows in the log for each turn that was planned, retries included."""
_LOST: Final = 0.004
"""Chance that a turn fails for good, which ends its conversation (law of `service`)."""


@dataclass(frozen=True, slots=True)
class Life:
    """An account's row and its working life in microseconds of world time."""

    account: int
    joins: int
    leaves: int


class Roster:
    """Collects a population's speakers and gives them rates whose sum is what was asked for."""

    def __init__(self, stage: Stage, population: str, *names: str | int) -> None:
        self.stage = stage
        self.population = population
        self.rng = stage.generator(population, *names)
        self._drafts: list[tuple[float, dict[str, Any]]] = []
        self._accounts = 0
        self._daily: dict[Rhythm, float] = {}
        self._cost: dict[tuple[float, bool], float] = {}

    def open(self, fields: Fields, *, credentials: int = 1, steady: bool = False) -> Life:
        """Add an account and return its life; unless `steady`, a few leave or are suspended."""
        stage, rng = self.stage, self.rng
        account = stage.add_account(fields, self.population, credentials=credentials)
        self._accounts += 1
        joins, leaves = joined(stage, fields), FOREVER
        draw = rng.random()
        if not steady and draw < (_DEPARTURES_A_DAY + _SUSPENSIONS_A_DAY) * stage.days:
            leaves = int(between(rng, joins, stage.end))
            if draw < _SUSPENSIONS_A_DAY * stage.days:
                stage.suspend(account, leaves)
        life = Life(account, joins, leaves)
        account_changes(stage, rng, fields, life.account, joins, min(leaves, stage.end))
        return life

    def setting(self, setting: Setting) -> int:
        """Add a setting; it may move to a model that is released in the window."""
        moved = moves(self.stage, self.rng, setting.model)
        if moved is not None:
            setting = replace(setting, next_model=moved[0], moves_at=moved[1])
        return self.stage.add_setting(setting)

    def speak(
        self,
        settings: Sequence[int],
        addresses: tuple[int, ...],
        *,
        life: Life | None = None,
        spread: float = 1.4,
        weight: float = 1.0,
        per_sitting: float = 1.5,
        **facts: Any,
    ) -> None:
        """Draft a speaker: its share of the population's traffic is log-normal around `weight`."""
        if life is not None:
            facts = {"joins": life.joins, "leaves": life.leaves, **facts, "account": life.account}
        tail = min(around(self.rng, 1.0, spread), _LONGEST_TAIL) if spread else 1.0
        facts["settings"] = tuple(settings)
        facts["addresses"] = addresses
        facts["per_sitting"] = per_sitting
        self._drafts.append((weight * tail, facts))

    @property
    def drafted(self) -> int:
        """How many speakers were drafted so far."""
        return len(self._drafts)

    def settle(self, requests: float) -> None:
        """Add the drafted speakers, so that they make `requests` a day for each opened account."""
        self.settle_total(requests * self._accounts * self.stage.days)

    def settle_total(self, requests: float) -> list[int]:
        """Add the drafted speakers with that many requests in the window; return their rows.

        A draft's weight is its share of the requests on a day on which it is there.
        """
        expected = [weight * self._active_days(facts) for weight, facts in self._drafts]
        scale = requests / max(sum(expected), 1e-12)
        rows = []
        for weight, facts in self._drafts:
            sittings = weight * scale / self._requests_a_sitting(facts)
            rows.append(self.stage.add_speaker(Speaker(sittings=sittings, **facts)))
        self._drafts.clear()
        self._accounts = 0
        return rows

    def _active_days(self, facts: dict[str, Any]) -> float:
        start, end = facts.get("joins", 0), min(facts.get("leaves", FOREVER), self.stage.end)
        days = max(0, end - start) / DAY
        rhythm: Rhythm = facts["rhythm"]
        if rhythm not in self._daily:
            week = self.stage.arrivals.week(rhythm).mean(axis=1)
            in_window = np.resize(np.roll(week, -self.stage.first_weekday), self.stage.days)
            self._daily[rhythm] = float(in_window.mean())
        return float(days * self._daily[rhythm])

    def _requests_a_sitting(self, facts: dict[str, Any]) -> float:
        total = 0.0
        for row in facts["settings"]:
            setting = self.stage.settings[row]
            law = (setting.turns, setting.agent_loop)
            if law not in self._cost:
                turns = 1 + self.stage.arrivals.mean_further_turns(*law)
                self._cost[law] = _ATTEMPTS * turns / (1 + _LOST * turns)
            total += self._cost[law]
        conversations = max(1.0, facts["per_sitting"])
        return float(conversations * total / len(facts["settings"]))
