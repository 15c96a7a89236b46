"""What a relay and innocent people leave in the log is there, and only where it belongs."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

import pytest

from tests.simulate.conftest import World, open_world


def _population(world: World) -> dict[str, str]:
    return {row["account_id"]: row["population"] for row in world.truth.to_pylist()}


def _columns(world: World, *names: str) -> list[tuple[object, ...]]:
    return list(zip(*(world.exchanges[name].to_pylist() for name in names), strict=True))


def test_every_answer_in_a_history_was_issued_before(demo: World) -> None:
    issued: set[object] = set()
    histories = 0
    columns = ("response_hash", "prior_assistant_hashes", "prior_assistant_tokens")
    for response, history, tokens in _columns(demo, *columns):
        assert isinstance(history, list)
        assert isinstance(tokens, list)
        assert len(history) == len(tokens)
        assert all(answer in issued for answer in history)
        histories += bool(history)
        issued.add(response)
    assert histories > 1_000


def test_conversations_move_between_accounts_only_where_they_should(demo: World) -> None:
    population = _population(demo)
    issuer: dict[object, str] = {}
    moved: Counter[tuple[str, str]] = Counter()
    for account, response, history in _columns(
        demo, "account_id", "response_hash", "prior_assistant_hashes"
    ):
        assert isinstance(account, str)
        assert isinstance(history, list)
        for answer in history:
            if issuer[answer] != account:
                moved[population[issuer[answer]], population[account]] += 1
        if response is not None:
            issuer[response] = account
    assert set(moved) == {(p, p) for p in ("campaign", "resale_pool", "viral", "two_accounts")}
    assert moved["campaign", "campaign"] > 500
    assert moved["resale_pool", "resale_pool"] > 200


def test_a_relay_repeats_a_request_elsewhere_seconds_after_an_account_error(demo: World) -> None:
    population = _population(demo)
    failed: dict[object, tuple[str, int]] = {}
    echoes: Counter[str] = Counter()
    at = demo.exchanges["occurred_at"].cast("int64").to_pylist()
    rows = _columns(demo, "account_id", "request_hash", "status", "error_scope")
    for when, (account, request, status, scope) in zip(at, rows, strict=True):
        assert isinstance(account, str)
        assert (scope == "account") == (status in (403, 429))
        if request in failed:
            other, then = failed.pop(request)
            if other != account and when - then <= 31_000_000:
                assert when - then >= 2_000_000 or population[account] not in (
                    "campaign",
                    "resale_pool",
                )
                echoes[population[account]] += 1
        if scope == "account":
            failed[request] = (account, when)
    assert echoes["campaign"] >= 50
    assert echoes["resale_pool"] >= 20
    assert sum(n for p, n in echoes.items() if p not in ("campaign", "resale_pool")) <= 3


def test_signatures_are_replayed_across_accounts_in_pools_alone(demo: World) -> None:
    population = _population(demo)
    issuer: dict[object, str] = {}
    across: Counter[str] = Counter()
    within = 0
    for account, issued, replayed in _columns(
        demo, "account_id", "issued_signature_hash", "replayed_signature_hashes"
    ):
        assert isinstance(account, str)
        assert isinstance(replayed, list)
        for signature in replayed:
            if issuer[signature] == account:
                within += 1
            else:
                across[population[account]] += 1
        if issued is not None:
            issuer[issued] = account
    assert within > 1_000
    # Who owns two accounts may have a program that goes from one to the other.
    assert {"campaign", "resale_pool"} <= set(across)
    assert set(across) <= {"campaign", "resale_pool", "two_accounts"}


def test_a_queue_repeats_an_item_exactly_as_often_as_it_says(demo: World) -> None:
    harvested = set(demo.truth_exchanges["exchange_id"].to_pylist())
    seen: Counter[object] = Counter()
    accounts: defaultdict[object, set[object]] = defaultdict(set)
    for exchange, account, request, history, status in _columns(
        demo, "exchange_id", "account_id", "request_hash", "prior_assistant_hashes", "status"
    ):
        if exchange in harvested and not history and status == 200:
            seen[request] += 1
            accounts[request].add(account)
    times = Counter(seen.values())
    assert times[1] > 500
    assert times[4] > 200
    assert max(times) <= 4
    assert sum(len(accounts[r]) > 1 for r, n in seen.items() if n == 4) > 0.9 * times[4]


def test_identity_is_shared_now_and_then_in_a_pool(demo: World) -> None:
    population = _population(demo)
    of_pool = [r for r in demo.accounts.to_pylist() if population[r["account_id"]] == "campaign"]
    for trait in ("payment_fingerprint", "signup_address", "email_domain"):
        common = {v for v, _ in Counter(r[trait] for r in of_pool if r[trait]).most_common(3)}
        share = sum(r[trait] in common for r in of_pool) / len(of_pool)
        assert 0.1 <= share <= 0.45 or trait == "email_domain", (trait, share)


@pytest.fixture(scope="module")
def quarters(tmp_path_factory: pytest.TempPathFactory) -> dict[str, World]:
    folder = tmp_path_factory.mktemp("mono")
    kinds = ("campaign", "company", "class", "tool")
    return {kind: open_world(f"mono-{kind}", 0.25, 5, folder / kind) for kind in kinds}


@pytest.mark.parametrize("kind", ["campaign", "company", "class", "tool"])
def test_a_quarter_of_all_accounts_is_of_one_kind(quarters: dict[str, World], kind: str) -> None:
    populations = Counter(quarters[kind].truth["population"].to_pylist())
    assert populations[kind] / sum(populations.values()) == pytest.approx(0.25, abs=0.01)
    assert ("campaign" in populations) == (kind == "campaign")


def test_the_fixed_campaign_shares_prompt_and_client_but_no_identity(
    quarters: dict[str, World],
) -> None:
    world = quarters["campaign"]
    population = _population(world)
    agents, heads, openings = set(), set(), []
    for account, agent, prompt, request, status in _columns(
        world, "account_id", "user_agent", "prompt", "request_hash", "status"
    ):
        assert isinstance(account, str)
        if population[account] == "campaign":
            assert isinstance(prompt, str)
            agents.add(agent)
            heads.add(prompt[:200])
            if status == 200:
                openings.append(request)
    assert len(agents) == len(heads) == 1
    # Short sums coincide now and then.
    assert len(set(openings)) > 0.99 * len(openings)
    mine = [r for r in world.accounts.to_pylist() if population[r["account_id"]] == "campaign"]
    for trait in ("payment_fingerprint", "signup_address", "email_hash"):
        values = [r[trait] for r in mine if r[trait]]
        assert len(set(values)) == len(values)
    assert {r["organization_id"] for r in mine} == {None}


def test_a_company_and_a_class_declare_themselves_and_tool_users_do_not(
    quarters: dict[str, World],
) -> None:
    organisations = {}
    for kind in ("company", "class", "tool"):
        world = quarters[kind]
        population = _population(world)
        mine = [r for r in world.accounts.to_pylist() if population[r["account_id"]] == kind]
        organisations[kind] = {r["organization_id"] for r in mine}
        if kind == "class":
            assert {r["plan"] for r in mine} == {"education"}
    assert [len(organisations[k]) for k in ("company", "class", "tool")] == [1, 1, 1]
    assert organisations["tool"] == {None}
    assert None not in organisations["company"] | organisations["class"]
    world = quarters["tool"]
    population = _population(world)
    with_tools = {
        (agent, system, tools)
        for account, agent, system, tools in _columns(
            world, "account_id", "user_agent", "system_prompt", "tools_hash"
        )
        if population[str(account)] == "tool" and tools is not None
    }
    assert len(with_tools) == 1


def test_students_put_the_same_exercises(quarters: dict[str, World], tmp_path: Path) -> None:
    world = quarters["class"]
    population = _population(world)
    askers: defaultdict[object, set[object]] = defaultdict(set)
    for account, request, history in _columns(
        world, "account_id", "request_hash", "prior_assistant_hashes"
    ):
        if population[str(account)] == "class" and not history:
            askers[request].add(account)
    assert sum(len(who) > 1 for who in askers.values()) > 10
