"""A world advances the same however time is cut, and answers enforcement."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from stillwatch.errors import UsageError
from stillwatch.simulate import PRESETS, Enforcement, Slice, World
from stillwatch.simulate.clients import build
from stillwatch.simulate.identity import person, pick_country
from stillwatch.simulate.network import home
from stillwatch.simulate.presets import Preset
from stillwatch.simulate.records import DAY, SECOND, Pool, PoolAccount, Setting, Speaker
from stillwatch.simulate.stage import Stage

HOUR = 3600 * SECOND


def _joined(slices: list[Slice], name: str) -> pa.Table:
    return pa.concat_tables([getattr(piece, name) for piece in slices])


@pytest.mark.parametrize(
    "cuts",
    [
        [k * DAY for k in (1, 2, 3, 4)],
        [k * HOUR for k in range(1, 97)],
        [int(k * 7.3 * HOUR) + 1 for k in range(1, 14)],
    ],
    ids=["days", "hours", "odd hours"],
)
def test_what_happens_does_not_depend_on_how_time_is_cut(cuts: list[int]) -> None:
    whole = World("demo", 0.06, 5)
    at_once = list(whole.advance(4 * DAY))
    world = World("demo", 0.06, 5)
    pieces = [piece for cut in (*cuts, 4 * DAY) for piece in world.advance(cut)]
    for name in ("exchanges", "truth_exchanges", "account_events", "control_events"):
        together = _joined(at_once, name)
        assert _joined(pieces, name).equals(together), name
        assert len(together) > 0 or name == "account_events"
    assert world.truth().equals(whole.truth())
    for before, after in pairwise(pieces):
        assert before.end == after.begin
    for piece in pieces:
        at = piece.exchanges["occurred_at"]
        assert not len(at) or (piece.begin <= at[0].as_py() and at[-1].as_py() < piece.end)


def test_until_may_be_a_time_and_ends_with_the_world() -> None:
    world = World("null", 0.02, 1)
    list(world.advance(world.begin + timedelta(days=1)))
    assert world.now == world.begin + timedelta(days=1)
    list(world.advance(world.end + timedelta(days=9)))
    assert world.now == world.end
    assert list(world.advance(world.end)) == []


def test_slices_that_are_left_make_the_next_call_fail() -> None:
    world = World("null", 0.02, 1)
    slices = world.advance(2 * DAY)
    next(slices)
    with pytest.raises(UsageError, match="take all slices"):
        world.advance(3 * DAY)


def _after(enforcement: Enforcement | None) -> tuple[World, pa.Table]:
    world = World("demo", 0.1, 8)
    list(world.advance(3 * DAY))
    return world, _joined(list(world.advance(9 * DAY, enforcement)), "exchanges")


def test_suspended_accounts_are_refused_and_give_up_and_others_do_not_notice() -> None:
    world, undisturbed = _after(None)
    population = {row["account_id"]: row["population"] for row in world.truth().to_pylist()}
    busy = Counter(undisturbed["account_id"].to_pylist())
    mine = [a for a, n in busy.most_common() if population[a] in ("individual", "tool") and n > 8]
    pooled = [a for a, n in busy.most_common() if population[a] == "campaign"]
    hit = frozenset(mine[:6] + pooled[:5])
    world, after = _after(Enforcement(suspended=hit))
    of_hit = pc.is_in(after["account_id"], pa.array(sorted(hit)))
    refused = after.filter(of_hit)
    assert set(refused["status"].to_pylist()) == {403}
    assert set(refused["error_scope"].to_pylist()) == {"account"}
    tries = Counter(refused["account_id"].to_pylist())
    assert all(1 <= tries[a] <= 4 for a in mine[:6])
    # A relay learns from the first refusal; whoever lent the account tries a few times more.
    assert all(1 <= tries[a] <= 5 for a in pooled[:5])
    innocent = pa.array(
        [a for a, p in population.items() if p in ("individual", "tool", "viral") and a not in hit]
    )
    for table in (undisturbed, after):
        assert table.filter(pc.is_in(table["account_id"], innocent)).num_rows > 500
    before, now = (t.filter(pc.is_in(t["account_id"], innocent)) for t in (undisturbed, after))
    assert now.equals(before)
    said = world.account_events(0, 14 * DAY).to_pylist()
    suspended = {row["account_id"] for row in said if row["field"] == "suspended"}
    assert hit <= suspended


def test_the_work_of_suspended_members_goes_on_elsewhere() -> None:
    _, undisturbed = _after(None)
    world, _ = _after(None)
    population = {row["account_id"]: row["population"] for row in world.truth().to_pylist()}
    pooled = sorted(a for a, p in population.items() if p == "campaign")
    _, after = _after(Enforcement(suspended=frozenset(pooled[: len(pooled) // 2])))
    members = pa.array(pooled)
    served = [
        pc.sum(pc.equal(t.filter(pc.is_in(t["account_id"], members))["status"], 200)).as_py()
        for t in (undisturbed, after)
    ]
    assert served[1] > 0.8 * served[0]


def test_an_unknown_account_cannot_be_suspended() -> None:
    with pytest.raises(UsageError, match="no account 'nobody'"):
        World("null", 0.02, 1).advance(DAY, Enforcement(suspended=frozenset({"nobody"})))


@dataclass(frozen=True)
class _Operator:
    """A pool of a few accounts that replays histories, multi-samples, and answers enforcement."""

    accounts: int = 6
    population = "campaign"

    def populate(self, stage: Stage) -> None:
        rng = stage.generator("operator")
        client = build("python", rng)
        members = tuple(self._member(stage, k) for k in range(self.accounts))
        pool = stage.add_pool(Pool("pool", "sharded", members))
        stage.campaigns.append("c")
        setting = Setting(
            client=client,
            opening=stage.texts.everyday("en"),
            follow_up=stage.texts.follow_up("en"),
            model="medium-2",
            next_model="medium-3",
            moves_at=2 * DAY,
            reasons=True,
            turns=3.0,
            campaign=0,
            choices=4,
            replays=0.5,
        )
        stage.memory["setting"] = stage.add_setting(setting)
        stage.add_speaker(self._speaker(stage, pool, 0))

    def react(self, stage: Stage, now: int, suspended: frozenset[int]) -> None:
        if not suspended:
            return
        pool = stage.pools[0]
        new = self._member(stage, 100 + len(stage.accounts), now)
        stage.pools[0] = replace(pool, scheduler="round_robin", accounts=(*pool.accounts, new))
        stage.memory["new"] = new.account
        stage.add_speaker(self._speaker(stage, 0, now))

    def _speaker(self, stage: Stage, pool: int, joins: int) -> Speaker:
        return Speaker(
            settings=(stage.memory["setting"],),
            addresses=(0,),
            sittings=80,
            clock=0.0,
            rhythm="always",
            pool=pool,
            joins=joins,
        )

    def _member(self, stage: Stage, number: int, joins: int = 0) -> PoolAccount:
        rng = stage.generator("member", number)
        country = pick_country(rng)
        fields = person(stage, rng, country)
        fields["created_at"] = stage.moment(joins - DAY)
        return PoolAccount(
            account=stage.add_account(fields, "campaign", operator="operator"),
            lane=0,
            joins=joins,
            leaves=1 << 62,
            quota=1000.0,
            address=stage.add_address(home(country, rng)),
            client=stage.add_client(build("python", rng)),
        )


def _campaign(**changes: object) -> World:
    cast = replace(_Operator(), **changes)  # type: ignore[arg-type]
    return World(
        Preset("own", "a campaign", 4, (*PRESETS["null"].scaled(0.02).casts, cast)), 1.0, 3
    )


def _harvest(slices: list[Slice]) -> pa.Table:
    exchanges, truth = _joined(slices, "exchanges"), _joined(slices, "truth_exchanges")
    return exchanges.filter(
        pc.is_in(exchanges["exchange_id"], truth["exchange_id"].combine_chunks())
    )


def test_conversations_begin_with_histories_from_other_accounts() -> None:
    world = _campaign()
    issued: dict[int, str] = {}
    signed: dict[int, str] = {}
    # Of conversations that began with no history, what they began with.
    begun: dict[int, int] = {}
    across = replays = 0
    for piece in world.advance(4 * DAY):
        for row in _harvest([piece]).to_pylist():
            origins = {issued[answer] for answer in row["prior_assistant_hashes"]}
            assert len(row["prior_assistant_hashes"]) == len(row["replayed_signature_hashes"])
            assert {signed[s] for s in row["replayed_signature_hashes"]} == origins
            across += bool(origins - {row["account_id"]})
            first = row["prior_assistant_hashes"][:2]
            if first and first[0] in begun:
                assert row["first_prompt_hash"] == begun[first[0]]
            replays += len(first) == 2 and issued[first[0]] != row["account_id"]
            if row["status"] == 200:
                issued[row["response_hash"]] = row["account_id"]
                if not first or (origins == {row["account_id"]} and first[0] in begun):
                    begun[row["response_hash"]] = row["first_prompt_hash"]
                signed[row["issued_signature_hash"]] = row["account_id"]
    assert replays > 0.25 * len(issued)
    assert across >= replays


def test_settings_move_to_another_model_and_ask_for_choices() -> None:
    world = _campaign()
    mine = _harvest(list(world.advance(4 * DAY)))
    late = pc.greater_equal(mine["occurred_at"], pa.scalar(world.begin + timedelta(days=2)))
    assert set(mine.filter(late)["model"].to_pylist()) == {"medium-3"}
    assert set(mine.filter(pc.invert(late))["model"].to_pylist()) == {"medium-2"}
    assert set(mine["choices"].to_pylist()) == {4}


@pytest.mark.parametrize("cut", [2 * DAY, 2 * DAY + 5 * HOUR])
def test_operators_grow_at_run_time(cut: int) -> None:
    world = _campaign()
    slices = list(world.advance(cut))
    first = _joined(slices, "exchanges")
    earlier = len(_harvest(slices))
    victim = str(
        world.stage.accounts[world.stage.pools[0].accounts[0].account].fields["account_id"]
    )
    slices = list(world.advance(4 * DAY, Enforcement(suspended=frozenset({victim}))))
    after, harvest = _joined(slices, "exchanges"), _harvest(slices)
    new = world.stage.accounts[world.stage.memory["new"]].fields["account_id"]
    assert new not in first["account_id"].to_pylist()
    by_account = Counter(harvest["account_id"].to_pylist())
    assert by_account[new] > 20
    assert by_account[victim] <= 1  # the relay learns from the first refusal, if it came to one
    assert len(world.accounts()) == len(world.stage.accounts)
    # Twice the speakers and the same hours of day make about twice the requests.
    hours = (4 * DAY - cut) / DAY
    assert len(harvest) / hours == pytest.approx(2 * earlier / (cut / DAY), rel=0.35)
    assert new in world.truth()["account_id"].to_pylist()
    exchanges = [*first["exchange_id"].to_pylist(), *after["exchange_id"].to_pylist()]
    assert len(set(exchanges)) == len(exchanges)
