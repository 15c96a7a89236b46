"""What a careful mimic does besides: its owners' words, and conversations rewritten as they move."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

import numpy as np
import pyarrow.compute as pc

from stillwatch.simulate.operators import Campaign, Cover, Relaying, Sharing, Volume, Wording
from stillwatch.simulate.records import DAY, Kind, kind_of
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


def test_what_moves_to_one_person_is_rewritten_in_one_way_in_the_same_hours() -> None:
    world = played(OWNERS)
    rows, stage = world.pool, world.stage
    home = np.array([-1 if s.account is None else s.account for s in stage.speakers])
    moved = rows[(home[rows["speaker"]] >= 0) & (home[rows["speaker"]] != rows["account"])]
    moved = moved[moved["worn"] != moved["setting"]]
    alone = {m.account for m in world.members if len(m.settled.speakers) == 1}
    ways: dict[tuple[int, int, Kind], set[int]] = {}
    conversations: dict[tuple[int, int, Kind], set[int]] = {}
    for row in moved:
        if int(row["account"]) in alone:
            kind = kind_of(stage.settings[row["setting"]])
            key = int(row["account"]), int(row["at"]) // (DAY // 6), kind
            ways.setdefault(key, set()).add(int(row["worn"]))
            conversations.setdefault(key, set()).add(int(row["conversation"]))
    together = [key for key, these in conversations.items() if len(these) > 1]
    assert len(together) > 20
    # Two customers' rows of one way may differ in number, never in what is sent.
    sent = [{replace(stage.settings[k], campaign=None) for k in ways[key]} for key in together]
    assert all(len(each) == 1 for each in sent)


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
