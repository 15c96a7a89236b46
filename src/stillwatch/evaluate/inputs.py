"""Reads a world's truth and a scan's result, and counts what the scores need."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from stillwatch.engine import Engine, open_engine
from stillwatch.errors import InputError
from stillwatch.model.vocabulary import CAMPAIGN_Q_VALUE

_WORLD: Final = {
    "accounts": ("account_id", "billing_country"),
    "truth": ("account_id", "population", "campaign_id"),
    "truth_exchanges": ("exchange_id", "campaign_id"),
}
_RESULT: Final = {
    "groups": ("group_id", "kind", "q_value"),
    "members": ("group_id", "account_id", "probability"),
    "attributed": ("group_id", "exchange_id"),
}
_EXCHANGES: Final = ("exchange_id", "account_id", "occurred_at", "status")


@dataclass(frozen=True, slots=True)
class Account:
    """What truth says of one account, with the counts of its exchanges."""

    population: str
    campaign: str | None
    country: str | None
    exchanges: int
    harvested: int
    """Campaign exchanges that it carried."""


@dataclass(frozen=True, slots=True)
class Inputs:
    """Everything that the scores are computed from; all of it is small."""

    accounts: dict[str, Account]
    reported: frozenset[str]
    """Groups that the scan reports as campaigns."""
    members: dict[tuple[str, str], float]
    """(group, account) → probability, for every group."""
    attributed: tuple[tuple[str, str, str | None, int], ...]
    """(group, account, campaign, exchanges) of what reported groups were given."""
    attributed_once: tuple[tuple[str, str | None, int], ...]
    """(account, campaign, exchanges), each exchange counted once whatever the groups."""
    answered: int
    """Campaign exchanges that got an answer."""
    first: int
    last: int
    """The window in microseconds since 1970."""
    manifest: dict[str, Any] | None
    linkable: frozenset[str] | None
    """Campaign accounts that identity or lineage ties to another; none without knobs."""


def read_inputs(world: Path, result: Path) -> Inputs:
    """Read and count; raises InputError that names the file, column or duplicate at fault."""
    exchanges = sorted((world / "exchanges").glob("*.parquet"))
    if not exchanges:
        raise InputError(
            "a world needs exchanges/*.parquet and there is none",
            source=str(world),
            hint="name the folder that `stillwatch simulate --out` wrote",
        )
    for path in exchanges:
        _need(path, _EXCHANGES, "")
    with open_engine() as engine:
        engine.add_parquet("x", exchanges)
        for folder, tables, hint in (
            (world, _WORLD, "is this a world? it needs accounts, truth and truth_exchanges"),
            (result, _RESULT, "name the folder that `stillwatch scan --out` wrote"),
        ):
            for table, columns in tables.items():
                _need(folder / f"{table}.parquet", columns, hint)
                engine.add_parquet(table, [folder / f"{table}.parquet"])
        _check(engine, world, result)
        return _count(engine, _manifest(world))


def _need(path: Path, columns: tuple[str, ...], hint: str) -> None:
    if not path.is_file():
        raise InputError("the file is not there", source=str(path), hint=hint or None)
    try:
        names = pq.read_schema(path).names
    except (pa.ArrowException, OSError) as error:
        raise InputError(f"not a readable Parquet file: {error}", source=str(path)) from error
    missing = [column for column in columns if column not in names]
    if missing:
        raise InputError(f"columns are missing: {', '.join(missing)}", source=str(path))


def _manifest(world: Path) -> dict[str, Any] | None:
    path = world / "manifest.json"
    if not path.is_file():
        return None
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, OSError) as error:
        raise InputError(f"the manifest cannot be read: {error}", source=str(path)) from error
    return found if isinstance(found, dict) else None


def _check(engine: Engine, world: Path, result: Path) -> None:
    """Refuse tables whose keys repeat, and truth or results about unknown accounts."""
    for table, key, folder in (
        ("truth", "account_id", world),
        ("truth_exchanges", "exchange_id", world),
        ("accounts", "account_id", world),
        ("groups", "group_id", result),
        ("members", "group_id, account_id", result),
        ("attributed", "group_id, exchange_id", result),
        ("x", "exchange_id", world),
    ):
        twice = engine.scalar(
            f"SELECT count(*) FROM (SELECT {key} FROM {table} GROUP BY {key} HAVING count(*) > 1)"
        )
        if twice:
            name = "exchanges" if table == "x" else f"{table}.parquet"
            raise InputError(
                f"{twice} values of {key} occur more than once", source=str(folder / name)
            )
    for table, key, known, folder in (
        ("x", "account_id", "truth", world),
        ("members", "account_id", "truth", result),
        ("truth_exchanges", "exchange_id", "x", world),
        ("attributed", "exchange_id", "x", result),
        ("members", "group_id", "groups", result),
        ("attributed", "group_id", "groups", result),
    ):
        stray = engine.scalar(
            f"SELECT count(DISTINCT {key}) FROM {table} "
            f"WHERE {key} NOT IN (SELECT {key} FROM {known})"
        )
        if stray:
            raise InputError(
                f"{stray} values of {key} in {'exchanges' if table == 'x' else table} are not in "
                f"{'exchanges' if known == 'x' else known}",
                source=str(folder),
                hint="was this world scanned to make this result?",
            )


def _count(engine: Engine, manifest: dict[str, Any] | None) -> Inputs:
    engine.create(
        "harvested",
        "SELECT x.account_id, t.campaign_id, count(*) AS n, "
        "count(*) FILTER (WHERE x.status < 400) AS answered "
        "FROM x JOIN truth_exchanges t USING (exchange_id) GROUP BY ALL",
    )
    accounts = {
        r["account_id"]: Account(
            r["population"], r["campaign_id"], r["billing_country"], r["n"], r["harvested"]
        )
        for r in engine.arrow(
            "SELECT t.account_id, t.population, t.campaign_id, a.billing_country, "
            "coalesce(e.n, 0)::BIGINT AS n, coalesce(h.n, 0)::BIGINT AS harvested FROM truth t "
            "LEFT JOIN accounts a USING (account_id) "
            "LEFT JOIN (SELECT account_id, count(*) AS n FROM x GROUP BY 1) e USING (account_id) "
            "LEFT JOIN (SELECT account_id, sum(n) AS n FROM harvested GROUP BY 1) h "
            "USING (account_id) ORDER BY account_id"
        ).to_pylist()
    }
    engine.create(
        "reported",
        f"SELECT group_id FROM groups WHERE kind = 'campaign' AND q_value <= {CAMPAIGN_Q_VALUE}",
    )
    engine.create(
        "given",
        "SELECT a.group_id, a.exchange_id, x.account_id, t.campaign_id FROM attributed a "
        "JOIN reported USING (group_id) JOIN x USING (exchange_id) "
        "LEFT JOIN truth_exchanges t USING (exchange_id)",
    )
    given = engine.arrow(
        "SELECT group_id, account_id, campaign_id, count(*) AS n FROM given GROUP BY ALL "
        "ORDER BY ALL"
    ).to_pylist()
    once = engine.arrow(
        "SELECT account_id, campaign_id, count(DISTINCT exchange_id) AS n FROM given GROUP BY ALL "
        "ORDER BY ALL"
    ).to_pylist()
    members = engine.arrow("SELECT group_id, account_id, probability FROM members ORDER BY ALL")
    return Inputs(
        accounts=accounts,
        reported=frozenset(engine.arrow("SELECT group_id FROM reported")["group_id"].to_pylist()),
        members={
            (r["group_id"], r["account_id"]): float(r["probability"] or 0.0)
            for r in members.to_pylist()
        },
        attributed=tuple((r["group_id"], r["account_id"], r["campaign_id"], r["n"]) for r in given),
        attributed_once=tuple((r["account_id"], r["campaign_id"], r["n"]) for r in once),
        answered=engine.scalar("SELECT sum(answered)::BIGINT FROM harvested"),
        first=engine.scalar("SELECT min(epoch_us(occurred_at)) FROM x"),
        last=engine.scalar("SELECT max(epoch_us(occurred_at)) FROM x"),
        manifest=manifest,
        linkable=_linkable(engine) if manifest and manifest.get("knobs") else None,
    )


def _linkable(engine: Engine) -> frozenset[str]:
    """Return the campaign accounts that share identity or a conversation with another of theirs."""
    engine.create("mine", "SELECT account_id, campaign_id FROM truth WHERE campaign_id IS NOT NULL")
    traits = " UNION ALL ".join(
        f"SELECT account_id, campaign_id, '{kind}' AS kind, {kind} AS value "
        f"FROM mine JOIN accounts USING (account_id) WHERE {kind} IS NOT NULL"
        for kind in ("payment_fingerprint", "signup_address")
    )
    engine.create(
        "issued",
        "SELECT DISTINCT account_id, campaign_id, response_hash AS h FROM x JOIN mine "
        "USING (account_id) WHERE response_hash IS NOT NULL",
    )
    engine.create(
        "replayed",
        "SELECT DISTINCT account_id, campaign_id, unnest(prior_assistant_hashes) AS h FROM x "
        "JOIN mine USING (account_id)",
    )
    found = engine.arrow(
        f"WITH traits AS ({traits}), shared AS (SELECT campaign_id, kind, value FROM traits "
        "GROUP BY ALL HAVING count(DISTINCT account_id) > 1), "
        "moved AS (SELECT i.account_id AS a, r.account_id AS b FROM issued i JOIN replayed r "
        "ON i.h = r.h AND i.campaign_id = r.campaign_id AND i.account_id <> r.account_id) "
        "SELECT account_id FROM traits JOIN shared USING (campaign_id, kind, value) "
        "UNION SELECT a FROM moved UNION SELECT b FROM moved"
    )
    return frozenset(found.column(0).to_pylist())
