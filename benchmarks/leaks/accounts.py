"""Reads a world and measures each of its active accounts: one row an account, named columns."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import duckdb
import numpy as np
import numpy.typing as npt

from benchmarks.leaks import content, nothing, presence, timing, tokens, usage

Matrix = npt.NDArray[np.float64]

BARRED: Final = ("a", "b", "c", "d")
TITLES: Final = {
    "a": "volume and timing",
    "b": "tokens and lengths",
    "c": "client, network, identity, nulls",
    "d": "models, parameters, errors, tools",
    "e": "a to d together",
    "i": "ids and hashes",
    "n": "null patterns",
    "p": "prompt length",
    "t": "timestamp granularity",
    "f": "fingerprint (no bar)",
    "g": "words (no bar)",
    "h": "borrowed answers (no bar)",
}
"""The feature sets by letter."""

_EXCHANGES = """
CREATE TEMP TABLE exchange AS
SELECT * EXCLUDE (system_prompt, prompt, prior_assistant_hashes, prior_assistant_tokens),
  CASE WHEN system_prompt IS NOT NULL THEN hash(system_prompt) END AS system_prompt,
  prompt IS NOT NULL OR NULL AS prompt,
  {lineage} AS prior_assistant_hashes,
  prior_assistant_tokens IS NOT NULL OR NULL AS prior_assistant_tokens,
  length(prompt) AS prompt_characters,
  coalesce(length(system_prompt), 0) AS system_characters,
  coalesce(len(prior_assistant_hashes), 0) AS history,
  coalesce(list_sum(prior_assistant_tokens), 0) AS history_tokens,
  regexp_extract(client_address, '^\\d+\\.\\d+') AS address_block,
  epoch_us(occurred_at) // 86400000000 AS day,
  hour(occurred_at) AS hour, minute(occurred_at) AS minute,
  isodow(occurred_at) - 1 AS weekday,
  epoch_us(occurred_at) % 60000000 / 1e6 AS second,
  epoch_us(occurred_at) % 1000000 / 1e6 AS fraction,
  (epoch_us(occurred_at) - lag(epoch_us(occurred_at)) OVER (
    PARTITION BY account_id ORDER BY occurred_at, exchange_id)) / 1e6 AS gap
