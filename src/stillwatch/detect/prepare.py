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
        "fine_strata",
        "SELECT account, plan || '|' || coalesce(family, '?') AS plain, "
        "plan || '|' || coalesce(family, '?') || '|' || country AS fine FROM ("
        "SELECT c.account, coalesce(c.plan, '?') AS plan, coalesce(c.billing_country, '?') AS country, "
        f"{common} AS family FROM claims c LEFT JOIN client_families f ON f.account = c.account)",
    )
    engine.create(
        "strata",
        "SELECT s.account, CAST(dense_rank() OVER (ORDER BY CASE WHEN n.accounts >= "
        f"{parameters.smallest_stratum} THEN s.fine ELSE s.plain END) - 1 AS INTEGER) AS stratum "
        "FROM fine_strata s JOIN (SELECT fine, count(*) AS accounts FROM fine_strata GROUP BY fine) n "
        "USING (fine)",
    )
    engine.drop("fine_strata", "client_families")
