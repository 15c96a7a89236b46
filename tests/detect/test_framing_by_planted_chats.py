"""Framing: a pool's published chats, gone on with by innocent users of its client, make nobody a member."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from stillwatch.detect import Detection, Parameters, detect
from stillwatch.detect.judgement.likelihoods import built_in_likelihoods
from stillwatch.engine import open_engine
from tests.detect.prints import add_beside, fingerprints
from tests.worlds.rows import accounts as claims_of

POOL = [f"p{i:02d}" for i in range(24)]
VICTIMS = [f"v{i:02d}" for i in range(12)]
CROWD = [f"c{i:03d}" for i in range(300)]
CLIENT = "relay-agent/2"
EVERY_FIELD = {need for term in built_in_likelihoods().terms for need in term.needs}


class World:
    """A pool that moves conversations and has no wording of its own, beside a crowd and victims."""

    def __init__(self, *, pool: list[str]) -> None:
        self.rng = np.random.default_rng(5)
        self.rows: list[dict[str, Any]] = []
        self.issued = 10_000
        for account in (*POOL, *CROWD, *VICTIMS):
            client = CLIENT if account in (*POOL, *VICTIMS) else f"agent-{self.rng.integers(40)}/1"
            for k in range(20):
                idle = [100 + int(self.rng.integers(60))] if self.rng.random() < 0.5 else []
                second = 3_600.0 * k + float(self.rng.integers(3_000))
                self.send(account, second, phrases=idle, user_agent=client)
        # The pool's own business: each account goes on with three chats of others.
        for i, account in enumerate(pool):
            for step in (1, 5, 7):
                chat = self.chat(pool[(i + step) % len(pool)], pool[(i + step + 2) % len(pool)])
                self.go_on(account, chat)

    def send(self, account: str, second: float, **more: Any) -> int:
        self.issued += 1
        self.rows.append(
            {
                "account_id": account, "second": second, "minhash": self.rng.bytes(24),
                "prompt_hash": self.issued, "template_key": 10**9 + self.issued, "user_agent": CLIENT,
                "response_hash": self.issued, "issued_signature_hash": self.issued,
                "output_tokens": 200, "temperature": 1.0, **more,
            }
        )  # fmt: skip
        return self.issued

    def chat(self, first: str, second: str) -> list[int]:
        """Let two accounts answer a turn each; return the history that holds both answers."""
        opening = self.send(first, 100_000.0 + self.issued)
        return [opening, self.send(second, 100_000.0 + self.issued)]

    def go_on(self, account: str, chat: list[int]) -> int:
        """Load a history, with its reasoning signatures, and ask one thing more."""
        return self.send(
            account,
            300_000.0 + self.issued,
            prior_assistant_hashes=chat,
            replayed_signature_hashes=chat,
        )

    def detected(self) -> Detection:
        prints = fingerprints(self.rows)
        with open_engine(threads=2) as engine:
            engine.add_arrow("fingerprints", prints)
            names = sorted(set(prints["account_id"].to_pylist()))
            engine.add_arrow("accounts", claims_of({"account_id": name} for name in names))
            add_beside(engine)
            return detect(engine, Parameters(), EVERY_FIELD, lambda stage: None)


def members(found: Detection) -> set[str]:
    return {r["account_id"] for r in found.tables["members"].to_pylist() if r["probability"] >= 0.5}


def linked(found: Detection) -> set[str]:
    return {r["account_b"] for r in found.tables["links"].to_pylist()}


@pytest.mark.parametrize("sharing", [1, 6, 8])
def test_one_planted_chat_of_two_answers_makes_nobody_a_member(sharing: int) -> None:
    world = World(pool=POOL)
    for i, victim in enumerate(VICTIMS):
        if i % sharing == 0:
            planted = world.chat(POOL[i], POOL[i + 1])
        world.go_on(victim, planted)
    found = world.detected()
    assert set(VICTIMS) <= linked(found), "nothing to frame them with"
    assert set(POOL) <= members(found)
    assert not members(found) & set(VICTIMS)


def test_one_person_who_plants_many_chats_makes_no_group_of_those_who_go_on_with_them() -> None:
    world = World(pool=[])
    for victim in VICTIMS:
        world.go_on(victim, world.chat(POOL[0], POOL[0]))
    found = world.detected()
    assert set(VICTIMS) <= linked(found)
    assert not members(found) & {*VICTIMS, *POOL}


def test_readers_of_one_publisher_who_share_a_wording_are_no_group_by_that() -> None:
    world = World(pool=[])
    for i, victim in enumerate(VICTIMS):
        planted = world.chat(POOL[i % 2], POOL[i % 2])
        world.go_on(victim, planted)
        for k in range(6):
            world.send(victim, 200_000.0 + 60.0 * k + i, phrases=[7])
    found = world.detected()
    assert set(VICTIMS) <= linked(found)
    kinds = {g["group_id"]: g["kind"] for g in found.tables["groups"].to_pylist()}
    assert "campaign" not in kinds.values()
    assert not any(
        term["term"] == "coordination.lineage" and term["log_odds"] > 0
        for term in found.tables["evidence"].to_pylist()
    )


def test_a_planted_chat_that_grows_is_one_act() -> None:
    world = World(pool=POOL)
    for i, victim in enumerate(VICTIMS):
        planted = world.chat(POOL[i], POOL[i + 1])
        world.go_on(victim, planted)
        world.go_on(victim, [*planted, *world.chat(POOL[i + 2], POOL[i + 3])])
    assert not members(world.detected()) & set(VICTIMS)


def test_two_planted_chats_are_still_one_way() -> None:
    world = World(pool=POOL)
    for i, victim in enumerate(VICTIMS):
        for step in (0, 3):
            world.go_on(victim, world.chat(POOL[i + step], POOL[i + step + 1]))
    found = world.detected()
    assert set(POOL) <= members(found)
    assert not members(found) & set(VICTIMS)


def test_the_answers_of_a_victim_in_the_pools_hands_are_not_its_acts() -> None:
    world = World(pool=POOL)
    for i, victim in enumerate(VICTIMS):
        world.go_on(victim, world.chat(POOL[i], POOL[i + 1]))
        for step in (0, 2, 4):
            world.go_on(POOL[i + step], world.chat(victim, victim))
    assert not members(world.detected()) & set(VICTIMS)


def test_the_price_two_chats_taken_up_and_answers_given_away_are_what_a_member_does() -> None:
    # Not wished for, but honest: nothing in the links tells such an account from one of the pool.
    world = World(pool=POOL)
    for i, victim in enumerate(VICTIMS):
        for step in (0, 3):
            world.go_on(victim, world.chat(POOL[i + step], POOL[i + step + 1]))
        world.go_on(POOL[i], world.chat(victim, victim))
    assert members(world.detected()) >= set(VICTIMS)


def test_a_widely_published_chat_ties_nobody() -> None:
    world = World(pool=POOL)
    published = [world.chat(POOL[i], POOL[i + 1]) for i in (0, 4)]
    for victim in VICTIMS:
        for chat in published:
            world.go_on(victim, chat)
    found = world.detected()
    assert not linked(found) & set(VICTIMS)
    assert not members(found) & set(VICTIMS)