FROM read_parquet('{folder}/exchanges/*.parquet')
"""
_NO_EVENTS = "SELECT NULL::varchar AS account_id, NULL::varchar AS field WHERE false"
_NO_CALLS = (
    "SELECT NULL::varchar AS account_id, NULL::varchar AS kind, NULL::timestamp AS occurred_at, "
    "NULL::varchar AS client_address WHERE false"
)


@dataclass(slots=True)
class Measured:
    """What simple aggregates say of each active account of one world."""

    name: str
    accounts: list[str]
    """Ids, in order."""
    campaign: npt.NDArray[np.bool_]
    """Whether an account carried at least one exchange of a campaign."""
    group: npt.NDArray[np.int64]
    """Accounts of one organisation share a group; folds never part it."""
    population: npt.NDArray[np.str_]
    columns: dict[str, dict[str, Matrix]]
    """Feature set, then column name, then one value an account."""
    texts: list[str] = field(default_factory=list)


def measure(world: Path, name: str, information: bool = True) -> Measured:
    """Measure a world; accounts of an operator that carried no campaign exchange are left out.

    An account without exchanges is left out too: nothing is known of it but what it says of itself.
    `information` adds the feature sets without a bar, which read every text.
    """
    with duckdb.connect(config={"threads": 2}) as store:
        lineage = (
            "prior_assistant_hashes"
            if information
            else ("prior_assistant_hashes IS NOT NULL OR NULL")
        )
        store.execute("SET preserve_insertion_order = false")
        store.execute("SET TimeZone = 'UTC'")
        store.execute(_EXCHANGES.format(folder=world, lineage=lineage))
        for table, missing in (
            ("account", None),
            ("account_event", _NO_EVENTS),
            ("control_event", _NO_CALLS),
            ("truth", None),
        ):
            file = world / (table if table == "truth" else f"{table}s")
            file = file.with_suffix(".parquet")
            read = f"SELECT * FROM read_parquet('{file}')"
            store.execute(
                f"CREATE TEMP TABLE {table} AS {read if file.exists() else missing or read}"
            )
        rows = store.execute(
            """
            SELECT account_id, truth.campaign_id IS NOT NULL, truth.population,
              coalesce(account.organization_id, account_id)
            FROM truth JOIN account USING (account_id)
            WHERE account_id IN (SELECT account_id FROM exchange)
              AND (truth.campaign_id IS NOT NULL OR truth.operator IS NULL
                OR truth.operator NOT IN (
                  SELECT operator FROM truth WHERE campaign_id IS NOT NULL AND operator IS NOT NULL
                ))
            ORDER BY account_id
            """
        ).fetchall()
        accounts = [row[0] for row in rows]
        place = {account: k for k, account in enumerate(accounts)}
        sets = {
            "a": _columns(store, timing.QUERIES, place),
            "b": _columns(store, tokens.QUERIES, place),
            "c": _columns(store, presence.QUERIES, place)
            | _categories(store, "exchange", presence.CATEGORIES, place)
            | _categories(store, "account", presence.ACCOUNT_CATEGORIES, place),
            "d": _columns(store, usage.QUERIES, place)
            | _categories(store, "exchange", usage.CATEGORIES, place),
        }
        sets["i"] = _columns(store, nothing.QUERIES, place)
        if information:
            sets["h"] = _columns(store, content.LINEAGE, place)
    if information:
        names, values = content.fingerprint_features(world, accounts)
        sets["f"] = {name: values[:, k] for k, name in enumerate(names)}
    return Measured(
        name=name,
        accounts=accounts,
        campaign=np.array([row[1] for row in rows], bool),
        group=np.unique([row[3] for row in rows], return_inverse=True)[1],
        population=np.array([row[2] for row in rows]),
        columns=sets,
        texts=content.sampled_words(world, accounts) if information else [],
    )


def columns_of(world: Measured, letter: str) -> dict[str, Matrix]:
    """Return the columns of a feature set, by name."""
    if letter == "e":
        return {k: v for each in BARRED for k, v in world.columns[each].items()}
    if letter in nothing.PARTS:
        beginnings = nothing.PARTS[letter]
        return {k: v for k, v in columns_of(world, "e").items() if k.startswith(beginnings)}
    return world.columns.get(letter, {})


def facts(world: Path) -> dict[str, object]:
    """Return what the world's manifest says of it."""
    found: dict[str, object] = json.loads((world / "manifest.json").read_text())
    return found


def _columns(
    store: duckdb.DuckDBPyConnection, queries: tuple[str, ...], place: dict[str, int]
) -> dict[str, Matrix]:
    """Return the columns of all queries; an account that a query says nothing of gets 0."""
    made: dict[str, Matrix] = {}
    for query in queries:
        table = store.execute(query).fetchnumpy()
        who = np.array([place.get(a, -1) for a in table.pop("account_id").tolist()], np.int64)
        known = who >= 0
        if set(table) == {"name", "value"}:
            names = np.asarray(table["name"]).astype(str)
            for name in np.unique(names):
                mine = known & (names == name)
                made[str(name)] = np.zeros(len(place))
                made[str(name)][who[mine]] = np.ma.filled(table["value"][mine], 0).astype(float)
            continue
        for name, values in table.items():
            made[name] = np.zeros(len(place))
            filled = np.ma.filled(np.ma.asarray(values).astype(float), 0.0)[known]
            made[name][who[known]] = np.nan_to_num(filled, posinf=0.0, neginf=0.0)
    return made


def _categories(
    store: duckdb.DuckDBPyConnection,
    table: str,
    kinds: dict[str, tuple[str, int]],
    place: dict[str, int],
) -> dict[str, Matrix]:
    """Return each account's share of rows with each frequent value of each kind."""
    made: dict[str, Matrix] = {}
    for title, (expression, most) in kinds.items():
        rows = store.execute(
            f"""
            WITH valued AS (SELECT account_id, {expression} AS value FROM {table}),
            frequent AS (
              SELECT value FROM valued WHERE value IS NOT NULL
              GROUP BY value ORDER BY count(DISTINCT account_id) DESC, value LIMIT {most}
            ),
            size AS (SELECT account_id, count(*) AS n FROM valued GROUP BY account_id)
            SELECT account_id, value::varchar, count(*) / any_value(n)
            FROM valued JOIN size USING (account_id) SEMI JOIN frequent USING (value)
            GROUP BY account_id, value
            """
        ).fetchall()
        for account, value, share in rows:
            if account in place:
                column = made.setdefault(f"{title} = {value}", np.zeros(len(place)))
                column[place[account]] = share
    return made
