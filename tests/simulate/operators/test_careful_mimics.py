"""What a careful mimic does besides: its owners' words, and conversations rewritten as they move."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow.compute as pc

from stillwatch.simulate.demand import busy_with, voices
from stillwatch.simulate.operators import Campaign, Cover, Relaying, Sharing, Volume, Wording
from stillwatch.simulate.records import DAY, kind_of
from stillwatch.simulate.streams import unit
from stillwatch.simulate.text.languages import LANGUAGES
from stillwatch.simulate.text.program import Script
from tests.simulate.operators.played import Played, played


def _campaign(tasks: Literal["campaign", "owner"], rewrites: float) -> Campaign:
    return Campaign(
        200,
        volume=Volume(30),
        rhythm="mimic",
        sharing=Sharing(0.0),
        wording=Wording(40, "strong", tasks=tasks),
        relaying=Relaying("sticky", stickiness=2.0, rewrites=rewrites),
        cover=Cover(0.5, by="end_users"),
    )


OWNERS = _campaign("owner", 1.0)


def _lower_tenth(world: Played, harvest: bool) -> dict[int, float]:
    """Return the first tenth of the lengths of what conversations begin with, by account."""
    rows = world.pool[world.pool["turn"] == 0]
    settings = world.stage.settings
    marked = np.array([s.campaign is not None for s in settings])[rows["setting"]]
    rows = rows[marked == harvest]
    openings = [s.opening for s in settings]
    which = rows["setting"].astype(np.int64)
    voice = [world.stage.speakers[k].voice or 0 for k in rows["speaker"].tolist()]
    texts = Script(openings).render(
        which, rows["seed"], np.array(voice, np.uint64), rows["account"].astype(np.int64)
    )
    length = pc.utf8_length(texts).to_numpy()
    return {
        account: float(np.quantile(own, 0.1))
        for account in np.unique(rows["account"]).tolist()
        if len(own := length[rows["account"] == account]) >= 20
    }


def test_harvest_in_the_owners_words_begins_as_briefly_as_what_the_owner_asks() -> None:
    off = {}
    for tasks in ("campaign", "owner"):
        world = played(_campaign(tasks, 1.0))
        own, harvest = _lower_tenth(world, False), _lower_tenth(world, True)
        both = sorted(set(own) & set(harvest))
        assert len(both) > 30
        off[tasks] = float(np.mean([abs(np.log(harvest[k] / own[k])) for k in both]))
    assert off["owner"] < 0.35, off
    assert off["campaign"] > 1.5 * off["owner"], off


def test_owners_who_chat_in_another_language_are_harvested_in_it() -> None:
    world = played(OWNERS)
    texts, found = world.stage.texts, set()
    for member in world.members:
        chats = {id(s.opening) for own in member.settled.settings for s in own}
        for language in LANGUAGES:
            if id(texts.everyday(language)) in chats:
                found.add(language)
    assert len(found) > 3
    openings = {id(s.opening) for s in world.setting_of(world.harvest)}
    plain = {id(line.template.phrase) for line in world.operation.lines}
    assert not openings & plain


def test_what_moves_is_rewritten_in_the_way_of_its_new_account() -> None:
    world = played(OWNERS)
    rows, settings = world.pool, world.stage.settings
    home = np.array([-1 if s.account is None else s.account for s in world.stage.speakers])
    moved = rows[(home[rows["speaker"]] >= 0) & (home[rows["speaker"]] != rows["account"])]
    assert len(moved) > 100
    owners = {m.account: m for m in world.members}
    changed = moved["worn"] != moved["setting"]
    # Conversations go to accounts that have conversations of their kind, unless there is none.
    assert changed.mean() > 0.95
    for row in moved[changed]:
        worn, member = settings[row["worn"]], owners[int(row["account"])]
        prompts = {s.system_prompt for own in member.settled.settings for s in own}
        assert worn.system_prompt in prompts
        assert worn.campaign is None
        assert kind_of(worn) == kind_of(settings[row["setting"]])
        assert world.stage.clients[row["client"]] == worn.client
    # Whoever is not rewritten has no way of that kind on the new account.
    for row in moved[~changed]:
        kinds = {kind_of(settings[k]) for k in owners[int(row["account"])].worn}
        assert kind_of(settings[row["setting"]]) not in kinds
    stayed = rows[home[rows["speaker"]] == rows["account"]]
    assert (stayed["worn"] == stayed["setting"]).all()


def test_a_relay_that_does_not_rewrite_leaves_everything_as_it_was() -> None:
    world = played(_campaign("owner", 0.0))
    assert (world.rows["worn"] == world.rows["setting"]).all()


def test_what_moves_is_rewritten_as_somebody_behind_the_account_asks_in_those_hours() -> None:
    world = played(OWNERS)
    rows, stage = world.pool, world.stage
    home = np.array([-1 if s.account is None else s.account for s in stage.speakers])
    moved = rows[(home[rows["speaker"]] >= 0) & (home[rows["speaker"]] != rows["account"])]
    moved = moved[moved["worn"] != moved["setting"]]
    voice = voices(stage.speakers)
    people: dict[int, list[int]] = {}
    for place, speaker in enumerate(stage.speakers):
        if speaker.account is not None:
            people.setdefault(speaker.account, []).append(place)

    def usual(row: np.void, later: int = 0) -> bool:
        hours = np.full(len(own := people[int(row["account"])]), row["at"] + later)
        draws = unit(busy_with(hours, voice[own], stage.seed)).tolist()
        in_use = {
            stage.speakers[k].settings[int(draw * len(stage.speakers[k].settings))]
            for k, draw in zip(own, draws, strict=True)
        }
        models = {stage.settings[k].model for k in in_use}
        return stage.settings[int(row["worn"])].model in models

    now = np.mean([usual(row) for row in moved])
    assert now > 0.7
    assert now > 0.05 + np.mean([usual(row, DAY) for row in moved])


def _ends(until: Literal["first", "last"]) -> list[int]:
    campaign = replace(OWNERS, cover=replace(OWNERS.cover, until=until))
    return [m.ends for m in played(campaign).members]


def test_an_account_that_several_use_lasts_until_the_first_or_the_last_of_them_leaves() -> None:
    first, last = np.array(_ends("first")), np.array(_ends("last"))
    assert (first <= last).all()
    assert ((first < 10 * DAY) & (last > first)).any()
    leaves = [[s.leaves for s in m.settled.speakers] for m in played(OWNERS).members]
    assert first.tolist() == [min(each) for each in leaves]
    assert (last <= [max(each) for each in leaves]).all()
