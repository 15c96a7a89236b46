"""Forged exchanges: what somebody could do to make strangers look like members of a campaign."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from tests.worlds.scans import World

Row = dict[str, Any]
_LEAST: Final = 12
"""Exchanges that a victim makes of its own; whoever asks less is no member for that reason alone."""


@dataclass(frozen=True)
class Stage:
    """Who takes part: the campaign's exchanges, and each victim's own, in order of time."""

    harvest: Sequence[Row]
    victims: dict[str, list[Row]]


def stage(world: World, victims: int) -> Stage:
    """Choose victims: people on their own, as the world has them."""
    campaign_exchanges = set(
        pq.read_table(world.folder / "truth_exchanges.parquet")["exchange_id"].to_pylist()
    )
    harvest: list[Row] = []
    own: dict[str, list[Row]] = defaultdict(list)
    for row in world.exchanges.sort_by([("occurred_at", "ascending")]).to_pylist():
        if row["exchange_id"] in campaign_exchanges:
            harvest.append(row)
        elif world.population[row["account_id"]] == "individual" and row["status"] == 200:
            own[row["account_id"]].append(row)
    able = sorted(account for account, rows in own.items() if len(rows) >= _LEAST)
    chosen = able[:: max(1, len(able) // victims)][:victims]
    return Stage(
        [row for row in harvest if row["status"] == 200 and row["response_hash"] is not None],
        {account: own[account] for account in chosen},
    )


def published_transcripts(on: Stage) -> Iterator[Row]:
    """Everybody pastes the same three published chats of the campaign and goes on with them."""
    shown = _spread(on.harvest, 3)
    for number, rows in enumerate(on.victims.values()):
        for k, chat in enumerate(shown):
            yield _goes_on(rows[(3 * k + number) % len(rows)], chat, f"t{number}-{k}")


def planted_chats(on: Stage) -> Iterator[Row]:
    """Each victim is sent three chats that nobody else is sent, and goes on with them."""
    shown = iter(_spread(on.harvest, 3 * len(on.victims)))
    for number, rows in enumerate(on.victims.values()):
        for k in range(3):
            yield _goes_on(rows[3 * k % len(rows)], next(shown), f"c{number}-{k}")


def copied_prompts(on: Stage) -> Iterator[Row]:
    """Each victim sends two of the campaign's prompts, word for word, as from a public list."""
    shown = iter(_spread(on.harvest, 2 * len(on.victims)))
    for number, rows in enumerate(on.victims.values()):
        for k in range(2):
            yield _asks(rows[2 * k % len(rows)], next(shown)["prompt"], f"p{number}-{k}")


def planted_histories(on: Stage) -> Iterator[Row]:
    """The campaign's accounts go on with answers of the victims that somebody obtained."""
    actors = iter(_spread(on.harvest, 4 * len(on.victims)))
    for number, rows in enumerate(on.victims.values()):
        answered = [row for row in rows if row["response_hash"] is not None]
        for k, chat in enumerate(answered[:4]):
            yield _goes_on(next(actors), chat, f"h{number}-{k}")


def copied_prompts_and_planted_histories(on: Stage) -> Iterator[Row]:
    """Victims copy prompts, and the campaign goes on with their answers."""
    yield from copied_prompts(on)
    yield from planted_histories(on)


STRATEGIES: Final = (
    published_transcripts,
    planted_chats,
    copied_prompts,
    planted_histories,
    copied_prompts_and_planted_histories,
)


def each_on_victims_of_its_own(on: Stage) -> Iterator[Row]:
    """All of them at once, each on a fifth of the victims."""
    names = list(on.victims)
    for number, strategy in enumerate(STRATEGIES):
        own = {name: on.victims[name] for name in names[number :: len(STRATEGIES)]}
        for row in strategy(Stage(on.harvest, own)):
            yield {**row, "exchange_id": f"{row['exchange_id']}-{number}"}


def write_forged(world: World, forged: Sequence[Row], folder: Path) -> list[Path]:
    """Write the forged rows; return what to scan: the world's own files and these."""
    folder.mkdir()
    table = pa.Table.from_pylist(list(forged), schema=world.exchanges.schema)
    pq.write_table(table, folder / "forged.parquet")
    return [world.folder, folder / "forged.parquet"]


def _spread(rows: Sequence[Row], count: int) -> list[Row]:
    # Evenly over the campaign's time, so that no part of it is taken twice.
    step = max(1, len(rows) // count)
    return [rows[(k * step) % len(rows)] for k in range(count)]


def _asks(like: Row, prompt: str, name: str) -> Row:
    # An exchange as the account makes them, but for what it asks.
    after = like["occurred_at"] + timedelta(minutes=7)
    return {
        **like,
        "exchange_id": f"forged-{name}",
        "occurred_at": after,
        "prompt": prompt,
        "request_hash": None,
        "first_prompt_hash": None,
        "response_hash": _number(name),
        "prior_assistant_hashes": [],
        "prior_assistant_tokens": [],
        "replayed_signature_hashes": None,
        "issued_signature_hash": None,
    }


def _goes_on(like: Row, chat: Row, name: str) -> Row:
    # The account goes on with another's conversation, after that was answered.
    after = max(like["occurred_at"], chat["occurred_at"]) + timedelta(minutes=9)
    answers = [*(chat["prior_assistant_hashes"] or []), chat["response_hash"]]
    return {
        **_asks(like, like["prompt"], name),
        "occurred_at": after,
        "prior_assistant_hashes": answers,
        "prior_assistant_tokens": [200] * len(answers),
    }


def _number(name: str) -> int:
    return int.from_bytes(f"{name:>7}".encode()[-7:], "big")
