"""Lays out what detection reads: numbered accounts, numbered exchanges, claims and strata."""

from __future__ import annotations

from stillwatch.detect.parameters import Parameters
from stillwatch.engine import Engine


def prepare(engine: Engine, parameters: Parameters) -> None:
    """Create `account_index`, `observed`, `claims`, `units` and `strata` from the scan's tables.

    Reads `fingerprints` and `accounts`. Accounts are numbered in the order of their ids and
    exchanges in the order of time and id, so numbers do not depend on file order.
    """
    engine.create(
        "account_index",
        "SELECT CAST(row_number() OVER (ORDER BY account_id) - 1 AS INTEGER) AS account, account_id "
        "FROM (SELECT DISTINCT account_id FROM fingerprints)",
    )
    engine.create(
        "observed",
        "SELECT row_number() OVER (ORDER BY f.occurred_at, f.exchange_id) - 1 AS exchange, "
        "i.account, epoch_us(f.occurred_at) AS at_us, f.* EXCLUDE (account_id) "
        "FROM fingerprints f JOIN account_index i USING (account_id)",
    )
    engine.create(
        "claims",
        "SELECT i.account, a.* FROM account_index i LEFT JOIN accounts a USING (account_id)",
    )
    engine.create(
        "activity",
        "SELECT account, count(*) AS exchanges, min(at_us) AS first_us, max(at_us) AS last_us "
        "FROM observed GROUP BY account",
    )
    # Accounts of one declared organisation say openly that they belong together, so in every count
    # of who shares what they are one unit; what they share among themselves is no coincidence.
    engine.create(
        "units",
        "SELECT account, CASE WHEN nullif(organization_id, '') IS NULL THEN account ELSE "
        "min(account) OVER (PARTITION BY organization_id) END AS unit FROM claims",
    )
    _stratify(engine, parameters)


def _stratify(engine: Engine, parameters: Parameters) -> None:
    # Only what an operator cannot cheaply choose conditions the null: plan, billing country, and the
    # client family where it is common enough to be far larger than a group. Country is never
    # evidence; here it only keeps ordinary regional habits from looking rare.
    engine.create(
        "client_families",
        "SELECT account, family FROM (SELECT account, family, row_number() OVER (PARTITION BY account "
        "ORDER BY exchanges DESC, family) AS place FROM (SELECT account, "
        "regexp_extract(user_agent, '^[^/0-9 ]+') AS family, count(*) AS exchanges FROM observed "
        "WHERE user_agent IS NOT NULL GROUP BY 1, 2)) WHERE place = 1",
    )
    common = f"""CASE WHEN count(*) OVER (PARTITION BY f.family) >= greatest(
        {parameters.smallest_stratum}, {parameters.common_client_share} * (SELECT count(*) FROM claims))
        THEN f.family END"""
    engine.create(
        "kinds_of_accounts",
        "SELECT account, plan, plan || '|' || coalesce(family, '?') AS plain, "
        "plan || '|' || coalesce(family, '?') || '|' || country AS fine FROM ("
        "SELECT c.account, coalesce(c.plan, '?') AS plan, coalesce(c.billing_country, '?') AS country, "
        f"{common} AS family FROM claims c LEFT JOIN client_families f ON f.account = c.account)",
    )
    # Whoever is too few of a kind is put with more kinds until they are enough: in a small stratum an
    # operator whose accounts fill it sets what is usual there. The last few join the largest.
    least = parameters.smallest_stratum
    engine.create(
        "strata",
        "WITH first AS (SELECT *, CASE WHEN count(*) OVER (PARTITION BY fine) >= "
        f"{least} THEN fine END AS one FROM kinds_of_accounts), "
        "second AS (SELECT *, coalesce(one, CASE WHEN count(*) OVER (PARTITION BY plain, one IS NULL) "
        f">= {least} THEN plain END) AS two FROM first), "
        "third AS (SELECT account, coalesce(two, CASE WHEN count(*) OVER (PARTITION BY plan, "
        f"two IS NULL) >= {least} THEN plan END) AS kind FROM second), "
        "largest AS (SELECT kind FROM third WHERE kind IS NOT NULL GROUP BY kind "
        "ORDER BY count(*) DESC, kind LIMIT 1) "
        "SELECT account, CAST(dense_rank() OVER (ORDER BY "
        "coalesce(kind, (SELECT kind FROM largest), '')) - 1 AS INTEGER) AS stratum FROM third",
    )
    engine.drop("kinds_of_accounts", "client_families")
