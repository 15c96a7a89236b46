"""A mimic's accounts get work of the length that their personas write, in their ways of asking."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from scipy import stats

from stillwatch.simulate.operators import Campaign, Cover, Relaying, Volume, Wording
from stillwatch.simulate.operators.fitting import _line_lengths, fitted, usual_lengths
from stillwatch.simulate.records import Setting
from tests.simulate.operators.played import played

MIMIC = Campaign(
    300,
    volume=Volume(20),
    rhythm="mimic",
    wording=Wording(40, "strong"),
    relaying=Relaying("sharded", failover=0.1),
    cover=Cover(0.5),
)


def test_every_line_keeps_its_share_and_long_tasks_go_to_those_who_write_long() -> None:
    world = played(MIMIC)
    lines, rng = world.operation.lines, np.random.default_rng(1)
    dealt = fitted(world.members, lines, 3, rng)
    given = np.bincount(np.concatenate(dealt), minlength=len(lines)) / (3 * len(dealt))
    shares = np.array([line.share for line in lines])
    assert np.abs(given - shares / shares.sum()).max() < 0.005
    reach = np.log(_line_lengths(world.members, lines, rng))
    usual = np.log(usual_lengths(world.members, 3, rng)).mean(axis=1)
    theirs = np.array([reach[list(own)].mean() for own in dealt])
    assert stats.spearmanr(usual, theirs).statistic > 0.7
    # Few accounts have one line alone.
    assert np.mean([len(set(own)) == 1 for own in dealt]) < 0.1


def _way(setting: Setting) -> tuple[object, ...]:
    return setting.model, setting.system_prompt, setting.max_tokens, setting.turns, setting.client


def test_a_person_asks_for_itself_and_for_the_harvest_in_one_way_at_a_time() -> None:
    world = played(MIMIC)
    ways: dict[tuple[int, int], list[set[tuple[object, ...]]]] = defaultdict(lambda: [set(), set()])
    for row in world.pool[world.pool["turn"] == 0]:
        setting = world.stage.settings[row["setting"]]
        voice = world.stage.speakers[row["speaker"]].voice
        assert voice is not None
        when = int(row["at"]) // (4 * 3600 * 1_000_000)
        ways[voice, when][setting.campaign is not None].add(_way(setting))
    both = [(own, harvest) for own, harvest in ways.values() if own and harvest]
    assert len(both) > 100
    assert np.mean([bool(own & harvest) for own, harvest in both]) > 0.75
