"""Innocent people have rates, hours, sessions, places and lives of their own."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np

from stillwatch.simulate.clients import CHAT_FAMILIES, TOOL_FAMILIES
from stillwatch.simulate.records import DAY
from stillwatch.simulate.stage import Stage
from tests.simulate.populations.conftest import RELEASE, Lived, staged


def test_rates_are_heavy_tailed(lived: Lived) -> None:
    for population, most in (("individual", 0.25), ("tool", 0.2)):
        rows = [k for k, a in enumerate(lived.stage.accounts) if a.population == population]
        count = np.sort(np.bincount(lived.account, minlength=len(lived.stage.accounts))[rows])
        assert count[-len(count) // 50 :].sum() > most * count.sum()
        assert np.median(count) < 0.5 * count.mean()


def test_people_keep_the_hours_of_where_they_live(lived: Lived) -> None:
    speakers = lived.stage.speakers
    clock = {
        s.account: s.clock
        for s in speakers
        if s.account is not None and s.rhythm == "office" and not s.trip
    }
    rows = np.isin(lived.account, list(clock)) & np.isin(lived.population, ["company", "abroad"])
    account, at = lived.account[rows], lived.at[rows]
    local = (at / 3.6e9 + np.array([clock[a] for a in account.tolist()])) % 24
    assert ((local > 6) & (local < 20)).mean() > 0.75
    utc = at / 3.6e9 % 24
    assert np.histogram(utc, 24)[0].max() < np.histogram(local, 24)[0].max()
    weekday = at // DAY % 7
    assert (weekday >= 5).mean() < 0.12


def test_histories_grow_inside_a_session(lived: Lived) -> None:
    table = lived.exchanges.select(["session_id", "prior_assistant_hashes", "input_tokens"])
    last: dict[object, tuple[int, int]] = {}
    grown = 0
    for row in table.to_pylist():
        if row["session_id"] is None or row["input_tokens"] is None:
            continue
        length, tokens = len(row["prior_assistant_hashes"]), row["input_tokens"]
        if row["session_id"] in last and length > 0:
            before = last[row["session_id"]]
            assert length >= before[0]
            grown += length > before[0]
        last[row["session_id"]] = (length, tokens)
    assert grown > 5_000
    assert max(length for length, _ in last.values()) > 25


def test_home_lines_keep_an_address_for_their_lease(stage: Stage) -> None:
    lease = dict(stage.leases)
    assert {days * DAY for days in (1, 7)} <= {period for _, period in lease.values()}
    people = [
        s
        for s in stage.speakers
        if s.account is not None and stage.accounts[s.account].population == "individual"
    ]
    always = [s for s in people if all(a not in lease for a in s.addresses)]
    assert 0.1 < len(always) / len(people) < 0.6


def test_addresses_come_and_go(lived: Lived) -> None:
    addresses: defaultdict[int, set[str]] = defaultdict(set)
    pairs = zip(lived.account.tolist(), lived.exchanges["client_address"].to_pylist(), strict=True)
    for account, address in pairs:
        if address is not None:
            addresses[account].add(address)
    counts = np.array([len(found) for found in addresses.values()])
    assert (counts == 1).mean() > 0.1
    assert (counts >= 4).mean() > 0.1
    assert counts.max() > 10


def test_people_travel_and_come_back(lived: Lived) -> None:
    # Where others use an account too, they stay at home.
    users = Counter(s.account for s in lived.stage.speakers)
    trips = {s.account: s.trip for s in lived.stage.speakers if s.trip and users[s.account] == 1}
    country = lived.exchanges["client_country"].to_pylist()
    away: Counter[tuple[bool, bool]] = Counter()
    for account, at, seen in zip(lived.account.tolist(), lived.at.tolist(), country, strict=True):
        trip = trips.get(account)
        if trip is not None and seen is not None:
            there = lived.stage.addresses[trip.address].country
            during = trip.start + DAY < at < trip.end - DAY
            # A conversation that began before a trip ends where it began.
            away[during, seen == there] += 1
    assert away[True, True] > 0.98 * (away[True, True] + away[True, False]) > 50
    assert away[False, False] > 50


def test_accounts_come_go_and_are_suspended_for_ordinary_reasons() -> None:
    stage = staged(3000, days=45)
    new = [a for a in stage.accounts if a.fields["created_at"] > stage.beginning]
    assert 0.15 < len(new) / 3000 < 0.4
    gone = {s.account for s in stage.speakers if s.account is not None and s.leaves < stage.end}
    assert 0.05 < len(gone) / 3000 < 0.25
    events = Counter(field for _, _, field, _ in stage.events)
    assert events["suspended"] >= 20
    assert events["payment_fingerprint"] >= 20
    assert events["plan"] >= 20
    assert events["verified"] >= 5
    assert all(0 <= at < stage.end for _, at, _, _ in stage.events)


def test_nobody_speaks_outside_a_working_life(lived: Lived) -> None:
    lives: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for speaker in lived.stage.speakers:
        if speaker.account is not None:
            lives[speaker.account].append((speaker.joins, speaker.leaves))
    for account, at in zip(lived.account.tolist(), lived.at.tolist(), strict=True):
        if lived.stage.accounts[account].population not in ("resale_pool", "two_accounts"):
            assert at >= min(joins for joins, _ in lives[account])


def test_control_habits_belong_to_the_client(stage: Stage) -> None:
    kinds: defaultdict[int, set[str]] = defaultdict(set)
    for habit in stage.control:
        assert habit.period > 0
        kinds[habit.account].add(habit.kind)
    assert set().union(*kinds.values()) == {
        "sign_in",
        "token_refresh",
        "usage_poll",
        "key_created",
    }
    families: defaultdict[int, set[str]] = defaultdict(set)
    for speaker in stage.speakers:
        if speaker.account is not None:
            families[speaker.account] |= {stage.settings[k].client.family for k in speaker.settings}
    refreshing = {a for a, names in kinds.items() if "token_refresh" in names}
    assert all(families[a] & {*TOOL_FAMILIES, *CHAT_FAMILIES} for a in refreshing if families[a])
    ticks = {h.tick for h in stage.control if h.kind == "token_refresh"}
    assert {0, 300_000_000} <= ticks


def test_some_move_to_a_new_model_within_a_day_most_later_some_never(stage: Stage) -> None:
    moves = [s.moves_at for s in stage.settings if s.next_model == RELEASE.model]
    before = [s for s in stage.settings if s.model == "medium-2"]
    moving = [s for s in before if s.next_model == RELEASE.model]
    assert 0.5 < len(moving) / len(before) < 0.9
    wait = np.array(moves) - RELEASE.at
    assert (wait >= 0).all()
    assert 0.05 < (wait < DAY).mean() < 0.35
    assert (wait > 7 * DAY).mean() > 0.3


def test_nobody_plans_for_a_model_without_a_release() -> None:
    from stillwatch.simulate.populations import Individuals

    stage = Stage(seed=1, days=7)
    Individuals(50).populate(stage)
    assert {s.next_model for s in stage.settings} == {None}
