"""What operators learn from a wave of enforcement, and what they do about it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stillwatch.simulate import Enforcement, World
from stillwatch.simulate.operators import (
    Adaptation,
    Campaign,
    Cover,
    Relaying,
    Sharing,
    Succession,
    Volume,
    Wording,
)
from stillwatch.simulate.operators.adaptation import SUSPECTS, Beliefs
from stillwatch.simulate.operators.members import Member
from stillwatch.simulate.operators.operation import Operation
from stillwatch.simulate.records import DAY, Rows
from tests.simulate.operators.played import DAYS, world


def _operation(made: World) -> Operation:
    found: Operation = made.stage.memory["campaign-1"]
    return found


def _advance(made: World, day: int, hit: list[Member] | None = None) -> list[Rows]:
    """Enforce at once, then let time pass until a day, without writing any texts."""
    ids = {str(made.stage.accounts[m.account].fields["account_id"]) for m in hit or []}
    if ids:
        _enforce(made, frozenset(ids))
    return [rows for rows, _ in made.rows(day * DAY)]


def _enforce(made: World, ids: frozenset[str]) -> None:
    assert list(made.advance(made.plan.now, Enforcement(ids))) == []


def _waves(made: World) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = made.stage.knobs["campaign-1"].get("waves", [])
    return found


def test_successors_do_not_carry_the_card_that_gave_the_others_away() -> None:
    sharing = Sharing(0.0, payment=0.4, batches=2)
    made = world(Campaign(120, volume=Volume(10), sharing=sharing))
    operation = _operation(made)
    _advance(made, 3)
    hit = [m for m in operation.members if m.taken.get("payment") == 0]
    cards = {made.stage.accounts[m.account].fields["payment_fingerprint"] for m in hit}
    before = len(operation.members)
    _advance(made, 6, hit)
    (wave,) = _waves(made)
    assert (wave["suspended"], wave["replaced"]) == (len(hit), len(hit))
    assert wave["changed"] == ["payment"]
    successors = operation.members[before:]
    assert len(successors) == len(hit) > 10
    for member in successors:
        fields = made.stage.accounts[member.account].fields
        assert fields["payment_fingerprint"] not in cards
        assert member.begins > 3 * DAY
    # The accounts that are left pay with other cards from then on.
    renewed = {a for a, at, name, _ in made.stage.events if name == "payment_fingerprint"}
    left = [m for m in operation.members[:before] if m.taken.get("payment") == 1]
    assert left == []
    assert len(renewed) > 10


def test_dormant_accounts_with_that_card_are_written_off() -> None:
    sharing = Sharing(0.0, payment=0.5, batches=1)
    campaign = Campaign(
        100,
        volume=Volume(10),
        sharing=sharing,
        succession=Succession(reserve=0.5),
        adaptation=Adaptation(budget=0.0),
    )
    made = world(campaign)
    operation = _operation(made)
    clean = sum("payment" not in m.taken for m in operation.reserve)
    assert 0 < clean < len(operation.reserve)
    hit = [m for m in operation.members if "payment" in m.taken]
    _advance(made, 2)
    before = len(operation.members)
    _advance(made, 5, hit)
    successors = operation.members[before:]
    assert len(successors) == min(clean, len(hit))
    assert not any("payment" in m.taken for m in successors)


@pytest.mark.parametrize("rhythm", ["always", "mimic"])
def test_after_a_wave_that_hits_all_alike_the_likeliest_habit_changes(rhythm: Any) -> None:
    made = world(
        Campaign(90, volume=Volume(10), wording=Wording(4, "light"), rhythm=rhythm,
                 sharing=Sharing(0.0))
    )  # fmt: skip
    operation = _operation(made)
    _advance(made, 2)
    _advance(made, 4, operation.members[::3])
    assert _waves(made)[0]["changed"] == ["wording"]
    assert (operation.knobs.wording.templates, operation.knobs.wording.paraphrase) == (8, "medium")
    # The campaign as it was described stays as it was.
    assert made.stage.knobs["campaign-1"]["wording"]["templates"] == 4
    old = {line.template.phrase for line in operation.lines}
    _advance(made, 6, [m for m in operation.members if m.ends > 4 * DAY][::3])
    assert _waves(made)[1]["changed"] != ["wording"]
    rows = np.concatenate([r for r, _ in made.rows(made.stage.end)])
    used = {
        made.stage.settings[k].opening
        for k in np.unique(rows["setting"][rows["at"] > 8 * DAY]).tolist()
        if made.stage.settings[k].campaign is not None
    }
    assert used <= old | {line.template.phrase for line in operation.lines}


def test_every_habit_can_be_changed_step_by_step_until_nothing_is_left() -> None:
    campaign = Campaign(
        40,
        volume=Volume(6),
        sharing=Sharing(0.1),
        adaptation=Adaptation(budget=2.0),
        cover=Cover(0.6),
        relaying=Relaying(failover=0.3, summarised=0.6),
        wording=Wording(4, "strong"),
    )
    made = world(campaign, days=40)
    operation = _operation(made)
    changed: set[str] = set()
    for wave in range(36):
        working = [m for m in operation.members if m.begins <= wave * DAY < m.ends]
        _advance(made, wave + 1, working[:2])
        changed |= {name for said in _waves(made) for name in said["changed"]}
    assert changed == set(SUSPECTS)
    assert _waves(made)[-1]["changed"] == []
    knobs = operation.knobs
    assert knobs.rhythm == "mimic"
    assert knobs.wording.paraphrase == "per_account"
    assert knobs.cover.share == pytest.approx(0.8)
    assert {knobs.sharing.of(t) for t in ("payment", "mail", "client", "network")} == {0.0}


def test_no_more_accounts_are_bought_than_the_budget_allows() -> None:
    made = world(Campaign(60, volume=Volume(8), adaptation=Adaptation(budget=0.25, cost=10.0)))
    operation = _operation(made)
    for day in range(1, 9):
        working = [m for m in operation.members if m.begins <= (day - 1) * DAY < m.ends]
        _advance(made, day, working[: len(working) // 2])
    accounts = [a for a in made.stage.accounts if a.operator == "operator-campaign-1"]
    assert len(accounts) == 75
    assert made.stage.knobs["campaign-1"]["spent"] == 150.0


def test_an_operator_that_does_not_react_only_shrinks() -> None:
    made = world(Campaign(60, volume=Volume(20), adaptation=Adaptation(reacts=False)))
    operation = _operation(made)
    _advance(made, 3)
    _advance(made, 5, operation.members[:30])
    assert (_waves(made)[0]["changed"], _waves(made)[0]["replaced"]) == ([], 0)
    rows = np.concatenate([r for r, _ in made.rows(made.stage.end)])
    late = rows[(rows["at"] > 5 * DAY) & (rows["status"] == 200)]
    lost = [m.account for m in operation.members[:30]]
    assert not np.isin(late["account"], lost).any()
    assert len(operation.members) == 60


def test_work_goes_on_from_the_same_queue_with_successors() -> None:
    made = world(Campaign(80, volume=Volume(30), adaptation=Adaptation(delay_hours=(1, 6))))
    operation = _operation(made)
    parts = [*_advance(made, 4), *_advance(made, DAYS, operation.members[:40])]
    rows = np.concatenate(parts)
    marked = np.array([s.campaign is not None for s in made.stage.settings])
    mine = rows[marked[rows["setting"]] & (rows["status"] == 200) & (rows["turn"] == 0)]
    assert len(np.unique(mine["seed"])) == len(mine)
    by_day = np.bincount(mine["at"] // DAY)
    assert by_day[6:DAYS].mean() == pytest.approx(by_day[:4].mean(), rel=0.25)
    new = [m.account for m in operation.members[80:]]
    assert np.isin(mine["account"], new).sum() > 0.1 * len(mine)


def test_reactions_are_a_function_of_the_seed() -> None:
    told = []
    for _ in range(2):
        made = world(Campaign(60, volume=Volume(8)), seed=9)
        _advance(made, 2)
        _advance(made, 4, _operation(made).members[10:30])
        ids = [a.fields["account_id"] for a in made.stage.accounts]
        told.append((_waves(made), ids, [s.leaves for s in made.stage.speakers]))
    assert told[0] == told[1]


def test_waves_against_others_tell_it_nothing() -> None:
    made = world(Campaign(60, volume=Volume(8)))
    operation = _operation(made)
    _advance(made, 2)
    stranger = str(made.stage.accounts[0].fields["account_id"])
    _enforce(made, frozenset({stranger}))
    assert _waves(made) == []
    assert operation.reaction.bought == 0


def test_beliefs_follow_what_is_commoner_among_the_hit() -> None:
    beliefs = Beliefs()
    before = dict(beliefs.log_odds)
    hit: list[dict[str, object]] = [{"mail": 0, "wording": 0} for _ in range(8)]
    hit += [{"wording": 0} for _ in range(2)]
    spared: list[dict[str, object]] = [{"wording": 0} for _ in range(50)]
    spared += [{"mail": 1, "wording": 0} for _ in range(10)]
    telling = beliefs.observe(hit, spared)
    assert telling["mail"] > 3
    assert telling["wording"] < 0.1
    assert beliefs.ranked(["wording", "mail", "payment"])[0] == "mail"
    beliefs.changed("mail")
    assert beliefs.log_odds["mail"] < before["mail"]
    lone = Beliefs()
    assert lone.observe([{"phone": 3}, {}], [{}] * 30)["phone"] == 0.0
