"""What is asked for, in whose words, and how it gets to the accounts."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

import numpy as np
import pytest

from stillwatch.simulate.operators import Campaign, Cover, Pivot, Relaying, Volume, Wording, Work
from stillwatch.simulate.operators.wording import LEVELS
from stillwatch.simulate.records import DAY, SECOND, Release, Rows
from tests.simulate.operators.played import DAYS, Played, day_of, played

HOUR = 3600 * SECOND


def _openings(world: Played) -> Rows:
    rows = world.harvest
    opening: Rows = rows[(rows["turn"] == 0) & (rows["status"] == 200)]
    return opening


@pytest.mark.parametrize("rhythm", ["always", "mimic"])
def test_one_queue_repeats_no_item(rhythm: Any) -> None:
    seeds = _openings(played(Campaign(120, rhythm=rhythm)))["seed"]
    assert len(seeds) > 3_000
    assert len(np.unique(seeds)) == len(seeds)


def test_each_item_comes_exactly_k_times_over_several_accounts() -> None:
    rows = _openings(played(Campaign(120, work=Work(repeats=3))))
    accounts = defaultdict(set)
    for seed, account in zip(rows["seed"].tolist(), rows["account"].tolist(), strict=True):
        accounts[seed].add(account)
    _, counts = np.unique(rows["seed"], return_counts=True)
    assert counts.max() == 3
    assert (counts == 3).mean() > 0.9
    assert np.mean([len(a) > 1 for a in accounts.values()]) > 0.9


def test_items_drawn_anew_come_again() -> None:
    rows = _openings(played(Campaign(120, work=Work(queue="anew", items=500))))
    assert len(np.unique(rows["seed"])) < 4 * 500
    assert len(rows) > 4 * 500


def test_several_answers_are_asked_at_once() -> None:
    for choices in (None, 4):
        world = played(Campaign(60, work=Work(choices=choices)))
        assert {s.choices for s in world.setting_of(world.harvest)} == {choices}


def test_capabilities_have_their_shares() -> None:
    mix: Any = (("reasoning_mathematics", 0.6), ("grading", 0.3), ("writing", 0.1))
    rhythms: tuple[Any, ...] = ("always", "mimic")
    for rhythm in rhythms:
        campaign = Campaign(300, work=Work(mix=mix), rhythm=rhythm)
        world = played(campaign)
        lines = {id(line.template.phrase): line for line in world.operation.lines}
        counted = Counter(
            lines[id(s.opening)].template.capability for s in world.setting_of(world.harvest)
        )
        for name, share in mix:
            bound = 0.04 if rhythm == "always" else 0.12
            assert counted[name] / sum(counted.values()) == pytest.approx(share, abs=bound)


def test_grading_and_cleaning_come_later() -> None:
    world = played(Campaign(100, work=Work(grading=0.1, cleaning=0.15)))
    queues = {id(line.template.phrase): line.queue for line in world.operation.lines}
    days = defaultdict(list)
    for setting, day in zip(
        world.setting_of(world.harvest), day_of(world.harvest).tolist(), strict=True
    ):
        days[queues[id(setting.opening)]].append(day)
    total = len(world.harvest)
    assert len(days["grading stage"]) / total == pytest.approx(0.1, abs=0.02)
    assert len(days["cleaning stage"]) / total == pytest.approx(0.15, abs=0.03)
    assert min(days["grading stage"]) >= int(0.25 * DAYS)
    assert min(days["cleaning stage"]) >= int(0.6 * DAYS)
    assert min(days["reasoning_mathematics"]) == 0


@pytest.mark.parametrize("count", [1, 3, 20])
def test_there_are_as_many_templates_as_asked(count: int) -> None:
    world = played(Campaign(120, wording=Wording(count)))
    assert len({id(s.opening) for s in world.setting_of(world.harvest)}) == count


def test_one_injected_prompt_stands_in_every_request() -> None:
    world = played(Campaign(60, wording=Wording(fixed="user")))
    opening = _openings(world)[:300]
    (phrase,) = {id(s.opening): s.opening for s in world.setting_of(opening)}.values()
    texts = phrase.render(opening["seed"]).to_pylist()
    assert len({text.split("\n\n")[0] for text in texts}) == 1
    system = played(Campaign(60, wording=Wording(fixed="system")))
    assert len({s.system_prompt for s in system.setting_of(system.harvest)}) == 1


def test_paraphrase_levels_differ_more_and_more() -> None:
    shared = []
    for level in LEVELS[:-1]:
        world = played(Campaign(60, wording=Wording(1, level)))
        opening = _openings(world)[:120]
        (phrase,) = {id(s.opening): s.opening for s in world.setting_of(opening)}.values()
        runs = [
            {tuple(words[k : k + 6]) for k in range(len(words) - 5)}
            for words in (text.split() for text in phrase.render(opening["seed"]).to_pylist())
        ]
        shared.append(np.mean([len(runs[0] & run) / max(1, len(runs[0])) for run in runs[1:]]))
    assert shared == sorted(shared, reverse=True)
    assert shared[0] > 2 * shared[-1]


def test_histories_are_replayed_on_other_accounts() -> None:
    for replays in (0.0, 0.5):
        world = played(Campaign(100, work=Work(replays=replays)))
        begun = world.harvest[world.harvest["turn"] == 0]
        carried = begun["root_turns"] > 0
        assert carried.mean() == pytest.approx(replays, abs=0.05)
        issued: dict[int, set[int]] = defaultdict(set)
        for conversation, account in zip(
            world.harvest["conversation"].tolist(), world.harvest["account"].tolist(), strict=True
        ):
            issued[conversation].add(account)
        elsewhere = [
            issued[root] != {account}
            for root, account in zip(
                begun["root"][carried].tolist(), begun["account"][carried].tolist(), strict=True
            )
        ]
        # A retry may bring a conversation to the account that the history came from.
        assert sum(elsewhere) >= 0.99 * len(elsewhere)


@pytest.mark.parametrize("rhythm", ["always", "mimic"])
def test_half_the_harvest_moves_to_a_new_model_within_24_hours(rhythm: Any) -> None:
    releases = (Release("large-3", 5 * DAY, 5.0, 25.0),)
    campaign = Campaign(300, pivot=Pivot(0.5), rhythm=rhythm)
    world = played(campaign, releases=releases)
    moved = np.array(
        [
            at >= s.moves_at and s.next_model == "large-3"
            for at, s in zip(
                world.harvest["at"].tolist(), world.setting_of(world.harvest), strict=True
            )
        ]
    )
    at = world.harvest["at"]
    assert moved[at < 5 * DAY].sum() == 0
    for begin in (6, 8):
        share = moved[(at >= begin * DAY) & (at < (begin + 2) * DAY)].mean()
        assert share == pytest.approx(0.5, abs=0.08 if rhythm == "always" else 0.2)
    assert all(
        s.moves_at <= 6 * DAY
        for s in world.setting_of(world.harvest)
        if s.next_model and rhythm == "always"
    )


def _moves(world: Played) -> tuple[float, float]:
    """Return how often conversations change accounts: after an own error, and otherwise."""
    rows = world.harvest[np.argsort(world.harvest["conversation"], kind="stable")]
    same = rows["conversation"][1:] == rows["conversation"][:-1]
    other = rows["account"][1:] != rows["account"][:-1]
    faulty = rows["own_fault"][:-1]
    return (
        float(other[same & faulty].mean()),
        float(other[same & ~faulty].mean()),
    )


def test_schedulers_move_conversations_as_they_say() -> None:
    sticky = _moves(played(Campaign(100, volume=Volume(60))))
    assert sticky[0] > 0.95
    assert 0.005 < sticky[1] < 0.1
    rare = Relaying("sharded", failover=0.1)
    sharded = _moves(played(Campaign(300, volume=Volume(60), relaying=rare)))
    assert sharded[0] == pytest.approx(0.1, abs=0.08)
    assert sharded[1] < 0.005
    direct = _moves(played(Campaign(100, volume=Volume(60), relaying=Relaying("direct"))))
    assert direct == (0.0, 0.0)
    six = Relaying("sticky_lru", stickiness=6.0)
    assert _moves(played(Campaign(100, volume=Volume(60), relaying=six)))[1] < sticky[1]


def test_round_robin_loads_all_accounts_alike() -> None:
    world = played(Campaign(100, volume=Volume(60), relaying=Relaying("round_robin")))
    _, counts = np.unique(world.pool["account"], return_counts=True)
    assert counts.std() / counts.mean() < 0.15


def test_histories_are_summarised_when_a_conversation_moves() -> None:
    for summarised in (0.0, 0.5):
        relaying = Relaying(summarised=summarised)
        world = played(Campaign(100, volume=Volume(60), relaying=relaying))
        assert (world.harvest["dropped"] > 0).any() == (summarised > 0)


def test_bursts_begin_together() -> None:
    gaps = []
    for burst in (1.0, 30.0):
        world = played(Campaign(100, volume=Volume(60), relaying=Relaying(burst=burst)))
        at = np.sort(_openings(world)["at"])
        counts = np.bincount(at // (300 * SECOND))
        gaps.append(counts.var() / counts.mean())
    assert gaps[1] > 3 * gaps[0]


def test_rhythms_are_around_the_clock_in_office_hours_or_anybodys() -> None:
    spreads = {}
    rhythms: tuple[Any, ...] = ("always", "office", "mimic")
    for rhythm in rhythms:
        campaign = Campaign(200, rhythm=rhythm, cover=Cover(0.0))
        hours = np.bincount(played(campaign).harvest["at"] % DAY // HOUR, minlength=24)
        share = hours / hours.sum()
        spreads[rhythm] = -(share * np.log(np.maximum(share, 1e-9))).sum()
    assert spreads["always"] > 0.99 * np.log(24)
    assert spreads["office"] < 0.9 * np.log(24)
    weekend = day_of(played(Campaign(200, rhythm="office")).harvest) % 7 >= 5
    assert weekend.mean() < 0.1


def test_a_mimic_uses_the_clients_and_settings_of_its_personas() -> None:
    world = played(Campaign(100, rhythm="mimic", cover=Cover(0.5)))
    assert "relay" not in {s.client.family for s in world.setting_of(world.pool)}
    pool = world.pool
    own = defaultdict(set)
    for account, setting in zip(pool["account"].tolist(), world.setting_of(pool), strict=True):
        shape = (setting.client, setting.system_prompt, setting.temperature, setting.turns)
        own[account, setting.campaign is None].add(shape)
    both = [a for a, innocent in own if innocent and (a, False) in own]
    alike = [len(own[a, True] & own[a, False]) > 0 for a in both]
    assert np.mean(alike) > 0.8
